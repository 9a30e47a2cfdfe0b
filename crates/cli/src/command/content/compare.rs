//! Whether what was opened is what the ledger speaks of. Sealing takes the public key alone, so whoever writes the files
//! of this machine can put words of their own in an item's place; the hashes in a signed log they cannot change unseen.

use anyhow::{Context, Result};
use gateway::{Code, Text, mac_of};
use ledger::system;
use realm::UnixMs;
use realm::record::{End, Intent, Mac, Outcome, Record, Refusal};
use serde_json::{Value, json};
use store::RecordSecret;
use store::content::{Item, Opening};

use crate::command::ledger::Opened;
use crate::data::DataDir;
use crate::lang::{Lang, say};

/// The status of an answer that stands in for one whose record could not be written.
const UNRECORDED: u16 = 503;

/// How one side of an exchange stands to its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Matches,
    /// It does not: why.
    Differs(&'static str),
    /// The record cannot tell: why.
    Unknown(&'static str),
}

/// How an item stands to the record of its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Compared {
    request: Side,
    answer: Side,
}

/// What the ledger holds of a request.
#[derive(Default)]
pub(super) struct Found {
    intents: Vec<Intent>,
    outcome: Option<Outcome>,
    refusal: Option<Refusal>,
    /// Whether a log's beginning is gone, and the record perhaps with it.
    pruned: bool,
}

impl Found {
    /// Looks through every log.
    pub(super) fn of(data: &DataDir, req: &str) -> Result<Self> {
        let mut found = Self::default();
        for id in data.logs()? {
            let mut first = None;
            Opened::choose(data, Some(&id))?.each(|index, entry| {
                first.get_or_insert(index.0);
                if system::is_system(entry) {
                    return Ok(());
                }
                found.take(req, Record::from_bytes(entry).with_context(|| format!("{id}/{index}"))?);
                Ok(())
            })?;
            found.pruned |= first.is_some_and(|first| first > 0);
        }
        Ok(found)
    }

    fn take(&mut self, req: &str, record: Record) {
        match record {
            Record::Intent(intent) if intent.req == req => self.intents.push(intent),
            Record::Outcome(outcome) if outcome.req == req => self.outcome = Some(outcome),
            Record::Refusal(refusal) if refusal.req == req => self.refusal = Some(refusal),
            _ => {}
        }
    }

    /// When it was decided; none where there is no record.
    pub(super) fn at(&self) -> Option<UnixMs> {
        let refused = self.refusal.as_ref().map(|refusal| refusal.at);
        refused.or(self.intents.first().map(|intent| intent.at))
    }

    fn app(&self) -> Option<&str> {
        let refused = self.refusal.as_ref().map(|refusal| refusal.app.as_str());
        refused.or(self.outcome.as_ref().map(|outcome| outcome.app.as_str()))
    }
}

/// Compares what was opened with its record, as far as the record can tell. The secret is the one that the record was
/// made with, where it still stands.
pub(super) fn compare(found: &Found, opening: &Opening, item: &Item, secret: Option<RecordSecret>) -> Compared {
    let both = |side| Compared { request: side, answer: side };
    let mac = |text: (Text, u32), bytes: &[u8]| Some(mac_of(secret.as_ref()?.0, &opening.req, text, bytes));
    match (found.app(), &found.refusal, &found.outcome) {
        (Some(app), ..) if app != opening.app => both(Side::Differs("other-app")),
        (_, Some(refusal), _) => Compared {
            request: told_apart(refusal.mac.as_ref(), mac((Text::Body, 0), &item.request)),
            answer: refused(&refusal.code, item.status),
        },
        (_, None, Some(outcome)) => {
            let same = |intent: &Intent| mac((Text::Body, intent.n), &item.request).as_ref() == Some(&intent.mac);
            let otherwise = Side::Unknown(if secret.is_none() { "erased" } else { "left-otherwise" });
            let request = if found.intents.iter().any(same) { Side::Matches } else { otherwise };
            Compared { request, answer: answered(outcome, item, |n| mac((Text::Answer, n), &item.answer)) }
        }
        _ if !found.intents.is_empty() => both(Side::Unknown("no-end")),
        _ if found.pruned => both(Side::Unknown("pruned")),
        _ => both(Side::Differs("no-record")),
    }
}

/// A text of which the record holds the hash as it is.
fn told_apart(held: Option<&Mac>, made: Option<Mac>) -> Side {
    match (held, made) {
        (None, _) => Side::Unknown("no-hash"),
        (Some(_), None) => Side::Unknown("erased"),
        (Some(held), Some(made)) if *held == made => Side::Matches,
        _ => Side::Differs("text"),
    }
}

fn refused(code: &str, status: u16) -> Side {
    let known = Code::ALL.iter().find(|known| known.as_str() == code);
    if known.is_some_and(|known| known.status().as_u16() != status) {
        return Side::Differs("status");
    }
    Side::Unknown("no-hash")
}

/// An answer is kept as the client got it, and its record holds the hash of what the provider sent: where values were
/// put back or another language was spoken, the two differ and neither is wrong.
fn answered(outcome: &Outcome, item: &Item, mac: impl Fn(u32) -> Option<Mac>) -> Side {
    let told_well = (200..300).contains(&item.status) || item.status == UNRECORDED;
    if outcome.end == End::Ok && !told_well {
        return Side::Differs("status");
    }
    let Some(held) = &outcome.mac else { return Side::Unknown("no-hash") };
    let attempts = u32::try_from(outcome.attempts.len()).unwrap_or(u32::MAX);
    let made: Vec<Mac> = (1..=attempts).filter_map(mac).collect();
    match () {
        () if made.is_empty() => Side::Unknown("erased"),
        () if made.contains(held) => Side::Matches,
        () => Side::Unknown("told-otherwise"),
    }
}

impl Side {
    fn words(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Matches => ("matches", None),
            Self::Differs(why) => ("differs", Some(why)),
            Self::Unknown(why) => ("unknown", Some(why)),
        }
    }

    fn json(self) -> Value {
        let (is, why) = self.words();
        json!({ "is": is, "why": why })
    }
}

impl Compared {
    /// Whether the record contradicts what was opened.
    pub(super) fn differs(self) -> bool {
        [self.request, self.answer].iter().any(|side| matches!(side, Side::Differs(_)))
    }

    /// For programs.
    pub(super) fn json(self) -> Value {
        json!({ "request": self.request.json(), "answer": self.answer.json() })
    }

    /// For people: a line for each side.
    pub(super) fn lines(self, lang: Lang) -> String {
        let line = |(of, side): (&str, Side)| {
            let (is, why) = side.words();
            let why = why.map(|why| say(lang, &format!("content-record-why-{why}"), &[])).unwrap_or_default();
            say(lang, "content-record", &[("of", of.to_owned()), ("is", is.to_owned()), ("why", why)])
        };
        [("request", self.request), ("answer", self.answer)].map(line).join("\n")
    }
}
