//! A whole answer.

use serde_json::{Value, json};

use crate::translate::{Answered, Back};
use crate::yandexgpt::answer::parse;
use crate::yandexgpt::counts;
use crate::yandexgpt::form::call_id;

/// Brings an answer that is no stream to OpenAI's form. What it says beyond that stays.
pub fn answer(bytes: &[u8], back: &Back) -> Answered {
    let Some(mut value) = parse(bytes).filter(Value::is_object) else { return Answered::Malformed };
    if !value["error"].is_null() {
        return Answered::Error;
    }
    let Some(choices) = value["choices"].as_array().filter(|list| !list.is_empty()) else {
        let failed = value["message"].is_string() || value["detail"].is_string();
        return if failed { Answered::Error } else { Answered::Malformed };
    };
    let choices: Option<Vec<Value>> = choices.iter().enumerate().map(|(at, one)| choice(back, at, one)).collect();
    let Some(choices) = choices else { return Answered::Malformed };
    head(&mut value, back, "chat.completion");
    value["choices"] = choices.into();
    if let Some(usage) = counts::compatible(&value["usage"]) {
        value["usage"] = usage;
    }
    Answered::Json(value.to_string().into_bytes())
}

/// What every answer and every piece begins with. `value` is an object.
pub(super) fn head(value: &mut Value, back: &Back, object: &str) {
    if value["id"].as_str().is_none_or(str::is_empty) {
        value["id"] = back.id.as_str().into();
    }
    value["object"] = object.into();
    value["created"] = match counts::count(&value["created"]) {
        0 => back.created,
        stated => stated,
    }
    .into();
    if value["model"].as_str().is_none_or(str::is_empty) {
        value["model"] = back.model.as_str().into();
    }
}

fn choice(back: &Back, at: usize, given: &Value) -> Option<Value> {
    let mut choice = given.as_object()?.clone();
    let mut message = given["message"].as_object()?.clone();
    let mut calls = message.get("tool_calls").and_then(Value::as_array).cloned().unwrap_or_default();
    for (place, call) in calls.iter_mut().enumerate() {
        complete(call, || call_id(back, at, place))?;
    }
    let any = !calls.is_empty();
    message.insert("role".to_owned(), "assistant".into());
    message.entry("content").or_insert(if any { Value::Null } else { "".into() });
    message.entry("refusal").or_insert(Value::Null);
    if any {
        message.insert("tool_calls".to_owned(), calls.into());
    } else {
        message.remove("tool_calls");
    }
    let finish = finish(&given["finish_reason"]).unwrap_or_else(|| if any { "tool_calls" } else { "stop" }.to_owned());
    choice.insert("index".to_owned(), given["index"].as_u64().unwrap_or(at as u64).into());
    choice.insert("message".to_owned(), message.into());
    choice.entry("logprobs").or_insert(Value::Null);
    choice.insert("finish_reason".to_owned(), finish.into());
    Some(Value::Object(choice))
}

/// A `finish_reason` in small letters; none where there is none.
pub(super) fn finish(value: &Value) -> Option<String> {
    value.as_str().filter(|reason| !reason.is_empty()).map(str::to_lowercase)
}

/// Gives a call what it lacks; none if it is no call.
pub(super) fn complete(call: &mut Value, id: impl FnOnce() -> String) -> Option<()> {
    call.as_object()?;
    if call["id"].as_str().is_none_or(str::is_empty) {
        call["id"] = id().into();
    }
    if call["type"].is_null() {
        call["type"] = "function".into();
    }
    call["function"].as_object()?;
    arguments_as_text(call);
    if call["function"]["arguments"].is_null() {
        call["function"]["arguments"] = json!("");
    }
    Some(())
}

/// Arguments are a text that holds JSON; some write the JSON itself.
pub(super) fn arguments_as_text(call: &mut Value) {
    if let Some(arguments @ Value::Object(_)) = call.pointer_mut("/function/arguments") {
        *arguments = arguments.to_string().into();
    }
}
