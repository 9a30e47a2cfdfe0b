//! What a million tokens cost: energy alone, and all of it, by class of work and year.
//!
//! Sites that lines connect share the price of their energy. Accelerators and halls are borne by the classes that use them; what stands
//! idle is spread over all work as energy is.

use report::{Block, Cell, Chart, Column, Section, Series, Shape, Table};

use super::account::Purpose;
use super::pen::Pen;
use crate::case::Demand;
use crate::plan::{NotServed, Track, Whose};

/// Seconds of an hour.
const HOUR_S: f64 = 3600.0;

/// In what a class's price is said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Per {
    /// A million tokens.
    Tokens,
    /// A thousand PFLOP-hours: the case does not say what a token takes.
    Operations,
}

/// A class of work in a year.
#[derive(Clone, Copy)]
pub(super) struct Price {
    pub(super) per: Per,
    /// Millions of tokens, or thousands of PFLOP-hours.
    pub(super) work: f64,
    pub(super) mwh: f64,
    /// Money for the energy.
    pub(super) energy: f64,
    /// Money for everything.
    pub(super) total: f64,
}

impl Price {
    fn each(self, money: f64) -> Option<f64> {
        (self.work > 0.0).then(|| money / self.work)
    }

    /// Money for the energy of one million tokens or thousand PFLOP-hours.
    pub(super) fn energy_each(self) -> Option<f64> {
        self.each(self.energy)
    }
}

/// How much work of a class is done in one year.
fn work(pen: &Pen<'_>, class: usize, k: usize, gone: f64) -> (Per, f64) {
    let it = &pen.case.classes[class];
    let pflop_h = match &it.demand {
        Demand::Training(total) => total.at(pen.year(k)),
        Demand::Inference(series) => {
            let weight = &pen.case.hours.energy_weight;
            (0..pen.case.hours.count()).map(|t| weight[t] * series.at(k, t)).sum()
        }
    };
    let pflop_h = pflop_h - gone;
    match it.gflop_per_token {
        // Thousands of tokens a second.
        _ if it.counted_in_tokens => (Per::Tokens, pflop_h * HOUR_S * 1e3 / 1e6),
        // 10⁹ operations a token are 10¹⁵ a million tokens.
        Some(gflop) => (Per::Tokens, pflop_h * HOUR_S / gflop),
        None => (Per::Operations, pflop_h / 1e3),
    }
}

/// Sites that lines in service connect, by the number of their island.
fn islands(pen: &Pen<'_>, k: usize) -> Vec<usize> {
    let mut island: Vec<usize> = (0..pen.case.sites.len()).collect();
    for (at, line) in pen.case.lines.iter().enumerate() {
        let (a, b) = (island[line.from], island[line.to]);
        if pen.case.line_serves(at, k) && pen.plan.lines[at] > super::pen::TRACE_MW && a != b {
            island.iter_mut().filter(|it| **it == b).for_each(|it| *it = a);
        }
    }
    island
}

/// Money for a MWh at each site in a year.
fn energy_price(pen: &Pen<'_>, k: usize) -> Vec<f64> {
    let (island, weight) = (islands(pen, k), &pen.case.hours.energy_weight);
    let mut money = vec![0.0; island.len()];
    for it in pen.entries.iter().filter(|it| it.purpose.is_energy()) {
        money[island[it.site]] += it.yearly[k];
    }
    let mut mwh = vec![0.0; island.len()];
    for (t, weight) in weight.iter().enumerate() {
        for (site, at) in island.iter().enumerate() {
            mwh[*at] += weight * pen.drawn_mw(site, k, t);
        }
        for (at, load) in pen.case.loads.iter().enumerate() {
            mwh[island[load.site]] += weight * (load.mw.at(k, t) - pen.at(Track::Shed { load: at }, k, t));
        }
    }
    island.iter().map(|at| if mwh[*at] > 0.0 { money[*at] / mwh[*at] } else { 0.0 }).collect()
}

/// Classes of work in a year, in the order of the case.
pub(super) fn of_year(pen: &Pen<'_>, k: usize) -> Vec<Price> {
    let (case, classes) = (pen.case, pen.case.classes.len());
    let price = energy_price(pen, k);
    let unserved: Vec<NotServed> = pen.plan.unserved(case).into_iter().filter(|it| it.k == k).collect();
    let gone = |class: usize| unserved.iter().find(|it| it.of == Whose::Class(class)).map_or(0.0, |it| it.amount);
    let mut found: Vec<Price> = (0..classes)
        .map(|class| {
            let (per, work) = work(pen, class, k, gone(class));
            Price { per, work, mwh: 0.0, energy: 0.0, total: 0.0 }
        })
        .collect();
    let mut idle = 0.0;
    for (site, mwh_price) in price.iter().enumerate() {
        let weights = &case.hours.energy_weight;
        let all: f64 = weights.iter().enumerate().map(|(t, weight)| weight * pen.drawn_mw(site, k, t)).sum();
        let busy = shares((0..classes).map(|class| {
            let watts = |a: usize| case.accelerators[a].power_w * used_h(pen, a, site, class, k);
            (0..case.accelerators.len()).map(watts).sum()
        }));
        for (class, share) in busy.iter().enumerate() {
            found[class].mwh += share * all;
            found[class].energy += share * all * mwh_price;
        }
        let here = pen.entries.iter().filter(|it| it.site == site);
        let halls: f64 = here.clone().filter(|it| it.purpose == Purpose::Halls).map(|it| it.yearly[k]).sum();
        idle += bear(&mut found, &busy, halls);
        for a in 0..case.accelerators.len() {
            let mine = here.clone().filter(|it| it.accelerator == Some(a));
            let shares = shares((0..classes).map(|class| used_h(pen, a, site, class, k)));
            idle += bear(&mut found, &shares, mine.map(|it| it.yearly[k]).sum());
        }
    }
    let energy = shares(found.iter().map(|it| it.mwh).collect::<Vec<_>>().into_iter());
    bear(&mut found, &energy, idle);
    found.iter_mut().for_each(|it| it.total += it.energy);
    found
}

/// Lets classes bear a sum by their shares; returns it where nobody works.
fn bear(found: &mut [Price], shares: &[f64], money: f64) -> f64 {
    found.iter_mut().zip(shares).for_each(|(it, share)| it.total += share * money);
    if shares.iter().sum::<f64>() > 0.0 { 0.0 } else { money }
}

/// Unit-hours of a year that a kind does a class at a site.
fn used_h(pen: &Pen<'_>, accelerator: usize, site: usize, class: usize, k: usize) -> f64 {
    pen.over_year(Track::Used { accelerator, site, class }, k).max(0.0)
}

/// Parts of one; nothing where all is nothing.
fn shares(parts: impl Iterator<Item = f64>) -> Vec<f64> {
    let parts: Vec<f64> = parts.collect();
    let sum: f64 = parts.iter().sum();
    parts.iter().map(|it| if sum > 1e-9 { it / sum } else { 0.0 }).collect()
}

/// The section of prices.
pub(super) fn prices(pen: &Pen<'_>) -> Section {
    let years: Vec<Vec<Price>> = (0..pen.years()).map(|k| of_year(pen, k)).collect();
    let names = ["class", "year", "per", "work", "energy_mwh", "mwh_each", "energy_cost_each", "total_cost_each"];
    let mut rows = Vec::new();
    for class in 0..pen.case.classes.len() {
        for (k, year) in years.iter().enumerate() {
            let it = year[class];
            rows.push(vec![
                pen.class(class).into(),
                Cell::Year(pen.year(k)),
                pen.say(if it.per == Per::Tokens { "said-per-tokens" } else { "said-per-operations" }).into(),
                it.work.into(),
                it.mwh.into(),
                it.each(it.mwh).into(),
                it.energy_each().into(),
                it.each(it.total).into(),
            ]);
        }
    }
    let table = Table { name: "prices", title: pen.say("said-prices-table"), columns: pen.columns(&names), rows };
    let in_tokens = |class: &usize| years.first().is_some_and(|year| year[*class].per == Per::Tokens);
    let classes: Vec<usize> = (0..pen.case.classes.len()).filter(in_tokens).collect();
    let mut section = Section::new("prices", pen.say("said-prices"));
    if classes.is_empty() {
        section = section.with(Block::Text(pen.say("said-prices-no-tokens")));
    } else {
        section = section.with(Block::Chart(chart(pen, &classes, &years)));
    }
    section.with(Block::Table(table)).with(Block::Note(pen.say("said-prices-note")))
}

/// Money for the energy of a million tokens, by class and year.
fn chart(pen: &Pen<'_>, classes: &[usize], years: &[Vec<Price>]) -> Chart {
    let of = |class: usize| years.iter().map(move |year| year[class].energy_each());
    let series =
        classes.iter().map(|it| Series { name: pen.class(*it).to_owned(), values: of(*it).collect() }).collect();
    let mut columns = vec![pen.column("year")];
    columns.extend(classes.iter().map(|it| Column::new(pen.case.classes[*it].id.clone(), pen.class(*it).to_owned())));
    let row = |k: usize| {
        let year = [Cell::Year(pen.year(k))];
        year.into_iter().chain(classes.iter().map(|it| years[k][*it].energy_each().into())).collect()
    };
    let rows = (0..pen.years()).map(row).collect();
    let args = [("currency", pen.case.currency.clone())];
    Chart {
        title: pen.with("said-prices-chart", &args),
        summary: pen.with("said-prices-summary", &args),
        shape: Shape::Lines { labels: pen.labels(), series },
        table: Table { name: "energy-per-million-tokens", title: String::new(), columns, rows },
    }
}
