//! Apps and the keys that let them in.

use realm::Nano;
use realm::world::App;
use serde_json::json;
use store::{KeyInfo, KeyState, Suspendable, Suspension};

use super::models::action;
use super::overview::month;
use super::requests::time;
use crate::access::Right;
use crate::ask::encoded;
use crate::block::{Block, Field, Form, Page};
use crate::change::TTL_DAYS;
use crate::context::{Context, Trouble};
use crate::index::Totals;
use crate::table::{Cell, Table, columns};

/// The page.
///
/// # Errors
/// If the ledger or the store cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let first = month(cx);
    let seen = cx.seen();
    let known = cx.ledger(move |index| index.since(first, &seen)).await?;
    let late = known.late(&cx.words, "/console/keys");
    let store = &cx.console.parts.store;
    let (keys, suspended) = (own_keys(cx).await?, store.suspensions().await?);
    let mut blocks: Vec<Block> = late.into_iter().collect();
    if cx.may(Right::Operate) {
        blocks.push(Block::Form(new(cx)));
    }
    blocks.push(Block::Table(listed(cx, &keys)));
    blocks.push(Block::Table(apps(cx, &known.value, &keys, &suspended)));
    let (title, lead) = (cx.t("menu-keys"), cx.t("keys-lead"));
    Ok(Page { menu: "keys", title, lead, blocks, ..Page::default() })
}

/// Keys of the apps that the page is of.
async fn own_keys(cx: &Context<'_>) -> Result<Vec<KeyInfo>, Trouble> {
    let all = cx.console.parts.store.keys().await?;
    Ok(all.into_iter().filter(|key| cx.app(key.app.as_str()).is_ok()).collect())
}

/// The key that the path names.
///
/// # Errors
/// There is none of that id, or it is of another organisation.
pub async fn own_key(cx: &Context<'_>) -> Result<KeyInfo, Trouble> {
    own_keys(cx).await?.into_iter().find(|key| key.id.0 == cx.name()).ok_or(Trouble::NotFound)
}

fn new(cx: &Context<'_>) -> Form {
    let apps = cx.apps().map(|app| (app.id.to_string(), app.id.to_string())).collect();
    let days = TTL_DAYS.map(|days| (days.to_string(), cx.words.say("key-days", &[("days", days.to_string())])));
    let app = Field { name: "app", label: cx.t("col-app"), choices: apps, kind: "text", ..Field::default() };
    let (choices, value) = (days.into(), "90".into());
    let ttl = Field { name: "days", label: cx.t("key-ttl"), value, choices, kind: "text", ..Field::default() };
    Form {
        title: cx.t("key-new"),
        note: cx.t("key-new-note"),
        action: "/console/keys".to_owned(),
        fields: vec![app, ttl],
        button: cx.t("key-new-button"),
        ..Form::default()
    }
}

fn listed(cx: &Context<'_>, keys: &[KeyInfo]) -> Table {
    let words = &cx.words;
    let row = |key: &KeyInfo| {
        let (word, tone) = match key.state(cx.now) {
            KeyState::Active => ("active", "good"),
            KeyState::Expired => ("expired", "quiet"),
            KeyState::Revoked => ("revoked", "quiet"),
        };
        let revoke = if word == "active" && cx.may(Right::Operate) {
            let href = format!("/console/keys/{}/revoke", encoded(&key.id.0));
            Cell { text: cx.t("revoke-link"), href: Some(href), ..Cell::default() }
        } else {
            Cell::default()
        };
        vec![
            Cell::code(key.id.0.as_str()),
            Cell::text(key.app.as_str()),
            Cell::of(words.word("key", word), word).tone(tone),
            time(key.created, words),
            key.expires.map_or_else(Cell::none, |at| time(at, words)),
            revoke,
        ]
    };
    // The youngest first.
    let table = Table {
        name: "keys",
        title: cx.t("keys"),
        empty: cx.t("keys-none"),
        columns: columns(words, "key app state created expires action"),
        rows: keys.iter().rev().map(row).collect(),
        ..Table::default()
    };
    table.arranged(cx.ask, words, cx.whole())
}

fn apps(cx: &Context<'_>, sums: &Totals, keys: &[KeyInfo], suspended: &[Suspension]) -> Table {
    let words = &cx.words;
    let row = |app: &App| {
        let is_out = suspended.iter().any(|it| it.kind == Suspendable::App && it.id == app.id.as_str());
        let word = if is_out { "suspended" } else { "in-use" };
        let active =
            keys.iter().filter(|key| key.app == app.id && key.state(cx.now) == KeyState::Active).count() as u64;
        let spent = sums.apps.get(&app.id).map_or(Nano::ZERO, |sum| sum.cost);
        let exact = |amount: Nano| json!(amount.to_decimal().to_string());
        let routes: Vec<&str> = app.routes.iter().map(realm::RouteId::as_str).collect();
        vec![
            Cell::text(app.id.as_str()).to(format!("/console/requests?app={}", encoded(app.id.as_str()))),
            Cell::of(words.word("place", word), word).tone(if is_out { "warn" } else { "good" }),
            Cell::text(app.organisation.as_str()),
            Cell { value: json!(app.purposes), ..Cell::text(app.purposes.join(", ")) },
            Cell { value: json!(routes), ..Cell::text(routes.join(", ")) },
            Cell::of(app.data_classes.to_string().replace(',', ", "), json!(app.data_classes)),
            Cell::of(words.word("risk", app.risk_tier.as_str()), app.risk_tier.as_str()),
            Cell::of(words.count(active), active),
            Cell::of(words.amount(spent), exact(spent)),
            app.budget.per_month.map_or_else(Cell::none, |budget| Cell::of(words.amount(budget), exact(budget))),
            action(cx, Suspendable::App, app.id.as_str(), suspended),
        ]
    };
    let names = "app state organisation purposes routes classes risk #keys #cost #budget action";
    let rows = cx.apps().map(row).collect();
    Table {
        name: "apps",
        title: cx.t("apps"),
        note: cx.t("apps-note"),
        empty: cx.t("apps-none"),
        columns: columns(words, names),
        rows,
        ..Table::default()
    }
}

/// Asks whether a key should really end.
///
/// # Errors
/// There is no such key.
pub async fn revoke(cx: &Context<'_>) -> Result<Page, Trouble> {
    let key = own_key(cx).await?;
    let args = [("id", key.id.to_string()), ("app", key.app.to_string())];
    let form = Form {
        note: cx.words.say("revoke-note", &args),
        action: format!("/console/keys/{}/revoke", encoded(&key.id.0)),
        button: cx.t("revoke-button"),
        grave: true,
        cancel: Some(("/console/keys".to_owned(), cx.t("cancel"))),
        ..Form::default()
    };
    let (title, lead) = (cx.words.say("revoke-title", &args), cx.t("revoke-undo"));
    Ok(Page { menu: "keys", title, lead, blocks: vec![Block::Form(form)], ..Page::default() })
}
