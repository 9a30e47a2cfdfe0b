use cedar_policy::Policy;
use serde_json::{Map, Value, json};

use super::trial::Trial;
use crate::rule::Rule;

/// Comparisons, each with the one that differs from it at the border.
const FLIPS: [(&str, &str); 8] = [
    ("<", "<="),
    ("<=", "<"),
    (">", ">="),
    (">=", ">"),
    ("lessThan", "lessThanOrEqual"),
    ("lessThanOrEqual", "lessThan"),
    ("greaterThan", "greaterThanOrEqual"),
    ("greaterThanOrEqual", "greaterThan"),
];

/// Tries a rule changed in every way; how many ways there are, and those that no case notices.
pub(super) fn try_all(rule: &Rule, policy: &Policy, trials: &[Trial<'_>]) -> (usize, Vec<String>) {
    let noticed = |rule: &Rule, policy: &Policy| trials.iter().any(|trial| !trial.holds(rule, policy));
    let mut unnoticed = Vec::new();
    let mut count = 0;
    for (what, moved) in moved(rule) {
        count += 1;
        if !noticed(&moved, policy) {
            unnoticed.push(what);
        }
    }
    for mutant in mutants(policy) {
        count += 1;
        if !noticed(rule, &mutant) {
            unnoticed.push(conditions(&mutant));
        }
    }
    (count, unnoticed)
}

/// The rule a day earlier or later.
fn moved(rule: &Rule) -> Vec<(String, Rule)> {
    let mut all = Vec::new();
    let days = |date: jiff::civil::Date| [date.yesterday().ok(), date.tomorrow().ok()].into_iter().flatten();
    for day in rule.from.into_iter().flat_map(days) {
        all.push((format!("@from(\"{day}\")"), Rule { from: Some(day), ..rule.clone() }));
    }
    for day in rule.until.into_iter().flat_map(days) {
        all.push((format!("@until(\"{day}\")"), Rule { until: Some(day), ..rule.clone() }));
    }
    all
}

/// The policy with one of its conditions changed, by way of Cedar's own JSON.
fn mutants(policy: &Policy) -> Vec<Policy> {
    let Ok(json) = policy.to_json() else { return Vec::new() };
    let parts = json["conditions"].as_array().map_or(0, Vec::len);
    let mut all = Vec::new();
    for part in 0..parts {
        for body in of_condition(&json["conditions"][part]["body"]) {
            let mut changed = json.clone();
            changed["conditions"][part]["body"] = body;
            all.extend(Policy::from_json(Some(policy.id().clone()), changed));
        }
    }
    all
}

/// A condition: without it, the other way round, and changed inside.
fn of_condition(body: &Value) -> Vec<Value> {
    if is_chain(body, "&&") || is_chain(body, "||") {
        return inside(body);
    }
    let mut all = vec![json!({ "Value": true }), not(body)];
    all.extend(inside(body));
    all
}

/// A part of a chain: left out, the other way round, and changed inside.
fn of_part(part: &Value, chain: &str) -> Vec<Value> {
    if is_chain(part, "&&") || is_chain(part, "||") {
        let mut all = inside(part);
        if !is_chain(part, chain) {
            all.push(json!({ "Value": chain == "&&" }));
        }
        return all;
    }
    let mut all = vec![json!({ "Value": chain == "&&" }), not(part)];
    all.extend(inside(part));
    all
}

/// The changes of an expression's parts, each in its place.
fn inside(expr: &Value) -> Vec<Value> {
    let Some((operator, operands)) = expr.as_object().and_then(|fields| fields.iter().next()) else {
        return Vec::new();
    };
    let mut all = of_operator(operator, operands);
    let parts: Vec<(Place, &Value)> = match operands {
        Value::Object(fields) => fields.iter().map(|(name, part)| (Place::Name(name.clone()), part)).collect(),
        Value::Array(parts) => parts.iter().enumerate().map(|(at, part)| (Place::At(at), part)).collect(),
        _ => Vec::new(),
    };
    for (place, part) in parts {
        let changes = match operator.as_str() {
            "&&" | "||" => of_part(part, operator),
            _ => inside(part),
        };
        for change in changes {
            let mut changed = operands.clone();
            match &place {
                Place::Name(name) => changed[name.as_str()] = change,
                Place::At(at) => changed[*at] = change,
            }
            all.push(put(operator, changed));
        }
    }
    all
}

/// An operator with its border moved, or a list with an entry less.
fn of_operator(operator: &str, operands: &Value) -> Vec<Value> {
    // `==` the other way round is what its negation says already.
    let flip = FLIPS.iter().find(|(from, _)| *from == operator);
    let mut all: Vec<Value> = flip.map(|(_, to)| put(to, operands.clone())).into_iter().collect();
    let members = operands.as_array().filter(|members| operator == "Set" && members.len() > 1);
    for place in 0..members.map_or(0, Vec::len) {
        let mut fewer = members.cloned().unwrap_or_default();
        fewer.remove(place);
        all.push(put("Set", Value::from(fewer)));
    }
    all
}

fn put(operator: &str, operands: Value) -> Value {
    Value::Object(Map::from_iter([(operator.to_owned(), operands)]))
}

enum Place {
    Name(String),
    At(usize),
}

fn is_chain(expr: &Value, operator: &str) -> bool {
    expr.get(operator).is_some()
}

/// The other way round; twice is not at all.
fn not(expr: &Value) -> Value {
    match expr.get("!").and_then(|inner| inner.get("arg")) {
        Some(inner) => inner.clone(),
        None => json!({ "!": { "arg": expr } }),
    }
}

/// What a changed rule says, without its annotations.
fn conditions(policy: &Policy) -> String {
    let text = policy.to_string();
    let text = text.find("when").map_or(text.as_str(), |at| &text[at..]);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use cedar_policy::Policy;

    use super::{conditions, mutants};

    #[test]
    fn each_condition_is_left_out_turned_round_and_changed_inside() {
        let rule = "forbid (principal, action, resource) when { principal.a && !([\"x\", \"y\"].contains(context.b) || context.c < 5) };";
        let found: Vec<String> = mutants(&Policy::from_str(rule).unwrap()).iter().map(conditions).collect();
        let both = |part: &str| format!("when {{ principal.a && {part} }};");
        for wanted in [
            "when { true && (!([\"x\", \"y\"].contains(context.b) || (context.c < 5))) };".to_owned(),
            both("true"),
            both("([\"x\", \"y\"].contains(context.b) || (context.c < 5))"),
            both("(!(false || (context.c < 5)))"),
            both("(!([\"y\"].contains(context.b) || (context.c < 5)))"),
            both("(!([\"x\", \"y\"].contains(context.b) || (context.c <= 5)))"),
        ] {
            assert!(found.contains(&wanted), "{wanted}\nis not among\n{}", found.join("\n"));
        }
        assert_eq!(found.len(), 11, "{}", found.join("\n"));
    }
}
