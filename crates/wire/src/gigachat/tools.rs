//! Tools: what is offered, under which names, and which of them must be used.

use serde_json::{Map, Value, json};

use super::schema;
use crate::translate::Unsupported;
use crate::translate::drops::{Drops, unsupported};

/// Functions that the provider brings itself: a client's own of such a name would be taken for them.
const RESERVED: [&str; 4] = ["web_search", "text2image", "text2model3d", "get_file_content"];

/// Names of tools that had to be changed: as sent, as the client knows it.
#[derive(Debug, Default)]
pub(super) struct Names {
    changed: Vec<(String, String)>,
    offered: Vec<String>,
}

impl Names {
    /// Knows what the request offers.
    pub(super) fn of(offered: Vec<String>) -> Self {
        let mut changed = Vec::new();
        for name in RESERVED {
            let mut sent = format!("user_{name}");
            while offered.contains(&sent) {
                sent.push('_');
            }
            changed.push((sent, name.to_owned()));
        }
        Self { changed, offered }
    }

    /// The name to send.
    pub(super) fn sent<'n>(&'n self, name: &'n str) -> &'n str {
        self.changed.iter().find(|(_, known)| known == name).map_or(name, |(sent, _)| sent)
    }

    /// The changes that an answer can need undone.
    pub(super) fn renamed(self) -> Vec<(String, String)> {
        let Self { changed, offered } = self;
        changed.into_iter().filter(|(_, known)| offered.contains(known)).collect()
    }
}

/// The functions that a request offers, in either of OpenAI's forms.
pub(super) struct Offer {
    functions: Vec<Map<String, Value>>,
    /// They came as `functions`, the older form.
    pub(super) legacy: bool,
    pub(super) names: Names,
}

impl Offer {
    /// Takes `tools` or `functions` out of a body.
    pub(super) fn take(body: &mut Map<String, Value>, drops: &mut Drops<'_>) -> Result<Self, Unsupported> {
        let tools = list(body, "tools")?;
        let functions = list(body, "functions")?;
        if !tools.is_empty() && !functions.is_empty() {
            return Err(unsupported("functions", "`tools` and `functions` cannot both be offered"));
        }
        let legacy = !functions.is_empty();
        let mut offered = Vec::new();
        for tool in &tools {
            match tool["function"].as_object().filter(|_| tool["type"] == "function") {
                Some(function) => offered.push(function.clone()),
                None => drops.leave_out("tools", "only tools of type `function` exist")?,
            }
        }
        for function in functions {
            match function {
                Value::Object(function) => offered.push(function),
                _ => return Err(unsupported("functions", "a function must be an object")),
            }
        }
        let name = |function: &Map<String, Value>| Some(function.get("name")?.as_str()?.to_owned());
        let names: Option<Vec<String>> = offered.iter().map(name).collect();
        let names = names.ok_or_else(|| unsupported("tools", "a function must have a name"))?;
        Ok(Self { functions: offered, legacy, names: Names::of(names) })
    }

    /// Writes `functions` and `function_call`.
    pub(super) fn write(
        &self,
        choice: Option<Value>,
        out: &mut Map<String, Value>,
        drops: &mut Drops<'_>,
    ) -> Result<(), Unsupported> {
        let field = if self.legacy { "function_call" } else { "tool_choice" };
        if self.functions.is_empty() {
            return match choice.as_ref().and_then(Value::as_str) {
                Some("auto" | "none") => Ok(()),
                None if choice.is_none() => Ok(()),
                _ => drops.leave_out(field, "no tool is offered that could be chosen"),
            };
        }
        let mut functions = Vec::with_capacity(self.functions.len());
        for function in &self.functions {
            functions.push(self.function(function, drops)?);
        }
        out.insert("functions".to_owned(), Value::Array(functions));
        // Said even where it is OpenAI's default: nothing then depends on what silence means to the provider.
        let how = self.choice(field, choice, drops)?;
        out.insert("function_call".to_owned(), how);
        Ok(())
    }

    fn function(&self, function: &Map<String, Value>, drops: &mut Drops<'_>) -> Result<Value, Unsupported> {
        let mut out = Map::new();
        let name = function["name"].as_str().unwrap_or_default();
        out.insert("name".to_owned(), json!(self.names.sent(name)));
        for (field, value) in function {
            match field.as_str() {
                "name" | "parameters" | "strict" => {}
                "description" | "few_shot_examples" | "return_parameters" if !value.is_null() => {
                    out.insert(field.clone(), value.clone());
                }
                _ if value.is_null() => {}
                _ => drops.leave_out("tools", "a function has a member that the provider does not know")?,
            }
        }
        let parameters = schema::parameters(function.get("parameters"))
            .map_err(|schema::TooBig| unsupported("tools", "a function's schema is too large or too deep"))?;
        out.insert("parameters".to_owned(), parameters);
        Ok(Value::Object(out))
    }

    fn choice(&self, field: &str, choice: Option<Value>, drops: &mut Drops<'_>) -> Result<Value, Unsupported> {
        let by_name = |name: &str| json!({ "name": self.names.sent(name) });
        match &choice {
            None => return Ok(json!("auto")),
            Some(Value::String(word)) => match (word.as_str(), self.functions.as_slice()) {
                ("auto" | "none", _) => return Ok(json!(word)),
                ("required", [only]) => return Ok(by_name(only["name"].as_str().unwrap_or_default())),
                _ => {}
            },
            Some(chosen) => {
                let name = if self.legacy { &chosen["name"] } else { &chosen["function"]["name"] };
                if let Some(name) = name.as_str() {
                    return Ok(by_name(name));
                }
            }
        }
        drops.leave_out(field, "it can force one function by its name, and nothing else")?;
        Ok(json!("auto"))
    }
}

fn list(body: &mut Map<String, Value>, field: &str) -> Result<Vec<Value>, Unsupported> {
    match body.shift_remove(field) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(list)) => Ok(list),
        Some(_) => Err(unsupported(field, "it must be a list")),
    }
}
