//! The live drill that two people agreed on: taken up from the store, put in force, watched, reported, and ended.
//!
//! What lets traffic through again never waits for the store: the gateway is told first, the store afterwards and until
//! it has heard.

mod shadowed;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use drill::report::{Destination, Server};
use drill::{Failing, Guardrails, LiveCut, Scenario, Seen, Shape, cut_off};
use gateway::{CutOff, Drilled, FailureShape, Feigned, Gateway, Journal as _, Moved, Tally, Whom};
use realm::{DeploymentId, UnixMs, World};
use store::drill::{Drill, DrillReport, Ended, How, Kept, Mode, approved};

use super::assemble::Assembled;
use crate::clock::now;
use shadowed::Shadowed;

/// How long what is open may take to close.
const SETTLE: Duration = Duration::from_secs(1);
/// How often the store is told what was counted.
const REPORT_MS: u64 = 1_000;
/// Refused drills that are told one by one.
const REFUSED_TOLD_MAX: usize = 5;
/// How much later than this loop the gateway ends a drill by itself, if nobody did.
const GRACE_MS: u64 = 1_000;

/// The live drill of this server, if there is one.
#[derive(Default)]
pub(crate) struct Drills {
    current: Option<Current>,
    /// The last that this server has ended, whatever the store still says of it.
    done: Option<String>,
    /// What the store holds and two people did not agree on, each with why it is not taken up.
    refused: Vec<(String, String)>,
}

struct Current {
    drill: Drill,
    cuts: Vec<LiveCut>,
    guardrails: Guardrails,
    /// What it reached in any realm since it began: a changed realm gives nothing back.
    reached: BTreeMap<DeploymentId, drill::Whom>,
    tally: Arc<Tally>,
    /// How it has fail what it cuts off, where it does.
    feigned: Option<Arc<Feigned>>,
    /// Where it takes nothing away, and asks the fallback beside.
    shadowed: Option<Shadowed>,
    in_force: Option<InForce>,
    /// What is still to be told to the store.
    ending: Option<Ended>,
}

/// Since when it is in force, and what had gone where until then.
struct InForce {
    at: UnixMs,
    settled: bool,
    before: Vec<(gateway::Destination, Moved)>,
    reported: UnixMs,
    last: Server,
}

impl Drills {
    /// What is to be cut off, as the store stands, in a world.
    ///
    /// What is on goes on as it was taken up for as long as the store has it open, whatever was written over it or beside
    /// it; of the others the first counts that two people signed as it stands.
    pub(super) fn take_up(&mut self, open: &Kept, world: &World) -> Drilled {
        let (mut refused, mut found) = (open.unreadable.clone(), None);
        for drill in &open.drills {
            match Current::of(drill, world) {
                Ok(current) if self.done.as_ref() != Some(&drill.id) => found = found.or(Some(current)),
                Ok(_) => {}
                Err(error) => refused.push((drill.id.clone(), format!("{error:#}"))),
            }
        }
        self.refused = refused;
        let ends = self.current.as_ref().is_some_and(|current| current.ending.is_some());
        let is_open = self.is_open(open);
        match found {
            _ if is_open && !ends => {}
            Some(found) => self.current = Some(found),
            None if ends => {}
            None => self.current = None,
        }
        self.cut(world)
    }

    /// Whether the store still has the drill open that is on.
    fn is_open(&self, open: &Kept) -> bool {
        let Some(Current { drill, .. }) = &self.current else { return false };
        open.drills.iter().any(|it| it.id == drill.id) || open.unreadable.iter().any(|(id, _)| *id == drill.id)
    }

    /// Says in the log and on `/readyz` what is refused, or that nothing is any more.
    pub(super) fn tell(&self, gateway: &Gateway) {
        // What stands in a forged row must not write lines of its own.
        let one = |(id, why): &(String, String)| format!("{id:?}: {}", why.escape_debug());
        let said: Vec<String> = self.refused.iter().take(REFUSED_TOLD_MAX).map(one).collect();
        let count = self.refused.len();
        let words = || {
            format!(
                "{count} in the store not as two people signed them, so they count for nothing: {}",
                said.join("; ")
            )
        };
        gateway.notice("live drills", (count > 0).then(words));
    }

    /// The same where only the world has changed.
    pub(super) fn cut(&mut self, world: &World) -> Drilled {
        let current = self.current.as_mut().filter(|current| current.ending.is_none());
        // One whose time was over before it began never begins.
        let begins = |current: &&mut Current| current.in_force.is_some() || current.drill.holds(now());
        let Some(current) = current.filter(begins) else { return Drilled::default() };
        current.reach(world);
        let cut = Arc::new(current.cut());
        match &current.shadowed {
            None => Drilled { cut: Some(cut), shadow: None },
            Some(shadowed) => Drilled { cut: None, shadow: Some(Arc::new(shadowed.gateway(cut))) },
        }
    }
}

impl Current {
    fn of(drill: &Drill, world: &World) -> Result<Self> {
        approved(drill, &world.head.drill_people)?;
        let scenario = Scenario::parse(Path::new("scenario"), &drill.scenario);
        let scenario = scenario.map_err(|problems| anyhow!("its scenario has {} problems", problems.len()))?;
        let shadowed = match drill.mode {
            Mode::Shadow => Some(Shadowed::of(drill, &scenario)?),
            Mode::Full | Mode::Canary => None,
        };
        let cuts: Vec<LiveCut> = serde_json::from_str(&drill.cuts)?;
        // All of them fail alike, or it would not have been proposed.
        let failing = cuts.iter().find_map(|cut| cut.failing);
        Ok(Self {
            shadowed,
            drill: drill.clone(),
            feigned: failing.map(feigned).transpose()?,
            cuts,
            guardrails: scenario.guardrails,
            reached: BTreeMap::new(),
            tally: Arc::default(),
            in_force: None,
            ending: None,
        })
    }

    fn reach(&mut self, world: &World) {
        for (deployment, whom) in cut_off(world, &self.cuts) {
            let reached = self.reached.entry(deployment).or_default();
            reached.everybody |= whom.everybody;
            reached.users.extend(whom.users);
        }
    }

    fn cut(&self) -> CutOff {
        let whom = |whom: &drill::Whom| Whom { everybody: whom.everybody, users: whom.users.iter().cloned().collect() };
        let until = self.drill.until.unwrap_or_default();
        CutOff {
            drill: self.drill.id.as_str().into(),
            until: UnixMs(until.0.saturating_add(GRACE_MS)),
            // In shadow a sample is drawn of what it would reach, which is everything.
            percent: if self.shadowed.is_some() { 100 } else { self.drill.percent },
            from: self.reached.iter().map(|(id, reached)| (id.clone(), whom(reached))).collect(),
            spared: self.guardrails.exclude_apps.iter().cloned().collect(),
            feigned: self.feigned.clone(),
            tally: Arc::clone(&self.tally),
        }
    }

    /// Why it must end now, if it must.
    fn due(&self, now: UnixMs) -> Option<(How, String)> {
        if !self.drill.holds(now) {
            return Some((How::Over, "its time is over".to_owned()));
        }
        let fared = self.tally.since(UnixMs(now.0.saturating_sub(self.guardrails.window_s * 1_000)));
        let seen = Seen { requests: fared.requests, failed: fared.failed, median_ms: fared.median_ms };
        self.guardrails.breach(&seen).map(|breach| (How::Guardrail, breach.to_string()))
    }

    /// What was counted until now; once the gateway may have let traffic through by itself, what was counted last.
    fn counted(&mut self, gateway: &Gateway, log: &str, now: UnixMs) -> Option<Server> {
        let until = self.drill.until.unwrap_or_default();
        let in_force = self.in_force.as_mut()?;
        if now.0 < until.0.saturating_add(GRACE_MS) {
            in_force.last = in_force.counted(gateway, log);
        }
        in_force.last.shadow = self.shadowed.as_ref().map(Shadowed::counted);
        in_force.reported = now;
        Some(in_force.last.clone())
    }
}

/// What the gateway gives for a shape. There is none for a wrong answer, which no drill hands to anybody.
fn feigned(failing: Failing) -> Result<Arc<Feigned>> {
    let status = |status| FailureShape::Status { status, retry_after_s: failing.retry_after_s };
    let shape = match failing.shape {
        Shape::Refused => FailureShape::Refused,
        Shape::Unauthorized => status(401),
        Shape::Forbidden => status(403),
        Shape::RateLimited => status(429),
        Shape::ServerError => status(503),
        Shape::Silent => FailureShape::Silent,
        Shape::SlowDrip => FailureShape::SlowDrip,
        Shape::WrongAnswer => return Err(anyhow!("a drill hands nobody a wrong answer")),
    };
    Ok(Arc::new(Feigned::new(shape)))
}

impl InForce {
    fn counted(&self, gateway: &Gateway, log: &str) -> Server {
        let (shut, before): (_, BTreeMap<_, _>) = (gateway.shut(), self.before.iter().cloned().collect());
        let since = |(of, moved): (gateway::Destination, Moved)| {
            let start = before.get(&of).copied().unwrap_or_default();
            Destination {
                destination: of.to_string(),
                bytes_in: moved.bytes_in.saturating_sub(start.bytes_in),
                bytes_out: moved.bytes_out.saturating_sub(start.bytes_out),
                shut: shut.contains(&of),
            }
        };
        let destinations = gateway.moved().into_iter().map(since).collect();
        Server { log: log.to_owned(), in_force: self.at, settled: self.settled, destinations, shadow: None }
    }
}

/// Follows the store in a world: what ended there is counted for the last time, before traffic goes through again.
pub(super) async fn follow(assembled: &mut Assembled, live: &store::Live, world: &World) -> Drilled {
    if assembled.drills.current.is_some() && !assembled.drills.is_open(&live.open) {
        report(assembled).await;
    }
    let drilled = assembled.drills.take_up(&live.open, world);
    let Assembled { drills, gateway, store, journal, .. } = assembled;
    drills.tell(gateway);
    if let Some(Current { drill, shadowed: Some(shadowed), .. }) = &mut drills.current {
        // Before the first request: none is to go without for want of a first slice.
        shadowed.begin(store, drill, journal.log_id()).await;
    }
    drilled
}

/// Waits until a drill that was taken up is in force, and says so.
pub(super) async fn settle(assembled: &mut Assembled) {
    let Assembled { drills, gateway, store, journal, .. } = assembled;
    // One whose time was over before any server ran was never in force.
    let waits = |it: &&mut Current| it.in_force.is_none() && it.ending.is_none() && it.drill.holds(now());
    let Some(current) = drills.current.as_mut().filter(waits) else { return };
    let settled = gateway.cut_is_in_force(SETTLE).await;
    let at = now();
    let (log, destinations) = (journal.log_id().to_owned(), Vec::new());
    let last = Server { log, in_force: at, settled, destinations, shadow: None };
    if let Some(shadowed) = &mut current.shadowed {
        shadowed.begin(store, &current.drill, journal.log_id()).await;
    }
    current.in_force = Some(InForce { at, settled, before: gateway.moved(), reported: UnixMs(0), last });
    tracing::warn!(drill = current.drill.id, settled, "a live drill is in force");
    if let Err(error) = store.start_drill(&current.drill, journal.log_id(), at).await {
        tracing::error!(drill = current.drill.id, "the start of the drill is not in the store: {error}");
    }
    report(assembled).await;
}

/// Looks after the drill that is on: ends it in time or by its guardrails, and reports what was counted.
pub(super) async fn tick(assembled: &mut Assembled) {
    settle(assembled).await;
    let now = now();
    let Assembled { drills, gateway, journal, store, .. } = assembled;
    let Some(current) = drills.current.as_mut() else { return };
    if current.ending.is_none()
        && let Some((how, why)) = current.due(now)
    {
        // Counted before traffic goes through, let through before anybody is asked.
        current.counted(gateway, journal.log_id(), now);
        gateway.set_drill(Drilled::default());
        tracing::warn!(drill = current.drill.id, why, "the live drill ends");
        current.ending = Some(Ended { at: now, how, by: "serve".to_owned(), why });
        drills.done = Some(current.drill.id.clone());
        return end(assembled).await;
    }
    if let (Some(shadowed), None) = (&current.shadowed, &current.ending) {
        shadowed.refill(store, &current.drill, journal.log_id()).await;
    }
    let due = current.in_force.as_ref().is_some_and(|it| now.since(it.reported) >= REPORT_MS);
    match (current.ending.is_some(), due) {
        (true, true) => end(assembled).await,
        (false, true) => report(assembled).await,
        _ => {}
    }
}

/// Tells the store of an end; until it has heard, again.
async fn end(assembled: &mut Assembled) {
    report(assembled).await;
    let Assembled { drills, store, .. } = assembled;
    let Some(current) = &drills.current else { return };
    let Some(ending) = &current.ending else { return };
    match store.end_drill(&current.drill, ending).await {
        Ok(_) => drills.current = None,
        Err(error) => tracing::error!(drill = current.drill.id, "the end of the drill is not in the store: {error}"),
    }
}

/// Tells the store what was counted.
async fn report(assembled: &mut Assembled) {
    let Assembled { drills, gateway, store, journal, .. } = assembled;
    let Some(current) = drills.current.as_mut() else { return };
    let (log, at) = (journal.log_id(), now());
    let counted = match (&current.ending, &current.in_force) {
        // Mirrors that were under way end a moment later.
        (Some(_), in_force) => in_force
            .as_ref()
            .map(|it| Server { shadow: current.shadowed.as_ref().map(Shadowed::counted), ..it.last.clone() }),
        (None, _) => current.counted(gateway, log, at),
    };
    let Some(body) = counted.and_then(|counted| serde_json::to_string(&counted).ok()) else { return };
    if let Some(in_force) = &mut current.in_force {
        in_force.reported = at;
    }
    let report = DrillReport { log: log.to_owned(), at, body };
    if let Err(error) = store.report_drill(&current.drill.id, &report).await {
        tracing::warn!(drill = current.drill.id, "what the drill counted is not in the store: {error}");
    }
}
