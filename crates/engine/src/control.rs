//! What a child tells its parent: one JSON object per line on the control socket.

use serde::{Deserialize, Serialize};

/// An event in a child's life.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// It answers now.
    Ready(Ready),
    /// It lives. Sent about twice a second once it is ready.
    Beat {
        /// For how long there was work and none of it went on.
        stalled_ms: u64,
    },
    /// It cannot run this model and will not when tried again.
    Failed {
        /// Why.
        reason: String,
    },
}

/// What is running.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ready {
    /// The inference library and its version.
    pub engine: String,
    /// The model's name.
    pub model: String,
    /// Architecture.
    pub architecture: String,
    /// Number of parameters.
    pub parameters: u64,
    /// The type of most weights.
    pub quantisation: String,
    /// Whether the file calls itself a toy.
    pub toy: bool,
    /// Most tokens of one request.
    pub context_tokens: u32,
    /// Tokens that the cache holds for all requests together.
    pub cache_tokens: u32,
    /// Requests computed at the same time.
    pub parallel: u32,
    /// Threads.
    pub threads: u32,
    /// Instruction sets that the library was compiled for.
    pub instruction_sets: Vec<String>,
    /// How joules are known.
    pub energy_method: String,
}

/// The longest event that is read.
pub const EVENT_BYTES_MAX: u64 = 64 * 1024;
