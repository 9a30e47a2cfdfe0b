//! From the text of a scenario to a scenario. Every problem in one run.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use realm::Jurisdiction;
use realm::load::{Diagnostic, Source};
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::table::{Reading, Table};
use super::{
    ADDED, Base, Closing, Cut, Gain, Guardrails, Line, Placed, PriceChange, Scenario, Shadowing, Wanted, law, shape,
};
use crate::level::{Key, Level};
use crate::power::Left;
use crate::window::Window;

/// Problems of syntax that are said; the rest follows from them more often than not.
const SYNTAX_PROBLEMS_MAX: usize = 5;

/// A longer notice is a plan, not a drill.
const NOTICE_MAX_H: u64 = 8_784;

/// Levels that a cut may name by a field of their own; places are named as `jurisdiction` with an `axis`.
const NAMED: [Level; 11] = [
    Level::Deployment,
    Level::Model,
    Level::Developer,
    Level::Provider,
    Level::Operator,
    Level::Parent,
    Level::Licence,
    Level::Site,
    Level::Accelerator,
    Level::Maker,
    Level::Energy,
];

impl Scenario {
    /// Reads a scenario; `path` is only said in problems.
    ///
    /// # Errors
    /// Every problem of the text, each with its place.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let source = Arc::new(Source { path: path.to_owned(), text: text.to_owned() });
        let reading = Reading { source: Arc::clone(&source), problems: RefCell::default() };
        let (document, errors) = DeTable::parse_recoverable(&source.text);
        for error in errors.iter().take(SYNTAX_PROBLEMS_MAX) {
            let why = [("why", error.message().to_owned())];
            reading.problem("scenario.syntax", error.span().unwrap_or(0..0), &why);
        }
        let read = errors.is_empty().then(|| scenario(&reading, &document)).flatten();
        let problems = reading.problems.into_inner();
        match read {
            Some(scenario) if problems.is_empty() => Ok(scenario),
            _ => Err(problems),
        }
    }
}

fn scenario(reading: &Reading, document: &Spanned<DeTable<'_>>) -> Option<Scenario> {
    let top = Table::new(reading, "scenario", 0..0, document.get_ref());
    let title = top.require("title", top.text("title"));
    let is_titled = title.is_some();
    let base = |value: &DeValue<'_>| match value.as_str()? {
        "recorded" => Some(Base::Recorded),
        "realm" => Some(Base::Realm),
        _ => None,
    };
    let scenario = Scenario {
        title: title.map(|title| title.value).unwrap_or_default(),
        seed: top.whole("seed").map_or(1, |seed| seed.value),
        base: top.read("base", "base", base).map_or(Base::Recorded, |base| base.value),
        cuts: many(&top, "cut", cut),
        prices: many(&top, "price", price),
        laws: many(&top, "law", law::law),
        gains: many(&top, "gain", gain),
        added: top.read(ADDED, "table", DeValue::as_table).map(|it| it.span),
        shown: many(&top, "evidence", law::shown),
        notice_h: notice(&top),
        traffic: one(&top, "traffic", traffic).unwrap_or_default(),
        hypothesis: one(&top, "hypothesis", Line::all).unwrap_or_default(),
        closing: one(&top, "findings", Closing::read).unwrap_or_default(),
        guardrails: one(&top, "guardrails", Guardrails::read).unwrap_or_default(),
        shadow: one(&top, "shadow", Shadowing::read).flatten(),
        supplied: law::Supplied::new(),
        source: Arc::clone(&reading.source),
    };
    top.finish();
    twice(reading, &scenario.cuts);
    law::both_ways(reading, &scenario.laws);
    if changes_nothing(&scenario) {
        reading.problem("scenario.changes_nothing", 0..0, &[]);
    }
    is_titled.then_some(scenario)
}

/// Hours of notice: none at all, or up to a year.
fn notice(top: &Table<'_>) -> Option<u64> {
    let notice = top.whole("notice_h")?;
    if notice.value > NOTICE_MAX_H {
        top.wrong("notice_h", "notice_h", notice.span);
    }
    Some(notice.value)
}

/// One source is cut off once: of two cuts, which leave different parts, neither is meant more than the other.
fn twice(reading: &Reading, cuts: &[Cut]) {
    let named = |cut: &Cut| match &cut.what {
        Some(Placed { value: Wanted::Key(key), span }) if key.level == Level::Energy => {
            Some((key.clone(), span.clone()))
        }
        _ => None,
    };
    for (at, cut) in cuts.iter().enumerate() {
        let Some((key, span)) = named(cut) else { continue };
        let mut before = cuts[..at].iter().filter(|it| named(it).is_some_and(|it| it.0 == key));
        if before.any(|it| it.left.is_some() || cut.left.is_some()) {
            let name = key.name.as_deref().unwrap_or_default().to_owned();
            reading.problem("scenario.cut_twice", span, &[("name", name)]);
        }
    }
}

fn changes_nothing(it: &Scenario) -> bool {
    let is_as_supplied = it.cuts.is_empty() && it.prices.is_empty() && it.gains.is_empty() && it.added.is_none();
    let is_as_ruled = it.laws.is_empty() && it.shown.is_empty();
    is_as_supplied && is_as_ruled && it.base == Base::Recorded
}

/// A list of tables: those that could be read.
fn many<'a, T>(top: &Table<'a>, name: &'static str, read: fn(&Table<'a>) -> Option<T>) -> Vec<T> {
    let Some(list) = top.read(name, "tables", DeValue::as_array) else { return Vec::new() };
    let mut found = Vec::new();
    for item in list.value.iter() {
        let DeValue::Table(fields) = item.get_ref() else {
            let args = [("field", name.to_owned()), ("want", "tables".to_owned())];
            top.reading.problem("scenario.wrong_value", item.span(), &args);
            continue;
        };
        let table = Table::new(top.reading, name, item.span(), fields);
        found.extend(read(&table));
        table.finish();
    }
    found
}

fn one<'a, T>(top: &Table<'a>, name: &'static str, read: fn(&Table<'a>) -> T) -> Option<T> {
    let fields = top.read(name, "table", DeValue::as_table)?;
    let table = Table::new(top.reading, name, fields.span, fields.value);
    let found = read(&table);
    table.finish();
    Some(found)
}

fn cut(table: &Table<'_>) -> Option<Cut> {
    let keyed = |level: Level| {
        let name = table.text(level.as_str())?;
        Some(Placed { value: Wanted::Key(Key::new(level, &name.value)), span: name.span })
    };
    let mut named: Vec<Placed<Wanted>> = NAMED.into_iter().filter_map(keyed).collect();
    let axis = table.read("axis", "axis", |value| level(value.as_str()?).filter(|level| level.is_place()));
    if let Some(place) = table.text("jurisdiction") {
        let level = axis.as_ref().map_or(Level::Control, |axis| axis.value);
        named.push(Placed { value: Wanted::Key(Key::new(level, &place.value)), span: place.span });
    }
    let largest = table.read("largest", "level", |value| level(value.as_str()?));
    named.extend(largest.map(|it| Placed { value: Wanted::Largest(it.value), span: it.span }));
    let users = table.text("users").map(|it| Placed { value: Jurisdiction::new(&it.value), span: it.span });
    if named.len() > 1 || (named.is_empty() && users.is_none()) {
        let known = NAMED.map(Level::as_str).join(", ");
        table.reading.problem("scenario.one_cut", table.span.clone(), &[("levels", known)]);
        return None;
    }
    let what = named.pop();
    let left = left(table, what.as_ref(), users.is_some());
    let failing = shape::read(table);
    if let (Some(failing), Some(_)) = (&failing, &left) {
        table.wrong("shape", "shape_of_part", failing.span.clone());
    }
    Some(Cut { what, users, left, failing })
}

/// What is left of a source of energy; of nothing else can a part be cut off, and from nobody alone.
fn left(table: &Table<'_>, what: Option<&Placed<Wanted>>, for_some: bool) -> Option<Placed<Left>> {
    let share = table.decimal("left").map(|it| (Left::Share(it.value), it));
    let power = table.decimal("left_mw").map(|it| (Left::Mw(it.value), it));
    if let (Some((_, share)), Some(_)) = (&share, &power) {
        table.wrong("left", "left_once", share.span.clone());
    }
    let (field, (left, written)) = share.map(|it| ("left", it)).or(power.map(|it| ("left_mw", it)))?;
    let is_energy = matches!(what, Some(Placed { value: Wanted::Key(key), .. }) if key.level == Level::Energy);
    if !is_energy || for_some {
        table.wrong(field, "of_energy", written.span.clone());
    } else if field == "left" && written.value > Decimal::ONE {
        table.wrong(field, "share", written.span.clone());
    }
    Some(Placed { value: left, span: written.span })
}

fn level(word: &str) -> Option<Level> {
    let word = if word == "jurisdiction" { "control" } else { word };
    Level::ALL.into_iter().find(|level| level.as_str() == word)
}

/// Most that a price may be multiplied by.
const FACTOR_MAX: u32 = 1_000_000;

/// Two capital letters; whether ISO 3166-1 has assigned them, or leaves them to users, is not for a scenario to say.
pub(super) fn is_country(name: &str) -> bool {
    name.len() == 2 && name.bytes().all(|it| it.is_ascii_uppercase())
}

fn price(table: &Table<'_>) -> Option<PriceChange> {
    let provider = table.require("provider", table.id("provider"));
    let factor: Option<Placed<Decimal>> = table.require("factor", table.decimal("factor"));
    if let Some(factor) = factor.as_ref().filter(|it| it.value > Decimal::from(FACTOR_MAX)) {
        table.wrong("factor", "factor", factor.span.clone());
    }
    Some(PriceChange { provider: provider?, factor: factor?.value })
}

fn gain(table: &Table<'_>) -> Option<Gain> {
    let country = table.require("country", table.text("country"));
    if let Some(it) = country.as_ref().filter(|it| !is_country(&it.value)) {
        table.wrong("country", "country", it.span.clone());
    }
    let bloc = table.require("bloc", table.text("bloc"));
    let bloc = bloc.map(|it| Placed { value: Jurisdiction::new(&it.value), span: it.span });
    Some(Gain { country: Jurisdiction::new(&country?.value), bloc: bloc? })
}

fn traffic(table: &Table<'_>) -> Window {
    Window {
        since: table.date("since").map(|it| it.value),
        until: table.date("until").map(|it| it.value),
        apps: table.ids("apps").map(|it| it.value.into_iter().collect()).unwrap_or_default(),
        sectors: table.ids("sectors").map(|it| it.value.into_iter().collect()).unwrap_or_default(),
    }
}
