//! The drill before: what it found, what of that is closed, what is still open, and what was not asked again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Found, Task};
use crate::desk::report::{Verdict, VerdictLine};
use crate::figure::day_if;
use crate::scenario::moves_the_screen;

/// Longer than any title or key of ours.
const TEXT_MAX: usize = 500;

/// Kinds of findings whose keys name an app: what was found of one is closed only where it was in use again.
const OF_APPS: [&str; 8] =
    ["critical_stops", "stops", "not_in_time", "passed", "rto", "stopped", "no_fallback", "fallback_failed"];

/// How a finding stands beside the drill before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// That one did not find it.
    New,
    /// It did, and its day has not come.
    Open,
    /// It did, and its day is over.
    Overdue,
}

/// What became of the findings of the drill before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Since {
    /// Its title.
    pub title: String,
    /// Whether it asked the same: of the same kind of drill, the same cuts, law, prices and traffic. Else nothing counts as closed.
    pub same_question: bool,
    /// Whether requests were decided in the realm of then: what was mended since shows in newer traffic only.
    pub as_recorded: bool,
    /// What it found and this one does not, though it asked.
    pub closed: Vec<Closed>,
    /// What it found and this one did not ask about. It stays as it was, for the next one.
    pub not_asked: Vec<Closed>,
}

/// A finding of the drill before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closed {
    /// Its key, `critical_stops:claims`.
    pub key: String,
    /// By when it was to be.
    #[serde(serialize_with = "day_if")]
    pub due: Option<Date>,
}

/// What a drill asked, as far as it decides what can be closed.
pub(crate) struct Asked<'a> {
    /// Names the question.
    pub(crate) question: &'a str,
    /// The margins, as they fared.
    pub(crate) hypothesis: &'a [VerdictLine],
    /// The apps of which there was use.
    pub(crate) used: BTreeSet<&'a str>,
    /// The day of the drill.
    pub(crate) on: Option<Date>,
}

/// The report of an earlier drill, as far as findings are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    title: String,
    question: Option<String>,
    tasks: BTreeMap<String, Earlier>,
}

/// A finding of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Earlier {
    due: Option<Date>,
    about: Vec<String>,
}

/// As a report writes them.
#[derive(Deserialize)]
struct Written {
    title: String,
    question: Option<String>,
    findings: Vec<WrittenFinding>,
    since: Option<WrittenSince>,
}

#[derive(Deserialize)]
struct WrittenFinding {
    // Nothing to do, or a report of before there were tasks: those are told apart.
    task: Value,
}

#[derive(Deserialize)]
struct WrittenSince {
    not_asked: Vec<WrittenTask>,
}

#[derive(Deserialize)]
struct WrittenTask {
    key: String,
    due: Option<String>,
    #[serde(default)]
    about: Vec<String>,
}

impl WrittenTask {
    fn read(self) -> Result<(String, Earlier), String> {
        let texts = || self.about.iter().chain([&self.key]);
        texts().try_for_each(|text| plain(text))?;
        let day = |text: &str| text.parse::<Date>().map_err(|_| format!("due: {text:?}"));
        let due = self.due.as_deref().map(day).transpose()?;
        Ok((self.key, Earlier { due, about: self.about }))
    }
}

/// Whether a text can stand in a report.
fn plain(text: &str) -> Result<(), String> {
    let fits = text.len() <= TEXT_MAX && !text.chars().any(moves_the_screen);
    if fits { Ok(()) } else { Err(format!("{:?}", text.chars().take(40).collect::<String>())) }
}

impl Before {
    /// Reads a report as `--json` and `--out` write it; that of a live drill also as `drill status --json` does.
    ///
    /// # Errors
    /// What is wrong with it, for people: no report of this version, a day that is none, a text that would move the screen.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut report: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if report.get("findings").is_none()
            && let Some(inner) = report.get_mut("report").map(Value::take)
        {
            report = inner;
        }
        if !report.is_object() {
            return Err("{ … }".to_owned());
        }
        let written: Written = serde_json::from_value(report).map_err(|error| error.to_string())?;
        plain(&written.title)?;
        let tasks = written.findings.into_iter().map(|it| it.task).filter(|it| !it.is_null());
        let tasks = tasks.map(|it| serde_json::from_value::<WrittenTask>(it).map_err(|error| error.to_string()));
        let carried = written.since.into_iter().flat_map(|it| it.not_asked).map(Ok);
        let read = carried.chain(tasks).map(|it| it?.read());
        Ok(Self { title: written.title, question: written.question, tasks: read.collect::<Result<_, _>>()? })
    }

    /// Says of each finding how it stands, what is closed, and what was not asked again. What is still open keeps its day.
    pub(crate) fn compare<F>(&self, findings: &mut [Found<F>], asked: &Asked<'_>) -> Since {
        let mut earlier: BTreeMap<&str, &Earlier> = self.tasks.iter().map(|(key, it)| (key.as_str(), it)).collect();
        let mut gone: Vec<Closed> = Vec::new();
        for task in findings.iter_mut().filter_map(|it| it.task.as_mut()) {
            task.standing = Some(Standing::New);
            let Some(same) = earlier.remove(task.key.as_str()) else { continue };
            let (still, parts): (Vec<_>, Vec<_>) = same.about.iter().partition(|it| task.about.contains(it));
            gone.extend(parts.into_iter().map(|it| Closed { key: format!("{}:{it}", task.key), due: same.due }));
            if !still.is_empty() || same.about.is_empty() {
                stays(task, same.due, asked.on);
            }
        }
        gone.extend(earlier.into_iter().map(|(key, it)| Closed { key: key.to_owned(), due: it.due }));
        let same_question = self.question.as_deref() == Some(asked.question);
        let (closed, not_asked) = gone.into_iter().partition(|it| same_question && asked.about(it));
        Since { title: self.title.clone(), same_question, as_recorded: false, closed, not_asked }
    }
}

/// It was found before, too: it keeps its day, for to drill again is no delay.
fn stays(task: &mut Task, due: Option<Date>, on: Option<Date>) {
    task.due = due.or(task.due);
    let is_over = due.zip(on).is_some_and(|(due, on)| due < on);
    task.standing = Some(if is_over { Standing::Overdue } else { Standing::Open });
}

impl Asked<'_> {
    /// Whether it looked where something was found: a margin that it measured, use of the app.
    fn about(&self, closed: &Closed) -> bool {
        let fared = |margin: &str| self.hypothesis.iter().find(|line| line.measure.margin() == margin);
        match closed.key.split_once(':') {
            Some(("not_held" | "not_measured", margin)) => {
                fared(margin).is_some_and(|line| line.verdict != Verdict::Unknown)
            }
            Some((kind, app)) if OF_APPS.contains(&kind) => {
                self.used.contains(app.split_once('/').map_or(app, |(app, _)| app))
            }
            _ => !self.used.is_empty(),
        }
    }
}
