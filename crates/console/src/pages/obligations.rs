//! What is owed beside the answers: people to be told of requests, by when and by which rule, and evidence that rules ask for.

use api::desk::obligations::{Asked, Notice as Owes, Stands};
use api::law::word;
use api::rights::Right;
use bytes::Bytes;
use http::Response;
use realm::UnixMs;
use serde_json::json;
use store::notice::Told;

use super::requests::time;
use crate::ask::encoded;
use crate::block::{Block, Field, Form, Notice, Page};
use crate::context::{Context, Late, Trouble};
use crate::reply;
use crate::table::{Cell, Table, columns};

/// The page.
///
/// # Errors
/// If the ledger or the store cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let (known, told) = (cx.notices().await?, cx.told_notices().await?);
    let mut blocks: Vec<Block> = known.late(&cx.words, "/console/obligations").into_iter().collect();
    blocks.push(Block::Table(notices(cx, &known.value)));
    if cx.may(Right::Operate) && known.value.iter().any(|it| it.owed.is_some()) {
        blocks.push(Block::Form(form(cx, &known.value)));
    }
    blocks.push(Block::Table(done(cx, &told)));
    blocks.push(Block::Table(evidence(cx, &cx.evidence_asked())));
    let (title, lead) = (cx.t("menu-obligations"), cx.t("obligations-lead"));
    Ok(Page { menu: "obligations", title, lead, blocks, ..Page::default() })
}

fn notices(cx: &Context<'_>, all: &[Owes]) -> Table {
    let words = &cx.words;
    let row = |it: &Owes| {
        let (rule, stands, owed) = (&it.rule, it.stands(cx.now), it.owed.as_ref());
        let href = format!("/console/requests?rule={}&app={}", encoded(rule.id.as_str()), encoded(it.app.as_str()));
        let requests = owed.map_or(0, |owed| owed.requests);
        let moment = |at: Option<UnixMs>| at.map_or_else(Cell::none, |at| time(at, words));
        vec![
            Cell::of(words.word("notice", stands.as_str()), stands.as_str()).tone(tone(stands)),
            rule_cell(rule.id.as_str()).note(rule.title_in(words.lang)),
            Cell::text(rule.cite.as_ref()),
            Cell::text(it.app.as_str()),
            Cell::of(words.count(requests), requests).to(href),
            moment(owed.map(|owed| owed.first)),
            moment(it.due),
            moment(it.told.as_ref().map(|told| told.at)),
        ]
    };
    let table = Table {
        name: "notices",
        title: cx.t("notices"),
        note: cx.t("notices-note"),
        empty: cx.t("notices-none"),
        columns: columns(words, "state rule cite app #requests since due told"),
        rows: all.iter().map(row).collect(),
        ..Table::default()
    };
    table.arranged(cx.ask, words, cx.whole())
}

fn tone(stands: Stands) -> &'static str {
    match stands {
        Stands::Overdue => "bad",
        Stands::Open => "warn",
        Stands::Done => "good",
    }
}

fn rule_cell(id: &str) -> Cell {
    Cell::code(id).to(format!("/console/policies/rules/{}", encoded(id)))
}

/// Who did it says until when, by the moment at which they saw what is owed.
fn form(cx: &Context<'_>, all: &[Owes]) -> Form {
    let owed = all.iter().filter(|it| it.owed.is_some());
    let choices = owed.map(|it| (format!("{} {}", it.rule.id, it.app), format!("{} · {}", it.rule.id, it.app)));
    let what = Field {
        name: "notice",
        label: cx.t("notice-which"),
        choices: choices.collect(),
        kind: "text",
        ..Field::default()
    };
    let through = Field { name: "through", value: cx.now.0.to_string(), kind: "hidden", ..Field::default() };
    let reference = Field { name: "reference", label: cx.t("notice-reference"), kind: "text", ..Field::default() };
    Form {
        title: cx.t("notice-tell"),
        note: cx.words.say("notice-tell-note", &[("now", cx.words.time(cx.now))]),
        action: "/console/obligations".to_owned(),
        fields: vec![what, reference, through],
        button: cx.t("notice-tell-button"),
        ..Form::default()
    }
}

fn done(cx: &Context<'_>, all: &[Told]) -> Table {
    let words = &cx.words;
    let row = |it: &Told| {
        let undo = if it.undone.is_none() && cx.may(Right::Operate) {
            let href = format!("/console/obligations/{}/undo", encoded(&it.id));
            Cell { text: cx.t("notice-undo"), href: Some(href), ..Cell::default() }
        } else {
            Cell::default()
        };
        vec![
            rule_cell(&it.rule),
            Cell::text(it.app.as_str()),
            time(it.through, words),
            time(it.at, words),
            Cell::text(it.by.as_str()),
            Cell::text(it.reference.as_str()),
            it.undone.as_ref().map_or_else(Cell::none, |(at, by)| time(*at, words).note(by.clone())),
            undo,
        ]
    };
    let table = Table {
        name: "told",
        title: cx.t("notices-told"),
        empty: cx.t("notices-told-none"),
        columns: columns(words, "rule app through at by reference undone action"),
        rows: all.iter().map(row).collect(),
        ..Table::default()
    };
    table.arranged(cx.ask, words, cx.whole())
}

fn evidence(cx: &Context<'_>, all: &[Asked]) -> Table {
    let words = &cx.words;
    let row = |it: &Asked| {
        let met = word(it.shown.met);
        let tone = match met {
            "met" => "good",
            "not_met" => "bad",
            _ => "warn",
        };
        let rules: Vec<&str> = it.rules.iter().map(|rule| rule.id.as_str()).collect();
        vec![
            Cell::of(words.word("met", met), met).tone(tone),
            Cell::code(it.key.to_string()),
            Cell::text(it.shown.subject.as_str()),
            it.shown.value.as_ref().map_or_else(Cell::none, |value| Cell::text(value.as_str())),
            it.shown.valid_until.map_or_else(Cell::none, |day| Cell::code(day.to_string())),
            Cell::of(rules.join(", "), json!(rules)),
        ]
    };
    let table = Table {
        name: "evidence",
        title: cx.t("evidence-asked"),
        note: cx.t("evidence-asked-note"),
        empty: cx.t("evidence-asked-none"),
        columns: columns(words, "met evidence subject value valid_until rules"),
        rows: all.iter().map(row).collect(),
        ..Table::default()
    };
    table.arranged(cx.ask, words, cx.whole())
}

/// Takes in that somebody told whom a rule has told.
///
/// # Errors
/// There is no such rule or app, or nothing that shows it.
pub async fn tell(cx: &Context<'_>) -> Result<Response<Bytes>, Trouble> {
    let field = |name: &str| cx.ask.field(name).unwrap_or_default();
    let (rule, app) = field("notice").split_once(' ').ok_or(Trouble::NotFound)?;
    if field("reference").trim().is_empty() {
        return Err(Trouble::Wrong(cx.t("notice-no-reference")));
    }
    let through = field("through").parse().map_or(cx.now, UnixMs);
    cx.desk.tell_notice(rule, app, through.min(cx.now), field("reference")).await?;
    Ok(reply::see_other("/console/obligations"))
}

/// Asks whether it should really be taken back.
///
/// # Errors
/// There is none of that id.
pub async fn undo_form(cx: &Context<'_>) -> Result<Page, Trouble> {
    let all = cx.told_notices().await?;
    let told = all.iter().find(|it| it.id == cx.name()).ok_or(Trouble::NotFound)?;
    let args = [("rule", told.rule.clone()), ("app", told.app.clone()), ("reference", told.reference.clone())];
    let form = Form {
        note: cx.words.say("notice-undo-note", &args),
        action: format!("/console/obligations/{}/undo", encoded(&told.id)),
        button: cx.t("notice-undo-button"),
        grave: true,
        cancel: Some(("/console/obligations".to_owned(), cx.t("cancel"))),
        ..Form::default()
    };
    let (title, lead) = (cx.t("notice-undo"), cx.t("notice-undo-lead"));
    Ok(Page { menu: "obligations", title, lead, blocks: vec![Block::Form(form)], ..Page::default() })
}

/// Takes it back.
///
/// # Errors
/// There is none of that id.
pub async fn undo(cx: &Context<'_>) -> Result<Response<Bytes>, Trouble> {
    cx.desk.untell_notice(cx.name()).await?;
    Ok(reply::see_other("/console/obligations"))
}

/// What the first page says of notices whose time has come.
///
/// # Errors
/// If the ledger or the store cannot be read.
pub async fn notice(cx: &Context<'_>) -> Result<Option<Notice>, Trouble> {
    if cx.is_whole() {
        return Ok(None);
    }
    let all = cx.notices().await?.value;
    let overdue = all.iter().filter(|it| it.stands(cx.now) == Stands::Overdue).count() as u64;
    let text = cx.words.say("need-notices", &[("count", cx.words.count(overdue))]);
    let step = Some((cx.t("step-notices"), Some("/console/obligations".to_owned())));
    Ok((overdue > 0).then(|| Notice { tone: "bad", word: cx.t("tone-bad"), text, step }))
}
