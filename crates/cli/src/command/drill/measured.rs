//! How the traffic fared in a live drill: the records of this data directory, and what servers counted.

use std::path::Path;

use ::drill::report::Server;
use ::drill::{Archive as _, Before, LiveReport, Ran, Recorded, Scenario, ShadowReport, Unread, Watching};
use anyhow::{Context, Result, anyhow};
use jiff::civil::Date;
use realm::load::Lang;
use realm::{UnixMs, World};
use serde::Serialize;
use store::drill::{Drill, DrillReport, Mode};

use super::Run;
use super::live::kept_cuts;
use crate::command::block_on;
use crate::command::ledger::{EndedIn, each_ended, each_request};
use crate::data::DataDir;
use crate::lang::tell;
use crate::realms::KeptSnapshots;

/// What a drill showed.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Shown {
    /// Of one that cuts off.
    Live(Box<LiveReport>),
    /// Of one in shadow.
    Shadow(Box<ShadowReport>),
}

impl Shown {
    pub(super) fn to_text(&self, lang: Lang) -> String {
        match self {
            Self::Live(report) => report.to_text(lang),
            Self::Shadow(report) => report.to_text(lang),
        }
    }

    /// The same beside the drill before.
    pub(super) fn beside(self, before: &Before, today: Date) -> Self {
        match self {
            Self::Live(report) => Self::Live(Box::new(report.beside(before, today))),
            Self::Shadow(report) => Self::Shadow(Box::new(report.beside(before, today))),
        }
    }

    /// Whether nothing answered that was cut off; where nothing was to be, nothing could.
    pub(super) fn is_cut(&self) -> bool {
        match self {
            Self::Live(report) => report.is_cut(),
            Self::Shadow(_) => true,
        }
    }
}

/// What it takes to count a drill; none of one that no server has had in force.
pub(super) fn ran(drill: &Drill, scenario: &Scenario, now: UnixMs) -> Result<Option<Ran>> {
    let Some(from) = drill.started else { return Ok(None) };
    let until = drill.ended.as_ref().map_or_else(|| drill.until.unwrap_or(now).min(now), |ended| ended.at);
    Ok(Some(Ran {
        drill: drill.id.clone(),
        cuts: kept_cuts(drill)?,
        percent: drill.percent,
        spared: scenario.guardrails.exclude_apps.clone(),
        from,
        until: until.max(from),
    }))
}

/// Every drill that took something away from live traffic, as far as it can be read.
pub(crate) fn drilled_live(run: &Run, data: &DataDir, now: UnixMs) -> Result<Vec<Ran>> {
    if run.database.is_none() && !data.store().exists() {
        return Ok(Vec::new());
    }
    let kept = block_on(async { Ok(run.store(data).await?.drills().await?) })?;
    let taking = kept.drills.iter().filter(|drill| drill.mode != Mode::Shadow);
    // One whose scenario or order cannot be read shows nothing.
    let one = |drill: &Drill| ran(drill, &scenario(drill).ok()?, now).ok().flatten();
    Ok(taking.filter_map(one).collect())
}

/// The scenario that a drill was proposed with.
pub(super) fn scenario(drill: &Drill) -> Result<Scenario> {
    let read = Scenario::parse(Path::new("scenario.toml"), &drill.scenario);
    read.map_err(|_| anyhow!(tell("drill-unreadable", &[("id", drill.id.clone())])))
}

/// What servers counted, as they said it.
pub(super) fn servers(drill: &Drill, reports: &[DrillReport]) -> Result<Vec<Server>> {
    let one = |report: &DrillReport| serde_json::from_str(&report.body);
    let all: Result<Vec<Server>, _> = reports.iter().map(one).collect();
    all.with_context(|| tell("drill-unreadable", &[("id", drill.id.clone())]))
}

/// The report of a drill in shadow, from what records and servers say.
pub(super) fn shadowed(
    (scenario, ran): (&Scenario, &Ran),
    recorded: Recorded,
    servers: Vec<Server>,
    unread: Unread,
    world: Option<&World>,
) -> Shown {
    let of = (ran.drill.as_str(), ran.from, ran.until);
    Shown::Shadow(Box::new(ShadowReport::new(scenario, of, recorded, servers, unread, world)))
}

/// The report of a drill until now.
pub(super) fn report(data: &DataDir, drill: &Drill, reports: &[DrillReport], now: UnixMs) -> Result<Option<Shown>> {
    let scenario = scenario(drill)?;
    let Some(ran) = ran(drill, &scenario, now)? else { return Ok(None) };
    let servers = servers(drill, reports)?;
    if drill.mode == Mode::Shadow {
        let mut recorded = Recorded::default();
        let archive = KeptSnapshots::new(data.snapshots());
        let unread = each_ended(data, |ended| {
            if let EndedIn::Mirror(mirror) = ended {
                recorded.see(&drill.id, &mirror);
            }
            Ok(())
        })?;
        // Those answer who were there when it was proposed, and signed.
        let compiled = super::bundle::snapshot_id(&drill.realm).ok().and_then(|id| archive.world(id));
        let world = compiled.as_ref().map(|it| it.world());
        return Ok(Some(shadowed((&scenario, &ran), recorded, servers, unread, world)));
    }
    let archive = KeptSnapshots::new(data.snapshots());
    let mut watching = Watching::new(&archive, &ran);
    let unread = each_request(data, |request| {
        watching.see(&request);
        Ok(())
    })?;
    Ok(Some(Shown::Live(Box::new(LiveReport::new(&scenario, &ran, watching, servers, unread)))))
}
