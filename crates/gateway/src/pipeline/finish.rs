//! The ends of a request, each in the one order that holds: restore, outcome (durable), settle, respond.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use policy::Decision;
use realm::Nano;
use realm::record::{Attempt, End};
use realm::world::RETRY_AFTER_MAX_S;
use tokio::time::Instant;

use crate::code::Code;
use crate::epoch::Place;
use crate::error::Refused;
use crate::gateway::Shared;
use crate::limits::Month;
use crate::metrics::Metrics;
use crate::pipeline::accept::Asked;
use crate::pipeline::admit::Size;
use crate::pipeline::client::Client;
use crate::pipeline::failure::Failure;
use crate::pipeline::opening::Open;
use crate::pipeline::outcome::{self, Ending};
use crate::pipeline::respond::{self, Told};
use crate::pipeline::resume::Cut;
use crate::pipeline::settle::{self, Charge, charge};
use crate::pipeline::tale::Tale;
use crate::pipeline::upstream::Whole;
use crate::pipeline::{Life, Step, Trail, restore};
use crate::redact::Table;
use crate::trace::finish_word;
use crate::upstream::Patience;

/// How long nothing is sent to an operator that refuses us by law. Law does not change within the hour.
const LAW_HOLDS: Duration = Duration::from_secs(3_600);

/// An attempt that got an answer, or not.
pub(crate) struct Answered<'a> {
    pub(crate) asked: &'a Asked<'a>,
    pub(crate) place: &'a Arc<Place>,
    pub(crate) size: Size,
    /// Its intent.
    pub(crate) intent: u64,
    pub(crate) sent: Instant,
    pub(crate) decision: &'a Decision,
    pub(crate) table: Arc<Table>,
    /// The attempt that it goes on with.
    pub(crate) resumed_from: Option<u32>,
    /// The provider's own name of the request.
    pub(crate) trace: Option<HeaderValue>,
}

/// A whole answer, or an error of the provider's that is the client's to read.
pub(crate) async fn whole(
    life: &mut Life<'_>,
    trail: &mut Trail,
    answered: Answered<'_>,
    whole: Whole,
    client: &mut Client,
) -> Result<(), Refused> {
    let (shared, place) = (life.shared, answered.place);
    let (first, took) = (life.accepted.started.elapsed(), answered.sent.elapsed());
    shared.metrics.first_byte(&place.id, took);
    let body = match restore::whole(&whole, answered.table.clone()) {
        Ok(body) => body,
        Err(failure) => {
            trail.failed(shared, &answered, failure.clone());
            return Box::pin(gave_up(life, trail, failure, place, client)).await;
        }
    };
    place.breaker.succeeded();
    let used = match whole.code {
        // An error is not charged.
        Some(_) => Charge::NOTHING,
        None => {
            let said = whole.response.said.iter().map(|said| said.literal.inner().len() as u64).sum();
            charge(place, whole.response.usage, answered.size, said, settle::joules_in(place, &whole.body))
        }
    };
    let attempt = trail.next_attempt();
    trail.attempts.push(answered.attempt(Some(whole.status.as_u16()), whole.code));
    let (end, mac) = match whole.code {
        Some(_) => (End::Error, None),
        None => (End::Ok, {
            let mut mac = life.salts.answer(attempt);
            whole.raw.iter().for_each(|part| mac.update(part));
            Some(mac.finish())
        }),
    };
    let model = std::str::from_utf8(&whole.body).ok().and_then(|text| {
        let named = whole.response.model?;
        (!named.is(text, &place.upstream_model)).then(|| named.decode(text).into_owned())
    });
    if let Some(telling) = &mut life.telling {
        let said = std::str::from_utf8(&whole.body).unwrap_or_default();
        telling.finish = whole.response.finish_reason.and_then(|word| finish_word(word.raw(said)));
    }
    if whole.code.is_none() {
        shared.metrics.answered(&place.id, answered.sent.elapsed(), None, used.tokens.output);
    }
    life.heard_whole(place, &body, (whole.code.is_none(), took, used.tokens.output));
    let used = used.with_earlier(trail.earlier_cost);
    let attempts = trail.attempts.len();
    let ending = Ending { end, code: whole.code, charge: used, model, mac, first: Some(first) };
    let written = outcome::outcome(life, trail, ending).await;
    life.settle(place, &used, None);
    let told = answered.told(life, attempts);
    match written {
        Ok(index) => {
            let told = Told { receipt: Some((shared.journal.log_id(), index)), ..told };
            client.answer(respond::whole(whole.status, whole.content_type, body, &told));
            life.count(Some(place), whole.code);
        }
        Err(_) => {
            client.answer(respond::refusal(&Refused::ledger(), &told));
            life.count(Some(place), Some(Code::LedgerUnavailable));
        }
    }
    Ok(())
}

/// A stream whose first content is here: from now on another deployment can take over only where the route lets it go on.
pub(crate) async fn stream(
    life: &mut Life<'_>,
    trail: &mut Trail,
    answered: Answered<'_>,
    mut open: Open,
    client: &mut Client,
) -> Result<Step, Refused> {
    let (shared, place) = (life.shared, answered.place);
    let _open_stream = shared.metrics.raise(|m: &Metrics| &m.open_streams);
    let (began, first) = (answered.sent.elapsed(), begin(life, trail, &answered, client));
    let kept = (answered.table.clone(), answered.tale(trail.cut.as_deref_mut()));
    let mut relayed = restore::stream(life, answered.asked, place, &mut open, kept, client).await;
    relayed.failure.iter().for_each(|failure| broke(shared, place, failure));
    let own = charge(place, relayed.usage, answered.size, relayed.said_bytes, relayed.joules);
    if relayed.goes_on()
        && let Some(failure) = relayed.failure.take()
    {
        shared.metrics.used(&place.id, own.tokens.input, own.tokens.output, own.cost);
        trail.cut(&answered, place, (failure, relayed), (own, first, open.finish_mac()));
        return Ok(Step::GoOn);
    }
    life.finished(&answered, began, &relayed, own.tokens.output);
    let cut = trail.cut.take();
    let own = own.with_earlier(trail.earlier_cost);
    let (end, code) = restore::end_of(&relayed);
    life.heard_stream(relayed.listening.take(), (end, cut.is_none()), (began, own.tokens.output));
    trail.attempts.push(answered.attempt(Some(200), code));
    let model = relayed.model.filter(|model| *model != place.upstream_model);
    let (charge, mac, first) = (own.after(cut.as_deref()), open.finish_mac(), Some(first));
    let written = outcome::outcome(life, trail, Ending { end, code, charge, model, mac, first }).await;
    life.settle(place, &own, cut.as_deref());
    let last = last_words(life, relayed.failure.as_ref(), written.ok());
    client.send(last, shared.settings.client_idle).await;
    client.close();
    life.count(Some(place), code);
    if relayed.failure.is_none() {
        restore::drain(&mut open).await;
    }
    Ok(Step::Ended)
}

/// The head of a stream, for a client that has none yet; and when its first byte left.
fn begin(life: &Life<'_>, trail: &Trail, answered: &Answered<'_>, client: &mut Client) -> Duration {
    let (shared, place) = (life.shared, answered.place);
    shared.metrics.first_byte(&place.id, answered.sent.elapsed());
    // It answers: what becomes of the stream is another matter.
    place.breaker.succeeded();
    if let Some(cut) = &trail.cut {
        shared.metrics.resumed(&place.id);
        return cut.first;
    }
    let first = life.accepted.started.elapsed();
    let (log, attempts) = (shared.journal.log_id(), trail.attempts.len() + 1);
    client.stream(&Told { receipt: Some((log, answered.intent)), ..answered.told(life, attempts) });
    first
}

/// The last words of a stream: its terminator, or an error; without a record, the ledger's.
fn last_words(life: &Life<'_>, failure: Option<&Failure>, index: Option<u64>) -> Bytes {
    let (log, id) = (life.shared.journal.log_id(), &life.accepted.id);
    match (index, failure) {
        (None, _) => restore::cut(&Refused::ledger(), id, None),
        (Some(index), None) => restore::terminator(log, index),
        (Some(index), Some(failure)) => restore::cut(&failure.refusal(), id, Some((log, index))),
    }
}

/// Every attempt failed: the client gets the last one's error.
pub(crate) async fn gave_up(
    life: &mut Life<'_>,
    trail: &mut Trail,
    failure: Failure,
    place: &Arc<Place>,
    client: &mut Client,
) -> Result<(), Refused> {
    let attempts = trail.attempts.len();
    let own = Charge::NOTHING.with_earlier(trail.earlier_cost);
    let (code, cut) = (Some(failure.code), trail.cut.take());
    life.heard_nothing(place, cut.is_some() || code == Some(Code::ClientClosed));
    let charge = match &cut {
        // Who went on used nothing: the pieces before are the answer.
        Some(cut) => Charge { energy: cut.charge.energy, ..own.after(Some(cut)) },
        None => own,
    };
    let (mac, first) = cut.as_ref().map_or((None, None), |cut| (cut.mac.clone(), Some(cut.first)));
    let ending = Ending { end: failure.end(), code, charge, model: None, mac, first };
    let written = outcome::outcome(life, trail, ending).await;
    life.settle(place, &own, cut.as_deref());
    if client.is_streaming() {
        let last = last_words(life, Some(&failure), written.ok());
        client.send(last, life.shared.settings.client_idle).await;
        client.close();
        life.count(Some(place), code);
        return Ok(());
    }
    let told = Told {
        ids: life.accepted.ids(),
        decision: Some("permit"),
        deployment: Some(place.id.as_str()),
        attempts,
        receipt: written.as_ref().ok().map(|index| (life.shared.journal.log_id(), *index)),
        ..Told::default()
    };
    let refused = if written.is_ok() { failure.refusal() } else { Refused::ledger() };
    client.answer(respond::refusal(&refused, &told));
    life.count(Some(place), Some(refused.code));
    Ok(())
}

/// An attempt cannot even begin, nor could any other: the first one is refused, a later one ends the request.
pub(crate) async fn cannot(
    life: &mut Life<'_>,
    trail: &mut Trail,
    refused: Refused,
    client: &mut Client,
) -> Result<Step, Refused> {
    match trail.failed.take() {
        None => Err(refused),
        Some((_, place)) => {
            gave_up(life, trail, Failure::interrupted(refused, true), &place, client).await?;
            Ok(Step::Ended)
        }
    }
}

/// A refusal before any byte left: recorded, unless it is one of those that are only counted.
pub(crate) async fn refused(mut life: Life<'_>, mut refused: Refused, client: &mut Client) {
    let mut receipt = None;
    if !refused.code.is_counted_only() {
        match outcome::refusal(&life, &refused).await {
            Ok(index) => receipt = Some(index),
            Err(_) => refused = Refused::ledger(),
        }
    }
    if receipt.is_none() {
        client.keep_nothing();
    }
    let waits = refused.code == Code::ApprovalPending;
    for rule in refused.rules.iter().filter(|_| !waits) {
        life.shared.metrics.denial(&rule.rule_ref);
    }
    // It counts as a request of its minute, and used nothing.
    life.charge(0, Nano::ZERO);
    let denied = matches!(refused.code, Code::PolicyDenied | Code::NoPermit);
    let told = Told {
        ids: life.accepted.ids(),
        decision: if waits { Some("wait") } else { denied.then_some("deny") },
        ticket: refused.ticket.as_ref().filter(|_| waits).map(|ticket| ticket.id.as_str()),
        receipt: receipt.map(|index| (life.shared.journal.log_id(), index)),
        ..Told::default()
    };
    client.answer(respond::refusal(&refused, &told));
    life.count(None, Some(refused.code));
}

impl Answered<'_> {
    fn tale(&self, cut: Option<&mut Cut>) -> Tale {
        Tale::begin(&self.asked.request, self.asked.route, &self.table, cut)
    }

    pub(crate) fn attempt(&self, status: Option<u16>, error: Option<Code>) -> Attempt {
        Attempt {
            intent: self.intent,
            deployment: self.place.id.clone(),
            status,
            error: error.map(|code| code.as_str().to_owned()),
            took_ms: u64::try_from(self.sent.elapsed().as_millis()).unwrap_or(u64::MAX),
            resumed_from: self.resumed_from,
            feigned: false,
        }
    }

    fn told<'t>(&'t self, life: &'t Life<'_>, attempts: usize) -> Told<'t> {
        let redacted = !self.decision.redact.is_empty();
        Told {
            ids: life.accepted.ids(),
            decision: Some(if redacted { "redact" } else { "permit" }),
            deployment: Some(self.place.id.as_str()),
            attempts,
            receipt: None,
            owed: &self.decision.obligations,
            trace: self.trace.as_ref(),
            ticket: None,
        }
    }
}

impl Trail {
    /// Notes an attempt that failed.
    pub(crate) fn failed(&mut self, shared: &Arc<Shared>, answered: &Answered<'_>, failure: Failure) {
        let place = answered.place;
        let attempt = answered.attempt(failure.status, Some(failure.code));
        self.attempts.push(Attempt { feigned: failure.feigned.is_some(), ..attempt });
        if failure.may_have_cost {
            self.earlier_cost = self.earlier_cost + place.cost(answered.size.input, 0);
        }
        broke(shared, place, &failure);
        self.failed = Some((failure, place.clone()));
    }
}

impl Life<'_> {
    /// What metrics and traces want to know of a stream that is over; its first content came after `began`.
    fn finished(&mut self, answered: &Answered<'_>, began: Duration, relayed: &restore::Relayed, tokens: u64) {
        if relayed.failure.is_none() {
            self.shared.metrics.answered(&answered.place.id, answered.sent.elapsed(), Some(began), tokens);
        }
        if let Some(telling) = &mut self.telling {
            telling.finish = relayed.finish;
        }
    }

    fn moment(&self) -> (realm::UnixMs, Month) {
        let now = self.shared.now();
        (now, Month::of(now.date_in(&self.epoch.world().head.timezone)))
    }

    /// Settles what no deployment is known for.
    pub(crate) fn charge(&mut self, tokens: u64, cost: Nano) {
        let (now, month) = self.moment();
        if let Some(reservation) = self.reservation.take() {
            reservation.settle(now, month, tokens, cost);
        }
    }

    /// `own`: of the last attempt; what the pieces before it used was counted when they were cut.
    fn settle(&mut self, place: &Place, own: &Charge, cut: Option<&Cut>) {
        let moment = self.moment();
        if let Some(reservation) = self.reservation.take() {
            settle::settle(reservation, &self.shared.metrics, place, (own, &own.after(cut)), moment);
        }
    }

    pub(crate) fn count(&mut self, place: Option<&Arc<Place>>, code: Option<Code>) {
        let metrics = &self.shared.metrics;
        let deployment = place.map(|place| &place.id);
        metrics.request(self.route.as_ref(), deployment, code.map_or("ok", Code::as_str));
        if let (Some(place), None) = (place, code) {
            metrics.attempt(&place.id, "ok");
        }
        if let Some(route) = &self.route {
            metrics.duration(route, self.accepted.started.elapsed());
        }
        self.fared(code);
        self.tell(code);
    }
}

/// Counts an attempt that failed, and what it says of its deployment.
fn broke(shared: &Arc<Shared>, place: &Place, failure: &Failure) {
    shared.metrics.attempt(&place.id, failure.code.as_str());
    blame(shared, place, failure);
}

fn blame(shared: &Arc<Shared>, place: &Place, failure: &Failure) {
    if !failure.blame {
        return;
    }
    let (now, settings) = (shared.now(), &shared.settings);
    let breaker = failure.feigned.as_ref().unwrap_or(&place.breaker);
    match (failure.code, failure.retry_after_s) {
        (Code::UpstreamLegalRefusal, _) => {
            tracing::warn!(provider = %place.provider_id, operator = %place.operator, "a provider refuses by law");
            place.law.leave_alone(now, LAW_HOLDS);
        }
        // The provider said when; what it may ask of us is bounded.
        (Code::RateLimited, Some(seconds)) => {
            breaker.leave_alone(now, Duration::from_secs(seconds.min(RETRY_AFTER_MAX_S)));
        }
        _ => {
            let patience = Patience { failures: settings.breaker_failures, cool_down: settings.cool_down };
            breaker.failed(now, patience);
        }
    }
}
