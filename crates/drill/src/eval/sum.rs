//! From answers to a result.

use std::collections::BTreeMap;

use realm::Nano;
use realm::record::{EnergyFigure, Outcome};
use serde::{Deserialize, Serialize};

use super::grade::Miss;
use super::interval::Interval;

/// One answer, graded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Of which question.
    pub item: String,
    /// What sort of question it is.
    pub kind: String,
    /// What it fails by; none where it is right.
    pub miss: Option<Miss>,
    /// Whether a judge said so.
    pub judged: bool,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// So many right of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Part {
    /// Questions.
    pub n: u64,
    /// Right answers.
    pub passed: u64,
}

/// What the ledger says that requests used; nothing of it is reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Used {
    /// Requests whose record was found.
    pub requests: u64,
    /// Requests of which these logs hold no record: they are in none of the sums.
    pub without_record: u64,
    /// Tokens of prompts.
    pub tokens_in: u64,
    /// Tokens of answers.
    pub tokens_out: u64,
    /// Requests whose tokens or cost are estimated.
    pub estimated: u64,
    /// What they cost, in billionths of the realm's currency.
    pub cost_nano: Nano,
    /// Joules that a meter read.
    pub measured_j: f64,
    /// Joules that deployments declare for so many tokens.
    pub declared_j: f64,
    /// Requests whose energy nobody knows.
    pub energy_unknown: u64,
}

impl Used {
    /// Adds what a record says.
    pub fn add(&mut self, outcome: &Outcome) {
        self.requests += 1;
        self.tokens_in = self.tokens_in.saturating_add(outcome.tokens.input);
        self.tokens_out = self.tokens_out.saturating_add(outcome.tokens.output);
        self.estimated += u64::from(outcome.tokens.estimated || outcome.cost_estimated);
        self.cost_nano = self.cost_nano + outcome.cost_nano;
        match outcome.energy {
            EnergyFigure::Measured { j } => self.measured_j += j,
            EnergyFigure::Declared { j } => self.declared_j += j,
            EnergyFigure::Unknown => self.energy_unknown += 1,
        }
    }

    /// All joules; none where those of some request are not known.
    pub fn joules(&self) -> Option<f64> {
        let is_known = self.requests > 0 && self.energy_unknown == 0 && self.without_record == 0;
        is_known.then_some(self.measured_j + self.declared_j)
    }
}

/// What is kept of a result beside its counts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Details {
    /// By sort of question.
    pub kinds: BTreeMap<String, Part>,
    /// Answers that a judge ruled on.
    pub judged: u64,
    /// What answering used.
    pub used: Used,
    /// What the judge used, where there was one.
    pub judge_used: Option<Used>,
    /// The currency of costs.
    pub currency: String,
    /// The median time of an answer.
    pub median_ms: u64,
    /// The time within which nineteen of twenty came.
    pub p95_ms: u64,
}

/// A result.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// All questions.
    pub all: Part,
    /// Their interval.
    pub interval: Interval,
    /// By sort of question.
    pub kinds: BTreeMap<String, Part>,
    /// Right or not, by question.
    pub answers: BTreeMap<String, bool>,
    /// Answers that a judge ruled on.
    pub judged: u64,
    /// The median time of an answer, in milliseconds.
    pub median_ms: u64,
    /// The time within which nineteen of twenty came.
    pub p95_ms: u64,
}

impl Summary {
    /// Counts replies.
    pub fn of(replies: &[Reply]) -> Self {
        let (mut all, mut kinds) = (Part::default(), BTreeMap::<String, Part>::new());
        for reply in replies {
            for part in [&mut all, kinds.entry(reply.kind.clone()).or_default()] {
                part.n += 1;
                part.passed += u64::from(reply.miss.is_none());
            }
        }
        let mut took_ms: Vec<u64> = replies.iter().map(|reply| reply.took_ms).collect();
        took_ms.sort_unstable();
        Self {
            all,
            interval: Interval::wilson(all.passed, all.n),
            kinds,
            answers: replies.iter().map(|reply| (reply.item.clone(), reply.miss.is_none())).collect(),
            judged: replies.iter().filter(|reply| reply.judged).count() as u64,
            median_ms: rank(&took_ms, 50),
            p95_ms: rank(&took_ms, 95),
        }
    }
}

/// The value that so many in a hundred do not pass: the nearest rank. Nothing has none, and is zero.
fn rank(sorted: &[u64], percent: usize) -> u64 {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Miss, Part, Reply, Summary, rank};

    #[test]
    fn a_result_is_counted_by_kind() {
        let reply = |item: &str, kind: &str, miss, took_ms| Reply {
            item: item.to_owned(),
            kind: kind.to_owned(),
            miss,
            judged: kind == "facts",
            took_ms,
        };
        let replies =
            [reply("a", "facts", None, 30), reply("b", "facts", Some(Miss::Exact), 10), reply("c", "sums", None, 20)];
        let found = Summary::of(&replies);
        assert_eq!(found.all, Part { n: 3, passed: 2 });
        assert_eq!(found.kinds["facts"], Part { n: 2, passed: 1 });
        assert_eq!((found.judged, found.median_ms, found.p95_ms), (2, 20, 30));
        assert!(!found.answers["b"]);
        assert!(found.interval.low < 2.0 / 3.0 && found.interval.high > 2.0 / 3.0);
    }

    #[test]
    fn ranks_are_values_that_were_seen() {
        let hundred: Vec<u64> = (1..=100).collect();
        assert_eq!((rank(&hundred, 50), rank(&hundred, 95), rank(&[], 50), rank(&[7], 95)), (50, 95, 0, 7));
    }
}
