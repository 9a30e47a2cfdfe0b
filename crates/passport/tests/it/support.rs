use std::path::Path;

use jiff::civil::{Date, date};
use passport::{Merged, Read, read, write};
use realm::Snapshot;
use realm::load::{Diagnostic, SourceSet, check, render};
use realm::world::{PassportForm, PassportSource};
use std::sync::Arc;

pub fn today() -> Date {
    date(2026, 11, 26)
}

pub fn data(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

pub fn read_as(name: &str, bytes: &[u8]) -> Result<Read, Vec<Diagnostic>> {
    read(Path::new(name), bytes, None)
}

pub fn read_file(name: &str) -> Read {
    read_as(name, &data(name)).unwrap()
}

/// Places of what was left, in order.
pub fn left(read: &Read) -> Vec<String> {
    read.left.iter().map(|it| it.place.clone()).collect()
}

pub fn source(sha256: &str) -> PassportSource {
    let (kind, name) = (PassportForm::Paper, "a paper".to_owned());
    PassportSource { kind, name, sha256: sha256.repeat(64), taken: today(), dated: None }
}

/// A realm with one model, and whatever a file of passports says.
pub fn realm(passports: &str) -> Arc<Snapshot> {
    let mut files = SourceSet::default();
    files.insert("realm.toml", include_str!("../data/realm.toml"));
    files.insert("passports/one.toml", passports);
    let checked = check(&files, today());
    checked.unwrap_or_else(|found| panic!("{passports}\n{}", render(&found, realm::load::Lang::En, false))).snapshot
}

/// The realm after a merge was written into a file.
pub fn written(before: &str, merged: &Merged) -> (String, Arc<Snapshot>) {
    let text = write(before, &merged.passport, &merged.added).unwrap();
    let snapshot = realm(&text);
    (text, snapshot)
}
