//! The life of a request. `live` owns every branch of it; each stage is a straight line in the file of its name.
//!
//! accept → authenticate → admit → classify → (decide → redact → intent → upstream)* → restore → outcome → settle →
//! respond. The graph stands in the crate's README.

pub(crate) mod accept;
mod admit;
pub(crate) mod approval;
mod attended;
pub(crate) mod authenticate;
mod classify;
mod client;
pub(crate) mod count;
mod decide;
pub(crate) mod failure;
mod finish;
mod intent;
mod interruption;
mod kept;
mod leash;
mod lost;
mod mirror;
mod opening;
mod operation;
mod outcome;
mod redact;
mod repeat;
pub(crate) mod resolve;
pub(crate) mod respond;
mod restore;
mod resume;
mod settle;
mod tale;
mod telling;
mod trail;
mod uploads;
mod upstream;
pub(crate) mod voice;

use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use http::{HeaderMap, Request};
use hyper::body::Incoming;
use realm::record::Mirrors;
use realm::{ClassSet, DeploymentId, Jurisdiction, RouteId};
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;
use wire::openai::Endpoint;

use crate::code::Code;
use crate::cut::CutOff;
use crate::epoch::{Epoch, Place};
use crate::error::Refused;
use crate::gateway::{Shared, Signal};
use crate::limits::Reservation;
use crate::metrics::{Metrics, Raised};
use crate::salt::Salts;
use crate::shadow::Shadow;
use accept::{Accepted, Asked};
use admit::Size;
use approval::Agreed;
pub(crate) use attended::Attended;
use authenticate::Caller;
use classify::Facts;
use client::Client;
use decide::PassedOver;
use finish::Answered;
use interruption::{Available, Subject};
use kept::Kept;
use lost::Begun;
use mirror::Listening;
use outcome::Unplaced;
use redact::Unsendable;
use telling::Telling;
pub(crate) use trail::Trail;
use upstream::Tried;
use voice::Voice;

/// One request while it lives.
pub(crate) struct Life<'e> {
    pub(crate) shared: &'e Arc<Shared>,
    /// The snapshot that it began in and keeps.
    pub(crate) epoch: &'e Epoch,
    pub(crate) accepted: &'e Accepted,
    pub(crate) caller: Caller<'e>,
    pub(crate) salts: Salts,
    pub(crate) signal: watch::Receiver<Signal>,
    // What a refusal says, as far as it is known.
    pub(crate) received: Option<Bytes>,
    pub(crate) route: Option<RouteId>,
    pub(crate) purpose: &'e str,
    pub(crate) classes: ClassSet,
    /// Where the end user is, where the client said so.
    pub(crate) user_in: Option<Jurisdiction>,
    /// The live drill that was on when it came.
    pub(crate) drill: Option<Arc<CutOff>>,
    /// What people agreed to, where a rule had them agree first; in a box, for it is rare.
    pub(crate) agreed: Option<Box<Agreed>>,
    /// What the record of a request that nothing may answer says beside; in a box, for it is rare.
    pub(crate) unplaced: Option<Box<Unplaced>>,
    pub(crate) reservation: Option<Reservation>,
    // What is left to do where the life panics.
    pub(crate) begun: Vec<Begun>,
    /// Whether its outcome was handed to the ledger.
    pub(crate) closed: bool,
    /// What a trace will tell of it, where there is tracing.
    pub(crate) telling: Option<Box<Telling>>,
    /// The drill in shadow that was on when it came.
    pub(crate) shadow: Option<Arc<Shadow>>,
    /// What that looks at of it, once there is an answer.
    pub(crate) listening: Option<Box<Listening>>,
    /// The request that it repeats, where it is a mirror.
    pub(crate) mirrors: Option<Box<Mirrors>>,
    /// Counts it as one that runs, until its client has everything: what a drill in shadow does then is none of it.
    pub(crate) in_flight: Option<Raised>,
}

/// What comes after a deployment.
pub(crate) enum Step {
    /// The next one, where there is one.
    Next,
    /// The next one, to go on with what was cut.
    GoOn,
    /// No other is tried.
    GiveUp,
    /// The client has its answer.
    Ended,
}

/// Answers a request. Its life does not end with a client that leaves: it then goes on in a task of its own.
pub(crate) fn answer(
    shared: &Arc<Shared>,
    peer: IpAddr,
    (endpoint, voice): (Endpoint, Voice),
    request: Request<Incoming>,
) -> Attended {
    let (send, reply) = oneshot::channel();
    let (head, body) = request.into_parts();
    // Built where it stays: a life is large, and would be copied into a box.
    let life =
        boxed(|| lost::counted(shared.clone(), peer, endpoint, head.headers, body, Client::waiting(send, voice)));
    Attended::new(shared.tasks.clone(), life, reply)
}

/// Puts a future into a box without copying its room, most of which is empty at first.
pub(crate) fn boxed<F>(make: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::into_pin(Box::write(Box::new_uninit(), make()))
}

async fn run(
    shared: &Arc<Shared>,
    peer: IpAddr,
    endpoint: Endpoint,
    headers: HeaderMap,
    body: Incoming,
    mut client: Client,
) {
    let in_flight = shared.metrics.raise(|m: &Metrics| &m.in_flight);
    let epoch = shared.epoch.load_full();
    let accepted = accept::accept(shared, endpoint, &headers);
    let known = accept::check(shared, &headers)
        .and_then(|()| authenticate::authenticate(shared, &epoch, &headers, peer))
        .and_then(|caller| Life::new(shared, &epoch, &accepted, caller));
    let mut life = match known {
        Ok(life) => life,
        Err(refused) => {
            // Nobody's request: counted, not recorded.
            shared.metrics.request(None, None, refused.code.as_str());
            return client.answer(respond::refused(&refused, accepted.ids()));
        }
    };
    life.in_flight = Some(in_flight);
    if let Some(as_) = epoch.apps.get(&life.caller.app.id).and_then(|app| app.kept_as.clone()) {
        client.keep(Kept::new(as_, accepted.id.clone(), shared.settings.answer_bytes_max));
    }
    life.telling = shared.traces.as_ref().map(|traces| {
        let context = traces.begin(&headers, || shared.draw());
        Box::new(Telling::new(context, shared.now()))
    });
    let ended = lost::caught(pin!(live(&mut life, headers, body, &mut client))).await;
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(refused)) => Box::pin(finish::refused(life, refused, &mut client)).await,
        Err(lost::Panicked) => Box::pin(lost::lost(life, &mut client)).await,
    }
    keep(shared, &mut client);
}

/// Hands over what is kept of a request whose client has been told everything. What comes after that, a mirror say, is none
/// of it.
fn keep(shared: &Shared, client: &mut Client) {
    if let Some(exchange) = client.take_kept().and_then(|kept| kept.finish(shared.now())) {
        shared.keep(exchange);
    }
}

/// Everything that can happen to a request whose app is known. An error is a refusal before any byte left.
async fn live(life: &mut Life<'_>, headers: HeaderMap, body: Incoming, client: &mut Client) -> Result<(), Refused> {
    let (shared, epoch) = (life.shared, life.epoch);
    authenticate::in_use(shared, &life.caller)?;
    let body = accept::body(&shared.settings, &headers, body).await?;
    life.received = Some(client.sent(&body));
    let body = client.understand(body, life.accepted.ids())?;
    let mut asked = accept::read(epoch, &life.caller, life.accepted.endpoint, body)?;
    life.route = Some(asked.route.id.clone());
    let date = shared.now().date_in(&epoch.world().head.timezone);
    let mut size = admit::size(&asked, &shared.settings);
    client.sized(size.input);
    life.reservation = Some(admit::admit(shared, &asked, life.app_use()?, size, date).await?);
    let heard = classify::Heard::of(epoch, &asked).await?;
    let detectors = (&shared.detectors, &heard);
    let mut facts = classify::classify(detectors, epoch, life.caller.app, &asked, &headers, date, &life.salts)?;
    let ticket = approval::named(&headers)?;
    // They hold the connection's read buffer.
    drop(headers);
    (life.purpose, life.classes) = (facts.purpose, facts.classes());
    life.user_in.clone_from(&facts.user_jurisdiction);
    if let Some(id) = ticket {
        life.agreed = Some(Box::new(Box::pin(approval::presented(life, &facts, &id)).await?));
    }
    let mut trail = Trail::new(asked.route.id.clone(), asked.request.body().clone());
    let mut places = in_order(life, &asked, &mut trail.passed).into_iter();
    let (mut over, mut repeated) = (false, false);
    // One place in the code for every attempt: each would take its room in every request.
    loop {
        let place = match places.next().filter(|_| !over) {
            Some(place) => place,
            None if std::mem::replace(&mut repeated, true) => break,
            None => match repeat::worth_it(shared, &trail, client).await {
                Some(place) => place,
                None => break,
            },
        };
        match attempt(life, (&asked, size), &facts, &place, &mut trail, client).await? {
            Step::Next => {}
            Step::GoOn => {
                // To ask the one that failed once more is for those who have nothing yet.
                repeated = true;
                let rest = match places.len() {
                    0 => None,
                    _ => Box::pin(resume::rest(life, &asked, &facts, &mut trail)).await,
                };
                match rest {
                    Some(rest) => (asked, facts, size) = rest,
                    None => over = true,
                }
            }
            Step::GiveUp => over = true,
            Step::Ended => return mirror::after(life, (&asked, &facts), client).await,
        }
    }
    match trail.failed.take() {
        None => {
            life.unplaced = Some(Box::new(Unplaced::of(&facts, &asked)));
            let refused = trail.passed.refusal();
            Err(match refused.code {
                Code::ApprovalRequired => Box::pin(approval::park(life, trail.passed.asking, &facts, refused)).await,
                _ => refused,
            })
        }
        Some((failure, place)) => {
            Box::pin(finish::gave_up(life, &mut trail, failure, &place, client)).await?;
            mirror::after(life, (&asked, &facts), client).await
        }
    }
}

/// The deployments that a request may go to, in the order in which they are tried.
fn in_order(life: &Life<'_>, asked: &Asked<'_>, passed: &mut PassedOver) -> Vec<Arc<Place>> {
    let epoch = life.epoch;
    let running = |id: &DeploymentId| epoch.places.get(id).map_or(0, |place| place.running.load(Ordering::Relaxed));
    let live = life.shared.live.load();
    let known = |id: &DeploymentId, suite: &str| live.known(id, suite);
    let within = (epoch.world(), asked.route, life.caller.app);
    let targets = policy::chosen(within, life.shared.draw(), running, &known);
    passed.unproven = targets.len() < asked.route.targets.len();
    let wanted = targets.into_iter().filter(|target| asked.wants(epoch, &target.deployment));
    wanted.filter_map(|target| epoch.places.get(&target.deployment)).cloned().collect()
}

/// One deployment: whether it may be used, can be, and answers. What is rare is in boxes, for every request holds the
/// room of what is not.
async fn attempt(
    life: &mut Life<'_>,
    (asked, size): (&Asked<'_>, Size),
    facts: &Facts<'_>,
    place: &Arc<Place>,
    trail: &mut Trail,
    client: &mut Client,
) -> Result<Step, Refused> {
    let shared = life.shared;
    let decision = decide::decide(life.epoch, &life.caller, facts, place);
    if !decision.is_permit() {
        trail.passed.denied(&decision);
        return Ok(Step::Next);
    }
    if !life.is_agreed(&decision) {
        trail.passed.unapproved(&decision, place);
        return Ok(Step::Next);
    }
    let subject = Subject::of(&life.caller, life.accepted, &life.user_in, life.epoch);
    let Available { provider, running: _running, feigned } = match interruption::available(shared, subject, place) {
        Ok(available) => available,
        Err(why) => {
            trail.passed.not_now(&why);
            return Ok(Step::Next);
        }
    };
    let sendable = match redact::redact(life, asked, facts, decision.redact, (place, &provider), None) {
        Ok(sendable) => sendable,
        Err(Unsendable::Unsupported(unsupported)) => {
            trail.passed.unsupported(unsupported);
            return Ok(Step::Next);
        }
        Err(Unsendable::Refused(refused)) => return Box::pin(finish::cannot(life, trail, refused, client)).await,
    };
    if life.must_take(&decision)
        && let Err(refused) = Box::pin(life.take_ticket()).await
    {
        return Box::pin(finish::cannot(life, trail, refused, client)).await;
    }
    let Ok(intent) = intent::intent(life, asked, facts, &decision, &sendable, place, (trail, size)).await else {
        return Box::pin(finish::cannot(life, trail, Refused::ledger(), client)).await;
    };
    if feigned.is_none() {
        place.repeats.earn();
    }
    let sent = Instant::now();
    let number = trail.next_attempt();
    let traced = life.telling.as_mut().and_then(|it| it.attempt(life.accepted, place, shared.draw().max(1)));
    let tried = match &feigned {
        None => upstream::upstream(life, asked, (place, &provider), &sendable, (number, traced), client).await,
        Some(feigned) => Tried::Failed(Box::pin(interruption::feign(life, place, feigned, client)).await),
    };
    let mut tried = resume::unanswered(tried, trail.cut.as_deref());
    let resumed_from = trail.cut.as_ref().map(|cut| cut.attempt);
    let (table, trace) = (sendable.table, tried.take_trace());
    let answered = Answered { asked, place, size, intent, sent, decision: &decision, table, resumed_from, trace };
    match tried {
        Tried::Whole(whole) => finish::whole(life, trail, answered, *whole, client).await?,
        Tried::Stream(open) => return Box::pin(finish::stream(life, trail, answered, *open, client)).await,
        Tried::Failed(failure) => {
            let last = failure.last || !asked.route.fallback;
            trail.failed(shared, &answered, failure);
            return Ok(if last { Step::GiveUp } else { Step::Next });
        }
    }
    Ok(Step::Ended)
}

impl<'e> Life<'e> {
    fn new(
        shared: &'e Arc<Shared>,
        epoch: &'e Epoch,
        accepted: &'e Accepted,
        caller: Caller<'e>,
    ) -> Result<Self, Refused> {
        let live = shared.live.load();
        let secret = live.secrets.get(&caller.app.id).cloned();
        // Without it nothing could be recorded, and what is not recorded does not happen.
        let secret = secret.ok_or_else(|| Refused::new(Code::Internal, "the app has no record secret"))?;
        Ok(Self {
            shared,
            epoch,
            accepted,
            caller,
            salts: Salts::new(secret, &accepted.id),
            signal: shared.signal.subscribe(),
            received: None,
            route: None,
            purpose: caller.app.purposes.first().map_or("", String::as_str),
            classes: ClassSet::EMPTY,
            user_in: None,
            drill: live.cut.as_ref().or(live.shadow.as_ref().map(|it| &it.cut)).cloned(),
            agreed: None,
            unplaced: None,
            reservation: None,
            begun: Vec::new(),
            closed: false,
            telling: None,
            shadow: live.shadow.clone(),
            listening: None,
            mirrors: None,
            in_flight: None,
        })
    }

    fn app_use(&self) -> Result<&'e crate::epoch::AppUse, Refused> {
        let missing = || Refused::new(Code::Internal, "the app has no counters");
        self.epoch.apps.get(&self.caller.app.id).ok_or_else(missing)
    }
}
