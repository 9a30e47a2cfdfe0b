//! What is said to people, in English and in Russian.

use realm::load::{Catalogue, Lang};

/// Messages of this crate.
pub static MESSAGES: Catalogue =
    Catalogue { en: include_str!("../locales/en.ftl"), ru: include_str!("../locales/ru.ftl") };

/// A message, filled in.
pub(crate) fn say(lang: Lang, key: &str, args: &[(&'static str, String)]) -> String {
    MESSAGES.text(lang, key, args).message
}
