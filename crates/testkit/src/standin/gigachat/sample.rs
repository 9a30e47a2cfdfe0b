//! A value that fits a schema: the same every time, and its free texts quote.

use serde_json::{Map, Value, json};

/// Schemas that refer to themselves end here.
const DEPTH_MAX: u32 = 8;

/// A value of a simple schema.
pub(super) fn sample(schema: &Value, said: &str) -> Value {
    Sample { root: schema, said }.of(schema, 0)
}

struct Sample<'a> {
    root: &'a Value,
    said: &'a str,
}

impl Sample<'_> {
    fn of(&self, schema: &Value, depth: u32) -> Value {
        if depth == DEPTH_MAX {
            return Value::Null;
        }
        if let Some(path) = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
            return self.root.pointer(path).map_or(Value::Null, |target| self.of(target, depth + 1));
        }
        for union in ["anyOf", "oneOf"] {
            if let Some(branch) = schema[union].as_array().and_then(|branches| branches.first()) {
                return self.of(branch, depth + 1);
            }
        }
        if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
            return first.clone();
        }
        if let Some(only) = schema.get("const") {
            return only.clone();
        }
        match schema["type"].as_str() {
            Some("integer") => json!(1),
            Some("number") => json!(1.5),
            Some("boolean") => json!(true),
            Some("array") => json!([self.of(&schema["items"], depth + 1)]),
            Some("null") => Value::Null,
            Some("string") => json!(self.said),
            _ => self.object(schema, depth),
        }
    }

    fn object(&self, schema: &Value, depth: u32) -> Value {
        let properties = schema["properties"].as_object();
        let members = properties.into_iter().flatten();
        Value::Object(members.map(|(name, schema)| (name.clone(), self.of(schema, depth + 1))).collect::<Map<_, _>>())
    }
}
