//! `freehold drill bundle` and `freehold drill verify`: the evidence of a drill in one file, and whether it holds.

mod make;
mod records;
mod steps;
mod verify;

use std::path::Path;
use std::time::Duration;

use ::drill::Bundle;
use anyhow::Result;
use ledger::checkpoint::Keys;
use ledger::note::VerifierKey;
use realm::UnixMs;
use realm::record::Change;
use serde_json::{Value, json};

pub(super) use make::snapshot_id;

use super::Run;
use super::live::find;
use crate::clock::now;
use crate::command::ledger::{Opened, keys_beside, parse_keys, receipt_of};
use crate::command::{block_on, user};
use crate::data::{DataDir, write_synced};
use crate::ended::{Ended, unreadable, wrong};
use crate::lang::say;
use crate::output;
use crate::upkeep::BIND;

/// The kind of record that names a bundle's manifest.
const WHAT: &str = "drill.bundle";
/// How long the server may take to write the record, and to publish it.
const WAIT_MS: u64 = 10_000;
const POLL: Duration = Duration::from_millis(20);

/// Makes the bundle of a drill that has ended.
pub(super) fn bundle(run: &Run, id: &str, out: &Path) -> Result<Ended> {
    let data = run.existing_data()?;
    let (drill, reports) = block_on(async {
        let store = run.store(&data).await?;
        Ok((find(&store, id).await?, store.drill_reports(id).await?))
    })?;
    if drill.ended.is_none() || drill.started.is_none() {
        return Err(wrong("drill-not-ended", &[("id", id.to_owned())]));
    }
    if !data.is_served() {
        return Err(wrong("drill-bundle-no-server", &[]));
    }
    let mut bundle = make::bundle(&data, &drill, &reports)?;
    let index = bind(run, &data, &drill.id, &bundle)?;
    bundle.binding = receipt_of(&data, &Opened::choose(&data, None)?, index)?.to_string();
    // What was just made is read as a stranger would, before anybody relies on it.
    let keys = Keys { logs: keys_beside(&data.public_key(&data.log_id()?))?, witnesses: Vec::new() };
    let bytes = bundle.to_bytes();
    let verified =
        verify::verify(&bytes, Some(&keys)).map_err(|why| wrong("drill-bundle-bad", &[("why", why.said(run.lang))]))?;
    write_synced(out, &bytes)?;
    if run.json {
        output::json(
            &json!({ "drill": id, "file": out, "bytes": bytes.len(), "sha256": bundle.sha256(), "index": index }),
        )?;
    } else {
        let args = [
            ("id", id.to_owned()),
            ("file", out.display().to_string()),
            ("records", verified.records.to_string()),
            ("index", index.to_string()),
            ("log", verified.origin),
        ];
        output::text(&format!("{}\n", say(run.lang, "drill-bundled", &args)))?;
    }
    Ok(Ended::Done)
}

/// Verifies a bundle: no realm, no data directory, no network.
pub(super) fn verify(run: &Run, file: &Path, named: &[String]) -> Result<Ended> {
    let bytes = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
    let keys = if named.is_empty() { None } else { Some(parse_keys(named)?) };
    match verify::verify(&bytes, keys.as_ref()) {
        Ok(verified) => {
            if run.json {
                output::json(&verified.json())?;
            } else {
                output::text(&verified.text(run.lang))?;
            }
            // It is true evidence, and not of a cut.
            Ok(if verified.report.is_cut() { Ended::Done } else { Ended::No })
        }
        Err(why) => {
            let said = why.said(run.lang);
            if run.json {
                output::json(&json!({ "ok": false, "why": said }))?;
            } else {
                let args = [("file", file.display().to_string()), ("why", said)];
                eprintln!("{}", say(run.lang, "drill-bundle-fails", &args));
            }
            Ok(Ended::No)
        }
    }
}

/// Has the server of this data directory write the record that names the manifest; comes back once it is published.
fn bind(run: &Run, data: &DataDir, drill: &str, bundle: &Bundle) -> Result<u64> {
    let asked = now();
    let argument = json!({ "drill": drill, "manifest": bundle.sha256() }).to_string();
    let log = data.log_id()?;
    let silent = || wrong("drill-bundle-no-server", &[]);
    block_on(async {
        let store = run.store(data).await?;
        let id = store.ask(Some(&log), (BIND, &argument), &user(), asked).await?;
        let answer = loop {
            match store.answer_of(&id).await? {
                Some(answer) => break answer.map_err(|why| anyhow::anyhow!(why))?,
                None if now().since(asked) < WAIT_MS => tokio::time::sleep(POLL).await,
                None => {
                    store.withdraw(&id).await?;
                    return Err(silent());
                }
            }
        };
        let index: u64 = answer.parse()?;
        while data.published_size().is_none_or(|size| size <= index) {
            if now().since(asked) >= WAIT_MS {
                return Err(silent());
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(index)
    })
}

/// The record that names a manifest, for the server that writes it.
///
/// # Errors
/// If what was asked for makes no sense.
pub(crate) fn binding(argument: &str, by: &str, at: UnixMs) -> Result<Change> {
    let asked: Value = serde_json::from_str(argument)?;
    let text = |field: &str| asked[field].as_str().unwrap_or_default().to_owned();
    let (drill, manifest) = (text("drill"), text("manifest"));
    anyhow::ensure!(is_hash(&manifest) && !drill.is_empty(), "this names no manifest of a drill");
    Ok(Change {
        at,
        what: WHAT.to_owned(),
        subject: format!("drill:{drill}"),
        by: by.to_owned(),
        note: Some(note_of(&manifest)),
        id: None,
    })
}

fn note_of(manifest_sha256: &str) -> String {
    format!("manifest {manifest_sha256}")
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// The text of public keys, a line each, as a log keeps them beside its directory.
fn keys_text(keys: &[VerifierKey]) -> String {
    keys.iter().map(|key| format!("{key}\n")).collect()
}
