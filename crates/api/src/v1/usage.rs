//! What was used.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{ErrorBody, Refused, json};
use super::call::{Call, day};
use super::routes::{Answered, Scope};
use crate::index::Use;
use crate::usage::{Asked, DIMENSIONS, by_member, by_period};

/// By what, of which days.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Question {
    /// `app`, `organisation`, `sector`, `route`, `model`, `deployment`, `provider` or `jurisdiction`; `app` where it is not
    /// said. Of the whole no app is named, and it is `organisation`.
    by: Option<String>,
    /// The first day, in the realm's time zone; the first of this month where it is not said.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// The last day; today where it is not said.
    #[param(value_type = Option<String>, format = Date)]
    until: Option<String>,
}

/// What was used.
#[derive(Serialize, ToSchema)]
pub struct Usage {
    pub by: &'static str,
    #[schema(format = Date)]
    pub from: String,
    #[schema(format = Date)]
    pub until: String,
    /// Entries of the ledger that were read; fewer than `size` soon after a start.
    pub read_to: u64,
    /// Entries that there are.
    pub size: u64,
    /// By member, over all the time.
    pub groups: Vec<Used>,
    /// By day and member; by month where there are more than two months of days.
    pub periods: Vec<Used>,
}

/// What somebody used.
#[derive(Serialize, ToSchema)]
pub struct Used {
    /// The day or month; none in `groups`.
    pub period: Option<String>,
    /// Who or what; `–` where the realm does not say.
    pub member: String,
    /// Requests that ended, refused ones not among them.
    pub requests: u64,
    pub failed: u64,
    pub refused: u64,
    pub tokens_in: u64,
    pub tokens_out: u64,
    /// In the realm's currency.
    pub cost: String,
    /// Requests whose tokens or cost are estimated.
    pub estimated: u64,
    /// Joules, where they are known.
    pub joules: f64,
    /// Requests whose energy nobody knows.
    pub joules_unknown: u64,
    /// Milliseconds to the first byte of the answer, right to a sixteenth.
    pub first_ms_p50: Option<u64>,
    /// Milliseconds to the end.
    pub total_ms_p50: Option<u64>,
    pub total_ms_p95: Option<u64>,
    pub total_ms_p99: Option<u64>,
}

impl Used {
    fn of(period: Option<String>, member: String, used: &Use) -> Self {
        let sum = &used.sum;
        Self {
            period,
            member,
            requests: sum.requests,
            failed: sum.failed,
            refused: sum.refused,
            tokens_in: sum.tokens_in,
            tokens_out: sum.tokens_out,
            cost: sum.cost.to_decimal().to_string(),
            estimated: sum.estimated,
            joules: sum.energy_j,
            joules_unknown: sum.energy_unknown,
            first_ms_p50: used.first.percentile(50),
            total_ms_p50: used.total.percentile(50),
            total_ms_p95: used.total.percentile(95),
            total_ms_p99: used.total.percentile(99),
        }
    }
}

/// What this month's traffic depends on.
#[derive(Serialize, ToSchema)]
pub struct Depends {
    /// The first day of the month.
    #[schema(format = Date)]
    pub since: String,
    /// Entries of the ledger that were read; fewer than `size` soon after a start.
    pub read_to: u64,
    /// Entries that there are.
    pub size: u64,
    /// The answer of `freehold exposure --json` for this month; none where nothing was asked in it. Of the whole no app is
    /// named: cut sets and substitutes are empty, and findings about one app are left out.
    pub exposure: Option<serde_json::Value>,
}

/// What this month's traffic depends on, level by level, and what would be left without it.
#[utoipa::path(get, path = "/api/v1/exposure", tag = "requests", params(Scope), responses(
    (status = 200, body = Depends), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn get_exposure(call: &Call<'_>) -> Answered {
    call.plain()?;
    let known = call.desk.exposure().await?;
    let exposure = known.value.as_ref().map(crate::exposed::to_json);
    let since = call.desk.month().to_string();
    Ok(json(&Depends { since, read_to: known.read_to, size: known.size, exposure }))
}

/// What was used, by one dimension and over time. Sums are those of `freehold usage`.
#[utoipa::path(get, path = "/api/v1/usage", tag = "requests", params(Scope, Question), responses(
    (status = 200, body = Usage), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn get_usage(call: &Call<'_>) -> Answered {
    let question: Question = call.query()?;
    let desk = &call.desk;
    let allowed = if desk.is_whole() { &DIMENSIONS[1..] } else { &DIMENSIONS[..] };
    let by = match &question.by {
        None => allowed[0],
        Some(by) => {
            let none = || Refused::about("by", format!("`{by}` is none of {}", allowed.join(", ")));
            *allowed.iter().find(|one| **one == by).ok_or_else(none)?
        }
    };
    let from = day("from", question.from.as_ref())?.unwrap_or_else(|| desk.month());
    let until = day("until", question.until.as_ref())?.unwrap_or_else(|| desk.today());
    let asked = Asked { by, from, until: until.max(from), only: None };
    let (seen, snapshot, wanted) = (desk.seen(), desk.snapshot.clone(), asked.clone());
    let known = desk.ledger(move |index| wanted.find(index, &snapshot.world, &seen)).await?;
    let groups = by_member(&known.value);
    let periods = by_period(&asked, &known.value);
    Ok(json(&Usage {
        by,
        from: asked.from.to_string(),
        until: asked.until.to_string(),
        read_to: known.read_to,
        size: known.size,
        groups: groups.into_iter().map(|(member, used)| Used::of(None, member, &used)).collect(),
        periods: periods.into_iter().map(|((period, member), used)| Used::of(Some(period), member, &used)).collect(),
    }))
}
