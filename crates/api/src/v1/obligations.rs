//! What is owed beside the answers: people to be told, evidence to be held.

use realm::UnixMs;
use serde::{Deserialize, Serialize};
use store::notice::Told;
use utoipa::ToSchema;

use super::answer::{ErrorBody, Refused, created, done, json};
use super::call::Call;
use super::routes::{Answered, Scope};
use crate::desk::obligations::{Asked, Notice};
use crate::law::word;

/// What is owed.
#[derive(Serialize, ToSchema)]
pub struct Obligations {
    /// Notices that rules want given: overdue ones first, then what is due soonest.
    pub notices: Vec<NoticeInfo>,
    /// What was told, and what was taken back; the youngest first, at most 500 of an app.
    pub told: Vec<ToldInfo>,
    /// Evidence that rules which bind today ask for; what is not there comes first.
    pub evidence: Vec<EvidenceInfo>,
    /// How many requests are older than those that are looked at.
    pub gone: u64,
}

/// A notice that a rule wants given of an app's requests.
#[derive(Serialize, ToSchema)]
pub struct NoticeInfo {
    /// `overdue`, `open` or `done`.
    pub state: &'static str,
    pub rule: String,
    pub title: String,
    pub cite: String,
    pub app: String,
    /// Requests that nobody was told of.
    pub requests: u64,
    /// When the first of them was sent.
    #[schema(format = DateTime)]
    pub since: Option<String>,
    /// When they are due; none where the rule says no hours.
    #[schema(format = DateTime)]
    pub due: Option<String>,
    /// When it was last done.
    #[schema(format = DateTime)]
    pub told: Option<String>,
}

/// Somebody told, of an app's requests until a moment.
#[derive(Serialize, ToSchema)]
pub struct ToldInfo {
    pub id: String,
    pub rule: String,
    pub app: String,
    #[schema(format = DateTime)]
    pub through: String,
    #[schema(format = DateTime)]
    pub at: String,
    pub by: String,
    pub reference: String,
    #[schema(format = DateTime)]
    pub undone: Option<String>,
    pub undone_by: Option<String>,
}

/// Evidence that rules ask of somebody or something.
#[derive(Serialize, ToSchema)]
pub struct EvidenceInfo {
    /// `provider.exit_plan`.
    pub key: String,
    /// Of whom: `provider:acme`.
    pub subject: String,
    /// `met`, `not_met` or `unknown`.
    pub state: &'static str,
    /// What the realm says.
    pub value: Option<String>,
    /// The last day on which that holds, or held.
    #[schema(format = Date)]
    pub valid_until: Option<String>,
    /// Rules that ask.
    pub rules: Vec<String>,
}

/// What somebody did.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tell {
    pub rule: String,
    pub app: String,
    /// Until when requests were told of; now where it is not said.
    #[schema(format = DateTime)]
    pub through: Option<String>,
    /// What shows it: a letter, a number. The ledger keeps it.
    #[schema(min_length = 1, max_length = 500)]
    pub reference: String,
}

fn notice(it: &Notice, call: &Call<'_>) -> NoticeInfo {
    NoticeInfo {
        state: it.stands(call.desk.now).as_str(),
        rule: it.rule.id.to_string(),
        title: it.rule.title.to_string(),
        cite: it.rule.cite.to_string(),
        app: it.app.to_string(),
        requests: it.owed.as_ref().map_or(0, |owed| owed.requests),
        since: it.owed.as_ref().map(|owed| owed.first.to_string()),
        due: it.due.map(|due| due.to_string()),
        told: it.told.as_ref().map(|told| told.at.to_string()),
    }
}

fn told(it: &Told) -> ToldInfo {
    ToldInfo {
        id: it.id.clone(),
        rule: it.rule.clone(),
        app: it.app.clone(),
        through: it.through.to_string(),
        at: it.at.to_string(),
        by: it.by.clone(),
        reference: it.reference.clone(),
        undone: it.undone.as_ref().map(|(at, _)| at.to_string()),
        undone_by: it.undone.as_ref().map(|(_, by)| by.clone()),
    }
}

fn evidence(it: &Asked) -> EvidenceInfo {
    EvidenceInfo {
        key: it.key.to_string(),
        subject: it.shown.subject.clone(),
        state: word(it.shown.met),
        value: it.shown.value.clone(),
        valid_until: it.shown.valid_until.map(|day| day.to_string()),
        rules: it.rules.iter().map(|rule| rule.id.to_string()).collect(),
    }
}

/// What is owed: people to be told, evidence to be held.
#[utoipa::path(get, path = "/api/v1/obligations", tag = "obligations", params(Scope), responses(
    (status = 200, body = Obligations), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_obligations(call: &Call<'_>) -> Answered {
    call.plain()?;
    let desk = &call.desk;
    let (notices, all) = (desk.notices().await?.value, desk.told_notices().await?);
    let gone = desk.ledger(|index| index.gone()).await?.value;
    Ok(json(&Obligations {
        notices: notices.iter().map(|it| notice(it, call)).collect(),
        told: all.iter().map(told).collect(),
        evidence: desk.evidence_asked().iter().map(evidence).collect(),
        gone,
    }))
}

/// Says that somebody told of an app's requests until a moment. Needs the role of an operator.
#[utoipa::path(post, path = "/api/v1/obligations/told", tag = "obligations", params(Scope), request_body = Tell, responses(
    (status = 201, body = ToldInfo), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn tell_notice(call: &Call<'_>) -> Answered {
    call.plain()?;
    let wanted: Tell = call.body()?;
    let through = wanted.through.as_deref().map_or(Ok(call.desk.now), moment)?;
    let made = call.desk.tell_notice(&wanted.rule, &wanted.app, through, &wanted.reference).await?;
    Ok(created(&told(&made)))
}

/// Takes that back: the requests are owed again. Needs the role of an operator.
#[utoipa::path(delete, path = "/api/v1/obligations/told/{told}", tag = "obligations",
    params(("told" = String, Path, description = "Its id"), Scope),
    responses((status = 204), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn untell_notice(call: &Call<'_>) -> Answered {
    call.plain()?;
    call.desk.untell_notice(call.name()).await?;
    Ok(done())
}

fn moment(text: &str) -> Result<UnixMs, Refused> {
    let read = text.parse::<jiff::Timestamp>().ok().and_then(|at| u64::try_from(at.as_millisecond()).ok());
    let wrong = || Refused::about("through", format!("`{text}` is no moment: expected one like 2026-11-26T08:00:00Z"));
    read.map(UnixMs).ok_or_else(wrong)
}
