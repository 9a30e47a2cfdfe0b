//! The first page: what needs somebody, and how it goes.

use std::collections::BTreeMap;

use jiff::civil::Date;
use realm::{Nano, UnixMs};
use serde_json::json;
use store::{KeyInfo, KeyState, Suspendable, Suspension};

use super::map::who;
use super::traffic::{self, Span, Traffic, Whose};
use crate::ask::encoded;
use crate::block::{Block, Fact, Facts, Notice, Notices, Page, Why};
use crate::context::{Context, Late, Trouble};
use crate::table::{Cell, Table, columns};
use api::index::{Index, Samples, Sum, Totals};

const DAY_MS: u64 = 86_400_000;
/// A key that ends within so many days is told.
const KEY_DAYS: u64 = 14;
/// A budget that is used so far, in percent, is told.
const BUDGET_PERCENT: i64 = 80;

/// The page.
///
/// # Errors
/// If the ledger or the store cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let first = month(cx);
    let (now, span, seen) = (cx.now, Span::of(cx), cx.seen());
    let (snapshot, who) = (cx.snapshot.clone(), who(cx));
    let look = move |index: &Index| {
        let whose = Whose { seen: &seen, world: &snapshot.world, who };
        (index.since(first, &seen), Traffic::of(index, now, span, &whose), index.samples(&seen))
    };
    let known = cx.ledger(look).await?;
    let late = known.late(&cx.words, "/console");
    let (sums, traffic, samples) = known.value;
    let mut blocks: Vec<Block> = late.into_iter().collect();
    blocks.push(Block::Notices(needs(cx, &sums, samples).await?));
    blocks.push(Block::Facts(figures(cx, &sums, first)));
    blocks.extend(traffic::charts(cx, &traffic, &sums));
    blocks.push(Block::Table(if cx.is_whole() { organisations(cx, &sums) } else { spend(cx, &sums) }));
    Ok(Page { menu: "overview", title: cx.t("menu-overview"), lead: cx.t("overview-lead"), blocks, ..Page::default() })
}

/// The first day of the month that it is in the realm.
pub fn month(cx: &Context<'_>) -> Date {
    cx.desk.month()
}

/// What needs somebody, the gravest first.
async fn needs(cx: &Context<'_>, sums: &Totals, samples: Samples) -> Result<Notices, Trouble> {
    let (ready, store) = (cx.around.ready(), &cx.parts.store);
    let mut items: Vec<Notice> =
        ready.reasons.iter().map(|reason| notice(cx, "bad", reason.clone(), Some(("step-reason", None)))).collect();
    let suspensions = store.suspensions().await?.into_iter().filter(|found| is_ours(cx, found));
    items.extend(suspensions.map(|found| suspended(cx, found)));
    for warning in &ready.warnings {
        let about_supply = warning.starts_with("deployment") || warning.starts_with("operator");
        let href = about_supply.then(|| "/console/models".to_owned());
        items.push(notice(
            cx,
            "warn",
            warning.clone(),
            Some((if about_supply { "step-models" } else { "step-log" }, href)),
        ));
    }
    if !cx.is_whole() {
        items.extend(budgets(cx, sums));
        items.extend(keys(cx, &store.keys().await?));
    }
    if super::ledger::witnessed(cx).is_none() {
        items.push(notice(
            cx,
            "info",
            cx.t("need-witness"),
            Some(("step-witness", Some("/console/ledger".to_owned()))),
        ));
    }
    items.extend(super::obligations::notice(cx).await?);
    items.extend(super::approvals::notice(cx).await?);
    items.extend(super::drills::notices(cx).await?);
    items.extend(super::samples::notice(cx, samples));
    Ok(Notices { title: cx.t("needs"), empty: cx.t("needs-none"), items })
}

/// Whether a suspension is of the scope: of its apps, or of what all share.
fn is_ours(cx: &Context<'_>, found: &Suspension) -> bool {
    found.kind != Suspendable::App || (!cx.is_whole() && cx.app(&found.id).is_ok())
}

fn suspended(cx: &Context<'_>, found: Suspension) -> Notice {
    let kind = cx.words.word("kind", found.kind.as_str());
    // What serves several organisations is resumed for all of them, by somebody with a role in the whole.
    let here = (found.kind == Suspendable::App) != cx.is_whole();
    let href = here.then(|| format!("/console/resume/{}/{}", found.kind, encoded(&found.id)));
    let args = [("kind", kind), ("id", found.id), ("by", found.by), ("since", cx.words.time(found.since))];
    notice(cx, "warn", cx.words.say("need-suspended", &args), Some(("step-resume", href)))
}

/// Keys that end soon.
fn keys(cx: &Context<'_>, keys: &[KeyInfo]) -> Option<Notice> {
    let soon = UnixMs(cx.now.0.saturating_add(KEY_DAYS * DAY_MS));
    let ends = |key: &&KeyInfo| {
        let active = key.state(cx.now) == KeyState::Active && key.expires.is_some_and(|end| end <= soon);
        active && cx.app(key.app.as_str()).is_ok()
    };
    let ending = keys.iter().filter(ends).count() as u64;
    let args = [("count", cx.words.count(ending)), ("days", KEY_DAYS.to_string())];
    let step = Some(("step-keys", Some("/console/keys?sort=expires".to_owned())));
    (ending > 0).then(|| notice(cx, "info", cx.words.say("need-keys", &args), step))
}

fn notice(cx: &Context<'_>, tone: &'static str, text: String, step: Option<(&str, Option<String>)>) -> Notice {
    let step = step.map(|(key, href)| (cx.t(key), href));
    Notice { tone, word: cx.t(&format!("tone-{tone}")), text, step }
}

/// Budgets that are nearly used up.
fn budgets(cx: &Context<'_>, sums: &Totals) -> Vec<Notice> {
    let mut items = Vec::new();
    for app in cx.apps() {
        let spent = sums.apps.get(&app.id).map_or(Nano::ZERO, |sum| sum.cost);
        let Some(percent) = app.budget.per_month.and_then(|budget| percent(spent, budget)) else { continue };
        if percent >= BUDGET_PERCENT {
            let args = [("app", app.id.to_string()), ("percent", percent.to_string())];
            let tone = if percent >= 100 { "bad" } else { "warn" };
            let href = format!("/console/requests?app={}", encoded(app.id.as_str()));
            items.push(notice(cx, tone, cx.words.say("need-budget", &args), Some(("step-budget", Some(href)))));
        }
    }
    items
}

pub fn percent(spent: Nano, budget: Nano) -> Option<i64> {
    spent.0.checked_mul(100)?.checked_div(budget.0)
}

fn figures(cx: &Context<'_>, sums: &Totals, first: Date) -> Facts {
    let total = sums.total();
    let since = cx.words.say("since", &[("date", first.to_string())]);
    let ended = format!("/console/requests?from={first}");
    let fact = |name: &str, value: String, note: String, href: Option<String>| Fact {
        name: cx.t(&format!("figure-{name}")),
        value,
        note,
        // Of the whole there are sums only.
        href: href.filter(|_| !cx.is_whole()),
        why: Some(why(cx, name, first, &ended)),
        ..Fact::default()
    };
    let failed = [("failed", cx.words.count(total.failed)), ("unknown", cx.words.count(total.unknown))];
    let joules = if total.requests > 0 && total.energy_unknown == total.requests {
        cx.t("unknown")
    } else {
        format!("{}\u{202f}J", cx.words.tenth(total.energy_j))
    };
    let unknown = [("count", cx.words.count(total.energy_unknown))];
    let unmeasured = if total.energy_unknown > 0 { cx.words.say("energy-unknown", &unknown) } else { since.clone() };
    let estimated = [("count", cx.words.count(total.estimated))];
    let cost = if total.estimated > 0 { cx.words.say("of-it-estimated", &estimated) } else { since.clone() };
    let refused = Some(format!("{ended}&end=refused"));
    let tokens = cx.words.count(total.tokens_in.saturating_add(total.tokens_out));
    let items = vec![
        fact("requests", cx.words.count(total.requests), cx.words.say("figure-failed", &failed), Some(ended.clone())),
        fact("refused", cx.words.count(total.refused), since.clone(), refused),
        fact("tokens", tokens, since, None),
        fact("cost", cx.words.money(total.cost), cost, None),
        fact("energy", joules, unmeasured, None),
        head(cx),
    ];
    Facts { title: cx.words.say("figures", &[("month", first.strftime("%Y-%m").to_string())]), large: true, items }
}

/// How long the ledger is.
fn head(cx: &Context<'_>) -> Fact {
    Fact {
        name: cx.t("figure-head"),
        value: cx.words.count(cx.parts.log.head().durable.0),
        note: cx.parts.log_id.clone(),
        href: Some("/console/ledger".to_owned()),
        ..Fact::default()
    }
}

/// From which records a figure is summed, and the line that sums it again.
fn why(cx: &Context<'_>, name: &str, first: Date, records: &str) -> Why {
    let (program, data) = (&cx.console.parts.program, cx.parts.data.display());
    let zone = cx.words.zone.iana_name().unwrap_or("UTC").to_owned();
    let args = [("date", first.to_string()), ("zone", zone), ("log", cx.parts.log_id.clone())];
    let links = if cx.is_whole() {
        vec![("/console.json?table=organisations".to_owned(), cx.t("why-organisations"))]
    } else {
        vec![(records.to_owned(), cx.t("why-see")), ("/console.json?table=apps".to_owned(), cx.t("why-apps"))]
    };
    Why {
        text: format!("{} {}", cx.t(&format!("why-{name}")), cx.words.say("why-records", &args)),
        line: format!("{program} usage --by organisation --since {first} --data {data}"),
        links,
    }
}

/// A part in percent; what is not nothing is not shown as nothing.
pub fn part(percent: i64, cost: Nano) -> String {
    let least = percent == 0 && cost != Nano::ZERO;
    if least { "<1\u{202f}%".to_owned() } else { format!("{percent}\u{202f}%") }
}

/// What is known of the energy; nothing where nothing is.
pub fn joules(cx: &Context<'_>, sum: &Sum) -> Cell {
    match (sum.requests, sum.energy_unknown) {
        (all, unknown) if all == unknown => Cell::none(),
        (_, 0) => Cell::of(cx.words.tenth(sum.energy_j), json!(sum.energy_j)),
        (_, unknown) => {
            let args = [("count", cx.words.count(unknown))];
            let note = cx.words.say("energy-unknown", &args);
            Cell::of(cx.words.tenth(sum.energy_j), json!(sum.energy_j)).note(note)
        }
    }
}

/// What each app used of its budget.
fn spend(cx: &Context<'_>, sums: &Totals) -> Table {
    let words = &cx.words;
    let row = |app: &realm::AppId| {
        let sum = sums.apps.get(app).cloned().unwrap_or_default();
        let budget = cx.world().apps.get(app).and_then(|app| app.budget.per_month);
        let used = budget.and_then(|budget| percent(sum.cost, budget));
        let count = |n: u64| Cell::of(words.count(n), n);
        let exact = |amount: Nano| json!(amount.to_decimal().to_string());
        vec![
            Cell::text(app.as_str()).to(format!("/console/requests?app={}", encoded(app.as_str()))),
            count(sum.requests),
            count(sum.refused),
            count(sum.tokens_in),
            count(sum.tokens_out),
            Cell::of(words.amount(sum.cost), exact(sum.cost)),
            budget.map_or_else(Cell::none, |budget| Cell::of(words.amount(budget), exact(budget))),
            used.map_or_else(Cell::none, |used| Cell::of(part(used, sum.cost), used)),
            joules(cx, &sum),
        ]
    };
    let mut rows: Vec<Vec<Cell>> = cx.apps().map(|app| row(&app.id)).collect();
    // Who asked most comes first; the names of equals stay in order.
    rows.sort_by_key(|row| std::cmp::Reverse(row[1].value.as_u64().unwrap_or(0) + row[2].value.as_u64().unwrap_or(0)));
    let columns = columns(words, "app #requests #refused #tokens_in #tokens_out #cost #budget #used #joules");
    Table { name: "apps", title: cx.t("spend"), note: cx.t("spend-note"), columns, rows, ..Table::default() }
}

/// What each organisation used; apps that are in the realm no more belong to none.
fn organisations(cx: &Context<'_>, sums: &Totals) -> Table {
    let words = &cx.words;
    let mut by: BTreeMap<Option<&realm::OrganisationId>, Sum> = BTreeMap::new();
    for (app, sum) in &sums.apps {
        let owner = cx.world().apps.get(app).map(|app| &app.organisation);
        by.entry(owner).or_default().add(sum);
    }
    let row = |(id, sum): (Option<&realm::OrganisationId>, Sum)| {
        let count = |n: u64| Cell::of(words.count(n), n);
        vec![
            id.map_or_else(|| Cell::text(words.t("organisation-gone")).tone("quiet"), |id| Cell::text(id.as_str())),
            count(sum.requests),
            count(sum.refused),
            count(sum.tokens_in),
            count(sum.tokens_out),
            Cell::of(words.amount(sum.cost), json!(sum.cost.to_decimal().to_string())),
            joules(cx, &sum),
        ]
    };
    Table {
        name: "organisations",
        title: cx.t("organisations"),
        note: cx.t("organisations-note"),
        columns: columns(words, "organisation #requests #refused #tokens_in #tokens_out #cost #joules"),
        rows: by.into_iter().map(row).collect(),
        ..Table::default()
    }
}

/// Refusals by code.
pub fn refusals(cx: &Context<'_>, sums: &Totals) -> Table {
    let words = &cx.words;
    let row = |(code, count): (&std::sync::Arc<str>, &u64)| {
        let href = format!("/console/requests?end=refused&code={}", encoded(code));
        let cell = Cell::code(code.as_ref());
        vec![if cx.is_whole() { cell } else { cell.to(href) }, Cell::of(words.count(*count), *count)]
    };
    Table {
        name: "refusals",
        title: cx.t("refusals"),
        empty: cx.t("refusals-none"),
        columns: columns(words, "code #requests"),
        rows: sums.codes.iter().map(row).collect(),
        ..Table::default()
    }
}
