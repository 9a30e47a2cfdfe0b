//! Going on with a stream that was cut, at the next permitted deployment: what the client has is part of the question then,
//! and is looked through, decided on and redacted like the rest of it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use realm::record::{EnergyFigure, Estimate, Mac};
use wire::openai::{Head, Request, continued};

use crate::code::Code;
use crate::detect::{Detectors, Known, Scan, Span, Told};
use crate::epoch::Place;
use crate::pipeline::accept::Asked;
use crate::pipeline::admit::{self, Size};
use crate::pipeline::classify::{self, Facts};
use crate::pipeline::failure::Failure;
use crate::pipeline::finish::Answered;
use crate::pipeline::restore::Relayed;
use crate::pipeline::settle::Charge;
use crate::pipeline::upstream::Tried;
use crate::pipeline::{Life, Trail};

/// A cut answer, of which the client has a piece.
#[derive(Debug)]
pub(crate) struct Cut {
    /// The number of the attempt that was cut, from 1.
    pub(crate) attempt: u32,
    /// The answer so far, in the words that the client reads.
    pub(crate) said: String,
    /// What stands in it in place of tokens.
    pub(crate) values: Vec<Span>,
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
        let values = tale.values().unwrap_or_default();
        self.cut = Some(Box::new(Cut { attempt, values, said: tale.said, head: tale.head, charge, first, mac }));
        self.failed = Some((failure, place.clone()));
    }

    /// What a request is charged if its end is never known: what an attempt may use, and the pieces before it did.
    pub(crate) fn estimate(&self, attempt: Estimate) -> Estimate {
        let Some(cut) = &self.cut else { return attempt };
        Estimate {
            tokens: attempt.tokens.saturating_add(cut.charge.tokens.total()),
            cost_nano: attempt.cost_nano + cut.charge.cost,
        }
    }
}

/// The question that asks for the rest, and what rules may ask about it, with what it may use set aside. None where it
/// cannot be asked: why not is noted, where it is not the cut itself.
pub(crate) async fn rest<'e>(
    life: &mut Life<'e>,
    asked: &Asked<'e>,
    facts: &Facts<'e>,
    trail: &mut Trail,
) -> Option<(Asked<'e>, Facts<'e>, Size)> {
    let cut = trail.cut.as_deref()?;
    let body = continued(std::str::from_utf8(&trail.body).ok()?, &cut.said, cut.charge.tokens.output).ok()?;
    let request = Request::parse(asked.request.endpoint, Bytes::from(body)).ok()?;
    let asked = Asked { request, route: asked.route, route_use: asked.route_use, model: asked.model };
    let heard = classify::Heard::of(life.epoch, &asked).await.ok()?;
    let detectors = with_what_is_known(&life.shared.detectors, &facts.scan, cut);
    let facts = classify::again((&detectors, &heard), life.caller.app, &asked, facts);
    let size = admit::size(&asked, &life.shared.settings);
    let used = (cut.charge.tokens.total(), cut.charge.cost + trail.earlier_cost);
    let (shared, app) = (life.shared, life.app_use().ok()?);
    let held = life.reservation.as_mut()?;
    if let Err(refused) = admit::more(shared, &asked, app, (size, facts.date), used, held).await {
        let failure = Failure { may_have_cost: false, ..Failure::interrupted(refused, true) };
        trail.failed = trail.failed.take().map(|(_, place)| (failure, place));
        return None;
    }
    Some((asked, facts, size))
}

/// Every value found before counts as found in what goes on, and so does what the client read in place of a token.
fn with_what_is_known(detectors: &Detectors, before: &Scan, cut: &Cut) -> Detectors {
    let mut told = Told::default();
    told.add(cut.said.clone(), cut.values.iter().cloned());
    let known = Known::of(before.values()).in_unfinished(&cut.said);
    detectors.clone().with(Arc::new(told)).with(Arc::new(known))
}

/// An attempt to go on: what its provider refuses by an answer of its own is no answer to the client, who has half of one.
pub(crate) fn unanswered(tried: Tried, cut: Option<&Cut>) -> Tried {
    match (tried, cut) {
        (Tried::Whole(whole), Some(_)) => {
            let status = whole.status.as_u16();
            let words = format!("the provider that was to go on with the answer says no, with status {status}");
            let failure = Failure::of_deployment(whole.code.unwrap_or(Code::UpstreamInvalid), words);
            Tried::Failed(Failure { status: Some(status), blame: false, ..failure })
        }
        (tried, _) => tried,
    }
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
        let cut = |charge| Cut {
            attempt: 1,
            said: String::new(),
            values: Vec::new(),
            head: None,
            charge,
            first: Duration::ZERO,
            mac: None,
        };
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
