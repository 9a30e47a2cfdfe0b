//! Bounds of the HTTP edge.

use std::time::Duration;

use realm::world::{BREAKER_FAILURES, COOL_DOWN_S};

/// How much of anything is taken, and how long anything is waited for.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The longest body taken, in bytes.
    pub body_bytes_max: usize,
    /// The longest header block taken, in bytes.
    pub header_bytes_max: usize,
    /// The longest answer taken from a provider, in bytes.
    pub answer_bytes_max: usize,
    /// How long a client may take for its headers.
    pub header_read: Duration,
    /// How long a client may pause within its body, or not read its answer.
    pub client_idle: Duration,
    /// Connections at the same time; further ones wait to be accepted.
    pub connections_max: usize,
    /// Wrong keys of one peer in a minute before it is told to come later.
    pub failed_authentications_per_min: u32,
    /// Whether a proxy of ours stands before: the peer is then the last address of `x-forwarded-for`.
    pub behind_proxy: bool,
    /// How long a receipt waits for the checkpoint that covers it.
    pub receipt_wait: Duration,
    /// Tokens of an answer assumed where the request names no bound.
    pub answer_tokens_default: u64,
    /// Failures in a row after which a deployment is left alone for `cool_down`.
    pub breaker_failures: u32,
    /// How long a failing deployment is left alone.
    pub cool_down: Duration,
    /// The shortest wait before a deployment is asked once more; up to as much again is drawn.
    pub repeat_pause: Duration,
    /// How long a provider that answers later is left alone before it is asked the first time; then half as long again
    /// each time, up to ten times this.
    pub operation_pause: Duration,
    /// Where keys and limits are shared with other gateways through a database: how long its keys are believed when it
    /// does not answer.
    pub shared_key_cache: Option<Duration>,
    /// Stamp every record as sample traffic.
    pub simulated: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            body_bytes_max: 10 << 20,
            header_bytes_max: 32 << 10,
            answer_bytes_max: 64 << 20,
            header_read: Duration::from_secs(10),
            client_idle: Duration::from_secs(30),
            connections_max: 16_384,
            failed_authentications_per_min: 20,
            behind_proxy: false,
            receipt_wait: Duration::from_secs(1),
            answer_tokens_default: 1_024,
            breaker_failures: BREAKER_FAILURES,
            cool_down: Duration::from_secs(COOL_DOWN_S),
            repeat_pause: Duration::from_millis(150),
            operation_pause: Duration::from_secs(1),
            shared_key_cache: None,
            simulated: false,
        }
    }
}
