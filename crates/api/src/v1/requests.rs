//! Requests as the ledger has them.

use std::collections::BTreeSet;

use jiff::civil::Date;
use realm::UnixMs;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::answer::{ErrorBody, Refused, json};
use super::call::{Call, day};
use super::routes::{Answered, Scope};
use crate::index::{ENDS, Key, Row, Wanted};
use crate::rights::Right;
use crate::trouble::Trouble;

/// Requests that one call tells at most.
const LIMIT_MAX: usize = 1_000;
const LIMIT: usize = 100;

/// What narrows the requests, and which part of them is told.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Narrowed {
    /// Of this app.
    app: Option<String>,
    /// By this route.
    route: Option<String>,
    /// To this deployment last.
    deployment: Option<String>,
    /// To a deployment of this model.
    model: Option<String>,
    /// To a deployment of this provider.
    provider: Option<String>,
    /// To a deployment that rests there.
    jurisdiction: Option<String>,
    /// To a deployment whose use needs this, as the realm in force says it: a level and a name, as `operator:acme`.
    needs: Option<String>,
    /// `permit`, `redact` or `deny`.
    decision: Option<String>,
    /// `ok`, `refused`, `error`, `client_closed`, `unknown` or `open`; `answered` is `ok` and `client_closed`.
    end: Option<String>,
    /// With this error code.
    code: Option<String>,
    /// With this rule.
    rule: Option<String>,
    /// From this day on, in the realm's time zone.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// Until this day, which is included.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<String>,
    /// By `at`, `request`, `app`, `route`, `deployment`, `decision`, `end`, `tokens`, `cost`, `joules` or `total_ms`; with a
    /// minus from the greatest. The youngest first where it is not said.
    sort: Option<String>,
    /// How many of them to pass over.
    #[param(minimum = 0)]
    offset: Option<usize>,
    /// How many to tell, 100 where it is not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// Requests.
#[derive(Serialize, ToSchema)]
pub struct Requests {
    /// How many there are that are wanted.
    pub total: usize,
    /// How many are older than those that can be asked for: they are in the ledger.
    pub gone: u64,
    /// Entries of the ledger that were read; fewer than `size` soon after a start.
    pub read_to: u64,
    /// Entries that there are.
    pub size: u64,
    pub requests: Vec<RequestInfo>,
}

/// One request.
#[derive(Serialize, ToSchema)]
pub struct RequestInfo {
    pub id: String,
    #[schema(format = DateTime)]
    pub at: String,
    pub app: String,
    pub route: Option<String>,
    pub purpose: Option<String>,
    /// Where it went last.
    pub deployment: Option<String>,
    /// `permit`, `redact` or `deny`; none where it was not rules that stopped it.
    pub decision: Option<&'static str>,
    /// `ok`, `refused`, `error`, `client_closed`, `unknown` or `open`.
    pub end: &'static str,
    /// The error that the client got.
    pub code: Option<String>,
    /// Classes found or asserted.
    pub classes: Vec<&'static str>,
    /// Classes replaced by tokens before anything left.
    pub redacted: Vec<&'static str>,
    /// Rules that denied it, or a deployment of it.
    pub rules: Vec<String>,
    pub attempts: u32,
    pub tokens_in: u64,
    pub tokens_out: u64,
    /// What it cost, in the realm's currency.
    pub cost: String,
    /// Whether tokens or cost are estimated.
    pub estimated: bool,
    /// None: unknown.
    pub joules: Option<f64>,
    pub first_ms: Option<u64>,
    pub total_ms: Option<u64>,
    /// Where its records lie in the ledger.
    pub entries: Vec<u64>,
    /// Made by sample traffic.
    pub simulated: bool,
}

/// A request, with its records for those who may read them.
#[derive(Serialize, ToSchema)]
pub struct OneRequest {
    pub request: RequestInfo,
    /// Its records as they lie in the ledger; none: the role does not allow it.
    pub records: Option<Vec<Value>>,
}

impl RequestInfo {
    fn of(row: &Row) -> Self {
        let classes = |set: realm::ClassSet| set.iter().map(realm::DataClass::as_str).collect();
        Self {
            id: row.req.to_string(),
            at: row.at.to_string(),
            app: row.app.to_string(),
            route: row.route.as_ref().map(ToString::to_string),
            purpose: Some(row.purpose.to_string()).filter(|purpose| !purpose.is_empty()),
            deployment: row.deployment.as_ref().map(ToString::to_string),
            decision: row.decision(),
            end: row.end.as_str(),
            code: row.code.as_deref().map(str::to_owned),
            classes: classes(row.classes),
            redacted: classes(row.redacted),
            rules: row.rules.iter().map(|rule| rule.to_string()).collect(),
            attempts: row.attempts,
            tokens_in: row.tokens.input,
            tokens_out: row.tokens.output,
            cost: row.cost.to_decimal().to_string(),
            estimated: row.tokens.estimated || row.cost_estimated,
            joules: row.joules(),
            first_ms: row.first_ms,
            total_ms: row.total_ms,
            entries: row.entries.clone(),
            simulated: row.simulated,
        }
    }
}

fn one_of(name: &'static str, value: Option<&String>, all: &[&str]) -> Result<Option<String>, Refused> {
    match value {
        Some(value) if !all.contains(&value.as_str()) => {
            Err(Refused::about(name, format!("`{value}` is none of {}", all.join(", "))))
        }
        other => Ok(other.cloned()),
    }
}

impl Narrowed {
    fn wanted(&self, call: &Call<'_>) -> Result<Wanted, Refused> {
        let zone = &call.desk.world().head.timezone;
        let start = |date: Date| {
            let start = date.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond();
            u64::try_from(start).ok().map(UnixMs)
        };
        let until = day("until", self.until.as_ref())?.and_then(|date| date.tomorrow().ok());
        Ok(Wanted {
            seen: call.desk.seen(),
            apps: self.app.clone().map(|app| [app].into()),
            deployments: self.deployments(call)?,
            route: self.route.clone(),
            decision: one_of("decision", self.decision.as_ref(), &["permit", "redact", "deny"])?,
            end: one_of("end", self.end.as_ref(), &ENDS)?,
            code: self.code.clone(),
            rule: self.rule.clone(),
            from: day("from", self.from.as_ref())?.and_then(start),
            until: until.and_then(start),
            id_part: None,
        })
    }

    fn deployments(&self, call: &Call<'_>) -> Result<Option<BTreeSet<String>>, Refused> {
        let [model, provider, jurisdiction] = [&self.model, &self.provider, &self.jurisdiction].map(|it| it.as_deref());
        let found = call.desk.deployments_of(self.deployment.as_deref(), model, provider, jurisdiction);
        let Some(word) = &self.needs else { return Ok(found) };
        let wrong =
            || Refused::about("needs", format!("`{word}` is no level and name: expected one like operator:acme"));
        let needing = call.desk.deployments_needing(&drill::Key::of_word(word).ok_or_else(wrong)?);
        Ok(Some(found.map_or_else(|| needing.clone(), |found| &found & &needing)))
    }

    fn order(&self) -> Result<Option<(Key, bool)>, Refused> {
        let Some(sort) = &self.sort else { return Ok(None) };
        let (key, down) = sort.strip_prefix('-').map_or((sort.as_str(), false), |key| (key, true));
        let key = Key::of(key).ok_or_else(|| Refused::about("sort", format!("`{key}` is nothing to sort by")))?;
        Ok(Some((key, down)))
    }
}

/// Requests, the youngest first where no order is said.
#[utoipa::path(get, path = "/api/v1/requests", tag = "requests", params(Scope, Narrowed), responses(
    (status = 200, body = Requests), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_requests(call: &Call<'_>) -> Answered {
    let asked: Narrowed = call.query()?;
    let (wanted, order) = (asked.wanted(call)?, asked.order()?);
    let limit = asked.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Refused::about("limit", format!("from 1 to {LIMIT_MAX}, not {limit}")));
    }
    let from = asked.offset.unwrap_or(0);
    let known = call
        .desk
        .ledger(move |index| {
            let part = |all: usize| from.min(all)..from.saturating_add(limit).min(all);
            (index.find(&wanted, order, part), index.gone())
        })
        .await?;
    let ((total, rows), gone) = known.value;
    let requests = rows.iter().map(RequestInfo::of).collect();
    Ok(json(&Requests { total, gone, read_to: known.read_to, size: known.size, requests }))
}

/// One request.
#[utoipa::path(get, path = "/api/v1/requests/{request}", tag = "requests",
    params(("request" = String, Path, description = "Its id, as `x-freehold-request` told it"), Scope), responses(
    (status = 200, body = OneRequest), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn get_request(call: &Call<'_>) -> Answered {
    call.plain()?;
    let (named, seen) = (call.name().to_owned(), call.desk.seen());
    let row = call.desk.ledger(move |index| index.row(&named, &seen)).await?.value.ok_or(Trouble::NotFound)?;
    let mut records = None;
    if call.desk.may(Right::Audit) {
        let mut found = Vec::with_capacity(row.entries.len());
        for index in &row.entries {
            let entry = call.desk.entry(*index).await?;
            found.extend(entry.and_then(|bytes| serde_json::from_slice(&bytes).ok()));
        }
        records = Some(found);
    }
    Ok(json(&OneRequest { request: RequestInfo::of(&row), records }))
}
