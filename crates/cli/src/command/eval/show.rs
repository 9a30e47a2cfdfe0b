//! What is known of evaluations, for people and for programs.

use std::path::Path;

use ::drill::eval::{Details, Grade, Item, Part, Ruling, Suite, Used, judged};
use anyhow::Result;
use serde_json::{Value, json};
use store::evaluation::{Evaluation, Origin};

use super::kept::{Line, path_of, read};
use super::known::details;
use super::{by_id, on_one_line, percent};
use crate::command::{Run, block_on};
use crate::ended::{Ended, Problems, wrong};
use crate::lang::{Lang, say};
use crate::output;

/// Wrong answers that are shown.
const MISSES_SHOWN: usize = 5;
/// How much of each.
const ANSWER_CHARS: usize = 120;

pub(super) fn ls(run: &Run) -> Result<Ended> {
    let data = run.place_of_store(false)?;
    let all = block_on(async { Ok(run.store(&data).await?.evaluations().await?) })?;
    if run.json {
        let all: Vec<Value> = all.iter().map(head).collect();
        output::json(&all)?;
        return Ok(Ended::Done);
    }
    let row = |it: &Evaluation| {
        let place = match &it.origin {
            Origin::Own { deployment, .. } => deployment.to_string(),
            Origin::Published { .. } => "–".to_owned(),
        };
        let questions = it.questions.map_or_else(|| "–".to_owned(), |n| n.to_string());
        let day = it.at.date_in(&jiff::tz::TimeZone::UTC).to_string();
        let words = [it.id.clone(), day, it.suite.clone(), it.model.to_string(), place];
        words.into_iter().chain([percent(it.score_ppm), interval(it), questions, origin(it, run.lang)]).collect()
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let heads = ["evaluation", "day", "suite", "model", "deployment", "score", "interval", "questions", "origin"];
    output::table(run.lang, &heads, &[5, 6, 7], &rows)?;
    Ok(Ended::Done)
}

/// Shows one result; with the questions that were asked, the first wrong answers.
pub(super) fn show(run: &Run, id: &str, suite: Option<&Path>) -> Result<Ended> {
    let it = by_id(run, id)?;
    let suite = match suite {
        Some(path) => Some(Suite::parse(path, &super::read(path)?).map_err(Problems)?),
        None => None,
    };
    if let (Some(suite), Origin::Own { sha256, .. }) = (&suite, &it.origin)
        && suite.sha256 != *sha256
    {
        return Err(wrong("eval-other-suite", &[("id", id.to_owned()), ("sha256", sha256.chars().take(12).collect())]));
    }
    result(run, &it, suite.as_ref(), None)?;
    Ok(Ended::Done)
}

/// Where a result comes from, in words.
pub(super) fn origin(it: &Evaluation, lang: Lang) -> String {
    match &it.origin {
        Origin::Own { simulated: true, .. } => say(lang, "eval-simulated", &[]),
        Origin::Own { judge: Some(judge), .. } => say(lang, "eval-judged-by", &[("judge", judge.clone())]),
        Origin::Own { .. } => say(lang, "eval-own", &[]),
        Origin::Published { date, source } => {
            say(lang, "eval-published", &[("date", date.clone()), ("source", source.clone())])
        }
    }
}

fn interval(it: &Evaluation) -> String {
    it.interval_ppm.map_or_else(|| "–".to_owned(), |(low, high)| format!("{} – {}", percent(low), percent(high)))
}

/// What programs read of any result.
fn head(it: &Evaluation) -> Value {
    let share = |ppm: u32| format!("{:.4}", f64::from(ppm) / 1e6);
    let mut value = json!({
        "id": it.id, "at": it.at.to_string(), "by": it.by, "suite": it.suite, "model": it.model,
        "n": it.questions, "passed": it.passed, "score": share(it.score_ppm),
        "low": it.interval_ppm.map(|(low, _)| share(low)), "high": it.interval_ppm.map(|(_, high)| share(high)),
        "real": it.is_real(),
    });
    if let (Value::Object(fields), Ok(Value::Object(origin))) = (&mut value, serde_json::to_value(&it.origin)) {
        fields.extend(origin);
    }
    value
}

/// Shows one result; with the suite, its first wrong answers too.
pub(super) fn result(run: &Run, it: &Evaluation, suite: Option<&Suite>, effect: Option<&str>) -> Result<()> {
    let details = match it.origin {
        Origin::Own { .. } => Some(details(it)?),
        Origin::Published { .. } => None,
    };
    let misses = match suite {
        Some(suite) => misses(run, it, suite)?,
        None => Vec::new(),
    };
    if run.json {
        let mut value = for_programs(it, details.as_ref());
        if suite.is_some() {
            value["failures"] = json!(misses);
            value["effect"] = json!(effect);
        }
        return output::json(&value);
    }
    let mut page = line(run.lang, it);
    if let Some(details) = &details {
        page.push_str(&figures(run.lang, details));
    }
    for miss in &misses {
        let text = |name: &str| miss[name].as_str().unwrap_or_default().to_owned();
        let args = [("id", text("id")), ("miss", text("miss")), ("answer", text("answer"))];
        page.push_str(&format!("  {}\n", say(run.lang, "eval-miss", &args)));
    }
    output::text(&page)?;
    if let Some(details) = &details {
        kinds(run.lang, details)?;
    }
    Ok(())
}

fn for_programs(it: &Evaluation, details: Option<&Details>) -> Value {
    let mut value = head(it);
    if let Some(details) = details {
        value["kinds"] = json!(details.kinds);
        value["used"] = used(&details.used, &details.currency);
        value["judge_used"] = details.judge_used.as_ref().map_or(Value::Null, |it| used(it, &details.currency));
        value["judged"] = json!(details.judged);
        value["median_ms"] = json!(details.median_ms);
        value["p95_ms"] = json!(details.p95_ms);
    }
    value
}

fn line(lang: Lang, it: &Evaluation) -> String {
    let args = [
        ("id", it.id.clone()),
        ("suite", it.suite.clone()),
        ("model", it.model.to_string()),
        ("score", percent(it.score_ppm)),
        ("interval", interval(it)),
        ("passed", it.passed.map_or_else(|| "–".to_owned(), |n| n.to_string())),
        ("n", it.questions.map_or_else(|| "–".to_owned(), |n| n.to_string())),
        ("origin", origin(it, lang)),
    ];
    let mut page = format!("{}\n", say(lang, "eval-result", &args));
    if let Origin::Own { deployment, route, app, realm, sha256, .. } = &it.origin {
        let short = |text: &str| text.chars().take(12).collect::<String>();
        let args = [
            ("deployment", deployment.to_string()),
            ("route", route.clone()),
            ("app", app.clone()),
            ("realm", short(realm)),
            ("sha256", short(sha256)),
        ];
        page.push_str(&format!("  {}\n", say(lang, "eval-place", &args)));
    }
    page
}

fn figures(lang: Lang, details: &Details) -> String {
    let used = &details.used;
    let joules = used.joules().map_or_else(|| say(lang, "eval-unknown", &[]), |j| format!("{j:.1}"));
    let args = [
        ("tokens_in", used.tokens_in.to_string()),
        ("tokens_out", used.tokens_out.to_string()),
        ("cost", format!("{} {}", used.cost_nano, details.currency)),
        ("joules", joules),
        ("median_ms", details.median_ms.to_string()),
        ("p95_ms", details.p95_ms.to_string()),
    ];
    let mut page = format!("  {}\n", say(lang, "eval-used", &args));
    if used.estimated > 0 {
        page.push_str(&format!("  {}\n", say(lang, "usage-estimated", &[("count", used.estimated.to_string())])));
    }
    if used.without_record > 0 {
        let count = [("count", used.without_record.to_string())];
        page.push_str(&format!("  {}\n", say(lang, "eval-without-record", &count)));
    }
    page
}

fn kinds(lang: Lang, details: &Details) -> Result<()> {
    let row = |(kind, part): (&String, &Part)| {
        let share = part.passed as f64 / part.n.max(1) as f64 * 100.0;
        vec![kind.clone(), part.passed.to_string(), part.n.to_string(), format!("{share:.1} %")]
    };
    let rows: Vec<Vec<String>> = details.kinds.iter().map(row).collect();
    output::table(lang, &["kind", "passed", "questions", "score"], &[1, 2, 3], &rows)
}

fn used(it: &Used, currency: &str) -> Value {
    let mut value = json!(it);
    value["cost"] = json!(it.cost_nano.to_decimal().to_string());
    value["currency"] = json!(currency);
    value["joules"] = json!(it.joules());
    value
}

/// The first wrong answers, as they were kept.
fn misses(run: &Run, it: &Evaluation, suite: &Suite) -> Result<Vec<Value>> {
    let data = run.place_of_store(false)?;
    let Some((_, lines)) = read(&path_of(&data, &it.id))? else { return Ok(Vec::new()) };
    let of = |item: &Item| {
        let line = lines.get(&item.id)?;
        let miss = miss(item, line)?;
        let answer: String = on_one_line(&line.answer).chars().take(ANSWER_CHARS).collect();
        Some(json!({ "id": item.id, "kind": item.kind, "miss": miss, "answer": answer, "request": line.request }))
    };
    Ok(suite.items.iter().filter_map(of).take(MISSES_SHOWN).collect())
}

fn miss(item: &Item, line: &Line) -> Option<&'static str> {
    match item.grade(&line.answer) {
        Grade::Right => None,
        Grade::Wrong(miss) => Some(miss.as_str()),
        Grade::NeedsJudge => {
            let meets = line.judge.as_ref().is_some_and(|it| judged(&it.answer) == Ruling::Meets);
            (!meets).then_some("judge")
        }
    }
}
