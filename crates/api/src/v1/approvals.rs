//! Requests that wait for people.

use serde::{Deserialize, Serialize};
use store::approval::{Decided, Ticket};
use utoipa::ToSchema;

use super::answer::{Code, ErrorBody, Refused, json};
use super::call::Call;
use super::routes::{Answered, Scope};

/// Requests that wait, and those that did.
#[derive(Serialize, ToSchema)]
pub struct Approvals {
    /// The youngest first, at most 500 of an app.
    pub approvals: Vec<ApprovalInfo>,
}

/// A request to which somebody must agree first. Its text is not here: the client has it.
#[derive(Serialize, ToSchema)]
pub struct ApprovalInfo {
    /// The ticket's id.
    pub id: String,
    /// `waiting`, `approved`, `refused`, `used` or `expired`.
    pub state: &'static str,
    pub app: String,
    /// The request that asked.
    pub request: String,
    pub route: String,
    pub purpose: String,
    /// Data classes found or asserted.
    pub classes: Vec<&'static str>,
    /// Where the end user is.
    pub user_in: Option<String>,
    /// Where it would go.
    pub deployments: Vec<String>,
    /// By which rules somebody must agree.
    pub rules: Vec<RuleAsks>,
    /// How many people must agree.
    pub needed: u32,
    /// How many have.
    pub agreed: u32,
    #[schema(format = DateTime)]
    pub asked: String,
    /// Until when it waits, and is good once people agreed.
    #[schema(format = DateTime)]
    pub until: String,
    /// What people said.
    pub words: Vec<ApprovalWord>,
    /// The request that went on with it.
    pub used_by: Option<String>,
    #[schema(format = DateTime)]
    pub used: Option<String>,
    /// The snapshot that asks.
    pub realm: String,
}

/// A rule by which somebody must agree.
#[derive(Serialize, ToSchema)]
pub struct RuleAsks {
    pub id: String,
    pub title: String,
    pub cite: String,
}

/// What a person said.
#[derive(Serialize, ToSchema)]
pub struct ApprovalWord {
    pub by: String,
    #[schema(format = DateTime)]
    pub at: String,
    /// Whether the request may go.
    pub agrees: bool,
    pub reason: String,
}

/// Why somebody agrees or refuses.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Say {
    /// In words; the ledger keeps it.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

fn info(ticket: Ticket, call: &Call<'_>) -> ApprovalInfo {
    ApprovalInfo {
        state: ticket.state(call.desk.now).as_str(),
        agreed: ticket.agreed(),
        classes: ticket.classes.iter().map(realm::DataClass::as_str).collect(),
        rules: ticket.rules.into_iter().map(|it| RuleAsks { id: it.id, title: it.title, cite: it.cite }).collect(),
        asked: ticket.asked.to_string(),
        until: ticket.until.to_string(),
        words: ticket
            .words
            .into_iter()
            .map(|it| ApprovalWord { by: it.by, at: it.at.to_string(), agrees: it.agrees, reason: it.reason })
            .collect(),
        used: ticket.used.as_ref().map(|used| used.at.to_string()),
        used_by: ticket.used.map(|used| used.req),
        id: ticket.id,
        app: ticket.app,
        request: ticket.req,
        route: ticket.route,
        purpose: ticket.purpose,
        user_in: ticket.user_in,
        deployments: ticket.deployments,
        needed: ticket.needed,
        realm: ticket.realm,
    }
}

/// Requests that wait for people, and those that did.
#[utoipa::path(get, path = "/api/v1/approvals", tag = "approvals", params(Scope), responses(
    (status = 200, body = Approvals), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_approvals(call: &Call<'_>) -> Answered {
    call.plain()?;
    let tickets = call.desk.tickets().await?;
    Ok(json(&Approvals { approvals: tickets.into_iter().map(|ticket| info(ticket, call)).collect() }))
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/approvals/{ticket}", tag = "approvals",
    params(("ticket" = String, Path, description = "The ticket's id"), Scope), responses(
    (status = 200, body = ApprovalInfo), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn get_approval(call: &Call<'_>) -> Answered {
    call.plain()?;
    Ok(json(&info(call.desk.ticket(call.name()).await?, call)))
}

/// Says that a request may go. Needs the role of an operator, and cannot be the end user who asks. Once as many have said so as
/// its rules want, the client may send it again.
#[utoipa::path(post, path = "/api/v1/approvals/{ticket}/approve", tag = "approvals",
    params(("ticket" = String, Path, description = "The ticket's id"), Scope), request_body = Say, responses(
    (status = 200, body = ApprovalInfo), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn approve_request(call: &Call<'_>) -> Answered {
    say(call, true).await
}

/// Says that a request may not go, also after having agreed. It stands. Needs the role of an operator.
#[utoipa::path(post, path = "/api/v1/approvals/{ticket}/refuse", tag = "approvals",
    params(("ticket" = String, Path, description = "The ticket's id"), Scope), request_body = Say, responses(
    (status = 200, body = ApprovalInfo), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn refuse_request(call: &Call<'_>) -> Answered {
    say(call, false).await
}

async fn say(call: &Call<'_>, agrees: bool) -> Answered {
    call.plain()?;
    let wanted: Say = call.body()?;
    let conflict = |words: String| Err(Refused::of(Code::Conflict, words));
    match call.desk.say_of_ticket(call.name(), agrees, &wanted.reason).await? {
        Decided::Said(ticket) => Ok(json(&info(*ticket, call))),
        Decided::NoSuch => Err(crate::Trouble::NotFound.into()),
        Decided::Over(state) => conflict(format!("nothing more can be said of it: it is {}", state.as_str())),
        Decided::Asker => conflict("it is your own request: somebody else must agree to it".to_owned()),
        Decided::Before => conflict("you agreed to it before: somebody else must agree too, or nobody".to_owned()),
    }
}
