//! What a drill in shadow showed: how far answers agree, and which requests were not mirrored, and why.
//!
//! Agreement is no quality: two answers can agree and both be wrong. A difference of quality comes from evaluations only.

use jiff::civil::Date;
use realm::mirrored::{Agreement, Fates, Mirrored};
use realm::{AppId, DeploymentId, Nano, UnixMs, World};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::json;

use super::asks::ask;
use super::{Figures, Recorded};
use crate::desk::NOT_TESTED;
use crate::desk::report::{Verdict, VerdictLine};
use crate::eval::Interval;
use crate::live::report::Server;
use crate::records::Unread;
use crate::scenario::{Expected, Measure, Scenario};
use crate::task::{Asked, Assign, Before, Found, Since};

/// The result of a drill in shadow.
#[derive(Debug, Clone, Serialize)]
pub struct ShadowReport {
    /// Its id.
    pub drill: String,
    /// The scenario's title.
    pub title: String,
    /// Names what it asked: reports of the same question can be compared.
    pub question: String,
    /// When it was in force.
    pub from: UnixMs,
    /// When it ended, or how far this goes.
    pub until: UnixMs,
    /// What somebody should know first, each with what it asks for and of whom.
    pub findings: Vec<Found<ShadowFinding>>,
    /// What became of the findings of the drill before; none where it was compared with none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// The margins written down before, each with what was measured.
    pub hypothesis: Vec<VerdictLine>,
    /// Requests that ended while it was on, by whether they were mirrored, or why not.
    pub fates: Fates,
    /// Each app with each of its fallbacks.
    pub pairs: Vec<Pair>,
    /// All of them together.
    pub all: Agreement,
    /// What that comes to.
    pub figures: Figures,
    /// What it spent, and may.
    pub spent: Spent,
    /// What the records say of the mirrors: of the logs that were read.
    pub recorded: Recorded,
    /// What servers counted.
    pub servers: Vec<Server>,
    /// What no request was made of.
    #[serde(flatten)]
    pub unread: Unread,
    /// What a drill at the gateway does not reach.
    pub not_tested: Vec<&'static str>,
}

/// An app and a deployment that answered its requests a second time.
#[derive(Debug, Clone, Serialize)]
pub struct Pair {
    /// The app.
    pub app: AppId,
    /// The fallback.
    pub fallback: DeploymentId,
    /// What was counted.
    pub counted: Agreement,
    /// What that comes to.
    pub figures: Figures,
}

/// What the mirrors of a drill used, and may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Spent {
    /// Tokens.
    pub tokens: u64,
    /// At most.
    pub tokens_max: u64,
    /// Money, in billionths of the realm's currency.
    pub cost_nano: Nano,
    /// At most.
    pub cost_max_nano: Nano,
}

/// Something that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ShadowFinding {
    /// No request went to its fallback.
    NothingMirrored,
    /// An app has requests for which nothing permitted is left.
    NoFallback {
        /// Which.
        app: AppId,
        /// How many of them.
        requests: u64,
    },
    /// A fallback did not answer.
    FallbackFailed {
        /// Whose requests.
        app: AppId,
        /// Which.
        fallback: DeploymentId,
        /// How many it did not answer.
        failed: u64,
        /// Of how many.
        mirrors: u64,
    },
    /// The budget was too small for the sample.
    BudgetSpent {
        /// Requests that were not mirrored for it.
        requests: u64,
    },
    /// A margin does not hold.
    NotHeld {
        /// Which.
        measure: Measure,
    },
}

impl ShadowReport {
    /// Puts together what servers counted and what records say; `world` is the realm of then, whose organisations answer for what
    /// is found.
    pub fn new(
        scenario: &Scenario,
        (drill, from, until): (&str, UnixMs, UnixMs),
        recorded: Recorded,
        servers: Vec<Server>,
        unread: Unread,
        world: Option<&World>,
    ) -> Self {
        let mut counted = Mirrored::default();
        servers.iter().filter_map(|server| server.shadow.as_ref()).for_each(|one| counted.add(one));
        let all = counted.sum();
        let figures = Figures::of(&all);
        let hypothesis = hypothesis(scenario, &figures);
        let assign = Assign {
            closing: &scenario.closing,
            worlds: world.into_iter().collect(),
            on: world.map(|world| until.date_in(&world.head.timezone)),
        };
        let findings = found(&counted, &hypothesis).into_iter().map(|it| assign.found(ask(&it), it)).collect();
        Self {
            drill: drill.to_owned(),
            title: scenario.title.clone(),
            question: scenario.question("shadow", json!(null)),
            from,
            until,
            findings,
            since: None,
            hypothesis,
            fates: counted.fates(),
            pairs: pairs(counted),
            spent: Spent::of(scenario, &all),
            all,
            figures,
            recorded,
            servers,
            unread,
            not_tested: NOT_TESTED.to_vec(),
        }
    }

    /// The same beside the drill before.
    #[must_use]
    pub fn beside(mut self, before: &Before, today: Date) -> Self {
        let used = self.pairs.iter().filter(|pair| pair.counted.mirrors > 0);
        let asked = Asked {
            question: &self.question,
            hypothesis: &self.hypothesis,
            used: used.map(|pair| pair.app.as_str()).collect(),
            on: Some(today),
        };
        self.since = Some(before.compare(&mut self.findings, &asked));
        self
    }

    /// Whether a margin written down before does not hold.
    pub fn is_broken(&self) -> bool {
        self.hypothesis.iter().any(|line| line.verdict == Verdict::NotHeld)
    }
}

impl Spent {
    fn of(scenario: &Scenario, all: &Agreement) -> Self {
        let bounds = scenario.shadow.as_ref();
        Self {
            tokens: all.tokens,
            tokens_max: bounds.map_or(0, |it| it.tokens_max),
            cost_nano: all.cost_nano,
            cost_max_nano: bounds.map_or(Nano::ZERO, |it| it.cost_max),
        }
    }
}

fn pairs(counted: Mirrored) -> Vec<Pair> {
    let apps = counted.apps.into_iter();
    let pairs = apps.flat_map(|(app, of)| of.fallbacks.into_iter().map(move |it| (app.clone(), it)));
    pairs.map(|(app, (fallback, counted))| Pair { app, fallback, figures: Figures::of(&counted), counted }).collect()
}

/// Each margin with what was measured: it holds where even the far end of the interval is within it, and does not where
/// the near end is beyond it.
fn hypothesis(scenario: &Scenario, figures: &Figures) -> Vec<VerdictLine> {
    let line = |line: &crate::scenario::Line| {
        let known = measured(line.measure, figures);
        let verdict = known.map_or(Verdict::Unknown, |(_, interval)| verdict(line.expected, interval));
        let measured = known.and_then(|(measured, _)| Some(decimal(measured)?.round_dp(4).normalize()));
        VerdictLine { measure: line.measure, margin: line.expected.margin(), measured, verdict }
    };
    scenario.hypothesis.iter().map(line).collect()
}

fn measured(measure: Measure, figures: &Figures) -> Option<(f64, Interval)> {
    let share = |sure: super::Sure| Some((sure.share?, Interval { low: sure.low, high: sure.high }));
    let mean = |mean: super::Mean| Some((mean.mean?, mean.interval?));
    match measure {
        Measure::AgreementShare => share(figures.agreement),
        Measure::FallbackErrorShare => share(figures.fallback_errors),
        Measure::SimilarityMean => mean(figures.similarity),
        Measure::LatencyChangeMs => mean(figures.latency_ms),
        // A desk drill or a live one answers these; quality is for evaluations.
        _ => None,
    }
}

fn verdict(expected: Expected, interval: Interval) -> Verdict {
    let (Some(low), Some(high)) = (decimal(interval.low), decimal(interval.high)) else { return Verdict::Unknown };
    match (expected.holds(low), expected.holds(high)) {
        (true, true) => Verdict::Held,
        (false, false) => Verdict::NotHeld,
        _ => Verdict::Unknown,
    }
}

fn decimal(figure: f64) -> Option<Decimal> {
    Decimal::try_from(figure).ok()
}

fn found(counted: &Mirrored, hypothesis: &[VerdictLine]) -> Vec<ShadowFinding> {
    let mut findings = Vec::new();
    let fates = counted.fates();
    if fates.mirrored == 0 {
        findings.push(ShadowFinding::NothingMirrored);
    }
    for (app, of) in &counted.apps {
        if of.fates.no_fallback > 0 {
            findings.push(ShadowFinding::NoFallback { app: app.clone(), requests: of.fates.no_fallback });
        }
        for (fallback, it) in &of.fallbacks {
            let (failed, mirrors) = (it.fallback_failed + it.neither_ok, it.mirrors);
            if failed > 0 {
                let (app, fallback) = (app.clone(), fallback.clone());
                findings.push(ShadowFinding::FallbackFailed { app, fallback, failed, mirrors });
            }
        }
    }
    if fates.budget > 0 {
        findings.push(ShadowFinding::BudgetSpent { requests: fates.budget });
    }
    let broken = hypothesis.iter().filter(|line| line.verdict == Verdict::NotHeld);
    findings.extend(broken.map(|line| ShadowFinding::NotHeld { measure: line.measure }));
    findings
}
