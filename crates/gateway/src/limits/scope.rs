//! One scope's counters.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use realm::{Nano, UnixMs};

use super::Allowed;
use super::window::Window;
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
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // Counters are plain numbers: a panic elsewhere leaves nothing half done in them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl State ===

impl State {
    pub(super) fn check(&mut self, allowed: &Allowed, asked: &Asked) -> Result<(), Short> {
        self.advance(asked.at, asked.month);
        let rate = |limit, retry_after_s| Short { code: Code::RateLimited, limit, retry_after_s: Some(retry_after_s) };
        let limits = allowed.limits;
        if limits.concurrent.is_some_and(|most| self.concurrent >= most) {
            return Err(rate("concurrent", 1));
        }
        if let Some(most) = limits.requests_per_min
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
            return Err(Short { code: Code::BudgetExceeded, limit: "per_month", retry_after_s: None });
        }
        Ok(())
    }

    pub(super) fn take(&mut self, asked: &Asked) {
        self.requests.add(second(asked.at), 1);
        self.tokens.add(second(asked.at), asked.tokens);
        self.concurrent += 1;
        self.reserved += i128::from(asked.cost.0);
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
    fn advance(&mut self, now: UnixMs, month: Month) {
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
