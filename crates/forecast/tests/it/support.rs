//! A sound model, and ways to change it.

use std::path::Path;

use forecast::{Around, Model};
use jiff::civil::{Date, date};
use realm::load::Diagnostic;

pub(crate) const SOUND: &str = include_str!("../models/sound.toml");
pub(crate) const TODAY: Date = date(2026, 11, 26);

pub(crate) fn parse(text: &str) -> Result<Model, Vec<Diagnostic>> {
    parse_with(text, &[])
}

pub(crate) fn parse_with(text: &str, sets: &[(String, String)]) -> Result<Model, Vec<Diagnostic>> {
    let files = |name: &str| Err(format!("{name} is not here"));
    Model::parse(Path::new("sound.toml"), text, &Around { today: TODAY, sets, files: &files })
}

pub(crate) fn sound() -> Model {
    changed(&[])
}

/// The sound model with texts replaced.
pub(crate) fn changed(changes: &[(&str, &str)]) -> Model {
    let mut text = SOUND.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "`{from}` is not in the model");
        text = text.replacen(from, to, 1);
    }
    parse(&text).unwrap_or_else(|problems| panic!("{}", said(&problems)))
}

pub(crate) fn said(problems: &[Diagnostic]) -> String {
    realm::load::render(problems, realm::load::Lang::En, false)
}
