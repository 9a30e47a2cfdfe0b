//! Going on with a stream that was cut, at the next permitted deployment: what the client has is part of the question then,
//! and is looked through, decided on and redacted like the rest of it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use realm::record::{EnergyFigure, Mac};
use wire::openai::{Head, Request, continued};

use crate::epoch::Place;
use crate::pipeline::accept::Asked;
use crate::pipeline::admit::{self, Size};
use crate::pipeline::classify::{self, Facts};
use crate::pipeline::failure::Failure;
use crate::pipeline::finish::Answered;
use crate::pipeline::restore::Relayed;
use crate::pipeline::settle::Charge;
use crate::pipeline::{Life, Trail};

/// A cut answer, of which the client has a piece.
#[derive(Debug)]
pub(crate) struct Cut {
    /// The number of the attempt that was cut, from 1.
    pub(crate) attempt: u32,
    /// The answer so far, in the words that the client reads.
    pub(crate) said: String,
    pub(crate) head: Option<Head>,
    /// What it cost, all its attempts together.
    pub(crate) charge: Charge,
    /// When its first byte left, after the request was accepted.
    pub(crate) first: Duration,
    /// Of what the last attempt sent.
    pub(crate) mac: Option<Mac>,
}

impl Trail {
    /// Notes an attempt that was cut within its answer.
    pub(crate) fn cut(
        &mut self,
        answered: &Answered<'_>,
        place: &Arc<Place>,
        (failure, relayed): (Failure, Relayed),
        (own, first, mac): (Charge, Duration, Option<Mac>),
    ) {
        let attempt = self.next_attempt();
        self.attempts.push(answered.attempt(Some(200), Some(failure.code)));
        let charge = own.after(self.cut.as_deref());
        let tale = relayed.tale;
        self.cut = Some(Box::new(Cut { attempt, said: tale.said, head: tale.head, charge, first, mac }));
        self.failed = Some((failure, place.clone()));
    }
}

/// The question that asks for the rest, and what rules may ask about it. None where it cannot be asked.
pub(crate) async fn rest<'e>(
    life: &Life<'e>,
    asked: &Asked<'e>,
    facts: &Facts<'e>,
    (original, cut): (&Bytes, &Cut),
) -> Option<(Asked<'e>, Facts<'e>, Size)> {
    let body = continued(std::str::from_utf8(original).ok()?, &cut.said, cut.charge.tokens.output).ok()?;
    let request = Request::parse(asked.request.endpoint, Bytes::from(body)).ok()?;
    let asked = Asked { request, route: asked.route, route_use: asked.route_use, model: asked.model };
    let heard = classify::Heard::of(life.epoch, &asked).await.ok()?;
    let facts = classify::again((&life.shared.detectors, &heard), life.caller.app, &asked, facts);
    let size = admit::size(&asked, &life.shared.settings);
    Some((asked, facts, size))
}

impl Charge {
    /// Adds what the pieces before cost.
    pub(crate) fn after(self, cut: Option<&Cut>) -> Self {
        let Some(Cut { charge: before, .. }) = cut else { return self };
        let mut tokens = self.tokens;
        tokens.input = tokens.input.saturating_add(before.tokens.input);
        tokens.output = tokens.output.saturating_add(before.tokens.output);
        tokens.estimated |= before.tokens.estimated;
        Self {
            tokens,
            cost: self.cost + before.cost,
            estimated: self.estimated || before.estimated,
            energy: sum(before.energy, self.energy),
        }
    }
}

/// Joules of two pieces: as sure as the less sure of them.
fn sum(one: EnergyFigure, other: EnergyFigure) -> EnergyFigure {
    use EnergyFigure::{Declared, Measured, Unknown};
    match (one, other) {
        (Measured { j: a }, Measured { j: b }) => Measured { j: a + b },
        (Unknown, _) | (_, Unknown) => Unknown,
        (Measured { j: a } | Declared { j: a }, Measured { j: b } | Declared { j: b }) => Declared { j: a + b },
    }
}

#[cfg(test)]
mod tests {
    use realm::Nano;
    use realm::record::Tokens;

    use super::*;

    #[test]
    fn pieces_add_up_and_are_as_sure_as_the_least_sure() {
        let charge = |input, output, estimated, energy| {
            let tokens = Tokens { input, output, estimated };
            Charge { tokens, cost: Nano(5), estimated, energy }
        };
        let cut =
            |charge| Cut { attempt: 1, said: String::new(), head: None, charge, first: Duration::ZERO, mac: None };
        let measured = EnergyFigure::Measured { j: 2.0 };
        let declared = EnergyFigure::Declared { j: 1.0 };
        let before = cut(charge(10, 3, true, declared));
        let all = charge(14, 2, false, measured).after(Some(&before));
        assert_eq!(all.tokens, Tokens { input: 24, output: 5, estimated: true });
        assert_eq!((all.cost, all.estimated, all.energy), (Nano(10), true, EnergyFigure::Declared { j: 3.0 }));
        let unknown = cut(charge(1, 1, false, EnergyFigure::Unknown));
        assert_eq!(charge(1, 1, false, measured).after(Some(&unknown)).energy, EnergyFigure::Unknown);
        assert_eq!(charge(1, 1, false, measured).after(None), charge(1, 1, false, measured));
    }
}
