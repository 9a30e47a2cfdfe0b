//! The HTTP edge: connections, paths, answers.

mod annex;
mod body;
mod log;
mod observe;
mod patience;
mod router;
mod server;

pub use annex::{Annex, Begin};
pub(crate) use body::{Reply, StreamBody};
