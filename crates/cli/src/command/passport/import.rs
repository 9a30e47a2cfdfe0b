//! `freehold passport import`: what a document says goes into the realm's passport, what it does not say is named, and its
//! results are kept as published.

use std::path::Path;

use ::drill::eval::Published;
use ::passport::{BYTES_MAX, Left, Merged, Read, Sheet, differences, merge, read};
use anyhow::Result;
use realm::regular::{self, Unread};
use realm::world::{Model, PassportSource, PublishedResult, World};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{named, place, show};
use crate::args::PassportImportArgs;
use crate::command::Run;
use crate::command::eval::keep_published;
use crate::ended::{Ended, Problems, wrong};
use crate::lang::{path_arg, say};
use crate::{output, realms};

/// A document that was read, and what it adds to the model's passport.
struct Taken<'w> {
    model: &'w Model,
    read: Read,
    left: Vec<Left>,
    merged: Merged,
    sheets: [Sheet; 3],
    file: std::path::PathBuf,
}

pub(super) fn run(run: &Run, args: &PassportImportArgs) -> Result<Ended> {
    let checked = realms::open(&run.realm)?;
    let world = &checked.snapshot.world;
    let bytes = bytes(&args.file)?;
    let read = read(&args.file, &bytes, args.component.as_deref()).map_err(Problems)?;
    let model = model(world, args, &read)?;
    let mut taken = taken(world, model, read, &args.file, &bytes, args);
    taken.file = place::of_passport(&checked.snapshot, &taken.merged.passport);
    let mut kept = Vec::new();
    if !args.dry_run {
        place::keep(&run.realm, &taken.file, &taken.merged.passport, &taken.merged.added)?;
        kept = keep_published(run, &taken.merged.results.iter().map(|it| published(model, it)).collect::<Vec<_>>())?;
    }
    told(run, &taken, &kept, args.dry_run)?;
    Ok(Ended::Done)
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    let why = |error: Unread| wrong("cannot-read-why", &[path_arg(path), ("why", error.to_string())]);
    regular::read(path, BYTES_MAX).map_err(why)
}

/// The model that was named; else the one that is called as the document calls its own.
fn model<'w>(world: &'w World, args: &PassportImportArgs, read: &Read) -> Result<&'w Model> {
    if let Some(id) = &args.model {
        return named(world, id);
    }
    let plain = |text: &str| text.to_lowercase().replace([' ', '_'], "-");
    let called = read.document.name.as_deref().map(plain);
    let is_it = |model: &&Model| {
        called.as_deref().is_some_and(|name| {
            name == model.id.as_str()
                || name == plain(&model.name)
                || name.rsplit('/').next() == Some(model.id.as_str())
        })
    };
    let known = world.models.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let name = read.document.name.clone().unwrap_or_else(|| "–".to_owned());
    world.models.values().find(is_it).ok_or_else(|| wrong("passport-which", &[("name", name), ("known", known)]))
}

fn taken<'w>(
    world: &World,
    model: &'w Model,
    mut read: Read,
    file: &Path,
    bytes: &[u8],
    args: &PassportImportArgs,
) -> Taken<'w> {
    let mut left = std::mem::take(&mut read.left);
    left.extend(read.document.only_places(|place| world.knows(place)));
    let source = PassportSource {
        kind: read.form,
        name: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        sha256: hex::encode(Sha256::digest(bytes)),
        taken: realms::today(),
        dated: read.document.dated,
    };
    let before = world.passports.get(&model.id);
    let merged = merge(before, &model.id, &read.document, source, args.date);
    let sheets =
        [Sheet::of_document(&read.document), Sheet::of(model, before), Sheet::of(model, Some(&merged.passport))];
    Taken { model, read, left, merged, sheets, file: std::path::PathBuf::new() }
}

fn published(model: &Model, it: &PublishedResult) -> Published {
    Published {
        model: model.id.to_string(),
        suite: it.suite.clone(),
        // Within 0 and 1, and kept in millionths.
        score: it.score.to_string().parse().unwrap_or_default(),
        n: it.questions,
        date: it.date,
        source: it.source.clone(),
    }
}

fn told(run: &Run, it: &Taken<'_>, kept: &[String], dry: bool) -> Result<()> {
    let [alone, before, after] = &it.sheets;
    if run.json {
        return output::json(&json!({
            "model": it.model.id, "form": it.read.form.as_str(), "file": it.file.display().to_string(),
            "written": !dry, "document": alone.to_json(), "before": before.present(), "passport": after.to_json(),
            "added": it.merged.added, "kept": it.merged.kept, "left": it.left,
            "evaluations": kept, "undated": it.merged.undated,
        }));
    }
    let mut page = String::new();
    let mut line = |key: &str, args: &[(&'static str, String)]| {
        page.push_str(&say(run.lang, key, args));
        page.push('\n');
    };
    let count = |sheet: &Sheet| format!("{}/{}", sheet.present(), sheet.total());
    line("passport-alone", &[("form", it.read.form.as_str().to_owned()), ("count", count(alone))]);
    let now = [("model", it.model.id.to_string()), ("before", count(before)), ("after", count(after))];
    line(if dry { "passport-would" } else { "passport-now" }, &now);
    line("passport-file", &[("path", it.file.display().to_string())]);
    if !it.merged.added.is_empty() {
        line("passport-added", &[("fields", it.merged.added.join(", "))]);
    }
    if !it.merged.kept.is_empty() {
        line("passport-kept", &[("fields", it.merged.kept.join(", "))]);
    }
    if !kept.is_empty() {
        line("eval-imported", &[("count", kept.len().to_string())]);
    }
    if it.merged.undated > 0 {
        line("passport-undated", &[("count", it.merged.undated.to_string())]);
    }
    page.push_str(&strange(run, it));
    page.push_str(&show::gaps(run.lang, after));
    output::text(&page)
}

/// What differs from the realm, and what was not taken.
fn strange(run: &Run, it: &Taken<'_>) -> String {
    let mut page = String::new();
    for one in differences(it.model, &it.read.document) {
        let args = [("field", one.field.title(run.lang)), ("model", one.model), ("papers", one.papers)];
        page.push_str(&format!("{}\n", say(run.lang, "passport-differs", &args)));
    }
    for left in &it.left {
        let args = [("place", left.place.clone()), ("why", left.why.told(run.lang))];
        page.push_str(&format!("{}\n", say(run.lang, "passport-left", &args)));
    }
    page
}
