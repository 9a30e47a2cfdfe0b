//! What was used: tokens, money, energy and time, by any dimension, over time.

use std::collections::BTreeMap;

use api::index::Use;
use api::usage::{Asked, DIMENSIONS, NOBODY, by_member, by_period};
use jiff::civil::Date;
use realm::Nano;
use serde_json::json;

use super::overview::{joules, part, percent};
use crate::block::{Block, Field, Filter, Page};
use crate::context::{Context, Late, Trouble};
use crate::table::{Cell, Column, Table, column, columns};

/// What the query asks for.
fn asked(cx: &Context<'_>) -> Asked {
    let date = |name: &str| cx.ask.param(name).and_then(|date| date.parse::<Date>().ok());
    let allowed = dimensions(cx);
    let by = cx.ask.param("by").and_then(|by| allowed.iter().find(|one| **one == by));
    let only = allowed.iter().find_map(|one| Some((*one, cx.ask.param(one)?.to_owned())));
    // The organisation in the address says whose page it is; of one organisation it narrows nothing.
    let only = only.filter(|(one, _)| *one != "organisation");
    let (from, until) = (date("from").unwrap_or_else(|| cx.month()), date("until").unwrap_or_else(|| cx.today()));
    Asked { by: by.copied().unwrap_or(allowed[0]), from, until: until.max(from), only }
}

fn dimensions(cx: &Context<'_>) -> &'static [&'static str] {
    if cx.is_whole() { &DIMENSIONS[1..] } else { &DIMENSIONS }
}

/// The page.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let asked = asked(cx);
    let (seen, snapshot, first, wanted) = (cx.seen(), cx.snapshot.clone(), cx.month(), asked.clone());
    let known = cx.ledger(move |index| (wanted.find(index, &snapshot.world, &seen), index.since(first, &seen))).await?;
    let late = known.late(&cx.words, &cx.ask.with("late", None));
    let (found, month) = known.value;
    let (groups, times) = (by_member(&found), by_period(&asked, &found));
    let mut blocks: Vec<Block> = late.into_iter().collect();
    blocks.push(Block::Filter(filter(cx, &asked)));
    blocks.push(Block::Table(grouped(cx, &asked, &groups)));
    blocks.push(Block::Table(over_time(cx, &asked, times)));
    if !cx.is_whole() {
        blocks.push(Block::Table(budgets(cx, &month.apps)));
    }
    let (title, lead) = (cx.t("menu-usage"), cx.t("usage-lead"));
    Ok(Page { menu: "usage", title, lead, blocks, ..Page::default() })
}

const FIGURES: &str = "#requests #failed #refused #tokens_in #tokens_out #cost #joules #first_p50 #p50 #p95 #p99";

fn figures(cx: &Context<'_>, used: &Use) -> Vec<Cell> {
    let words = &cx.words;
    let count = |n: u64| Cell::of(words.count(n), n);
    let ms = |ms: Option<u64>| ms.map_or_else(Cell::none, count);
    let sum = &used.sum;
    let cost = Cell::of(words.amount(sum.cost), json!(sum.cost.to_decimal().to_string()));
    let estimated = [("count", words.count(sum.estimated))];
    vec![
        count(sum.requests),
        count(sum.failed),
        count(sum.refused),
        count(sum.tokens_in),
        count(sum.tokens_out),
        if sum.estimated > 0 { cost.note(words.say("of-it-estimated", &estimated)) } else { cost },
        joules(cx, sum),
        ms(used.first.percentile(50)),
        ms(used.total.percentile(50)),
        ms(used.total.percentile(95)),
        ms(used.total.percentile(99)),
    ]
}

fn heads(cx: &Context<'_>, first: &[&'static str]) -> Vec<Column> {
    let first = first.iter().map(|key| column(&cx.words, key));
    first.chain(columns(&cx.words, FIGURES)).collect()
}

fn grouped(cx: &Context<'_>, asked: &Asked, groups: &BTreeMap<String, Use>) -> Table {
    let row = |(member, used): (&String, &Use)| {
        let href = cx.ask.with(asked.by, Some(member));
        let name = Cell::text(member.as_str());
        let name = if asked.by == "organisation" || member == NOBODY { name } else { name.to(href) };
        [name].into_iter().chain(figures(cx, used)).collect()
    };
    let args = [("from", asked.from.to_string()), ("until", asked.until.to_string())];
    let table = Table {
        name: "usage",
        title: cx.words.say("usage", &args),
        note: cx.t("usage-note"),
        empty: cx.t("usage-none"),
        columns: heads(cx, &[asked.by]),
        rows: groups.iter().map(row).collect(),
        ..Table::default()
    };
    table.arranged(cx.ask, &cx.words, cx.whole())
}

fn over_time(cx: &Context<'_>, asked: &Asked, times: BTreeMap<(String, String), Use>) -> Table {
    let row = |((period, member), used): ((String, String), Use)| {
        [Cell::code(period), Cell::text(member)].into_iter().chain(figures(cx, &used)).collect()
    };
    Table {
        name: "time",
        title: cx.t("usage-time"),
        empty: cx.t("usage-none"),
        columns: heads(cx, &["period", asked.by]),
        // The youngest first.
        rows: times.into_iter().rev().map(row).collect(),
        ..Table::default()
    }
}

/// What is spent of this month's budgets.
fn budgets(cx: &Context<'_>, spent: &BTreeMap<realm::AppId, api::index::Sum>) -> Table {
    let words = &cx.words;
    let cost = |app: &realm::AppId| spent.get(app).map_or(Nano::ZERO, |sum| sum.cost);
    let exact = |amount: Nano| Cell::of(words.amount(amount), json!(amount.to_decimal().to_string()));
    let row = |kind: &str, id: &str, spent: Nano, budget: Option<Nano>| {
        let used = budget.and_then(|budget| percent(spent, budget));
        vec![
            Cell::of(words.word("kind", kind), kind),
            Cell::text(id),
            exact(spent),
            budget.map_or_else(Cell::none, exact),
            used.map_or_else(Cell::none, |used| Cell::of(part(used, spent), used)),
        ]
    };
    let mut rows = Vec::new();
    if let store::Scope::Organisation(id) = &cx.guest.scope {
        let all = cx.apps().fold(Nano::ZERO, |sum, app| sum + cost(&app.id));
        let budget = cx.world().organisations.get(id).and_then(|it| it.budget.per_month);
        rows.push(row("organisation", id.as_str(), all, budget));
    }
    rows.extend(cx.apps().map(|app| row("app", app.id.as_str(), cost(&app.id), app.budget.per_month)));
    Table {
        name: "budgets",
        title: cx.t("budgets"),
        note: cx.t("spend-note"),
        columns: columns(words, "kind name #cost #budget #used"),
        rows,
        ..Table::default()
    }
}

fn filter(cx: &Context<'_>, asked: &Asked) -> Filter {
    let word = |one: &&str| ((*one).to_owned(), cx.words.say(&format!("col-{one}"), &[]));
    let field = |name: &'static str, value: String, kind: &'static str| Field {
        name,
        label: cx.words.say(&format!("col-{name}"), &[]),
        value,
        kind,
        ..Field::default()
    };
    let by = Field { choices: dimensions(cx).iter().map(word).collect(), ..field("by", asked.by.to_owned(), "text") };
    let mut fields =
        vec![by, field("from", asked.from.to_string(), "date"), field("until", asked.until.to_string(), "date")];
    fields.extend(asked.only.clone().map(|(name, value)| field(name, value, "text")));
    Filter { action: cx.ask.here(), fields, clear: (!cx.ask.query.is_empty()).then(|| cx.ask.here()) }
}
