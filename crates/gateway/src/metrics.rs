//! Counters and their Prometheus text. Labels are ids of the realm, never anything that a client wrote.

mod render;
mod series;

use std::fmt::Write;
use std::hash::Hash;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use foldhash::HashMap;
use realm::{DataClass, DeploymentId, Nano, RouteId};

pub use render::Seen;
pub use series::{Count, Histogram};

/// Everything the gateway counts.
#[derive(Debug, Default)]
pub struct Metrics {
    requests: Family<(Option<RouteId>, Option<DeploymentId>, &'static str), Count>,
    durations: Family<RouteId, Histogram>,
    first_bytes: Family<DeploymentId, Histogram>,
    attempts: Family<(DeploymentId, &'static str), Count>,
    resumed: Family<DeploymentId, Count>,
    tokens: Family<(DeploymentId, &'static str), Count>,
    cost: Family<DeploymentId, Count>,
    answers: Family<DeploymentId, Histogram>,
    output_tokens: Family<DeploymentId, Histogram>,
    energy_mj: Family<(DeploymentId, &'static str), Count>,
    denials: Family<Arc<str>, Count>,
    redactions: Family<DataClass, Count>,
    /// From handing an entry to the ledger until it is durable.
    pub ledger_commit: Histogram,
    /// Requests that run.
    pub in_flight: Gauge,
    /// Streams that are open.
    pub open_streams: Gauge,
    /// Client connections.
    pub connections: Gauge,
    /// Wrong keys.
    pub failed_authentications: Count,
    /// Prompts with their answers that were sealed and kept.
    pub content_kept: Count,
    /// Those that should have been kept and were not: the queue was full, or the disk or the key failed.
    pub content_lost: Count,
    /// Requests whose spans a collector took.
    pub traces_exported: Count,
    /// Sampled requests whose spans it did not: it was too slow, or gone.
    pub traces_lost: Count,
    /// Problems of a changed realm that was refused; 0 where what lies there is served.
    pub realm_refused_problems: Gauge,
    /// Since when, in seconds of Unix time; 0 where what lies there is served.
    pub realm_refused_since_s: Gauge,
}

/// A number that goes up and down.
#[derive(Debug, Default)]
pub struct Gauge(AtomicI64);

/// Holds a gauge one higher until dropped.
#[derive(Debug)]
pub struct Raised(Arc<Metrics>, fn(&Metrics) -> &Gauge);

/// Series of one name, told apart by labels.
#[derive(Debug)]
struct Family<K, S>(RwLock<HashMap<K, Arc<S>>>);

// === impl Metrics ===

impl Metrics {
    /// Counts a request that has ended.
    pub fn request(&self, route: Option<&RouteId>, deployment: Option<&DeploymentId>, code: &'static str) {
        self.requests.get(&(route.cloned(), deployment.cloned(), code)).add(1);
    }

    /// Notes how long a request of a route took.
    pub fn duration(&self, route: &RouteId, took: Duration) {
        self.durations.get(route).observe(took);
    }

    /// Notes how long a deployment's first byte took.
    pub fn first_byte(&self, deployment: &DeploymentId, took: Duration) {
        self.first_bytes.get(deployment).observe(took);
    }

    /// Counts an attempt by its end: `ok` or an error code.
    pub fn attempt(&self, deployment: &DeploymentId, end: &'static str) {
        self.attempts.get(&(deployment.clone(), end)).add(1);
    }

    /// Counts a cut stream that a deployment went on with.
    pub fn resumed(&self, deployment: &DeploymentId) {
        self.resumed.get(deployment).add(1);
    }

    /// Counts tokens and their cost.
    pub fn used(&self, deployment: &DeploymentId, input: u64, output: u64, cost: Nano) {
        self.tokens.get(&(deployment.clone(), "input")).add(input);
        self.tokens.get(&(deployment.clone(), "output")).add(output);
        self.cost.get(deployment).add(u64::try_from(cost.0).unwrap_or(0));
    }

    /// Notes a whole answer of a deployment: from sending to its end, and for each token after the first part.
    pub fn answered(&self, deployment: &DeploymentId, took: Duration, first: Option<Duration>, tokens: u64) {
        self.answers.get(deployment).observe(took);
        let saying = took.saturating_sub(first.unwrap_or_default());
        if let Some(each) = u32::try_from(tokens).ok().and_then(|tokens| saying.checked_div(tokens)) {
            self.output_tokens.get(deployment).observe(each);
        }
    }

    /// Counts energy by how it is known: `measured` or `declared`.
    pub fn energy(&self, deployment: &DeploymentId, method: &'static str, joules: f64) {
        // What is negative or no number counts as nothing; what is too much, as the most there is.
        self.energy_mj.get(&(deployment.clone(), method)).add((joules * 1e3) as u64);
    }

    /// Counts a denial by the rule that determined it.
    pub fn denial(&self, rule: &Arc<str>) {
        self.denials.get(rule).add(1);
    }

    /// Counts a class that was redacted.
    pub fn redaction(&self, class: DataClass) {
        self.redactions.get(&class).add(1);
    }

    /// Raises a gauge until the answer is dropped.
    pub fn raise(self: &Arc<Self>, gauge: fn(&Metrics) -> &Gauge) -> Raised {
        gauge(self).add(1);
        Raised(self.clone(), gauge)
    }
}

fn header(out: &mut String, name: &str, help: &str, kind: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

// === impl Gauge ===

impl Gauge {
    fn add(&self, by: i64) {
        self.0.fetch_add(by, Ordering::Relaxed);
    }

    /// Makes it another number.
    pub(crate) fn set(&self, to: i64) {
        self.0.store(to, Ordering::Relaxed);
    }

    /// The number now.
    pub fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Raised {
    fn drop(&mut self) {
        (self.1)(&self.0).add(-1);
    }
}

// === impl Family ===

impl<K, S> Default for Family<K, S> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Eq + Hash + Clone + Ord, S: Default + series::Series> Family<K, S> {
    fn get(&self, key: &K) -> Arc<S> {
        if let Some(found) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return found.clone();
        }
        self.0.write().unwrap_or_else(PoisonError::into_inner).entry(key.clone()).or_default().clone()
    }

    fn render(&self, out: &mut String, name: &str, help: &str, labels: impl Fn(&K) -> String) {
        header(out, name, help, S::KIND);
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut sorted: Vec<_> = all.iter().collect();
        sorted.sort_by(|a, b| a.0.cmp(b.0));
        for (key, series) in sorted {
            series.render(out, name, &labels(key));
        }
    }
}

/// Adds to an atomic without ordering: figures, not decisions.
fn bump(number: &AtomicU64, by: u64) {
    number.fetch_add(by, Ordering::Relaxed);
}
