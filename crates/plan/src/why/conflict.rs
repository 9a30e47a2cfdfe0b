//! The third step: rows that cannot all hold together, where no limit that gives would help, or where somebody asks.
//!
//! The solver finds them (an irreducible infeasible subsystem); here they get the names of the case.

use realm::load::Lang;
use serde::Serialize;

use crate::case::{Case, Item, Plant};
use crate::model::{Model, Row, Rows, assemble};
use crate::plan::tracks;
use crate::say::say;
use crate::solve::{self, Failure, Options};

/// One row, or one bound, of those that cannot all hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InConflict {
    /// What it says, by a word that never changes.
    pub rule: &'static str,
    /// Of what: ids of the case.
    pub what: String,
    /// In which year, where it has one.
    pub year: Option<i32>,
    /// In which hour of it, from 0, where it has one.
    pub hour: Option<usize>,
}

/// Rows and bounds of which none is to spare and that cannot all hold; none where there is a plan (modules may be divided).
///
/// # Errors
/// Where the solver's run ends otherwise than in an answer.
pub fn conflict(case: &Case, options: &Options) -> Result<Vec<InConflict>, Failure> {
    let model = Model::new(case);
    let problem = assemble(&model, solve::base(&model));
    let [rows, columns] = solve::conflict(&problem, options)?;
    let mut found = Vec::new();
    let mut at = 0;
    let mut wanted = rows.into_iter().peekable();
    model.each(&mut |row, _, _, _| {
        if wanted.next_if_eq(&at).is_some() {
            found.push(named(&model, row));
        }
        at += 1;
    });
    found.extend(columns.into_iter().filter_map(|column| bound(&model, column)));
    Ok(found)
}

/// A rule, of what, in which year index and hour.
type Named = (&'static str, String, usize, Option<usize>);

fn named(model: &Model<'_>, row: Row) -> InConflict {
    if let Row::VintageMost { column } = row {
        return bound(model, column as usize).unwrap_or_else(nowhere);
    }
    let (rule, what, k, hour) = hourly(model, row).unwrap_or_else(|| yearly(model, row));
    InConflict { rule, what, year: Some(model.case.years[k].year), hour }
}

/// Rows of one hour, or of what is stored.
fn hourly(model: &Model<'_>, row: Row) -> Option<Named> {
    let case = model.case;
    let site = |at: usize| &case.sites[at].id;
    let source =
        |at: usize| format!("{}.{}", case.technologies[model.sources[at].kind].id, site(model.sources[at].site));
    let store = |at: usize| format!("{}.{}", case.storages[model.stores[at].kind].id, site(model.stores[at].site));
    let line = |at: usize| case.lines[model.lines[at].members[0]].id.clone();
    let (rule, what, k, hour) = match row {
        Row::Balance { site: at, k, t } => ("balance", site(at).clone(), k, t),
        Row::Capacity { group, k, t } => ("capacity", source(group), k, t),
        Row::MustRun { group, k, t } => ("must_run", source(group), k, t),
        Row::RampUp { group, k, t } | Row::RampDown { group, k, t } => ("ramp", source(group), k, t),
        Row::Grid { site: at, k, t } => ("grid_connection", site(at).clone(), k, t),
        Row::Charge { group, k, t } | Row::Discharge { group, k, t } => ("store_power", store(group), k, t),
        Row::Stored { group, k, t } | Row::Highest { group, k, t } | Row::Lowest { group, k, t } => {
            ("store_size", store(group), k, t)
        }
        Row::State { group, k, t } => ("state", store(group), k, t),
        Row::Carried { group, k, .. } | Row::Fullest { group, k, .. } | Row::Emptiest { group, k, .. } => {
            return Some(("carried", store(group), k, None));
        }
        Row::FlowMost { group, k, t } | Row::FlowLeast { group, k, t } => ("flow", line(group), k, t),
        Row::Work { accelerator, site: at, k, t } => {
            ("units", format!("{}.{}", case.accelerators[accelerator].id, site(at)), k, t)
        }
        Row::Inference { class, k, t } => ("inference", case.classes[class].id.clone(), k, t),
        _ => return None,
    };
    Some((rule, what, k, Some(hour)))
}

/// Rows of a year.
fn yearly(model: &Model<'_>, row: Row) -> Named {
    let case = model.case;
    let site = |at: usize| case.sites[at].id.clone();
    let standing = |at: usize| {
        let kind = match case.standing[at].plant {
            Plant::Source(kind) => &case.technologies[kind].id,
            Plant::Store(kind) => &case.storages[kind].id,
        };
        format!("{kind}.{}", site(case.standing[at].site))
    };
    let (rule, what, k) = match row {
        Row::Training { class, k } => ("training", case.classes[class].id.clone(), k),
        Row::HallRoom { site: at, k } => ("hall", site(at), k),
        Row::HallMost { site: at, k } => ("hall_max", site(at), k),
        Row::PowerCap { site: at, k } => ("power_cap", site(at), k),
        Row::StandingMost { at, k } => ("standing_max", standing(at), k),
        Row::StandingLeast { at, k } => ("standing_min", standing(at), k),
        Row::Area { site: at, k } => ("area", site(at), k),
        Row::Supply { at } => ("supply", case.supplies[at].id.clone(), case.supplies[at].year),
        Row::Spent { k, item } => ("spent", Item::ALL[item].word().to_owned(), k),
        Row::Budget { at } => ("budget", case.budgets[at].id.clone(), case.budgets[at].year),
        Row::Policy { at }
        | Row::StressBalance { at, .. }
        | Row::StressCapacity { at, .. }
        | Row::StressServed { at, .. }
        | Row::StressWork { at, .. } => ("policy", case.policies[at].id.clone(), case.policies[at].year),
        // Rows of hours are named before.
        _ => ("bound", String::new(), 0),
    };
    (rule, what, k, None)
}

fn nowhere() -> InConflict {
    InConflict { rule: "bound", what: String::new(), year: None, hour: None }
}

/// The bound of a column: of what is done by the hour, or of a vintage.
fn bound(model: &Model<'_>, column: usize) -> Option<InConflict> {
    let (case, hours) = (model.case, model.hours());
    for (track, firsts) in tracks(model) {
        let first = |k: usize| firsts[k].map(|it| it as usize);
        let within = |k: &usize| first(*k).is_some_and(|first| (first..first + hours).contains(&column));
        if let Some(k) = (0..firsts.len()).find(within) {
            let hour = first(k).map(|first| column - first);
            return Some(InConflict { rule: "bound", what: track.name(case), year: Some(case.years[k].year), hour });
        }
    }
    let columns = &model.columns;
    let is = |it: &Option<(u32, f64)>| it.is_some_and(|(at, _)| at as usize == column);
    let source = columns.source.iter().position(is).map(|at| (&case.sources[at].id, case.sources[at].in_service));
    let store = || columns.store.iter().position(is).map(|at| (&case.stores[at].id, case.stores[at].in_service));
    let line = || columns.line.iter().position(is).map(|at| (&case.lines[at].id, case.lines[at].in_service));
    let (id, year) = source.or_else(store).or_else(line)?;
    Some(InConflict { rule: "bound", what: id.clone(), year: Some(year), hour: None })
}

impl InConflict {
    /// For people.
    pub fn to_text(&self, lang: Lang) -> String {
        let year = self.year.map_or_else(String::new, |it| it.to_string());
        let hour = self.hour.map_or_else(String::new, |it| it.to_string());
        let rule = say(lang, &format!("conflict-{}", self.rule), &[("what", self.what.clone())]);
        let key = if self.hour.is_some() { "conflict-in-hour" } else { "conflict-in-year" };
        say(lang, key, &[("rule", rule), ("year", year), ("hour", hour)])
    }
}
