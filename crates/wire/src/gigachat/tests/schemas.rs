use serde_json::{Value, json};

use crate::gigachat::schema::parameters;

fn cut(schema: Value) -> Value {
    parameters(Some(&schema)).unwrap()
}

#[test]
fn references_are_put_in_place() {
    let schema = json!({ "type": "object", "$defs": { "City": { "type": "object", "properties": { "name": { "type": "string" } } } },
        "properties": { "to": { "$ref": "#/$defs/City", "description": "where" } } });
    let to = json!({ "description": "where", "type": "object", "properties": { "name": { "type": "string" } } });
    assert_eq!(cut(schema), json!({ "type": "object", "properties": { "to": to } }));
}

#[test]
fn unions_keep_the_first_branch_that_is_not_null() {
    let schema = json!({ "properties": {
        "a": { "anyOf": [{ "type": "null" }, { "type": "integer" }], "default": null },
        "b": { "type": ["null", "string"], "format": "email" },
        "c": { "allOf": [{ "type": "object", "required": ["x"] }, { "properties": { "x": {} }, "required": ["x", "y"] }] },
    } });
    let expected = json!({ "properties": {
        "a": { "default": null, "type": "integer" },
        "b": { "type": "string" },
        "c": { "type": "object", "required": ["x", "y"], "properties": { "x": { "type": "object", "properties": {} } } },
    }, "type": "object" });
    assert_eq!(cut(schema), expected);
}

#[test]
fn enumerations_hold_strings_and_formats_dates() {
    let schema = json!({ "type": "object", "properties": {
        "unit": { "enum": ["c", "f", null] },
        "level": { "type": "integer", "enum": [1, 2], "description": "how much" },
        "on": { "const": true },
        "day": { "type": "string", "format": "date" },
    } });
    let expected = json!({ "type": "object", "properties": {
        "unit": { "enum": ["c", "f"], "type": "string" },
        "level": { "type": "integer", "description": "how much. One of: 1, 2" },
        "on": { "type": "boolean", "description": "One of: true" },
        "day": { "type": "string", "format": "date" },
    } });
    assert_eq!(cut(schema), expected);
}

#[test]
fn every_property_has_a_type_and_every_object_properties() {
    let schema = json!({ "properties": { "a": {}, "b": { "type": "array" }, "c": { "items": {} }, "d": true } });
    let object = json!({ "type": "object", "properties": {} });
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let out = cut(schema);
    assert_eq!(out["properties"]["a"], object);
    assert_eq!(out["properties"]["b"], list);
    assert_eq!(out["properties"]["c"]["items"], json!({ "type": "string" }));
    assert_eq!(out["properties"]["d"], object);
    assert_eq!(parameters(None).unwrap(), object);
}

#[test]
fn a_schema_in_itself_ends_and_one_that_explodes_is_refused() {
    let tree = json!({ "$ref": "#/$defs/T", "$defs": { "T": { "type": "object", "properties": {
        "left": { "$ref": "#/$defs/T" }, "size": { "type": "integer" } } } } });
    let out = cut(tree);
    assert_eq!(out["properties"]["left"], json!({ "type": "object", "properties": {} }));
    let mut bomb = json!({ "$defs": {}, "properties": { "x": { "$ref": "#/$defs/d0" } } });
    for level in 0..12 {
        let next = json!({ "$ref": format!("#/$defs/d{}", level + 1) });
        bomb["$defs"][format!("d{level}")] = json!({ "properties": { "a": next, "b": next, "c": next, "d": next } });
    }
    assert!(parameters(Some(&bomb)).is_err());
    let mut deep = json!({});
    for _ in 0..200 {
        deep = json!({ "properties": { "x": deep } });
    }
    assert!(parameters(Some(&deep)).is_err());
}
