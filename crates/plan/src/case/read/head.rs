//! The case itself, its years and its hours.

use std::collections::BTreeSet;

use super::table::{Raw, Table, Want};
use super::{Place, Reading, csv};
use crate::case::{Hours, Name, Year};

/// Most years that one investment year may stand for.
const YEARS_MAX: f64 = 200.0;

/// `[case]`.
pub(super) struct Head {
    pub(super) name: Name,
    pub(super) currency: String,
    pub(super) price_year: i32,
    pub(super) discount_rate: f64,
    pub(super) home: BTreeSet<String>,
    pub(super) first_order_year: Option<i32>,
    joined: bool,
    step_h: f64,
    year_hours: f64,
    hours: Option<String>,
    order: Option<Vec<(String, Place)>>,
}

/// What is missing was said; its default only serves to find the problems of the rest.
pub(super) fn read(table: &Table<'_>) -> Head {
    let version = table.require("version", table.whole("version"));
    if version.is_some_and(|it| it != 1) {
        table.wrong_type("version", table.place_of("version").span, "version");
    }
    let currency = table.require("currency", table.text("currency")).unwrap_or_default();
    let is_code = currency.len() == 3 && currency.bytes().all(|it| it.is_ascii_uppercase());
    if table.has("currency") && !is_code {
        table.wrong_type("currency", table.place_of("currency").span, "currency");
    }
    let head = Head {
        name: table.require("name", table.names()).unwrap_or_default(),
        currency,
        price_year: table.require("price_year", table.calendar_year("price_year")).unwrap_or_default(),
        discount_rate: table.require("discount_rate", table.number("discount_rate", Want::Share)).unwrap_or_default(),
        home: table.jurisdictions("home").unwrap_or_default(),
        first_order_year: table.calendar_year("first_order_year"),
        joined: table.flag("joined").unwrap_or(false),
        step_h: table.number("step_h", Want::Positive).unwrap_or(1.0),
        year_hours: table.number("year_hours", Want::Positive).unwrap_or(8760.0),
        hours: table.text("hours"),
        order: if table.has("order") { table.texts("order") } else { None },
    };
    table.cited("source");
    table.nothing_else();
    head
}

/// `[[year]]`, ascending.
pub(super) fn years(reading: &Reading, root: &Table<'_>, discount_rate: f64) -> Vec<Year> {
    let tables = root.tables("year");
    root.require("year", tables.first());
    let mut rows = Vec::new();
    for table in &tables {
        let year = table.require("year", table.calendar_year("year"));
        let row = (year, length(table), table.number("weight", Want::Positive));
        table.nothing_else();
        let Some(year) = row.0 else { continue };
        if rows.last().is_some_and(|(before, ..): &(i32, _, _)| *before >= year) {
            reading.at("case.years_order", &table.place_of("year"), &[("year", year.to_string())]);
            continue;
        }
        rows.push((year, row.1, row.2));
    }
    let Some(&(first, ..)) = rows.first() else { return Vec::new() };
    let first_gap = rows.get(1).map_or(1, |(year, ..)| year - first);
    let mut years = Vec::new();
    for (at, &(year, length, weight)) in rows.iter().enumerate() {
        let gap = rows.get(at + 1).map_or(first_gap, |(next, ..)| next - year);
        let length = length.unwrap_or_else(|| f64::from(gap));
        let weight = weight.unwrap_or_else(|| discounted(f64::from(year - first), length, discount_rate));
        years.push(Year { year, years: length, weight });
    }
    years
}

/// How many years an investment year stands for.
fn length(table: &Table<'_>) -> Option<f64> {
    let years = table.number("years", Want::Positive)?;
    if years > YEARS_MAX {
        table.wrong_type("years", table.place_of("years").span, "years_max");
        return None;
    }
    Some(years)
}

/// Discount factors of the years from `offset` on, the last counted in part.
fn discounted(offset: f64, length: f64, rate: f64) -> f64 {
    let mut sum = 0.0;
    let mut done = 0.0;
    while done < length {
        sum += (1.0 + rate).powf(-(offset + done)) * (length - done).min(1.0);
        done += 1.0;
    }
    sum
}

/// `[[block]]`, or the file that `hours` names.
pub(super) fn hours(reading: &Reading, root: &Table<'_>, head: Option<&Head>) -> Hours {
    let blocks = root.tables("block");
    let mut hours = Hours { weight: vec![], energy_weight: vec![], step_h: vec![], starts: vec![], order: vec![] };
    let Some(head) = head else { return hours };
    let mut weights = Vec::new();
    for table in &blocks {
        table.own_id();
        let count = table.require("hours", table.count("hours"));
        let weight = table.require("weight", table.number("weight", Want::Positive));
        table.nothing_else();
        let (Some(count), Some(weight)) = (count, weight) else { continue };
        weights.push(weight);
        if hours.starts.is_empty() || !head.joined {
            hours.starts.push(hours.count());
        }
        hours.weight.extend(std::iter::repeat_n(weight * head.step_h, count));
        hours.step_h.extend(std::iter::repeat_n(head.step_h, count));
    }
    hours.energy_weight.clone_from(&hours.weight);
    let place = root.table("case").map(|it| it.place_of("hours"));
    match (&head.hours, place) {
        (Some(file), Some(place)) if blocks.is_empty() => {
            if let Some(source) = reading.file(file, Some(&place)) {
                hours = of_file(reading, &source, head.step_h);
            }
        }
        (Some(_), Some(place)) => reading.at("case.hours_twice", &place, &[]),
        _ => {
            root.require("block", blocks.first());
        }
    }
    check_sum(reading, root, &hours, head);
    hours.order = order(reading, root, head, &weights);
    hours
}

/// Blocks as they follow one another in a year, by index. Each occurs, and as often as its weight says.
fn order(reading: &Reading, root: &Table<'_>, head: &Head, weights: &[f64]) -> Vec<usize> {
    let Some(named) = &head.order else { return Vec::new() };
    let Some(place) = root.table("case").map(|it| it.place_of("order")) else { return Vec::new() };
    if head.joined || head.hours.is_some() {
        reading.at("case.order_joined", &place, &[]);
        return Vec::new();
    }
    let order: Vec<usize> = named.iter().filter_map(|(id, place)| reading.resolve("block", id, place)).collect();
    if order.len() != named.len() || order.iter().any(|at| *at >= weights.len()) {
        return Vec::new();
    }
    #[expect(clippy::cast_precision_loss, reason = "some hundreds of blocks")]
    let share = |count: usize| count as f64 / order.len() as f64;
    let sum: f64 = weights.iter().sum();
    for (at, weight) in weights.iter().enumerate() {
        let times = share(order.iter().filter(|it| **it == at).count());
        if (times - weight / sum).abs() > 0.01 * weight / sum {
            let id = root.tables("block").get(at).and_then(Table::id).unwrap_or_default();
            let args = [("id", id), ("found", percent(times)), ("want", percent(weight / sum))];
            reading.at("case.order_counts", &place, &args);
        }
    }
    order
}

fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

fn of_file(reading: &Reading, source: &std::sync::Arc<realm::load::Source>, step_h: f64) -> Hours {
    let mut hours = Hours { weight: vec![], energy_weight: vec![], step_h: vec![], starts: vec![0], order: vec![] };
    for (row, table) in csv::tables(reading, source, "hours").iter().enumerate() {
        let hour = table.require("hour", table.whole("hour"));
        if hour.is_some_and(|it| usize::try_from(it) != Ok(row)) {
            let found = hour.unwrap_or_default().to_string();
            reading.at("case.csv_gap", &table.place_of("hour"), &[("want", row.to_string()), ("found", found)]);
        }
        let weight = table.require("weight", table.number("weight", Want::Positive)).unwrap_or(1.0);
        hours.weight.push(weight);
        hours.energy_weight.push(table.number("energy_weight", Want::NotNegative).unwrap_or(weight));
        hours.step_h.push(table.number("step_h", Want::Positive).unwrap_or(step_h));
        table.nothing_else();
    }
    hours
}

fn check_sum(reading: &Reading, root: &Table<'_>, hours: &Hours, head: &Head) {
    let sum: f64 = hours.weight.iter().sum();
    if hours.count() > 0 && (sum - head.year_hours).abs() > 1e-3 * head.year_hours {
        let first = root.fields.iter().find(|it| it.name == "block").map(|it| match it.raw {
            Raw::Toml(toml::de::DeValue::Array(list)) => list.first().map_or(it.span.clone(), toml::Spanned::span),
            _ => it.span.clone(),
        });
        let place = root.at(first.unwrap_or_else(|| root.place_of("case").span));
        reading.at("case.weights_sum", &place, &[("found", sum.to_string()), ("want", head.year_hours.to_string())]);
    }
}
