//! Puts the rooms together: realm, rules, store, ledger, engines, gateway; and keeps them together while they run.

mod anew;
mod assemble;
mod console;
mod content;
mod drills;
mod engines;
mod exempting;
mod identity;
mod key_cache;
mod leases;
mod listen;
mod outbox;
mod page;
mod requests;
mod saving;
mod shared;
mod signals;
mod tickets;
mod traces;
mod watch;
mod witnessing;

pub(crate) use anew::Anew;
pub(crate) use assemble::{Assembled, Plan, assemble, gateway_live, live_of};
pub(crate) use console::sent;
pub(crate) use listen::{bind, may_listen, reachable, tls};
pub(crate) use page::{Lines, Step, render};
pub(crate) use shared::Sharing;
pub(crate) use signals::Signals;
pub(crate) use watch::{Stopped, run_until_stopped};
