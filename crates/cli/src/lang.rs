//! What the command line says, in English and in Russian.

use std::path::Path;

use realm::load::Catalogue;
pub(crate) use realm::load::{Lang, Text};

static TEXTS: Catalogue = Catalogue { en: include_str!("../locales/en.ftl"), ru: include_str!("../locales/ru.ftl") };

/// The language of this run: `FREEHOLD_LANG`, then the usual variables of the locale.
pub(crate) fn of_environment() -> Lang {
    let tag = ["FREEHOLD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    Lang::of(tag.as_deref().unwrap_or("en"))
}

/// A message, filled in.
pub(crate) fn say(lang: Lang, key: &str, args: &[(&'static str, String)]) -> String {
    text(lang, key, args).message
}

/// A message in the language of this run, for what is said far from where the command knows it.
pub(crate) fn tell(key: &str, args: &[(&'static str, String)]) -> String {
    say(of_environment(), key, args)
}

/// A path as an argument of a message.
pub(crate) fn path_arg(path: &Path) -> (&'static str, String) {
    ("path", path.display().to_string())
}

/// A message with its help.
pub(crate) fn text(lang: Lang, key: &str, args: &[(&'static str, String)]) -> Text {
    TEXTS.text(lang, key, args)
}
