//! A stand-in for Sber's GigaChat: its token endpoint and its API (contracts v1 and v2) on loopback.
//!
//! It is as strict as the provider is known to be, so that what passes here has a chance there. A message with
//! «погода», "weather" or "use the tool" calls the first function offered; one with [`CENSORED`] is refused as the
//! provider refuses forbidden topics.

mod auth;
mod chat;
mod check;
mod files;
mod render;
mod routes;
mod sample;
mod smaller;
mod v2;

#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use realm::Clock;

use super::serving::Serving;
use super::{Fault, Received};

/// What makes the stand-in refuse to speak.
pub const CENSORED: &str = "запретная тема";

/// How a [`GigaChat`] behaves.
#[derive(Debug, Clone)]
pub struct GigaChatOptions {
    /// The only authorization key it knows; without one, every well-formed key will do.
    pub key: Option<String>,
    /// The scope that keys have.
    pub scope: String,
    /// The reply to a token request says `tok` and `exp` instead of `access_token` and `expires_at`.
    pub short_dialect: bool,
    /// How long a token serves.
    pub token_ttl_ms: u64,
    /// Token requests answered in one second; the provider's limit is 10.
    pub tokens_per_second: Option<usize>,
    /// Calls without `User-Agent` are refused.
    pub user_agent_required: bool,
    /// Calls answered at the same time; more are refused.
    pub threads_max: Option<usize>,
    /// A model it knows beside its own.
    pub model: Option<String>,
}

impl Default for GigaChatOptions {
    fn default() -> Self {
        Self {
            key: None,
            scope: "GIGACHAT_API_PERS".to_owned(),
            short_dialect: false,
            token_ttl_ms: 30 * 60 * 1000,
            tokens_per_second: None,
            user_agent_required: true,
            threads_max: None,
            model: None,
        }
    }
}

/// A running stand-in; it stops when dropped.
#[derive(Debug)]
pub struct GigaChat {
    state: Arc<State>,
    serving: Serving,
}

/// What its handlers share.
struct State {
    common: super::State,
    options: GigaChatOptions,
    clock: Arc<dyn Clock>,
    tokens: Mutex<auth::Tokens>,
    token_faults: Mutex<super::fault::Queue>,
    files: Mutex<files::Files>,
    running: Arc<AtomicUsize>,
    running_max: AtomicUsize,
    answered: AtomicU64,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("common", &self.common).field("options", &self.options).finish_non_exhaustive()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn new(name: &str, options: GigaChatOptions, clock: Arc<dyn Clock>) -> Self {
        Self {
            common: super::State::new(name),
            options,
            clock,
            tokens: Mutex::default(),
            token_faults: Mutex::default(),
            files: Mutex::default(),
            running: Arc::default(),
            running_max: AtomicUsize::new(0),
            answered: AtomicU64::new(0),
        }
    }

    fn now_s(&self) -> u64 {
        self.clock.now().0 / 1000
    }

    /// Takes a place among the running calls; none when all are taken.
    fn enter(&self) -> Option<Place> {
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        let place = Place(Arc::clone(&self.running));
        if self.options.threads_max.is_some_and(|most| running > most) {
            return None;
        }
        self.running_max.fetch_max(running, Ordering::SeqCst);
        Some(place)
    }
}

/// A place among the running calls, until dropped.
#[derive(Debug)]
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl GigaChat {
    /// Starts one on loopback, on a port of the system's choice unless `port` names one. Tokens live by the clock.
    pub async fn start(
        name: &str,
        port: u16,
        options: GigaChatOptions,
        clock: Arc<dyn Clock>,
    ) -> std::io::Result<Self> {
        let state = Arc::new(State::new(name, options, clock));
        let serving = Serving::start(routes::router(Arc::clone(&state)), port).await?;
        Ok(Self { state, serving })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.serving.address
    }

    /// The `base_url` a provider table would hold. `/v1` works as well.
    pub fn base_url(&self) -> String {
        format!("http://{}/api/v1", self.serving.address)
    }

    /// Where it gives out tokens.
    pub fn auth_url(&self) -> String {
        format!("http://{}/api/v2/oauth", self.serving.address)
    }

    /// What it received so far, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.state.common.received()
    }

    /// The next calls of the API fail like this, one each, in order; after them it answers again.
    pub fn fail_next(&self, faults: Vec<Fault>) {
        self.state.common.set_faults(faults);
    }

    /// The same for the next token requests.
    pub fn fail_next_tokens(&self, faults: Vec<Fault>) {
        locked(&self.state.token_faults).set(faults);
    }

    /// Takes back every token given out: their holders get 401.
    pub fn revoke_tokens(&self) {
        locked(&self.state.tokens).revoke();
    }

    /// How many tokens it gave out.
    pub fn tokens_issued(&self) -> u64 {
        locked(&self.state.tokens).issued()
    }

    /// The most calls that ran at the same time.
    pub fn running_max(&self) -> usize {
        self.state.running_max.load(Ordering::SeqCst)
    }
}
