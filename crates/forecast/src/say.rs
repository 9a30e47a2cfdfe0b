//! What is said to people, in English and in Russian.

use realm::load::Catalogue;

/// Messages of this crate.
pub static MESSAGES: Catalogue =
    Catalogue { en: include_str!("../locales/en.ftl"), ru: include_str!("../locales/ru.ftl") };
