//! What a case says of itself for people: names, and where its figures come from.

use std::collections::BTreeMap;

use realm::load::Lang;

/// Figures as written, with their sources, and names.
#[derive(Debug, Clone, Default)]
pub struct Stated {
    /// Each figure of `case.toml`, in its order.
    pub figures: Vec<Figure>,
    names: BTreeMap<(&'static str, String), Name>,
}

/// What people call something, in each language; where a case gives one name, it is of both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    en: String,
    ru: String,
}

impl Name {
    /// A name as a case gives it: `name`, and `name_ru` where it differs.
    pub fn new(name: String, name_ru: Option<String>) -> Self {
        Self { ru: name_ru.unwrap_or_else(|| name.clone()), en: name }
    }

    /// In one language.
    pub fn of(&self, lang: Lang) -> &str {
        if lang == Lang::Ru { &self.ru } else { &self.en }
    }
}

/// One figure of a case as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The kind of table it stands in: `site`.
    pub table: &'static str,
    /// The id of the table; empty where it has none.
    pub id: String,
    /// The field.
    pub field: String,
    /// Its value as written, on one line.
    pub value: String,
    /// Where it comes from; none where the case names no source.
    pub source: Option<String>,
}

impl Stated {
    pub(super) fn name(&mut self, table: &'static str, id: String, name: Name) {
        self.names.insert((table, id), name);
    }

    /// What people call the table with this id; its id where the case gives no name.
    pub fn title<'a>(&'a self, table: &'static str, id: &'a str, lang: Lang) -> &'a str {
        self.named(table, id, lang).unwrap_or(id)
    }

    /// What people call it, where the case gives a name.
    pub fn named(&self, table: &'static str, id: &str, lang: Lang) -> Option<&str> {
        self.names.get(&(table, id.to_owned())).map(|name| name.of(lang))
    }
}
