use std::collections::BTreeSet;

use jiff::civil::Date;
use realm::load::Lang;
use realm::{AppId, ClassSet, DataClass, DeploymentId, RouteId};
use serde_json::{Value, json};

use super::table::table;
use super::text::word;
use super::{Question, targets};
use crate::compiled::Compiled;
use crate::decision::{Decision, Verdict};

/// The whole permission matrix of a realm on one day: who may send what where.
///
/// A line per app, route and deployment; a cell for a request without any class, and one for each class. Made
/// for the app's first purpose and an end user of whom nothing is known. The same rules give the same text,
/// so that a change of law shows as a difference that people can read.
#[derive(Debug)]
pub struct Matrix {
    date: Date,
    lines: Vec<Line>,
}

/// One app, one of its routes, one of the route's deployments.
#[derive(Debug)]
pub struct Line {
    /// Who asks.
    pub app: AppId,
    /// By which name.
    pub route: RouteId,
    /// Where it goes.
    pub deployment: DeploymentId,
    /// Without any class, then each class of `DataClass::ALL`.
    pub cells: Vec<Cell>,
    /// The forbids behind every cell that is not a plain permit, by id.
    pub rules: BTreeSet<String>,
}

/// What becomes of a request with one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// What is decided.
    pub tone: Tone,
    /// Whether a forbid could not be evaluated.
    pub unknown: bool,
    /// Whether shadow rules would decide otherwise.
    pub shadow: bool,
    /// Whether a sandbox set a rule aside that would have decided otherwise.
    pub exempt: bool,
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It goes as it is.
    Permit,
    /// It goes without the class where that can be located; otherwise it does not go.
    Redact,
    /// It does not go.
    Deny,
}

impl Matrix {
    /// Decides about every app, route, deployment and class.
    pub fn of(compiled: &Compiled, date: Date) -> Self {
        Self::of_those(compiled, date, |_| true)
    }

    /// The same about some apps: each takes its time.
    pub fn of_those(compiled: &Compiled, date: Date, wanted: impl Fn(&AppId) -> bool) -> Self {
        let mut lines = Vec::new();
        for app in compiled.world().apps.values().filter(|app| wanted(&app.id)) {
            for route in compiled.world().routes_of(app) {
                for deployment in targets(route) {
                    let purpose = app.purposes.first().map_or("", String::as_str);
                    let (cells, rules) = cells(compiled, &app.id, purpose, deployment, date);
                    let (app, route, deployment) = (app.id.clone(), route.id.clone(), deployment.clone());
                    lines.push(Line { app, route, deployment, cells, rules });
                }
            }
        }
        Self { date, lines }
    }

    /// The lines of one app.
    pub fn of_app(mut self, app: &str) -> Self {
        self.lines.retain(|line| line.app.as_str() == app);
        self
    }

    /// The lines, by app and route, each route's deployments by priority.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// For people.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut header: Vec<String> =
            ["app", "route", "deployment", "no_class"].iter().map(|name| word(lang, name)).collect();
        header.extend(DataClass::ALL.map(|class| class.as_str().to_owned()));
        header.push(word(lang, "rules"));
        let rows: Vec<Vec<String>> = self.lines.iter().map(Line::text).collect();
        format!("{} {}\n\n{}\n{}\n", word(lang, "matrix"), self.date, table(&header, &rows), word(lang, "legend"))
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        json!({ "date": self.date.to_string(), "lines": self.lines.iter().map(Line::to_json).collect::<Vec<_>>() })
    }
}

fn cells(
    compiled: &Compiled,
    app: &AppId,
    purpose: &str,
    deployment: &DeploymentId,
    date: Date,
) -> (Vec<Cell>, BTreeSet<String>) {
    let mut rules = BTreeSet::new();
    let without = [ClassSet::EMPTY].into_iter();
    let cells = without.chain(DataClass::ALL.map(ClassSet::of)).map(|located| {
        let question = Question { app, located, diffuse: ClassSet::EMPTY, purpose, user_jurisdiction: None, date };
        let decision = compiled.decide(&question.about(deployment));
        let cell = Cell::of(&decision);
        let forbids = decision.rules.iter().filter(|rule| rule.effect == crate::Effect::Forbid);
        rules.extend(forbids.map(|rule| rule.id.to_string()));
        rules.extend(decision.unknown.iter().map(|it| format!("{}?", it.rule.id)));
        cell
    });
    let cells = cells.collect();
    (cells, rules)
}

impl Cell {
    fn of(decision: &Decision) -> Self {
        let tone = match decision.verdict {
            Verdict::Deny(_) => Tone::Deny,
            Verdict::Permit if decision.redact.is_empty() => Tone::Permit,
            Verdict::Permit => Tone::Redact,
        };
        let otherwise = |shadow: &crate::Shadow| {
            shadow.deny == decision.is_permit() || !shadow.deny && shadow.redact != decision.redact
        };
        Self {
            tone,
            unknown: !decision.unknown.is_empty(),
            shadow: decision.shadow.as_ref().is_some_and(otherwise),
            exempt: !decision.exempt.is_empty(),
        }
    }

    fn text(self) -> String {
        let tone = match self.tone {
            Tone::Permit => "✔",
            Tone::Redact => "redact",
            Tone::Deny => "✘",
        };
        let marks = [(self.unknown, "?"), (self.shadow, "*"), (self.exempt, "°")];
        marks.into_iter().filter(|(is, _)| *is).fold(tone.to_owned(), |text, (_, mark)| text + mark)
    }
}

impl Line {
    fn text(&self) -> Vec<String> {
        let mut row = vec![self.app.to_string(), self.route.to_string(), self.deployment.to_string()];
        row.extend(self.cells.iter().map(|cell| cell.text()));
        row.push(self.rules.iter().cloned().collect::<Vec<_>>().join(", "));
        row
    }

    fn to_json(&self) -> Value {
        let names = ["none"].into_iter().chain(DataClass::ALL.map(DataClass::as_str));
        let cells: serde_json::Map<String, Value> = names
            .zip(&self.cells)
            .map(|(name, cell)| {
                let decision = match cell.tone {
                    Tone::Permit => "permit",
                    Tone::Redact => "redact",
                    Tone::Deny => "deny",
                };
                let cell = json!({ "decision": decision, "unknown": cell.unknown, "shadow_differs": cell.shadow, "exempt": cell.exempt });
                (name.to_owned(), cell)
            })
            .collect();
        json!({ "app": self.app, "route": self.route, "deployment": self.deployment, "classes": cells, "rules": self.rules })
    }
}
