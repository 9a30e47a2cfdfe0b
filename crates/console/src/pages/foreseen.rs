//! What plans and forecasts have in common on their pages: those that were asked for, one under way, and how one is begun.

use std::sync::Arc;
use std::time::Duration;

use api::foresight::{Came, Foresight, InTheWay, LATE_YEARS_MAX, NoForesight, Question};
use bytes::Bytes;
use http::Response;
use plan::solve::{Failure, Step};

use super::requests::time;
use super::studio;
use crate::block::{Block, Code, Field, Notice, Notices, Page};
use crate::context::{Context, Trouble};
use crate::table::{Cell, Table, columns};
use crate::{reply, view};

/// How long the answer waits for work that takes no longer, in steps.
const STEPS: u32 = 60;
const STEP: Duration = Duration::from_millis(50);

/// Where an answer is looked at.
pub fn path(asked: &Foresight) -> String {
    let page = if matches!(asked.question, Question::Plan(_)) { "plan" } else { "forecast" };
    format!("/console/{page}/{}", asked.id)
}

/// What a plan is of, for those who choose among plans: its case, and what comes later.
pub fn named(asked: &Foresight) -> String {
    let Question::Plan(case) = &asked.question else { return asked.id.clone() };
    let late = asked.late.as_ref().map(|late| format!(" · {} + {}", late.technology, late.years));
    format!("{case}{}", late.unwrap_or_default())
}

/// One that was asked for, of a kind.
///
/// # Errors
/// There is none of that id.
pub fn found(cx: &Context<'_>, plans: bool) -> Result<Arc<Foresight>, Trouble> {
    let found = cx.parts.foresights.find(cx.name()).filter(|it| plans == matches!(it.question, Question::Plan(_)));
    found.ok_or(Trouble::NotFound)
}

/// Waits a little for what was begun, and leads there; or shows the page with why it was not.
///
/// # Errors
/// If the page cannot be made.
pub async fn begun(
    cx: &Context<'_>,
    begun: Result<Arc<Foresight>, NoForesight>,
    page: impl AsyncFnOnce(String) -> Result<Page, Trouble>,
) -> Result<Response<Bytes>, Trouble> {
    match begun {
        Ok(asked) => {
            for _ in 0..STEPS {
                if asked.came().is_some() {
                    break;
                }
                tokio::time::sleep(STEP).await;
            }
            Ok(reply::see_other(&path(&asked)))
        }
        Err(why) => {
            let key = match why {
                NoForesight::Nothing => "foresight-nothing",
                NoForesight::Late => "foresight-late-wrong",
                NoForesight::Busy => "foresight-busy",
            };
            let page = page(cx.words.say(key, &[("most", LATE_YEARS_MAX.to_string())])).await?;
            let mut reply = view::page(&page, &cx.words, cx.ask, Some(&cx.guest), &cx.world().head.name);
            *reply.status_mut() = http::StatusCode::BAD_REQUEST;
            Ok(reply)
        }
    }
}

/// What stands in the way of every plan.
pub fn in_the_way(cx: &Context<'_>, it: &InTheWay) -> Block {
    Block::Code(Code {
        title: cx.t("plan-none"),
        note: cx.t("plan-none-note"),
        text: it.to_text(cx.words.lang),
        prose: true,
        ..Code::default()
    })
}

/// One under way, or why nothing came of it.
pub fn unfinished(cx: &Context<'_>, asked: &Foresight) -> Block {
    let again = Some((cx.t("drill-look-again"), Some(cx.ask.here())));
    let back = Some((cx.t("foresight-back"), Some(path(asked).rsplit_once('/').map_or("", |it| it.0).to_owned())));
    let (tone, text, step) = match asked.came() {
        None => ("info", running(cx, asked.step()), again),
        Some(Came::Wrong(problems)) => ("bad", studio::told(cx, problems), back),
        Some(Came::Failed(failure)) => ("bad", cx.t(failure_key(*failure)), back),
        Some(Came::TooLarge(columns)) => {
            ("bad", cx.words.say("foresight-too-large", &[("columns", cx.words.count(*columns as u64))]), back)
        }
        Some(Came::Lost(why)) if !why.is_empty() => ("bad", why.clone(), back),
        Some(_) => ("bad", cx.t("foresight-lost"), back),
    };
    let notice = Notice { tone, word: cx.t(&format!("tone-{tone}")), text, step };
    Block::Notices(Notices { title: cx.t("foresight-unfinished"), empty: String::new(), items: vec![notice] })
}

fn running(cx: &Context<'_>, step: Option<Step>) -> String {
    match step {
        None => cx.t("foresight-running"),
        Some(Step::Built { columns, rows, .. }) => {
            let count = |it: usize| cx.words.count(it as u64);
            cx.words.say("foresight-built", &[("columns", count(columns)), ("rows", count(rows))])
        }
        Some(_) => cx.t("foresight-solving"),
    }
}

fn failure_key(failure: Failure) -> &'static str {
    match failure {
        Failure::TimeLimit => "foresight-time",
        Failure::Unbounded => "foresight-unbounded",
        _ => "foresight-failed",
    }
}

/// What was asked for, the youngest first: plans, or the others.
pub fn asked(cx: &Context<'_>, plans: bool) -> Table {
    let all = cx.parts.foresights.all();
    let mine = all.iter().filter(|it| plans == matches!(it.question, Question::Plan(_)));
    Table {
        name: "asked",
        title: cx.t("foresight-asked"),
        note: cx.t("foresight-asked-note"),
        empty: cx.t("foresight-asked-none"),
        columns: columns(&cx.words, "answer of late state by at"),
        rows: mine.map(|it| row(cx, it)).collect(),
        ..Table::default()
    }
}

fn row(cx: &Context<'_>, asked: &Foresight) -> Vec<Cell> {
    let of = match &asked.question {
        Question::Plan(name) | Question::Forecast(name) => name.clone(),
        Question::Both { case, model } => format!("{model} · {case}"),
    };
    let late =
        asked.late.as_ref().map_or_else(Cell::none, |it| Cell::text(format!("{} + {}", it.technology, it.years)));
    let (word, tone) = match asked.came() {
        None => ("running", "warn"),
        Some(Came::NoPlan(_)) => ("no_plan", "bad"),
        Some(Came::Plan(_) | Came::Forecast(_) | Came::Difference(_)) => ("done", "good"),
        Some(Came::Wrong(_) | Came::Failed(_) | Came::TooLarge(_) | Came::Lost(_)) => ("wrong", "bad"),
    };
    vec![
        Cell::code(asked.id.as_str()).to(path(asked)),
        Cell::text(of),
        late,
        Cell::of(cx.words.word("answer", word), word).tone(tone),
        Cell::text(asked.by.as_str()),
        time(asked.at, &cx.words),
    ]
}

/// The fields for what comes late.
pub fn late_fields(cx: &Context<'_>, technologies: &[String], value: &(dyn Fn(&str) -> String + Sync)) -> [Field; 2] {
    let none = (String::new(), "–".to_owned());
    let choices = technologies.iter().map(|id| (id.clone(), id.clone()));
    let technology = Field {
        name: "late",
        label: cx.t("foresight-late"),
        value: value("late"),
        choices: [none].into_iter().chain(choices).collect(),
        ..Field::default()
    };
    let years = Field {
        name: "years",
        label: cx.t("foresight-late-years"),
        value: Some(value("years")).filter(|it| !it.is_empty()).unwrap_or_else(|| "3".to_owned()),
        kind: "text",
        hint: cx.words.say("foresight-late-hint", &[("most", LATE_YEARS_MAX.to_string())]),
        ..Field::default()
    };
    [technology, years]
}

/// What a form says comes late.
///
/// # Errors
/// Years that are no number.
pub fn late(cx: &Context<'_>) -> Result<Option<api::foresight::Late>, NoForesight> {
    let technology = cx.ask.field("late").unwrap_or_default().to_owned();
    if technology.is_empty() {
        return Ok(None);
    }
    let years = cx.ask.field("years").and_then(|it| it.trim().parse().ok()).ok_or(NoForesight::Late)?;
    Ok(Some(api::foresight::Late { technology, years }))
}
