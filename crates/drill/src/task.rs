//! What a finding asks for: who is to do what, until when, and whether the drill before found it too.

mod before;
mod owner;
mod remedy;
mod text;

use jiff::Span;
use jiff::civil::Date;
use realm::{AppId, DeploymentId, RouteId, SiteId, World};
use serde::Serialize;

pub(crate) use before::Asked;
pub use before::{Before, Closed, Since, Standing};
pub use owner::Owner;
pub use remedy::Remedy;
pub(crate) use text::{say_since, say_task};

use crate::figure::day_if;
use crate::scenario::Closing;

/// Something that was found, with what it asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found<F> {
    /// What it is.
    #[serde(flatten)]
    pub finding: F,
    /// What is to be done about it; none where nothing is.
    pub task: Option<Task>,
}

/// What is to be done about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Task {
    /// Names the finding in every drill that finds it: `critical_stops:claims`.
    pub key: String,
    /// What.
    pub to_do: Remedy,
    /// Who is to do it, the most concerned first; empty: whoever runs the drill.
    pub owners: Vec<Owner>,
    /// On which routes; empty where it is about none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<RouteId>,
    /// What a finding about several things is about: each is closed by itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
    /// The day by which it is to be done; none where the scenario sets none.
    #[serde(serialize_with = "day_if")]
    pub due: Option<Date>,
    /// Whether the drill before found it too; none where it was compared with none.
    pub standing: Option<Standing>,
}

/// What a finding asks for, and of whom, before anybody is looked up.
pub(crate) struct Ask {
    pub(crate) key: String,
    pub(crate) to_do: Remedy,
    pub(crate) whose: Whose,
    pub(crate) routes: Vec<RouteId>,
    pub(crate) about: Vec<String>,
}

impl Ask {
    /// One about a single thing, on no route.
    pub(crate) fn of(key: String, to_do: Remedy, whose: Whose) -> Self {
        Self { key, to_do, whose, routes: Vec::new(), about: Vec::new() }
    }

    /// The same about several things.
    pub(crate) fn each<T: ToString>(self, about: &[T]) -> Self {
        Self { about: about.iter().map(ToString::to_string).collect(), ..self }
    }
}

/// Whose a finding is.
pub(crate) enum Whose {
    /// Of the organisations that answer for these apps.
    Apps(Vec<AppId>),
    /// Of the operators of these deployments who are at home; where none is, of those whose apps they serve.
    Served { by: Vec<DeploymentId>, apps: Vec<AppId> },
    /// Of the operators at home of what runs at a site; where none is, of those whose apps it serves.
    At { site: SiteId, apps: Vec<AppId> },
    /// Of whoever runs the drill.
    Drill,
}

/// What it takes to say who is to do something, and until when.
pub(crate) struct Assign<'a> {
    /// As the scenario says it.
    pub(crate) closing: &'a Closing,
    /// The realm as it was, the youngest snapshot first.
    pub(crate) worlds: Vec<&'a World>,
    /// The day of the drill.
    pub(crate) on: Option<Date>,
}

impl Assign<'_> {
    /// A finding with its task.
    pub(crate) fn found<F>(&self, ask: Option<Ask>, finding: F) -> Found<F> {
        Found { finding, task: ask.map(|ask| self.task(ask)) }
    }

    fn task(&self, ask: Ask) -> Task {
        let days = self.closing.due_days.map(|days| Span::new().days(i64::from(days)));
        Task {
            key: ask.key,
            to_do: ask.to_do,
            owners: owner::owners(self, &ask.whose),
            routes: ask.routes,
            about: ask.about,
            due: self.on.zip(days).and_then(|(on, days)| on.checked_add(days).ok()),
            standing: None,
        }
    }
}

/// What was found is compared with what was to be.
impl<F: PartialEq> PartialEq<F> for Found<F> {
    fn eq(&self, finding: &F) -> bool {
        self.finding == *finding
    }
}
