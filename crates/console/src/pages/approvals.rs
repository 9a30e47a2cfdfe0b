//! Requests that wait for people: which there are, what each is about, and the forms by which somebody agrees or refuses.

use api::rights::Right;
use bytes::Bytes;
use http::Response;
use realm::RuleId;
use serde_json::json;
use store::approval::{Asks, Decided, State, Ticket, Word};

use super::requests::time;
use crate::ask::encoded;
use crate::block::{Block, Fact, Facts, Field, Form, Notice, Page};
use crate::context::{Context, Trouble};
use crate::reply;
use crate::table::{Cell, Table, columns};

/// The page of all.
///
/// # Errors
/// If the store cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let tickets = cx.tickets().await?;
    let (open, ended): (Vec<Ticket>, Vec<Ticket>) = tickets.into_iter().partition(|it| it.state(cx.now).is_open());
    let blocks = vec![Block::Table(waiting(cx, &open)), Block::Table(decided(cx, &ended))];
    let (title, lead) = (cx.t("menu-approvals"), cx.t("approvals-lead"));
    Ok(Page { menu: "approvals", title, lead, blocks, ..Page::default() })
}

fn waiting(cx: &Context<'_>, tickets: &[Ticket]) -> Table {
    let row = |ticket: &Ticket| {
        let mut cells = about(cx, ticket);
        cells.push(agreed(ticket));
        cells.push(time(ticket.until, &cx.words));
        cells
    };
    let table = Table {
        name: "waiting",
        title: cx.t("approvals-waiting"),
        empty: cx.t("approvals-waiting-none"),
        columns: columns(&cx.words, "ticket state app route purpose classes rules asked agreed waits_until"),
        rows: tickets.iter().map(row).collect(),
        ..Table::default()
    };
    table.arranged(cx.ask, &cx.words, cx.whole())
}

fn decided(cx: &Context<'_>, tickets: &[Ticket]) -> Table {
    let row = |ticket: &Ticket| {
        let mut cells = about(cx, ticket);
        let people: Vec<&str> = ticket.words.iter().map(|word| word.by.as_str()).collect();
        cells.push(if people.is_empty() { Cell::none() } else { Cell::of(people.join(", "), json!(people)) });
        cells.push(ticket.used.as_ref().map_or_else(Cell::none, |used| request(&used.req)));
        cells
    };
    let table = Table {
        name: "decided",
        title: cx.t("approvals-decided"),
        note: cx.t("approvals-decided-note"),
        empty: cx.t("approvals-decided-none"),
        columns: columns(&cx.words, "ticket state app route purpose classes rules asked people used_by"),
        rows: tickets.iter().map(row).collect(),
        ..Table::default()
    };
    table.arranged(cx.ask, &cx.words, cx.whole())
}

/// What both tables say of a ticket.
fn about(cx: &Context<'_>, ticket: &Ticket) -> Vec<Cell> {
    let rules: Vec<&str> = ticket.rules.iter().map(|rule| rule.id.as_str()).collect();
    vec![
        Cell::code(ticket.id.as_str()).to(format!("/console/approvals/{}", encoded(&ticket.id))),
        state(cx, ticket),
        Cell::text(ticket.app.as_str()),
        Cell::text(ticket.route.as_str()),
        Cell::text(ticket.purpose.as_str()),
        Cell::of(ticket.classes.to_string().replace(',', ", "), json!(ticket.classes)),
        Cell::of(rules.join(", "), json!(rules)),
        time(ticket.asked, &cx.words),
    ]
}

fn state(cx: &Context<'_>, ticket: &Ticket) -> Cell {
    let state = ticket.state(cx.now);
    Cell::of(cx.words.word("ticket", state.as_str()), state.as_str()).tone(tone(state))
}

fn tone(state: State) -> &'static str {
    match state {
        State::Waiting => "warn",
        State::Approved | State::Used => "good",
        State::Refused => "bad",
        State::Expired => "quiet",
    }
}

fn agreed(ticket: &Ticket) -> Cell {
    let value = json!({ "needed": ticket.needed, "given": ticket.agreed() });
    Cell::of(format!("{} / {}", ticket.agreed(), ticket.needed), value)
}

fn request(id: &str) -> Cell {
    Cell::code(id).to(format!("/console/requests/{}", encoded(id)))
}

/// The page of one.
///
/// # Errors
/// There is no ticket of that id.
pub async fn one(cx: &Context<'_>) -> Result<Page, Trouble> {
    let ticket = cx.ticket(cx.name()).await?;
    let mut blocks = vec![facts(cx, &ticket), Block::Table(rules(cx, &ticket)), Block::Table(words(cx, &ticket))];
    if ticket.state(cx.now).is_open() && cx.may(Right::Operate) {
        let agrees = ticket.words.iter().any(|word| word.by == cx.guest.person && word.agrees);
        blocks.extend((!agrees).then(|| Block::Form(form(cx, &ticket, "agree"))));
        blocks.push(Block::Form(form(cx, &ticket, "refuse")));
    }
    let title = cx.words.say("approval-title", &[("id", ticket.id.clone())]);
    Ok(Page { menu: "approvals", title, lead: cx.t("approval-lead"), blocks, ..Page::default() })
}

fn facts(cx: &Context<'_>, ticket: &Ticket) -> Block {
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let led = |name: &str, id: &str| Fact {
        href: Some(format!("/console/requests/{}", encoded(id))),
        code: true,
        ..fact(name, id.to_owned())
    };
    let state = state(cx, ticket);
    let or = |text: String| if text.is_empty() { "–".to_owned() } else { text };
    let mut items = vec![
        Fact { tone: state.tone, ..fact("col-state", state.text) },
        fact("col-agreed", agreed(ticket).text),
        fact("col-app", ticket.app.clone()),
        fact("col-route", ticket.route.clone()),
        fact("col-purpose", ticket.purpose.clone()),
        fact("col-classes", or(ticket.classes.to_string().replace(',', ", "))),
        fact("approval-user-in", or(ticket.user_in.clone().unwrap_or_default())),
        fact("approval-deployments", ticket.deployments.join(", ")),
        fact("col-asked", cx.words.time(ticket.asked)),
        fact("col-waits_until", cx.words.time(ticket.until)),
        led("approval-request", &ticket.req),
        Fact { code: true, ..fact("live-realm", ticket.realm.clone()) },
    ];
    items.extend(ticket.used.as_ref().map(|used| led("col-used_by", &used.req)));
    Block::Facts(Facts { items, large: false, title: String::new() })
}

fn rules(cx: &Context<'_>, ticket: &Ticket) -> Table {
    let compiled = cx.around.compiled();
    let row = |asks: &Asks| {
        let rule = RuleId::new(&asks.id).ok().and_then(|id| compiled.rule(&id).cloned());
        let title = rule.map_or_else(|| asks.title.clone(), |rule| rule.title_in(cx.words.lang).to_owned());
        let href = format!("/console/policies/rules/{}", encoded(&asks.id));
        vec![Cell::code(asks.id.as_str()).to(href), Cell::text(title), Cell::text(asks.cite.as_str())]
    };
    Table {
        name: "rules",
        title: cx.t("approval-rules"),
        columns: columns(&cx.words, "rule title cite"),
        rows: ticket.rules.iter().map(row).collect(),
        ..Table::default()
    }
}

fn words(cx: &Context<'_>, ticket: &Ticket) -> Table {
    let row = |word: &Word| {
        let (said, tone) = if word.agrees { ("agrees", "good") } else { ("refuses", "bad") };
        vec![
            Cell::text(word.by.as_str()),
            Cell::of(cx.words.word("said", said), said).tone(tone),
            time(word.at, &cx.words),
            Cell::text(word.reason.as_str()),
        ]
    };
    Table {
        name: "words",
        title: cx.t("approval-words"),
        empty: cx.t("approval-words-none"),
        columns: columns(&cx.words, "by said at reason"),
        rows: ticket.words.iter().map(row).collect(),
        ..Table::default()
    }
}

fn form(cx: &Context<'_>, ticket: &Ticket, word: &'static str) -> Form {
    Form {
        title: cx.t(&format!("approval-{word}")),
        note: cx.t(&format!("approval-{word}-note")),
        action: format!("/console/approvals/{}/{word}", encoded(&ticket.id)),
        fields: vec![Field { name: "reason", label: cx.t("col-reason"), kind: "text", ..Field::default() }],
        button: cx.t(&format!("approval-{word}-button")),
        grave: word == "refuse",
        ..Form::default()
    }
}

/// Takes somebody's word in.
///
/// # Errors
/// There is no ticket of that id, no reason, or it is too late or not theirs to say.
pub async fn say(cx: &Context<'_>, agrees: bool) -> Result<Response<Bytes>, Trouble> {
    let wrong = |key: &str| Err(Trouble::Wrong(cx.t(key)));
    let reason = cx.ask.field("reason").unwrap_or_default();
    if reason.trim().is_empty() {
        return wrong("approval-no-reason");
    }
    match cx.desk.say_of_ticket(cx.name(), agrees, reason).await? {
        Decided::Said(_) => Ok(reply::see_other(&format!("/console/approvals/{}", encoded(cx.name())))),
        Decided::NoSuch => Err(Trouble::NotFound),
        Decided::Over(_) => wrong("approval-over"),
        Decided::Asker => wrong("approval-asker"),
        Decided::Before => wrong("approval-before"),
    }
}

/// What the first page says of requests that wait.
///
/// # Errors
/// If the store cannot be read.
pub async fn notice(cx: &Context<'_>) -> Result<Option<Notice>, Trouble> {
    if cx.is_whole() {
        return Ok(None);
    }
    let waiting = cx.tickets().await?.iter().filter(|it| it.state(cx.now) == State::Waiting).count() as u64;
    let text = cx.words.say("need-approvals", &[("count", cx.words.count(waiting))]);
    let step = Some((cx.t("step-approvals"), Some("/console/approvals".to_owned())));
    Ok((waiting > 0).then(|| Notice { tone: "warn", word: cx.t("tone-warn"), text, step }))
}
