use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use jiff::civil::Date;
use realm::ClassSet;
use realm::load::{Diagnostic, nearest};
use toml::de::DeValue;

use super::given::Given;
use super::read::{Reading, Table};
use super::world::{Facts, KINDS};

/// What a case expects of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Expected {
    /// It has nothing against it.
    Pass,
    /// It forbids; a duty is owed.
    Fail,
    /// It lacks a fact.
    Unknown,
    /// It would forbid or lack a fact, and does not bind that day.
    Shadow,
}

impl Expected {
    const WORDS: [(&'static str, Self); 4] =
        [("pass", Self::Pass), ("fail", Self::Fail), ("unknown", Self::Unknown), ("shadow", Self::Shadow)];

    /// The word used in cases.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, it)| *it == self).map_or("", |(word, _)| word)
    }
}

/// One golden case: facts, and what a rule says of them on some days.
#[derive(Debug, Clone)]
pub struct Case {
    /// Which rule, as written.
    pub rule: String,
    /// What it shows.
    pub name: String,
    /// Its file, relative to the folder that holds the pack's.
    pub file: std::path::PathBuf,
    /// The line it begins in.
    pub line: usize,
    /// What is expected on which day; `None`: on the rule's first day.
    pub days: Vec<(Option<Date>, Expected)>,
    /// Classes that are present.
    pub classes: ClassSet,
    /// One of the app's purposes; the app's first where it says nothing.
    pub purpose: Option<String>,
    /// Where the user is.
    pub user: Option<String>,
    pub(super) facts: Facts,
}

/// The cases of one file.
pub(super) fn read(path: &Path, text: &str, problems: &mut Vec<Diagnostic>) -> Vec<Case> {
    let reading = Reading::new(path, text);
    let mut cases: Vec<Case> = Vec::new();
    {
        let document = reading.document();
        let top = Table::new(&reading, "cases", 0..0, document.get_ref());
        let base = top.read("base", "[base]", DeValue::as_table);
        let base = base.map(|fields| {
            let table = Table::new(&reading, "base", 0..0, fields);
            let facts = facts(&table);
            table.finish();
            facts
        });
        for table in top.many("case") {
            if let Some(case) = one(&table, path, base.as_ref(), &cases) {
                cases.extend(case);
            }
            table.finish();
        }
        top.finish();
    }
    problems.extend(reading.problems.into_inner());
    cases
}

/// A case, or several of them where it varies something.
fn one(table: &Table<'_>, path: &Path, base: Option<&Facts>, earlier: &[Case]) -> Option<Vec<Case>> {
    let rule = table.require("rule", table.text("rule"));
    let name = table.require("name", table.text("name"));
    let like = like(table, rule.as_deref(), earlier);
    let facts = facts(table);
    let under = like.map_or_else(|| base.cloned().unwrap_or_default(), |case| case.facts.clone());
    let classes = classes(table).or_else(|| like.map(|case| case.classes)).unwrap_or(ClassSet::EMPTY);
    let purpose = table.text("purpose").or_else(|| like.and_then(|case| case.purpose.clone()));
    let user = table.text("user").or_else(|| like.and_then(|case| case.user.clone()));
    let days = days(table);
    let line = table.reading.source.line_column(table.span.start).0;
    let vary = vary(table);
    let file = path.to_owned();
    let case = Case { rule: rule?, name: name?, file, line, days, classes, purpose, user, facts: under.under(&facts) };
    Some(if vary.is_empty() { vec![case] } else { vary.into_iter().map(|(at, value)| case.with(&at, value)).collect() })
}

impl Case {
    /// The same with one thing else.
    fn with(&self, at: &str, value: Given) -> Self {
        let mut case = self.clone();
        case.name = format!("{} ({at} = {value})", self.name);
        match (at, value.text()) {
            ("purpose", Some(text)) => case.purpose = Some(text.to_owned()),
            ("user", Some(text)) => case.user = Some(text.to_owned()),
            ("classes", Some(text)) => case.classes = text.parse::<realm::DataClass>().into_iter().collect(),
            _ => match at.split_once('.') {
                Some(("evidence", key)) => drop(case.facts.evidence.insert(key.to_owned(), value)),
                Some((kind, field)) => {
                    let table = case.facts.tables.entry(kind.to_owned()).or_default();
                    table.insert(field.to_owned(), value);
                }
                None => {}
            },
        }
        case
    }
}

fn like<'a>(table: &Table<'_>, rule: Option<&str>, earlier: &'a [Case]) -> Option<&'a Case> {
    let value = table.get("like")?;
    let wanted = value.get_ref().as_str().unwrap_or_default();
    let found = earlier.iter().find(|case| case.name == wanted && Some(case.rule.as_str()) == rule);
    let found = found.or_else(|| earlier.iter().find(|case| case.name == wanted));
    if found.is_none() {
        let mut args = vec![("name", wanted.to_owned())];
        let near = nearest(wanted, earlier.iter().map(|case| case.name.as_str()));
        args.extend(near.map(|near| ("nearest", near)));
        table.reading.problem("policy.case_like", value.span(), &args);
    }
    found
}

fn facts(table: &Table<'_>) -> Facts {
    let mut facts = Facts::default();
    for (kind, _) in KINDS {
        let Some(fields) = table.read(kind, "{ field = value }", DeValue::as_table) else { continue };
        let one = fields.iter().map(|(field, value)| (field.get_ref().to_string(), Given::of(value.get_ref())));
        facts.tables.insert(kind.to_owned(), one.collect());
    }
    if let Some(fields) = table.read("evidence", "{ \"kind.key\" = \"value\" }", DeValue::as_table) {
        let one = fields.iter().map(|(key, value)| (key.get_ref().to_string(), Given::of(value.get_ref())));
        facts.evidence = one.collect();
    }
    facts
}

fn classes(table: &Table<'_>) -> Option<ClassSet> {
    table.read("classes", "[\"personal\", …]", |value| {
        value.as_array()?.iter().map(|it| it.get_ref().as_str()?.parse::<realm::DataClass>().ok()).collect()
    })
}

/// `expect` on one day, or `on` several.
fn days(table: &Table<'_>) -> Vec<(Option<Date>, Expected)> {
    let expect = table.word("expect", &Expected::WORDS);
    let date = table.date("date");
    let on = table.read("on", "{ 2026-12-02 = \"fail\" }", |value| {
        let one = |(day, word): (&toml::Spanned<std::borrow::Cow<'_, str>>, &toml::Spanned<DeValue<'_>>)| {
            let word = word.get_ref().as_str()?;
            let expected = Expected::WORDS.iter().find(|(name, _)| *name == word)?.1;
            Some((Some(Date::from_str(day.get_ref()).ok()?), expected))
        };
        value.as_table()?.iter().map(one).collect::<Option<Vec<_>>>()
    });
    match (expect, on) {
        (Some(expected), None) => vec![(date, expected)],
        (None, Some(days)) => days,
        _ => {
            table.reading.problem("policy.case_days", table.span.clone(), &[]);
            Vec::new()
        }
    }
}

/// What takes several values in turn.
fn vary(table: &Table<'_>) -> Vec<(String, Given)> {
    let values = table.read("vary", "{ \"app.risk_tier\" = [\"high\", …] }", |value| {
        let mut all: BTreeMap<String, Vec<Given>> = BTreeMap::new();
        for (at, values) in value.as_table()?.iter() {
            let values = values.get_ref().as_array()?.iter().map(|it| Given::of(it.get_ref())).collect();
            all.insert(at.get_ref().to_string(), values);
        }
        Some(all)
    });
    let all = values.unwrap_or_default().into_iter();
    all.flat_map(|(at, values)| values.into_iter().map(move |value| (at.clone(), value))).collect()
}
