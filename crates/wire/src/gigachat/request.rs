//! A chat request, translated.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};

use super::messages::{Message, messages};
use super::tools::Offer;
use crate::translate::drops::{Drops, unsupported};
use crate::translate::{Back, Outgoing, Target, Unsupported};

/// Translates the body of a chat request.
///
/// # Errors
/// If the provider cannot express a field that may not be dropped, or the body is not a chat request.
pub fn request(body: &[u8], target: &Target<'_>) -> Result<Outgoing, Unsupported> {
    let mut fields: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| unsupported("body", "it is not a JSON object"))?;
    let mut drops = Drops::new(target.droppable);
    let offer = Offer::take(&mut fields, &mut drops)?;
    let Some(Value::Array(said)) = fields.shift_remove("messages") else {
        return Err(unsupported("messages", "it must be a list"));
    };
    let (mut messages, mut images) = messages(&said, &offer.names, &mut drops)?;
    let mut rest = Rest { out: Map::new(), drops };
    let choice = if offer.legacy { "function_call" } else { "tool_choice" };
    let chosen = fields.shift_remove(choice).filter(|chosen| !chosen.is_null());
    offer.write(chosen, &mut rest.out, &mut rest.drops)?;
    rest.sampling(&mut fields)?;
    let wants_usage = fields.get("stream_options").is_some_and(|options| options["include_usage"] == true);
    for (name, value) in &fields {
        rest.field(name, value)?;
    }
    let back = Back {
        model: target.model.to_owned(),
        legacy_functions: offer.legacy,
        renamed: offer.names.renamed(),
        wants_usage,
        ..Back::default()
    };
    let mut body = written(target.model, &messages, &rest.out)?;
    if !images.is_empty() {
        images.mark(&body);
        messages.iter_mut().for_each(|message| message.attach(&images));
        body = written(target.model, &messages, &rest.out)?;
    }
    Ok(Outgoing { body, dropped: rest.drops.dropped, back, images })
}

fn written(model: &str, messages: &[Message], rest: &Map<String, Value>) -> Result<Vec<u8>, Unsupported> {
    serde_json::to_vec(&Body { model, messages, rest }).map_err(|_| unsupported("body", "it cannot be written"))
}

struct Body<'a> {
    model: &'a str,
    messages: &'a [Message],
    rest: &'a Map<String, Value>,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("model", self.model)?;
        map.serialize_entry("messages", self.messages)?;
        for (name, value) in self.rest {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Everything but the conversation and the tools.
struct Rest<'d> {
    out: Map<String, Value>,
    drops: Drops<'d>,
}

impl Rest<'_> {
    fn put(&mut self, name: &str, value: &Value) {
        self.out.insert(name.to_owned(), value.clone());
    }

    /// What two fields of OpenAI's say together.
    fn sampling(&mut self, fields: &mut Map<String, Value>) -> Result<(), Unsupported> {
        let mut given = |name: &str| fields.shift_remove(name).filter(|value| !value.is_null());
        let (temperature, top_p) = (given("temperature"), given("top_p"));
        let (older, newer) = (given("max_tokens"), given("max_completion_tokens"));
        match temperature.as_ref().map(|value| (value, value.as_f64())) {
            // Greedy is said by the other parameter: zero is not a temperature here.
            Some((_, Some(0.0))) => self.put("top_p", &json!(0)),
            Some((_, None)) => return Err(unsupported("temperature", "it must be a number")),
            Some((value, Some(_))) => self.put("temperature", value),
            None => {}
        }
        if let Some(top_p) = top_p.filter(|_| !self.out.contains_key("top_p")) {
            self.put("top_p", &top_p);
        }
        if let Some(most) = newer.or(older) {
            self.put("max_tokens", &most);
        }
        Ok(())
    }

    fn field(&mut self, name: &str, value: &Value) -> Result<(), Unsupported> {
        if value.is_null() || means_nothing(name, value) {
            return Ok(());
        }
        match name {
            "stream" if value.is_boolean() => self.put(name, value),
            "repetition_penalty" | "update_interval" | "profanity_check" | "function_ranker" => self.put(name, value),
            "reasoning_effort" if matches!(value.as_str(), Some("low" | "medium" | "high")) => self.put(name, value),
            "reasoning_effort" => self.drops.leave_out(name, "it knows low, medium and high")?,
            "response_format" => self.response_format(value)?,
            "n" => self.drops.leave_out(name, "it gives one answer")?,
            _ => self.drops.leave_out(name, "it has no such parameter")?,
        }
        Ok(())
    }

    fn response_format(&mut self, format: &Value) -> Result<(), Unsupported> {
        let schema = &format["json_schema"]["schema"];
        if format["type"] != "json_schema" || !schema.is_object() {
            return self.drops.leave_out("response_format", "it takes a JSON Schema, and no format without one");
        }
        let mut flat = json!({ "type": "json_schema", "schema": schema });
        if let Some(strict) = format["json_schema"]["strict"].as_bool() {
            flat["strict"] = json!(strict);
        }
        self.put("response_format", &flat);
        Ok(())
    }
}

/// Whether leaving a field out changes nothing for the model.
fn means_nothing(name: &str, value: &Value) -> bool {
    match name {
        "model" | "stream_options" | "user" | "safety_identifier" | "metadata" => true,
        "prompt_cache_key" | "prompt_cache_retention" | "parallel_tool_calls" => true,
        // The choice of the form in which nothing is offered.
        "tool_choice" | "function_call" => matches!(value.as_str(), Some("auto" | "none")),
        "stream" | "logprobs" | "store" => value == false,
        "n" => value == 1,
        "frequency_penalty" | "presence_penalty" | "top_logprobs" => value.as_f64() == Some(0.0),
        "logit_bias" => value.as_object().is_some_and(Map::is_empty),
        "stop" => value.as_array().is_some_and(Vec::is_empty),
        "modalities" => value.as_array().is_some_and(|kinds| kinds.iter().all(|kind| kind == "text")),
        "service_tier" => matches!(value.as_str(), Some("auto" | "default")),
        "verbosity" => value == "medium",
        "response_format" => value["type"] == "text",
        _ => false,
    }
}
