//! Live drills, looked at and ended.

use drill::report::Figures;
use realm::DeploymentId;
use realm::mirrored::Agreement;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::drill::{Drill, Step};
use utoipa::ToSchema;

use super::answer::{ErrorBody, json as answer};
use super::call::Call;
use super::routes::{Answered, Scope};
use crate::desk::drills::{cuts, state};
use crate::trouble::Trouble;

/// Live drills.
#[derive(Serialize, ToSchema)]
pub struct LiveDrills {
    /// The youngest first.
    pub drills: Vec<LiveInfo>,
}

/// A live drill. People, title, reason and scenario are told of the whole only.
#[derive(Serialize, ToSchema)]
pub struct LiveInfo {
    pub id: String,
    /// `proposed`, `on`, `over`, `aborted`, `guardrail`; `unsigned`: the store calls it approved, and no two people of the
    /// realm signed it so.
    pub state: &'static str,
    /// What is cut off: `level`, `name`, `users`.
    pub cuts: Value,
    /// `full`, `canary` or `shadow`.
    pub mode: &'static str,
    /// Of how many in a hundred requests; in shadow, how many of them go to their fallback too.
    pub percent: u8,
    /// What a drill in shadow counted until now, all servers and apps together.
    pub shadow: Option<ShadowCounts>,
    pub minutes: u32,
    #[schema(format = DateTime)]
    pub until: Option<String>,
    #[schema(format = DateTime)]
    pub started: Option<String>,
    #[schema(format = DateTime)]
    pub ended: Option<String>,
    pub title: Option<String>,
    pub reason: Option<String>,
    pub scenario: Option<String>,
    pub scenario_sha256: String,
    /// Who proposed and who approved it, with their signatures.
    pub signed: Option<Vec<Signed>>,
    pub ended_by: Option<String>,
    pub ended_why: Option<String>,
}

/// What a drill in shadow counted.
#[derive(Serialize, ToSchema)]
pub struct ShadowCounts {
    /// Requests that ended while it was on, by `mirrored` or why they were not.
    #[schema(value_type = Object)]
    pub requests: Value,
    /// By the deployment that answered a second time: `counted` are counts and sums, `figures` shares and means with their
    /// intervals. Agreement is no quality.
    #[schema(value_type = Object)]
    pub fallbacks: Value,
}

/// A step that somebody signed.
#[derive(Serialize, ToSchema)]
pub struct Signed {
    pub by: String,
    #[schema(format = DateTime)]
    pub at: String,
    /// In hexadecimal.
    pub signature: String,
}

/// Why a live drill is ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndDrill {
    /// In words.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// What came of ending it.
#[derive(Serialize, ToSchema)]
pub struct EndedDrill {
    /// False: it had ended before.
    pub ended: bool,
}

/// What its servers counted, all together; none of a drill that cuts off.
async fn counted(drill: &Drill, call: &Call<'_>) -> Result<Option<ShadowCounts>, Trouble> {
    let Some(counted) = call.desk.mirrored(drill).await? else { return Ok(None) };
    let one = |(fallback, counted): (DeploymentId, Agreement)| {
        (fallback.to_string(), json!({ "figures": Figures::of(&counted), "counted": counted }))
    };
    let fallbacks: Map<String, Value> = counted.by_fallback().into_iter().map(one).collect();
    Ok(Some(ShadowCounts { requests: json!(counted.fates()), fallbacks: Value::Object(fallbacks) }))
}

fn live(drill: &Drill, call: &Call<'_>, shadow: Option<ShadowCounts>) -> LiveInfo {
    let signed =
        |step: &Step| Signed { by: step.by.clone(), at: step.at.to_string(), signature: step.signature.clone() };
    let ended = drill.ended.as_ref();
    let open = call.desk.is_whole();
    LiveInfo {
        id: drill.id.clone(),
        state: state(drill, call.desk.world(), call.desk.now),
        cuts: json!(cuts(drill)),
        mode: drill.mode.as_str(),
        percent: drill.percent,
        shadow,
        minutes: drill.minutes,
        until: drill.until.map(|at| at.to_string()),
        started: drill.started.map(|at| at.to_string()),
        ended: ended.map(|it| it.at.to_string()),
        title: open.then(|| drill.title.clone()),
        reason: open.then(|| drill.reason.clone()),
        scenario: open.then(|| drill.scenario.clone()),
        scenario_sha256: drill.sha256.clone(),
        signed: open
            .then(|| [Some(&drill.proposed), drill.approved.as_ref()].into_iter().flatten().map(signed).collect()),
        ended_by: ended.filter(|_| open).map(|it| it.by.clone()),
        ended_why: ended.filter(|_| open).map(|it| it.why.clone()),
    }
}

/// Live drills: proposed, on, and ended.
#[utoipa::path(get, path = "/api/v1/live-drills", tag = "drills", params(Scope), responses(
    (status = 200, body = LiveDrills), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_live_drills(call: &Call<'_>) -> Answered {
    call.plain()?;
    let all = call.desk.live_drills().await?;
    let mut drills = Vec::with_capacity(all.drills.len());
    for drill in &all.drills {
        drills.push(live(drill, call, counted(drill, call).await?));
    }
    Ok(answer(&LiveDrills { drills }))
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/live-drills/{drill}", tag = "drills",
    params(("drill" = String, Path, description = "Its id"), Scope), responses(
    (status = 200, body = LiveInfo), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn get_live_drill(call: &Call<'_>) -> Answered {
    call.plain()?;
    let drill = call.desk.live_drill(call.name()).await?;
    let shadow = counted(&drill, call).await?;
    Ok(answer(&live(&drill, call, shadow)))
}

/// Ends a live drill, or takes its proposal back, at once. Needs the role of an operator of the whole, and no key.
#[utoipa::path(post, path = "/api/v1/live-drills/{drill}/end", tag = "drills",
    params(("drill" = String, Path, description = "Its id"), Scope), request_body = EndDrill, responses(
    (status = 200, body = EndedDrill), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn end_live_drill(call: &Call<'_>) -> Answered {
    call.plain()?;
    let wanted: EndDrill = call.body()?;
    Ok(answer(&EndedDrill { ended: call.desk.end_live_drill(call.name(), &wanted.reason).await? }))
}
