use jiff::civil::Date;
use rust_decimal::Decimal;

use super::plain;
use crate::load::context::At;
use crate::load::table::Table;
use crate::world::{Goal, Indicator, Initiative, Mfu, Query, Said, Source, TrainingRun};

/// Larger than any figure of a programme.
const MOST: u64 = 1_000_000_000_000_000;

/// Parts of the platform that indicators will come from.
const LATER: [&str; 4] = ["drill", "fleet", "forecast", "plan"];

/// `[[initiative]]`.
pub(in crate::load) fn initiative(table: &Table<'_>) -> Option<Initiative> {
    let id = table.own_id();
    let name = table.require("name", table.text("name"));
    let lead = table.require("lead", table.link("lead"));
    let (starts, ends) = (table.date("starts"), table.date("ends"));
    if let (Some(starts), Some(ends)) = (&starts, &ends)
        && ends.value < starts.value
    {
        table.cx.report(ends.place.error("realm.ends_before_it_starts").arg("starts", starts.value.to_string()));
    }
    let training = table.sub("training", "initiative.training", training).flatten();
    if let (Some(starts), Some(run), Some(place)) = (&starts, &training, table.field_place("training"))
        && run.by < starts.value
    {
        table.cx.report(place.error("realm.ends_before_it_starts").arg("starts", starts.value.to_string()));
    }
    Some(Initiative {
        training,
        partners: table.links("partners").map(|all| all.value.into_iter().map(plain).collect()).unwrap_or_default(),
        sector: table.link("sector").map(plain),
        starts: starts.map(plain),
        ends: ends.map(plain),
        budget: table.money("budget"),
        indicators: table.links("indicators").map(|all| all.value.into_iter().map(plain).collect()).unwrap_or_default(),
        id: id?,
        name: name?.value,
        lead: lead?.value,
    })
}

fn training(table: &Table<'_>) -> Option<TrainingRun> {
    let flop_log10 = table.require("flop_log10", table.decimal("flop_log10", Decimal::ZERO..=Decimal::from(40)));
    let by = table.require("by", table.date("by"));
    let mfu = table.sub("mfu", "initiative.training.mfu", mfu).flatten();
    Some(TrainingRun { flop_log10: flop_log10?.value, by: by?.value, mfu })
}

/// A range of shares, in order and not 0.
fn mfu(table: &Table<'_>) -> Option<Mfu> {
    let share = |field| table.require(field, table.decimal(field, Decimal::new(1, 3)..=Decimal::ONE));
    let (low, mid, high) = (share("low"), share("mid"), share("high"));
    let source = table.require("source", table.text("source"));
    let (low, mid, high) = (low?.value, mid?.value, high?.value);
    if low > mid || mid > high {
        table.cx.report(table.place().error("realm.not_in_order"));
        return None;
    }
    Some(Mfu { low, mid, high, source: source?.value })
}

/// `[[indicator]]`.
pub(in crate::load) fn indicator(table: &Table<'_>) -> Option<Indicator> {
    let id = table.own_id();
    let name = table.require("name", table.text("name"));
    let unit = table.require("unit", table.text("unit"));
    let target = table.require("target", figure(table, "target"));
    let by = table.require("by", table.date("by"));
    let source = table.require("source", source(table));
    Some(Indicator {
        sector: table.link("sector").map(plain),
        goal: table.word("goal", &Goal::ALL).map(|goal| goal.value).unwrap_or_default(),
        id: id?,
        name: name?.value,
        unit: unit?.value,
        target: target?.value,
        by: by?.value,
        source: source?,
    })
}

fn figure(table: &Table<'_>, field: &'static str) -> Option<At<Decimal>> {
    let most = Decimal::from(MOST);
    table.decimal(field, -most..=most)
}

/// Where it comes from, with what that needs and nothing else: what nobody looks at is refused as an unknown field.
fn source(table: &Table<'_>) -> Option<Source> {
    let words: Vec<(&'static str, &'static str)> =
        ["manual", "usage"].into_iter().chain(LATER).map(|word| (word, word)).collect();
    match table.word("source", &words)?.value {
        "usage" => table.require("query", table.word("query", &Query::ALL)).map(|query| Source::Usage(query.value)),
        "manual" => said(table).map(Source::Manual),
        later => {
            // What it will ask for is its own affair.
            table.text("query");
            Some(Source::NotBuilt(later))
        }
    }
}

fn said(table: &Table<'_>) -> Option<Said> {
    let value = table.require("value", figure(table, "value"));
    let as_of: Option<At<Date>> = table.require("as_of", table.date("as_of"));
    let cite = table.require("cite", table.text("cite"));
    Some(Said { value: value?.value, as_of: as_of?.value, cite: cite?.value })
}
