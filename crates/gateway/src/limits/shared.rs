//! What a scope says of its shares, and what it takes over.

use std::sync::Arc;

use realm::UnixMs;

use super::Limited;
use super::lease::{Ask, Grant};
use super::scope::{Month, Scope};
use super::share::Kind;

/// What is asked for one limit of one scope.
#[derive(Debug, Clone)]
pub struct LeaseAsk {
    /// `app:…`, `organisation:…`, `route:…`.
    pub scope: String,
    /// Which limit.
    pub kind: Kind,
    /// The month of money, 0 for rates.
    pub period: i64,
    /// What is said.
    pub ask: Ask,
    counters: Arc<Scope>,
}

/// What is held of one limit of one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// `app:…`, `organisation:…`, `route:…`.
    pub scope: String,
    /// Which limit.
    pub kind: Kind,
    /// What may have been used in all.
    pub granted: i64,
    /// What of it is left.
    pub remaining: i64,
}

impl Limited {
    /// Asks for every limit that the scope has, and lowers the ceilings to what is offered.
    pub(crate) fn ask(&self, name: &str, (now, month): (UnixMs, Month), times: (u64, u64), into: &mut Vec<LeaseAsk>) {
        let limits = Kind::ALL.map(|kind| (kind, kind.limit(&self.allowed)));
        if limits.iter().all(|(_, limit)| limit.is_none()) {
            return;
        }
        let mut state = self.scope.lock();
        state.advance(now, month);
        let used = state.used();
        let Some(shares) = state.shares() else { return };
        for (kind, limit) in limits {
            let Some(limit) = limit else { continue };
            let (period, ask) = shares.ask(kind, (limit, used[kind as usize]), (now, month), times);
            let (scope, counters) = (name.to_owned(), self.scope.clone());
            into.push(LeaseAsk { scope, kind, period, ask, counters });
        }
    }

    /// What is held at a moment, by kind.
    pub(crate) fn held(&self, name: &str, now: UnixMs, into: &mut Vec<Held>) {
        let mut state = self.scope.lock();
        let used = state.used();
        let Some(shares) = state.shares() else { return };
        for kind in Kind::ALL.into_iter().filter(|kind| kind.limit(&self.allowed).is_some()) {
            let granted = shares.ceiling(kind, now);
            let remaining = granted.saturating_sub(used[kind as usize]).max(0);
            into.push(Held { scope: name.to_owned(), kind, granted, remaining });
        }
    }

    /// Ends every lease at once.
    pub(crate) fn lapse(&self) {
        if let Some(shares) = self.scope.lock().shares() {
            shares.lapse();
        }
    }
}

impl LeaseAsk {
    /// Takes over what was granted; it may be spent until a moment that was fixed before the question.
    pub(crate) fn take_over(&self, grant: &Grant, until: UnixMs) {
        let mut state = self.counters.lock();
        let used = state.used();
        if let Some(shares) = state.shares() {
            shares.take_over(self.kind, self.period, used[self.kind as usize], grant, until);
        }
    }
}
