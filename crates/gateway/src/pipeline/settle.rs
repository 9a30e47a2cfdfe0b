//! What a request used, what it cost, what it took; and giving back what was set aside beyond that.

use realm::record::{EnergyFigure, Tokens};
use realm::world::Protocol;
use realm::{Nano, UnixMs};
use serde::Deserialize;
use wire::openai::Usage;

use crate::epoch::Place;
use crate::limits::{Month, Reservation};
use crate::metrics::Metrics;
use crate::pipeline::admit::{Size, tokens_of};

/// What a request is charged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Charge {
    pub(crate) tokens: Tokens,
    pub(crate) cost: Nano,
    pub(crate) estimated: bool,
    pub(crate) energy: EnergyFigure,
}

impl Charge {
    /// Nothing was used.
    pub(crate) const NOTHING: Self = Self {
        tokens: Tokens { input: 0, output: 0, estimated: false },
        cost: Nano::ZERO,
        estimated: false,
        energy: EnergyFigure::Unknown,
    };

    /// Adds what earlier attempts may have cost.
    pub(crate) fn with_earlier(mut self, earlier: Nano) -> Self {
        self.cost = self.cost + earlier;
        self.estimated |= earlier != Nano::ZERO;
        self
    }
}

/// What an answer is charged: by the provider's own count, else by an estimate that says so.
pub(crate) fn charge(place: &Place, usage: Option<Usage>, size: Size, said_bytes: u64, joules: Option<f64>) -> Charge {
    let counted = usage.and_then(|usage| {
        let input = usage.prompt_tokens?;
        let output = usage.completion_tokens.or_else(|| usage.total_tokens?.checked_sub(input)).unwrap_or(0);
        // No answer has a trillion tokens: whoever says so is not believed, and sums cannot overflow.
        Some(Tokens { input, output, estimated: false }).filter(Tokens::believable)
    });
    let guessed = Tokens { input: size.input, output: tokens_of(said_bytes), estimated: true };
    let tokens = counted.unwrap_or(guessed);
    let cost = place.cost(tokens.input, tokens.output);
    Charge { tokens, cost, estimated: tokens.estimated, energy: energy(place, &tokens, joules) }
}

fn energy(place: &Place, tokens: &Tokens, joules: Option<f64>) -> EnergyFigure {
    if let Some(j) = joules {
        return EnergyFigure::Measured { j };
    }
    match place.energy {
        // Token counts are far below 2^53.
        Some(energy) => EnergyFigure::Declared { j: energy.j_per_token * tokens.total() as f64 },
        None => EnergyFigure::Unknown,
    }
}

/// What the embedded engine measured, where an answer or the last piece of a stream says so.
pub(crate) fn joules_in(place: &Place, text: &[u8]) -> Option<f64> {
    #[derive(Deserialize)]
    struct Answer {
        freehold: Option<Figures>,
    }
    #[derive(Deserialize)]
    struct Figures {
        energy_j: Option<f64>,
    }
    // Only our own engine is believed to hold a meter.
    if place.protocol != Protocol::Embedded {
        return None;
    }
    let figures = serde_json::from_slice::<Answer>(text).ok()?.freehold?;
    figures.energy_j.filter(|j| j.is_finite() && *j >= 0.0)
}

/// Charges the request and gives the rest of its reservation back. `own` is the deployment's part of `all`.
pub(crate) fn settle(
    reservation: Reservation,
    metrics: &Metrics,
    place: &Place,
    (own, all): (&Charge, &Charge),
    (now, month): (UnixMs, Month),
) {
    reservation.settle(now, month, all.tokens.total(), all.cost);
    metrics.used(&place.id, own.tokens.input, own.tokens.output, own.cost);
    match own.energy {
        EnergyFigure::Measured { j } => metrics.energy(&place.id, "measured", j),
        EnergyFigure::Declared { j } => metrics.energy(&place.id, "declared", j),
        EnergyFigure::Unknown => {}
    }
}
