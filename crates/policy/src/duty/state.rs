use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use realm::World;
use realm::load::Lang;
use serde::Serialize;
use serde_json::{Value, json};

use super::Duty;
use crate::compile::MESSAGES;
use crate::explain::table::within;
use crate::explain::text::word;
use crate::schema::{EvidenceKey, EvidenceKind};

/// Values that say that something is not there, though somebody looked.
const NEGATIVE: [&str; 5] = ["none", "no", "missing", "failed", "refused"];

/// Whether the evidence of a realm shows a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// All of it is there for everybody it is asked of.
    Met,
    /// Some of it is not there, or nothing could show it here.
    Unknown,
    /// Somebody looked, and it is not.
    NotMet,
}

impl Met {
    /// The word for it in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Unknown => "unknown_duty",
            Self::NotMet => "not_met",
        }
    }
}

/// A duty and how the realm stands to it on a day.
#[derive(Debug, Clone)]
pub struct Standing<'a> {
    /// The duty.
    pub duty: &'a Duty,
    /// Whether it binds that day.
    pub binds: bool,
    /// Whether it is shown.
    pub met: Met,
    /// Of whom something is asked and not there.
    pub lacking: Vec<Lack>,
}

/// Evidence that somebody or something does not have; written `app:clinic fria`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lack {
    /// Of whom it is asked: `kind:id`.
    pub subject: String,
    /// What is asked.
    pub key: String,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.subject, self.key)
    }
}

/// How a realm stands to duties on a day.
pub fn standing<'a>(duties: impl IntoIterator<Item = &'a Duty>, world: &World, date: Date) -> Vec<Standing<'a>> {
    standing_among(duties, world, date, &|_| true)
}

/// The same of a part of the realm: evidence is asked of those alone whose `kind:id` is in it.
pub fn standing_among<'a>(
    duties: impl IntoIterator<Item = &'a Duty>,
    world: &World,
    date: Date,
    is_in: &dyn Fn(&str) -> bool,
) -> Vec<Standing<'a>> {
    duties.into_iter().map(|duty| one(duty, world, date, is_in)).collect()
}

fn one<'a>(duty: &'a Duty, world: &World, date: Date, is_in: &dyn Fn(&str) -> bool) -> Standing<'a> {
    let mut met = if duty.evidence.is_empty() { Met::Unknown } else { Met::Met };
    let mut lacking = Vec::new();
    for key in &duty.evidence {
        let mut subjects = subjects(world, key.kind);
        subjects.retain(|subject| is_in(subject));
        if subjects.is_empty() {
            met = met.max(Met::Unknown);
        }
        for subject in subjects {
            let state = state_of(value(world, &subject, key, date));
            if state != Met::Met {
                lacking.push(Lack { subject: subject.clone(), key: key.key.clone() });
            }
            met = met.max(state);
        }
    }
    Standing { duty, binds: duty.binds_on(date), met, lacking }
}

/// One piece of evidence, of one of whom it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Of whom: `kind:id`.
    pub subject: String,
    /// Whether it is there.
    pub met: Met,
    /// What the realm says; of what ran out too.
    pub value: Option<String>,
    /// The last day on which that holds, or held.
    pub valid_until: Option<Date>,
}

/// How a realm stands to evidence on a day, of all those in a part of the realm of whom it is asked.
pub fn shown(world: &World, key: &EvidenceKey, date: Date, is_in: &dyn Fn(&str) -> bool) -> Vec<Shown> {
    let one = |subject: String| {
        let said = |it: &&realm::world::Evidence| it.subject == subject && it.key == key.key;
        let held = value(world, &subject, key, date);
        // What ran out last is told where nothing holds.
        let over = world.evidence.iter().filter(said).max_by_key(|it| it.valid_until);
        let it = match held {
            Some(held) => world
                .evidence
                .iter()
                .filter(said)
                .find(|it| it.value == held && it.valid_until.is_none_or(|last| date <= last)),
            None => over,
        };
        let met = state_of(held);
        Shown { met, value: it.map(|it| it.value.clone()), valid_until: it.and_then(|it| it.valid_until), subject }
    };
    subjects(world, key.kind).into_iter().filter(|subject| is_in(subject)).map(one).collect()
}

fn state_of(value: Option<&str>) -> Met {
    match value {
        Some(value) if NEGATIVE.contains(&value) => Met::NotMet,
        Some(_) => Met::Met,
        None => Met::Unknown,
    }
}

/// Of whom evidence of a kind is asked. Of organisations: those that answer for an app, and not their suppliers.
fn subjects(world: &World, kind: EvidenceKind) -> Vec<String> {
    let named = |id: &str| format!("{}:{id}", kind.as_str());
    match kind {
        EvidenceKind::App => world.apps.keys().map(|id| named(id.as_str())).collect(),
        EvidenceKind::Organisation => {
            let own: BTreeSet<&str> = world.apps.values().map(|app| app.organisation.as_str()).collect();
            own.into_iter().map(named).collect()
        }
        EvidenceKind::Model => world.models.keys().map(|id| named(id.as_str())).collect(),
        EvidenceKind::Provider => world.providers.keys().map(|id| named(id.as_str())).collect(),
        EvidenceKind::Deployment => world.deployments.keys().map(|id| named(id.as_str())).collect(),
    }
}

/// The value that holds on a day; of several, one that does not say no.
fn value<'a>(world: &'a World, subject: &str, key: &EvidenceKey, date: Date) -> Option<&'a str> {
    let holding = world.evidence.iter().filter(|it| it.valid_until.is_none_or(|last| date <= last));
    let mut found = holding.filter(|it| it.subject == subject && it.key == key.key).map(|it| it.value.as_str());
    let first = found.next()?;
    if NEGATIVE.contains(&first) { found.find(|value| !NEGATIVE.contains(value)).or(Some(first)) } else { Some(first) }
}

impl Standing<'_> {
    /// For programs.
    pub fn to_json(&self) -> Value {
        let mut all = self.duty.to_json();
        all["binds"] = Value::from(self.binds);
        all["state"] = json!(self.met);
        all["lacking"] = self.lacking.iter().map(ToString::to_string).collect();
        all
    }
}

/// For people: a table, and below it what is lacking.
pub fn to_text(all: &[Standing<'_>], lang: Lang, width: Option<usize>) -> String {
    let heads = ["duty", "state", "from", "status", "scope", "title", "cite"].map(|name| word(lang, name));
    let row = |it: &Standing<'_>| {
        let duty = it.duty;
        vec![
            format!("{}/{}", duty.pack, duty.id),
            word(lang, it.met.as_str()),
            duty.from.map_or("–".to_owned(), |date| date.to_string()),
            word(lang, duty.status.as_str()),
            word(lang, duty.scope.as_str()),
            duty.title(lang).to_owned(),
            duty.cite.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let mut page = within(&heads, &rows, width);
    let count = |met: Met| all.iter().filter(|it| it.met == met).count().to_string();
    let args = [("met", count(Met::Met)), ("not_met", count(Met::NotMet)), ("unknown", count(Met::Unknown))];
    page.push_str(&format!("\n{}\n", MESSAGES.text(lang, "duty.counts", &args).message));
    page
}
