//! Apps and the keys that let them in.

use realm::Nano;
use realm::world::App;
use serde::{Deserialize, Serialize};
use store::{KeyInfo, KeyState, Suspendable, Suspension};
use utoipa::ToSchema;

use super::answer::{ErrorBody, Refused, created, done, json};
use super::call::Call;
use super::routes::{Answered, Scope};

/// Apps of an organisation.
#[derive(Serialize, ToSchema)]
pub struct Apps {
    /// By their ids.
    pub apps: Vec<AppInfo>,
}

/// An app: a client identity.
#[derive(Serialize, ToSchema)]
pub struct AppInfo {
    pub id: String,
    pub organisation: String,
    /// What it is used for; the first is the default.
    pub purposes: Vec<String>,
    pub risk_tier: &'static str,
    pub decision_effect: &'static str,
    pub oversight: &'static str,
    /// How much its loss would hurt, 0 to 3.
    pub criticality: u8,
    /// Classes that may occur in its requests.
    pub data_classes: Vec<&'static str>,
    /// The routes that it may name.
    pub routes: Vec<String>,
    /// Its budget of a month, in the realm's currency; none: unlimited.
    pub budget_per_month: Option<String>,
    /// What this month's records cost.
    pub spent_this_month: String,
    /// Since when it is out of use, and by whom.
    pub suspended: Option<Out>,
}

/// Something put out of use.
#[derive(Serialize, ToSchema)]
pub struct Out {
    #[schema(format = DateTime)]
    pub since: String,
    /// By whom.
    pub by: String,
}

/// Keys of an organisation's apps.
#[derive(Serialize, ToSchema)]
pub struct Keys {
    /// The youngest last.
    pub keys: Vec<Key>,
}

/// A key, without its text.
#[derive(Serialize, ToSchema)]
pub struct Key {
    pub id: String,
    pub app: String,
    /// `active`, `expired` or `revoked`.
    pub state: &'static str,
    #[schema(format = DateTime)]
    pub created: String,
    #[schema(format = DateTime)]
    pub expires: Option<String>,
    #[schema(format = DateTime)]
    pub revoked: Option<String>,
}

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// Whom it lets in.
    pub app: String,
    /// How many days it lives.
    #[schema(minimum = 1, maximum = 3650)]
    pub days: u64,
}

/// A key just made.
#[derive(Serialize, ToSchema)]
pub struct MadeKey {
    pub id: String,
    pub app: String,
    /// The key itself. It is kept nowhere: this once.
    pub key: String,
    #[schema(format = DateTime)]
    pub expires: String,
}

pub(super) fn out(suspended: &[Suspension], kind: Suspendable, id: &str) -> Option<Out> {
    let found = suspended.iter().find(|it| it.kind == kind && it.id == id)?;
    Some(Out { since: found.since.to_string(), by: found.by.clone() })
}

/// Apps, with what they spent this month.
#[utoipa::path(get, path = "/api/v1/apps", tag = "apps", params(Scope), responses(
    (status = 200, body = Apps), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_apps(call: &Call<'_>) -> Answered {
    call.plain()?;
    let desk = &call.desk;
    let (first, seen) = (desk.month(), desk.seen());
    let totals = desk.ledger(move |index| index.since(first, &seen)).await?.value;
    let suspended = desk.parts.store.suspensions().await.map_err(crate::Trouble::from)?;
    let info = |app: &App| AppInfo {
        id: app.id.to_string(),
        organisation: app.organisation.to_string(),
        purposes: app.purposes.clone(),
        risk_tier: app.risk_tier.as_str(),
        decision_effect: app.decision_effect.as_str(),
        oversight: app.oversight.as_str(),
        criticality: app.criticality,
        data_classes: app.data_classes.iter().map(realm::DataClass::as_str).collect(),
        routes: app.routes.iter().map(ToString::to_string).collect(),
        budget_per_month: app.budget.per_month.map(|budget| budget.to_decimal().to_string()),
        spent_this_month: totals.apps.get(&app.id).map_or(Nano::ZERO, |sum| sum.cost).to_decimal().to_string(),
        suspended: out(&suspended, Suspendable::App, app.id.as_str()),
    };
    Ok(json(&Apps { apps: desk.apps().map(info).collect() }))
}

fn key(info: &KeyInfo, call: &Call<'_>) -> Key {
    let state = match info.state(call.desk.now) {
        KeyState::Active => "active",
        KeyState::Expired => "expired",
        KeyState::Revoked => "revoked",
    };
    Key {
        id: info.id.to_string(),
        app: info.app.to_string(),
        state,
        created: info.created.to_string(),
        expires: info.expires.map(|at| at.to_string()),
        revoked: info.revoked.map(|at| at.to_string()),
    }
}

/// Keys, ended ones too.
#[utoipa::path(get, path = "/api/v1/keys", tag = "apps", params(Scope), responses(
    (status = 200, body = Keys), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_keys(call: &Call<'_>) -> Answered {
    call.plain()?;
    let keys = call.desk.keys().await?;
    Ok(json(&Keys { keys: keys.iter().map(|info| key(info, call)).collect() }))
}

/// Makes a key. Needs the role of an operator.
#[utoipa::path(post, path = "/api/v1/keys", tag = "apps", params(Scope), request_body = NewKey, responses(
    (status = 201, body = MadeKey), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn create_key(call: &Call<'_>) -> Answered {
    call.plain()?;
    let wanted: NewKey = call.body()?;
    let none = |_| Refused::about("app", format!("`{}` is no app of this organisation", wanted.app));
    let app = call.desk.app(&wanted.app).map_err(none)?.id.to_string();
    let (made, expires) = call.desk.new_key(&app, wanted.days).await?;
    Ok(created(&MadeKey { id: made.id.to_string(), app, key: made.text, expires: expires.to_string() }))
}

/// Ends a key, at once. It cannot be undone. Needs the role of an operator.
#[utoipa::path(delete, path = "/api/v1/keys/{key}", tag = "apps", params(("key" = String, Path, description = "The key's id"), Scope),
    responses((status = 204), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn revoke_key(call: &Call<'_>) -> Answered {
    call.plain()?;
    call.desk.revoke_key(call.name()).await?;
    Ok(done())
}

/// Puts an app out of use: its requests are refused, at once. Needs the role of an operator.
#[utoipa::path(put, path = "/api/v1/apps/{app}/suspension", tag = "apps", params(("app" = String, Path, description = "The app's id"), Scope),
    responses((status = 204), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn suspend_app(call: &Call<'_>) -> Answered {
    call.plain()?;
    call.desk.suspend(Suspendable::App, call.name()).await?;
    Ok(done())
}

/// Puts it back. Needs the role of an operator.
#[utoipa::path(delete, path = "/api/v1/apps/{app}/suspension", tag = "apps", params(("app" = String, Path, description = "The app's id"), Scope),
    responses((status = 204), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn resume_app(call: &Call<'_>) -> Answered {
    call.plain()?;
    call.desk.resume(Suspendable::App, call.name()).await?;
    Ok(done())
}
