//! How live drills stand: a list of them, or one with what it showed until now.

use std::path::Path;

use ::drill::Before;
use anyhow::Result;
use serde_json::json;
use store::drill::{Drill, Kept};

use super::live::find;
use super::proposal::{Proposal, plain};
use super::{Run, measured};
use crate::clock::now;
use crate::command::block_on;
use crate::ended::Ended;
use crate::lang::{Lang, say};
use crate::output;
use crate::realms;

pub(super) fn run(run: &Run, id: Option<&str>, before: Option<&Path>) -> Result<Ended> {
    match id {
        Some(id) => one(run, id, super::before(before)?.as_ref()),
        None => all(run),
    }
}

fn one(run: &Run, id: &str, before: Option<&Before>) -> Result<Ended> {
    let data = run.existing_data()?;
    let (drill, reports) = block_on(async {
        let store = run.store(&data).await?;
        let drill = find(&store, id).await?;
        let reports = store.drill_reports(id).await?;
        Ok((drill, reports))
    })?;
    let at = now();
    let state = state(&drill, at);
    // What somebody is about to sign they see whole, and only where it is what the first person signed.
    let proposal = if state == "proposed" { Some(Proposal::of(run, &data, &drill)?) } else { None };
    let report = measured::report(&data, &drill, &reports, at)?;
    let report = match before {
        Some(before) => report.map(|report| report.beside(before, realms::today())),
        None => report,
    };
    if run.json {
        output::json(&json!({ "state": state, "drill": drill, "proposal": proposal, "report": report }))?;
        return Ok(Ended::Done);
    }
    output::text(&format!("{}\n", line(run.lang, &drill, state)))?;
    if let Some(proposal) = proposal {
        output::text(&proposal.text(run.lang, &drill))?;
    }
    if let Some(report) = report {
        output::text(&format!("\n{}", report.to_text(run.lang)))?;
    }
    Ok(Ended::Done)
}

fn all(run: &Run) -> Result<Ended> {
    let data = run.existing_data()?;
    let Kept { drills, unreadable } = block_on(async { Ok(run.store(&data).await?.drills().await?) })?;
    for (id, why) in &unreadable {
        eprintln!("{}: {}", id.escape_debug(), why.escape_debug());
    }
    let at = now();
    if run.json {
        let shown: Vec<_> = drills.iter().map(|drill| json!({ "state": state(drill, at), "drill": drill })).collect();
        output::json(&shown)?;
        return Ok(Ended::Done);
    }
    if drills.is_empty() {
        output::text(&format!("{}\n", say(run.lang, "drill-none", &[])))?;
    }
    for drill in &drills {
        output::text(&format!("{}\n", line(run.lang, drill, state(drill, at))))?;
    }
    Ok(Ended::Done)
}

/// One word for how a drill stands.
fn state(drill: &Drill, at: realm::UnixMs) -> &'static str {
    match (&drill.ended, &drill.approved) {
        (Some(ended), _) => ended.how.as_str(),
        (None, None) => "proposed",
        (None, Some(_)) if drill.holds(at) => "on",
        // Its servers ended it at its deadline, and have not told the store yet, or do not run.
        (None, Some(_)) => "over",
    }
}

fn line(lang: Lang, drill: &Drill, state: &str) -> String {
    let by = |step: Option<&store::drill::Step>| step.map_or_else(|| "–".to_owned(), |step| plain(&step.by));
    let why = drill.ended.as_ref().map(|ended| format!("{} ({})", ended.why, ended.by)).unwrap_or_default();
    let args = [
        ("id", plain(&drill.id)),
        ("title", plain(&drill.title)),
        ("state", state.to_owned()),
        ("mode", format!("{} {} %", drill.mode.as_str(), drill.percent)),
        ("minutes", drill.minutes.to_string()),
        ("proposed", by(Some(&drill.proposed))),
        ("approved", by(drill.approved.as_ref())),
        ("until", drill.until.map_or_else(|| "–".to_owned(), |until| until.to_string())),
        ("reason", plain(&drill.reason)),
        ("why", plain(&why)),
    ];
    say(lang, "drill-line", &args).trim_end().to_owned()
}
