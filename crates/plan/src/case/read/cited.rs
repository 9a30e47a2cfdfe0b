//! `source`: where figures come from, as one text for a table or a text for each field.

use toml::de::DeValue;

use super::table::{Field, Raw, Table};
use crate::case::stated::{Figure, Name};

/// The key of `source` for every figure that it does not name.
const REST: &str = "rest";
/// Fields that hold no figure, whatever is in them.
const NO_FIGURE: [&str; 7] = ["id", "name", "name_ru", "year", "version", "source", "limit_source"];
/// Most letters of a name.
const NAME_MAX: usize = 120;
/// Most letters of a value that are kept.
const VALUE_MAX: usize = 240;

impl Table<'_> {
    /// Reads what people call it, `name` and `name_ru`, and keeps it with the table's id.
    pub(super) fn names(&self) -> Option<Name> {
        let name_ru = self.text("name_ru");
        let name = if name_ru.is_some() { self.require("name", self.text("name")) } else { self.text("name") }?;
        for (field, text) in [("name", Some(&name)), ("name_ru", name_ru.as_ref())] {
            if text.is_some_and(|text| !is_sound(text)) {
                self.wrong_type(field, self.place_of(field).span, "name");
                return None;
            }
        }
        let name = Name::new(name, name_ru);
        let id = self.fields.iter().find(|it| it.name == "id").and_then(|it| text(it.raw)).unwrap_or_default();
        self.reading.stated.borrow_mut().name(self.name, id, name.clone());
        Some(name)
    }

    /// Reads the source of a table's figures and keeps them with it; `field` names the source.
    pub(super) fn cited(&self, field: &'static str) {
        let id = self.fields.iter().find(|it| it.name == "id").and_then(|it| text(it.raw)).unwrap_or_default();
        self.cited_as(field, id);
    }

    /// The same of a table that has no id.
    pub(super) fn cited_as(&self, field: &'static str, id: String) {
        let source = self.get(field);
        if let Some(it) = source {
            self.sound_source(field, it);
        }
        let mut stated = self.reading.stated.borrow_mut();
        for it in &self.fields {
            let Raw::Toml(_) = it.raw else { return };
            let written = &self.source.text[it.span.clone()];
            let is_figure = written.contains(|letter: char| letter.is_ascii_digit()) || written.contains("file");
            if NO_FIGURE.contains(&it.name.as_str()) || !is_figure {
                continue;
            }
            stated.figures.push(Figure {
                table: self.name,
                id: id.clone(),
                field: it.name.clone(),
                value: on_one_line(written),
                source: source.and_then(|source| said_of(source.raw, &it.name)),
            });
        }
    }

    /// Makes it a problem that no source is named for a field.
    pub(super) fn must_be_cited(&self, field: &str) {
        let source = self.fields.iter().find(|it| it.name == "source");
        if source.is_none_or(|it| said_of(it.raw, field).is_none()) {
            self.reading.at("case.uncited", &self.place_of(field), &[("field", field.to_owned())]);
        }
    }

    /// A text, or a table of texts by field; what names no field of the table is a problem.
    fn sound_source(&self, field: &'static str, it: &Field<'_>) {
        let Raw::Toml(DeValue::Table(texts)) = it.raw else {
            if text(it.raw).is_none() {
                self.wrong_type(field, it.span.clone(), "source");
            }
            return;
        };
        for (key, value) in texts.iter() {
            let named: &str = key.get_ref();
            if named != REST && (named == field || !self.has(named)) {
                let args = [("table", self.name.to_owned()), ("field", named.to_owned())];
                self.reading.problem("case.source_of", &self.source, key.span(), &args);
            }
            if value.get_ref().as_str().is_none() {
                self.wrong_type(field, value.span(), "source");
            }
        }
    }
}

/// Whether people can read a name, and a terminal show it: nothing that moves a cursor or turns a line round.
fn is_sound(name: &str) -> bool {
    let turns =
        |letter: char| matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let strange = |letter: char| letter.is_control() || turns(letter) || matches!(letter, '\u{2028}' | '\u{2029}');
    !name.trim().is_empty() && name.chars().count() <= NAME_MAX && !name.contains(strange)
}

/// What a source says of a field; a blank says nothing.
fn said_of(source: Raw<'_>, field: &str) -> Option<String> {
    let said = match source {
        Raw::Toml(DeValue::Table(texts)) => {
            let of = |key: &str| texts.get(key).and_then(|it| it.get_ref().as_str()).map(str::to_owned);
            of(field).or_else(|| of(REST))
        }
        other => text(other),
    };
    said.filter(|it| !it.trim().is_empty())
}

fn text(raw: Raw<'_>) -> Option<String> {
    match raw {
        Raw::Cell(text) => Some(text.to_owned()),
        Raw::Toml(value) => value.as_str().map(str::to_owned),
    }
}

/// Without comments and breaks; cut where it is long.
fn on_one_line(written: &str) -> String {
    let lines = written.lines().map(|line| line.split('#').next().unwrap_or_default());
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    let line = words.join(" ").replace(", ]", " ]").replace("[ {", "[{").replace("} ]", "}]");
    if line.chars().count() <= VALUE_MAX {
        return line;
    }
    line.chars().take(VALUE_MAX - 1).chain(['…']).collect()
}
