//! Words that a later version understands. Naming the version is kinder than "unknown".

/// Tables of later versions.
pub(super) const TABLES: &[(&str, &str)] = &[("device", "0.9"), ("member", "0.8")];

/// Fields of later versions, by table.
const FIELDS: &[(&str, &str, &str)] = &[("site", "scheduler", "0.6")];

/// The version that brings a table.
pub(super) fn table(name: &str) -> Option<&'static str> {
    TABLES.iter().find(|(table, _)| *table == name).map(|(_, version)| *version)
}

/// The version that brings a field.
pub(super) fn field(table: &str, name: &str) -> Option<&'static str> {
    FIELDS.iter().find(|(a, b, _)| *a == table && *b == name).map(|(_, _, version)| *version)
}
