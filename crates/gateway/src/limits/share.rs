//! One gateway's share of a scope's limits: the ceilings that it was granted, and until when.

use std::sync::Arc;

use realm::UnixMs;
use tokio::sync::Notify;

use super::Allowed;
use super::lease::{self, Ask, Grant};
use super::scope::{Asked, Month, Short};
use crate::code::Code;

/// Which limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Requests in any minute.
    Requests,
    /// Tokens in any minute.
    Tokens,
    /// Requests at the same time.
    Concurrent,
    /// Money in a month, in billionths.
    Money,
}

/// The shares of one scope.
#[derive(Debug)]
pub(super) struct Shares {
    /// Nothing is granted from this moment on.
    until: UnixMs,
    lines: [Share; 4],
    /// Somebody was woken to renew, and has not.
    called: bool,
    wake: Arc<Notify>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Share {
    /// What may have been used in all.
    ceiling: i64,
    /// Of money: the month that the ceiling is for.
    period: i64,
    demand: i64,
    taken: i64,
    need: i64,
    /// Below this much of room, more is asked for before it is gone.
    low: i64,
    pressed: bool,
    fair: i64,
    exhausted: bool,
    /// A question whose answer never came: its offer stands.
    offered: bool,
}

/// What is used of each kind: with what is under way.
pub(super) type Used = [i64; 4];

impl Kind {
    /// Every kind, in the order of `Used`.
    pub const ALL: [Self; 4] = [Self::Requests, Self::Tokens, Self::Concurrent, Self::Money];

    /// The word in the database and in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Tokens => "tokens",
            Self::Concurrent => "concurrent",
            Self::Money => "money",
        }
    }

    /// How long a share counts after its lease has ended, in milliseconds: a rate until its minute is over; money until
    /// its holder says what it used.
    pub fn counts_ms(self) -> Option<u64> {
        const WINDOW_MS: u64 = 61_000;
        (self != Self::Money).then_some(WINDOW_MS)
    }

    /// The limit as the realm writes it.
    fn field(self) -> &'static str {
        match self {
            Self::Requests => "requests_per_min",
            Self::Tokens => "tokens_per_min",
            Self::Concurrent => "concurrent",
            Self::Money => "per_month",
        }
    }

    fn code(self) -> Code {
        if self == Self::Money { Code::BudgetExceeded } else { Code::RateLimited }
    }

    /// The limit of this kind, where there is one.
    pub(super) fn limit(self, allowed: &Allowed) -> Option<i64> {
        let rate = |most: Option<u64>| most.map(|most| i64::try_from(most).unwrap_or(i64::MAX));
        match self {
            Self::Requests => rate(allowed.limits.requests_per_min),
            Self::Tokens => rate(allowed.limits.tokens_per_min),
            Self::Concurrent => rate(allowed.limits.concurrent),
            Self::Money => allowed.budget.per_month.map(|most| most.0),
        }
    }

    fn of(self, asked: &Asked) -> i64 {
        match self {
            Self::Requests | Self::Concurrent => i64::try_from(asked.requests).unwrap_or(i64::MAX),
            Self::Tokens => i64::try_from(asked.tokens).unwrap_or(i64::MAX),
            Self::Money => asked.cost.0,
        }
    }

    fn period(self, month: Month) -> i64 {
        if self == Self::Money { i64::from(month.0) } else { 0 }
    }
}

impl Shares {
    pub(super) fn new(wake: Arc<Notify>) -> Self {
        Self { until: UnixMs(0), lines: [Share::default(); 4], called: false, wake }
    }

    /// Whether a request fits under the ceilings.
    pub(super) fn check(&self, allowed: &Allowed, used: &Used, asked: &Asked) -> Result<(), Short> {
        for (kind, used) in Kind::ALL.into_iter().zip(used) {
            if kind.limit(allowed).is_none() {
                continue;
            }
            let share = &self.lines[kind as usize];
            let amount = kind.of(asked);
            let ceiling = if share.period == kind.period(asked.month) { share.ceiling } else { 0 };
            let lapsed = asked.at >= self.until;
            if !lapsed && used.saturating_add(amount) <= ceiling {
                continue;
            }
            let known = share.exhausted && !lapsed && share.period == kind.period(asked.month);
            let retry_after_s = (kind != Kind::Money || !known).then_some(1);
            return Err(Short {
                code: kind.code(),
                limit: kind.field(),
                retry_after_s,
                leased: true,
                exhausted: known,
            });
        }
        Ok(())
    }

    /// Notes what a request waits for, whole: what fits already must not go back before the rest has come.
    pub(super) fn need(&mut self, allowed: &Allowed, asked: &Asked) {
        for kind in Kind::ALL.into_iter().filter(|kind| kind.limit(allowed).is_some()) {
            let share = &mut self.lines[kind as usize];
            share.need = share.need.max(kind.of(asked));
            self.called = true;
        }
        self.wake.notify_one();
    }

    /// Counts what was taken; calls for more before the share is gone.
    pub(super) fn took(&mut self, used: &Used, asked: &Asked) {
        for (kind, used) in Kind::ALL.into_iter().zip(used) {
            let share = &mut self.lines[kind as usize];
            share.taken = match kind {
                // Of places the most that were taken at once, not how often.
                Kind::Concurrent => share.taken.max(*used),
                _ => share.taken.saturating_add(kind.of(asked)),
            };
            if !self.called && share.ceiling > 0 && share.ceiling.saturating_sub(*used) < share.low {
                self.called = true;
                self.wake.notify_one();
            }
        }
    }

    /// What is said of one kind: lowers the ceiling to what is offered. The period goes with it.
    pub(super) fn ask(
        &mut self,
        kind: Kind,
        (limit, used): (i64, i64),
        (now, month): (UnixMs, Month),
        (passed_ms, lease_ms): (u64, u64),
    ) -> (i64, Ask) {
        self.called = false;
        let lapsed = now >= self.until;
        let share = &mut self.lines[kind as usize];
        let period = kind.period(month);
        if share.period != period {
            *share = Share { period, demand: share.demand, taken: share.taken, need: share.need, ..Share::default() };
        }
        let taken = std::mem::take(&mut share.taken);
        share.demand = match kind {
            Kind::Concurrent => lease::fade(share.demand, 0, passed_ms, lease_ms).max(taken),
            _ => lease::fade(share.demand, taken, passed_ms, lease_ms),
        };
        if lapsed && kind != Kind::Money {
            // What a lease held that has ended may be others' by now. Money waits for its holder.
            (share.ceiling, share.offered) = (used, false);
        }
        if !share.offered {
            share.ceiling = lease::offer(share.ceiling, used, share.demand, (share.pressed, share.fair));
        }
        share.offered = true;
        let floor = share.ceiling.max(used);
        let need = std::mem::take(&mut share.need);
        (period, Ask { limit, used, floor, demand: share.demand, need })
    }

    /// Takes over what was granted.
    pub(super) fn take_over(&mut self, kind: Kind, period: i64, used: i64, grant: &Grant, until: UnixMs) {
        self.until = self.until.max(until);
        let share = &mut self.lines[kind as usize];
        if share.period != period {
            return;
        }
        (share.ceiling, share.fair) = (grant.granted, grant.fair);
        (share.pressed, share.exhausted) = (grant.pressed, grant.exhausted);
        share.low = if grant.unmet > 0 { 0 } else { grant.granted.saturating_sub(used) / 2 };
        share.offered = false;
    }

    /// Nothing may be used any more.
    pub(super) fn lapse(&mut self) {
        self.until = UnixMs(0);
    }

    /// The ceiling of a kind at a moment.
    pub(super) fn ceiling(&self, kind: Kind, now: UnixMs) -> i64 {
        if now < self.until { self.lines[kind as usize].ceiling } else { 0 }
    }
}
