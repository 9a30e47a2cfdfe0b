//! A stand-in provider that speaks OpenAI's wire format on loopback.

mod answer;
mod anthropic;
mod fault;
mod gigachat;
mod received;
mod routes;
mod serving;
mod stream;
mod wire;
mod yandexgpt;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

pub use answer::answer_to;
pub use anthropic::Anthropic;
pub use fault::Fault;
pub use gigachat::{CENSORED, GigaChat, GigaChatOptions};
pub use received::Received;
pub(crate) use serving::Serving;
pub use wire::Wire;
pub use yandexgpt::{YandexGpt, YandexGptSettings};

/// A running stand-in; it stops when dropped.
#[derive(Debug)]
pub struct StandIn {
    state: Arc<State>,
    serving: Serving,
}

/// What its handlers share.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) name: String,
    received: Mutex<received::Log>,
    faults: Mutex<fault::Queue>,
}

impl State {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), received: Mutex::default(), faults: Mutex::default() }
    }

    pub(crate) fn note(&self, path: &str, headers: &axum::http::HeaderMap, body: &[u8]) {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).push(path, headers, body);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).list()
    }

    pub(crate) fn next_fault(&self) -> Option<Fault> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).next()
    }

    pub(crate) fn set_faults(&self, faults: Vec<Fault>) {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).set(faults);
    }
}

impl StandIn {
    /// Starts one on loopback, on a port of the system's choice unless `port` names one.
    pub async fn start(name: &str, port: u16) -> std::io::Result<Self> {
        let state = Arc::new(State::new(name));
        let serving = Serving::start(routes::router(Arc::clone(&state)), port).await?;
        Ok(Self { state, serving })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.serving.address
    }

    /// The `base_url` a provider table would hold.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.serving.address)
    }

    /// What it received so far, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.state.received()
    }

    /// Connections and bytes, by its own count.
    pub fn wire(&self) -> Wire {
        self.serving.counts.wire()
    }

    /// The next requests fail like this, one each, in order; after them it answers again.
    pub fn fail_next(&self, faults: Vec<Fault>) {
        self.state.set_faults(faults);
    }
}
