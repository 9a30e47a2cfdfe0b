//! Saying how a request ended, durably, before its last byte returns (G2); and refusals likewise.

use std::sync::Arc;
use std::time::Duration;

use realm::record::{End, Mac, Outcome, Record, Refusal, Timings};
use realm::{ClassSet, Jurisdiction, ModelId};

use crate::code::Code;
use crate::error::Refused;
use crate::gateway::Shared;
use crate::journal::JournalError;
use crate::open;
use crate::pipeline::accept::Asked;
use crate::pipeline::classify::Facts;
use crate::pipeline::intent::append;
use crate::pipeline::settle::Charge;
use crate::pipeline::{Life, Trail};

/// How long a record that the ledger refused waits before it is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// How a request ended.
pub(crate) struct Ending {
    pub(crate) end: End,
    pub(crate) code: Option<Code>,
    pub(crate) charge: Charge,
    pub(crate) model: Option<String>,
    pub(crate) mac: Option<Mac>,
    /// When the first byte of the answer left, after the request was accepted.
    pub(crate) first: Option<Duration>,
}

/// What else was decided by, of a request that no deployment of its route may or can answer.
pub(crate) struct Unplaced {
    located: ClassSet,
    user_in: Option<Jurisdiction>,
    only: Option<ModelId>,
    needs: Vec<String>,
}

impl Unplaced {
    pub(crate) fn of(facts: &Facts<'_>, asked: &Asked<'_>) -> Self {
        let (user_in, needs) = (facts.user_jurisdiction.clone(), facts.needs.clone());
        Self { located: facts.redactable(), user_in, only: asked.model.cloned(), needs }
    }
}

/// Appends the outcome of a request that has intents, and comes back when it is durable.
///
/// # Errors
/// If the ledger cannot write: then the answer must not go out. The outcome is tried again until it is written.
pub(crate) async fn outcome(life: &mut Life<'_>, trail: &mut Trail, ending: Ending) -> Result<u64, JournalError> {
    let shared = life.shared;
    let (attempts, place) = (std::mem::take(&mut trail.attempts), trail.open.take());
    let millis = |took: Duration| u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let outcome = Outcome {
        at: shared.now(),
        req: life.accepted.id.clone(),
        app: life.caller.app.id.clone(),
        route: trail.route.clone(),
        end: ending.end,
        code: ending.code.map(|code| code.as_str().to_owned()),
        attempts,
        tokens: ending.charge.tokens,
        cost_nano: ending.charge.cost,
        cost_estimated: ending.charge.estimated,
        energy: ending.charge.energy,
        ms: Timings { first_ms: ending.first.map(millis), total_ms: millis(life.accepted.started.elapsed()) },
        rules: trail.passed.rules.iter().map(|rule| rule.rule_ref.clone()).collect(),
        model: ending.model,
        mac: ending.mac,
        oldest_open: place.map_or(0, |place| shared.open.oldest_but(place)),
        simulated: shared.is_simulated(),
        mirrors: life.mirrors.as_deref().cloned(),
    };
    life.note_attempts(&outcome);
    let record = Record::Outcome(outcome);
    life.closed = true;
    match append(shared, &record).await {
        Ok(index) => {
            if let Some(place) = place {
                shared.open.leave(place);
            }
            Ok(index)
        }
        Err(error) => {
            try_again(shared, record, place);
            Err(error)
        }
    }
}

/// The client hears of an error instead, and so does the record.
fn try_again(shared: &Arc<Shared>, record: Record, place: Option<open::Place>) {
    if let Record::Outcome(outcome) = record {
        let code = Some(Code::LedgerUnavailable.as_str().to_owned());
        shared.tasks.spawn(again(shared.clone(), Outcome { end: End::Error, code, ..outcome }, place));
    }
}

/// Writes an outcome as soon as the ledger can. If the process ends before, recovery closes the request.
async fn again(shared: Arc<Shared>, mut outcome: Outcome, place: Option<open::Place>) {
    while !shared.draining() {
        tokio::time::sleep(AGAIN).await;
        if let Some(place) = place {
            outcome.oldest_open = shared.open.oldest_but(place);
        }
        if append(&shared, &Record::Outcome(outcome.clone())).await.is_ok() {
            if let Some(place) = place {
                shared.open.leave(place);
            }
            return;
        }
    }
}

/// Appends a refusal, and comes back when it is durable.
///
/// # Errors
/// If the ledger cannot write: the client is then told so instead.
pub(crate) async fn refusal(life: &Life<'_>, refused: &Refused) -> Result<u64, JournalError> {
    let shared = life.shared;
    let refs = |rules: &[Arc<policy::Rule>]| rules.iter().map(|rule| rule.rule_ref.clone()).collect();
    let unplaced = life.unplaced.as_deref();
    let record = Refusal {
        at: shared.now(),
        req: life.accepted.id.clone(),
        app: life.caller.app.id.clone(),
        route: life.route.clone(),
        purpose: life.purpose.to_owned(),
        code: refused.code.as_str().to_owned(),
        classes: life.classes,
        located: unplaced.map(|it| it.located).unwrap_or_default(),
        user_in: unplaced.and_then(|it| it.user_in.clone()),
        only: unplaced.and_then(|it| it.only.clone()),
        needs: unplaced.map(|it| it.needs.clone()).unwrap_or_default(),
        rules: refs(&refused.rules),
        unknown: refused.unknown.iter().map(|(rule, _)| rule.rule_ref.clone()).collect(),
        snap: life.epoch.snapshot.id,
        ticket: refused.ticket.as_ref().map(|ticket| ticket.id.clone()),
        mac: life.received.as_ref().map(|body| life.salts.body(0, body)),
        simulated: shared.is_simulated(),
    };
    append(shared, &Record::Refusal(record)).await
}
