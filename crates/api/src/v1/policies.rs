//! Rules, what they decided, and what they would decide.

use std::sync::Arc;

use policy::explain::{Question, explain, targets};
use policy::{Effect, Rule};
use realm::{ClassSet, DataClass, DeploymentId, Jurisdiction, RuleId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{ErrorBody, Refused, json};
use super::call::{Call, day};
use super::routes::{Answered, Scope};
use crate::index::RuleUse;
use crate::trouble::Trouble;

/// Rules.
#[derive(Serialize, ToSchema)]
pub struct Rules {
    pub rules: Vec<RuleInfo>,
    /// Who is exempt from some of them.
    pub sandboxes: Vec<Sandbox>,
}

/// Apps that two people exempted from rules for a time.
#[derive(Serialize, ToSchema)]
pub struct Sandbox {
    pub id: String,
    /// `proposed` where too few signed, `to_come`, `on` or `over`.
    pub state: &'static str,
    /// The caller's; none across organisations.
    pub apps: Vec<String>,
    pub rules: Vec<String>,
    #[schema(format = Date)]
    pub from: String,
    #[schema(format = Date)]
    pub until: String,
    /// What permits it.
    pub cite: String,
    /// Those of the realm's people whose signatures fit.
    pub signed_by: Vec<String>,
}

fn sandboxes(call: &Call<'_>) -> Vec<Sandbox> {
    let desk = &call.desk;
    let ours = |id: &&realm::AppId| desk.app(id.as_str()).is_ok();
    let one = |it: &realm::world::Sandbox| Sandbox {
        id: it.id.to_string(),
        state: it.state(desk.today()),
        apps: it.apps.iter().filter(ours).filter(|_| !desk.is_whole()).map(ToString::to_string).collect(),
        rules: it.rules.iter().map(ToString::to_string).collect(),
        from: it.from.to_string(),
        until: it.until.to_string(),
        cite: it.cite.clone(),
        signed_by: it.signed_by.clone(),
    };
    desk.world().sandboxes.values().filter(|it| it.apps.iter().any(|app| ours(&app))).map(one).collect()
}

/// A rule, and what it decided.
#[derive(Serialize, ToSchema)]
pub struct RuleInfo {
    pub id: String,
    pub title: String,
    /// The text of law or the decision that it stands on.
    pub cite: String,
    /// `permit`, `forbid` or `oblige`.
    pub effect: &'static str,
    /// `in_force`, `draft` or `voluntary`.
    pub status: &'static str,
    /// Whether it binds today; one that does not is evaluated in shadow.
    pub binds: bool,
    #[schema(format = Date)]
    pub from: Option<String>,
    #[schema(format = Date)]
    pub until: Option<String>,
    /// When somebody last compared it with the text it cites.
    #[schema(format = Date)]
    pub verified_on: Option<String>,
    /// The pack it comes from; none: the operator's own.
    pub pack: Option<String>,
    pub file: String,
    pub line: usize,
    /// Requests that it refused, since the log began.
    pub denied: u64,
    /// Requests in which it kept a deployment out that another stood in for.
    pub passed_over: u64,
    /// Attempts out of which it had something taken.
    pub redacted: u64,
    /// Attempts that it would have decided otherwise, had it bound.
    pub shadow: u64,
    /// Requests in which a fact that it asks for was unknown.
    pub unknown: u64,
    #[schema(format = DateTime)]
    pub last: Option<String>,
}

/// One rule, with its text.
#[derive(Serialize, ToSchema)]
pub struct OneRule {
    pub rule: RuleInfo,
    /// As written, annotations included.
    pub text: String,
}

pub(super) fn info(call: &Call<'_>, rule: &Arc<Rule>, used: &RuleUse) -> RuleInfo {
    let effect = if rule.effect == Effect::Permit { "permit" } else { "forbid" };
    let day = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    RuleInfo {
        id: rule.id.to_string(),
        title: rule.title.to_string(),
        cite: rule.cite.to_string(),
        effect: rule.obligation.map_or(effect, |_| "oblige"),
        status: rule.status.as_str(),
        binds: rule.binds_on(call.desk.today()),
        from: day(rule.from),
        until: day(rule.until),
        verified_on: day(rule.verified_on),
        pack: rule.pack.as_ref().map(ToString::to_string),
        file: rule.file.display().to_string(),
        line: rule.line,
        denied: used.denied,
        passed_over: used.passed_over,
        redacted: used.redacted,
        shadow: used.shadow,
        unknown: used.unknown,
        last: used.last.map(|at| at.to_string()),
    }
}

/// Every rule.
#[utoipa::path(get, path = "/api/v1/rules", tag = "policies", params(Scope), responses(
    (status = 200, body = Rules), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_rules(call: &Call<'_>) -> Answered {
    call.plain()?;
    let compiled = call.desk.around.compiled();
    let used = call.desk.rule_uses(compiled.rules().iter().map(|rule| rule.id.to_string())).await?;
    let rules = compiled.rules().iter().zip(&used.value).map(|(rule, used)| info(call, rule, used)).collect();
    Ok(json(&Rules { rules, sandboxes: sandboxes(call) }))
}

/// One rule, with its text.
#[utoipa::path(get, path = "/api/v1/rules/{rule}", tag = "policies", params(("rule" = String, Path, description = "Its id"), Scope),
    responses((status = 200, body = OneRule), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn get_rule(call: &Call<'_>) -> Answered {
    call.plain()?;
    let compiled = call.desk.around.compiled();
    let id = RuleId::new(call.name()).map_err(|_| Trouble::NotFound)?;
    let rule = compiled.rule(&id).ok_or(Trouble::NotFound)?;
    let (named, seen) = (id.to_string(), call.desk.seen());
    let used = call.desk.ledger(move |index| index.rule_use(&named, &seen)).await?.value;
    Ok(json(&OneRule { rule: info(call, rule, &used), text: rule.text().to_owned() }))
}

/// Who may send what where, today: the answer of `freehold check --matrix --json`, as far as it is of the organisation.
#[utoipa::path(get, path = "/api/v1/matrix", tag = "policies", params(Scope), responses(
    (status = 200, body = serde_json::Value), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn get_matrix(call: &Call<'_>) -> Answered {
    call.plain()?;
    let apps = call.desk.apps().map(|app| app.id.clone()).collect();
    Ok(json(&call.desk.matrix(apps).await?.to_json()))
}

/// A request as somebody imagines it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Imagined {
    /// Who would ask.
    app: String,
    /// By which route; all that the app may name where it is not said.
    route: Option<String>,
    /// What for; the app's first purpose where it is not said.
    purpose: Option<String>,
    /// Classes that would be found in the text, with commas between: `personal,special`.
    located: Option<String>,
    /// Classes that would be asserted and cannot be located.
    diffuse: Option<String>,
    /// Where the end user would be.
    user: Option<String>,
    /// On which day; today where it is not said.
    #[param(value_type = Option<String>, format = Date)]
    date: Option<String>,
}

fn classes(name: &'static str, text: Option<&String>) -> Result<ClassSet, Refused> {
    let named = text.map(String::as_str).unwrap_or_default().split(',').map(str::trim).filter(|it| !it.is_empty());
    let read = |word: &str| {
        let all = DataClass::ALL.map(DataClass::as_str).join(", ");
        let found = DataClass::ALL.into_iter().find(|class| class.as_str() == word);
        found.ok_or_else(|| Refused::about(name, format!("`{word}` is none of {all}")))
    };
    named.map(read).collect()
}

/// What the rules would decide of an imagined request, deployment by deployment: the answer of `freehold explain --json`.
#[utoipa::path(get, path = "/api/v1/explain", tag = "policies", params(Scope, Imagined), responses(
    (status = 200, body = serde_json::Value), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) fn explain_request(call: &Call<'_>) -> Answered {
    let asked: Imagined = call.query()?;
    let app = call.desk.app(&asked.app)?;
    let none = |purpose: &str| Refused::about("purpose", format!("`{purpose}` is none of {}", app.purposes.join(", ")));
    let purpose = match &asked.purpose {
        Some(named) => app.purposes.iter().find(|it| *it == named).ok_or_else(|| none(named))?,
        None => app.purposes.first().ok_or_else(|| none(""))?,
    };
    let user = asked.user.as_deref().map(Jurisdiction::new);
    let question = Question {
        app: &app.id,
        located: classes("located", asked.located.as_ref())?,
        diffuse: classes("diffuse", asked.diffuse.as_ref())?,
        purpose,
        user_jurisdiction: user.as_ref(),
        date: day("date", asked.date.as_ref())?.unwrap_or_else(|| call.desk.today()),
    };
    let mut deployments: Vec<&DeploymentId> = Vec::new();
    for route in call.desk.world().routes_of(app) {
        if asked.route.as_deref().is_none_or(|named| route.id.as_str() == named) {
            let new = targets(route).into_iter().filter(|id| !deployments.contains(id)).collect::<Vec<_>>();
            deployments.extend(new);
        }
    }
    if deployments.is_empty() && asked.route.is_some() {
        return Err(Refused::about("route", "the app may name no route of that name"));
    }
    let compiled = call.desk.around.compiled();
    Ok(json(&explain(&compiled, question, deployments).to_json()))
}
