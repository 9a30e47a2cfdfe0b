//! What of JSON Schema is honoured. The conversion to a grammar passes over what it does not know;
//! an answer that silently ignores a part of its schema is worse than a refusal.

mod bounds;

use std::collections::HashSet;

use serde_json::{Map, Value};

use bounds::{Counted, kinds};

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
    pub(in crate::child) fn read(format: Option<&Value>) -> Result<Self, Refusal> {
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
        let mut walk = Walk::default();
        walk.part(schema, 1)?;
        walk.check_references(schema)?;
        let patterns = walk.patterns.into_iter().map(String::from).collect();
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

/// Looks at every schema within a schema.
#[derive(Default)]
struct Walk<'a> {
    counted: Counted,
    patterns: Vec<&'a str>,
    references: Vec<&'a str>,
    /// The places that were looked at: nothing else may be referred to.
    seen: HashSet<*const Value>,
}

impl<'a> Walk<'a> {
    /// `times`: as how many this one counts, because of lists of types above it.
    fn part(&mut self, schema: &'a Value, times: usize) -> Result<(), Refusal> {
        let Some(fields) = schema.as_object() else { return Ok(()) };
        self.seen.insert(std::ptr::from_ref(schema));
        check_keywords(fields)?;
        self.counted.part(fields, times).map_err(|why| bad(&why))?;
        let times = kinds(fields).map_err(|why| bad(&why))?.saturating_mul(times);
        self.patterns.extend(fields.get("pattern").and_then(Value::as_str));
        self.references.extend(fields.get("$ref").and_then(Value::as_str));
        for name in ["properties", "$defs", "definitions"] {
            for inner in fields.get(name).and_then(Value::as_object).into_iter().flat_map(Map::values) {
                self.part(inner, times)?;
            }
        }
        for name in ["anyOf", "oneOf", "allOf", "prefixItems", "items", "additionalProperties"] {
            match fields.get(name) {
                Some(Value::Array(items)) => items.iter().try_for_each(|s| self.part(s, times))?,
                Some(one) => self.part(one, times)?,
                None => {}
            }
        }
        Ok(())
    }

    /// Each reference must lead to a schema that was looked at, and not in a circle of references.
    fn check_references(&self, root: &'a Value) -> Result<(), Refusal> {
        for reference in &self.references {
            let mut next = Some(*reference);
            for _ in 0..DEPTH_MAX {
                let Some(reference) = next else { break };
                let target = self.target(root, reference).ok_or_else(|| {
                    bad(&format!("`$ref` {reference:?} leads to no schema within this one (such as \"#/$defs/name\")"))
                })?;
                next = target.get("$ref").and_then(Value::as_str);
            }
            if next.is_some() {
                return Err(bad(&format!("`$ref` {reference:?} only leads to other references")));
            }
        }
        Ok(())
    }

    fn target(&self, root: &'a Value, reference: &str) -> Option<&'a Value> {
        // Escapes are read in different ways by different readers.
        let pointer = reference.strip_prefix('#').filter(|p| p.starts_with('/') && !p.contains(['~', '%']))?;
        root.pointer(pointer).filter(|target| self.seen.contains(&std::ptr::from_ref(*target)))
    }
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
    fn references_lead_to_schemas_that_were_looked_at() {
        let list = json!({"type": "object", "properties": {"next": {"$ref": "#/$defs/list"}}});
        assert!(read(json!({"$ref": "#/$defs/list", "$defs": {"list": list}})).is_ok());
        for schema in [
            json!({"$ref": "#/nowhere"}),
            json!({"$ref": "#/default", "default": {"type": "string", "maxLength": 1_000_000}}),
            json!({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}),
            json!({"$ref": "#/$defs/a~0b", "$defs": {"a~b": {}}}),
        ] {
            assert!(read(schema.clone()).is_err(), "{schema}");
        }
    }

    #[test]
    fn lists_of_types_cannot_multiply_without_bound() {
        let mut schema = json!({"type": "string"});
        for _ in 0..8 {
            schema = json!({"type": ["array", "object", "null"], "items": schema, "additionalProperties": schema});
        }
        let refusal = read(schema).expect_err("refused");
        assert!(refusal.message.contains("at most 2000"), "{}", refusal.message);
    }

    #[test]
    fn a_property_may_be_called_like_a_keyword() {
        let schema = json!({"properties": {"not": {"type": "integer", "minimum": 1}, "if": {"pattern": "^a$"}}});
        assert_eq!(read(schema).expect("read").patterns, ["^a$"]);
    }
}
