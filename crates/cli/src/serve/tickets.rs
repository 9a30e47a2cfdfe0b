//! Tickets of requests that wait for people, kept in the store, which all servers of it share.

use gateway::{Parked, Parking, Ticket, TicketState, Tickets, Wait};
use realm::record::Mac;
use realm::{AppId, UnixMs};
use store::Store;
use store::approval::{self, Asks, Opened, State};

/// The store, as a gateway asks it.
pub(super) struct Kept(pub(super) Store);

impl Tickets for Kept {
    fn park(&self, parked: Parked, open_max: u32) -> Wait<'_, Result<Parking, String>> {
        Box::pin(async move {
            let now = parked.asked;
            let id = approval::Ticket::new_id().map_err(|error| error.to_string())?;
            let opened = self.0.open_ticket(&ticket_of(id, parked), open_max).await;
            match opened.map_err(|error| error.to_string())? {
                Opened::Under(ticket) => Ok(Parking::Under(told(*ticket, now)?)),
                Opened::Full(first) => Ok(Parking::Full(first)),
            }
        })
    }

    fn find<'a>(&'a self, id: &'a str, now: UnixMs) -> Wait<'a, Result<Option<Ticket>, String>> {
        Box::pin(async move {
            let found = self.0.ticket(id).await.map_err(|error| error.to_string())?;
            found.map(|ticket| told(ticket, now)).transpose()
        })
    }

    fn take<'a>(&'a self, id: &'a str, req: &'a str, now: UnixMs) -> Wait<'a, Result<bool, String>> {
        Box::pin(async move { self.0.use_ticket(id, req, now).await.map_err(|error| error.to_string()) })
    }
}

fn ticket_of(id: String, parked: Parked) -> approval::Ticket {
    approval::Ticket {
        id,
        app: parked.app.to_string(),
        req: parked.req,
        mac: parked.mac.0,
        user: parked.user.map(|mac| mac.0),
        route: parked.route.to_string(),
        purpose: parked.purpose,
        classes: parked.classes,
        user_in: parked.user_in.map(|it| it.as_str().to_owned()),
        deployments: parked.deployments.iter().map(ToString::to_string).collect(),
        rules: parked.rules.into_iter().map(|[id, title, cite]| Asks { id, title, cite }).collect(),
        needed: parked.needed,
        realm: parked.realm,
        asked: parked.asked,
        until: parked.until,
        words: Vec::new(),
        used: None,
    }
}

fn told(ticket: approval::Ticket, now: UnixMs) -> Result<Ticket, String> {
    let state = match ticket.state(now) {
        State::Waiting => TicketState::Waiting,
        State::Approved => TicketState::Approved,
        State::Refused => TicketState::Refused,
        State::Used => TicketState::Used,
        State::Expired => TicketState::Expired,
    };
    Ok(Ticket {
        state,
        agreed: ticket.agreed(),
        app: AppId::new(&ticket.app).map_err(|error| error.to_string())?,
        rules: ticket.rules.into_iter().map(|rule| rule.id).collect(),
        id: ticket.id,
        mac: Mac(ticket.mac),
        realm: ticket.realm,
        needed: ticket.needed,
        asked: ticket.asked,
        until: ticket.until,
    })
}
