//! The duties of a law that no rule decides by the request: `catalogue.toml` of a pack, and what of it a realm can show.

mod framework;
mod show;
mod state;

use std::path::PathBuf;
use std::str::FromStr;

use jiff::civil::Date;
use realm::PackId;
use realm::load::{Diagnostic, Lang};
use realm::world::{Pack, World};
use serde_json::{Value, json};

pub use framework::{Abroad, Assessed, Assessment, Criterion, Framework, Objective, ObjectiveScore};
pub use state::{Lack, Met, Shown, Standing, shown, standing, standing_among, to_text};

use crate::pack::{Reading, Table};
use crate::rule::{Status, next_change};
use crate::schema::EvidenceKey;

/// What a duty is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Each request.
    Request,
    /// A model served in a place, before or while it is used.
    Deployment,
    /// Whoever is responsible.
    Organisation,
    /// A day by which something is due.
    Calendar,
}

impl Scope {
    const WORDS: [(&'static str, Self); 4] = [
        ("request", Self::Request),
        ("deployment", Self::Deployment),
        ("organisation", Self::Organisation),
        ("calendar", Self::Calendar),
    ];

    /// The word used in catalogues.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, it)| *it == self).map_or("", |(word, _)| word)
    }
}

/// One duty of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Its id, unique in the catalogue.
    pub id: String,
    /// The pack whose catalogue it stands in.
    pub pack: PackId,
    /// What it demands, in English.
    pub en: String,
    /// The same in Russian.
    pub ru: String,
    /// Where it is written.
    pub cite: String,
    /// How far it has come.
    pub status: Status,
    /// The first day on which it binds.
    pub from: Option<Date>,
    /// The last one.
    pub until: Option<Date>,
    /// When somebody last compared it with the text it cites.
    pub verified_on: Option<Date>,
    /// What it is about.
    pub scope: Scope,
    /// Evidence that would show it.
    pub evidence: Vec<EvidenceKey>,
    /// Its file, relative to the realm directory.
    pub file: PathBuf,
    /// The line it begins in.
    pub line: usize,
}

/// A catalogue as read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalogue {
    pub(crate) duties: Vec<Duty>,
    pub(crate) framework: Option<Framework>,
}

impl Duty {
    /// What it demands, in a language.
    pub fn title(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Ru => &self.ru,
        }
    }

    /// Whether it binds on a day.
    pub fn binds_on(&self, date: Date) -> bool {
        self.status == Status::InForce
            && self.from.is_none_or(|from| from <= date)
            && self.until.is_none_or(|until| date <= until)
    }

    /// The first day after `date` on which it begins to bind or binds no more.
    pub fn next_change(&self, date: Date) -> Option<Date> {
        next_change(self.status, self.from, self.until, date)
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let day = |date: Option<Date>| date.map(|date| date.to_string());
        json!({
            "id": self.id,
            "pack": self.pack,
            "title": { "en": self.en, "ru": self.ru },
            "cite": self.cite,
            "status": self.status,
            "from": day(self.from),
            "until": day(self.until),
            "verified_on": day(self.verified_on),
            "scope": self.scope,
            "evidence": self.evidence.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    }
}

/// The catalogues of a world's packs.
pub(crate) fn catalogues(world: &World, problems: &mut Vec<Diagnostic>) -> Vec<Catalogue> {
    world.packs.values().filter_map(|pack| read(pack, problems)).collect()
}

fn read(pack: &Pack, problems: &mut Vec<Diagnostic>) -> Option<Catalogue> {
    let file = pack.catalogue.as_ref()?;
    let reading = Reading::new(&file.path, &file.text);
    let mut catalogue = Catalogue::default();
    {
        let document = reading.document();
        let top = Table::new(&reading, "catalogue", 0..0, document.get_ref());
        for table in top.many("duty") {
            let Some(duty) = duty(&table, pack) else { continue };
            if catalogue.duties.iter().any(|other| other.id == duty.id) {
                reading.problem("policy.duty_twice", table.span.clone(), &[("id", duty.id)]);
            } else {
                catalogue.duties.push(duty);
            }
        }
        catalogue.framework = framework::read(&top, pack);
        top.finish();
    }
    problems.extend(reading.problems.into_inner());
    Some(catalogue)
}

fn duty(table: &Table<'_>, pack: &Pack) -> Option<Duty> {
    let id = table.require("id", table.text("id"));
    let en = table.require("en", table.text("en"));
    let ru = table.require("ru", table.text("ru"));
    let cite = table.require("cite", table.text("cite"));
    let words = Status::ALL.map(|status| (status.as_str(), status));
    let status = table.require("status", table.word("status", &words));
    let scope = table.require("scope", table.word("scope", &Scope::WORDS));
    let (from, until, verified_on) = (table.date("from"), table.date("until"), table.date("verified_on"));
    let mut evidence = Vec::new();
    for word in table.texts("evidence") {
        match EvidenceKey::from_str(&word) {
            Ok(key) => evidence.push(key),
            Err(_) => {
                let args = [("value", word)];
                table.reading.problem("policy.bad_evidence_key", table.span.clone(), &args);
            }
        }
    }
    table.finish();
    if status == Some(Status::InForce) && (verified_on.is_none() || from.is_none()) {
        let args = [("id", id.clone().unwrap_or_default())];
        table.reading.problem("policy.duty_unverified", table.span.clone(), &args);
    }
    let line = table.reading.source.line_column(table.span.start).0;
    let file = table.reading.source.path.clone();
    let pack = pack.id.clone();
    let (id, en, ru, cite, status, scope) = (id?, en?, ru?, cite?, status?, scope?);
    Some(Duty { id, pack, en, ru, cite, status, from, until, verified_on, scope, evidence, file, line })
}
