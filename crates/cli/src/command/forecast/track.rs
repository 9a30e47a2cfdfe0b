//! `freehold forecast freeze`, `ls` and `score`: the track record.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ::forecast::record::{Frozen, Resolved, scores, sha256};
use anyhow::{Context, Result};
use realm::record::Record;
use realm::regular;
use serde_json::json;

use super::{MODEL_BYTES_MAX, Run, model, settings, text};
use crate::args::DrawArgs;
use crate::clock::now;
use crate::command::ledger::each_record;
use crate::command::{block_on, user};
use crate::data::{DataDir, write_synced};
use crate::ended::{Ended, Problems, wrong};
use crate::lang::{path_arg, say, tell};
use crate::{output, realms};

/// Most changes on their way that are looked at.
const PENDING_MAX: u32 = 100_000;

/// Runs a model, keeps what it says under its hash, and has the ledger say so.
pub(super) fn freeze(run: &Run, file: &Path, draw: DrawArgs) -> Result<Ended> {
    let outcome = ::forecast::run(&model(file, &[])?, &settings(draw)).map_err(Problems)?;
    let frozen = Frozen::of(&outcome, &text(file)?, realms::today(), &user());
    let bytes = frozen.to_bytes();
    let sha256 = sha256(&bytes);
    let data = run.place_of_store(true)?;
    let folder = folder(&data);
    std::fs::create_dir_all(&folder).with_context(|| tell("cannot-write", &[path_arg(&folder)]))?;
    let path = folder.join(format!("{}-{sha256}.json", frozen.id));
    write_synced(&path, &bytes)?;
    // The file first: a hash in the ledger without what it is the hash of would help nobody.
    block_on(async {
        let store = run.store(&data).await?;
        Ok(store.freeze_forecast(&frozen.id, &sha256, &frozen.by, now()).await?)
    })?;
    if run.json {
        output::json(&json!({ "id": frozen.id, "sha256": sha256, "path": path }))?;
    } else {
        let args = [("id", frozen.id), path_arg(&path), ("sha256", sha256)];
        output::text(&format!("{}\n", say(run.lang, "forecast-frozen", &args)))?;
    }
    Ok(Ended::Done)
}

/// Lists what is frozen; a file that was changed, or that the ledger does not know, is named, and the answer is no.
pub(super) fn ls(run: &Run) -> Result<Ended> {
    let data = run.existing_data()?;
    let kept = kept(&data)?;
    let told = told(run, &data)?;
    let wrongs = kept.wrongs(&told);
    let said = |it: &Frozen| {
        let readings = it.targets.iter().flat_map(|target| &target.readings);
        readings.map(|it| format!("{:.1} %", it.probability * 100.0)).collect::<Vec<_>>().join(", ")
    };
    if run.json {
        let shown: Vec<_> = kept
            .all
            .iter()
            .map(|(sha256, it)| json!({ "sha256": sha256, "forecast": it, "ledger": told.of(sha256).word() }))
            .collect();
        output::json(&json!({ "frozen": shown, "changed": kept.changed, "missing": told.missing(&kept) }))?;
    } else if kept.all.is_empty() && wrongs.is_empty() {
        output::text(&format!("{}\n", say(run.lang, "forecast-none", &[])))?;
    } else {
        let heads = ["frozen-id", "frozen-at", "frozen-by", "frozen-said", "frozen-ledger", "frozen-sha256"];
        let row = |(sha256, it): &(String, Frozen)| {
            let ledger = say(run.lang, &format!("ledger-{}", told.of(sha256).word()), &[]);
            vec![it.id.clone(), it.at.clone(), it.by.clone(), said(it), ledger, sha256[..12].to_owned()]
        };
        output::table(run.lang, &heads, &[], &kept.all.iter().map(row).collect::<Vec<_>>())?;
    }
    for (key, args) in &wrongs {
        eprintln!("{}", say(run.lang, key, args));
    }
    Ok(if wrongs.is_empty() { Ended::Done } else { Ended::No })
}

/// Scores what is frozen by what happened. Nothing is scored while the ledger and the files differ: who could leave out what went
/// badly would be good at everything.
pub(super) fn score(run: &Run, resolved: &Path) -> Result<Ended> {
    let resolved = Resolved::parse(resolved, &text(resolved)?, realms::today()).map_err(Problems)?;
    let data = run.existing_data()?;
    let kept = kept(&data)?;
    if let Some((key, args)) = kept.wrongs(&told(run, &data)?).first() {
        return Err(wrong(key, args));
    }
    let frozen: Vec<Frozen> = kept.all.into_iter().map(|(_, it)| it).collect();
    let scores = scores(&frozen, &resolved);
    if run.json {
        output::json(&scores)?;
    } else {
        output::text(&scores.report(run.lang).to_text())?;
    }
    Ok(if scores.scored.is_empty() { Ended::No } else { Ended::Done })
}

fn folder(data: &DataDir) -> PathBuf {
    data.path().join("forecasts")
}

/// What lies in the folder.
struct Kept {
    /// Frozen forecasts by their hashes, oldest day first.
    all: Vec<(String, Frozen)>,
    /// Files that are not what their name says.
    changed: Vec<PathBuf>,
}

/// A message and its arguments.
type Wrong = (&'static str, Vec<(&'static str, String)>);

impl Kept {
    /// Everything in which files and ledger differ.
    fn wrongs(&self, told: &Told) -> Vec<Wrong> {
        let changed = self.changed.iter().map(|path| ("forecast-changed", vec![path_arg(path)]));
        let unknown = self.all.iter().filter(|(sha256, _)| told.of(sha256) == Known::Nowhere);
        let unknown =
            unknown.map(|(sha256, it)| ("forecast-unknown", vec![("id", it.id.clone()), ("sha256", sha256.clone())]));
        let missing = told.missing(self).into_iter().map(|sha256| ("forecast-missing", vec![("sha256", sha256)]));
        changed.chain(unknown).chain(missing).collect()
    }
}

fn kept(data: &DataDir) -> Result<Kept> {
    let mut kept = Kept { all: Vec::new(), changed: Vec::new() };
    let Ok(entries) = std::fs::read_dir(folder(data)) else { return Ok(kept) };
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|it| it != "json") {
            continue;
        }
        let bytes = regular::read(&path, MODEL_BYTES_MAX).with_context(|| tell("cannot-read", &[path_arg(&path)]))?;
        let sha256 = sha256(&bytes);
        let is_named = path.file_stem().and_then(|it| it.to_str()).is_some_and(|it| it.ends_with(&sha256));
        match Frozen::from_bytes(&bytes).filter(|_| is_named) {
            Some(frozen) => kept.all.push((sha256, frozen)),
            None => kept.changed.push(path),
        }
    }
    kept.all.sort_by(|a, b| (&a.1.at, &a.1.id, &a.0).cmp(&(&b.1.at, &b.1.id, &b.0)));
    kept.changed.sort();
    Ok(kept)
}

/// Where the hash of a frozen forecast is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Ledger,
    /// On its way: a server that runs writes it.
    Waiting,
    Nowhere,
}

impl Known {
    fn word(self) -> &'static str {
        match self {
            Self::Ledger => "recorded",
            Self::Waiting => "waiting",
            Self::Nowhere => "unknown",
        }
    }
}

/// Hashes of frozen forecasts that the ledger holds, or will.
#[derive(Default)]
struct Told {
    ledger: BTreeSet<String>,
    waiting: BTreeSet<String>,
}

impl Told {
    fn of(&self, sha256: &str) -> Known {
        match (self.ledger.contains(sha256), self.waiting.contains(sha256)) {
            (true, _) => Known::Ledger,
            (false, true) => Known::Waiting,
            (false, false) => Known::Nowhere,
        }
    }

    /// What was frozen, by the ledger, and has no file here.
    fn missing(&self, kept: &Kept) -> Vec<String> {
        let here: BTreeSet<&str> = kept.all.iter().map(|(sha256, _)| sha256.as_str()).collect();
        self.ledger.iter().filter(|it| !here.contains(it.as_str())).cloned().collect()
    }
}

fn told(run: &Run, data: &DataDir) -> Result<Told> {
    let mut told = Told::default();
    each_record(data, |_, _, record| {
        told.ledger.extend(frozen_hash(&record));
        Ok(())
    })?;
    let pending = block_on(async { Ok(run.store(data).await?.pending(PENDING_MAX).await?) })?;
    let records = pending.iter().filter_map(|it| Record::from_bytes(&it.body).ok());
    told.waiting.extend(records.filter_map(|it| frozen_hash(&it)));
    Ok(told)
}

/// The hash that a record says was frozen.
fn frozen_hash(record: &Record) -> Option<String> {
    let Record::Change(change) = record else { return None };
    let hash = change.note.as_deref().filter(|_| change.what == "forecast.freeze")?.strip_prefix("sha256 ")?;
    Some(hash.to_owned())
}
