//! What a live drill showed.

use jiff::civil::Date;
use realm::mirrored::Mirrored;
use realm::{AppId, UnixMs};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::asks::ask;
use super::measure::{Ran, Watching};
use crate::desk::report::{Verdict, VerdictLine};
use crate::desk::{NOT_TESTED, lines};
use crate::figure::{Ratio, Share};
use crate::records::Unread;
use crate::scenario::{Measure, Scenario};
use crate::task::{Asked, Assign, Before, Found, Since};

/// The result of a live drill, from records and from what servers counted.
#[derive(Debug, Clone, Serialize)]
pub struct LiveReport {
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
    pub findings: Vec<Found<LiveFinding>>,
    /// What became of the findings of the drill before; none where it was compared with none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// The margins written down before, each with what was measured.
    pub hypothesis: Vec<VerdictLine>,
    /// All apps together.
    pub totals: LiveCounts,
    /// Of the requests that were not refused for another reason, those that were answered.
    pub survival: Ratio,
    /// The same, each weighted by its app's criticality.
    pub survival_critical: Ratio,
    /// Each app.
    pub apps: Vec<AppLive>,
    /// From its end until something that had been cut off answered again, in milliseconds; none: it has not.
    pub returned_after_ms: Option<u64>,
    /// What servers counted.
    pub servers: Vec<Server>,
    /// Requests whose snapshots are not kept, and what no request was made of.
    pub without_world: u64,
    /// What no request was made of.
    #[serde(flatten)]
    pub unread: Unread,
    /// What a drill at the gateway does not reach.
    pub not_tested: Vec<&'static str>,
}

/// Counts of requests while it was on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LiveCounts {
    /// All of them: the sum of the others.
    pub requests: u64,
    /// Answered, with nothing cut off in their way.
    pub unchanged: u64,
    /// Answered elsewhere than they would have been.
    pub moved: u64,
    /// Refused, for everything permitted that could answer was cut off.
    pub denied: u64,
    /// Under way, and ended by the cut: streams that had begun, and what had no other way.
    pub ended: u64,
    /// Failed for another reason.
    pub failed: u64,
    /// Denied by rules or refused for another reason.
    pub other: u64,
}

/// One app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppLive {
    /// Which.
    pub app: AppId,
    /// How critical it is.
    pub criticality: u64,
    /// Its requests.
    #[serde(flatten)]
    pub counts: LiveCounts,
    /// Answers from what had been cut off for it: the cut did not hold.
    pub passed: u64,
    /// The median of its answers from elsewhere, in milliseconds.
    pub moved_median_ms: Option<u64>,
    /// From the cut to its first answer from elsewhere, in milliseconds: the switch took no longer.
    pub switched_after_ms: Option<u64>,
    /// From the cut to the last of its requests that stopped, in milliseconds.
    pub stopped_until_ms: Option<u64>,
    /// Within how many minutes it must be back.
    pub rto_min: Option<u64>,
    /// Whether it was.
    pub rto: RtoVerdict,
}

/// Whether an app was back in the time that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RtoVerdict {
    /// It was, or never away.
    Held,
    /// It was not.
    NotHeld,
    /// It had no requests, or the drill was shorter than the time that it has.
    Unknown,
    /// Nobody said how long it may be away.
    NotDeclared,
}

/// What one server counted of a drill. Servers write it into the store, and evidence holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Its log.
    pub log: String,
    /// When it had the drill in force: nothing was open any more to what was cut off.
    pub in_force: UnixMs,
    /// Whether that was so within the time it may take.
    pub settled: bool,
    /// What went where since then.
    pub destinations: Vec<Destination>,
    /// What it counted of a drill in shadow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shadow: Option<Mirrored>,
}

/// Bytes over the connections of one destination since the cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// The provider; with an engine of its own, the deployment behind a slash.
    pub destination: String,
    /// From there.
    pub bytes_in: u64,
    /// To there.
    pub bytes_out: u64,
    /// Whether it was cut off as a whole: then none may be.
    pub shut: bool,
}

/// Something that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LiveFinding {
    /// Bytes went to what was cut off.
    Leaked {
        /// The server's log.
        log: String,
        /// Where to.
        destination: String,
        /// How many, both ways.
        bytes: u64,
    },
    /// What was cut off answered.
    Passed {
        /// Whose requests.
        app: AppId,
        /// How many of them.
        requests: u64,
    },
    /// A server did not get it in force in time.
    NotSettled {
        /// Its log.
        log: String,
    },
    /// An app was not back in the time that it has.
    RtoNotHeld {
        /// Which.
        app: AppId,
        /// The minutes that it has.
        rto_min: u64,
    },
    /// An app's requests stopped.
    Stopped {
        /// Which.
        app: AppId,
        /// How many of how many.
        stopped: Ratio,
    },
    /// A margin does not hold.
    NotHeld {
        /// Which.
        measure: Measure,
    },
    /// Nothing moved and nothing stopped: the traffic did not need what was cut off.
    NothingChanged,
}

impl LiveCounts {
    /// Requests that the drill or a failure stopped.
    pub fn stopped(&self) -> u64 {
        self.denied + self.ended + self.failed
    }

    fn answered(&self) -> u64 {
        self.unchanged + self.moved
    }

    fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.unchanged += other.unchanged;
        self.moved += other.moved;
        self.denied += other.denied;
        self.ended += other.ended;
        self.failed += other.failed;
        self.other += other.other;
    }
}

impl LiveReport {
    /// Puts together what was counted.
    pub fn new(scenario: &Scenario, ran: &Ran, watching: Watching<'_>, servers: Vec<Server>, unread: Unread) -> Self {
        let worlds = watching.youngest_first();
        let (apps, returned_after_ms, without_world) = watching.finish();
        let (mut totals, mut survival, mut critical) = (LiveCounts::default(), Ratio::default(), Ratio::default());
        for app in &apps {
            totals.add(app.counts);
            let (part, whole) = (app.counts.answered(), app.counts.answered() + app.counts.stopped());
            survival = Ratio::of(survival.part + part, survival.whole + whole);
            critical = Ratio::of(critical.part + part * app.criticality, critical.whole + whole * app.criticality);
        }
        let mut report = Self {
            drill: ran.drill.clone(),
            title: scenario.title.clone(),
            question: scenario.question("live", json!(ran.percent)),
            from: ran.from,
            until: ran.until,
            findings: Vec::new(),
            since: None,
            hypothesis: Vec::new(),
            totals,
            survival,
            survival_critical: critical,
            apps,
            returned_after_ms,
            servers,
            without_world,
            unread,
            not_tested: NOT_TESTED.to_vec(),
        };
        report.judge(scenario);
        let assign = Assign {
            closing: &scenario.closing,
            on: worlds.first().map(|world| ran.until.date_in(&world.world().head.timezone)),
            worlds: worlds.iter().map(|it| it.world()).collect(),
        };
        report.findings = report.found().into_iter().map(|it| assign.found(ask(&it), it)).collect();
        report
    }

    /// How the hypothesis fares.
    fn judge(&mut self, scenario: &Scenario) {
        self.hypothesis = lines(scenario, |measure| self.measured(measure));
        if !self.is_cut() {
            // What would be left without it was not seen: nothing that would show that a margin holds.
            let held = self.hypothesis.iter_mut().filter(|line| line.verdict == Verdict::Held);
            held.for_each(|line| line.verdict = Verdict::Unknown);
        }
    }

    fn measured(&self, measure: Measure) -> Option<Decimal> {
        let share = |ratio: Ratio| ratio.share().map(|Share(share)| share.round_dp(6).normalize());
        match measure {
            Measure::SurvivalShare => share(self.survival_critical).or_else(|| share(self.survival)),
            Measure::StoppedRequests => Some(self.totals.stopped().into()),
            Measure::LatencyMedianMs => self.apps.iter().filter_map(|app| app.moved_median_ms).max().map(Decimal::from),
            // A desk drill answers these; what happened cannot be compared with what would have.
            Measure::NMinusOneShare
            | Measure::LeavingRequests
            | Measure::CostChangePercent
            | Measure::WaitProbability
            | Measure::QualityLossPercent => None,
            // A drill in shadow answers these.
            Measure::AgreementShare
            | Measure::FallbackErrorShare
            | Measure::SimilarityMean
            | Measure::LatencyChangeMs => None,
        }
    }

    /// All findings, the gravest first.
    fn found(&self) -> Vec<LiveFinding> {
        let passed = self.apps.iter().filter(|app| app.passed > 0);
        let passed = passed.map(|app| LiveFinding::Passed { app: app.app.clone(), requests: app.passed });
        let mut findings: Vec<LiveFinding> = passed.collect();
        for server in &self.servers {
            let leaks = server.destinations.iter().filter(|it| it.shut && it.bytes_in + it.bytes_out > 0);
            findings.extend(leaks.map(|it| LiveFinding::Leaked {
                log: server.log.clone(),
                destination: it.destination.clone(),
                bytes: it.bytes_in + it.bytes_out,
            }));
            if !server.settled {
                findings.push(LiveFinding::NotSettled { log: server.log.clone() });
            }
        }
        let late = self.apps.iter().filter(|app| app.rto == RtoVerdict::NotHeld);
        findings.extend(
            late.map(|app| LiveFinding::RtoNotHeld { app: app.app.clone(), rto_min: app.rto_min.unwrap_or_default() }),
        );
        let stopped = self.apps.iter().filter(|app| app.counts.stopped() > 0);
        findings.extend(stopped.map(|app| LiveFinding::Stopped {
            app: app.app.clone(),
            stopped: Ratio::of(app.counts.stopped(), app.counts.requests - app.counts.other),
        }));
        let broken = self.hypothesis.iter().filter(|line| line.verdict == Verdict::NotHeld);
        findings.extend(broken.map(|line| LiveFinding::NotHeld { measure: line.measure }));
        if self.totals.moved + self.totals.stopped() == 0 {
            findings.push(LiveFinding::NothingChanged);
        }
        findings
    }

    /// The same beside the drill before.
    #[must_use]
    pub fn beside(mut self, before: &Before, today: Date) -> Self {
        let used = self.apps.iter().filter(|app| app.counts.requests > app.counts.other);
        let asked = Asked {
            question: &self.question,
            hypothesis: &self.hypothesis,
            used: used.map(|app| app.app.as_str()).collect(),
            on: Some(today),
        };
        self.since = Some(before.compare(&mut self.findings, &asked));
        self
    }

    /// Whether nothing answered that was cut off, as far as the records tell.
    pub fn is_cut(&self) -> bool {
        self.apps.iter().all(|app| app.passed == 0)
    }

    /// Whether a margin written down before does not hold.
    pub fn is_broken(&self) -> bool {
        self.hypothesis.iter().any(|line| line.verdict == Verdict::NotHeld)
    }
}
