//! A request that goes to its fallback too, for a drill in shadow: after its client has been answered, through every guard
//! of an ordinary request, and with no way back to the client.
//!
//! The mirror is a request of its own in the ledger, which names the one that it repeats. It takes nothing from anybody: no
//! limit of the app, no place that another request wants, no say in the health of a deployment.

mod fallback;
mod limit;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use realm::mirrored::Fate;
use realm::record::{Attempt, End, Estimate, Mac, Mirrors, Tokens};
use tokio::time::Instant;

use crate::code::Code;
use crate::epoch::Place;
use crate::error::Refused;
use crate::pipeline::accept::{Accepted, Asked};
use crate::pipeline::admit::{self, Size};
use crate::pipeline::classify::{self, Facts};
use crate::pipeline::client::Client;
use crate::pipeline::failure::Failure;
use crate::pipeline::interruption::Subject;
use crate::pipeline::leash::Leash;
use crate::pipeline::opening::Open;
use crate::pipeline::outcome::{self, Ending};
use crate::pipeline::redact::{AnswerLimit, Sendable};
use crate::pipeline::settle::{self, Charge, charge};
use crate::pipeline::tale::Tale;
use crate::pipeline::upstream::{self, Tried, Whole};
use crate::pipeline::{Life, Trail, intent, keep, lost, redact, restore};
use crate::shadow::compare::{Form, Side, compare, given_up};
use crate::shadow::heard::Heard;
use crate::shadow::{Shadow, Slot};
use crate::upstream::Provider;
use fallback::{Fallback, fallback};

/// What is held of a request that a drill in shadow looks at, from its answer on.
pub(crate) struct Listening {
    /// Why it is not mirrored, where that is known.
    fate: Option<Fate>,
    side: Side,
    _slot: Option<Slot>,
}

/// A mirror that can be sent.
struct Ready<'t> {
    twin: Life<'t>,
    sendable: Sendable,
    size: Size,
    limit: Option<AnswerLimit>,
}

/// How a mirror ended.
struct Ended {
    side: Side,
    end: End,
    status: Option<u16>,
    code: Option<Code>,
    charge: Charge,
    model: Option<String>,
    mac: Option<Mac>,
    /// It says nothing of the fallback: it was we who named the limit as it does not.
    misnamed: bool,
}

impl Life<'_> {
    /// A deployment answers: from here on the answer is held, where it is to be compared.
    pub(crate) fn listen(&mut self, place: &Place) {
        let Some(shadow) = &self.shadow else { return };
        let subject = Subject::of(&self.caller, self.accepted, &self.user_in, self.epoch);
        let concerned = shadow.concerns(&place.id, subject.whose(), (self.epoch.world(), self.shared.now()));
        let heard = Heard::new(shadow.bounds.answer_bytes);
        let (fate, slot) = match concerned {
            Ok(slot) => (None, Some(slot)),
            Err(fate) => (Some(fate), None),
        };
        let side = Side { heard, ok: false, took: Duration::ZERO, tokens: 0 };
        self.listening = Some(Box::new(Listening { fate, side, _slot: slot }));
    }

    /// The whole answer, as its client reads it.
    pub(crate) fn heard_whole(&mut self, place: &Place, body: &Bytes, (ok, took, tokens): (bool, Duration, u64)) {
        self.listen(place);
        if let Some(listening) = self.listening.as_mut().filter(|it| it.fate.is_none()) {
            listening.side.heard.whole(body);
            (listening.side.ok, listening.side.took, listening.side.tokens) = (ok, took, tokens);
        }
    }

    /// A stream has ended that said something after `took`; `alone`: it is the whole answer.
    pub(crate) fn heard_stream(
        &mut self,
        listening: Option<Box<Listening>>,
        (end, alone): (End, bool),
        (took, tokens): (Duration, u64),
    ) {
        self.listening = listening;
        if let Some(listening) = self.listening.as_mut().filter(|it| it.fate.is_none()) {
            (listening.side.ok, listening.side.took, listening.side.tokens) = (end == End::Ok, took, tokens);
            if end == End::ClientClosed || !alone {
                listening.fate = Some(Fate::NoAnswer);
            }
        }
    }

    /// No deployment answers, of which this was the last; `lost`: nor is there anything to compare it with.
    pub(crate) fn heard_nothing(&mut self, place: &Place, lost: bool) {
        self.listen(place);
        if let Some(listening) = self.listening.as_mut().filter(|_| lost) {
            listening.fate.get_or_insert(Fate::NoAnswer);
        }
    }
}

impl Listening {
    /// The next event of a stream, as its client reads it.
    pub(crate) fn event(&mut self, data: &str) {
        if self.fate.is_none() {
            self.side.heard.event(data);
        }
    }
}

/// What a drill in shadow does with a request whose client has been answered: nothing that could become an error of it.
pub(super) async fn after(
    life: &mut Life<'_>,
    (asked, facts): (&Asked<'_>, &Facts<'_>),
    client: &mut Client,
) -> Result<(), Refused> {
    let (Some(shadow), Some(listening)) = (life.shadow.take(), life.listening.take()) else { return Ok(()) };
    // The request is over: nobody counts it as running, and what is kept of it waits for no mirror.
    drop(life.in_flight.take());
    keep(life.shared, client);
    // In a box: it is rare, and every request would hold its room.
    let mut mirrored = Box::pin(mirror(life, (asked, facts), &shadow, *listening));
    // Whatever happens to it is no affair of the client's.
    if lost::caught(mirrored.as_mut()).await.is_err() {
        tracing::error!(request = life.accepted.id, "the mirror of a request was lost");
    }
    Ok(())
}

async fn mirror(life: &Life<'_>, (asked, facts): (&Asked<'_>, &Facts<'_>), shadow: &Shadow, listening: Listening) {
    let app = &life.caller.app.id;
    let count = |fate| shadow.run.count(app, fate);
    if let Some(fate) = listening.fate {
        return count(fate);
    }
    // The client's answer leaves first: what comes takes time of this thread.
    tokio::task::yield_now().await;
    // The drill may have ended while the answer was told; then nothing is sent for it, and nothing counted.
    let on = life.shared.live.load().shadow.as_ref().is_some_and(|it| Arc::ptr_eq(&it.run, &shadow.run));
    if !on || shadow.cut.until <= life.shared.now() {
        return;
    }
    let fallback = match fallback(life, asked, facts, shadow) {
        Ok(fallback) => fallback,
        Err(fate) => return count(fate),
    };
    let Some(_running) = shadow.mirror() else { return count(Fate::Busy) };
    let accepted = Accepted { id: format!("mir-{:016x}", life.shared.draw()), named: None, ..*life.accepted };
    let accepted = Accepted { started: Instant::now(), ..accepted };
    let Some(ready) = ready(life, &accepted, (asked, facts), shadow, (&fallback, &listening)) else {
        return count(Fate::Unavailable);
    };
    let wanted = limit::at_most(asked, &ready.sendable, ready.size).at(&fallback.place);
    if !shadow.run.budget.take(wanted) {
        return count(Fate::Budget);
    }
    let used = go(ready, (asked, facts), shadow, (fallback, listening)).await;
    shadow.run.budget.settle(wanted, used);
}

/// A mirror with all that it takes to send it; none where it cannot be expressed.
fn ready<'t>(
    life: &'t Life<'_>,
    accepted: &'t Accepted,
    (asked, facts): (&Asked<'_>, &Facts<'_>),
    shadow: &Shadow,
    (fallback, listening): (&Fallback, &Listening),
) -> Option<Ready<'t>> {
    let size = admit::size(asked, &life.shared.settings);
    let limit = limit::of(life, (asked, size), (&fallback.place, listening.side.tokens), shadow);
    let to = (&*fallback.place, &*fallback.provider);
    let twin = twin(life, accepted, shadow, asked).ok()?;
    let sendable = redact::redact(&twin, asked, facts, fallback.decision.redact, to, limit).ok()?;
    Some(Ready { twin, sendable, size: limit::size(asked, size, limit), limit })
}

/// Sends a mirror, and counts what came of it; what it used.
async fn go(
    Ready { mut twin, sendable, size, limit }: Ready<'_>,
    (asked, facts): (&Asked<'_>, &Facts<'_>),
    shadow: &Shadow,
    (fallback, listening): (Fallback, Listening),
) -> Estimate {
    let (shared, app, place) = (twin.shared, &twin.caller.app.id, fallback.place.clone());
    let mut trail = Trail::new(asked.route.id.clone(), Bytes::new());
    let intent = intent::intent(&mut twin, asked, facts, &fallback.decision, &sendable, &place, (&mut trail, size));
    let Ok(intent) = intent.await else {
        shadow.run.count(app, Fate::Unavailable);
        return Estimate::default();
    };
    shadow.run.count(app, Fate::Mirrored);
    let mut client = Client::nobody(Leash::new(shared, shadow, fallback.guest));
    let (provider, since) = (&fallback.provider, Instant::now());
    let sent = Sent { asked, size, limit, place: &place, provider, sendable, intent, since };
    let told = lost::caught(pin!(sent.answered(&mut twin, shadow, &mut client))).await;
    let Ok(mut ended) = told else {
        // What recovery would charge.
        lost::lost(twin, &mut client).await;
        return size.at(&place);
    };
    if client.is_overdue() {
        // Nobody left: it was too slow.
        (ended.end, ended.code) = (End::Error, Some(Code::UpstreamTimeout));
    }
    sent.over(&mut twin, trail, shadow, (&listening.side, ended)).await
}

/// The life of the mirror: that of the request, under a name of its own and without anything that is charged.
fn twin<'t>(
    life: &'t Life<'_>,
    accepted: &'t Accepted,
    shadow: &Shadow,
    asked: &Asked<'_>,
) -> Result<Life<'t>, Refused> {
    let mut twin = Life::new(life.shared, life.epoch, accepted, life.caller)?;
    let mirrors = Mirrors { drill: shadow.cut.drill.to_string(), req: life.accepted.id.clone() };
    (twin.drill, twin.shadow, twin.mirrors) = (None, None, Some(Box::new(mirrors)));
    (twin.route, twin.purpose, twin.classes) = (Some(asked.route.id.clone()), life.purpose, life.classes);
    twin.user_in.clone_from(&life.user_in);
    Ok(twin)
}

/// A mirror whose intent is durable.
struct Sent<'a> {
    asked: &'a Asked<'a>,
    size: Size,
    /// What we limited it to.
    limit: Option<AnswerLimit>,
    place: &'a Arc<Place>,
    provider: &'a Arc<Provider>,
    sendable: Sendable,
    intent: u64,
    since: Instant,
}

impl Sent<'_> {
    /// Counts what came of it, and writes it down; what it used.
    async fn over(
        &self,
        twin: &mut Life<'_>,
        mut trail: Trail,
        shadow: &Shadow,
        (first, ended): (&Side, Ended),
    ) -> Estimate {
        let used = (ended.charge.tokens.total(), ended.charge.cost);
        let counted = match ended.end {
            End::ClientClosed => given_up(used),
            _ if ended.misnamed => {
                shadow.run.takes_newer(&self.place.id);
                given_up(used)
            }
            // Texts can be long: no other request waits for their comparison.
            _ => classify::aside(usize::MAX, || {
                let form = Form::of(self.asked.request.body()).limited(self.limit.is_some());
                compare(first, &ended.side, &form, used)
            }),
        };
        trail.attempts.push(self.attempt(&ended));
        let Ended { end, code, charge, model, mac, .. } = ended;
        // A ledger that cannot write is tried again, as for every request.
        let _ = outcome::outcome(twin, &mut trail, Ending { end, code, charge, model, mac, first: None }).await;
        shadow.run.compared(&twin.caller.app.id, &self.place.id, &counted);
        Estimate { tokens: used.0, cost_nano: used.1 }
    }

    /// Waits for the answer, and reads it to its end.
    async fn answered(&self, twin: &mut Life<'_>, shadow: &Shadow, client: &mut Client) -> Ended {
        let to = (self.place, self.provider);
        let tried = upstream::upstream(twin, self.asked, to, &self.sendable, (1, None), client).await;
        match tried {
            Tried::Whole(whole) => self.whole(twin, shadow, *whole),
            Tried::Stream(open) => self.stream(twin, shadow, (*open, client)).await,
            Tried::Failed(failure) => self.failed(&failure),
        }
    }

    fn whole(&self, twin: &Life<'_>, shadow: &Shadow, whole: Whole) -> Ended {
        let took = self.since.elapsed();
        let body = match restore::whole(&whole, self.sendable.table.clone()) {
            Ok(body) => body,
            Err(failure) => return self.failed(&failure),
        };
        let mut heard = Heard::new(shadow.bounds.answer_bytes);
        heard.whole(&body);
        let charge = match whole.code {
            // An error is not charged.
            Some(_) => Charge::NOTHING,
            None => {
                let said = whole.response.said.iter().map(|said| said.literal.inner().len() as u64).sum();
                charge(self.place, whole.response.usage, self.size, said, settle::joules_in(self.place, &whole.body))
            }
        };
        let mac = whole.code.is_none().then(|| {
            let mut mac = twin.salts.answer(1);
            whole.raw.iter().for_each(|part| mac.update(part));
            mac.finish()
        });
        let side = Side { heard, ok: whole.code.is_none(), took, tokens: charge.tokens.output };
        let end = if side.ok { End::Ok } else { End::Error };
        let misnamed = whole.code.is_some() && limit::is_refused(self.limit, &whole.body);
        Ended { side, end, status: Some(whole.status.as_u16()), code: whole.code, charge, model: None, mac, misnamed }
    }

    async fn stream(&self, twin: &mut Life<'_>, shadow: &Shadow, (mut open, client): (Open, &mut Client)) -> Ended {
        let took = self.since.elapsed();
        let side = Side { heard: Heard::new(shadow.bounds.answer_bytes), ok: false, took, tokens: 0 };
        twin.listening = Some(Box::new(Listening { fate: None, side, _slot: None }));
        let kept = (self.sendable.table.clone(), Tale::default());
        let relayed = restore::stream(twin, self.asked, self.place, &mut open, kept, client).await;
        let (end, code) = restore::end_of(&relayed);
        let charge = charge(self.place, relayed.usage, self.size, relayed.said_bytes, relayed.joules);
        let heard = relayed.listening.map(|it| it.side.heard).unwrap_or_else(|| Heard::new(0));
        let side = Side { heard, ok: end == End::Ok, took, tokens: charge.tokens.output };
        let model = relayed.model.filter(|model| *model != self.place.upstream_model);
        Ended { side, end, status: Some(200), code, charge, model, mac: open.finish_mac(), misnamed: false }
    }

    fn failed(&self, failure: &Failure) -> Ended {
        let input = self.size.input;
        let charge = match failure.may_have_cost {
            true => {
                let tokens = Tokens { input, output: 0, estimated: true };
                Charge { tokens, cost: self.place.cost(input, 0), estimated: true, ..Charge::NOTHING }
            }
            false => Charge::NOTHING,
        };
        let side = Side { heard: Heard::new(0), ok: false, took: self.since.elapsed(), tokens: 0 };
        let (end, status, code) = (failure.end(), failure.status, Some(failure.code));
        Ended { side, end, status, code, charge, model: None, mac: None, misnamed: false }
    }

    fn attempt(&self, ended: &Ended) -> Attempt {
        Attempt {
            intent: self.intent,
            deployment: self.place.id.clone(),
            status: ended.status,
            error: ended.code.map(|code| code.as_str().to_owned()),
            took_ms: u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX),
            resumed_from: None,
            feigned: false,
        }
    }
}
