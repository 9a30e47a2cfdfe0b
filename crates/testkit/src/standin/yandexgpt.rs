//! A stand-in for YandexGPT: the native REST protocol, the OpenAI-compatible one, operations and the token service,
//! on one loopback port.
//!
//! It is strict where a client could be wrong (credentials, folders, roles, oneofs, unknown fields, the order of
//! tool results, signatures of JWTs) and answers deterministically. What the last user message says decides:
//! *weather*, *погода* or *use the tool* calls the first tool, *twice* or *дважды* calls it twice, `[filter]` is
//! censored, `[rewrite]` changes text already streamed, `[fail]` fails an operation, and with `[early]` says so without
//! saying that it is over; an operation with `[endless]` is never over, and the
//! first question after one with `[busy]` finds the service out of order.

mod auth;
mod check;
mod compatible;
mod errors;
mod fill;
mod iam;
mod native;
mod operations;
mod plan;
mod routes;
#[cfg(test)]
mod tests;
mod unary;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use realm::Clock;
use tokio::sync::Semaphore;

use super::serving::Serving;
use super::{Fault, Received};
use crate::OwnClock;

/// A running stand-in; it stops when dropped.
#[derive(Debug)]
pub struct YandexGpt {
    shared: Arc<Shared>,
    serving: Serving,
}

/// How a stand-in is set up.
#[derive(Debug, Clone)]
pub struct YandexGptSettings {
    /// Its name, which its answers give.
    pub name: String,
    /// The only folder it has.
    pub folder: String,
    /// The only API key it knows.
    pub api_key: String,
    /// How many generations may run at a time.
    pub concurrent_max: usize,
    /// How many characters each message of a stream brings.
    pub piece_chars: usize,
    /// How often an operation says that it is running.
    pub polls: u32,
}

/// What its handlers share.
#[derive(Debug)]
pub(super) struct Shared {
    state: super::State,
    settings: YandexGptSettings,
    running: Arc<Semaphore>,
    tokens: Mutex<VecDeque<iam::Issued>>,
    operations: Mutex<VecDeque<operations::Operation>>,
    count: AtomicU64,
    clock: ClockHandle,
}

struct ClockHandle(Arc<dyn Clock>);

impl Default for YandexGptSettings {
    fn default() -> Self {
        Self {
            name: "yandexgpt".to_owned(),
            folder: "b1gstandin".to_owned(),
            api_key: "AQVNstandin-key-of-a-stand-in-opens-nothing".to_owned(),
            concurrent_max: 10,
            piece_chars: 3,
            polls: 1,
        }
    }
}

impl YandexGpt {
    /// The key file of the stand-in's service account; it opens nothing else.
    pub const KEY_FILE: &'static str = include_str!("yandexgpt/key.json");

    /// Starts one on loopback, on a port of the system's choice unless `port` names one.
    pub async fn start(name: &str, port: u16) -> std::io::Result<Self> {
        let settings = YandexGptSettings { name: name.to_owned(), ..YandexGptSettings::default() };
        Self::start_with(settings, Arc::new(OwnClock), port).await
    }

    /// Starts one that is set up otherwise, with a clock for its tokens.
    pub async fn start_with(settings: YandexGptSettings, clock: Arc<dyn Clock>, port: u16) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::new(settings, clock));
        let serving = Serving::start(routes::router(Arc::clone(&shared)), port).await?;
        Ok(Self { shared, serving })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.serving.address
    }

    /// What stands in for every host of the provider: paths begin after it (`/foundationModels/…`, `/v1/…`,
    /// `/operations/…`, `/iam/…`).
    pub fn base_url(&self) -> String {
        format!("http://{}", self.serving.address)
    }

    /// What it received so far, oldest first; of the token service only that it was asked.
    pub fn received(&self) -> Vec<Received> {
        self.shared.state.received()
    }

    /// The next requests for generation or embeddings fail like this, one each, in order.
    pub fn fail_next(&self, faults: Vec<Fault>) {
        self.shared.state.set_faults(faults);
    }

    /// Takes back every token given out: their holders get 401.
    pub fn revoke_tokens(&self) {
        self.shared.tokens.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// How often its token service was asked.
    pub fn tokens_asked(&self) -> usize {
        self.received().iter().filter(|one| one.path.contains("/iam/")).count()
    }

    /// Forgets every operation, as the provider does after some days.
    pub fn forget_operations(&self) {
        self.shared.operations.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// How it is set up.
    pub fn settings(&self) -> &YandexGptSettings {
        &self.shared.settings
    }
}

impl Shared {
    fn new(settings: YandexGptSettings, clock: Arc<dyn Clock>) -> Self {
        Self {
            state: super::State::new(&settings.name),
            running: Arc::new(Semaphore::new(settings.concurrent_max)),
            settings,
            tokens: Mutex::default(),
            operations: Mutex::default(),
            count: AtomicU64::new(0),
            clock: ClockHandle(clock),
        }
    }

    /// A number that no other call got.
    fn number(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn now_s(&self) -> u64 {
        self.clock.0.now().0 / 1000
    }
}

impl std::fmt::Debug for ClockHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("clock")
    }
}
