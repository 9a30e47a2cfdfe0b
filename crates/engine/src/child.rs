//! The child's side: one model, one thread that computes, one thread that speaks HTTP.
//!
//! ```text
//! connection → api → request (parse) → prompt (template, tokens, grammar)
//!            → queue → scheduler: plan → decode → sample → text → outbox → answer
//!                      → embed (one text at a time) → answer
//! ```

#[cfg(feature = "llama")]
mod answer;
#[cfg(feature = "llama")]
mod api;
#[cfg(feature = "llama")]
mod embed;
#[cfg(feature = "llama")]
mod energy;
#[cfg(feature = "llama")]
mod grammar;
#[cfg(feature = "llama")]
mod model;
#[cfg(feature = "llama")]
mod outbox;
#[cfg(feature = "llama")]
mod parent;
#[cfg(feature = "llama")]
mod plan;
#[cfg(feature = "llama")]
mod prompt;
#[cfg(feature = "llama")]
mod pulse;
#[cfg(feature = "llama")]
mod queue;
#[cfg(feature = "llama")]
mod refusal;
#[cfg(feature = "llama")]
mod request;
#[cfg(feature = "llama")]
mod run;
#[cfg(feature = "llama")]
mod sample;
#[cfg(feature = "llama")]
mod scheduler;
#[cfg(feature = "llama")]
mod server;
#[cfg(feature = "llama")]
mod slot;
#[cfg(feature = "llama")]
mod sys;
#[cfg(feature = "llama")]
mod template;
#[cfg(feature = "llama")]
mod text;

#[cfg(feature = "llama")]
pub use run::run;

/// Refuses: this build has no inference library.
///
/// # Errors
/// Always.
#[cfg(not(feature = "llama"))]
pub fn run(_args: crate::ChildArgs) -> Result<(), crate::Error> {
    Err(crate::Error::NotBuilt)
}
