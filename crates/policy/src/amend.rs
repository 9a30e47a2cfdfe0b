use jiff::civil::Date;
use realm::RuleId;

use crate::rule::{Rule, Status};

/// A rule as it would be if its legislator had decided otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    /// Which rule.
    pub rule: RuleId,
    /// What changes.
    pub to: Amended,
}

/// What changes in a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amended {
    /// It binds on every day.
    On,
    /// It binds on none.
    Off,
    /// It binds from this day on, if its status lets it.
    From(Date),
    /// This day is its last.
    Until(Date),
    /// Its status is another one.
    Status(Status),
}

impl Amendment {
    /// Changes the rule. One that is switched off goes on in shadow, where it decides nothing.
    pub(crate) fn change(&self, rule: &mut Rule) {
        match self.to {
            Amended::On => (rule.status, rule.from, rule.until) = (Status::InForce, None, None),
            Amended::Off => rule.status = Status::Draft,
            Amended::From(date) => rule.from = Some(date),
            Amended::Until(date) => rule.until = Some(date),
            Amended::Status(status) => rule.status = status,
        }
    }
}
