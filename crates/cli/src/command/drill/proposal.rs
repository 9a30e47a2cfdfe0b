//! What somebody would sign who approves a proposal: nobody signs what they were not shown.

use ::drill::cut_off;
use anyhow::Result;
use serde::Serialize;
use store::drill::{Drill, Mode, proposed};

use super::live::{kept_cuts, refused};
use super::{Run, measured};
use crate::command::in_force::in_force;
use crate::data::DataDir;
use crate::lang::{Lang, say};

/// A proposal as it would be in force.
#[derive(Debug, Serialize)]
pub(super) struct Proposal {
    /// What would be cut off in the realm in force.
    deployments: Vec<String>,
    /// How it would fail, where that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    shape: Option<&'static str>,
    minutes: u32,
    /// The largest share of failed requests; none ends nothing.
    error_share_max: Option<String>,
    latency_median_ms_max: Option<u64>,
    window_s: u64,
    exclude_apps: Vec<String>,
    /// Of a drill in shadow.
    #[serde(skip_serializing_if = "Option::is_none")]
    shadow: Option<Spending>,
    scenario_sha256: String,
}

/// What a drill in shadow sends and may spend.
#[derive(Debug, Serialize)]
struct Spending {
    sample_percent: u8,
    tokens_max: u64,
    cost_max: String,
    concurrency_max: u64,
}

impl Proposal {
    /// What a drill of the store would do, if it is what its first person signed.
    ///
    /// # Errors
    /// If its scenario or its order is not what was signed, or it cannot be read.
    pub(super) fn of(run: &Run, data: &DataDir, drill: &Drill) -> Result<Self> {
        let realm = in_force(run, data)?;
        proposed(drill, &realm.world.head.drill_people).map_err(|why| refused(&why))?;
        let scenario = measured::scenario(drill)?;
        let (rails, shadow) = (scenario.guardrails, scenario.shadow);
        let shadow = shadow.filter(|_| drill.mode == Mode::Shadow).map(|it| Spending {
            sample_percent: it.percent,
            tokens_max: it.tokens_max,
            cost_max: it.cost_max.to_string(),
            concurrency_max: it.concurrency_max,
        });
        let cuts = kept_cuts(drill)?;
        Ok(Self {
            deployments: cut_off(&realm.world, &cuts).keys().map(ToString::to_string).collect(),
            shape: cuts.iter().find_map(|cut| cut.failing).map(|failing| failing.shape.as_str()),
            minutes: drill.minutes,
            error_share_max: rails.error_share_max.map(|share| share.to_string()),
            latency_median_ms_max: rails.latency_median_ms_max,
            window_s: rails.window_s,
            exclude_apps: rails.exclude_apps.iter().map(ToString::to_string).collect(),
            shadow,
            scenario_sha256: drill.sha256.clone(),
        })
    }

    /// The same for people, a line each.
    pub(super) fn text(&self, lang: Lang, drill: &Drill) -> String {
        let none = || say(lang, "drill-shown-none", &[]);
        let list = |names: &[String]| if names.is_empty() { none() } else { names.join(", ") };
        let args = [
            ("deployments", list(&self.deployments)),
            ("mode", format!("{} {} %", drill.mode.as_str(), drill.percent)),
            ("minutes", self.minutes.to_string()),
            ("errors", self.error_share_max.clone().unwrap_or_else(none)),
            ("latency", self.latency_median_ms_max.map_or_else(none, |ms| format!("{ms} ms"))),
            ("window", self.window_s.to_string()),
            ("apps", list(&self.exclude_apps)),
            ("sha256", self.scenario_sha256.clone()),
        ];
        let line = |key: &str, args: &[(&'static str, String)]| format!("  {}\n", say(lang, key, args));
        let what = if self.shadow.is_some() { "drill-shown-as-if" } else { "drill-shown-cuts" };
        let shape = self.shape.map(|shape| line("drill-shown-shape", &[("shape", shape.to_owned())]));
        let mut text = line(what, &args) + &shape.unwrap_or_default();
        if let Some(shadow) = &self.shadow {
            let args = [
                ("percent", shadow.sample_percent.to_string()),
                ("tokens", shadow.tokens_max.to_string()),
                ("cost", shadow.cost_max.clone()),
                ("at-once", shadow.concurrency_max.to_string()),
            ];
            text.push_str(&line("drill-shown-shadow", &args));
        }
        let rest = ["drill-shown-time", "drill-shown-rails", "drill-shown-apps", "drill-shown-hash"];
        rest.iter().for_each(|key| text.push_str(&line(key, &args)));
        text
    }
}

/// A text of the store as it can be shown: what would move the screen is spelled out.
pub(super) fn plain(text: &str) -> String {
    let one = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(one).collect()
}
