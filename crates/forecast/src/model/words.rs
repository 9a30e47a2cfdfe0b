//! What people call something: in one language, or in both.

use realm::load::Lang;
use serde::{Deserialize, Serialize};
use toml::de::DeValue;

use super::table::Table;

/// A name or a sentence for people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// In English, or in the one language that there is.
    pub en: String,
    /// In Russian.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ru: Option<String>,
}

impl Words {
    /// In a language, or in the one that there is.
    pub fn of(&self, lang: Lang) -> &str {
        self.ru.as_deref().filter(|_| lang == Lang::Ru).unwrap_or(&self.en)
    }
}

/// Reads `title = "…"` or `title = { en = "…", ru = "…" }`.
pub(super) fn words(table: &Table<'_>, field: &'static str) -> Option<Words> {
    if table.is_text(field) {
        return table.text(field).map(|it| Words { en: it.value, ru: None });
    }
    if !table.has(field) {
        // Asked for, so that it is known.
        table.get(field);
        return None;
    }
    let inner = table.sub(field)?;
    let (en, ru) = (inner.require("en", inner.text("en")), inner.text("ru"));
    inner.finish();
    Some(Words { en: en?.value, ru: ru.map(|it| it.value) })
}

impl Table<'_> {
    /// Whether a field is a text.
    pub(super) fn is_text(&self, field: &'static str) -> bool {
        self.get(field).is_some_and(|it| matches!(it.get_ref(), DeValue::String(_)))
    }
}
