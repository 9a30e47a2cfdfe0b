//! Where things stand, when they are ordered and serve, and how many accelerators there are.

use report::{Block, Cell, Chart, Column, Place, Section, Series, Shape, Span, Table};

use super::asked::{given, lead_times};
use super::pen::{Kind, Pen, TRACE_MW, clean, whole};
use crate::case::Size;

/// Something that is built or bought.
pub(super) struct Built {
    pub(super) what: String,
    /// The word of its kind in CSV.
    pub(super) of: &'static str,
    pub(super) site: usize,
    pub(super) ordered: i32,
    pub(super) serves: i32,
    /// The first year without it; none where it lasts longer than any case.
    pub(super) ends: Option<i32>,
    pub(super) amount: f64,
    /// MW, or accelerators.
    pub(super) in_mw: bool,
}

/// Years beyond which an end tells nothing.
const FOREVER_YEARS: f64 = 500.0;

fn end(serves: i32, life_years: f64) -> Option<i32> {
    (life_years < FOREVER_YEARS).then(|| serves + life_years.round() as i32)
}

/// All that the plan builds or buys, those ordered first coming first.
pub(super) fn built(pen: &Pen<'_>) -> Vec<Built> {
    let (case, plan) = (pen.case, pen.plan);
    let mut found = Vec::new();
    let sources = case.sources.iter().zip(&plan.sources).map(|(it, mw)| (it, *mw, Kind::Source(it.kind)));
    let stores = case.stores.iter().zip(&plan.stores).map(|(it, mw)| (it, *mw, Kind::Store(it.kind)));
    for (it, mw, kind) in sources.chain(stores).filter(|(it, mw, _)| it.size.is_built() && *mw > TRACE_MW) {
        let (of, lead) = match kind {
            Kind::Source(at) => ("source", case.technologies[at].cost.lead_years),
            Kind::Store(at) => ("store", case.storages[at].cost.lead_years),
        };
        let (serves, what) = (it.in_service, pen.plant(kind).to_owned());
        let ends = end(serves, it.life_years);
        found.push(Built { what, of, site: it.site, ordered: serves - lead, serves, ends, amount: mw, in_mw: true });
    }
    for (it, mw) in case.lines.iter().zip(&plan.lines).filter(|(it, mw)| it.size.is_built() && **mw > TRACE_MW) {
        let (serves, ends) = (it.in_service, end(it.in_service, it.life_years));
        let what = case.stated.title("line", &it.id, pen.lang).to_owned();
        let ordered = serves - it.lead_years;
        found.push(Built { what, of: "line", site: it.from, ordered, serves, ends, amount: *mw, in_mw: true });
    }
    halls(pen, &mut found);
    units(pen, &mut found);
    found.sort_by(|a, b| {
        (a.ordered, a.serves, a.of, &a.what, a.site).cmp(&(b.ordered, b.serves, b.of, &b.what, b.site))
    });
    found
}

fn halls(pen: &Pen<'_>, found: &mut Vec<Built>) {
    for (site, by_year) in pen.plan.halls.iter().enumerate() {
        let Some(hall) = &pen.case.sites[site].hall else { continue };
        for (k, mw) in by_year.iter().enumerate().filter(|(_, mw)| **mw > TRACE_MW) {
            let serves = pen.year(k);
            let (ordered, ends) = (serves - hall.cost.lead_years, end(serves, hall.cost.life_years));
            let what = pen.say("said-hall");
            found.push(Built { what, of: "hall", site, ordered, serves, ends, amount: *mw, in_mw: true });
        }
    }
}

fn units(pen: &Pen<'_>, found: &mut Vec<Built>) {
    for (a, by_site) in pen.plan.units.iter().enumerate() {
        let life_years = pen.case.accelerators[a].life_years;
        for (site, by_year) in by_site.iter().enumerate() {
            for (k, units) in by_year.iter().enumerate().filter(|(_, units)| **units >= 0.5) {
                let (serves, what) = (pen.year(k), pen.accelerator(a).to_owned());
                let ends = end(serves, life_years);
                let (of, ordered, amount) = ("accelerator", serves, *units);
                found.push(Built { what, of, site, ordered, serves, ends, amount, in_mw: false });
            }
        }
    }
}

impl Pen<'_> {
    /// An amount in MW or in accelerators.
    pub(super) fn amount(&self, it: &Built) -> String {
        let key = if it.in_mw { "said-mw" } else { "said-units" };
        let n = if it.in_mw { it.amount } else { it.amount.round() };
        self.with(key, &[("n", self.number(n))])
    }
}

/// The sites, as a map and as a table.
pub(super) fn sites(pen: &Pen<'_>) -> Section {
    let k = pen.last();
    let units = |site: usize| -> f64 {
        (0..pen.case.accelerators.len()).map(|a| pen.plan.units_standing(pen.case, a, site, k)).sum()
    };
    let placed = pen.case.sites.iter().enumerate().filter_map(|(at, it)| it.place.map(|place| (at, place)));
    let place = |(at, (latitude, longitude)): (usize, (f64, f64))| {
        let n = units(at).round();
        let amount = pen.with("said-units", &[("n", pen.number(n))]);
        Place { name: pen.site(at).to_owned(), latitude, longitude, size: n, amount }
    };
    let places: Vec<Place> = placed.map(place).collect();
    let names =
        ["site", "jurisdiction", "latitude", "longitude", "accelerators", "halls_mw", "full_power_mw", "power_cap_mw"];
    let row = |(at, it): (usize, &crate::case::Site)| {
        let cap = it.power_cap_mw.as_ref().map(|(cap, _)| cap.at(pen.year(k)));
        vec![
            pen.site(at).into(),
            it.jurisdiction.clone().unwrap_or_default().into(),
            it.place.map(|it| it.0).into(),
            it.place.map(|it| it.1).into(),
            whole(units(at)),
            clean(pen.halls_mw(at, k)),
            clean(pen.full_mw(at, k)),
            cap.into(),
        ]
    };
    let rows = pen.case.sites.iter().enumerate().map(row).collect();
    let table = Table { name: "sites", title: String::new(), columns: pen.columns(&names), rows };
    let year = [("year", pen.year(k).to_string())];
    let summary = pen.with("said-sites-summary", &year);
    let chart = Chart { title: pen.with("said-sites-chart", &year), summary, shape: Shape::Map { places }, table };
    Section::new("sites", pen.say("said-sites")).with(Block::Chart(chart))
}

/// What is ordered when, from when it serves, and until when.
pub(super) fn timeline(pen: &Pen<'_>) -> Section {
    let all = built(pen);
    let span = |it: &Built| Span {
        name: format!("{}, {}", it.what, pen.site(it.site)),
        ordered: it.ordered,
        serves: it.serves,
        ends: it.ends,
        amount: pen.amount(it),
    };
    let names = ["kind", "what", "site", "ordered", "serves", "ends", "amount", "unit"];
    let row = |it: &Built| {
        vec![
            pen.say(&format!("said-kind-{}", it.of)).into(),
            it.what.as_str().into(),
            pen.site(it.site).into(),
            Cell::Year(it.ordered),
            Cell::Year(it.serves),
            it.ends.map_or(Cell::Unknown, Cell::Year),
            if it.in_mw { clean(it.amount) } else { whole(it.amount) },
            pen.say(if it.in_mw { "said-unit-mw" } else { "said-unit-units" }).into(),
        ]
    };
    let rows = all.iter().map(row).collect();
    let table = Table { name: "build", title: String::new(), columns: pen.columns(&names), rows };
    let last = pen.case.calendar(pen.last()).end - 1;
    let shape = Shape::Timeline { years: (pen.year(0), last), spans: all.iter().map(span).collect() };
    let summary = pen.with("said-timeline-summary", &[("count", all.len().to_string())]);
    let chart = Chart { title: pen.say("said-timeline-chart"), summary, shape, table };
    let mut section = Section::new("timeline", pen.say("said-timeline")).with(Block::Chart(chart));
    section = lead_times(pen).into_iter().fold(section, Section::with);
    section = given(pen).into_iter().fold(section, Section::with).with(Block::Note(pen.say("said-timeline-note")));
    let modules = pen.case.sources.iter().any(|it| it.module_mw.is_some() && matches!(it.size, Size::Build { .. }));
    if modules {
        section = section.with(Block::Note(pen.say("said-modules")));
    }
    section
}

/// How many of which kind by year, at which site.
pub(super) fn accelerators(pen: &Pen<'_>) -> Section {
    let kinds: Vec<usize> =
        (0..pen.case.accelerators.len()).filter(|a| (0..pen.years()).any(|k| pen.units(*a, k) >= 0.5)).collect();
    let by_year = |a: usize| (0..pen.years()).map(move |k| pen.units(a, k).round());
    let series = kinds.iter().map(|a| Series::full(pen.accelerator(*a).to_owned(), by_year(*a))).collect();
    let mut columns = vec![pen.column("year")];
    let named = |a: &usize| Column::new(pen.case.accelerators[*a].id.clone(), pen.accelerator(*a).to_owned());
    columns.extend(kinds.iter().map(named));
    columns.extend(pen.columns(&["accelerators", "full_power_mw"]));
    let row = |k: usize| {
        let mut row = vec![Cell::Year(pen.year(k))];
        row.extend(kinds.iter().map(|a| whole(pen.units(*a, k))));
        row.push(whole(kinds.iter().map(|a| pen.units(*a, k)).sum()));
        row.push(clean((0..pen.case.sites.len()).map(|site| pen.full_mw(site, k)).sum()));
        row
    };
    let table =
        Table { name: "accelerators", title: String::new(), columns, rows: (0..pen.years()).map(row).collect() };
    let (k, total) = (pen.last(), kinds.iter().map(|a| pen.units(*a, pen.last())).sum::<f64>().round());
    let args = [("n", pen.number(total)), ("year", pen.year(k).to_string())];
    let chart = Chart {
        title: pen.say("said-accelerators-chart"),
        summary: pen.with("said-accelerators-summary", &args),
        shape: Shape::Stacked { labels: pen.labels(), series },
        table,
    };
    Section::new("accelerators", pen.say("said-accelerators"))
        .with(Block::Chart(chart))
        .with(Block::Table(by_site(pen, &kinds)))
        .with(Block::Note(pen.say("said-accelerators-note")))
}

fn by_site(pen: &Pen<'_>, kinds: &[usize]) -> Table {
    let names = ["year", "site", "accelerator", "bought", "standing", "full_power_mw"];
    let mut rows = Vec::new();
    for k in 0..pen.years() {
        for site in 0..pen.case.sites.len() {
            let pue = pen.case.sites[site].pue.highest(k, pen.case.hours.count());
            for a in kinds {
                let (bought, standing) = (pen.plan.units[*a][site][k], pen.plan.units_standing(pen.case, *a, site, k));
                if standing < 0.5 && bought < 0.5 {
                    continue;
                }
                rows.push(vec![
                    Cell::Year(pen.year(k)),
                    pen.site(site).into(),
                    pen.accelerator(*a).into(),
                    whole(bought),
                    whole(standing),
                    clean(standing * pen.case.accelerators[*a].power_w / 1e6 * pue),
                ]);
            }
        }
    }
    Table { name: "accelerators-by-site", title: pen.say("said-by-site"), columns: pen.columns(&names), rows }
}
