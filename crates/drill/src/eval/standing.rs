//! What is known of models from evaluations of real ones, and from what others published.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use realm::{DeploymentId, ModelId, UnixMs};
use serde::Serialize;

use super::interval::Interval;
use super::paired::Paired;

/// One evaluation of a real model.
#[derive(Debug, Clone)]
pub struct Evaluated {
    /// Of which model.
    pub model: ModelId,
    /// When it was kept.
    pub at: UnixMs,
    /// On what.
    pub suite: String,
    /// How it is known.
    pub origin: Origin,
}

/// How an evaluation is known.
#[derive(Debug, Clone)]
pub enum Origin {
    /// It was run here.
    Own {
        /// Where the model was asked.
        deployment: DeploymentId,
        /// The SHA-256 of the suite.
        sha256: String,
        /// Right or not, by question.
        answers: BTreeMap<String, bool>,
    },
    /// Somebody published it.
    Published(Told),
}

/// A published score.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The share of right answers.
    pub score: f64,
    /// When.
    pub date: Date,
    /// By whom.
    pub source: String,
}

/// A model in a place.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// Where.
    pub deployment: &'a DeploymentId,
    /// Which.
    pub model: &'a ModelId,
}

/// How much better the second is than the first.
#[derive(Debug, Clone, PartialEq)]
pub enum Gap {
    /// Both answered the same questions here.
    Paired {
        /// On which suite.
        suite: String,
        /// What became of each question.
        paired: Paired,
    },
    /// Others published both.
    Published {
        /// On which suite.
        suite: String,
        /// Of the first and of the second.
        told: Box<(Told, Told)>,
    },
}

/// All that is known.
#[derive(Debug, Clone, Default)]
pub struct Evaluations(Vec<Evaluated>);

/// What shows how good a deployment is: one evaluation of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Of which deployment.
    pub deployment: DeploymentId,
    /// On what.
    pub suite: String,
    /// Questions that it answered; none: others published it.
    pub n: Option<u64>,
    /// On which day, in UTC.
    #[serde(serialize_with = "crate::figure::day")]
    pub on: Date,
    /// Where: `here`; `elsewhere`, of its model at another deployment; `published` by others.
    pub known: &'static str,
}

impl Evaluations {
    /// Those that are known, of real models only: what stands in for one says nothing of it.
    pub fn new(mut all: Vec<Evaluated>) -> Self {
        // The youngest first, so that the first that fits is the one that counts.
        all.sort_by_key(|one| std::cmp::Reverse(one.at));
        Self(all)
    }

    /// The interval of a deployment's youngest evaluation on a suite.
    pub fn interval(&self, deployment: &DeploymentId, suite: &str) -> Option<Interval> {
        self.0.iter().filter(|it| it.suite == suite).find_map(|it| match &it.origin {
            Origin::Own { deployment: of, answers, .. } if of == deployment => {
                let passed = answers.values().filter(|right| **right).count() as u64;
                Some(Interval::wilson(passed, answers.len() as u64))
            }
            _ => None,
        })
    }

    /// How much better one is than another; none where nobody knows. An evaluation at the very deployment counts before
    /// one of its model elsewhere, questions answered here before what others published.
    pub fn gap(&self, from: At<'_>, to: At<'_>) -> Option<Gap> {
        self.paired(from, to).or_else(|| self.published(from.model, to.model))
    }

    /// The youngest evaluation of a deployment: its own before one of its model elsewhere, before what others published.
    pub fn shown(&self, at: At<'_>) -> Option<Shown> {
        let published = self.0.iter().filter(|it| it.model == *at.model && matches!(it.origin, Origin::Published(_)));
        let found = self.own(at).chain(published).next()?;
        let (n, on, known) = match &found.origin {
            Origin::Own { deployment, answers, .. } => {
                let known = if deployment == at.deployment { "here" } else { "elsewhere" };
                (Some(answers.len() as u64), found.at.date_in(&TimeZone::UTC), known)
            }
            Origin::Published(told) => (None, told.date, "published"),
        };
        Some(Shown { deployment: at.deployment.clone(), suite: found.suite.clone(), n, on, known })
    }

    fn paired(&self, from: At<'_>, to: At<'_>) -> Option<Gap> {
        for second in self.own(to) {
            let Origin::Own { sha256, answers, .. } = &second.origin else { continue };
            for first in self.own(from).filter(|first| !std::ptr::eq(*first, second)) {
                let Origin::Own { sha256: same, answers: others, .. } = &first.origin else { continue };
                if same == sha256 {
                    return Some(Gap::Paired { suite: second.suite.clone(), paired: Paired::of(others, answers) });
                }
            }
        }
        None
    }

    /// Evaluations at a deployment, then those of its model elsewhere; each the youngest first.
    fn own<'a>(&'a self, at: At<'a>) -> impl Iterator<Item = &'a Evaluated> {
        let here =
            move |it: &&Evaluated| matches!(&it.origin, Origin::Own { deployment, .. } if deployment == at.deployment);
        let elsewhere = move |it: &&Evaluated| {
            it.model == *at.model && matches!(&it.origin, Origin::Own { deployment, .. } if deployment != at.deployment)
        };
        self.0.iter().filter(here).chain(self.0.iter().filter(elsewhere))
    }

    fn published(&self, from: &ModelId, to: &ModelId) -> Option<Gap> {
        if from == to {
            return None;
        }
        let of = |model: &ModelId| {
            let model = model.clone();
            self.0.iter().filter(move |it| it.model == model).filter_map(|it| match &it.origin {
                Origin::Published(told) => Some((&it.suite, told)),
                Origin::Own { .. } => None,
            })
        };
        for (suite, second) in of(to) {
            if let Some((_, first)) = of(from).find(|(on, _)| *on == suite) {
                let told = Box::new((first.clone(), second.clone()));
                return Some(Gap::Published { suite: suite.clone(), told });
            }
        }
        None
    }
}
