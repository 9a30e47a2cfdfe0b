//! The demo's two people for live drills: their keys are made with its realm and lie beside it, for their owner only. Where two
//! people are two, each keeps their own.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use store::content::people::Hand;

use super::place::Place;
use crate::command::content::write_new;
use crate::data::DataDir;
use crate::lang::{path_arg, tell};

/// Their names.
const NAMES: [&str; 2] = ["ann", "bob"];

/// Makes their keys, and the realm name them.
pub(super) fn make(place: &Place, realm: &Path) -> Result<()> {
    let folder = DataDir::new(&place.data.path().join("people"));
    folder.create()?;
    let mut people = Vec::new();
    for name in NAMES {
        let (hand, path) = (Hand::generate()?, key_of(folder.path(), name));
        write_new(&path, hand.to_text().as_bytes()).with_context(|| tell("cannot-write", &[path_arg(&path)]))?;
        people.push(format!("{{ name = \"{name}\", key = \"{}\" }}", hand.public()));
    }
    let file = realm.join("realm.toml");
    let text = std::fs::read_to_string(&file).with_context(|| tell("cannot-read", &[path_arg(&file)]))?;
    std::fs::write(&file, named(&text, &people)).with_context(|| tell("cannot-write", &[path_arg(&file)]))
}

fn key_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.key"))
}

/// The realm's text with the people in its first table.
fn named(text: &str, people: &[String]) -> String {
    let line = format!("[realm]\ndrill_people = [{}]\n", people.join(", "));
    text.replacen("[realm]\n", &line, 1)
}
