//! What a scenario changes of the law: a rule or a pack switched on or off, a date or a status moved, a rule in other words,
//! and facts that would be shown.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use jiff::civil::Date;
use policy::pack::{Folder, open};
use policy::{Amended, Amendment, Compiled, PackText, Revision};
use realm::load::{Diagnostic, PackSource, Severity, nearest};
use realm::world::Evidence;
use realm::{PackId, RuleId};

use super::table::{Reading, Table};
use super::{Placed, Scenario, status};
use crate::deep::deep;
use crate::say::MESSAGES;

/// Of what facts are shown, as `[[evidence]]` of a realm names it.
pub(super) const SUBJECTS: [&str; 5] = ["app", "deployment", "model", "organisation", "provider"];

/// The law as it would be, of one rule or of one pack.
#[derive(Debug, Clone)]
pub(crate) struct LawChange {
    pub(crate) of: Placed<Of>,
    /// Whether a pack is in use; none: it is as it is.
    switched: Option<bool>,
    /// What changes in the rule, or in each rule of the pack.
    to: Vec<Amended>,
    /// The rule in other words.
    text: Option<Placed<String>>,
}

/// Of what the law changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Of {
    Rule(RuleId),
    Pack(PackId),
}

/// A fact that would be shown.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) evidence: Evidence,
    pub(super) subject: Range<usize>,
    pub(super) key: Range<usize>,
}

impl Shown {
    /// Where it stands.
    pub(crate) fn span(&self) -> Range<usize> {
        self.subject.clone()
    }
}

/// What is switched on in one place and off in another is neither.
pub(super) fn both_ways(reading: &Reading, laws: &[LawChange]) {
    let switch = |law: &LawChange| {
        let of_rule = |to: &Amended| match to {
            Amended::On => Some(true),
            Amended::Off => Some(false),
            _ => None,
        };
        law.switched.or_else(|| law.to.iter().find_map(of_rule))
    };
    let at_odds = |a: &LawChange, b: &LawChange| match (switch(a), switch(b)) {
        (Some(a), Some(b)) => a != b,
        // What is switched off binds on no day, whatever else would be changed in it.
        (Some(false), None) | (None, Some(false)) => true,
        _ => false,
    };
    for (at, law) in laws.iter().enumerate() {
        if laws[..at].iter().any(|it| it.of.value == law.of.value && at_odds(it, law)) {
            let name = match &law.of.value {
                Of::Rule(id) => id.to_string(),
                Of::Pack(id) => id.to_string(),
            };
            reading.problem("scenario.on_and_off", law.of.span.clone(), &[("name", name)]);
        }
    }
}

/// Packs that the scenario switches on, once they were looked up.
pub(super) type Supplied = BTreeMap<PackId, PackText>;

pub(super) fn law(table: &Table<'_>) -> Option<LawChange> {
    let rule = table.id("rule").map(|it| Placed { value: Of::Rule(it.value), span: it.span });
    let pack = table.id("pack").map(|it| Placed { value: Of::Pack(it.value), span: it.span });
    let on = table.flag("on");
    let from = table.date("from");
    let until = table.date("until");
    let status = table.read("status", "status", |value| status(value.as_str()?));
    let text = table.read("text", "rule_text", |value| value.as_str().map(str::to_owned));
    if from.is_none() && until.is_none() && status.is_none() && text.is_none() && on.is_none() {
        table.reading.problem("scenario.law_unchanged", table.span.clone(), &[]);
    }
    let mut to = Vec::new();
    if matches!((&rule, &on), (Some(_), Some(_))) {
        to.extend(on.as_ref().map(|on| if on.value { Amended::On } else { Amended::Off }));
    }
    if let Some((from, _)) = from.as_ref().zip(until.as_ref()).filter(|(from, until)| from.value > until.value) {
        table.wrong("from", "until_after_from", from.span.clone());
    }
    to.extend(from.as_ref().map(|from| Amended::From(from.value)));
    to.extend(until.as_ref().map(|until| Amended::Until(until.value)));
    to.extend(status.as_ref().map(|it| Amended::Status(it.value)));
    let of = match (rule, pack) {
        (Some(rule), None) => rule,
        (None, Some(pack)) => pack,
        _ => {
            table.reading.problem("scenario.one_law", table.span.clone(), &[]);
            return None;
        }
    };
    let is_pack = matches!(of.value, Of::Pack(_));
    if let Some(text) = text.as_ref().filter(|_| is_pack) {
        table.wrong("text", "of_a_rule", text.span.clone());
    }
    let more = from.is_some() || until.is_some() || status.is_some() || text.is_some();
    if let Some(on) = on.as_ref().filter(|on| !on.value && more) {
        table.wrong("on", if is_pack { "pack_kept" } else { "rule_kept" }, on.span.clone());
    }
    Some(LawChange { of, switched: on.filter(|_| is_pack).map(|on| on.value), to, text })
}

pub(super) fn shown(table: &Table<'_>) -> Option<Shown> {
    let subject = table.require(
        "subject",
        table.read("subject", "subject", |value| {
            let written = value.as_str()?;
            let (kind, id) = written.split_once(':')?;
            (SUBJECTS.contains(&kind) && !id.is_empty()).then(|| written.to_owned())
        }),
    );
    let key = table.require("key", table.text("key"));
    let value = table.require("value", table.text("value"));
    let (subject, key) = (subject?, key?);
    let evidence =
        Evidence { subject: subject.value, key: key.value, value: value?.value, source: None, valid_until: None };
    Some(Shown { evidence, subject: subject.span, key: key.span })
}

/// Without what somebody should merely look at: the drill is refused for the rest.
fn errors(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.retain(|problem| problem.severity == Severity::Error);
    problems
}

impl Scenario {
    /// Looks up the packs that it switches on: those of the realm, or those that come with the program. To be done before
    /// requests are decided again; `today` is for what the packs are checked against.
    ///
    /// # Errors
    /// A pack that is not there, or that a realm could not use, with the places in its files.
    pub fn supply(&mut self, packs: &dyn PackSource, today: Date) -> Result<(), Vec<Diagnostic>> {
        let mut problems = Vec::new();
        for law in self.laws.iter().filter(|law| law.switched == Some(true)) {
            let Of::Pack(id) = &law.of.value else { continue };
            let files = packs.files(id.as_str());
            if files.is_empty() {
                let mut known = packs.ids();
                known.sort();
                let near = nearest(id.as_str(), known.iter().map(String::as_str));
                let problem = Diagnostic::error("scenario.unknown_pack", &MESSAGES).arg("pack", id.as_str());
                let problem = problem.arg("known", known.join(", ")).arg_if("nearest", near);
                problems.push(problem.at(&self.source, law.of.span.clone()));
                continue;
            }
            let files = files.into_iter().map(|(name, bytes)| (name, bytes.into_owned())).collect();
            let folder = Folder { id: id.to_string(), files };
            match deep(|| open(&folder, today)).unwrap_or_else(|| Err(self.lost())) {
                Ok(opened) => drop(self.supplied.insert(id.clone(), opened.text())),
                Err(found) => problems.extend(errors(found)),
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The law of a world as the scenario changes it, dates and status aside; none where it changes nothing there.
    ///
    /// # Errors
    /// What a realm with that law would be told.
    pub(crate) fn law_in(&self, before: &Compiled) -> Result<Option<Compiled>, Vec<Diagnostic>> {
        let packs = self.switches(before);
        let revised = |law: &Compiled, revisions: &[Revision]| law.revised(revisions).map_err(errors);
        let packed = if packs.is_empty() { None } else { Some(revised(before, &packs)?) };
        let now = packed.as_ref().unwrap_or(before);
        let rules: Vec<Revision> = self.laws.iter().filter_map(|law| self.reworded(law, now)).collect();
        if rules.is_empty() {
            return Ok(packed);
        }
        let reworded = revised(now, &rules)?;
        for law in &self.laws {
            let (Of::Rule(id), Some(text)) = (&law.of.value, &law.text) else { continue };
            let same = reworded.rules().len() == now.rules().len() && reworded.rule(id).is_some();
            if now.rule(id).is_some() && !same {
                let problem = Diagnostic::error("scenario.other_rule", &MESSAGES).arg("rule", id.as_str());
                return Err(vec![problem.at(&self.source, text.span.clone())]);
            }
        }
        Ok(Some(reworded))
    }

    /// The law could not be checked at all.
    pub(crate) fn lost(&self) -> Vec<Diagnostic> {
        vec![Diagnostic::error("scenario.lost", &MESSAGES).at(&self.source, 0..0)]
    }

    /// Packs that are not yet as the scenario wants them.
    fn switches(&self, before: &Compiled) -> Vec<Revision> {
        let has = |id: &PackId| before.world().packs.contains_key(id);
        let switch = |law: &LawChange| match (&law.of.value, law.switched) {
            (Of::Pack(id), Some(true)) if !has(id) => {
                self.supplied.get(id).map(|text| Revision::PackOn(Box::new(text.clone())))
            }
            (Of::Pack(id), Some(false)) if has(id) => Some(Revision::PackOff(id.clone())),
            _ => None,
        };
        self.laws.iter().filter_map(switch).collect()
    }

    fn reworded(&self, law: &LawChange, now: &Compiled) -> Option<Revision> {
        let (Of::Rule(id), Some(text)) = (&law.of.value, &law.text) else { return None };
        now.rule(id)?;
        // Its lines are those of the scenario, so that problems name them.
        let text = "\n".repeat(self.lines_before(text)) + &text.value;
        Some(Revision::Rule { id: id.clone(), text, path: PathBuf::from(&self.source.path) })
    }

    /// Lines before the first one of a text: a text of many lines begins on the line after its quotes.
    fn lines_before(&self, text: &Placed<String>) -> usize {
        let written = &self.source.text[text.span.clone()];
        let is_below = ["'''\n", "\"\"\"\n", "'''\r\n", "\"\"\"\r\n"].iter().any(|quotes| written.starts_with(quotes));
        let before = self.source.text[..text.span.start].matches('\n').count();
        before + usize::from(is_below)
    }

    /// What changes in the rules of a law that is otherwise as the scenario wants it.
    pub(crate) fn amendments(&self, law: &Compiled) -> Vec<Amendment> {
        let of = |change: &LawChange| -> Vec<RuleId> {
            let is_meant = |rule: &policy::Rule| match &change.of.value {
                Of::Rule(id) => rule.id == *id,
                Of::Pack(id) => rule.pack.as_ref() == Some(id),
            };
            law.rules().iter().filter(|rule| is_meant(rule)).map(|rule| rule.id.clone()).collect()
        };
        let all = self.laws.iter().flat_map(|change| {
            of(change)
                .into_iter()
                .flat_map(|rule| change.to.iter().map(move |to| Amendment { rule: rule.clone(), to: *to }))
        });
        all.collect()
    }
}
