//! `freehold ledger verify`: recomputes, compares, and says where it fails.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ledger::checkpoint::Keys;
use ledger::note::{Algorithm, VerifierKey};
use ledger::verify::{Directory, Failure, Options, Remember, Report, log_dir, published};
use serde_json::json;

use super::super::Run;
use super::beside::{self, Head};
use super::http::Published;
use super::{keys_beside, public_key};
use crate::data::{DataDir, is_locked};
use crate::ended::{Ended, wrong};
use crate::foreign;
use crate::lang::{path_arg, say, tell};
use crate::output;

/// One log to verify.
enum Target {
    /// A log as its writer keeps it, and where its own state lies.
    Own { dir: PathBuf, state: Option<PathBuf> },
    /// A directory in the published form.
    Static(PathBuf),
    /// A published log at an address.
    Url(String),
}

pub(super) fn run(run: &Run, place: Option<&str>, pubkey: &[String], remember: Option<&Path>) -> Result<Ended> {
    let place = place.map_or_else(|| run.data.to_string_lossy().into_owned(), str::to_owned);
    let targets = targets(&place)?;
    let named = parse_keys(pubkey)?;
    let mut seen = remember
        .map(Remember::load)
        .transpose()
        .with_context(|| tell("cannot-read", &[path_arg(remember.unwrap_or(Path::new("")))]))?;
    let mut all_hold = true;
    for target in &targets {
        let (witnessed, head) = (target.witnessed()?, target.head()?);
        let result = one(target, &named, seen.as_ref().or(witnessed.as_ref()))?;
        let result = result.and_then(|report| head.map_or(Ok(()), |head| head.check(&report)).map(|()| report));
        if let (Ok(report), Some(seen)) = (&result, &mut seen) {
            seen.update(&report.checkpoint).with_context(|| tell("verify-cannot-remember", &[]))?;
        }
        all_hold &= result.is_ok();
        let cosigned =
            result.as_ref().ok().zip(witnessed.as_ref()).and_then(|(report, seen)| cosigned(report, seen, &named));
        show(run, target, result, cosigned)?;
    }
    if all_hold && let Some(data) = data_of(&place) {
        let kept = beside::snapshots(&data)?;
        all_hold &= kept.is_ok();
        if let Err(failure) = kept {
            told(run, &data.snapshots().display().to_string(), failure)?;
        }
    }
    if let (Some(seen), Some(path)) = (&seen, remember) {
        seen.save(path).with_context(|| tell("cannot-write", &[path_arg(path)]))?;
    }
    Ok(if all_hold { Ended::Done } else { Ended::No })
}

fn one(target: &Target, named: &Keys, remembered: Option<&Remember>) -> Result<Result<Report, Failure>> {
    let keys = if named.logs.is_empty() {
        Keys { logs: target.keys_beside()?, witnesses: named.witnesses.clone() }
    } else {
        named.clone()
    };
    if keys.logs.is_empty() {
        return Err(wrong("verify-which-key", &[("log", target.name())]));
    }
    let started = crate::clock::now();
    let told = std::cell::Cell::new(started);
    let progress = |size: ledger::TreeSize| {
        // A line every two seconds is enough for whoever waits.
        if crate::clock::now().since(told.get()) > 2_000 {
            told.set(crate::clock::now());
            eprintln!("{}", tell("verify-so-far", &[("size", size.to_string())]));
        }
    };
    let live = target.is_being_written();
    let options = Options { keys, remembered, live, progress: Some(&progress) };
    Ok(match target {
        Target::Own { dir, .. } => log_dir(dir, &options),
        Target::Static(dir) => published(&Directory::new(dir), &options),
        Target::Url(url) => published(&Published::new(url), &options),
    })
}

fn targets(place: &str) -> Result<Vec<Target>> {
    if place.starts_with("http://") || place.starts_with("https://") {
        return Ok(vec![Target::Url(place.to_owned())]);
    }
    let dir = Path::new(place);
    if dir.join("checkpoint").is_file() {
        let one = if dir.join("tile/entries").is_dir() {
            Target::Static(dir.to_owned())
        } else {
            Target::Own { dir: dir.to_owned(), state: state_of(dir) }
        };
        return Ok(vec![one]);
    }
    let data = data_of(place).unwrap_or_else(|| DataDir::new(dir));
    let logs = data.logs()?;
    if logs.is_empty() {
        return Err(wrong("verify-no-ledger", &[("place", place.to_owned())]));
    }
    Ok(logs.iter().map(|id| Target::Own { dir: data.ledger().join(id), state: Some(data.ledger_state(id)) }).collect())
}

/// The data directory that a place is, or whose logs it is.
fn data_of(place: &str) -> Option<DataDir> {
    let dir = Path::new(place);
    let data = if dir.file_name().is_some_and(|name| name == "ledger") { dir.parent().unwrap_or(dir) } else { dir };
    let data = DataDir::new(data);
    data.ledger().is_dir().then_some(data)
}

/// The state beside a log's directory: `<data>/ledger-state/<id>` for `<data>/ledger/<id>`.
fn state_of(dir: &Path) -> Option<PathBuf> {
    let dir = std::fs::canonicalize(dir).ok()?;
    let state = dir.parent()?.parent()?.join("ledger-state").join(dir.file_name()?);
    state.is_dir().then_some(state)
}

impl Target {
    fn name(&self) -> String {
        match self {
            Self::Own { dir, .. } | Self::Static(dir) => dir.display().to_string(),
            Self::Url(url) => url.clone(),
        }
    }

    fn keys_beside(&self) -> Result<Vec<VerifierKey>> {
        match self {
            Self::Own { state: Some(state), .. } => keys_beside(&state.join("key.pub")),
            _ => Ok(Vec::new()),
        }
    }

    /// What witnesses cosigned: the log must still contain it.
    fn witnessed(&self) -> Result<Option<Remember>> {
        let Self::Own { state: Some(state), .. } = self else { return Ok(None) };
        let path = state.join("witnessed");
        let seen = Remember::load(&path).with_context(|| tell("cannot-read", &[path_arg(&path)]))?;
        let any = seen.origins().next().is_some();
        Ok(any.then_some(seen))
    }

    /// The head that the log's own state holds: the log must not lie before it.
    fn head(&self) -> Result<Option<Head>> {
        match self {
            Self::Own { state: Some(state), .. } if state.is_dir() => Head::of(state).map(Some),
            _ => Ok(None),
        }
    }

    /// A running server holds the log's lease; what lies beyond its checkpoint may then be half written.
    fn is_being_written(&self) -> bool {
        match self {
            Self::Own { state: Some(state), .. } => is_locked(state),
            Self::Own { .. } | Self::Static(_) => false,
            Self::Url(_) => true,
        }
    }
}

/// Who cosigned which size of this log, as far as the keys given can tell.
fn cosigned(report: &Report, seen: &Remember, named: &Keys) -> Option<String> {
    let note = seen.note(&report.origin)?;
    let (size, _) = seen.head(&report.origin)?;
    let origin = report.origin.as_str();
    let names = |lines: Vec<&str>| lines.join(", ");
    Some(match note.verify(&named.witnesses) {
        Ok(verified) => {
            let by = names(verified.iter().map(|w| w.name.as_str()).collect());
            tell("verify-cosigned", &[("size", size.to_string()), ("by", by)])
        }
        Err(_) => {
            let by = names(note.signatures().iter().map(|line| line.name.as_str()).filter(|n| *n != origin).collect());
            tell("verify-cosigned-unchecked", &[("size", size.to_string()), ("by", by)])
        }
    })
}

pub(crate) fn parse_keys(texts: &[String]) -> Result<Keys> {
    let mut keys = Keys::default();
    for text in texts {
        let key = public_key(text)?;
        match key.algorithm() {
            Algorithm::Ed25519 => keys.logs.push(key),
            Algorithm::CosignatureV1 => keys.witnesses.push(key),
        }
    }
    Ok(keys)
}

fn show(run: &Run, target: &Target, result: Result<Report, Failure>, cosigned: Option<String>) -> Result<()> {
    match result {
        Ok(report) if run.json => output::json(&json!({
            "ok": true,
            "log": target.name(),
            "origin": report.origin.as_str(),
            "entries": report.size.0,
            "root": report.root.to_base64(),
            "witnesses": report.witnesses.iter().map(|w| w.name.as_str()).collect::<Vec<_>>(),
            "cosigned": cosigned,
            "not_covered_yet": report.uncovered,
            "pruned": report.pruned,
            "remembered": report.remembered.map(|size| size.0),
            "files": report.files,
            "bytes": report.bytes,
        })),
        Ok(report) => {
            let names: Vec<&str> = report.witnesses.iter().map(|w| w.name.as_str()).collect();
            let witnessed = match cosigned {
                Some(cosigned) => cosigned,
                None if names.is_empty() => say(run.lang, "verify-not-witnessed", &[]),
                None => names.join(", "),
            };
            let continues = |size: ledger::TreeSize| say(run.lang, "verify-continues", &[("size", size.to_string())]);
            let args = [
                ("log", target.name()),
                ("origin", report.origin.to_string()),
                ("size", report.size.to_string()),
                ("uncovered", report.uncovered.to_string()),
                ("continues", report.remembered.map(continues).unwrap_or_default()),
                ("root", report.root.to_base64()),
                ("witnessed", witnessed),
                ("files", report.files.to_string()),
                ("bytes", report.bytes.to_string()),
            ];
            output::text(&format!("{}\n", say(run.lang, "verify-holds", &args)))
        }
        Err(failure) => told(run, &target.name(), failure),
    }
}

fn told(run: &Run, name: &str, failure: Failure) -> Result<()> {
    match failure {
        Failure::Found(finding) if run.json => output::json(&json!({
            "ok": false, "log": name, "path": finding.path, "byte": finding.byte_offset,
            "entry": finding.index.map(|index| index.0), "why": finding.what,
        })),
        Failure::Found(finding) => {
            let args = [("log", name.to_owned()), ("finding", foreign::finding(&finding, run.lang))];
            eprintln!("{}", say(run.lang, "verify-fails", &args));
            Ok(())
        }
        other => Err(other).with_context(|| name.to_owned()),
    }
}
