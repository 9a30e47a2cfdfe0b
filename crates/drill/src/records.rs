//! From entries of a log to requests: an outcome is joined with the intents that it names.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use realm::draw::number;
use realm::ids::{Id, IdError};
use realm::record::{Brief, End, IntentBrief, OutcomeBrief, RecordError, RefusalBrief};
use realm::{ClassSet, DeploymentId, Jurisdiction, UnixMs};

use crate::request::{Answered, Cut, Facts, Fate, Request};
use crate::shadow::Mirror;

/// Joins the records of one log after another.
///
/// Holds what is open and each distinct circumstance once: memory does not grow with the number of requests.
#[derive(Debug, Default)]
pub struct Reader {
    facts: HashMap<Vec<u8>, Arc<Facts>>,
    deployments: HashSet<DeploymentId>,
    open: HashMap<u64, Open>,
    key: Vec<u8>,
    left_open: u64,
    orphans: u64,
    mirror: Option<Mirror>,
}

/// Distinct circumstances that are remembered at a time.
const FACTS_MAX: usize = 65_536;

/// An attempt whose outcome was not read yet.
#[derive(Debug)]
struct Open {
    at: UnixMs,
    facts: Arc<Facts>,
    redacted: ClassSet,
}

/// What was in a log and is in no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Unread {
    /// Attempts without an outcome: requests that were under way when the log was read.
    pub left_open: u64,
    /// Outcomes whose intents are not there: pruned, or of before what was read.
    pub orphans: u64,
}

/// An entry that cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is no record of a known version.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// It names what can be no id.
    #[error(transparent)]
    Id(#[from] IdError),
}

impl Reader {
    /// Begins another log: indices of intents count anew.
    pub fn next_log(&mut self) {
        self.left_open += self.open.len() as u64;
        self.open.clear();
    }

    /// Learns the entry at an index; a request where one has ended with it.
    ///
    /// # Errors
    /// If the entry is no record.
    pub fn see(&mut self, index: u64, entry: &[u8]) -> Result<Option<Request>, ReadError> {
        match Brief::from_bytes(entry)? {
            Brief::Intent(intent) => {
                let facts = self.facts_of(&Wanted::of_intent(&intent))?;
                self.open.insert(index, Open { at: intent.at, facts, redacted: intent.redacted });
                Ok(None)
            }
            Brief::Outcome(outcome) => self.outcome(&outcome),
            Brief::Refusal(refusal) => Ok(Some(Request {
                at: refusal.at,
                ended: refusal.at,
                cut: is_cut(&refusal.code).then_some(Cut::Ended),
                number: number(&refusal.req),
                facts: self.facts_of(&Wanted::of_refusal(&refusal))?,
                fate: if is_denial(&refusal.code) { Fate::Denied } else { Fate::Refused },
            })),
            Brief::Change => Ok(None),
        }
    }

    /// The mirror of a drill in shadow that ended with the last entry: it is no request of anybody's, and in none of what is
    /// counted of them.
    pub fn take_mirror(&mut self) -> Option<Mirror> {
        self.mirror.take()
    }

    /// What no request was made of.
    pub fn unread(&self) -> Unread {
        Unread { left_open: self.left_open + self.open.len() as u64, orphans: self.orphans }
    }

    fn outcome(&mut self, outcome: &OutcomeBrief<'_>) -> Result<Option<Request>, ReadError> {
        let mut opened: Vec<Option<Open>> =
            outcome.attempts.iter().map(|attempt| self.open.remove(&attempt.intent)).collect();
        let last = opened.pop().flatten();
        // What the first attempt knew is what was asked; a stream that goes on elsewhere has grown by its own answer.
        let first = opened.into_iter().flatten().next();
        let Some(last) = last else {
            self.orphans += 1;
            return Ok(None);
        };
        let redacted = last.redacted;
        // A client that left had begun to read; a mirror that was given up has no answer.
        let is_answered = outcome.end == End::Ok || (outcome.end == End::ClientClosed && outcome.mirrors.is_none());
        let fate = match outcome.attempts.last() {
            Some(attempt) if is_answered => Fate::Answered(Answered {
                deployment: self.deployment(&attempt.deployment)?,
                redacted,
                tokens: if outcome.tokens.believable() { outcome.tokens } else { realm::record::Tokens::default() },
                cost_nano: outcome.cost_nano,
                took_ms: attempt.took_ms,
                other_model: outcome.model.is_some(),
            }),
            _ => Fate::Failed,
        };
        let Open { at, facts, .. } = first.unwrap_or(last);
        let cut = cut_of(outcome);
        let request = Request { at, ended: outcome.at, cut, number: number(&outcome.req), facts, fate };
        match &outcome.mirrors {
            None => Ok(Some(request)),
            Some(of) => {
                let (drill, of) = (of.drill.clone().into_owned(), of.req.clone().into_owned());
                let tokens = if outcome.tokens.believable() { outcome.tokens.total() } else { 0 };
                self.mirror = Some(Mirror { drill, of, request, tokens, cost_nano: outcome.cost_nano });
                Ok(None)
            }
        }
    }

    fn deployment(&mut self, text: &str) -> Result<DeploymentId, IdError> {
        if let Some(known) = self.deployments.get(text) {
            return Ok(known.clone());
        }
        let id = DeploymentId::new(text)?;
        self.deployments.insert(id.clone());
        Ok(id)
    }

    fn facts_of(&mut self, wanted: &Wanted<'_>) -> Result<Arc<Facts>, IdError> {
        wanted.key(&mut self.key);
        if let Some(known) = self.facts.get(&self.key) {
            return Ok(Arc::clone(known));
        }
        let facts = Arc::new(wanted.facts()?);
        // A memo only: what is open keeps its own.
        if self.facts.len() >= FACTS_MAX {
            self.facts.clear();
        }
        self.facts.insert(self.key.clone(), Arc::clone(&facts));
        Ok(facts)
    }
}

/// Whether a code says that rules refused, as against something that was not there or not understood.
fn is_denial(code: &str) -> bool {
    matches!(code, "policy_denied" | "no_permit")
}

/// Whether a code says that a live drill took the deployment away.
fn is_cut(code: &str) -> bool {
    code == "cut_off"
}

fn cut_of(outcome: &OutcomeBrief<'_>) -> Option<Cut> {
    let feigned = |attempt: &realm::record::AttemptBrief<'_>| attempt.feigned;
    let ended = outcome.code.as_deref().is_some_and(is_cut);
    // What a drill had fail last, and nothing answered after.
    if ended || (outcome.code.is_some() && outcome.attempts.last().is_some_and(feigned)) {
        return Some(Cut::Ended);
    }
    let within = outcome.attempts.iter().any(|it| feigned(it) || it.error.as_deref().is_some_and(is_cut));
    within.then_some(Cut::Within)
}

/// Circumstances as a record spells them.
struct Wanted<'a> {
    snapshot: realm::SnapshotId,
    app: &'a str,
    route: Option<&'a str>,
    purpose: &'a str,
    classes: ClassSet,
    located: ClassSet,
    user_in: Option<&'a str>,
    only: Option<&'a str>,
    needs: &'a [String],
}

impl<'a> Wanted<'a> {
    fn of_intent(intent: &'a IntentBrief<'_>) -> Self {
        Self {
            snapshot: intent.snap,
            app: &intent.app,
            route: Some(&intent.route),
            purpose: &intent.purpose,
            classes: intent.classes,
            // What was taken out had a place, also where a record of an old release does not say so.
            located: intent.located.union(intent.redacted),
            user_in: intent.user_in.as_deref(),
            only: intent.only.as_deref(),
            needs: &intent.needs,
        }
    }

    fn of_refusal(refusal: &'a RefusalBrief<'_>) -> Self {
        Self {
            snapshot: refusal.snap,
            app: &refusal.app,
            route: refusal.route.as_deref(),
            purpose: &refusal.purpose,
            classes: refusal.classes,
            located: refusal.located,
            user_in: refusal.user_in.as_deref(),
            only: refusal.only.as_deref(),
            needs: &refusal.needs,
        }
    }

    /// The same bytes for the same circumstances and for no others: each text has its length before it.
    fn key(&self, key: &mut Vec<u8>) {
        key.clear();
        key.extend_from_slice(&self.snapshot.0);
        key.extend([self.classes.bits(), self.located.bits()]);
        let texts = [Some(self.app), self.route, Some(self.purpose), self.user_in, self.only];
        for text in texts.into_iter().chain(self.needs.iter().map(|need| Some(need.as_str()))) {
            // No text is so long: this is how none differs from an empty one.
            let length = text.map_or(u32::MAX, |text| u32::try_from(text.len()).unwrap_or(u32::MAX - 1));
            key.extend_from_slice(&length.to_be_bytes());
            key.extend_from_slice(text.unwrap_or_default().as_bytes());
        }
    }

    fn facts(&self) -> Result<Facts, IdError> {
        fn maybe<T: Id>(text: Option<&str>) -> Result<Option<T>, IdError> {
            text.map(T::from_text).transpose()
        }
        Ok(Facts {
            snapshot: self.snapshot,
            app: Id::from_text(self.app)?,
            route: maybe(self.route)?,
            purpose: self.purpose.to_owned(),
            classes: self.classes,
            located: self.located,
            user_in: self.user_in.map(Jurisdiction::new),
            only: maybe(self.only)?,
            needs: self.needs.to_vec(),
        })
    }
}
