//! Words that a later version understands. Naming the version is kinder than "unknown".

/// Tables of later versions.
pub(super) const TABLES: &[(&str, &str)] = &[
    ("accelerator", "0.5"),
    ("device", "0.9"),
    ("energy_source", "0.5"),
    ("member", "0.8"),
    ("site", "0.5"),
    ("throughput", "0.5"),
];

/// Fields of later versions, by table.
const FIELDS: &[(&str, &str, &str)] = &[("deployment", "site", "0.5"), ("initiative", "training", "0.8")];

/// Values of later versions, by field.
const VALUES: &[(&str, &str, &str)] = &[("strategy", "cheapest_passing", "0.4")];

/// The version that brings a table.
pub(super) fn table(name: &str) -> Option<&'static str> {
    TABLES.iter().find(|(table, _)| *table == name).map(|(_, version)| *version)
}

/// The version that brings a field.
pub(super) fn field(table: &str, name: &str) -> Option<&'static str> {
    find(FIELDS, table, name)
}

/// The version that brings a value.
pub(super) fn value(field: &str, word: &str) -> Option<&'static str> {
    find(VALUES, field, word)
}

fn find(words: &[(&str, &str, &'static str)], within: &str, word: &str) -> Option<&'static str> {
    words.iter().find(|(a, b, _)| *a == within && *b == word).map(|(_, _, version)| *version)
}
