//! Forecasts: the realm's models, what one says, and what a plan with something late does to it.

use api::foresight::{Came, Lies, Question};
use bytes::Bytes;
use http::Response;

use super::foreseen::{self, found, late, late_fields, unfinished};
use super::plan::{readable, technologies};
use crate::block::{Block, Field, Form, Page};
use crate::context::{Context, Trouble};
use crate::table::{Cell, Table, columns};
use crate::told;
use api::rights::Right;

/// The pages about forecasts.
pub fn tabs(cx: &Context<'_>, here: &str) -> Vec<(String, String, bool)> {
    let tabs = [
        ("/console/forecast", "tab-forecasts"),
        ("/console/track-record", "tab-track-record"),
        ("/console/observatory", "tab-observatory"),
    ];
    tabs.map(|(path, key)| (path.to_owned(), cx.t(key), key == here)).into()
}

/// The page.
///
/// # Errors
/// If the realm's folder cannot be looked through.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let value = |name: &str| cx.ask.param(name).unwrap_or_default().to_owned();
    whole(cx, &value, String::new()).await
}

/// Begins to work out what the form names.
///
/// # Errors
/// If the realm's folder cannot be looked through.
pub async fn begin(cx: &Context<'_>) -> Result<Response<Bytes>, Trouble> {
    let value = |name: &str| cx.ask.field(name).unwrap_or_default().to_owned();
    let question = match value("case") {
        case if case.is_empty() => Question::Forecast(value("model")),
        case => Question::Both { case, model: value("model") },
    };
    let begun = match (late(cx), &question) {
        // Something late is late in a case.
        (Ok(Some(_)), Question::Forecast(_)) | (Err(_), _) => Err(api::foresight::NoForesight::Late),
        (Ok(None), Question::Both { .. }) => Err(api::foresight::NoForesight::Late),
        (Ok(late), _) => cx.desk.foresee(question, late).await,
    };
    foreseen::begun(cx, begun, async |error| whole(cx, &value, error).await).await
}

/// One answer.
///
/// # Errors
/// There is none of that id.
pub fn one(cx: &Context<'_>) -> Result<Page, Trouble> {
    let asked = found(cx, false)?;
    let report = asked.came().and_then(|came| came.report(cx.words.lang));
    let (title, blocks) = match (report, asked.came()) {
        (Some(report), _) => (report.title.clone(), told::blocks(cx, &report)),
        // Without a plan there is no capacity, and no number stands in for one.
        (None, Some(Came::NoPlan(it))) => {
            (it.case.name.of(cx.words.lang).to_owned(), vec![foreseen::in_the_way(cx, it)])
        }
        (None, _) => (cx.t("menu-forecast"), vec![unfinished(cx, &asked)]),
    };
    let lead = match &asked.late {
        Some(late) => {
            let args = [("technology", late.technology.clone()), ("years", late.years.to_string())];
            cx.words.say("forecast-late-lead", &args)
        }
        None => cx.t("forecast-one-lead"),
    };
    Ok(Page { menu: "forecast", title, lead, tabs: tabs(cx, "tab-forecasts"), blocks })
}

async fn whole(cx: &Context<'_>, value: &(dyn Fn(&str) -> String + Sync), error: String) -> Result<Page, Trouble> {
    let lies = cx.desk.lies().await?;
    let mut blocks = vec![Block::Table(models(cx, &lies))];
    // A refusal is said where it was asked, whatever lies there.
    if (!lies.models.is_empty() || !error.is_empty()) && cx.may(Right::Operate) {
        blocks.push(Block::Form(form(cx, &lies, value, error)));
    }
    blocks.push(Block::Table(foreseen::asked(cx, false)));
    let (title, lead) = (cx.t("menu-forecast"), cx.t("forecast-lead"));
    Ok(Page { menu: "forecast", title, lead, tabs: tabs(cx, "tab-forecasts"), blocks })
}

fn form(cx: &Context<'_>, lies: &Lies, value: &(dyn Fn(&str) -> String + Sync), error: String) -> Form {
    let choice = |name: &'static str, label: &str, choices: Vec<(String, String)>| Field {
        name,
        label: cx.t(label),
        value: value(name),
        choices,
        ..Field::default()
    };
    let same = |it: &String| (it.clone(), it.clone());
    let none = [(String::new(), cx.t("forecast-own-capacity"))];
    let cases = none.into_iter().chain(readable(lies).map(|(name, _)| same(name))).collect();
    let mut fields = vec![
        choice("model", "col-model_file", lies.models.keys().map(same).collect()),
        choice("case", "forecast-with-case", cases),
    ];
    fields.extend(late_fields(cx, &technologies(lies), value));
    Form {
        title: cx.t("forecast-run"),
        note: cx.t("forecast-run-note"),
        action: "/console/forecast".to_owned(),
        fields,
        button: cx.t("forecast-run-button"),
        error,
        ..Form::default()
    }
}

fn models(cx: &Context<'_>, lies: &Lies) -> Table {
    Table {
        name: "models",
        title: cx.t("forecast-models"),
        note: cx.t("forecast-models-note"),
        empty: cx.t("forecast-models-none"),
        columns: columns(&cx.words, "model_file"),
        rows: lies.models.keys().map(|name| vec![Cell::code(name.as_str())]).collect(),
        ..Table::default()
    }
}
