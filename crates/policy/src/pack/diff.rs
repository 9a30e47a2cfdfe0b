use std::collections::BTreeSet;

use jiff::civil::Date;
use realm::load::Lang;
use serde::Serialize;

use super::open::Opened;
use crate::compile::MESSAGES;
use crate::rule::Rule;

/// What differs between two versions of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// The older version's id and version.
    pub was: String,
    /// The newer version's.
    pub is: String,
    /// Rules that only the newer has.
    pub added: Vec<String>,
    /// Rules that only the older has.
    pub removed: Vec<String>,
    /// Rules of both that differ.
    pub changed: Vec<(String, Vec<Change>)>,
}

/// One thing that differs in a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What: an annotation's name, `text` of the conditions, or a text for people with its language.
    pub what: String,
    /// How it was.
    pub was: String,
    /// How it is.
    pub is: String,
}

/// Compares two packs, rule by rule.
pub fn diff(was: &Opened, is: &Opened) -> Diff {
    let (old, new) = (rules(was), rules(is));
    let ids = |rules: &[&Rule]| rules.iter().map(|rule| rule.id.to_string()).collect::<BTreeSet<_>>();
    let (old_ids, new_ids) = (ids(&old), ids(&new));
    let find = |rules: &[&Rule], id: &str| rules.iter().position(|rule| rule.id.as_str() == id);
    let mut changed = Vec::new();
    for id in old_ids.intersection(&new_ids) {
        let (Some(one), Some(other)) = (find(&old, id), find(&new, id)) else { continue };
        let changes = changes(old[one], new[other]);
        if !changes.is_empty() {
            changed.push((id.clone(), changes));
        }
    }
    let named = |opened: &Opened| format!("{} {}", opened.pack.id, opened.pack.version);
    Diff {
        was: named(was),
        is: named(is),
        added: new_ids.difference(&old_ids).cloned().collect(),
        removed: old_ids.difference(&new_ids).cloned().collect(),
        changed,
    }
}

fn rules(opened: &Opened) -> Vec<&Rule> {
    opened.compiled.rules().iter().map(AsRef::as_ref).filter(|rule: &&Rule| rule.pack.is_some()).collect()
}

fn changes(was: &Rule, is: &Rule) -> Vec<Change> {
    let (old, new) = (parts(was), parts(is));
    let differing = old.into_iter().zip(new).filter(|((_, was), (_, is))| was != is);
    differing.map(|((what, was), (_, is))| Change { what, was, is }).collect()
}

/// Everything a rule says, in one order.
fn parts(rule: &Rule) -> Vec<(String, String)> {
    let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let keys: Vec<String> = rule.evidence.iter().map(ToString::to_string).collect();
    let duty = rule.obligation.map_or("", |kind| kind.as_str());
    let mut all = vec![
        ("title".to_owned(), rule.title.to_string()),
        ("cite".to_owned(), rule.cite.to_string()),
        ("status".to_owned(), rule.status.as_str().to_owned()),
        ("from".to_owned(), day(rule.from)),
        ("until".to_owned(), day(rule.until)),
        ("verified_on".to_owned(), day(rule.verified_on)),
        ("obligation".to_owned(), duty.to_owned()),
        ("evidence".to_owned(), keys.join(", ")),
        ("text".to_owned(), conditions(rule)),
    ];
    for (name, lang) in [("en", Lang::En), ("ru", Lang::Ru)] {
        let told = rule.told(lang).cloned().unwrap_or_default();
        all.push((format!("plain ({name})"), told.plain));
        all.push((format!("remedy ({name})"), told.remedy));
    }
    all
}

/// The rule without its annotations, however it is laid out.
fn conditions(rule: &Rule) -> String {
    let text = rule.text();
    let start = text.find("forbid").unwrap_or(0);
    let body = text
        .match_indices("forbid")
        .map(|(at, _)| at)
        .find(|at| text[*at..].trim_start_matches("forbid").trim_start().starts_with('('));
    text[body.unwrap_or(start)..].split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Diff {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }

    /// For people.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut page = format!("{} → {}\n", self.was, self.is);
        let one = |mark: &str, id: &String| format!("{mark} {id}\n");
        page.extend(self.added.iter().map(|id| one("+", id)));
        page.extend(self.removed.iter().map(|id| one("-", id)));
        for (id, changes) in &self.changed {
            page.push_str(&one("~", id));
            for change in changes {
                page.push_str(&format!("    {}\n      - {}\n      + {}\n", change.what, change.was, change.is));
            }
        }
        if self.is_empty() {
            page.push_str(&MESSAGES.text(lang, "pack.same", &[]).message);
            page.push('\n');
        }
        page
    }
}
