//! Models, providers and deployments: passports, residency, control and provenance, price, health.

use std::sync::Arc;

use ::passport::Sheet;
use realm::world::{Deployment, EnergyMethod, Model, Provider};
use serde::Serialize;
use store::evaluation::{Evaluation, Origin};
use store::{Suspendable, Suspension};
use utoipa::ToSchema;

use super::answer::{ErrorBody, done, json};
use super::apps::{Out, out};
use super::call::Call;
use super::routes::{Answered, Scope};
use crate::around::PlaceState;

/// Deployments.
#[derive(Serialize, ToSchema)]
pub struct Deployments {
    pub deployments: Vec<DeploymentInfo>,
}

/// A model served by a provider in a place.
#[derive(Serialize, ToSchema)]
pub struct DeploymentInfo {
    pub id: String,
    pub model: String,
    pub provider: String,
    /// Where bytes rest.
    pub residency: String,
    /// Who can compel the operator; blocs included.
    pub control: Vec<String>,
    /// Whose weights run: the developer's jurisdiction when they were made.
    pub provenance: String,
    /// Price of a million prompt tokens, in the realm's currency; none: unknown.
    pub price_in: Option<String>,
    /// Price of a million tokens of answers.
    pub price_out: Option<String>,
    /// Joules per token; none: unknown.
    pub j_per_token: Option<f64>,
    /// How that is known: `measured` or `declared`.
    pub j_method: Option<&'static str>,
    /// Why nothing can be sent there at all; none: it can.
    pub trouble: Option<String>,
    /// For how long it is left alone after failures.
    pub wait_ms: Option<u64>,
    /// For how long its operator is left alone, for it refuses for reasons of law.
    pub law_wait_ms: Option<u64>,
    /// Attempts that run there now; none: unknown.
    pub running: Option<usize>,
    pub suspended: Option<Out>,
}

/// Providers.
#[derive(Serialize, ToSchema)]
pub struct Providers {
    pub providers: Vec<ProviderInfo>,
}

/// Who operates endpoints.
#[derive(Serialize, ToSchema)]
pub struct ProviderInfo {
    pub id: String,
    pub operator: String,
    pub ultimate_parent: Option<String>,
    pub jurisdiction: Option<String>,
    pub protocol: &'static str,
    /// How the operator can reach what runs there.
    pub access_path: &'static str,
    pub suspended: Option<Out>,
}

/// Models.
#[derive(Serialize, ToSchema)]
pub struct Models {
    pub models: Vec<Passport>,
}

/// What is known of a model.
#[derive(Serialize, ToSchema)]
pub struct Passport {
    pub id: String,
    pub name: String,
    pub developer: String,
    pub origin: String,
    /// `open` or `closed`.
    pub weights: &'static str,
    pub licence: Option<String>,
    pub kind: &'static str,
    pub parameters: Option<u64>,
    pub context_tokens: Option<u64>,
    pub languages: Vec<String>,
    pub registries: Vec<String>,
    /// How many of the fields that a passport should have are stated, of `fields_asked`.
    pub fields_stated: usize,
    pub fields_asked: usize,
    /// What evaluations say of it, the youngest first.
    pub evaluations: Vec<EvaluationInfo>,
}

/// One evaluation of a model.
#[derive(Serialize, ToSchema)]
pub struct EvaluationInfo {
    pub id: String,
    #[schema(format = DateTime)]
    pub at: String,
    pub suite: String,
    /// `own`: run here; `simulated`: run here on what only stands in for a model; `published`: by somebody else.
    pub known: &'static str,
    /// The share of right answers, 0 to 1.
    pub score: f64,
    /// The lower end of its 95 % interval; none: unknown.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// Questions; none: unknown.
    pub questions: Option<u64>,
    /// Where the model was asked.
    pub deployment: Option<String>,
    /// The SHA-256 of the suite.
    pub suite_sha256: Option<String>,
    /// The route of the model that judged, where one did.
    pub judge: Option<String>,
    /// When it was published.
    pub date: Option<String>,
    /// Who published it.
    pub source: Option<String>,
}

impl EvaluationInfo {
    fn of(it: &Evaluation) -> Self {
        let share = |ppm: u32| f64::from(ppm) / 1e6;
        let plain = Self {
            id: it.id.clone(),
            at: it.at.to_string(),
            suite: it.suite.clone(),
            known: "published",
            score: share(it.score_ppm),
            low: it.interval_ppm.map(|(low, _)| share(low)),
            high: it.interval_ppm.map(|(_, high)| share(high)),
            questions: it.questions,
            deployment: None,
            suite_sha256: None,
            judge: None,
            date: None,
            source: None,
        };
        match &it.origin {
            Origin::Own { sha256, deployment, simulated, judge, .. } => Self {
                known: if *simulated { "simulated" } else { "own" },
                deployment: Some(deployment.to_string()),
                suite_sha256: Some(sha256.clone()),
                judge: judge.clone(),
                ..plain
            },
            Origin::Published { date, source } => {
                Self { date: Some(date.clone()), source: Some(source.clone()), ..plain }
            }
        }
    }
}

fn deployment(call: &Call<'_>, it: &Deployment, places: &[PlaceState], suspended: &[Suspension]) -> DeploymentInfo {
    let world = call.desk.world();
    let supply = world.supply_of(&it.id);
    let place = places.iter().find(|place| place.deployment == it.id);
    let million = |price: realm::Nano| price.times(1_000_000).to_decimal().to_string();
    let measured = |method| if method == EnergyMethod::Measured { "measured" } else { "declared" };
    let control = supply.as_ref().map(|it| it.operator.controllers.iter().map(ToString::to_string).collect());
    DeploymentInfo {
        id: it.id.to_string(),
        model: it.model.to_string(),
        provider: it.provider.to_string(),
        residency: it.host.to_string(),
        control: control.unwrap_or_default(),
        provenance: supply.as_ref().map(|it| it.model.origin.to_string()).unwrap_or_default(),
        price_in: it.price.map(|price| million(price.input_per_token)),
        price_out: it.price.map(|price| million(price.output_per_token)),
        j_per_token: it.energy.map(|energy| energy.j_per_token),
        j_method: it.energy.map(|energy| measured(energy.method)),
        trouble: place.and_then(|place| place.trouble.clone()),
        wait_ms: place.and_then(|place| place.wait_ms),
        law_wait_ms: place.and_then(|place| place.law_wait_ms),
        running: place.map(|place| place.running),
        suspended: out(suspended, Suspendable::Deployment, it.id.as_str()),
    }
}

/// Deployments, with their health as this server's traffic tells it.
#[utoipa::path(get, path = "/api/v1/deployments", tag = "supply", params(Scope), responses(
    (status = 200, body = Deployments), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_deployments(call: &Call<'_>) -> Answered {
    call.plain()?;
    let suspended = call.desk.parts.store.suspensions().await.map_err(crate::Trouble::from)?;
    let places = call.desk.around.places();
    let snapshot = Arc::clone(&call.desk.snapshot);
    let all = snapshot.world.deployments.values().map(|it| deployment(call, it, &places, &suspended));
    Ok(json(&Deployments { deployments: all.collect() }))
}

/// Providers, with who is behind them.
#[utoipa::path(get, path = "/api/v1/providers", tag = "supply", params(Scope), responses(
    (status = 200, body = Providers), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_providers(call: &Call<'_>) -> Answered {
    call.plain()?;
    let suspended = call.desk.parts.store.suspensions().await.map_err(crate::Trouble::from)?;
    let world = call.desk.world();
    let info = |it: &Provider| {
        let operator = world.organisations.get(&it.operator);
        ProviderInfo {
            id: it.id.to_string(),
            operator: it.operator.to_string(),
            ultimate_parent: operator.map(|operator| operator.ultimate_parent.to_string()),
            jurisdiction: operator.map(|operator| operator.jurisdiction.to_string()),
            protocol: it.protocol.as_str(),
            access_path: it.access_path.as_str(),
            suspended: out(&suspended, Suspendable::Provider, it.id.as_str()),
        }
    };
    Ok(json(&Providers { providers: world.providers.values().map(info).collect() }))
}

/// The models' passports.
#[utoipa::path(get, path = "/api/v1/models", tag = "supply", params(Scope), responses(
    (status = 200, body = Models), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_models(call: &Call<'_>) -> Answered {
    call.plain()?;
    let evaluations = call.desk.parts.store.evaluations().await.map_err(crate::Trouble::from)?;
    let of = |model: &Model| {
        let own = evaluations.iter().filter(|it| it.model == model.id);
        own.map(EvaluationInfo::of).collect()
    };
    let sheet = |it: &Model| Sheet::of(it, call.desk.world().passports.get(&it.id));
    let passport = |it: &Model| Passport {
        fields_stated: sheet(it).present(),
        fields_asked: sheet(it).total(),
        id: it.id.to_string(),
        name: it.name.clone(),
        developer: it.developer.to_string(),
        origin: it.origin.to_string(),
        weights: it.weights.as_str(),
        licence: it.licence.clone(),
        kind: it.kind.as_str(),
        parameters: it.parameters,
        context_tokens: it.context_tokens,
        languages: it.languages.clone(),
        registries: it.registries.clone(),
        evaluations: of(it),
    };
    Ok(json(&Models { models: call.desk.world().models.values().map(passport).collect() }))
}

async fn change(call: &Call<'_>, kind: Suspendable, suspend: bool) -> Answered {
    call.plain()?;
    if suspend {
        call.desk.suspend(kind, call.name()).await?;
    } else {
        call.desk.resume(kind, call.name()).await?;
    }
    Ok(done())
}

/// Puts a deployment out of use, for all: nothing is sent there, at once. Needs the role of an operator in the whole.
#[utoipa::path(put, path = "/api/v1/deployments/{deployment}/suspension", tag = "supply",
    params(("deployment" = String, Path, description = "Its id"), Scope),
    responses((status = 204), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn suspend_deployment(call: &Call<'_>) -> Answered {
    change(call, Suspendable::Deployment, true).await
}

/// Puts it back. Needs the role of an operator in the whole.
#[utoipa::path(delete, path = "/api/v1/deployments/{deployment}/suspension", tag = "supply",
    params(("deployment" = String, Path, description = "Its id"), Scope),
    responses((status = 204), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn resume_deployment(call: &Call<'_>) -> Answered {
    change(call, Suspendable::Deployment, false).await
}

/// Puts a provider out of use, for all: nothing is sent to any of its deployments. Needs the role of an operator in the whole.
#[utoipa::path(put, path = "/api/v1/providers/{provider}/suspension", tag = "supply",
    params(("provider" = String, Path, description = "Its id"), Scope),
    responses((status = 204), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn suspend_provider(call: &Call<'_>) -> Answered {
    change(call, Suspendable::Provider, true).await
}

/// Puts it back. Needs the role of an operator in the whole.
#[utoipa::path(delete, path = "/api/v1/providers/{provider}/suspension", tag = "supply",
    params(("provider" = String, Path, description = "Its id"), Scope),
    responses((status = 204), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn resume_provider(call: &Call<'_>) -> Answered {
    change(call, Suspendable::Provider, false).await
}
