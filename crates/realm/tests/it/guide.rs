use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use realm::load::{SourceSet, check};

use crate::support::{root, today};

/// Every table there is, each with a field that no table has.
const ASKING: &str = r#"
[realm]
x-x = 1
ledger = { x-x = 1 }
sign_in = { x-x = 1 }
packs = ["p"]
[[sector]]
x-x = 1
[[organisation]]
x-x = 1
owners = [{ x-x = 1 }]
budget = { x-x = 1 }
limits = { x-x = 1 }
[[app]]
x-x = 1
[[model]]
x-x = 1
training = { x-x = 1 }
[[provider]]
x-x = 1
credential = { x-x = 1 }
timeouts = { x-x = 1 }
[[deployment]]
x-x = 1
price = { x-x = 1 }
energy = { x-x = 1 }
capacity = { x-x = 1 }
[[route]]
x-x = 1
deployments = [{ x-x = 1 }]
[[detector]]
x-x = 1
[[witness]]
x-x = 1
[[sandbox]]
x-x = 1
signed = [{ x-x = 1 }]
[[initiative]]
x-x = 1
training = { x-x = 1 }
[[indicator]]
x-x = 1
[[evidence]]
x-x = 1
[[passport]]
x-x = 1
weights = [{ x-x = 1 }]
evaluations = [{ x-x = 1 }]
sources = [{ x-x = 1 }]
[[site]]
x-x = 1
nodes = [{ x-x = 1 }]
[[accelerator]]
x-x = 1
[[throughput]]
x-x = 1
[[energy_source]]
x-x = 1
outages = [{ x-x = 1 }]
"#;

/// The fields of each table, as the loader itself tells them to somebody who misspells one.
fn fields() -> BTreeMap<String, BTreeSet<String>> {
    let mut files = SourceSet::default();
    files.insert("realm.toml", ASKING);
    files.insert("packs/p/pack.toml", "x-x = 1\n");
    let problems = check(&files, today()).unwrap_err();
    let mut tables = BTreeMap::new();
    for problem in problems.iter().filter(|problem| problem.code == "realm.unknown_field") {
        let arg = |name| problem.args.iter().find(|(it, _)| *it == name).map(|(_, value)| value.clone()).unwrap();
        tables.insert(arg("table"), arg("fields").split(", ").map(str::to_owned).collect());
    }
    tables
}

#[test]
fn the_guide_knows_every_field() {
    let guide = fs::read_to_string(root().join("docs/realm.md")).unwrap();
    let tables = fields();
    assert_eq!(tables.len(), 39, "{:?}", tables.keys());
    for (table, fields) in tables {
        let outer = table.split('.').next().unwrap();
        let heading = match outer {
            "realm" => "## `[realm]`".to_owned(),
            "pack" => "## A pack's `pack.toml`".to_owned(),
            _ => format!("## `[[{outer}]]`"),
        };
        let (_, rest) = guide.split_once(&heading).unwrap_or_else(|| panic!("no section {heading}"));
        let section = rest.split("\n## ").next().unwrap();
        let missing: Vec<_> = fields
            .iter()
            .filter(|it| !section.contains(&format!("`{it}`")) && !section.contains(&format!("{it} =")))
            .collect();
        assert!(missing.is_empty(), "{table}: {missing:?}");
    }
}
