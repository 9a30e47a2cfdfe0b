//! Adoption so far, counted in the ledger: which apps of each sector were answered, and how many tokens they took.

use std::collections::{BTreeMap, BTreeSet};

use ::forecast::usage::{SectorUsage, Usage};
use anyhow::Result;
use jiff::civil::Date;
use jiff::{Span, tz::TimeZone};
use realm::World;
use realm::record::{End, Record};

use crate::command::Run;
use crate::command::ledger::each_record;
use crate::realms;

/// Days that are looked back.
const DAYS: i64 = 90;

/// Counts the last days of the ledger of the data directory, by the sectors of the realm.
pub(super) fn counted(run: &Run) -> Result<Usage> {
    let data = run.existing_data()?;
    let checked = realms::open(&run.realm)?;
    let until = realms::today();
    let since = until.checked_sub(Span::new().days(DAYS))?;
    let mut seen = BTreeMap::<String, u64>::new();
    each_record(&data, |_, _, record| {
        let Record::Outcome(it) = &record else { return Ok(()) };
        let is_answered = it.mirrors.is_none() && !matches!(it.end, End::Error | End::Unknown);
        if is_answered && it.at.date_in(&TimeZone::UTC) >= since && it.tokens.believable() {
            let tokens = seen.entry(it.app.to_string()).or_default();
            *tokens = tokens.saturating_add(it.tokens.input).saturating_add(it.tokens.output);
        }
        Ok(())
    })?;
    Ok(by_sector(&checked.snapshot.world, &seen, (since, until)))
}

/// Every app that the realm declares, by the sector of its organisation; an app that it does not declare is in none.
fn by_sector(world: &World, seen: &BTreeMap<String, u64>, (since, until): (Date, Date)) -> Usage {
    let mut sectors = BTreeMap::<String, SectorUsage>::new();
    let apps: BTreeSet<_> = world.apps.values().map(|app| (app.id.to_string(), &app.organisation)).collect();
    for (app, organisation) in apps {
        let Some(organisation) = world.organisations.get(organisation) else { continue };
        let sum = sectors.entry(organisation.sector.to_string()).or_default();
        sum.apps += 1;
        if let Some(tokens) = seen.get(&app) {
            sum.active += 1;
            sum.tokens = sum.tokens.saturating_add(*tokens);
        }
    }
    Usage { since, until, sectors }
}
