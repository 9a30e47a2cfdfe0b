//! `freehold forecast freeze`, `ls` and `score`: the track record.

use std::path::{Path, PathBuf};

use ::forecast::record::{ENOUGH, Frozen, Resolved, Scores, scores, sha256};
use anyhow::{Context, Result};
use realm::regular;
use serde_json::json;

use super::{MODEL_BYTES_MAX, Run, model, settings, text};
use crate::args::DrawArgs;
use crate::clock::now;
use crate::command::{block_on, user};
use crate::data::{DataDir, write_synced};
use crate::ended::{Ended, Problems, wrong};
use crate::lang::{path_arg, say, tell};
use crate::{output, realms};

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

/// Lists what is frozen; a file that was changed is named, and the answer is no.
pub(super) fn ls(run: &Run) -> Result<Ended> {
    let (all, changed) = kept(&run.existing_data()?)?;
    let said = |it: &Frozen| {
        let readings = it.targets.iter().flat_map(|target| &target.readings);
        readings.map(|it| format!("{:.1} %", it.probability * 100.0)).collect::<Vec<_>>().join(", ")
    };
    if run.json {
        let shown: Vec<_> = all.iter().map(|(sha256, it)| json!({ "sha256": sha256, "forecast": it })).collect();
        output::json(&json!({ "frozen": shown, "changed": changed }))?;
    } else if all.is_empty() && changed.is_empty() {
        output::text(&format!("{}\n", say(run.lang, "forecast-none", &[])))?;
    } else {
        let heads = ["frozen-id", "frozen-at", "frozen-by", "frozen-said", "frozen-sha256"];
        let row = |(sha256, it): &(String, Frozen)| {
            vec![it.id.clone(), it.at.clone(), it.by.clone(), said(it), sha256[..12].to_owned()]
        };
        output::table(run.lang, &heads, &[], &all.iter().map(row).collect::<Vec<_>>())?;
    }
    for path in &changed {
        eprintln!("{}", say(run.lang, "forecast-changed", &[path_arg(path)]));
    }
    Ok(if changed.is_empty() { Ended::Done } else { Ended::No })
}

/// Scores what is frozen by what happened.
pub(super) fn score(run: &Run, resolved: &Path) -> Result<Ended> {
    let resolved = Resolved::parse(resolved, &text(resolved)?, realms::today()).map_err(Problems)?;
    let (all, changed) = kept(&run.existing_data()?)?;
    if let Some(path) = changed.first() {
        return Err(wrong("forecast-changed", &[path_arg(path)]));
    }
    let frozen: Vec<Frozen> = all.into_iter().map(|(_, it)| it).collect();
    let scores = scores(&frozen, &resolved);
    if run.json {
        output::json(&scores)?;
    } else {
        tell_scores(run, &scores)?;
    }
    Ok(if scores.scored.is_empty() { Ended::No } else { Ended::Done })
}

fn tell_scores(run: &Run, scores: &Scores) -> Result<()> {
    let line = |key: &str, args: &[(&'static str, String)]| output::text(&format!("{}\n", say(run.lang, key, args)));
    let Some((brier, parts)) = &scores.brier else { return line("forecast-nothing-resolved", &[]) };
    scored_table(run, scores)?;
    let count = ("count", scores.scored.len().to_string());
    let four = |name, number: f64| (name, format!("{number:.4}"));
    let parts = [
        four("reliability", parts.reliability),
        four("resolution", parts.resolution),
        four("uncertainty", parts.uncertainty),
    ];
    line("forecast-scores", &[[four("brier", *brier), count.clone()].as_slice(), &parts].concat())?;
    let percent = |name, number: f64| (name, format!("{:.0}", number * 100.0));
    for it in &scores.calibration {
        let count = ("count", it.count.to_string());
        line(
            "forecast-calibration",
            &[percent("from", it.from), percent("to", it.to), percent("happened", it.happened), count],
        )?;
    }
    if !scores.is_enough {
        line("forecast-too-few", &[count, ("enough", ENOUGH.to_string())])?;
    }
    for it in scores.people.iter().chain(&scores.models) {
        line(
            "forecast-standing",
            &[("name", it.name.clone()), four("brier", it.brier), ("count", it.count.to_string())],
        )?;
    }
    if scores.unmatched > 0 {
        line("forecast-unmatched", &[("count", scores.unmatched.to_string())])?;
    }
    Ok(())
}

fn scored_table(run: &Run, scores: &Scores) -> Result<()> {
    let heads =
        ["frozen-id", "frozen-by", "scored-target", "scored-said", "scored-value", "scored-brier", "scored-log"];
    let heads = [heads.as_slice(), &["scored-crps", "scored-pinball", "scored-interval"]].concat();
    let rows = scores.scored.iter().map(|it| {
        let target = format!("{} ({})", it.target, it.reading.as_str());
        let numbers = [it.value, it.brier, it.log, it.crps, it.pinball_90, it.interval_90];
        let said = format!("{:.1} %", it.probability * 100.0);
        let texts = [it.forecast.clone(), it.by.clone(), target, said].into_iter();
        texts.chain(numbers.map(|it| format!("{it:.4}"))).collect()
    });
    output::table(run.lang, &heads, &[3, 4, 5, 6, 7, 8, 9], &rows.collect::<Vec<Vec<String>>>())
}

fn folder(data: &DataDir) -> PathBuf {
    data.path().join("forecasts")
}

/// What is frozen, by its hash, and files that are not what their names say.
type Kept = (Vec<(String, Frozen)>, Vec<PathBuf>);

/// Frozen forecasts with their hashes, oldest day first, and files that are not what their name says.
fn kept(data: &DataDir) -> Result<Kept> {
    let (mut all, mut changed) = (Vec::new(), Vec::new());
    let Ok(entries) = std::fs::read_dir(folder(data)) else { return Ok((all, changed)) };
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|it| it != "json") {
            continue;
        }
        let bytes = regular::read(&path, MODEL_BYTES_MAX).with_context(|| tell("cannot-read", &[path_arg(&path)]))?;
        let sha256 = sha256(&bytes);
        let is_named = path.file_stem().and_then(|it| it.to_str()).is_some_and(|it| it.ends_with(&sha256));
        match Frozen::from_bytes(&bytes).filter(|_| is_named) {
            Some(frozen) => all.push((sha256, frozen)),
            None => changed.push(path),
        }
    }
    all.sort_by(|a, b| (&a.1.at, &a.1.id, &a.0).cmp(&(&b.1.at, &b.1.id, &b.0)));
    changed.sort();
    Ok((all, changed))
}
