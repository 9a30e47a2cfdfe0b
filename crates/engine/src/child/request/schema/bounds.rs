//! How large a schema may be. Its conversion copies, nests and multiplies; here is said, before
//! that, how much it can come to.

use serde_json::{Map, Value};

/// `minLength`, `maxLength`, `minItems`, `maxItems`.
const COUNT_MAX: u64 = 2_000;
/// `minimum` and the like: whole numbers of up to 15 digits.
const NUMBER_MAX: i64 = 999_999_999_999_999;
/// Properties of one object that need not be there: each may be followed by each later one.
const OPTIONAL_MAX: usize = 100;
const PROPERTIES_MAX: usize = 1_000;
const ENUM_MAX: usize = 1_000;
const PATTERN_BYTES_MAX: usize = 512;
const PATTERNS_MAX: usize = 64;
/// Schemas in the schema, those below a list of types once for each.
const PARTS_MAX: usize = 2_000;

/// What has been counted so far.
#[derive(Debug, Default)]
pub(super) struct Counted {
    parts: usize,
    properties: usize,
    patterns: usize,
}

impl Counted {
    /// Counts one schema that stands for `times` of them, and checks its own numbers.
    pub(super) fn part(&mut self, fields: &Map<String, Value>, times: usize) -> Result<(), String> {
        self.parts = self.parts.saturating_add(times);
        at_most("schemas within it, counted once for each of several types", self.parts, PARTS_MAX)?;
        self.properties(fields)?;
        if let Some(values) = fields.get("enum").and_then(Value::as_array) {
            at_most("values of `enum`", values.len(), ENUM_MAX)?;
        }
        if let Some(pattern) = fields.get("pattern").and_then(Value::as_str) {
            self.patterns += 1;
            at_most("patterns", self.patterns, PATTERNS_MAX)?;
            at_most("bytes of a `pattern`", pattern.len(), PATTERN_BYTES_MAX)?;
        }
        span(fields, ["minLength", "maxLength"], 0, COUNT_MAX.cast_signed())?;
        span(fields, ["minItems", "maxItems"], 0, COUNT_MAX.cast_signed())?;
        span(fields, ["minimum", "maximum"], -NUMBER_MAX, NUMBER_MAX)?;
        span(fields, ["exclusiveMinimum", "exclusiveMaximum"], -NUMBER_MAX, NUMBER_MAX)
    }

    fn properties(&mut self, fields: &Map<String, Value>) -> Result<(), String> {
        let Some(properties) = fields.get("properties").and_then(Value::as_object) else { return Ok(()) };
        self.properties += properties.len();
        at_most("properties", self.properties, PROPERTIES_MAX)?;
        let required = fields.get("required").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let named: std::collections::HashSet<&str> = required.iter().filter_map(Value::as_str).collect();
        let optional = properties.keys().filter(|name| !named.contains(name.as_str())).count();
        at_most("properties of one object that are not `required`", optional, OPTIONAL_MAX)
    }
}

/// As how many schemas those below this one count.
pub(super) fn kinds(fields: &Map<String, Value>) -> Result<usize, String> {
    let Some(kinds) = fields.get("type").and_then(Value::as_array) else { return Ok(1) };
    if kinds.iter().enumerate().any(|(i, kind)| kinds[..i].contains(kind)) || kinds.len() > 7 {
        return Err("a list of types names one twice, or more than there are".into());
    }
    Ok(kinds.len().max(1))
}

fn at_most(what: &str, n: usize, most: usize) -> Result<(), String> {
    if n <= most {
        return Ok(());
    }
    Err(format!("`schema` has too many {what}: {n}, at most {most}; ask for less at once"))
}

fn span(fields: &Map<String, Value>, names: [&str; 2], least: i64, most: i64) -> Result<(), String> {
    let mut numbers = [None, None];
    for (name, number) in names.iter().zip(&mut numbers) {
        let Some(value) = fields.get(*name) else { continue };
        *number = value.as_i64().filter(|n| (least..=most).contains(n));
        if number.is_none() {
            return Err(format!("`{name}` must be a whole number from {least} to {most}, or be left out, not {value}"));
        }
    }
    match numbers {
        [Some(low), Some(high)] if low > high => Err(format!("`{}` is above `{}`", names[0], names[1])),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(schema: &Value) -> Result<(), String> {
        Counted::default().part(schema.as_object().expect("an object"), 1)
    }

    #[test]
    fn each_number_has_a_bound_that_is_named() {
        for (schema, said) in [
            (json!({"maxLength": 1_000_000}), "`maxLength` must be a whole number from 0 to 2000"),
            (json!({"minItems": -1}), "`minItems`"),
            (json!({"minItems": 3, "maxItems": 2}), "`minItems` is above `maxItems`"),
            (json!({"maxItems": 1e300}), "`maxItems`"),
            (json!({"minimum": 1_000_000_000_000_000_000i64}), "`minimum`"),
            (json!({"exclusiveMaximum": 0.5}), "`exclusiveMaximum`"),
            (json!({"pattern": format!("^{}$", "a".repeat(600))}), "bytes of a `pattern`: 602, at most 512"),
            (json!({"enum": (0..1001).collect::<Vec<_>>()}), "values of `enum`: 1001"),
        ] {
            let error = check(&schema).expect_err("refused");
            assert!(error.contains(said), "{error}");
        }
        let fine =
            json!({"minItems": 0, "maxItems": 2000, "minLength": 7, "minimum": -5, "maximum": 999_999_999_999_999i64});
        assert_eq!(check(&fine), Ok(()));
    }

    #[test]
    fn optional_properties_are_dearer_than_required_ones() {
        let names: Vec<String> = (0..150).map(|i| format!("p{i}")).collect();
        let properties: Map<String, Value> = names.iter().map(|n| (n.clone(), json!({}))).collect();
        let error = check(&json!({"properties": properties})).expect_err("refused");
        assert!(error.contains("not `required`: 150, at most 100"), "{error}");
        assert_eq!(check(&json!({"properties": properties, "required": names})), Ok(()));
    }

    #[test]
    fn lists_of_types_multiply() {
        let fields = |value: Value| value.as_object().expect("an object").clone();
        assert_eq!(kinds(&fields(json!({"type": ["string", "null"]}))), Ok(2));
        assert!(kinds(&fields(json!({"type": ["array", "array"]}))).is_err());
    }
}
