//! Tools, their choice, and the older `functions`.

use super::names::Names;
use crate::translate::Unsupported;
use crate::translate::drops::{Drops, unsupported};
use crate::tree::{Tree, map};

/// The tools of a request, before their names are settled.
#[derive(Default)]
pub(super) struct Tools {
    /// Their names, as the client knows them.
    pub(super) offered: Vec<String>,
    /// The client speaks of functions: one call at a time, named `function_call`.
    pub(super) legacy: bool,
    tools: Vec<Tree>,
    choice: Choice,
    one_at_a_time: bool,
}

#[derive(Default)]
enum Choice {
    #[default]
    Unsaid,
    Kind(&'static str),
    Tool(String),
}

/// Reads what is offered and how it is to be chosen from.
pub(super) fn read(body: &Tree, drops: &mut Drops<'_>) -> Result<Tools, Unsupported> {
    let mut tools = Tools::default();
    for tool in body.get("tools").list() {
        match tool.get("type").text() {
            None | Some("function") => tools.offer(tool.get("function"), "tools")?,
            Some(_) => drops.leave_out("tools", "only tools of the type `function` exist there")?,
        }
    }
    for function in body.get("functions").list() {
        tools.legacy = true;
        tools.offer(function, "functions")?;
    }
    let field = if body.get("function_call").is_null() { "tool_choice" } else { "function_call" };
    tools.choice = choice(body.get(field), field, drops)?;
    tools.one_at_a_time = tools.legacy || *body.get("parallel_tool_calls") == Tree::Bool(false);
    let must_call = !matches!(tools.choice, Choice::Unsaid | Choice::Kind("auto" | "none"));
    if tools.tools.is_empty() && must_call {
        drops.leave_out(field, "there is nothing to choose from")?;
    }
    Ok(tools)
}

fn choice(value: &Tree, field: &str, drops: &mut Drops<'_>) -> Result<Choice, Unsupported> {
    match value {
        Tree::Null => return Ok(Choice::Unsaid),
        Tree::Text(word) => match word.as_str() {
            "auto" => return Ok(Choice::Kind("auto")),
            "none" => return Ok(Choice::Kind("none")),
            "required" => return Ok(Choice::Kind("any")),
            _ => {}
        },
        _ => {
            let name = value.get("function").get("name").text().or(value.get("name").text());
            if let (Some(name), true) = (name, matches!(value.get("type").said(), "" | "function")) {
                return Ok(Choice::Tool(name.to_owned()));
            }
        }
    }
    drops.leave_out(field, "there is no such choice").map(|()| Choice::Unsaid)
}

impl Tools {
    fn offer(&mut self, function: &Tree, field: &str) -> Result<(), Unsupported> {
        let Some(name) = function.get("name").text() else {
            return Err(unsupported(field, "a tool needs a name"));
        };
        let schema = match function.get("parameters") {
            Tree::Null => map! { "type": "object", "properties": Tree::Map(Vec::new()) },
            Tree::Map(members) => object_schema(members),
            _ => return Err(unsupported(field, "parameters must be an object's JSON schema")),
        };
        self.offered.push(name.to_owned());
        let mut tool = map! { "name": name };
        if let Some(description) = function.get("description").text() {
            tool.put("description", description);
        }
        tool.put("input_schema", schema);
        if function.get("strict").is_true() {
            tool.put("strict", true);
        }
        self.tools.push(tool);
        Ok(())
    }

    /// Writes `tools` and `tool_choice`.
    pub(super) fn write(&self, names: &mut Names, out: &mut Tree) {
        if self.tools.is_empty() {
            return;
        }
        let renamed = |tool: &Tree, names: &mut Names| {
            let with = |(key, value): &(String, Tree)| match key.as_str() {
                "name" => (key.clone(), names.tool(value.said()).into()),
                _ => (key.clone(), value.clone()),
            };
            Tree::Map(tool.members().iter().map(with).collect())
        };
        let tools: Vec<Tree> = self.tools.iter().map(|tool| renamed(tool, names)).collect();
        out.put("tools", tools);
        let mut choice = match &self.choice {
            Choice::Unsaid if !self.one_at_a_time => return,
            Choice::Unsaid => map! { "type": "auto" },
            Choice::Kind(kind) => map! { "type": *kind },
            Choice::Tool(name) => map! { "type": "tool", "name": names.tool(name) },
        };
        // Who may call nothing needs no limit, and the API has no field for it there.
        if self.one_at_a_time && !choice.get("type").is("none") {
            choice.put("disable_parallel_tool_use", true);
        }
        out.put("tool_choice", choice);
    }
}

/// The API demands the word `object`; OpenAI takes a schema without it, such as `{}`.
fn object_schema(members: &[(String, Tree)]) -> Tree {
    let mut members = members.to_vec();
    if !members.iter().any(|(key, _)| key == "type") {
        members.insert(0, ("type".to_owned(), "object".into()));
    }
    Tree::Map(members)
}
