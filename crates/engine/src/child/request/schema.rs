//! What of JSON Schema is honoured. The conversion to a grammar passes over what it does not know;
//! an answer that silently ignores a part of its schema is worse than a refusal.

use serde_json::{Map, Value};

use crate::child::refusal::Refusal;

const PARAM: &str = "response_format.json_schema";
const BYTES_MAX: usize = 64 * 1024;
const DEPTH_MAX: usize = 32;

/// Keywords that constrain, and that no grammar is made for.
const REFUSED: &[&str] = &[
    "multipleOf",
    "patternProperties",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contains",
    "minProperties",
    "maxProperties",
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
];
const NUMBER_BOUNDS: &[&str] = &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/// A schema that may be turned into a grammar.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::child) struct Schema {
    pub(in crate::child) text: String,
    /// Its regular expressions: whether each can be honoured is up to the conversion.
    pub(in crate::child) patterns: Vec<String>,
}

impl Schema {
    /// Any object.
    pub(super) fn any_object() -> Self {
        Self { text: r#"{"type":"object"}"#.into(), patterns: Vec::new() }
    }

    /// Reads `response_format.json_schema.schema`.
    pub(super) fn read(format: Option<&Value>) -> Result<Self, Refusal> {
        let schema = format
            .and_then(|f| f.get("json_schema"))
            .and_then(|s| s.get("schema"))
            .ok_or_else(|| bad("`schema` is missing"))?;
        if !schema.is_object() {
            return Err(bad("`schema` must be an object"));
        }
        if depth(schema) > DEPTH_MAX {
            return Err(bad("`schema` is nested too deeply"));
        }
        let text = schema.to_string();
        if text.len() > BYTES_MAX {
            return Err(bad("`schema` is too long"));
        }
        let mut patterns = Vec::new();
        walk(schema, &mut patterns)?;
        Ok(Self { text, patterns })
    }
}

fn bad(message: &str) -> Refusal {
    Refusal::invalid(PARAM, message)
}

/// The JSON reader has limited this recursion already.
fn depth(value: &Value) -> usize {
    let inner = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(fields) => fields.values().map(depth).max(),
        _ => return 0,
    };
    1 + inner.unwrap_or(0)
}

fn walk(schema: &Value, patterns: &mut Vec<String>) -> Result<(), Refusal> {
    let Some(fields) = schema.as_object() else { return Ok(()) };
    check_keywords(fields)?;
    if let Some(pattern) = fields.get("pattern").and_then(Value::as_str) {
        patterns.push(pattern.to_string());
    }
    for name in ["properties", "$defs", "definitions"] {
        for inner in fields.get(name).and_then(Value::as_object).into_iter().flat_map(Map::values) {
            walk(inner, patterns)?;
        }
    }
    for name in ["anyOf", "oneOf", "allOf", "prefixItems", "items", "additionalProperties"] {
        match fields.get(name) {
            Some(Value::Array(items)) => items.iter().try_for_each(|s| walk(s, patterns))?,
            Some(one) => walk(one, patterns)?,
            None => {}
        }
    }
    Ok(())
}

fn check_keywords(fields: &Map<String, Value>) -> Result<(), Refusal> {
    let refused = |name: &str| bad(&format!("the keyword `{name}` cannot be honoured"));
    if let Some(name) = REFUSED.iter().find(|name| fields.contains_key(**name)) {
        return Err(refused(name));
    }
    if fields.get("uniqueItems") == Some(&Value::Bool(true)) {
        return Err(refused("uniqueItems"));
    }
    let integer = fields.get("type").is_some_and(|t| t == "integer");
    match NUMBER_BOUNDS.iter().find(|name| !integer && fields.contains_key(**name)) {
        Some(name) => Err(bad(&format!("the keyword `{name}` can be honoured for type integer only"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(schema: Value) -> Result<Schema, Refusal> {
        Schema::read(Some(&json!({"type": "json_schema", "json_schema": {"schema": schema}})))
    }

    #[test]
    fn keywords_without_effect_are_refused_wherever_they_stand() {
        for schema in [
            json!({"not": {}}),
            json!({"properties": {"a": {"type": "number", "minimum": 1}}}),
            json!({"items": {"anyOf": [{"type": "array", "uniqueItems": true}]}}),
            json!({"$defs": {"a": {"multipleOf": 3}}}),
            json!({"additionalProperties": {"if": {}}}),
        ] {
            assert!(read(schema.clone()).is_err(), "{schema}");
        }
    }

    #[test]
    fn a_property_may_be_called_like_a_keyword() {
        let schema = json!({"properties": {"not": {"type": "integer", "minimum": 1}, "if": {"pattern": "^a$"}}});
        assert_eq!(read(schema).expect("read").patterns, ["^a$"]);
    }
}
