//! The case that a realm begins with: its sites, machines and sources of energy as they stand, and nothing that may be built.
//!
//! What the realm does not say comes from a table, with its source, or reads `"unknown"`, which no case may hold.

mod entry;
pub mod facts;
mod machines;
mod places;
mod units;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use realm::{Jurisdiction, World};
use serde::Serialize;

pub(crate) use entry::quoted;
use entry::{Entry, list, number};
use facts::{Facts, Taken};

/// What a start is made from.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The realm.
    pub world: &'a World,
    /// What it does not say.
    pub facts: &'a Facts,
    /// Investment years, ascending; at least one.
    pub years: &'a [i32],
    /// A year's, as a share; none where nobody gave it.
    pub discount_rate: Option<f64>,
}

/// A case as text, and what it rests on.
#[derive(Debug, Clone, Serialize)]
pub struct Start {
    /// The text of `case.toml`.
    #[serde(skip)]
    pub text: String,
    /// Figures that were taken from tables.
    pub taken: Vec<Figure>,
    /// What of the realm has no place in a case.
    pub left_out: Vec<LeftOut>,
}

/// A figure that was taken from a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// In which table of the case.
    pub table: &'static str,
    /// Of which id; empty for `[case]`.
    pub id: String,
    /// Which field.
    pub field: &'static str,
    /// At least.
    pub low: f64,
    /// As the case has it.
    pub mid: f64,
    /// At most.
    pub high: f64,
    /// Where it comes from.
    pub source: String,
}

/// Something that the realm declares and the case does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "left_out", rename_all = "snake_case")]
pub enum LeftOut {
    /// Machines without accelerators: what they draw is not declared.
    Machines {
        /// Where they stand.
        site: String,
        /// Of which kind.
        kind: String,
        /// How many.
        count: u64,
    },
    /// Days on which a source gives nothing: hours of a case stand for many days.
    Outages {
        /// Which source.
        energy_source: String,
        /// How many runs of days.
        count: usize,
    },
}

/// Puts the realm's stock into a case.
pub fn start(asked: &Asked<'_>) -> Start {
    let mut entries = vec![(String::new(), head(asked))];
    entries.extend(places::sites(asked));
    entries.extend(places::sources(asked));
    entries.extend(machines::accelerators(asked));
    let mut text = format!(
        "# Where {} stands: its sites, machines and sources of energy, as `freehold plan start` read them. What reads \"unknown\" nobody\n\
         # says, and no plan is made until somebody does. Nothing may be built and nothing has to be done yet.\n",
        one_line(&asked.world.head.name)
    );
    let mut taken = Vec::new();
    for (id, entry) in entries {
        let of = |(field, it): &(&'static str, Taken)| Figure {
            table: entry.kind(),
            id: id.clone(),
            field,
            low: it.low,
            mid: it.mid,
            high: it.high,
            source: it.source.clone(),
        };
        taken.extend(entry.taken.iter().map(of));
        entry.write(&mut text);
        if entry.kind() == "case" {
            text.push_str(&time(asked.years));
        }
    }
    Start { text, taken, left_out: left_out(asked.world) }
}

fn head(asked: &Asked<'_>) -> Entry {
    let (world, first) = (asked.world, asked.years.first().copied().unwrap_or_default());
    let mut entry = Entry::new("case");
    entry.put("version", "1");
    entry.put("name", quoted(&one_line(&world.head.name)));
    entry.put("currency", quoted(&world.head.currency));
    entry.put("price_year", first.to_string());
    let given = asked.discount_rate.map(|rate| (rate, "given: --discount-rate".to_owned()));
    entry.either("discount_rate", given, || asked.facts.own(&["case"], "discount_rate"));
    entry.put("home", list(countries(world, std::slice::from_ref(&world.head.home)).iter().map(Jurisdiction::as_str)));
    entry
}

/// The years, and one day that stands for each of a year: nobody says how days differ.
fn time(years: &[i32]) -> String {
    let mut text = String::new();
    years.iter().for_each(|year| text.push_str(&format!("\n[[year]]\nyear = {year}\n")));
    text + "\n[[block]]\nid = \"day\"\nhours = 24\nweight = 365\n"
}

/// Countries of places, blocs expanded.
pub(crate) fn countries(world: &World, places: &[Jurisdiction]) -> BTreeSet<Jurisdiction> {
    let of = |place: &Jurisdiction| {
        let members = world.blocs.get(place);
        members.map_or_else(|| BTreeSet::from([place.clone()]), Clone::clone)
    };
    places.iter().flat_map(of).collect()
}

/// A country as a case has it; a bloc of several is none.
fn one_country(world: &World, place: &Jurisdiction) -> String {
    let all = countries(world, std::slice::from_ref(place));
    all.first().filter(|_| all.len() == 1).map_or_else(|| entry::UNKNOWN.to_owned(), |it| quoted(it.as_str()))
}

/// The year from which something serves a case: of what stands when it begins, its own; else the first whole one.
pub(crate) fn serves_from(day: Date, first_year: i32) -> i32 {
    let own = i32::from(day.year());
    let whole = if day == day.first_of_year() { own } else { own + 1 };
    if whole <= first_year { own } else { whole }
}

/// A number by year from what comes when: what stands before the first year stands in it.
fn by_year(parts: &[(i32, f64)], first_year: i32) -> String {
    let mut steps: BTreeMap<i32, f64> = BTreeMap::from([(first_year, 0.0)]);
    for (year, amount) in parts {
        *steps.entry((*year).max(first_year)).or_default() += amount;
    }
    let mut sum = 0.0;
    let totals: Vec<String> = steps
        .iter()
        .map(|(year, amount)| {
            sum += amount;
            format!("{year} = {}", number(sum))
        })
        .collect();
    if totals.len() == 1 { number(sum) } else { format!("{{ {} }}", totals.join(", ")) }
}

fn left_out(world: &World) -> Vec<LeftOut> {
    let mut found = Vec::new();
    for site in world.sites.values() {
        let bare = site.nodes.iter().filter(|it| it.accelerators.is_none());
        let one = |it: &realm::world::Nodes| LeftOut::Machines {
            site: site.id.to_string(),
            kind: it.kind.clone(),
            count: it.count,
        };
        found.extend(bare.map(one));
    }
    let out = world.energy_sources.values().filter(|it| !it.outages.is_empty());
    found.extend(out.map(|it| LeftOut::Outages { energy_source: it.id.to_string(), count: it.outages.len() }));
    found
}

/// A name as a case may have it.
fn one_line(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().chars().take(120).collect()
}
