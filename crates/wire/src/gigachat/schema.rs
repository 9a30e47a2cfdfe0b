//! A function's JSON Schema, cut to the subset that the provider reads.
//!
//! References are put in place, of a union the first branch that is not null is kept (what is written by it is valid
//! by the whole union too), composition is merged, formats other than dates and times are left out, enumerations hold
//! strings only, every property has a type and every object its properties. A schema that contains itself is open from
//! the second time on.

use serde_json::{Map, Value, json};

/// Putting references in place can grow a schema without end.
const NODES_MAX: u32 = 10_000;
const DEPTH_MAX: u32 = 64;

/// The schema is too large, or becomes so with its references in place.
#[derive(Debug)]
pub(super) struct TooBig;

/// The `parameters` of a function; of one without any, an object without properties.
pub(super) fn parameters(schema: Option<&Value>) -> Result<Value, TooBig> {
    let Some(root) = schema.filter(|schema| schema.is_object()) else {
        return Ok(json!({ "type": "object", "properties": {} }));
    };
    let mut cut = Cut { root, nodes: 0, depth: 0, open: Vec::new() };
    let mut out = cut.node(root)?;
    typed(&mut out, "object");
    Ok(Value::Object(out))
}

struct Cut<'s> {
    root: &'s Value,
    nodes: u32,
    depth: u32,
    /// References that are being put in place.
    open: Vec<&'s str>,
}

impl<'s> Cut<'s> {
    fn node(&mut self, schema: &'s Value) -> Result<Map<String, Value>, TooBig> {
        if self.nodes == NODES_MAX || self.depth == DEPTH_MAX {
            return Err(TooBig);
        }
        self.nodes += 1;
        self.depth += 1;
        let out = self.members(schema);
        self.depth -= 1;
        out
    }

    fn members(&mut self, schema: &'s Value) -> Result<Map<String, Value>, TooBig> {
        let mut out = Map::new();
        let Some(members) = schema.as_object() else { return Ok(out) };
        for (name, value) in members {
            match (name.as_str(), value) {
                ("$defs" | "definitions" | "$schema" | "$id" | "$comment" | "nullable", _) => {}
                ("$ref" | "anyOf" | "oneOf" | "allOf" | "enum" | "const", _) => {}
                ("format", Value::String(format)) if !matches!(&**format, "date" | "date-time" | "time") => {}
                ("type", value) => {
                    out.insert("type".to_owned(), one_type(value));
                }
                ("properties", Value::Object(properties)) => {
                    let properties = self.properties(properties)?;
                    out.insert(name.clone(), Value::Object(properties));
                }
                ("items", value) => {
                    let items = self.items(value)?;
                    out.insert(name.clone(), Value::Object(items));
                }
                ("additionalProperties", Value::Object(_)) => {
                    let rest = self.node(value)?;
                    out.insert(name.clone(), Value::Object(rest));
                }
                _ => {
                    out.insert(name.clone(), value.clone());
                }
            }
        }
        self.composed(members, &mut out)?;
        enumerated(members, &mut out);
        finish(&mut out);
        Ok(out)
    }

    fn properties(&mut self, properties: &'s Map<String, Value>) -> Result<Map<String, Value>, TooBig> {
        let mut out = Map::new();
        for (name, schema) in properties {
            let mut property = self.node(schema)?;
            typed(&mut property, "object");
            out.insert(name.clone(), Value::Object(property));
        }
        Ok(out)
    }

    fn items(&mut self, items: &'s Value) -> Result<Map<String, Value>, TooBig> {
        let mut out = self.node(items.as_array().and_then(|list| list.first()).unwrap_or(items))?;
        typed(&mut out, "string");
        Ok(out)
    }

    /// References, unions and compositions; what stands beside them wins.
    fn composed(&mut self, members: &'s Map<String, Value>, out: &mut Map<String, Value>) -> Result<(), TooBig> {
        if let Some(path) = members.get("$ref").and_then(Value::as_str) {
            let target = path.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
            if let Some(target) = target.filter(|_| !self.open.contains(&path)) {
                self.open.push(path);
                let put = self.node(target)?;
                self.open.pop();
                merge(out, put);
            }
        }
        for union in ["anyOf", "oneOf"] {
            let branches = members.get(union).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            if let Some(branch) = branches.iter().find(|branch| branch["type"] != "null") {
                let put = self.node(branch)?;
                merge(out, put);
            }
        }
        for part in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            let put = self.node(part)?;
            merge(out, put);
        }
        Ok(())
    }
}

fn merge(out: &mut Map<String, Value>, put: Map<String, Value>) {
    for (name, value) in put {
        match (out.get_mut(&name), value) {
            (Some(Value::Object(known)), Value::Object(more)) if name == "properties" => {
                for (property, schema) in more {
                    known.entry(property).or_insert(schema);
                }
            }
            (Some(Value::Array(known)), Value::Array(more)) if name == "required" => {
                for name in more {
                    if !known.contains(&name) {
                        known.push(name);
                    }
                }
            }
            (Some(_), _) => {}
            (None, value) => {
                out.insert(name, value);
            }
        }
    }
}

/// The first type that is not null.
fn one_type(value: &Value) -> Value {
    let Some(list) = value.as_array() else { return value.clone() };
    list.iter().find(|kind| *kind != "null").or(list.first()).cloned().unwrap_or_else(|| json!("string"))
}

/// Enumerations hold strings; of other values the description tells.
fn enumerated(members: &Map<String, Value>, out: &mut Map<String, Value>) {
    let listed = members.get("enum").and_then(Value::as_array).cloned();
    let Some(values) = listed.or_else(|| members.get("const").map(|only| vec![only.clone()])) else { return };
    let values: Vec<Value> = values.into_iter().filter(|value| !value.is_null()).collect();
    if !values.is_empty() && values.iter().all(Value::is_string) {
        out.insert("enum".to_owned(), Value::Array(values));
        out.entry("type").or_insert_with(|| json!("string"));
        return;
    }
    let Some(first) = values.first() else { return };
    out.entry("type").or_insert_with(|| json!(type_of(first)));
    let words: Vec<String> = values.iter().map(Value::to_string).collect();
    let words = format!("One of: {}", words.join(", "));
    let told = match out.get("description").and_then(Value::as_str) {
        Some(told) if !told.is_empty() => format!("{told}. {words}"),
        _ => words,
    };
    out.insert("description".to_owned(), Value::String(told));
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::String(_) | Value::Null => "string",
    }
}

fn finish(out: &mut Map<String, Value>) {
    if !out.contains_key("type") {
        if out.contains_key("properties") || out.contains_key("additionalProperties") {
            out.insert("type".to_owned(), json!("object"));
        } else if out.contains_key("items") {
            out.insert("type".to_owned(), json!("array"));
        }
    }
    complete(out);
}

/// Gives a schema a type where nothing says one.
fn typed(out: &mut Map<String, Value>, default: &str) {
    out.entry("type").or_insert_with(|| json!(default));
    complete(out);
}

fn complete(out: &mut Map<String, Value>) {
    match out.get("type").and_then(Value::as_str) {
        Some("object") => drop(out.entry("properties").or_insert_with(|| json!({}))),
        Some("array") => drop(out.entry("items").or_insert_with(|| json!({ "type": "string" }))),
        _ => {}
    }
}
