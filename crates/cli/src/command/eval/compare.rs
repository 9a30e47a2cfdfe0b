//! `freehold eval compare`: two results over the same questions, answer by answer.

use ::drill::eval::{Paired, Standing};
use anyhow::Result;
use serde_json::json;
use store::evaluation::{Evaluation, Origin};

use super::known::answers;
use super::{by_id, percent};
use crate::command::Run;
use crate::ended::{Ended, wrong};
use crate::lang::say;
use crate::output;

pub(super) fn run(run: &Run, ids: [&str; 2], margin: f64) -> Result<Ended> {
    let [first, second] = [by_id(run, ids[0])?, by_id(run, ids[1])?];
    if let Some(one) = [&first, &second].into_iter().find(|it| !it.is_real()) {
        return Err(wrong("eval-compare-simulated", &[("id", one.id.clone()), ("model", one.model.to_string())]));
    }
    match (&first.origin, &second.origin) {
        (Origin::Own { sha256: one, .. }, Origin::Own { sha256: other, .. }) if one == other => {
            paired(run, [&first, &second], margin)
        }
        (Origin::Published { .. }, Origin::Published { .. }) if first.suite == second.suite => {
            published(run, [&first, &second])
        }
        _ => Err(wrong("eval-compare-other", &[("first", first.id.clone()), ("second", second.id.clone())])),
    }
}

/// What others published has no questions to pair: the difference is theirs, and nobody knows how sure it is.
fn published(run: &Run, [first, second]: [&Evaluation; 2]) -> Result<Ended> {
    let difference = (f64::from(second.score_ppm) - f64::from(first.score_ppm)) / 1e4;
    if run.json {
        output::json(&json!({
            "known": "published", "suite": first.suite, "first": first.id, "second": second.id,
            "difference_percent": format!("{difference:.2}"), "origins": [&first.origin, &second.origin],
        }))?;
        return Ok(Ended::Done);
    }
    let words =
        |it: &Evaluation| format!("{} {}: {}", it.model, percent(it.score_ppm), super::show::origin(it, run.lang));
    let args = [("difference", format!("{difference:+.1}")), ("suite", first.suite.clone())];
    output::text(&format!(
        "{}\n{}\n{}\n",
        words(first),
        words(second),
        say(run.lang, "eval-difference-published", &args)
    ))?;
    Ok(Ended::Done)
}

fn paired(run: &Run, [first, second]: [&Evaluation; 2], margin: f64) -> Result<Ended> {
    let paired = Paired::of(&answers(first)?, &answers(second)?);
    let (interval, p, standing) = (paired.interval(), paired.p_value(), paired.standing(margin));
    let difference = paired.difference().unwrap_or_default();
    let ended = if standing == Standing::Inferior { Ended::No } else { Ended::Done };
    if run.json {
        output::json(&json!({
            "known": "evaluated", "suite": first.suite, "first": first.id, "second": second.id, "n": paired.n(),
            "paired": paired, "difference": difference, "low": interval.low, "high": interval.high, "p": p,
            "margin": margin, "standing": standing,
        }))?;
        return Ok(ended);
    }
    let points = |share: f64| format!("{:+.1}", share * 100.0);
    let args = [
        ("first", first.model.to_string()),
        ("second", second.model.to_string()),
        ("suite", first.suite.clone()),
        ("n", paired.n().to_string()),
        ("first_only", paired.first_only.to_string()),
        ("second_only", paired.second_only.to_string()),
        ("difference", points(difference)),
        ("low", points(interval.low)),
        ("high", points(interval.high)),
        ("p", format!("{p:.3}")),
        ("margin", format!("{:.1}", margin * 100.0)),
    ];
    let verdict = match standing {
        Standing::NotInferior => "eval-not-inferior",
        Standing::Inferior => "eval-inferior",
        Standing::Undecided => "eval-undecided",
    };
    output::text(&format!("{}\n{}\n", say(run.lang, "eval-difference", &args), say(run.lang, verdict, &args)))?;
    Ok(ended)
}
