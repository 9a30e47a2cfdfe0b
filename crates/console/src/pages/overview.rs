//! The first page: what needs somebody, and how it goes.

use std::collections::BTreeMap;

use jiff::civil::Date;
use realm::{Nano, UnixMs};
use serde_json::json;
use store::{KeyInfo, KeyState, Suspendable, Suspension};

use crate::ask::encoded;
use crate::block::{Bar, Block, Chart, Fact, Facts, Notice, Notices, Page};
use crate::context::{Context, Trouble};
use crate::index::{Hour, Sum, Totals};
use crate::table::{Cell, Table, columns};

const HOUR_MS: u64 = 3_600_000;
const HOURS: u64 = 24;
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
    let hour = cx.now.0 / HOUR_MS;
    let seen = cx.seen();
    let known = cx
        .ledger(move |index| {
            let hours: Vec<(u64, Hour)> = (hour + 1 - HOURS..=hour).map(|h| (h, index.hour_at(h, &seen))).collect();
            (index.since(first, &seen), hours)
        })
        .await?;
    let late = known.late(&cx.words, "/console");
    let (sums, hours) = known.value;
    let mut blocks: Vec<Block> = late.into_iter().collect();
    blocks.push(Block::Notices(needs(cx, &sums).await?));
    blocks.push(Block::Facts(figures(cx, &sums, first)));
    blocks.push(Block::Chart(chart(cx, &hours)));
    blocks.push(Block::Table(if cx.is_whole() { organisations(cx, &sums) } else { spend(cx, &sums) }));
    blocks.push(Block::Table(refusals(cx, &sums)));
    Ok(Page { menu: "overview", title: cx.t("menu-overview"), lead: cx.t("overview-lead"), blocks, ..Page::default() })
}

/// The first day of the month that it is in the realm.
pub fn month(cx: &Context<'_>) -> Date {
    cx.now.date_in(&cx.words.zone).first_of_month()
}

/// What needs somebody, the gravest first.
async fn needs(cx: &Context<'_>, sums: &Totals) -> Result<Notices, Trouble> {
    let (ready, store) = (cx.around.ready(), &cx.console.parts.store);
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

fn percent(spent: Nano, budget: Nano) -> Option<i64> {
    spent.0.checked_mul(100)?.checked_div(budget.0)
}

fn figures(cx: &Context<'_>, sums: &Totals, first: Date) -> Facts {
    let total = sums.total();
    let since = cx.words.say("since", &[("date", first.to_string())]);
    let fact = |name: &str, value: String, note: String, href: &str| Fact {
        name: cx.t(name),
        value,
        note,
        href: Some(href.to_owned()).filter(|href| {
            // Of the whole there are sums only.
            !href.is_empty() && (!cx.is_whole() || !href.starts_with("/console/requests"))
        }),
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
    let head = cx.console.parts.log.head().durable.0;
    let ended = format!("/console/requests?from={first}");
    let items = vec![
        fact("figure-requests", cx.words.count(total.requests), cx.words.say("figure-failed", &failed), &ended),
        fact("figure-refused", cx.words.count(total.refused), since.clone(), &format!("{ended}&end=refused")),
        fact("figure-tokens", cx.words.count(total.tokens_in.saturating_add(total.tokens_out)), since, ""),
        fact("figure-cost", cx.words.money(total.cost), cost, ""),
        fact("figure-energy", joules, unmeasured, ""),
        fact("figure-head", cx.words.count(head), cx.console.parts.log_id.clone(), "/console/ledger"),
    ];
    Facts { title: cx.words.say("figures", &[("month", first.strftime("%Y-%m").to_string())]), large: true, items }
}

/// The last day's traffic, an hour a bar.
fn chart(cx: &Context<'_>, hours: &[(u64, Hour)]) -> Chart {
    const HEIGHT: u64 = 100;
    let most = hours.iter().map(|(_, hour)| hour.total()).max().unwrap_or(0).max(1);
    let bar = |(place, (number, hour)): (usize, &(u64, Hour))| {
        let mut floor = HEIGHT;
        let parts = [hour.answered, hour.refused, hour.failed].map(|count| {
            // A part that is there is seen, however small.
            let height = if count == 0 { 0 } else { (count * HEIGHT / most).max(2) }.min(floor);
            floor -= height;
            (usize::try_from(floor).unwrap_or(0), usize::try_from(height).unwrap_or(0))
        });
        let args = [
            ("hour", hour_name(cx, *number, "%H:00")),
            ("answered", cx.words.count(hour.answered)),
            ("refused", cx.words.count(hour.refused)),
            ("failed", cx.words.count(hour.failed)),
        ];
        let label = if place % 4 == 0 { hour_name(cx, *number, "%H") } else { String::new() };
        Bar { x: place * 20 + 3, parts, title: cx.words.say("chart-bar", &args), label }
    };
    let total = hours.iter().map(|(_, hour)| hour.total()).sum::<u64>();
    let words = &cx.words;
    Chart {
        title: cx.t("chart"),
        summary: words.say("chart-summary", &[("total", words.count(total)), ("most", words.count(most))]),
        parts: ["col-answered", "col-refused", "col-failed"].map(|key| cx.t(key)),
        bars: hours.iter().enumerate().map(bar).collect(),
        top: words.say("chart-top", &[("most", words.count(most))]),
        table: hours_table(cx, hours),
    }
}

fn hour_name(cx: &Context<'_>, hour: u64, form: &str) -> String {
    UnixMs(hour * HOUR_MS).timestamp().to_zoned(cx.words.zone.clone()).strftime(form).to_string()
}

/// The chart's numbers, the youngest hour first.
fn hours_table(cx: &Context<'_>, hours: &[(u64, Hour)]) -> Table {
    let row = |(number, hour): &(u64, Hour)| {
        let count = |n: u64| Cell::of(cx.words.count(n), n);
        let at = UnixMs(number * HOUR_MS).to_string();
        let name = Cell { code: true, ..Cell::of(hour_name(cx, *number, "%Y-%m-%d %H:00"), at) };
        vec![name, count(hour.answered), count(hour.refused), count(hour.failed)]
    };
    Table {
        name: "hours",
        columns: columns(&cx.words, "hour #answered #refused #failed"),
        rows: hours.iter().rev().map(row).collect(),
        ..Table::default()
    }
}

/// A part in percent; what is not nothing is not shown as nothing.
fn part(percent: i64, cost: Nano) -> String {
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

fn refusals(cx: &Context<'_>, sums: &Totals) -> Table {
    let words = &cx.words;
    let row = |(code, count): (&std::sync::Arc<str>, &u64)| {
        let href = format!("/console/requests?end=refused&code={}", encoded(code));
        let cell = Cell::code(code.as_ref());
        vec![if cx.is_whole() { cell } else { cell.to(href) }, Cell::of(words.count(*count), *count)]
    };
    Table {
        name: "refusals",
        title: cx.t("refusals"),
        note: cx.t("refusals-note"),
        empty: cx.t("refusals-none"),
        columns: columns(words, "code #requests"),
        rows: sums.codes.iter().map(row).collect(),
        ..Table::default()
    }
}
