//! Exporting what requests were like to a collector of OpenTelemetry, over OTLP in HTTP, from a thread of its own. A
//! collector that is slow or gone costs stories, which are counted, and nothing else: nothing waits and nothing grows.

mod figures;
mod otlp;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use gateway::{Metrics, Story, TraceOut};
use prost::Message;
use ureq::Agent;

use crate::clock::now;
use crate::lang::tell;
use figures::Figures;

/// Stories sent at a time.
const BATCH: usize = 512;
/// How long a story waits for others.
const GATHER: Duration = Duration::from_secs(1);
/// How often figures are sent.
const FIGURES_EVERY: Duration = Duration::from_secs(10);
/// How long a collector may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The exporting thread, from outside.
pub(crate) struct Traces {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

/// The thread itself.
struct Exporter {
    out: TraceOut,
    url: String,
    agent: Agent,
    metrics: Arc<Metrics>,
    figures: Figures,
    /// Whether the last export failed: said once, not each time.
    failing: bool,
}

impl Traces {
    /// Starts it; `url` is the collector's address without a path.
    pub(crate) fn start(out: TraceOut, url: &str, metrics: Arc<Metrics>) -> Result<Self> {
        // Nobody is asked whom the operator did not name: no other address, no proxy of the environment.
        let config = Agent::config_builder().timeout_global(Some(TIMEOUT)).max_redirects(0).proxy(None);
        let agent = config.http_status_as_error(false).build().into();
        let url = url.trim_end_matches('/').to_owned();
        let exporter = Exporter { out, url, agent, metrics, figures: Figures::new(now()), failing: false };
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("otlp".to_owned()).spawn(move || exporter.run(&told));
        Ok(Self { stop, thread: thread.with_context(|| tell("no-runtime", &[]))? })
    }

    /// Exports what waits, and ends; no later than a collector may take for each of the last two exports.
    pub(crate) async fn finish(self) {
        self.stop.store(true, Ordering::Release);
        // One that panicked has nothing left to export.
        let _ = tokio::task::spawn_blocking(move || self.thread.join()).await;
    }
}

impl Exporter {
    fn run(mut self, stop: &AtomicBool) {
        let mut figures_sent = Instant::now();
        loop {
            let ending = stop.load(Ordering::Acquire);
            let (stories, gone) = self.gather(if ending { Duration::ZERO } else { GATHER });
            stories.iter().for_each(|story| self.figures.see(story));
            let empty = stories.is_empty();
            self.export(&stories);
            let last = gone || (ending && (empty || self.failing));
            if last || figures_sent.elapsed() >= FIGURES_EVERY {
                figures_sent = Instant::now();
                let body = self.figures.export(now()).encode_to_vec();
                self.send("/v1/metrics", body);
            }
            if last {
                return;
            }
        }
    }

    /// The stories of a moment, and whether none will come any more.
    fn gather(&self, at_most: Duration) -> (Vec<Story>, bool) {
        let (began, mut stories) = (Instant::now(), Vec::new());
        while stories.len() < BATCH {
            match self.out.take(at_most.saturating_sub(began.elapsed())) {
                Ok(story) => stories.push(story),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return (stories, true),
            }
        }
        (stories, false)
    }

    fn export(&mut self, stories: &[Story]) {
        let sampled = stories.iter().filter(|story| story.context.sampled).count() as u64;
        if sampled == 0 {
            return;
        }
        match self.send("/v1/traces", otlp::traces(stories).encode_to_vec()) {
            true => self.metrics.traces_exported.add(sampled),
            false => self.metrics.traces_lost.add(sampled),
        }
    }

    fn send(&mut self, path: &str, body: Vec<u8>) -> bool {
        let request = self.agent.post(format!("{}{path}", self.url)).content_type("application/x-protobuf");
        let refusal = match request.send(body) {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("it answered with status {}", answer.status().as_u16())),
            Err(error) => Some(error.to_string()),
        };
        if let Some(why) = refusal.as_ref().filter(|_| !self.failing) {
            tracing::warn!(url = self.url, why, "the collector takes nothing; traces are lost until it does");
        }
        self.failing = refusal.is_some();
        refusal.is_none()
    }
}
