//! The drill before: what it found, what of that is closed, and what is still open.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Found;
use crate::desk::report::VerdictLine;
use crate::figure::day_if;

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
    /// Whether it asked about the same cuts: else what is closed may only not have been asked.
    pub same_cuts: bool,
    /// What it found and this one does not.
    pub closed: Vec<Closed>,
    /// Margins that it found broken and this one does not have.
    pub not_asked: Vec<Closed>,
}

/// A finding that is there no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closed {
    /// Its key, `critical_stops:claims`.
    pub key: String,
    /// By when it was to be.
    #[serde(serialize_with = "day_if")]
    pub due: Option<Date>,
}

/// The report of an earlier drill, as far as findings are compared.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Before {
    title: String,
    #[serde(default)]
    cut: Option<serde_json::Value>,
    findings: Vec<Earlier>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Earlier {
    task: Option<EarlierTask>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct EarlierTask {
    key: String,
    due: Option<String>,
}

impl EarlierTask {
    fn due(&self) -> Option<Date> {
        self.due.as_deref()?.parse().ok()
    }
}

impl Before {
    /// Reads a report as `--json` and `--out` write it; that of a live drill also as `drill status --json` does.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut report: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if report.get("findings").is_none()
            && let Some(inner) = report.get_mut("report").map(serde_json::Value::take)
        {
            report = inner;
        }
        serde_json::from_value(report).map_err(|error| error.to_string())
    }

    /// Says of each finding how it stands, and what is closed. What is still open keeps its day.
    pub(crate) fn compare<F>(
        &self,
        findings: &mut [Found<F>],
        cut: Option<serde_json::Value>,
        (hypothesis, on): (&[VerdictLine], Option<Date>),
    ) -> Since {
        let earlier = self.findings.iter().filter_map(|it| it.task.as_ref());
        let mut earlier: BTreeMap<&str, Option<Date>> = earlier.map(|it| (it.key.as_str(), it.due())).collect();
        for task in findings.iter_mut().filter_map(|it| it.task.as_mut()) {
            let Some(due) = earlier.remove(task.key.as_str()) else {
                task.standing = Some(Standing::New);
                continue;
            };
            task.due = due.or(task.due);
            let is_over = due.zip(on).is_some_and(|(due, on)| due < on);
            task.standing = Some(if is_over { Standing::Overdue } else { Standing::Open });
        }
        let gone = earlier.into_iter().map(|(key, due)| Closed { key: key.to_owned(), due });
        let is_asked = |closed: &Closed| match closed.key.strip_prefix("not_held:") {
            Some(margin) => hypothesis.iter().any(|line| line.measure.margin() == margin),
            None => true,
        };
        let (closed, not_asked) = gone.partition(is_asked);
        Since { title: self.title.clone(), same_cuts: self.cut == cut, closed, not_asked }
    }
}
