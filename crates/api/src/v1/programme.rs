//! The programme: what it is steered by, and who does what together.

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{ErrorBody, json};
use super::call::Call;
use super::routes::{Answered, Scope};
use crate::programme::{Stands, stands};

/// The programme, as the realm declares it and as it stands today.
#[derive(Serialize, ToSchema)]
pub struct Programme {
    pub indicators: Vec<Indicator>,
    pub initiatives: Vec<Initiative>,
    /// Entries of the ledger that were read; fewer than `size` soon after a start.
    pub read_to: u64,
    /// Entries that there are.
    pub size: u64,
}

/// A figure that it is steered by.
#[derive(Serialize, ToSchema)]
pub struct Indicator {
    pub id: String,
    pub name: String,
    pub unit: String,
    /// A decimal number.
    pub target: String,
    /// `at_least`: to be reached; `at_most`: a ceiling.
    pub goal: &'static str,
    #[schema(format = Date)]
    pub by: String,
    pub sector: Option<String>,
    /// A decimal number; none where it is unknown.
    pub value: Option<String>,
    /// `counted` in the ledger, `said` by somebody, `nothing` to count, `unknown` of what there was, or `not_built`.
    pub source: &'static str,
    /// The first day of what was counted, or of which day somebody says it.
    #[schema(format = Date)]
    pub of: Option<String>,
    /// Requests that it is counted from.
    pub requests: Option<u64>,
    /// Where it stands, or the part of the platform that it will come from.
    pub cite: Option<String>,
}

/// Something that organisations do together.
#[derive(Serialize, ToSchema)]
pub struct Initiative {
    pub id: String,
    pub name: String,
    pub lead: String,
    pub partners: Vec<String>,
    pub sector: Option<String>,
    #[schema(format = Date)]
    pub starts: Option<String>,
    #[schema(format = Date)]
    pub ends: Option<String>,
    /// In the realm's currency.
    pub budget: Option<String>,
    pub indicators: Vec<String>,
}

/// The programme: indicators with where each comes from, and initiatives.
#[utoipa::path(get, path = "/api/v1/programme", tag = "programme", params(Scope), responses(
    (status = 200, body = Programme), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn get_programme(call: &Call<'_>) -> Answered {
    call.plain()?;
    let (snapshot, today) = (call.desk.snapshot.clone(), call.desk.today());
    let look = move |index: &crate::index::Index| {
        let world = &snapshot.world;
        world.indicators.values().map(|it| indicator(it, stands(it, index, world, today))).collect()
    };
    let known = call.desk.ledger(look).await?;
    let initiatives = call.desk.world().initiatives.values().map(initiative).collect();
    Ok(json(&Programme { indicators: known.value, initiatives, read_to: known.read_to, size: known.size }))
}

fn indicator(it: &realm::world::Indicator, stands: Stands) -> Indicator {
    let value = stands.value().map(|value| value.normalize().to_string());
    let (source, of, requests, cite) = match stands {
        Stands::Counted { from, requests, .. } => ("counted", Some(from), Some(requests), None),
        Stands::Said { as_of, cite, .. } => ("said", Some(as_of), None, Some(cite)),
        Stands::Nothing { from } => ("nothing", Some(from), None, None),
        Stands::Unknown { from, requests } => ("unknown", Some(from), Some(requests), None),
        Stands::NotBuilt(part) => ("not_built", None, None, Some(part.to_owned())),
    };
    Indicator {
        id: it.id.to_string(),
        name: it.name.clone(),
        unit: it.unit.clone(),
        target: it.target.normalize().to_string(),
        goal: it.goal.as_str(),
        by: it.by.to_string(),
        sector: it.sector.as_ref().map(ToString::to_string),
        value,
        source,
        of: of.map(|day| day.to_string()),
        requests,
        cite,
    }
}

fn initiative(it: &realm::world::Initiative) -> Initiative {
    let day = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    Initiative {
        id: it.id.to_string(),
        name: it.name.clone(),
        lead: it.lead.to_string(),
        partners: it.partners.iter().map(ToString::to_string).collect(),
        sector: it.sector.as_ref().map(ToString::to_string),
        starts: day(it.starts),
        ends: day(it.ends),
        budget: it.budget.map(|budget| budget.to_decimal().to_string()),
        indicators: it.indicators.iter().map(ToString::to_string).collect(),
    }
}
