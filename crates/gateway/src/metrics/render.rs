use std::fmt::Write;

use realm::{DeploymentId, RouteId};

use super::series::{Count, Series};
use super::{Metrics, header};

/// What is looked at when somebody asks, instead of being counted.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Whether traffic is taken.
    pub ready: bool,
    /// Seconds of the ledger's `fdatasync` so far, and how many.
    pub sync: Option<(f64, u64)>,
    /// Seconds that the ledger's batches waited for the disk's attention so far, and how many.
    pub queued: Option<(f64, u64)>,
    /// Entries that wait for the ledger.
    pub waiting: usize,
    /// Deployments, and whether each is left alone: after failures, and by law.
    pub left_alone: Vec<(DeploymentId, bool, bool)>,
}

impl Metrics {
    /// The Prometheus text.
    pub fn render(&self, seen: &Seen) -> String {
        let mut out = String::with_capacity(16_384);
        self.render_requests(&mut out);
        self.render_places(&mut out);
        self.render_counts(&mut out);
        self.render_ledger(&mut out, seen);
        self.render_gauges(&mut out, seen);
        out
    }

    fn render_requests(&self, out: &mut String) {
        let name = |id: &Option<RouteId>| id.as_ref().map_or(String::new(), ToString::to_string);
        let place = |id: &Option<DeploymentId>| id.as_ref().map_or(String::new(), ToString::to_string);
        self.requests.render(out, "freehold_requests_total", "Requests by code, route and deployment.", |key| {
            format!("code=\"{}\",route=\"{}\",deployment=\"{}\"", key.2, name(&key.0), place(&key.1))
        });
        let help = "Seconds from accepting a request to its end.";
        self.durations.render(out, "freehold_request_seconds", help, |key| format!("route=\"{key}\""));
        self.denials.render(out, "freehold_denials_total", "Denials by rule.", |key| format!("rule=\"{key}\""));
        self.redactions
            .render(out, "freehold_redactions_total", "Requests redacted, by class.", |key| format!("class=\"{key}\""));
    }

    fn render_places(&self, out: &mut String) {
        let by_place = |key: &DeploymentId| format!("deployment=\"{key}\"");
        let help = "Seconds from sending to a deployment to its first byte.";
        self.first_bytes.render(out, "freehold_first_byte_seconds", help, by_place);
        let help = "Seconds from sending to a deployment to the end of its answer.";
        self.answers.render(out, "freehold_answer_seconds", help, by_place);
        let help = "Seconds for each token of an answer; of a stream, after its first byte.";
        self.output_tokens.render(out, "freehold_output_token_seconds", help, by_place);
        self.attempts.render(out, "freehold_attempts_total", "Attempts by deployment and end.", |key| {
            format!("deployment=\"{}\",end=\"{}\"", key.0, key.1)
        });
        let help = "Cut streams that a deployment went on with.";
        self.resumed.render(out, "freehold_resumed_streams_total", help, by_place);
        self.tokens.render(out, "freehold_tokens_total", "Tokens by deployment and direction.", |key| {
            format!("deployment=\"{}\",direction=\"{}\"", key.0, key.1)
        });
        let help = "Cost in billionths of the realm's currency.";
        self.cost.render(out, "freehold_cost_nano_total", help, by_place);
        let help = "Energy in thousandths of a joule, by how it is known: measured or declared.";
        self.energy_mj.render(out, "freehold_energy_millijoules_total", help, |key| {
            format!("deployment=\"{}\",method=\"{}\"", key.0, key.1)
        });
    }

    fn render_counts(&self, out: &mut String) {
        let counts: [(&str, &str, &Count); 5] = [
            ("freehold_failed_authentications_total", "Wrong keys.", &self.failed_authentications),
            (
                "freehold_content_kept_total",
                "Prompts with their answers that were sealed and kept.",
                &self.content_kept,
            ),
            ("freehold_content_lost_total", "Those that should have been kept and were not.", &self.content_lost),
            ("freehold_traces_exported_total", "Requests whose spans a collector took.", &self.traces_exported),
            ("freehold_traces_lost_total", "Sampled requests whose spans it did not take.", &self.traces_lost),
        ];
        for (name, help, count) in counts {
            header(out, name, help, Count::KIND);
            count.render(out, name, "");
        }
    }

    fn render_ledger(&self, out: &mut String, seen: &Seen) {
        header(out, "freehold_ledger_commit_seconds", "Seconds until an entry is durable.", "histogram");
        self.ledger_commit.render(out, "freehold_ledger_commit_seconds", "");
        for (name, help, figure) in [
            ("freehold_ledger_fdatasync_seconds", "Seconds spent in fdatasync.", seen.sync),
            ("freehold_ledger_queue_seconds", "Seconds that a batch's first entry waited for the disk.", seen.queued),
        ] {
            if let Some((seconds, count)) = figure {
                header(out, name, help, "summary");
                let _ = writeln!(out, "{name}_sum {seconds}\n{name}_count {count}");
            }
        }
    }

    fn render_gauges(&self, out: &mut String, seen: &Seen) {
        let name = "freehold_deployment_left_alone";
        header(out, name, "Whether nothing is sent there now: after failures, or by law.", "gauge");
        for (id, failures, law) in &seen.left_alone {
            for (why, is) in [("failures", failures), ("law", law)] {
                let _ = writeln!(out, "{name}{{deployment=\"{id}\",why=\"{why}\"}} {}", u8::from(*is));
            }
        }
        let (problems, since) = (&self.realm_refused_problems, &self.realm_refused_since_s);
        for (name, help, value) in [
            ("freehold_in_flight", "Requests that run.", self.in_flight.get()),
            ("freehold_open_streams", "Streams that are open.", self.open_streams.get()),
            ("freehold_connections", "Client connections.", self.connections.get()),
            ("freehold_ready", "Whether traffic is taken.", i64::from(seen.ready)),
            (
                "freehold_ledger_queue_entries",
                "Entries that wait for the disk.",
                i64::try_from(seen.waiting).unwrap_or(i64::MAX),
            ),
            (
                "freehold_realm_refused_problems",
                "Problems of a changed realm that was refused; 0: none was.",
                problems.get(),
            ),
            (
                "freehold_realm_refused_since_seconds",
                "Unix time since which a changed realm is refused; 0: none is.",
                since.get(),
            ),
        ] {
            header(out, name, help, "gauge");
            let _ = writeln!(out, "{name} {value}");
        }
    }
}
