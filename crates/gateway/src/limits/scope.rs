//! One scope's counters.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use realm::{Nano, UnixMs};

use super::share::{Shares, Used};
use super::window::Window;
use super::{Allowed, Leasing};
use crate::code::Code;

/// A calendar month: years times twelve plus months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Month(pub i32);

/// What a request asks to set aside.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// When.
    pub at: UnixMs,
    /// The month of that moment in the realm's time zone.
    pub month: Month,
    /// Prompt and answer at most.
    pub tokens: u64,
    /// Their cost at most.
    pub cost: Nano,
    /// One; none where a request that runs already asks for more.
    pub requests: u64,
}

/// A limit that a request would pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    /// `rate_limited` or `budget_exceeded`.
    pub code: Code,
    /// Which limit.
    pub limit: &'static str,
    /// Seconds after which it may pass; none for a budget, which ends with its month.
    pub retry_after_s: Option<u64>,
    /// It is this gateway's share that is used up, not the limit: another share may come.
    pub leased: bool,
    /// The limit was used up by all gateways together when this one last heard of it.
    pub exhausted: bool,
}

/// The counters of one organisation, app or route.
#[derive(Debug, Default)]
pub struct Scope(Mutex<State>);

#[derive(Debug, Default)]
pub(super) struct State {
    requests: Window,
    tokens: Window,
    concurrent: u64,
    month: Month,
    spent: Nano,
    /// Wider than money: what was added is taken away again exactly, whatever was asked for.
    reserved: i128,
    /// Where the limits are shared with other gateways.
    shares: Option<Box<Shares>>,
}

// === impl Month ===

impl Month {
    /// The month of a date.
    pub fn of(date: Date) -> Self {
        Self(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }
}

// === impl Scope ===

impl Scope {
    /// Counters whose limits are shared, or this gateway's alone.
    pub(super) fn new(leasing: Option<&Leasing>) -> Self {
        let shares = leasing.map(|leasing| Box::new(Shares::new(leasing.clone())));
        Self(Mutex::new(State { shares, ..State::default() }))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // Counters are plain numbers: a panic elsewhere leaves nothing half done in them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl State ===

impl State {
    pub(super) fn check(&mut self, allowed: &Allowed, asked: &Asked) -> Result<(), Short> {
        self.advance(asked.at, asked.month);
        let rate = |limit, retry_after_s| Short {
            code: Code::RateLimited,
            limit,
            retry_after_s: Some(retry_after_s),
            leased: false,
            exhausted: false,
        };
        let limits = allowed.limits;
        if limits.concurrent.is_some_and(|most| asked.requests > 0 && self.concurrent >= most) {
            return Err(rate("concurrent", 1));
        }
        if let Some(most) = limits.requests_per_min
            && asked.requests > 0
            && self.requests.sum() >= u128::from(most)
        {
            return Err(rate("requests_per_min", self.requests.wait_for(most.saturating_sub(1)).max(1)));
        }
        if let Some(most) = limits.tokens_per_min
            && self.tokens.sum() + u128::from(asked.tokens) > u128::from(most)
        {
            let wait = self.tokens.wait_for(most.saturating_sub(asked.tokens));
            return Err(rate("tokens_per_min", wait.max(1)));
        }
        if let Some(most) = allowed.budget.per_month
            && i128::from(self.spent.0) + self.reserved + i128::from(asked.cost.0) > i128::from(most.0)
        {
            let (code, limit) = (Code::BudgetExceeded, "per_month");
            return Err(Short { code, limit, retry_after_s: None, leased: false, exhausted: false });
        }
        match &self.shares {
            None => Ok(()),
            Some(_) => self.check_shares(allowed, asked),
        }
    }

    fn check_shares(&self, allowed: &Allowed, asked: &Asked) -> Result<(), Short> {
        let used = self.used();
        self.shares.as_ref().map_or(Ok(()), |shares| shares.check(allowed, &used, asked))
    }

    /// Notes that a request waits for a share.
    pub(super) fn need(&mut self, allowed: &Allowed, asked: &Asked) {
        if let Some(shares) = &mut self.shares {
            shares.need(allowed, asked);
        }
    }

    /// What is used of each kind, with what is under way.
    pub(super) fn used(&self) -> Used {
        let whole = |count: u128| i64::try_from(count).unwrap_or(i64::MAX);
        let money = i64::try_from(i128::from(self.spent.0) + self.reserved).unwrap_or(i64::MAX);
        let concurrent = i64::try_from(self.concurrent).unwrap_or(i64::MAX);
        [whole(self.requests.sum()), whole(self.tokens.sum()), concurrent, money.max(0)]
    }

    pub(super) fn shares(&mut self) -> Option<&mut Shares> {
        self.shares.as_deref_mut()
    }

    pub(super) fn take(&mut self, asked: &Asked) {
        self.requests.add(second(asked.at), asked.requests);
        self.tokens.add(second(asked.at), asked.tokens);
        self.concurrent += asked.requests;
        self.reserved += i128::from(asked.cost.0);
        if self.shares.is_some() {
            let used = self.used();
            if let Some(shares) = &mut self.shares {
                shares.took(&used, asked);
            }
        }
    }

    pub(super) fn settle(&mut self, asked: &Asked, now: UnixMs, month: Month, tokens: u64, cost: Nano) {
        self.advance(now, month);
        self.tokens.remove(second(asked.at), asked.tokens);
        self.tokens.add(second(asked.at), tokens);
        self.concurrent = self.concurrent.saturating_sub(1);
        self.reserved -= i128::from(asked.cost.0);
        // A request that ended in an earlier month, seen late, is not this month's.
        if month >= self.month {
            self.spent = self.spent + cost;
        }
    }

    /// The request never was: nothing was sent for it.
    pub(super) fn give_back(&mut self, asked: &Asked) {
        self.requests.remove(second(asked.at), 1);
        self.tokens.remove(second(asked.at), asked.tokens);
        self.concurrent = self.concurrent.saturating_sub(1);
        self.reserved -= i128::from(asked.cost.0);
    }

    pub(super) fn restore(&mut self, month: Month, spent: Nano, recent: impl IntoIterator<Item = (UnixMs, u64)>) {
        self.advance(UnixMs(0), month);
        self.spent = self.spent + spent;
        for (at, tokens) in recent {
            self.requests.advance(second(at));
            self.tokens.advance(second(at));
            self.requests.add(second(at), 1);
            self.tokens.add(second(at), tokens);
        }
    }

    /// A new month spends anew; what is reserved will be charged to it and stays.
    pub(super) fn advance(&mut self, now: UnixMs, month: Month) {
        self.requests.advance(second(now));
        self.tokens.advance(second(now));
        if month > self.month {
            self.month = month;
            self.spent = Nano::ZERO;
        }
    }

    #[cfg(test)]
    pub(super) fn figures(&self) -> (u128, u128, u64, Nano, i128) {
        (self.requests.sum(), self.tokens.sum(), self.concurrent, self.spent, self.reserved)
    }
}

fn second(at: UnixMs) -> u64 {
    at.0 / 1000
}
