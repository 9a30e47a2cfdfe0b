//! Energy: what serves by year, how it goes through the hardest hours, what it emits and who controls it.

use report::{Block, Cell, Chart, Column, Section, Series, Shape, Table};

use super::pen::{Kind, Pen, TRACE_MW, clean};
use crate::plan::Track;

/// Most hours that a picture of dispatch shows: a week.
const WEEK: usize = 168;
/// Names of dispatch tables: of one year each, the last years where there are more.
const DISPATCH: [&str; 8] =
    ["dispatch-1", "dispatch-2", "dispatch-3", "dispatch-4", "dispatch-5", "dispatch-6", "dispatch-7", "dispatch-8"];

/// MW by source and year, and what they gave.
pub(super) fn capacity(pen: &Pen<'_>) -> Section {
    let kinds: Vec<Kind> =
        pen.plants().into_iter().filter(|it| (0..pen.years()).any(|k| pen.plant_mw(*it, k) > TRACE_MW)).collect();
    let by_year = |kind: Kind| (0..pen.years()).map(move |k| pen.plant_mw(kind, k));
    let series = kinds.iter().map(|it| Series::full(pen.plant(*it).to_owned(), by_year(*it))).collect();
    let mut columns = vec![pen.column("year")];
    columns.extend(kinds.iter().map(|it| Column::new(format!("{}_mw", id(pen, *it)), pen.plant(*it).to_owned())));
    let row = |k: usize| {
        let year = [Cell::Year(pen.year(k))];
        year.into_iter().chain(kinds.iter().map(|it| clean(pen.plant_mw(*it, k)))).collect()
    };
    let table = Table { name: "power", title: String::new(), columns, rows: (0..pen.years()).map(row).collect() };
    let total: f64 = kinds.iter().map(|it| pen.plant_mw(*it, pen.last())).sum();
    let args = [("n", pen.number(total)), ("year", pen.year(pen.last()).to_string())];
    let chart = Chart {
        title: pen.say("said-power-chart"),
        summary: pen.with("said-power-summary", &args),
        shape: Shape::Stacked { labels: pen.labels(), series },
        table,
    };
    Section::new("power", pen.say("said-power")).with(Block::Chart(chart)).with(Block::Table(by_site(pen, &kinds)))
}

pub(super) fn id<'a>(pen: &'a Pen<'_>, kind: Kind) -> &'a str {
    match kind {
        Kind::Source(at) => &pen.case.technologies[at].id,
        Kind::Store(at) => &pen.case.storages[at].id,
    }
}

/// MW of which source at which site, and the energy of a year.
fn by_site(pen: &Pen<'_>, kinds: &[Kind]) -> Table {
    let mut rows = Vec::new();
    for k in 0..pen.years() {
        for site in 0..pen.case.sites.len() {
            for kind in kinds {
                let mw = pen.plan.standing(pen.case, *kind, site, k);
                if mw <= TRACE_MW {
                    continue;
                }
                let track = match *kind {
                    Kind::Source(kind) => Track::Output { site, kind },
                    Kind::Store(kind) => Track::Discharge { site, kind },
                };
                rows.push(vec![
                    Cell::Year(pen.year(k)),
                    pen.site(site).into(),
                    pen.plant(*kind).into(),
                    clean(mw),
                    clean(pen.over_year(track, k)),
                ]);
            }
        }
    }
    let columns = pen.columns(&["year", "site", "plant", "power_mw", "energy_mwh"]);
    Table { name: "power-by-site", title: pen.say("said-power-by-site"), columns, rows }
}

/// MW that everything draws in an hour.
fn needed(pen: &Pen<'_>, k: usize, t: usize) -> f64 {
    let loads: f64 = pen.case.loads.iter().map(|it| it.mw.at(k, t)).sum();
    loads + (0..pen.case.sites.len()).map(|site| pen.drawn_mw(site, k, t)).sum::<f64>()
}

/// The hours about the highest of a year: its block, or the week of a long one.
fn hardest(pen: &Pen<'_>, k: usize) -> (std::ops::Range<usize>, usize) {
    let hours = pen.case.hours.count();
    let peak = (0..hours).map(|t| (t, needed(pen, k, t))).max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |it| it.0);
    let run = pen.case.hours.runs().find(|run| run.contains(&peak)).unwrap_or(0..hours);
    if run.len() <= WEEK {
        return (run, peak);
    }
    let from = (peak - (peak - run.start) % WEEK).min(run.end - WEEK);
    (from..from + WEEK, peak)
}

/// How energy is made in the hardest hours of each year.
pub(super) fn dispatch(pen: &Pen<'_>) -> Section {
    let skipped = pen.years().saturating_sub(DISPATCH.len());
    let mut section = Section::new("dispatch", pen.say("said-dispatch"));
    for (k, name) in (skipped..pen.years()).zip(DISPATCH) {
        section = section.with(Block::Chart(dispatch_of(pen, k, name)));
    }
    section.with(Block::Note(pen.say("said-dispatch-note")))
}

/// What each plant gives and takes in some hours: its column, its name, its MW. Those that do nothing are left out.
fn flows(pen: &Pen<'_>, k: usize, hours: &std::ops::Range<usize>) -> Vec<(String, String, Vec<f64>)> {
    let sites = || 0..pen.case.sites.len();
    let sum = |track: &dyn Fn(usize) -> Track, t: usize| sites().map(|site| pen.at(track(site), k, t)).sum::<f64>();
    let mut rows: Vec<(String, String, Vec<f64>)> = Vec::new();
    for kind in pen.plants() {
        let (plant, title) = (id(pen, kind), pen.plant(kind).to_owned());
        match kind {
            Kind::Source(kind) => {
                let values = hours.clone().map(|t| sum(&|site| Track::Output { site, kind }, t)).collect();
                rows.push((format!("{plant}_mw"), title, values));
            }
            Kind::Store(kind) => {
                let out = hours.clone().map(|t| sum(&|site| Track::Discharge { site, kind }, t)).collect();
                let into = hours.clone().map(|t| -sum(&|site| Track::Charge { site, kind }, t)).collect();
                rows.push((format!("{plant}_out_mw"), pen.with("said-out-of", &[("store", title.clone())]), out));
                rows.push((format!("{plant}_in_mw"), pen.with("said-into", &[("store", title)]), into));
            }
        }
    }
    let shed = |t: usize| (0..pen.case.loads.len()).map(|load| pen.at(Track::Shed { load }, k, t)).sum();
    rows.push(("unserved_mw".to_owned(), pen.say("said-unserved-loads"), hours.clone().map(shed).collect()));
    rows.retain(|(_, _, values)| values.iter().any(|mw| mw.abs() > TRACE_MW));
    rows
}

fn dispatch_of(pen: &Pen<'_>, k: usize, name: &'static str) -> Chart {
    let (hours, peak) = hardest(pen, k);
    let rows = flows(pen, k, &hours);
    let labels: Vec<String> = hours.clone().map(|t| (t - hours.start).to_string()).collect();
    let mut columns = vec![pen.column("hour")];
    columns.extend(rows.iter().map(|(name, title, _)| Column::new(name.clone(), title.clone())));
    columns.push(pen.column("needed_mw"));
    let line = |(at, t): (usize, usize)| {
        let mut cells = vec![Cell::Number(at as f64)];
        cells.extend(rows.iter().map(|(_, _, values)| clean(values[at])));
        cells.push(clean(needed(pen, k, t)));
        cells
    };
    let table = Table { name, title: String::new(), columns, rows: hours.clone().enumerate().map(line).collect() };
    let series = rows.into_iter().map(|(_, title, values)| Series::full(title, values)).collect();
    let args = [
        ("year", pen.year(k).to_string()),
        ("hours", hours.len().to_string()),
        ("mw", pen.number(needed(pen, k, peak))),
        ("hour", (peak - hours.start).to_string()),
        ("stores", if pen.case.stores.is_empty() { "no" } else { "yes" }.to_owned()),
    ];
    Chart {
        title: pen.with("said-dispatch-chart", &args),
        summary: pen.with("said-dispatch-summary", &args),
        shape: Shape::Stacked { labels, series },
        table,
    }
}

/// Energy of a year, by whether home controls it, and what it emits: MWh in all, MWh of home, tonnes.
pub(super) fn energy(pen: &Pen<'_>, k: usize) -> (f64, f64, f64) {
    let (mut all, mut home, mut tonnes) = (0.0, 0.0, 0.0);
    for track in pen.plan.hourly.keys() {
        let Track::Output { site, kind } = *track else { continue };
        let mwh = pen.over_year(*track, k);
        all += mwh;
        home += if pen.case.is_home(kind, site) { mwh } else { 0.0 };
        tonnes += mwh * pen.case.technologies[kind].co2_t_per_mwh.at(pen.year(k));
    }
    (all, home, tonnes)
}

/// CO₂ and home's share by year.
pub(super) fn carbon(pen: &Pen<'_>) -> Section {
    let years: Vec<(f64, f64, f64)> = (0..pen.years()).map(|k| energy(pen, k)).collect();
    let columns = pen.columns(&["year", "energy_mwh", "co2_t", "co2_t_per_mwh", "home_share"]);
    let row = |(k, (all, home, tonnes)): (usize, &(f64, f64, f64))| {
        let share = |part: f64| if *all > 0.0 { Some(part / all) } else { None };
        vec![
            Cell::Year(pen.year(k)),
            clean(*all),
            clean(*tonnes),
            share(*tonnes).into(),
            share(*home).map_or(Cell::Unknown, Cell::Share),
        ]
    };
    let rows = years.iter().enumerate().map(row).collect();
    let series = vec![Series::full(pen.say("said-co2-t"), years.iter().map(|it| it.2))];
    let (all, home, tonnes) = years.last().copied().unwrap_or_default();
    let share = pen.numbers.percent(if all > 0.0 { home / all } else { 0.0 });
    let args = [("year", pen.year(pen.last()).to_string()), ("t", pen.number(tonnes)), ("share", share)];
    let chart = Chart {
        title: pen.say("said-carbon-chart"),
        summary: pen.with("said-carbon-summary", &args),
        shape: Shape::Stacked { labels: pen.labels(), series },
        table: Table { name: "carbon", title: String::new(), columns, rows },
    };
    let home: Vec<&str> = pen.case.home.iter().map(String::as_str).collect();
    let home = if home.is_empty() { pen.say("said-home-none") } else { home.join(", ") };
    let note = pen.with("said-carbon-note", &[("home", home)]);
    Section::new("carbon", pen.say("said-carbon")).with(Block::Chart(chart)).with(Block::Note(note))
}
