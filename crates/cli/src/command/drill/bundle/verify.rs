//! Whether a bundle holds: offline, believing nothing but a public key of the log.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use ::drill::report::Server;
use ::drill::{Bundle, BundleError, Manifest};
use anyhow::Result;
use ledger::checkpoint::Keys;
use ledger::note::VerifierKey;
use ledger::receipt::Receipt;
use realm::load::{SourceSet, check};
use realm::record::Record;
use realm::snapshot::Snapshot;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::drill::{Drill, Mode, approved};

use super::make::{DRILL, KEYS, REALMS, RECORDS, SCENARIO, SERVERS, files, snapshot_id};
use super::records::Run;
use super::{WHAT, note_of, steps};
use crate::command::drill::measured::Shown;
use crate::foreign;
use crate::lang::{Lang, say};

/// A bundle that holds.
#[derive(Debug)]
pub(super) struct Verified {
    pub(super) drill: Drill,
    pub(super) report: Shown,
    pub(super) origin: String,
    /// How many records of the log it holds.
    pub(super) records: usize,
    /// Where in the log the record is that names it.
    pub(super) index: u64,
    /// Whether a key was given; else it was believed by its own.
    pub(super) own_key: bool,
}

/// Why a bundle does not hold.
#[derive(Debug)]
pub(super) enum Why {
    Bundle(BundleError),
    /// No key is given and the bundle's own cannot be read.
    NoKey,
    /// The receipt does not hold.
    Receipt(ledger::receipt::Error),
    /// The receipt has signatures that nobody can check.
    Unknown,
    /// The record that the receipt proves names another bundle.
    OtherBundle,
    /// A file cannot be read.
    File(&'static str),
    /// The records are not those of the log.
    Records,
    /// The realm that a name stands for is not the one that is there.
    Realm(String),
    /// The scenario is not the one that was signed.
    Scenario,
    /// Two people did not sign it.
    Unapproved(String),
    /// A step of it is in no record.
    NoStep(&'static str),
    /// A step of it is otherwise in the log than it says itself, or more than once.
    OtherStep(&'static str),
    /// What it says was found is not what its records say.
    Recount(String),
}

/// Verifies a bundle by keys of logs; without any, by its own, which proves only that it is of one piece.
pub(super) fn verify(bytes: &[u8], keys: Option<&Keys>) -> Result<Verified, Why> {
    let bundle = Bundle::from_bytes(bytes).map_err(Why::Bundle)?;
    let own_key = keys.is_none();
    let keys = keys.cloned().map_or_else(|| own_keys(&bundle), Ok)?;
    let (origin, index) = bound(&bundle, &keys)?;
    let manifest = bundle.checked().map_err(Why::Bundle)?;
    let run: Run = file(&bundle, RECORDS)?;
    let signed = run.proved(&keys).filter(|signed| signed.unknown == 0).ok_or(Why::Records)?;
    if signed.checkpoint.origin.as_str() != origin {
        return Err(Why::Records);
    }
    let drill: Drill = file(&bundle, DRILL)?;
    let realms = realms(&bundle)?;
    agreed(&bundle, &manifest, &drill, &realms)?;
    steps::told(&run, &drill)?;
    let report = recounted(&bundle, &drill, &run, &realms)?;
    Ok(Verified { drill, report, origin, records: run.entries.len(), index, own_key })
}

fn own_keys(bundle: &Bundle) -> Result<Keys, Why> {
    let text = bundle.files.get(KEYS).and_then(|bytes| std::str::from_utf8(bytes).ok()).ok_or(Why::NoKey)?;
    let logs: Result<Vec<VerifierKey>, _> = text.lines().map(VerifierKey::parse).collect();
    Ok(Keys { logs: logs.map_err(|_| Why::NoKey)?, witnesses: Vec::new() })
}

fn file<T: serde::de::DeserializeOwned>(bundle: &Bundle, name: &'static str) -> Result<T, Why> {
    let bytes = bundle.files.get(name).ok_or(Why::File(name))?;
    serde_json::from_slice(bytes).map_err(|_| Why::File(name))
}

/// The log that holds a record of this very manifest, and where.
fn bound(bundle: &Bundle, keys: &Keys) -> Result<(String, u64), Why> {
    let receipt = Receipt::parse(bundle.binding.as_bytes()).map_err(Why::Receipt)?;
    let verified = receipt.verify(None, keys).map_err(Why::Receipt)?;
    if verified.signed.unknown > 0 {
        return Err(Why::Unknown);
    }
    let Ok(Record::Change(change)) = Record::from_bytes(&verified.entry) else { return Err(Why::OtherBundle) };
    if change.what != WHAT || change.note != Some(note_of(&bundle.sha256())) {
        return Err(Why::OtherBundle);
    }
    Ok((verified.signed.checkpoint.origin.to_string(), verified.index.0))
}

/// The realms in it, each the one that its name stands for.
fn realms(bundle: &Bundle) -> Result<Vec<Arc<Snapshot>>, Why> {
    let mut sets: BTreeMap<&str, SourceSet> = BTreeMap::new();
    for (name, bytes) in &bundle.files {
        let Some((id, path)) = name.strip_prefix(REALMS).and_then(|rest| rest.split_once('/')) else { continue };
        sets.entry(id).or_default().insert(PathBuf::from(path), bytes.clone());
    }
    let one = |(id, set): (&str, SourceSet)| {
        let other = || Why::Realm(id.to_owned());
        // What has expired since then was good when it decided.
        let loaded = check(&set, crate::realms::today()).map_err(|_| other())?;
        let same = snapshot_id(id).is_ok_and(|id| id == loaded.snapshot.id);
        if same { Ok(loaded.snapshot) } else { Err(other()) }
    };
    sets.into_iter().map(one).collect()
}

/// Whether two people of the realm signed this scenario.
fn agreed(bundle: &Bundle, manifest: &Manifest, drill: &Drill, realms: &[Arc<Snapshot>]) -> Result<(), Why> {
    let scenario = bundle.files.get(SCENARIO).ok_or(Why::File(SCENARIO))?;
    let same = drill.scenario.as_bytes() == scenario && drill.sha256 == hex::encode(Sha256::digest(scenario));
    if !same || drill.id != manifest.drill {
        return Err(Why::Scenario);
    }
    let realm = realms.iter().find(|realm| realm.id.to_string() == drill.realm);
    let realm = realm.ok_or_else(|| Why::Realm(drill.realm.clone()))?;
    approved(drill, &realm.world.head.drill_people).map_err(|why| Why::Unapproved(why.to_string()))?;
    Ok(())
}

/// Counts again: every file that is worked out must be what the records make of it.
fn recounted(bundle: &Bundle, drill: &Drill, run: &Run, realms: &[Arc<Snapshot>]) -> Result<Shown, Why> {
    let servers: Vec<Server> = file(bundle, SERVERS)?;
    let unread = |error: anyhow::Error| Why::Recount(format!("{error:#}"));
    let again = files(drill, run, realms, &servers).map_err(unread)?;
    let other = again.iter().find(|(name, bytes)| bundle.files.get(*name) != Some(*bytes));
    if let Some((name, _)) = other {
        return Err(Why::Recount(name.clone()));
    }
    super::make::report(drill, run, realms, &servers).map_err(unread)
}

impl Verified {
    pub(super) fn json(&self) -> Value {
        json!({
            "ok": true, "drill": self.drill.id, "log": self.origin, "index": self.index, "records": self.records,
            "own_key": self.own_key, "cut": self.report.is_cut(), "counters": "by_servers_own_word",
            "report": self.report,
        })
    }

    pub(super) fn text(&self, lang: Lang) -> String {
        let args = [
            ("id", self.drill.id.clone()),
            ("log", self.origin.clone()),
            ("index", self.index.to_string()),
            ("records", self.records.to_string()),
            ("proposed", self.drill.proposed.by.clone()),
            ("approved", self.drill.approved.as_ref().map(|step| step.by.clone()).unwrap_or_default()),
        ];
        let believed = if self.own_key { "drill-verified-own-key" } else { "drill-verified-key" };
        let mut head = vec![say(lang, "drill-verified", &args), say(lang, believed, &args)];
        // No record holds them: the servers wrote them into the store.
        let counters =
            if self.drill.mode == Mode::Shadow { "drill-verified-shadow" } else { "drill-verified-counters" };
        head.push(say(lang, counters, &[]));
        if !self.report.is_cut() {
            head.push(say(lang, "drill-verified-no-cut", &[]));
        }
        let head = head.join("\n");
        format!("{head}\n\n{}", self.report.to_text(lang))
    }
}

impl Why {
    pub(super) fn said(&self, lang: Lang) -> String {
        let one = |key: &str, name: &'static str, value: &str| say(lang, key, &[(name, value.to_owned())]);
        match self {
            Self::Bundle(BundleError::NoBundle) => say(lang, "bundle-none", &[]),
            Self::Bundle(BundleError::Rewritten) => say(lang, "bundle-rewritten", &[]),
            Self::Bundle(BundleError::Manifest) => say(lang, "bundle-manifest", &[]),
            Self::Bundle(BundleError::OtherFiles(name)) => one("bundle-other-files", "name", name),
            Self::Bundle(BundleError::Changed(name)) => one("bundle-changed", "name", name),
            Self::NoKey => say(lang, "bundle-no-key", &[]),
            Self::Receipt(error) => foreign::words(error, lang),
            Self::Unknown => say(lang, "bundle-unknown-signature", &[]),
            Self::OtherBundle => say(lang, "bundle-other", &[]),
            Self::File(name) => one("bundle-unreadable", "name", name),
            Self::Records => say(lang, "bundle-records", &[]),
            Self::Realm(id) => one("bundle-realm", "id", id),
            Self::Scenario => say(lang, "bundle-scenario", &[]),
            Self::Unapproved(why) => one("bundle-unapproved", "why", why),
            Self::NoStep(step) => one("bundle-no-step", "step", step),
            Self::OtherStep(step) => one("bundle-other-step", "step", step),
            Self::Recount(name) => one("bundle-recount", "name", name),
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
