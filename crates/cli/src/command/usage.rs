//! `freehold usage`: sums over the ledger; totals equal it.

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::tz::TimeZone;
use ledger::EntryIndex;
use realm::record::{End, EnergyFigure, Outcome, Record};
use realm::{DeploymentId, Nano, World};
use serde::Serialize;

use super::Run;
use super::ledger::each_record;
use crate::args::{UsageArgs, UsageBy};
use crate::ended::Ended;
use crate::lang::say;
use crate::output;
use crate::realms;

/// The group of what belongs to none.
const NONE: &str = "(none)";

/// What one group used.
#[derive(Debug, Clone, Default, Serialize)]
struct Sum {
    requests: u64,
    failed: u64,
    unknown: u64,
    refused: u64,
    tokens_in: u64,
    tokens_out: u64,
    /// Requests whose tokens or cost are estimated.
    estimated: u64,
    cost_nano: Nano,
    energy_j: f64,
    /// Requests whose record says more tokens than any request has: in none of the sums of tokens, money and energy.
    unbelievable: u64,
    /// Requests whose energy nobody knows.
    energy_unknown: u64,
}

pub(crate) fn run(run: &Run, args: &UsageArgs) -> Result<Ended> {
    let data = run.existing_data()?;
    // Groups above the app and the deployment are read off the realm; without one, those two still work.
    let needs_realm = !matches!(args.by, UsageBy::App | UsageBy::Deployment);
    let checked = if needs_realm { Some(realms::open(&run.realm)?) } else { realms::check(&run.realm).ok() };
    let world = checked.as_ref().map(|checked| &checked.snapshot.world);
    let (mut sums, mut mirrors) = (BTreeMap::<String, Sum>::new(), Sum::default());
    each_record(&data, |_, _: EntryIndex, record| {
        let at = match &record {
            Record::Outcome(outcome) => outcome.at,
            Record::Refusal(refusal) => refusal.at,
            Record::Intent(_) | Record::Change(_) => return Ok(()),
        };
        if args.since.is_some_and(|since| at.date_in(&TimeZone::UTC) < since) {
            return Ok(());
        }
        let (app, deployment) = match &record {
            // Nobody's requests, and money all the same.
            Record::Outcome(outcome) if outcome.mirrors.is_some() => {
                mirrors.add(outcome);
                return Ok(());
            }
            Record::Outcome(outcome) => (outcome.app.as_str(), outcome.attempts.last().map(|a| &a.deployment)),
            Record::Refusal(refusal) => (refusal.app.as_str(), None),
            _ => return Ok(()),
        };
        let sum = sums.entry(group(args.by, app, deployment, world)).or_default();
        match &record {
            Record::Outcome(outcome) => sum.add(outcome),
            _ => sum.refused += 1,
        }
        Ok(())
    })?;
    show(run, (&sums, &mirrors), world.map(|w| w.head.currency.as_str()).unwrap_or(""))?;
    Ok(Ended::Done)
}

impl Sum {
    fn add(&mut self, outcome: &Outcome) {
        self.requests += 1;
        self.failed += u64::from(matches!(outcome.end, End::Error));
        self.unknown += u64::from(matches!(outcome.end, End::Unknown));
        if !outcome.tokens.believable() {
            self.unbelievable += 1;
            return;
        }
        self.tokens_in = self.tokens_in.saturating_add(outcome.tokens.input);
        self.tokens_out = self.tokens_out.saturating_add(outcome.tokens.output);
        self.estimated += u64::from(outcome.tokens.estimated || outcome.cost_estimated);
        self.cost_nano = self.cost_nano + outcome.cost_nano;
        match outcome.energy {
            EnergyFigure::Measured { j } | EnergyFigure::Declared { j } => self.energy_j += j,
            EnergyFigure::Unknown => self.energy_unknown += 1,
        }
    }
}

fn group(by: UsageBy, app: &str, deployment: Option<&DeploymentId>, world: Option<&World>) -> String {
    let organisation = || {
        let world = world?;
        world.organisations.get(&world.apps.get(app)?.organisation)
    };
    let supply = || world?.supply_of(deployment?);
    let found = match by {
        UsageBy::App => Some(app.to_owned()),
        UsageBy::Deployment => deployment.map(ToString::to_string),
        UsageBy::Organisation => organisation().map(|o| o.id.to_string()),
        UsageBy::Sector => organisation().map(|o| o.sector.to_string()),
        UsageBy::Model => supply().map(|s| s.model.id.to_string()),
        UsageBy::Jurisdiction => supply().map(|s| s.deployment.host.to_string()),
    };
    found.unwrap_or_else(|| NONE.to_owned())
}

/// Joules, of the requests whose energy is known; where none's is, nothing is said rather than zero.
fn energy(sum: &Sum) -> String {
    let is_known = sum.energy_unknown == 0 || sum.energy_j > 0.0;
    if is_known { format!("{:.1}", sum.energy_j) } else { "–".to_owned() }
}

fn show(run: &Run, (sums, mirrors): (&BTreeMap<String, Sum>, &Sum), currency: &str) -> Result<()> {
    if run.json {
        let mirrors = Some(mirrors).filter(|mirrors| mirrors.requests > 0);
        return output::json(&serde_json::json!({ "currency": currency, "groups": sums, "mirrors": mirrors }));
    }
    let named =
        ["group", "requests", "failed", "unknown", "refused", "tokens-in", "tokens-out", "cost", "energy", "note"];
    let money = [("currency", currency.to_owned())];
    let heads = named.map(|name| say(run.lang, &format!("col-{name}"), &money));
    let rows: Vec<Vec<String>> = sums
        .iter()
        .map(|(name, s)| {
            let mut notes = Vec::new();
            if s.estimated > 0 {
                notes.push(say(run.lang, "usage-estimated", &[("count", s.estimated.to_string())]));
            }
            if s.unbelievable > 0 {
                notes.push(format!("{} with more tokens than can be: not counted", s.unbelievable));
            }
            if s.energy_unknown > 0 {
                notes.push(say(run.lang, "usage-energy-unknown", &[("count", s.energy_unknown.to_string())]));
            }
            let numbers =
                [s.requests, s.failed, s.unknown, s.refused, s.tokens_in, s.tokens_out].map(|n| n.to_string());
            let none = || say(run.lang, "usage-none", &[]);
            let mut row = vec![if name == NONE { none() } else { name.clone() }];
            row.extend(numbers);
            row.extend([s.cost_nano.to_string(), energy(s), notes.join(", ")]);
            row
        })
        .collect();
    output::table_under(&heads, &[1, 2, 3, 4, 5, 6, 7, 8], &rows)?;
    if mirrors.requests > 0 { show_mirrors(run, mirrors) } else { Ok(()) }
}

/// What drills in shadow used: nobody's requests, and money all the same.
fn show_mirrors(run: &Run, mirrors: &Sum) -> Result<()> {
    let args = [
        ("requests", mirrors.requests.to_string()),
        ("tokens", mirrors.tokens_in.saturating_add(mirrors.tokens_out).to_string()),
        ("cost", mirrors.cost_nano.to_string()),
    ];
    output::text(&format!("{}\n", say(run.lang, "usage-mirrors", &args)))
}
