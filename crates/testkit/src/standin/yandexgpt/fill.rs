//! Values that fit a simple schema.

use serde_json::{Map, Value, json};

/// A value that fits: strings say what the user said, whole numbers are 2, lists have one item.
pub(super) fn fill(schema: &Value, said: &str) -> Value {
    deep(schema, said, 8)
}

fn deep(schema: &Value, said: &str, depth: u8) -> Value {
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    if let (Some(first), true) = (schema["anyOf"].as_array().and_then(|all| all.first()), depth > 0) {
        return deep(first, said, depth - 1);
    }
    let kind = schema["type"].as_str().or(schema["type"][0].as_str());
    match kind {
        Some("integer") => json!(2),
        Some("number") => json!(0.5),
        Some("boolean") => json!(true),
        Some("null") => Value::Null,
        Some("array") if depth > 0 => json!([deep(&schema["items"], said, depth - 1)]),
        Some("object") if depth > 0 => {
            let members = schema["properties"].as_object().into_iter().flatten();
            Value::Object(members.map(|(name, one)| (name.clone(), deep(one, said, depth - 1))).collect::<Map<_, _>>())
        }
        _ => json!(said),
    }
}

/// Arguments for a tool with these parameters.
pub(super) fn arguments(parameters: &Value, said: &str) -> Value {
    match parameters["properties"].as_object() {
        Some(properties) if !properties.is_empty() => {
            fill(&json!({ "type": "object", "properties": properties }), said)
        }
        _ => json!({ "text": said }),
    }
}
