//! `freehold eval import`: results that somebody else published, kept with whose they are and of when.

use std::path::Path;

use ::drill::eval::{Interval, Published};
use anyhow::Result;
use realm::ModelId;
use serde_json::json;
use store::evaluation::{Evaluation, Origin};

use super::known::{outwards, ppm};
use super::read;
use crate::clock::now;
use crate::command::{Run, block_on, user};
use crate::ended::{Ended, Problems};
use crate::known::unknown;
use crate::lang::say;
use crate::output;
use crate::realms;

pub(super) fn run(run: &Run, file: &Path) -> Result<Ended> {
    let found = Published::parse(file, &read(file)?).map_err(Problems)?;
    let kept = keep_published(run, &found)?;
    if run.json {
        output::json(&json!({ "imported": kept }))?;
    } else {
        let args = [("count", kept.len().to_string())];
        output::text(&format!("{}\n", say(run.lang, "eval-imported", &args)))?;
    }
    Ok(Ended::Done)
}

/// Keeps results that somebody published and that are not kept yet; tells their ids.
pub(crate) fn keep_published(run: &Run, found: &[Published]) -> Result<Vec<String>> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let checked = realms::open(&run.realm)?;
    let models = &checked.snapshot.world.models;
    let known: Vec<&str> = models.keys().map(ModelId::as_str).collect();
    let mut all = Vec::new();
    for one in found {
        let Some(model) = models.keys().find(|id| id.as_str() == one.model) else {
            return Err(unknown("model", &one.model, &known));
        };
        all.push(evaluation(one, model)?);
    }
    let data = run.place_of_store(true)?;
    block_on(async {
        let store = run.store(&data).await?;
        let before = store.evaluations().await?;
        all.retain(|one| !before.iter().any(|it| is_same(it, one)));
        for one in &all {
            store.keep_evaluation(one).await?;
        }
        Ok(())
    })?;
    Ok(all.into_iter().map(|it| it.id).collect())
}

/// Whether two results say the same: a document may be taken twice.
fn is_same(one: &Evaluation, other: &Evaluation) -> bool {
    one.model == other.model
        && one.suite == other.suite
        && one.origin == other.origin
        && (one.score_ppm, one.questions) == (other.score_ppm, other.questions)
}

fn evaluation(one: &Published, model: &ModelId) -> Result<Evaluation> {
    let passed = one.passed();
    let interval = passed.zip(one.n).map(|(passed, n)| Interval::wilson(passed, n));
    Ok(Evaluation {
        id: Evaluation::new_id()?,
        at: now(),
        by: user(),
        suite: one.suite.clone(),
        model: model.clone(),
        origin: Origin::Published { date: one.date.to_string(), source: one.source.clone() },
        questions: one.n,
        passed,
        score_ppm: ppm(one.score),
        interval_ppm: interval.map(outwards),
        body: "{}".to_owned(),
        answers: "{}".to_owned(),
    })
}
