//! What a programme is steered by: each figure from where the realm says, or an honest "unknown".

use std::collections::BTreeSet;

use jiff::civil::Date;
use realm::World;
use realm::world::{Indicator, Query, Source};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use crate::index::{Index, Of, Seen, Use};

/// Days over which the ledger is counted, today among them.
pub const DAYS: i64 = 30;

/// What an indicator stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stands {
    /// Counted in the ledger from a day on.
    Counted {
        /// The value, in the indicator's unit.
        value: Decimal,
        /// The first day.
        from: Date,
        /// Requests that it is counted from.
        requests: u64,
    },
    /// Somebody says so.
    Said {
        /// The value.
        value: Decimal,
        /// Of which day.
        as_of: Date,
        /// Where it stands.
        cite: String,
    },
    /// Nothing that it is counted from has happened in these days.
    Nothing {
        /// The first day.
        from: Date,
    },
    /// It happened, and nobody knows how much it was.
    Unknown {
        /// The first day.
        from: Date,
        /// Requests of which it is not known.
        requests: u64,
    },
    /// The part of the platform that it comes from is still to be built.
    NotBuilt(&'static str),
}

impl Stands {
    /// The value, where there is one.
    pub fn value(&self) -> Option<Decimal> {
        match self {
            Self::Counted { value, .. } | Self::Said { value, .. } => Some(*value),
            Self::Nothing { .. } | Self::Unknown { .. } | Self::NotBuilt(_) => None,
        }
    }

    /// The part of the way to a target, in percent, where there is a value and the target is above nothing.
    pub fn percent_of(&self, target: Decimal) -> Option<Decimal> {
        let value = self.value().filter(|_| target > Decimal::ZERO)?;
        value.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(target).map(|percent| percent.round_dp(1))
    }
}

/// What is counted together.
#[derive(Debug, Default)]
struct Count<'w> {
    used: Use,
    apps: BTreeSet<&'w str>,
    organisations: BTreeSet<&'w str>,
    home: u64,
    home_models: u64,
}

/// Where an indicator stands on a day.
pub fn stands(indicator: &Indicator, index: &Index, world: &World, today: Date) -> Stands {
    let query = match &indicator.source {
        Source::NotBuilt(part) => return Stands::NotBuilt(part),
        Source::Manual(said) => {
            return Stands::Said { value: said.value, as_of: said.as_of, cite: said.cite.clone() };
        }
        Source::Usage(query) => *query,
    };
    let from = today.saturating_sub(jiff::Span::new().days(DAYS - 1));
    let mut count = Count::default();
    index.each_use((from, today), &Seen::All, |of, used| count.add(world, indicator, &of, used));
    match count.value(query) {
        Some(value) => Stands::Counted { value: value.normalize(), from, requests: count.requests(query) },
        None if count.used.sum.requests > 0 && query == Query::EnergyKwh => {
            Stands::Unknown { from, requests: count.used.sum.requests }
        }
        None => Stands::Nothing { from },
    }
}

/// Two decimals, or as many as show that it is not nothing.
fn exact(amount: Decimal) -> Decimal {
    let short = amount.round_dp(2);
    if short.is_zero() { amount.round_dp(6) } else { short }
}

impl<'w> Count<'w> {
    fn add(&mut self, world: &'w World, indicator: &Indicator, of: &Of<'_>, used: &Use) {
        let Some(app) = world.apps.get(of.app) else { return };
        let sector = world.organisations.get(&app.organisation).map(|it| &it.sector);
        if indicator.sector.as_ref().is_some_and(|wanted| Some(wanted) != sector) {
            return;
        }
        self.used.add(used);
        self.apps.insert(app.id.as_str());
        self.organisations.insert(app.organisation.as_str());
        let Some(supply) = of.deployment.and_then(|id| world.supply_of(id)) else { return };
        let requests = used.sum.requests;
        self.home += if world.is_at_home(supply.deployment, supply.provider) { requests } else { 0 };
        let made = world.expand(&supply.model.origin).contains(&world.head.home);
        self.home_models += if made { requests } else { 0 };
    }

    /// Requests that a query is counted from.
    fn requests(&self, query: Query) -> u64 {
        let sum = &self.used.sum;
        match query {
            Query::Apps | Query::Organisations | Query::RefusedShare => sum.requests + sum.refused,
            Query::EnergyKwh => sum.requests - sum.energy_unknown,
            _ => sum.requests,
        }
    }

    fn value(&self, query: Query) -> Option<Decimal> {
        let (sum, all) = (&self.used.sum, self.requests(query));
        let share = |part: u64| {
            let percent = Decimal::from(part) * Decimal::ONE_HUNDRED;
            (all > 0).then(|| (percent / Decimal::from(all)).round_dp(1))
        };
        match query {
            Query::Requests => Some(Decimal::from(all)),
            Query::RefusedShare => share(sum.refused),
            Query::Tokens => Some(Decimal::from(sum.tokens_in.saturating_add(sum.tokens_out))),
            Query::Cost => Some(exact(sum.cost.to_decimal())),
            Query::EnergyKwh => Decimal::from_f64(sum.energy_j / 3.6e6).filter(|_| all > 0).map(|kwh| kwh.round_dp(6)),
            Query::Apps => Some(Decimal::from(self.apps.len())),
            Query::Organisations => Some(Decimal::from(self.organisations.len())),
            Query::HomeShare => share(self.home),
            Query::HomeModelsShare => share(self.home_models),
        }
    }
}
