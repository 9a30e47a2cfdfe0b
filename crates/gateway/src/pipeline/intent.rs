//! Saying what is about to be done, durably, before it is done (G2).

use policy::Decision;
use realm::record::{Intent, Record, RuleHit, Shadow};
use tokio::time::Instant;

use crate::epoch::Place;
use crate::gateway::Shared;
use crate::journal::JournalError;
use crate::pipeline::accept::Asked;
use crate::pipeline::admit::Size;
use crate::pipeline::classify::Facts;
use crate::pipeline::lost::Begun;
use crate::pipeline::redact::Sendable;
use crate::pipeline::{Life, Trail};

/// Appends the intent of the next attempt, and comes back when it is durable.
///
/// # Errors
/// If the ledger cannot write: then nothing may leave.
pub(crate) async fn intent(
    life: &mut Life<'_>,
    asked: &Asked<'_>,
    facts: &Facts<'_>,
    decision: &Decision,
    sendable: &Sendable,
    place: &Place,
    (trail, size): (&mut Trail, Size),
) -> Result<u64, JournalError> {
    let shared = life.shared;
    let attempt = trail.next_attempt();
    let est = trail.estimate(size.at(place));
    let record = Intent {
        at: shared.now(),
        req: life.accepted.id.clone(),
        app: life.caller.app.id.clone(),
        n: attempt,
        dep: place.id.clone(),
        route: asked.route.id.clone(),
        purpose: facts.purpose.to_owned(),
        classes: facts.classes(),
        redacted: decision.redact,
        redacted_by: decision.to_redact().map(|rule| rule.rule_ref.clone()).collect(),
        undeclared: facts.undeclared,
        located: facts.redactable(),
        user_in: facts.user_jurisdiction.clone(),
        only: asked.model.cloned(),
        needs: facts.needs.clone(),
        unknown: decision.unknown.iter().map(|unknown| unknown.rule.rule_ref.clone()).collect(),
        oblige: decision.obligations.iter().map(|owed| owed.rule.rule_ref.clone()).collect(),
        exempt: decision.exempt.iter().map(|it| it.rule.rule_ref.clone()).collect(),
        shadow: decision.shadow.as_ref().map(|shadow| {
            let rules: Vec<RuleHit> = shadow.rules.iter().map(|rule| rule.rule_ref.clone()).collect();
            Shadow { deny: shadow.deny, rules }
        }),
        snap: life.epoch.snapshot.id,
        bytes: sendable.leaving().map(|part| part.len() as u64).sum(),
        mac: life.salts.bodies(attempt, sendable.leaving()),
        ticket: life.ticket_for(decision).map(str::to_owned),
        dropped: sendable.dropped.clone(),
        user: facts.user.clone(),
        est,
        simulated: shared.is_simulated(),
        mirrors: life.mirrors.as_deref().cloned(),
    };
    let open = *trail.open.get_or_insert_with(|| shared.open.enter());
    let appended = append(shared, &Record::Intent(record)).await;
    match &appended {
        Ok(index) => life.begun.push(Begun::new(*index, place, est, open)),
        // It may be durable nevertheless: recovery will look.
        Err(_) => shared.open.doubt(open),
    }
    for class in decision.redact.iter() {
        shared.metrics.redaction(class);
    }
    appended
}

/// Appends a record, measures it, and lets the set of open intents know how far the log has come.
pub(crate) async fn append(shared: &Shared, record: &Record) -> Result<u64, JournalError> {
    let started = Instant::now();
    let index = shared.journal.append(record.to_bytes()).await?;
    shared.metrics.ledger_commit.observe(started.elapsed());
    shared.open.saw(index);
    Ok(index)
}
