//! The HTTP edge: connections, paths, answers.

mod body;
mod log;
mod observe;
mod router;
mod server;

pub(crate) use body::{Reply, StreamBody};
