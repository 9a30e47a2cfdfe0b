//! What a desk drill says, to whom it may be said.

use std::collections::BTreeMap;

use drill::Impact;
use drill::report::{Counts, Drill as Report, DrillFinding, Stop};
use realm::{DeploymentId, OrganisationId, World};
use serde_json::{Value, json};
use store::Scope;

/// Whether a finding is about apps by their names.
fn names_apps(finding: &DrillFinding) -> bool {
    matches!(finding, DrillFinding::CriticalStops { .. } | DrillFinding::Stops { .. } | DrillFinding::NotInTime { .. })
}

/// What a desk drill says.
#[derive(Debug)]
pub struct Told {
    /// Its report. Of the whole no app is named: what is told app by app stands in [`Told::organisations`] and in the ways.
    pub report: Report,
    /// Of the whole: each organisation's requests; those of apps that the realm in force does not have, under none.
    pub organisations: BTreeMap<Option<OrganisationId>, Counts>,
    /// From where to where, of whom: of an app, or of an organisation in the whole.
    pub moves: BTreeMap<(String, DeploymentId, DeploymentId), u64>,
    /// What goes nowhere, of whom, and why.
    pub stopped: BTreeMap<(String, Stop), u64>,
    /// What was denied and would be answered, of whom, by which deployment.
    pub opened: BTreeMap<(String, DeploymentId), u64>,
    is_whole: bool,
}

impl Told {
    pub(super) fn of(mut report: Report, scope: &Scope, world: &World) -> Self {
        let is_whole = *scope == Scope::Whole;
        let owner = |app: &realm::AppId| world.apps.get(app).map(|app| app.organisation.clone());
        let who = |app: &realm::AppId| {
            if is_whole { owner(app).map_or_else(|| "–".to_owned(), |it| it.to_string()) } else { app.to_string() }
        };
        let (mut moves, mut stopped, mut opened) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for it in &report.moves {
            *moves.entry((who(&it.app), it.from.clone(), it.to.clone())).or_default() += it.requests;
        }
        for it in &report.stopped {
            *stopped.entry((who(&it.app), it.reason.clone())).or_default() += it.requests;
        }
        for it in &report.newly_permitted {
            *opened.entry((who(&it.app), it.to.clone())).or_default() += it.requests;
        }
        let mut organisations: BTreeMap<_, Counts> = BTreeMap::new();
        if is_whole {
            report.apps.iter().for_each(|app| organisations.entry(owner(&app.app)).or_default().add(app.counts));
            report.apps.clear();
            report.findings.retain(|found| !names_apps(&found.finding));
            (report.moves, report.stopped, report.newly_permitted) = Default::default();
            report.work = Default::default();
            report.notice.iter_mut().for_each(|notice| notice.apps.clear());
            report.failures.iter_mut().for_each(|failure| failure.apps.clear());
        }
        Self { report, organisations, moves, stopped, opened, is_whole }
    }

    /// The report for programs: that of `freehold drill run --json`; of the whole with organisations in place of apps.
    pub fn to_json(&self) -> Value {
        let mut told = json!(self.report);
        if !self.is_whole {
            return told;
        }
        let counts = |(id, counts): (&Option<OrganisationId>, &Counts)| {
            let mut told = json!(counts);
            told["organisation"] = json!(id);
            told
        };
        told["organisations"] = self.organisations.iter().map(counts).collect();
        let moves = self.moves.iter();
        told["moves"] = moves
            .map(|((who, from, to), requests)| json!({ "organisation": who, "from": from, "to": to, "requests": requests }))
            .collect();
        let stopped = self.stopped.iter();
        told["stopped"] = stopped
            .map(|((who, why), requests)| json!({ "organisation": who, "reason": why, "requests": requests }))
            .collect();
        let opened = self.opened.iter();
        told["newly_permitted"] = opened
            .map(|((who, to), requests)| json!({ "organisation": who, "to": to, "requests": requests }))
            .collect();
        told
    }

    /// The same drill, followed along the chain.
    pub fn impact(&self) -> Impact {
        Impact::of(&self.report)
    }
}
