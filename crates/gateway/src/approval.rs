//! Requests that wait until people agree to them: a seam, for where tickets are kept is not the gateway's affair. Nothing of
//! a request goes there but what it is about and a MAC by which it is known again.

use std::sync::Arc;

use realm::record::Mac;
use realm::{AppId, ClassSet, DeploymentId, Jurisdiction, RouteId, UnixMs};

use crate::gateway::Gateway;
use crate::journal::Wait;

/// Tickets of an app that may be open at a time.
pub const OPEN_TICKETS_MAX: u32 = 100;

/// A request to be parked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// Whose it is.
    pub app: AppId,
    /// Its id.
    pub req: String,
    /// The MAC of what it asks.
    pub mac: Mac,
    /// The MAC of the end user's name.
    pub user: Option<Mac>,
    /// Where it wants to go.
    pub route: RouteId,
    /// What for.
    pub purpose: String,
    /// Classes found or asserted.
    pub classes: ClassSet,
    /// Where the end user is.
    pub user_in: Option<Jurisdiction>,
    /// Where it would go if people agreed.
    pub deployments: Vec<DeploymentId>,
    /// By which rules: id, title and citation of each.
    pub rules: Vec<[String; 3]>,
    /// How many people must agree.
    pub needed: u32,
    /// The snapshot that asks.
    pub realm: String,
    /// When.
    pub asked: UnixMs,
    /// Until when it waits.
    pub until: UnixMs,
}

/// A ticket as far as a request needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub app: AppId,
    /// The MAC of what was asked.
    pub mac: Mac,
    /// The snapshot that asked.
    pub realm: String,
    /// Ids of the rules by which people were asked.
    pub rules: Vec<String>,
    /// How it stands.
    pub state: TicketState,
    /// How many people must agree.
    pub needed: u32,
    /// How many have.
    pub agreed: u32,
    /// Since when it is there.
    pub asked: UnixMs,
    /// Until when it is good.
    pub until: UnixMs,
}

/// How a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketState {
    /// Too few have agreed.
    Waiting,
    /// The request may come again.
    Approved,
    /// Somebody refused.
    Refused,
    /// A request went on with it.
    Used,
    /// Its time is over.
    Expired,
}

/// What came of parking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parking {
    /// It waits under this ticket, new or from before.
    Under(Ticket),
    /// The app has as many open tickets as it may; the first ends then.
    Full(UnixMs),
}

/// Where tickets are kept, for every server that shares the store. An error says why it does not answer.
pub trait Tickets: Send + Sync {
    /// Parks a request; the same request that still waits keeps its ticket. At most so many of an app are open.
    fn park(&self, parked: Parked, open_max: u32) -> Wait<'_, Result<Parking, String>>;

    /// A ticket as it stands at a moment.
    fn find<'a>(&'a self, id: &'a str, now: UnixMs) -> Wait<'a, Result<Option<Ticket>, String>>;

    /// Uses an approved ticket for a request; tells whether it was this one that did. Durable when it comes back.
    fn take<'a>(&'a self, id: &'a str, req: &'a str, now: UnixMs) -> Wait<'a, Result<bool, String>>;
}

impl Gateway {
    /// Lets somebody keep tickets of requests that wait. The first stays; without one, such requests are refused.
    pub fn keep_tickets(&self, tickets: Arc<dyn Tickets>) {
        drop(self.0.tickets.set(tickets));
    }
}
