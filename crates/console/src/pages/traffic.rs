//! Charts of the first page: traffic and refusals over time, where requests went, what they cost.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::ToSpan;
use jiff::civil::Date;
use realm::{UnixMs, World};

use super::overview::refusals;
use super::usage::member;
use super::went::{self, Flows};
use crate::block::{Block, Chart};
use crate::chart::{Kind, Series};
use crate::context::Context;
use crate::index::{Hour, Index, Of, Seen, Sum, Totals};
use crate::table::{Cell, Table, columns};

const HOUR_MS: u64 = 3_600_000;
const HOURS: u64 = 24;
const DAYS: i32 = 30;

/// How far back the charts look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The last 24 hours.
    Day,
    /// The last 30 days.
    Month,
}

/// Whose traffic it is, and by what its origin is named.
#[derive(Debug)]
pub struct Whose<'a> {
    /// Whose records may be looked at.
    pub seen: &'a Seen,
    /// The realm that knows the apps.
    pub world: &'a World,
    /// `app`; across organisations `organisation`.
    pub who: &'static str,
}

/// What charts need of the ledger.
#[derive(Debug)]
pub struct Traffic {
    hours: Vec<(u64, Hour)>,
    /// Days of the span; of those before the log began nothing is known.
    days: Vec<(Date, Option<Sum>)>,
    /// How many requests went where.
    flows: Flows,
}

impl Span {
    /// As the query says.
    pub fn of(cx: &Context<'_>) -> Self {
        if cx.ask.param("span") == Some("month") { Self::Month } else { Self::Day }
    }
}

impl Traffic {
    /// Looks it up.
    pub fn of(index: &Index, now: UnixMs, span: Span, whose: &Whose<'_>) -> Self {
        let hour = now.0 / HOUR_MS;
        let hours = (hour + 1).saturating_sub(HOURS)..=hour;
        let today = now.date_in(index.zone());
        let first_day = today.saturating_sub((DAYS - 1).days());
        let flows = match span {
            Span::Day => of_hours(index, hours.clone(), whose),
            Span::Month => of_days(index, (first_day, today), whose),
        };
        let began = index.first_day();
        let known: BTreeMap<Date, Sum> = index.days_since(first_day, whose.seen).into_iter().collect();
        let of_day = |back: i32| {
            let date = today.saturating_sub((DAYS - 1 - back).days());
            let sum = began.is_some_and(|began| began <= date).then(|| known.get(&date).cloned().unwrap_or_default());
            (date, sum)
        };
        let hours = hours.map(|hour| (hour, index.hour_at(hour, whose.seen))).collect();
        Self { hours, days: (0..DAYS).map(of_day).collect(), flows }
    }
}

/// Adds requests that went somewhere, and those that went nowhere.
fn add(flows: &mut Flows, whose: &Whose<'_>, of: &Of<'_>, went: u64, refused: u64) {
    let from = member(whose.world, whose.who, of);
    let to = of.deployment.map(ToString::to_string);
    for (to, requests) in [(to, went), (None, refused)].into_iter().filter(|(_, requests)| *requests > 0) {
        *flows.entry((from.clone(), to)).or_default() += requests;
    }
}

fn of_hours(index: &Index, hours: RangeInclusive<u64>, whose: &Whose<'_>) -> Flows {
    let mut flows = Flows::new();
    for hour in hours {
        index.each_in_hour(hour, whose.seen, |of, counts| {
            add(&mut flows, whose, &of, counts.answered + counts.failed, counts.refused);
        });
    }
    flows
}

fn of_days(index: &Index, days: (Date, Date), whose: &Whose<'_>) -> Flows {
    let mut flows = Flows::new();
    index.each_use(days, whose.seen, |of, used| add(&mut flows, whose, &of, used.sum.requests, used.sum.refused));
    flows
}

/// The charts, the widest question first.
pub fn charts(cx: &Context<'_>, traffic: &Traffic, sums: &Totals) -> Vec<Block> {
    let mut charts = match Span::of(cx) {
        Span::Day => vec![by_hour(cx, traffic)],
        Span::Month => vec![by_day(cx, traffic), spent(cx, traffic)],
    };
    charts.push(went::chart(cx, &traffic.flows));
    charts.push(refused(cx, sums));
    charts.into_iter().map(Block::Chart).collect()
}

fn views(cx: &Context<'_>) -> Vec<(String, String, bool)> {
    let here = Span::of(cx);
    let spans = [(Span::Day, None, "span-day"), (Span::Month, Some("month"), "span-month")];
    spans.map(|(span, value, key)| (cx.ask.with("span", value), cx.t(key), span == here)).to_vec()
}

/// A count in a picture.
#[expect(clippy::cast_precision_loss, reason = "counts for a picture; the table holds them whole")]
pub fn number(count: u64) -> f64 {
    count as f64
}

fn series(cx: &Context<'_>, key: &str, values: Vec<Option<f64>>) -> Series {
    Series { name: cx.t(key), values }
}

fn hour_name(cx: &Context<'_>, hour: u64, form: &str) -> String {
    UnixMs(hour * HOUR_MS).timestamp().to_zoned(cx.words.zone.clone()).strftime(form).to_string()
}

/// A count in a table.
pub fn count(cx: &Context<'_>, number: u64) -> Cell {
    Cell::of(cx.words.count(number), number)
}

/// The last day's traffic, an hour a bar.
fn by_hour(cx: &Context<'_>, traffic: &Traffic) -> Chart {
    let totals = || traffic.hours.iter().map(|(_, hour)| hour.total());
    let pick = |pick: fn(&Hour) -> u64| traffic.hours.iter().map(|(_, hour)| Some(number(pick(hour)))).collect();
    let row = |(hour, counts): &(u64, Hour)| {
        let at = UnixMs(hour * HOUR_MS).to_string();
        let name = Cell { code: true, ..Cell::of(hour_name(cx, *hour, "%Y-%m-%d %H:00"), at) };
        vec![name, count(cx, counts.answered), count(cx, counts.refused), count(cx, counts.failed)]
    };
    let args = [("total", totals().sum()), ("most", totals().max().unwrap_or(0))];
    let args = args.map(|(name, count)| (name, cx.words.count(count)));
    Chart {
        title: cx.t("chart-traffic"),
        summary: cx.words.say("chart-hours-summary", &args),
        kind: Kind::Stacked,
        labels: traffic.hours.iter().map(|(hour, _)| hour_name(cx, *hour, "%H:00")).collect(),
        series: vec![
            series(cx, "col-answered", pick(|hour| hour.answered)),
            series(cx, "col-refused", pick(|hour| hour.refused)),
            series(cx, "col-failed", pick(|hour| hour.failed)),
        ],
        flows: Vec::new(),
        stopped: String::new(),
        whole: true,
        views: views(cx),
        table: Table {
            name: "hours",
            columns: columns(&cx.words, "hour #answered #refused #failed"),
            // The youngest first, for people who read.
            rows: traffic.hours.iter().rev().map(row).collect(),
            ..Table::default()
        },
    }
}

/// What of a day's requests was answered, refused, failed.
fn parts(sum: &Sum) -> [u64; 3] {
    let failed = sum.failed + sum.unknown + sum.closed;
    [sum.requests.saturating_sub(failed), sum.refused, failed]
}

/// The last month's traffic, day by day.
fn by_day(cx: &Context<'_>, traffic: &Traffic) -> Chart {
    let pick = |part: usize| traffic.days.iter().map(|(_, sum)| Some(number(parts(sum.as_ref()?)[part]))).collect();
    let totals = || traffic.days.iter().filter_map(|(_, sum)| Some(parts(sum.as_ref()?).iter().sum::<u64>()));
    let row = |(date, sum): &(Date, Option<Sum>)| {
        let counts =
            sum.as_ref().map(parts).map_or_else(|| vec![Cell::none(); 3], |all| all.map(|n| count(cx, n)).into());
        [vec![day_cell(*date)], counts].concat()
    };
    let args = [("total", totals().sum()), ("most", totals().max().unwrap_or(0))];
    let args = args.map(|(name, count)| (name, cx.words.count(count)));
    Chart {
        title: cx.t("chart-traffic"),
        summary: cx.words.say("chart-days-summary", &args),
        kind: Kind::Area,
        labels: day_labels(traffic),
        series: ["col-answered", "col-refused", "col-failed"]
            .iter()
            .enumerate()
            .map(|(part, key)| series(cx, key, pick(part)))
            .collect(),
        flows: Vec::new(),
        stopped: String::new(),
        whole: true,
        views: views(cx),
        table: Table {
            name: "days",
            columns: columns(&cx.words, "day #answered #refused #failed"),
            rows: traffic.days.iter().rev().map(row).collect(),
            ..Table::default()
        },
    }
}

fn day_labels(traffic: &Traffic) -> Vec<String> {
    traffic.days.iter().map(|(date, _)| date.strftime("%m-%d").to_string()).collect()
}

fn day_cell(date: Date) -> Cell {
    Cell::code(date.to_string())
}

/// The last month's money, day by day.
fn spent(cx: &Context<'_>, traffic: &Traffic) -> Chart {
    let nano = |sum: &Sum| sum.cost;
    let total = traffic.days.iter().filter_map(|(_, sum)| sum.as_ref().map(nano)).fold(realm::Nano::ZERO, |a, b| a + b);
    let exact = |amount: realm::Nano| serde_json::json!(amount.to_decimal().to_string());
    let row = |(date, sum): &(Date, Option<Sum>)| {
        let cost = sum.as_ref().map(nano);
        vec![day_cell(*date), cost.map_or_else(Cell::none, |cost| Cell::of(cx.words.amount(cost), exact(cost)))]
    };
    let drawn = |sum: &Sum| sum.cost.to_decimal().to_string().parse::<f64>().ok();
    Chart {
        title: cx.t("chart-spent"),
        summary: cx.words.say("chart-spent-summary", &[("total", cx.words.money(total))]),
        kind: Kind::Line,
        labels: day_labels(traffic),
        series: vec![Series {
            name: cx.words.say("col-cost", &[("currency", cx.words.currency.clone())]),
            values: traffic.days.iter().map(|(_, sum)| drawn(sum.as_ref()?)).collect(),
        }],
        flows: Vec::new(),
        stopped: String::new(),
        whole: false,
        views: Vec::new(),
        table: Table {
            name: "spent",
            columns: columns(&cx.words, "day #cost"),
            rows: traffic.days.iter().rev().map(row).collect(),
            ..Table::default()
        },
    }
}

/// This month's refusals by code.
fn refused(cx: &Context<'_>, sums: &Totals) -> Chart {
    let table = refusals(cx, sums);
    let total: u64 = sums.codes.values().sum();
    let summary = match total {
        0 => table.empty.clone(),
        _ => cx.words.say("chart-refused-summary", &[("total", cx.words.count(total))]),
    };
    Chart {
        title: table.title.clone(),
        summary,
        kind: Kind::Bar,
        labels: sums.codes.keys().map(ToString::to_string).collect(),
        series: vec![series(cx, "col-requests", sums.codes.values().map(|count| Some(number(*count))).collect())],
        flows: Vec::new(),
        stopped: String::new(),
        whole: true,
        views: Vec::new(),
        table: Table { title: String::new(), ..table },
    }
}
