//! Stand-ins for what Freehold talks to: providers on loopback that answer deterministically, tell what they
//! received, and fail on request; a clock that stands still until told; a PostgreSQL that is thrown away.
//!
//! The demo runs these too, so they say plainly that they are stand-ins. Knows no policy and no gateway.
#![forbid(unsafe_code)]

mod clock;
mod collector;
mod postgres;
mod standin;

pub use clock::{ManualClock, OwnClock};
pub use collector::Collector;
pub use postgres::Postgres;
pub use standin::{
    Anthropic, CENSORED, Fault, GigaChat, GigaChatOptions, Received, StandIn, Wire, YandexGpt, YandexGptSettings,
    answer_to,
};
