//! What ends a live drill before its time, written down before it begins.

use std::collections::BTreeSet;

use realm::AppId;
use rust_decimal::Decimal;

use super::table::Table;

/// Seconds that are looked at, where the scenario does not say.
const WINDOW_S: u64 = 30;
/// The longest window: a gateway remembers no more.
const WINDOW_S_MAX: u64 = 600;
/// With fewer requests in the window nothing is concluded: one failure of two is no burn.
const REQUESTS_MIN: u64 = 10;

/// What ends a live drill before its time, and whom it leaves alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guardrails {
    /// The largest share of failed requests; without it errors end nothing.
    pub error_share_max: Option<Decimal>,
    /// The longest median of an answer, in milliseconds; without it slowness ends nothing.
    pub latency_median_ms_max: Option<u64>,
    /// How many seconds both are taken over, 1 to 600.
    pub window_s: u64,
    /// Apps whose requests go on as if nothing were cut off.
    pub exclude_apps: BTreeSet<AppId>,
}

/// What a window of live traffic was like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// Requests that ended in it.
    pub requests: u64,
    /// Those of them whose client was told of a failure of ours or of a provider: status 500 and above.
    pub failed: u64,
    /// The median of those that were answered, in milliseconds.
    pub median_ms: Option<u64>,
}

/// A guardrail that was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// Too many failed.
    Errors {
        /// How many.
        failed: u64,
        /// Of how many.
        requests: u64,
    },
    /// Answers took too long.
    Latency {
        /// Their median.
        median_ms: u64,
    },
}

impl Default for Guardrails {
    fn default() -> Self {
        Self { error_share_max: None, latency_median_ms_max: None, window_s: WINDOW_S, exclude_apps: BTreeSet::new() }
    }
}

impl Guardrails {
    pub(super) fn read(table: &Table<'_>) -> Self {
        let share = |share: &super::Placed<Decimal>| share.value <= Decimal::ONE;
        let error_share_max = table.decimal("error_share_max");
        if let Some(wrong) = error_share_max.as_ref().filter(|it| !share(it)) {
            table.wrong("error_share_max", "share", wrong.span.clone());
        }
        let window_s = table.whole("window_s");
        if let Some(wrong) = window_s.as_ref().filter(|it| !(1..=WINDOW_S_MAX).contains(&it.value)) {
            table.wrong("window_s", "window", wrong.span.clone());
        }
        Self {
            error_share_max: error_share_max.map(|it| it.value),
            latency_median_ms_max: table.whole("latency_median_ms_max").map(|it| it.value),
            window_s: window_s.map_or(WINDOW_S, |it| it.value),
            exclude_apps: table.ids("exclude_apps").map(|it| it.value.into_iter().collect()).unwrap_or_default(),
        }
    }

    /// Whether what was seen ends the drill, and why.
    pub fn breach(&self, seen: &Seen) -> Option<Breach> {
        if seen.requests < REQUESTS_MIN {
            return None;
        }
        let too_many = |max: Decimal| Decimal::from(seen.failed) > max * Decimal::from(seen.requests);
        if self.error_share_max.is_some_and(too_many) {
            return Some(Breach::Errors { failed: seen.failed, requests: seen.requests });
        }
        let too_slow = |median_ms: &u64| self.latency_median_ms_max.is_some_and(|max| *median_ms > max);
        seen.median_ms.filter(too_slow).map(|median_ms| Breach::Latency { median_ms })
    }
}

/// For records, which are in English.
impl std::fmt::Display for Breach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Errors { failed, requests } => write!(f, "guardrail: {failed} of {requests} requests failed"),
            Self::Latency { median_ms } => write!(f, "guardrail: answers took {median_ms} ms in the middle"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(requests: u64, failed: u64, median_ms: u64) -> Seen {
        Seen { requests, failed, median_ms: Some(median_ms) }
    }

    #[test]
    fn a_share_is_broken_only_past_it_and_never_by_a_handful() {
        let rails = Guardrails { error_share_max: Some(Decimal::new(10, 2)), ..Guardrails::default() };
        assert_eq!(rails.breach(&seen(100, 10, 9_000)), None);
        assert_eq!(rails.breach(&seen(100, 11, 0)), Some(Breach::Errors { failed: 11, requests: 100 }));
        assert_eq!(rails.breach(&seen(9, 9, 0)), None);
    }

    #[test]
    fn slowness_counts_too() {
        let rails = Guardrails { latency_median_ms_max: Some(500), ..Guardrails::default() };
        assert_eq!(rails.breach(&seen(10, 10, 500)), None);
        assert_eq!(rails.breach(&seen(10, 0, 501)), Some(Breach::Latency { median_ms: 501 }));
        assert_eq!(rails.breach(&Seen { requests: 10, ..Seen::default() }), None, "nothing was answered");
        assert_eq!(Guardrails::default().breach(&seen(1_000, 1_000, 90_000)), None);
    }
}
