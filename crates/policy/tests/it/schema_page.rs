//! The page about the schema and the schema say the same.

use std::collections::BTreeSet;

use cedar_policy::SchemaFragment;
use policy::SCHEMA;
use serde_json::Value;

const PAGE: &str = include_str!("../../../../docs/policy-schema.md");

/// `(owner, attribute, type, fact)` as the schema has them.
fn of_schema() -> BTreeSet<(String, String, String, bool)> {
    let (fragment, warnings) = SchemaFragment::from_cedarschema_str(SCHEMA).expect("the schema is a schema");
    assert_eq!(warnings.count(), 0);
    let json = fragment.to_json_value().expect("it has a JSON form");
    let mut all = BTreeSet::new();
    for (name, entity) in json[""]["entityTypes"].as_object().expect("there are entity types") {
        all.extend(attributes(name, &entity["shape"]));
    }
    for action in json[""]["actions"].as_object().expect("there are actions").values() {
        all.extend(attributes("context", &action["appliesTo"]["context"]));
    }
    all
}

fn attributes(owner: &str, record: &Value) -> Vec<(String, String, String, bool)> {
    let attributes = record["attributes"].as_object().unwrap_or_else(|| panic!("{owner} is a record: {record}"));
    let attribute = |(name, value): (&String, &Value)| {
        assert_ne!(value["required"], Value::Bool(false), "every fact is declared required: {owner}.{name}");
        let fact = value["annotations"].get("fact").is_some();
        (owner.to_owned(), name.clone(), type_name(value), fact)
    };
    attributes.iter().map(attribute).collect()
}

fn type_name(value: &Value) -> String {
    match value["type"].as_str() {
        Some("Set") => format!("Set<{}>", type_name(&value["element"])),
        Some("EntityOrCommon" | "Entity" | "Extension") => {
            value["name"].as_str().expect("a name").replace("__cedar::", "")
        }
        Some(name) => name.to_owned(),
        None => panic!("a type: {value}"),
    }
}

/// The same as the page's table of attributes has them.
fn of_page() -> BTreeSet<(String, String, String, bool)> {
    let section = PAGE.split("## Attributes").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the section");
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let bare = |cell: &str| cell.replace('`', "");
        let (kind, fact) = match cells[2].split_once(',') {
            Some((kind, rest)) => (bare(kind), rest.trim() == "fact"),
            None => (bare(cells[2]), false),
        };
        (bare(cells[0]), bare(cells[1]), kind, fact)
    };
    rows.map(row).collect()
}

#[test]
fn the_table_is_the_schema() {
    assert_eq!(of_page(), of_schema());
}

#[test]
fn no_known_attribute_has_the_name_of_a_fact() {
    let all = of_schema();
    let facts: BTreeSet<_> = all.iter().filter(|(.., fact)| *fact).map(|(_, name, ..)| name).collect();
    let known: BTreeSet<_> = all.iter().filter(|(.., fact)| !fact).map(|(_, name, ..)| name).collect();
    assert_eq!(facts.intersection(&known).count(), 0);
}
