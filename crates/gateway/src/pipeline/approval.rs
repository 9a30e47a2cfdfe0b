//! A request to which somebody must agree first: parked with a ticket, and let go on with it, once.

use std::sync::Arc;

use http::HeaderMap;
use policy::{Decision, Rule};
use realm::record::Mac;
use realm::world::Approvals;
use realm::{DeploymentId, UnixMs};
use serde_json::json;

use crate::approval::{OPEN_TICKETS_MAX, Parked, Parking, Ticket, TicketState, Tickets};
use crate::code::Code;
use crate::error::Refused;
use crate::pipeline::Life;
use crate::pipeline::classify::Facts;

/// By which a client says that people agreed.
pub(crate) const HEADER: &str = "x-freehold-ticket";
/// The longest id that a client may name.
const ID_MAX: usize = 64;
/// When to ask again, in seconds: people take their time.
const AGAIN_S: u64 = 30;
const HOUR_MS: u64 = 3_600_000;

/// What people agreed to.
pub(crate) struct Agreed {
    pub(crate) id: String,
    rules: Vec<String>,
    /// Whether it is used up, by this request.
    taken: bool,
}

/// A ticket that a refusal tells of.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub(crate) id: String,
    status: &'static str,
    needed: u32,
    agreed: u32,
    asked: UnixMs,
    until: UnixMs,
}

/// What would go if people agreed: by which rules they must, and where.
#[derive(Debug, Default)]
pub(crate) struct Asking {
    /// Once each, in the order met.
    pub(crate) rules: Vec<Arc<Rule>>,
    places: Vec<DeploymentId>,
}

impl Asking {
    /// Notes a permitted deployment that waits for people.
    pub(crate) fn note(&mut self, decision: &Decision, place: &DeploymentId) {
        for rule in decision.to_approve() {
            if !self.rules.contains(rule) {
                self.rules.push(rule.clone());
            }
        }
        self.places.push(place.clone());
    }

    fn needed(&self) -> u32 {
        self.rules.iter().map(|rule| rule.approvers).max().unwrap_or(1)
    }
}

/// The ticket that a client names.
///
/// # Errors
/// What is no ticket's id.
pub(crate) fn named(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    let id = value.to_str().ok().map(str::trim).filter(|id| (1..=ID_MAX).contains(&id.len()));
    let id = id.filter(|id| id.bytes().all(|byte| byte.is_ascii_alphanumeric())).ok_or_else(unknown)?;
    Ok(Some(id.to_owned()))
}

/// Looks a ticket up that a client came back with.
///
/// # Errors
/// It is none of the app's, or of another request or realm; it still waits, or never will be good again.
pub(crate) async fn presented(life: &Life<'_>, facts: &Facts<'_>, id: &str) -> Result<Agreed, Refused> {
    let now = life.shared.now();
    let found = tickets(life)?.find(id, now).await.map_err(|why| silent(&why))?;
    let ticket = found.filter(|ticket| ticket.app == life.caller.app.id).ok_or_else(unknown)?;
    let refused = |code, words: &'static str| Err(Refused::new(code, words).about(HEADER).under(told(&ticket)));
    if ticket.mac != mac(life, facts) {
        return refused(Code::TicketMismatch, "people agreed to another request: send the same one, byte for byte");
    }
    if ticket.realm != life.epoch.snapshot.id.to_string() {
        let words = "the realm has changed since people were asked: send the request without the ticket, to ask anew";
        return refused(Code::TicketMismatch, words);
    }
    match ticket.state {
        TicketState::Approved => Ok(Agreed { id: ticket.id, rules: ticket.rules, taken: false }),
        TicketState::Waiting => Err(pending(&ticket, rules_of(life, &ticket))),
        TicketState::Refused => refused(Code::ApprovalRefused, "somebody who was asked has refused"),
        TicketState::Used => refused(Code::TicketUsed, "the ticket was used: it is good for one request"),
        TicketState::Expired => refused(Code::TicketExpired, "the time of the ticket is over: ask anew without it"),
    }
}

/// Parks a request that nothing but people keeps from going, where its app wants that; else refuses it.
pub(crate) async fn park(life: &Life<'_>, asking: Asking, facts: &Facts<'_>, refused: Refused) -> Refused {
    let Approvals::Ticket { hours } = life.caller.app.approvals else { return refused };
    if life.agreed.is_some() {
        let words = "other rules ask than those by which people agreed: send it without the ticket, to ask anew";
        return Refused { rules: refused.rules, ..Refused::new(Code::TicketMismatch, words).about(HEADER) };
    }
    let Some(route) = life.route.clone() else { return refused };
    let now = life.shared.now();
    let until = UnixMs(now.0.saturating_add(hours.saturating_mul(HOUR_MS)));
    let parked = Parked {
        app: life.caller.app.id.clone(),
        req: life.accepted.id.clone(),
        mac: mac(life, facts),
        user: facts.user.clone(),
        route,
        purpose: facts.purpose.to_owned(),
        classes: facts.classes(),
        user_in: facts.user_jurisdiction.clone(),
        needed: asking.needed(),
        rules: asking.rules.iter().map(|it| [it.id.to_string(), it.title.to_string(), it.cite.to_string()]).collect(),
        deployments: asking.places,
        realm: life.epoch.snapshot.id.to_string(),
        asked: now,
        until,
    };
    let tickets = match tickets(life) {
        Ok(tickets) => tickets,
        Err(refused) => return refused,
    };
    match tickets.park(parked, OPEN_TICKETS_MAX).await {
        Ok(Parking::Under(ticket)) => pending(&ticket, asking.rules),
        Ok(Parking::Full(first)) => {
            let words = format!("{OPEN_TICKETS_MAX} requests of the app wait for people already");
            Refused::new(Code::TooManyTickets, words).retry_after(first.since(now).div_ceil(1_000).max(1))
        }
        Err(why) => silent(&why),
    }
}

impl Life<'_> {
    /// Whether nobody must agree to a decision, or people have.
    pub(crate) fn is_agreed(&self, decision: &Decision) -> bool {
        let by =
            |rule: &Arc<Rule>| self.agreed.as_ref().is_some_and(|it| it.rules.iter().any(|id| *id == *rule.rule_ref));
        decision.to_approve().all(by)
    }

    /// The ticket without which a decision would not be acted upon.
    pub(crate) fn ticket_for(&self, decision: &Decision) -> Option<&str> {
        let owed = decision.to_approve().next().is_some();
        self.agreed.as_ref().filter(|_| owed).map(|agreed| agreed.id.as_str())
    }

    /// Whether the ticket is yet to be used for a decision.
    pub(crate) fn must_take(&self, decision: &Decision) -> bool {
        self.ticket_for(decision).is_some() && self.agreed.as_ref().is_some_and(|agreed| !agreed.taken)
    }

    /// Uses the ticket, before anything is said to the ledger: a crash in between costs the ticket, never a second use.
    ///
    /// # Errors
    /// Another request was first, or somebody thought better of it just now.
    pub(crate) async fn take_ticket(&mut self) -> Result<(), Refused> {
        let (now, req) = (self.shared.now(), &self.accepted.id);
        let Some(agreed) = &self.agreed else { return Ok(()) };
        match tickets(self)?.take(&agreed.id, req, now).await {
            Err(why) => return Err(silent(&why)),
            Ok(false) => {
                let words = "the ticket was used, withdrawn or over just now";
                return Err(Refused::new(Code::TicketUsed, words).about(HEADER));
            }
            Ok(true) => {}
        }
        if let Some(agreed) = &mut self.agreed {
            agreed.taken = true;
        }
        Ok(())
    }
}

impl Waiting {
    /// What a client gets who must wait: no error, for nothing is wrong, and no answer yet.
    pub(crate) fn to_json(&self, refused: &Refused, request: &str, lang: realm::load::Lang) -> String {
        let rule = |rule: &Arc<Rule>| json!({ "id": *rule.rule_ref, "title": rule.title_in(lang), "cite": *rule.cite });
        let message = match self.status {
            "approved" => "people have agreed: send the same request again, with the header below",
            _ => "somebody must agree first: once people have, send the same request again, with the header below",
        };
        json!({
            "object": "approval.ticket",
            "id": self.id,
            "status": self.status,
            "created": self.asked.0 / 1_000,
            "expires_at": self.until.0 / 1_000,
            "request": request,
            "rules": refused.rules.iter().map(rule).collect::<Vec<_>>(),
            "approvals": { "needed": self.needed, "given": self.agreed },
            "header": { "name": HEADER, "value": self.id },
            "ask_at": format!("/console/approvals/{}", self.id),
            "message": message,
            "choices": [],
        })
        .to_string()
    }
}

fn tickets<'l>(life: &'l Life<'_>) -> Result<&'l Arc<dyn Tickets>, Refused> {
    let none = || silent("nobody keeps tickets here");
    match life.caller.app.approvals {
        Approvals::Ticket { .. } => life.shared.tickets.get().ok_or_else(none),
        Approvals::Refuse => Err(unknown()),
    }
}

/// What a request asks, as its client sent it, with what was said by headers that rules can ask about.
fn mac(life: &Life<'_>, facts: &Facts<'_>) -> Mac {
    let (classes, body) = (facts.classes().to_string(), life.received.clone().unwrap_or_default());
    let user_in = facts.user_jurisdiction.as_ref().map_or("", |it| it.as_str());
    let user = facts.user.as_ref().map_or("", |mac| mac.0.as_str());
    let endpoint = format!("{:?}", life.accepted.endpoint);
    life.salts.asked(&[
        endpoint.as_bytes(),
        facts.purpose.as_bytes(),
        classes.as_bytes(),
        user_in.as_bytes(),
        user.as_bytes(),
        &body,
    ])
}

/// The rules of a ticket, as the realm that it was given in writes them.
fn rules_of(life: &Life<'_>, ticket: &Ticket) -> Vec<Arc<Rule>> {
    let all = life.epoch.memo.compiled().rules().iter();
    all.filter(|rule| ticket.rules.iter().any(|id| *id == *rule.rule_ref)).cloned().collect()
}

fn pending(ticket: &Ticket, rules: Vec<Arc<Rule>>) -> Refused {
    let again = if ticket.state == TicketState::Approved { 1 } else { AGAIN_S };
    let refused = Refused::new(Code::ApprovalPending, "somebody must agree first").retry_after(again);
    Refused { rules, ..refused.under(told(ticket)) }
}

fn told(ticket: &Ticket) -> Waiting {
    let status = if ticket.state == TicketState::Approved { "approved" } else { "waiting" };
    let Ticket { id, needed, agreed, asked, until, .. } = ticket;
    Waiting { id: id.clone(), status, needed: *needed, agreed: *agreed, asked: *asked, until: *until }
}

fn unknown() -> Refused {
    Refused::new(Code::TicketUnknown, "there is no such ticket, or it is not one of the app's").about(HEADER)
}

fn silent(why: &str) -> Refused {
    tracing::warn!(why, "tickets cannot be had");
    Refused::new(Code::ApprovalsUnavailable, "the store that keeps tickets does not answer").retry_after(1)
}
