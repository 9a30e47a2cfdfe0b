//! What a drill in shadow may spend: granted in slices by whoever counts for all servers, spent here.

use std::sync::{Mutex, MutexGuard, PoisonError};

use realm::Nano;
use realm::record::Estimate;

/// Tokens and money of one server. Both bounds hold: nothing is sent that could pass either.
#[derive(Debug, Default)]
pub struct Budget(Mutex<Purse>);

#[derive(Debug, Default)]
struct Purse {
    granted: Estimate,
    /// Spent, and set aside for mirrors that run.
    used: Estimate,
    /// Something was refused for want of it since the last grant.
    wanting: bool,
}

impl Budget {
    /// Adds to what may be spent.
    pub fn grant(&self, more: Estimate) {
        let mut purse = self.purse();
        purse.granted = sum(purse.granted, more);
        purse.wanting = false;
    }

    /// Whether a slice more is needed: something was refused, or less than half a slice is left.
    pub fn wants(&self, slice: Estimate) -> bool {
        let purse = self.purse();
        let tokens = purse.granted.tokens.saturating_sub(purse.used.tokens) < slice.tokens.div_ceil(2);
        let left = purse.granted.cost_nano.0.saturating_sub(purse.used.cost_nano.0);
        let cost = left.saturating_mul(2) < slice.cost_nano.0;
        purse.wanting || tokens || cost
    }

    /// Sets aside what a mirror may use; false where there is not enough.
    pub(crate) fn take(&self, wanted: Estimate) -> bool {
        let mut purse = self.purse();
        let used = sum(purse.used, wanted);
        let fits = used.tokens <= purse.granted.tokens && used.cost_nano <= purse.granted.cost_nano;
        purse.wanting |= !fits;
        if fits {
            purse.used = used;
        }
        fits
    }

    /// A mirror for which so much was set aside used so much.
    pub(crate) fn settle(&self, wanted: Estimate, used: Estimate) {
        let mut purse = self.purse();
        let tokens = purse.used.tokens.saturating_sub(wanted.tokens).saturating_add(used.tokens);
        let cost = purse.used.cost_nano.0.saturating_sub(wanted.cost_nano.0).saturating_add(used.cost_nano.0);
        purse.used = Estimate { tokens, cost_nano: Nano(cost) };
    }

    fn purse(&self) -> MutexGuard<'_, Purse> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sum(one: Estimate, other: Estimate) -> Estimate {
    let cost = one.cost_nano.0.saturating_add(other.cost_nano.0);
    Estimate { tokens: one.tokens.saturating_add(other.tokens), cost_nano: Nano(cost) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tokens: u64, cost: i64) -> Estimate {
        Estimate { tokens, cost_nano: Nano(cost) }
    }

    #[test]
    fn nothing_is_spent_that_was_not_granted_and_what_was_not_used_comes_back() {
        let (budget, slice) = (Budget::default(), of(100, 1_000));
        assert!(budget.wants(slice) && !budget.take(of(1, 0)));
        budget.grant(slice);
        assert!(!budget.wants(slice));
        assert!(budget.take(of(40, 600)));
        assert!(!budget.take(of(40, 600)), "the money is short");
        assert!(budget.wants(slice), "it was asked for and not there");
        budget.settle(of(40, 600), of(10, 100));
        assert!(budget.take(of(40, 600)));
        assert!(!budget.take(of(51, 0)), "the tokens are");
        budget.grant(slice);
        assert!(budget.take(of(51, 0)) && !budget.wants(slice));
    }

    #[test]
    fn a_large_grant_is_no_overflow() {
        let budget = Budget::default();
        budget.grant(of(0, i64::MAX - 1));
        assert!(budget.wants(of(100, i64::MAX)), "the tokens are short");
        assert!(!budget.take(of(1, 1)));
    }

    #[test]
    fn a_mirror_that_used_more_than_was_set_aside_is_charged_all_of_it() {
        let budget = Budget::default();
        budget.grant(of(100, 100));
        assert!(budget.take(of(10, 10)));
        budget.settle(of(10, 10), of(95, 95));
        assert!(!budget.take(of(6, 0)) && budget.take(of(5, 5)));
    }
}
