//! What goes on by the hour: out of a point of the model, and as a CSV.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Track;
use crate::case::{Case, Demand};
use crate::model::{Model, THOUSAND};

/// Tracks with the first columns of each year, and what a unit of the column comes to.
type Columns<'m> = Vec<(Track, &'m [Option<u32>], f64)>;

fn columns<'m>(model: &'m Model<'_>) -> Columns<'m> {
    let mut found: Columns<'m> = Vec::new();
    let all = &model.columns;
    for (at, group) in model.sources.iter().enumerate() {
        let track = Track::Output { site: group.site, kind: group.kind };
        found.push((track, &all.output[at], 1.0));
    }
    for (at, group) in model.stores.iter().enumerate() {
        let (site, kind) = (group.site, group.kind);
        found.push((Track::Charge { site, kind }, &all.charge[at], 1.0));
        found.push((Track::Discharge { site, kind }, &all.discharge[at], 1.0));
        found.push((Track::Stored { site, kind }, &all.stored[at], 1.0));
    }
    for (at, group) in model.lines.iter().enumerate() {
        found.push((Track::Flow { line: group.members[0] }, &all.flow[at], 1.0));
    }
    for (at, pair) in model.pairs.iter().enumerate() {
        let track = Track::Used { accelerator: pair.accelerator, site: pair.site, class: pair.class };
        found.push((track, &all.used[at], THOUSAND));
    }
    for track in giving(model.case) {
        match track {
            Track::Unserved { class } => found.push((track, &all.unserved_class[class], THOUSAND)),
            Track::Shed { load } => found.push((track, &all.unserved_load[load], 1.0)),
            _ => {}
        }
    }
    found
}

/// What may go unserved by the hour.
fn giving(case: &Case) -> Vec<Track> {
    let by_hour = |it: &&crate::case::Class| matches!(it.demand, Demand::Inference(_)) && it.unserved.is_some();
    let classes = case.classes.iter().enumerate().filter(|(_, it)| by_hour(it));
    let loads = case.loads.iter().enumerate().filter(|(_, it)| it.unserved.is_some());
    let classes = classes.map(|(class, _)| Track::Unserved { class });
    classes.chain(loads.map(|(load, _)| Track::Shed { load })).collect()
}

/// Tracks with the first columns of each year.
pub(crate) fn tracks<'m>(model: &'m Model<'_>) -> impl Iterator<Item = (Track, &'m [Option<u32>])> {
    columns(model).into_iter().map(|(track, firsts, _)| (track, firsts))
}

pub(super) fn of(model: &Model<'_>, values: &[f64]) -> BTreeMap<Track, Vec<f64>> {
    let hours = model.hours();
    let mut tracks = BTreeMap::new();
    for (track, firsts, unit) in columns(model) {
        let mut series = Vec::with_capacity(hours * firsts.len());
        for first in firsts {
            match first {
                Some(first) => {
                    let from = *first as usize;
                    series.extend(values[from..from + hours].iter().map(|value| value * unit));
                }
                None => series.extend(std::iter::repeat_n(0.0, hours)),
            }
        }
        tracks.insert(track, series);
    }
    carried(model, values, &mut tracks);
    tracks
}

/// What linked stores hold is counted from the beginning of each run: told is what there is when it first occurs.
fn carried(model: &Model<'_>, values: &[f64], tracks: &mut BTreeMap<Track, Vec<f64>>) {
    let (case, hours) = (model.case, model.hours());
    for (group, by_year) in model.stores.iter().zip(&model.columns.linked) {
        let track = Track::Stored { site: group.site, kind: group.kind };
        let Some(series) = tracks.get_mut(&track) else { continue };
        for (k, linked) in by_year.iter().enumerate() {
            let Some(linked) = linked else { continue };
            for (run, within) in case.hours.runs().enumerate() {
                let first = case.hours.order.iter().position(|it| *it == run).unwrap_or_default();
                let mut held = values[linked.held as usize + first];
                for t in within {
                    held *= case.kept(group.kind, t);
                    series[k * hours + t] += held;
                }
            }
        }
    }
}

pub(super) fn stress_of(model: &Model<'_>, values: &[f64]) -> BTreeMap<usize, BTreeMap<Track, f64>> {
    let at = |column: &u32| values[*column as usize];
    let mut found = BTreeMap::new();
    for stress in &model.columns.stress {
        let mut tracks = BTreeMap::new();
        for (group, column) in model.sources.iter().zip(&stress.output) {
            tracks.insert(Track::Output { site: group.site, kind: group.kind }, at(column));
        }
        for (group, column) in model.stores.iter().zip(&stress.store) {
            tracks.insert(Track::Discharge { site: group.site, kind: group.kind }, at(column));
        }
        for (group, column) in model.lines.iter().zip(&stress.flow) {
            tracks.insert(Track::Flow { line: group.members[0] }, at(column));
        }
        for (pair, column) in model.pairs.iter().zip(&stress.used) {
            let track = Track::Used { accelerator: pair.accelerator, site: pair.site, class: pair.class };
            tracks.insert(track, at(column) * THOUSAND);
        }
        found.insert(stress.policy, tracks);
    }
    found
}

impl Track {
    /// As the header of `hourly.csv` names it.
    pub fn name(self, case: &Case) -> String {
        let site = |at: usize| &case.sites[at].id;
        match self {
            Self::Output { site: at, kind } => format!("output_mw.{}.{}", site(at), case.technologies[kind].id),
            Self::Charge { site: at, kind } => format!("charge_mw.{}.{}", site(at), case.storages[kind].id),
            Self::Discharge { site: at, kind } => format!("discharge_mw.{}.{}", site(at), case.storages[kind].id),
            Self::Stored { site: at, kind } => format!("stored_mwh.{}.{}", site(at), case.storages[kind].id),
            Self::Flow { line } => format!("flow_mw.{}", case.lines[line].id),
            Self::Used { accelerator, site: at, class } => {
                format!("used_units.{}.{}.{}", case.accelerators[accelerator].id, site(at), case.classes[class].id)
            }
            Self::Unserved { class } => {
                let class = &case.classes[class];
                let unit = if class.counted_in_tokens { "thousand_tokens_per_s" } else { "pflops" };
                format!("unserved_{unit}.{}", class.id)
            }
            Self::Shed { load } => format!("unserved_mw.{}", case.loads[load].id),
        }
    }

    /// All that a case may have.
    pub(crate) fn all(case: &Case) -> Vec<Self> {
        let mut all = Vec::new();
        all.extend(case.source_groups().iter().map(|it| Self::Output { site: it.site, kind: it.kind }));
        for group in case.store_groups() {
            let (site, kind) = (group.site, group.kind);
            all.extend([Self::Charge { site, kind }, Self::Discharge { site, kind }, Self::Stored { site, kind }]);
        }
        all.extend(case.line_groups().iter().map(|it| Self::Flow { line: it.members[0] }));
        for accelerator in 0..case.accelerators.len() {
            for site in (0..case.sites.len()).filter(|site| case.may_stand(accelerator, *site)) {
                let classes = (0..case.classes.len()).filter(|class| case.pflops(accelerator, *class, site) > 0.0);
                all.extend(classes.map(|class| Self::Used { accelerator, site, class }));
            }
        }
        all.extend(giving(case));
        all
    }
}

/// The text of `hourly.csv`.
pub(super) fn to_csv(case: &Case, hourly: &BTreeMap<Track, Vec<f64>>) -> String {
    let mut text = "year,hour".to_owned();
    for track in hourly.keys() {
        text.push(',');
        text.push_str(&track.name(case));
    }
    text.push('\n');
    let hours = case.hours.count();
    for (k, year) in case.years.iter().enumerate() {
        for t in 0..hours {
            let _ = write!(text, "{},{t}", year.year);
            for series in hourly.values() {
                let value = series[k * hours + t];
                // What is below the solver's own tolerance is nothing.
                let _ = if value.abs() < 1e-9 { write!(text, ",0") } else { write!(text, ",{value}") };
            }
            text.push('\n');
        }
    }
    text
}

/// Reads `hourly.csv` back; the text says what is wrong with it.
pub(super) fn from_csv(case: &Case, text: &str) -> Result<BTreeMap<Track, Vec<f64>>, String> {
    let known: BTreeMap<String, Track> = Track::all(case).into_iter().map(|it| (it.name(case), it)).collect();
    let mut lines = text.lines();
    let header = lines.next().unwrap_or_default();
    let names = header.strip_prefix("year,hour").ok_or("1: year,hour")?;
    let mut tracks = Vec::new();
    for name in names.split(',').skip(1) {
        tracks.push(*known.get(name).ok_or_else(|| format!("1: {name}"))?);
    }
    let hours = case.hours.count();
    let mut series = vec![Vec::with_capacity(hours * case.years.len()); tracks.len()];
    let mut row = 0;
    for line in lines {
        let wrong = || format!("{}: {}", row + 2, line.chars().take(40).collect::<String>());
        let mut cells = line.split(',');
        let year = case.years.get(row / hours).map(|it| it.year.to_string()).ok_or_else(wrong)?;
        if cells.next() != Some(&year) || cells.next() != Some(&(row % hours).to_string()) {
            return Err(wrong());
        }
        for column in &mut series {
            let value = cells.next().and_then(|cell| cell.parse::<f64>().ok()).filter(|it| it.is_finite());
            column.push(value.ok_or_else(wrong)?);
        }
        if cells.next().is_some() {
            return Err(wrong());
        }
        row += 1;
    }
    if row != hours * case.years.len() {
        return Err(format!("{}: {}", row + 2, hours * case.years.len()));
    }
    Ok(tracks.into_iter().zip(series).collect())
}
