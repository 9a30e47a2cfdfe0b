//! A drill in shadow of this server: its bounds, what it may spend, and what it counts.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use drill::report::Server;
use drill::{Scenario, Shadowing};
use gateway::{Bounds, CutOff, Shadow, ShadowRun};
use realm::Nano;
use realm::mirrored::Mirrored;
use realm::record::Estimate;
use store::Store;
use store::drill::Drill;

/// In so many slices a budget is granted, so that several servers share it and one that dies loses little of it.
const SLICES: u64 = 16;

/// A drill in shadow that was taken up.
pub(super) struct Shadowed {
    bounds: Shadowing,
    seed: u64,
    percent: u8,
    run: Arc<ShadowRun>,
    begun: bool,
}

impl Shadowed {
    pub(super) fn of(drill: &Drill, scenario: &Scenario) -> Result<Self> {
        let bounds = scenario.shadow.clone().ok_or_else(|| anyhow!("its scenario has no `[shadow]`"))?;
        Ok(Self { bounds, seed: scenario.seed, percent: drill.percent, run: Arc::default(), begun: false })
    }

    /// The same as the gateway takes it.
    pub(super) fn gateway(&self, cut: Arc<CutOff>) -> Shadow {
        let most = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let bounds = Bounds {
            concurrency: most(self.bounds.concurrency_max),
            answer_bytes: most(self.bounds.answer_bytes_max),
            timeout: Duration::from_secs(self.bounds.timeout_s),
        };
        Shadow { cut, percent: self.percent, seed: self.seed, bounds, run: Arc::clone(&self.run) }
    }

    /// What was counted until now.
    pub(super) fn counted(&self) -> Mirrored {
        self.run.counted()
    }

    /// Goes on from what this server had counted before it was started again, and takes a first slice of the budget.
    pub(super) async fn begin(&mut self, store: &Store, drill: &Drill, log: &str) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        let before = match store.drill_reports(&drill.id).await {
            Ok(reports) => reports.into_iter().find(|report| report.log == log),
            Err(error) => {
                tracing::warn!(drill = drill.id, "what the drill counted before is not known: {error}");
                None
            }
        };
        let before = before.and_then(|report| serde_json::from_str::<Server>(&report.body).ok());
        before.and_then(|server| server.shadow).iter().for_each(|before| self.run.go_on_from(before));
        self.refill(store, drill, log).await;
    }

    /// Takes another slice of the budget where it is needed; without the store what was granted lasts as long as it does.
    pub(super) async fn refill(&self, store: &Store, drill: &Drill, log: &str) {
        let budget = Estimate { tokens: self.bounds.tokens_max, cost_nano: self.bounds.cost_max };
        let slice = Estimate {
            tokens: budget.tokens.div_ceil(SLICES),
            cost_nano: Nano(budget.cost_nano.0.unsigned_abs().div_ceil(SLICES).try_into().unwrap_or(i64::MAX)),
        };
        if !self.run.budget.wants(slice) {
            return;
        }
        match store.grant_drill((&drill.id, log), slice, budget).await {
            Ok(granted) if granted == Estimate::default() => {}
            Ok(granted) => self.run.budget.grant(granted),
            Err(error) => tracing::warn!(drill = drill.id, "no more of the drill's budget can be had: {error}"),
        }
    }
}
