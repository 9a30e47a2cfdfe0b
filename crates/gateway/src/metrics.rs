//! Counters and their Prometheus text. Labels are ids of the realm, never anything that a client wrote.

mod series;

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::Hash;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use realm::{DataClass, DeploymentId, Nano, RouteId};

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

    /// The Prometheus text. `sync` is the ledger's own figure of `fdatasync`: seconds and count.
    pub fn render(&self, sync: Option<(f64, u64)>, ready: bool) -> String {
        let mut out = String::with_capacity(8192);
        let name = |id: &Option<RouteId>| id.as_ref().map_or(String::new(), ToString::to_string);
        let place = |id: &Option<DeploymentId>| id.as_ref().map_or(String::new(), ToString::to_string);
        self.requests.render(&mut out, "freehold_requests_total", "Requests by code, route and deployment.", |key| {
            format!("code=\"{}\",route=\"{}\",deployment=\"{}\"", key.2, name(&key.0), place(&key.1))
        });
        let by_route = |key: &RouteId| format!("route=\"{key}\"");
        let by_place = |key: &DeploymentId| format!("deployment=\"{key}\"");
        let help = "Seconds from accepting a request to its end.";
        self.durations.render(&mut out, "freehold_request_seconds", help, by_route);
        let help = "Seconds from sending to a deployment to its first byte.";
        self.first_bytes.render(&mut out, "freehold_first_byte_seconds", help, by_place);
        self.attempts.render(&mut out, "freehold_attempts_total", "Attempts by deployment and end.", |key| {
            format!("deployment=\"{}\",end=\"{}\"", key.0, key.1)
        });
        let help = "Cut streams that a deployment went on with.";
        self.resumed.render(&mut out, "freehold_resumed_streams_total", help, by_place);
        self.tokens.render(&mut out, "freehold_tokens_total", "Tokens by deployment and direction.", |key| {
            format!("deployment=\"{}\",direction=\"{}\"", key.0, key.1)
        });
        let help = "Cost in billionths of the realm's currency.";
        self.cost.render(&mut out, "freehold_cost_nano_total", help, by_place);
        self.denials.render(&mut out, "freehold_denials_total", "Denials by rule.", |key| format!("rule=\"{key}\""));
        self.redactions.render(&mut out, "freehold_redactions_total", "Requests redacted, by class.", |key| {
            format!("class=\"{key}\"")
        });
        self.render_singles(&mut out, sync, ready);
        out
    }

    fn render_singles(&self, out: &mut String, sync: Option<(f64, u64)>, ready: bool) {
        header(out, "freehold_ledger_commit_seconds", "Seconds until an entry is durable.", "histogram");
        series::Series::render(&self.ledger_commit, out, "freehold_ledger_commit_seconds", "");
        if let Some((seconds, count)) = sync {
            header(out, "freehold_ledger_fdatasync_seconds", "Seconds spent in fdatasync.", "summary");
            let _ = writeln!(out, "freehold_ledger_fdatasync_seconds_sum {seconds}");
            let _ = writeln!(out, "freehold_ledger_fdatasync_seconds_count {count}");
        }
        header(out, "freehold_failed_authentications_total", "Wrong keys.", "counter");
        series::Series::render(&self.failed_authentications, out, "freehold_failed_authentications_total", "");
        for (name, help, value) in [
            ("freehold_in_flight", "Requests that run.", self.in_flight.get()),
            ("freehold_open_streams", "Streams that are open.", self.open_streams.get()),
            ("freehold_connections", "Client connections.", self.connections.get()),
            ("freehold_ready", "Whether traffic is taken.", i64::from(ready)),
            (
                "freehold_realm_refused_problems",
                "Problems of a changed realm that was refused; 0: none was.",
                self.realm_refused_problems.get(),
            ),
            (
                "freehold_realm_refused_since_seconds",
                "Unix time since which a changed realm is refused; 0: none is.",
                self.realm_refused_since_s.get(),
            ),
        ] {
            header(out, name, help, "gauge");
            let _ = writeln!(out, "{name} {value}");
        }
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
