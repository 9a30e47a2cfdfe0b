//! The file of a passport in the realm, and how it is written: whole or not at all, and never so that the realm is refused.

use std::fs;
use std::path::{Path, PathBuf};

use ::passport::{holds, write};
use anyhow::{Context, Result};
use realm::Snapshot;
use realm::world::Passport;

use crate::ended::{Problems, wrong};
use crate::lang::{path_arg, tell};
use crate::realms;

/// Where a model's passport stands, or would by custom.
pub(super) fn of_passport(snapshot: &Snapshot, passport: &Passport) -> PathBuf {
    let is_there = |(path, bytes): &&(PathBuf, Vec<u8>)| {
        path.extension().is_some_and(|end| end == "toml")
            && std::str::from_utf8(bytes).is_ok_and(|text| holds(text, &passport.model))
    };
    let found = snapshot.files.iter().find(is_there).map(|(path, _)| path.clone());
    found.unwrap_or_else(|| Path::new("passports").join(format!("{}.toml", passport.model)))
}

/// Writes fields of a passport into its file. A realm that would be refused then is left as it was.
pub(super) fn keep(realm: &Path, file: &Path, passport: &Passport, fields: &[&str]) -> Result<()> {
    let path = realm.join(file);
    let before = match fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(crate::ended::unreadable(&path, &error)),
    };
    let text = write(before.as_deref().unwrap_or_default(), passport, fields)
        .map_err(|_| wrong("passport-unwritable", &[path_arg(&path)]))?;
    put(&path, &text)?;
    let Err(problems) = realms::check(realm) else { return Ok(()) };
    match &before {
        Some(text) => put(&path, text)?,
        None => fs::remove_file(&path).with_context(|| tell("cannot-write", &[path_arg(&path)]))?,
    }
    Err(Problems(problems).into())
}

/// Puts a text in place of a file: a server that reads the realm meanwhile sees the one or the other.
fn put(path: &Path, text: &str) -> Result<()> {
    let failed = || tell("cannot-write", &[path_arg(path)]);
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder).with_context(failed)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // Hidden, and so no part of the realm.
    let draft = folder.join(format!(".{name}.{}", std::process::id()));
    fs::write(&draft, text).with_context(failed)?;
    fs::rename(&draft, path).with_context(failed)
}
