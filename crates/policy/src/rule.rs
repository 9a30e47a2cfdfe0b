use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;
use realm::load::{Lang, Source};
use realm::{PackId, RuleId};
use serde::Serialize;

use crate::schema::EvidenceKey;
use crate::texts::{Texts, Told};

/// One rule: a Cedar policy and what its annotations say.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `@id`, unique in a snapshot.
    pub id: RuleId,
    /// The id again, as records hold it: cloning it copies no text.
    pub rule_ref: Arc<str>,
    /// `@title`; empty only in an operator's permit that has none.
    pub title: Arc<str>,
    /// `@cite`: the text of law or the decision it stands on; empty only in an operator's permit that has none.
    pub cite: Arc<str>,
    /// `@status`; in force where an operator's rule says nothing.
    pub status: Status,
    /// `@from`: the first day on which it applies.
    pub from: Option<Date>,
    /// `@until`: the last day on which it applies.
    pub until: Option<Date>,
    /// `@verified_on`: when somebody last compared it with the text it cites.
    pub verified_on: Option<Date>,
    /// The pack it comes from; `None` for the operator's own.
    pub pack: Option<PackId>,
    /// Whether it permits or forbids.
    pub effect: Effect,
    /// `@obligation`: what it demands; only on rules of the action `oblige`, and on all of them.
    pub obligation: Option<ObligationKind>,
    /// How many people must agree, where it demands an approval; else 1.
    pub approvers: u32,
    /// Within how many hours somebody is to be told, where it demands that and says so.
    pub within_hours: Option<u32>,
    /// `@evidence`: the facts it asks the realm for.
    pub evidence: Vec<EvidenceKey>,
    /// What it says to people, where its pack has texts.
    pub texts: Option<Arc<Texts>>,
    /// Its file, relative to the realm directory.
    pub file: PathBuf,
    /// The line of its first annotation.
    pub line: usize,
    /// The whole file and the bytes of it that are this rule.
    pub(crate) source: Arc<Source>,
    pub(crate) span: Range<usize>,
    /// Which actions it decides about.
    pub(crate) acts: Acts,
}

/// Whether a rule permits or forbids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// It permits.
    Permit,
    /// It forbids.
    Forbid,
}

/// How far a rule has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It binds, between its dates.
    InForce,
    /// It is proposed: shadow only.
    Draft,
    /// It is advice: shadow only.
    Voluntary,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::InForce, Self::Draft, Self::Voluntary];

    /// The word used in `@status`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Draft => "draft",
            Self::Voluntary => "voluntary",
        }
    }
}

/// What a rule of the action `oblige` demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ObligationKind {
    /// Say that an answer comes from a machine.
    Label,
    /// Keep records for a time.
    Retain,
    /// Tell somebody.
    Notify,
    /// Have somebody agree.
    Approval,
    /// Hold a proof.
    Evidence,
}

impl ObligationKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Label, Self::Retain, Self::Notify, Self::Approval, Self::Evidence];

    /// The word used in `@obligation`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Retain => "retain",
            Self::Notify => "notify",
            Self::Approval => "approval",
            Self::Evidence => "evidence",
        }
    }
}

/// The actions a rule bears on. A rule either decides or obliges, never both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Acts {
    pub infer: bool,
    pub disclose: bool,
    pub oblige: bool,
}

impl Rule {
    /// Whether the rule binds on a day. One that does not is evaluated in shadow.
    pub fn binds_on(&self, date: Date) -> bool {
        self.status == Status::InForce
            && self.from.is_none_or(|from| from <= date)
            && self.until.is_none_or(|until| date <= until)
    }

    /// The first day after `date` on which it begins to bind or binds no more.
    pub fn next_change(&self, date: Date) -> Option<Date> {
        next_change(self.status, self.from, self.until, date)
    }

    /// Whether its conditions may ask which day it is: they name `context` otherwise than for another of its facts.
    pub(crate) fn asks_date(&self) -> bool {
        let text: String = self.text().split_whitespace().collect();
        text.split("context").skip(1).any(|rest| {
            let fact = rest.strip_prefix('.');
            fact.is_none_or(|fact| fact.starts_with("date"))
        })
    }

    /// What it says to people in a language, where its pack has texts.
    pub fn told(&self, lang: Lang) -> Option<&Told> {
        self.texts.as_ref().map(|texts| texts.told(lang))
    }

    /// Its title in a language; as annotated where its pack has no texts.
    pub fn title_in(&self, lang: Lang) -> &str {
        self.told(lang).map_or(&self.title, |told| &told.title)
    }

    /// The first line: enough to point at it without underlining all of it.
    pub(crate) fn head(&self) -> Range<usize> {
        self.span.start..self.span.start + self.text().lines().next().map_or(0, str::len)
    }

    /// The rule as written, annotations included.
    pub fn text(&self) -> &str {
        self.source.text.get(self.span.clone()).unwrap_or_default()
    }
}

/// The first day after `date` on which something in force begins, or is over; what is no law has none.
pub(crate) fn next_change(status: Status, from: Option<Date>, until: Option<Date>, date: Date) -> Option<Date> {
    let over = until.and_then(|last| last.tomorrow().ok());
    let days = from.into_iter().chain(over).filter(|day| *day > date);
    if status == Status::InForce { days.min() } else { None }
}

// Two rules with the same id cannot be in one snapshot, so the id tells them apart.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}
