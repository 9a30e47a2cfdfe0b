//! One table of a case as text, with where each of its figures comes from, and what nobody says.

use std::fmt::Write as _;

use super::facts::Taken;

/// What stands where nobody says a figure; a case that holds it is refused with its place.
pub(super) const UNKNOWN: &str = "\"unknown\"";

/// One table that is being written.
pub(super) struct Entry {
    kind: &'static str,
    fields: Vec<(&'static str, String)>,
    sources: Vec<(&'static str, String)>,
    /// Figures that were taken from tables: field, low, mid and high, source.
    pub(super) taken: Vec<(&'static str, Taken)>,
}

impl Entry {
    pub(super) fn new(kind: &'static str) -> Self {
        Self { kind, fields: Vec::new(), sources: Vec::new(), taken: Vec::new() }
    }

    /// The kind of its table.
    pub(super) fn kind(&self) -> &'static str {
        self.kind
    }

    /// A field that is no figure.
    pub(super) fn put(&mut self, field: &'static str, value: impl Into<String>) {
        self.fields.push((field, value.into()));
    }

    /// A figure that somebody says.
    pub(super) fn said(&mut self, field: &'static str, value: impl Into<String>, source: impl Into<String>) {
        self.put(field, value);
        self.sources.push((field, source.into()));
    }

    /// A figure of a table, or that nobody says it.
    pub(super) fn figure(&mut self, field: &'static str, taken: Option<Taken>) {
        match taken {
            Some(taken) => {
                self.said(field, number(taken.mid), taken.source.clone());
                self.taken.push((field, taken));
            }
            None => self.put(field, UNKNOWN),
        }
    }

    /// The realm's figure, or a table's, or that nobody says it.
    pub(super) fn either(
        &mut self,
        field: &'static str,
        said: Option<(f64, String)>,
        taken: impl FnOnce() -> Option<Taken>,
    ) {
        match said {
            Some((value, source)) => self.said(field, number(value), source),
            None => self.figure(field, taken()),
        }
    }

    /// As TOML; `[case]` is one table, all others are of many.
    pub(super) fn write(&self, text: &mut String) {
        let head = if self.kind == "case" { format!("\n[{}]\n", self.kind) } else { format!("\n[[{}]]\n", self.kind) };
        text.push_str(&head);
        for (field, value) in &self.fields {
            let _ = writeln!(text, "{field} = {value}");
        }
        if !self.sources.is_empty() {
            let _ = writeln!(text, "[{}.source]", self.kind);
        }
        for (field, source) in &self.sources {
            let _ = writeln!(text, "{field} = {}", quoted(source));
        }
    }
}

/// A number without the noise of its last digits.
pub(super) fn number(value: f64) -> String {
    let rounded = (value * 1e9).round() / 1e9;
    if rounded.is_finite() && rounded.abs() < 1e6 { rounded.to_string() } else { value.to_string() }
}

/// A text as TOML writes it in quotes.
pub(crate) fn quoted(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A list of texts.
pub(super) fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<String> = texts.into_iter().map(quoted).collect();
    format!("[{}]", all.join(", "))
}
