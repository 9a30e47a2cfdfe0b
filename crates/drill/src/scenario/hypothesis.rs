//! What is expected of a drill, with its margins, written before it runs.

use rust_decimal::Decimal;
use serde::Serialize;

use super::table::Table;

/// One margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) measure: Measure,
    pub(crate) expected: Expected,
}

/// What a margin is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Of answered use weighted by criticality, the share that is still answered.
    SurvivalShare,
    /// What a single further cut would leave, of the same, in the worst case.
    NMinusOneShare,
    /// Answered requests that would not be.
    StoppedRequests,
    /// Requests with protected classes that would leave home in clear and did not.
    LeavingRequests,
    /// By how much cost would rise, in percent of what it was.
    CostChangePercent,
    /// The probability that a request waits, where it is highest.
    WaitProbability,
    /// The slowest median of a deployment that requests move to, in milliseconds.
    LatencyMedianMs,
    /// By how much answers would be worse.
    QualityLossPercent,
    /// In shadow: of the answers that were compared, the share that agrees in everything but its words.
    AgreementShare,
    /// In shadow: of the requests that went to their fallback too, the share that it did not answer.
    FallbackErrorShare,
    /// In shadow: the mean of token F1.
    SimilarityMean,
    /// In shadow: by how many milliseconds the fallback was slower, in the mean.
    LatencyChangeMs,
}

impl Measure {
    /// Every measure with the name of its margin; whether the margin is a least or a most is in the name.
    const NAMES: [(Self, &'static str); 12] = [
        (Self::SurvivalShare, "survival_share_min"),
        (Self::NMinusOneShare, "n_minus_1_share_min"),
        (Self::StoppedRequests, "stopped_requests_max"),
        (Self::LeavingRequests, "leaving_requests_max"),
        (Self::CostChangePercent, "cost_change_max_percent"),
        (Self::WaitProbability, "wait_probability_max"),
        (Self::LatencyMedianMs, "latency_median_ms_max"),
        (Self::QualityLossPercent, "quality_loss_max_percent"),
        (Self::AgreementShare, "agreement_share_min"),
        (Self::FallbackErrorShare, "fallback_error_share_max"),
        (Self::SimilarityMean, "similarity_mean_min"),
        (Self::LatencyChangeMs, "latency_change_max_ms"),
    ];

    /// Every measure, in the order in which margins are told.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::NAMES.into_iter().map(|(measure, _)| measure)
    }

    /// The name of its margin in a file.
    pub fn margin(self) -> &'static str {
        Self::NAMES.into_iter().find(|(measure, _)| *measure == self).map_or("", |(_, name)| name)
    }
}

/// A margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    AtLeast(Decimal),
    AtMost(Decimal),
}

impl Expected {
    pub(crate) fn holds(self, measured: Decimal) -> bool {
        match self {
            Self::AtLeast(least) => measured >= least,
            Self::AtMost(most) => measured <= most,
        }
    }

    pub(crate) fn margin(self) -> Decimal {
        match self {
            Self::AtLeast(margin) | Self::AtMost(margin) => margin,
        }
    }
}

impl Line {
    /// Every margin of `[hypothesis]`, in the order of their measures.
    pub(super) fn all(table: &Table<'_>) -> Vec<Self> {
        let line = |(measure, name): (Measure, &'static str)| {
            let margin = table.decimal(name)?.value;
            let expected = if name.ends_with("_min") { Expected::AtLeast(margin) } else { Expected::AtMost(margin) };
            Some(Self { measure, expected })
        };
        Measure::NAMES.into_iter().filter_map(line).collect()
    }
}
