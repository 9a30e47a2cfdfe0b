//! The HTTP edge: connections, paths, answers.

mod body;
mod log;
mod observe;
mod patience;
mod router;
mod server;

pub(crate) use body::{Reply, StreamBody};
