//! The HTTP edge and the life of a request.
//!
//! `pipeline::run` owns every branch of that life; each stage is a straight line in a file of its name
//! (`README.md` holds the graph).
//!
//! Invariants:
//! - G1 no byte leaves to a deployment that `decide` did not permit, on any attempt;
//! - G2 no byte leaves before its intent is durable, no final byte returns before the outcome is;
//! - G4 without a ledger that can write, traffic is refused;
//! - G6 a secret is in no log, record, error, metric or page.
//!
//! It does not know the store, how a realm is loaded, the fleet, the plan or the console.
#![forbid(unsafe_code)]

mod approval;
mod code;
mod content;
mod cut;
mod database;
pub mod detect;
mod drill;
mod edge;
mod epoch;
mod error;
mod feign;
mod gateway;
mod journal;
mod limits;
mod live;
mod metrics;
mod open;
mod peers;
mod pipeline;
pub mod recover;
pub mod redact;
mod salt;
mod secret;
mod settings;
mod shadow;
mod state;
mod tasks;
mod trace;
mod upstream;
pub mod usage;

pub use approval::{OPEN_TICKETS_MAX, Parked, Parking, Ticket, TicketState, Tickets};
pub use code::Code;
pub use content::{ContentIn, ContentOut, Exchange, KeptAs, content_queue};
pub use cut::{CutOff, Fared, Tally, Whom};
pub use drill::{Destination, Drilled};
pub use edge::{Annex, Begin};
pub use epoch::Ruled;
pub use feign::{Feigned, Shape as FailureShape};
pub use gateway::{Gateway, Parts, Readiness, Recovered};
pub use journal::{Journal, JournalError, JournalHealth, LogJournal, Wait};
pub use limits::{Held, Kind, LeaseAsk, Month, lease};
pub use live::{Key, Live, Suspended, hash_of};
pub use metrics::Metrics;
pub use salt::{Text, mac_of};
pub use secret::Secret;
pub use settings::Settings;
pub use shadow::{Bounds, Budget, Run as ShadowRun, Shadow};
pub use state::PlaceState;
pub use tasks::Tasks;
pub use trace::{Attempted, Story, TraceContext, TraceIn, TraceOut, trace_queue};
pub use upstream::{Moved, TlsProblem, server_tls};
