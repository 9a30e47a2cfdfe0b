//! Embedded inference: a language model answering on this machine, in a child process that may
//! crash without taking anything else along.
//!
//! The parent's half ([`Supervisor`]) checks the model file, starts the same program again as a
//! child, hands it a listening Unix socket, and starts it anew when it dies. The child's half
//! ([`child::run`]) loads the model into llama.cpp and speaks the OpenAI wire format on that
//! socket. To whoever connects, it is one more OpenAI-compatible server.
//!
//! Invariants:
//! - No bytes of a model file reach C++ before [`gguf`] has checked every length and offset.
//! - No child survives its parent, however the parent ends.
//! - One bad request, schema, grammar or prompt is an error to one client; a crash in C++ costs
//!   the requests in flight and a restart.
//! - A child that stands still, or takes more memory than it may, is ended and started again.
//! - A request's text is held only while it is answered, and is never logged.
//!
//! Does not know: realms, policy, the ledger, keys, prices. `docs/engine.md` is for its users.

#![deny(unsafe_code)]

pub mod args;
pub mod child;
pub mod control;
pub mod cpu;
mod error;
pub mod gguf;
pub mod memory;
pub mod models;
pub mod supervisor;

pub use args::ChildArgs;
pub use error::Error;
pub use supervisor::{Config, Handle, Limits, State, Status, Supervisor};
