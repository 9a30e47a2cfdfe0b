use std::path::PathBuf;

use jiff::civil::Date;
use realm::RuleId;
use realm::load::Lang;
use serde::Serialize;

use super::case::Expected;
use super::complete::Missing;
use crate::compile::MESSAGES;

/// What the golden cases of a pack say about its rules.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The pack.
    pub pack: String,
    /// Its version.
    pub version: String,
    /// Rule by rule, in the order written.
    pub rules: Vec<OfRule>,
    /// Cases that could not be tried, with the reason: a rule that is not there, a world that does not load.
    pub broken: Vec<Broken>,
}

/// What the cases say about one rule.
#[derive(Debug, Serialize)]
pub struct OfRule {
    /// The rule.
    pub rule: RuleId,
    /// Days of cases that were tried.
    pub tried: usize,
    /// Those that came out otherwise than expected.
    pub failed: Vec<Failed>,
    /// Kinds of case that are not there.
    pub missing: Vec<Missing>,
    /// Changed rules that were tried.
    pub mutants: usize,
    /// What was changed in those that no case noticed.
    pub unnoticed: Vec<String>,
}

/// A case that came out otherwise.
#[derive(Debug, Serialize)]
pub struct Failed {
    /// Its name.
    pub case: String,
    /// Its file.
    pub file: PathBuf,
    /// Its line.
    pub line: usize,
    /// The day.
    pub date: String,
    /// What it expects.
    pub expected: Expected,
    /// What came out.
    pub found: Expected,
    /// The fact that is missing where something is unknown.
    pub fact: Option<String>,
}

/// A case that could not be tried.
#[derive(Debug, Serialize)]
pub struct Broken {
    /// Its name.
    pub case: String,
    /// Its file.
    pub file: PathBuf,
    /// Its line.
    pub line: usize,
    /// Why.
    pub why: String,
}

impl Report {
    /// Whether every case came out as expected, no kind of case is missing, and every change was noticed.
    pub fn is_good(&self) -> bool {
        self.broken.is_empty() && self.rules.iter().all(OfRule::is_good)
    }

    /// For people: a line a rule, and what is wrong below it.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut page = String::new();
        for rule in &self.rules {
            page.push_str(&rule.to_text(lang));
        }
        for broken in &self.broken {
            let place = format!("{}:{}", broken.file.display(), broken.line);
            page.push_str(&say(
                lang,
                "broken",
                &[("place", place), ("case", broken.case.clone()), ("why", broken.why.clone())],
            ));
        }
        let count = |of: fn(&OfRule) -> usize| self.rules.iter().map(of).sum::<usize>().to_string();
        let args = [
            ("pack", self.pack.clone()),
            ("version", self.version.clone()),
            ("rules", self.rules.len().to_string()),
            ("cases", count(|rule| rule.tried)),
            ("mutants", count(|rule| rule.mutants)),
        ];
        page.push_str(&say(lang, if self.is_good() { "good" } else { "bad" }, &args));
        page
    }
}

impl OfRule {
    fn is_good(&self) -> bool {
        self.failed.is_empty() && self.missing.is_empty() && self.unnoticed.is_empty()
    }

    fn to_text(&self, lang: Lang) -> String {
        let mark = if self.is_good() { "✔" } else { "✘" };
        let counts = [("tried", self.tried.to_string()), ("mutants", self.mutants.to_string())];
        let mut page = format!("{mark} {}: {}", self.rule, say(lang, "rule", &counts));
        for failed in &self.failed {
            let place = format!("{}:{}", failed.file.display(), failed.line);
            let found = failed
                .fact
                .as_ref()
                .map_or_else(|| failed.found.as_str().to_owned(), |fact| format!("{} ({fact})", failed.found.as_str()));
            let args = [
                ("place", place),
                ("case", failed.case.clone()),
                ("date", failed.date.clone()),
                ("expected", failed.expected.as_str().to_owned()),
                ("found", found),
            ];
            page.push_str(&say(lang, "failed", &args));
        }
        for missing in &self.missing {
            let date = missing.date().map(|date: Date| date.to_string()).unwrap_or_default();
            page.push_str(&say(lang, &format!("missing_{}", missing.as_str()), &[("date", date)]));
        }
        for change in &self.unnoticed {
            page.push_str(&say(lang, "unnoticed", &[("change", change.clone())]));
        }
        page
    }
}

fn say(lang: Lang, name: &str, args: &[(&'static str, String)]) -> String {
    MESSAGES.text(lang, &format!("pack.{name}"), args).message + "\n"
}
