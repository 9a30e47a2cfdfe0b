//! Desk drills, begun and told.

use realm::load::{Lang, render};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::answer::{ErrorBody, Refused, begun, json as answer};
use super::call::Call;
use super::routes::{Answered, Scope};
use crate::replay::{Came, NoReplay, Replay, SCENARIO_BYTES_MAX};
use crate::trouble::Trouble;

/// Desk drills that were asked for here, and scenarios that lie ready.
#[derive(Serialize, ToSchema)]
pub struct Drills {
    /// The youngest first; the last twenty since the program began.
    pub drills: Vec<DrillInfo>,
    /// Scenarios of the realm's folder `drills`.
    pub scenarios: Vec<ScenarioInfo>,
}

/// A scenario that lies ready.
#[derive(Serialize, ToSchema)]
pub struct ScenarioInfo {
    /// The name of its file, without `.toml`.
    pub name: String,
    /// None where it cannot be read.
    pub title: Option<String>,
    /// The file.
    pub scenario: String,
}

/// A desk drill.
#[derive(Serialize, ToSchema)]
pub struct DrillInfo {
    pub id: String,
    pub title: String,
    /// `running`, `done`, `wrong` or `lost`.
    pub state: &'static str,
    /// Who asked for it first.
    pub by: String,
    #[schema(format = DateTime)]
    pub at: String,
    /// The scenario's SHA-256.
    pub scenario_sha256: String,
    /// The log that is replayed.
    pub log: String,
    /// The first entry that is.
    pub first_entry: u64,
    /// How many entries the log had.
    pub size: u64,
    /// Entries that were read until now.
    pub seen: u64,
}

/// A desk drill and what it says.
#[derive(Serialize, ToSchema)]
pub struct OneDrill {
    pub drill: DrillInfo,
    /// The scenario as a file.
    pub scenario: String,
    /// Names of the scenario that nothing has.
    pub problems: Option<String>,
    /// The answer of `freehold drill run --json`; none while it is under way. Of the whole no app is named, and what is
    /// told app by app is told by organisation.
    pub report: Option<Value>,
}

/// One change followed along the chain.
#[derive(Serialize, ToSchema)]
pub struct OneImpact {
    pub drill: DrillInfo,
    /// The answer of `freehold impact --json`; none while the drill is under way.
    pub impact: Option<Value>,
}

/// A desk drill to be begun.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDrill {
    /// The scenario, as `freehold drill run` takes it: TOML, at most 64 KiB.
    pub scenario: String,
}

fn info(replay: &Replay) -> DrillInfo {
    let state = match replay.came() {
        None => "running",
        Some(Came::Told(_)) => "done",
        Some(Came::Wrong(_)) => "wrong",
        Some(Came::Lost) => "lost",
    };
    DrillInfo {
        id: replay.id.clone(),
        title: replay.title.clone(),
        state,
        by: replay.by.clone(),
        at: replay.at.to_string(),
        scenario_sha256: replay.sha256.clone(),
        log: replay.log.clone(),
        first_entry: replay.entries.0,
        size: replay.entries.1,
        seen: replay.seen(),
    }
}

impl From<NoReplay> for Refused {
    fn from(why: NoReplay) -> Self {
        let said = match why {
            NoReplay::Busy => return Trouble::Busy.into(),
            NoReplay::Wrong(problems) => render(&problems, Lang::En, false),
            NoReplay::TooLong => format!(
                "a scenario has at most {SCENARIO_BYTES_MAX} bytes here: `freehold drill run` takes longer ones"
            ),
            NoReplay::NoApp(app) => format!("`{app}` is no app of this organisation"),
            NoReplay::OfTheWhole => {
                "of the whole no app is named: leave `apps` out of `[traffic]`, or ask of an organisation".to_owned()
            }
        };
        Self::about("scenario", said)
    }
}

fn found(call: &Call<'_>) -> Result<std::sync::Arc<Replay>, Refused> {
    call.plain()?;
    let found = call.desk.parts.replays.find(&call.desk.guest.scope, call.name());
    found.ok_or_else(|| Trouble::NotFound.into())
}

/// Desk drills that were asked for here, and scenarios that lie ready.
#[utoipa::path(get, path = "/api/v1/drills", tag = "drills", params(Scope), responses(
    (status = 200, body = Drills), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_drills(call: &Call<'_>) -> Answered {
    call.plain()?;
    let drills = call.desk.parts.replays.of(&call.desk.guest.scope).iter().map(|it| info(it)).collect();
    let ready = call.desk.scenarios().await?.into_iter();
    let scenarios = ready
        .map(|it| ScenarioInfo { name: it.name, title: it.scenario.ok().map(|it| it.title), scenario: it.text })
        .collect();
    Ok(answer(&Drills { drills, scenarios }))
}

/// Begins a desk drill: the recorded requests that may be looked at from here are decided again in a changed world. Nothing
/// is sent anywhere. The same scenario over the same records has the same id, and is not done twice; one at a time.
#[utoipa::path(post, path = "/api/v1/drills", tag = "drills", params(Scope), request_body = NewDrill, responses(
    (status = 202, body = DrillInfo), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) fn begin_drill(call: &Call<'_>) -> Answered {
    call.plain()?;
    let wanted: NewDrill = call.body()?;
    Ok(begun(&info(&*call.desk.replay(&wanted.scenario)?)))
}

/// A desk drill, and what it says.
#[utoipa::path(get, path = "/api/v1/drills/{drill}", tag = "drills",
    params(("drill" = String, Path, description = "Its id"), Scope), responses(
    (status = 200, body = OneDrill), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) fn get_drill(call: &Call<'_>) -> Answered {
    let replay = found(call)?;
    let problems = match replay.came() {
        Some(Came::Wrong(problems)) => Some(render(problems, Lang::En, false)),
        _ => None,
    };
    let report = replay.told().map(crate::replay::Told::to_json);
    Ok(answer(&OneDrill { drill: info(&replay), scenario: replay.text.clone(), problems, report }))
}

/// The same drill followed along the chain, from requests to the programme; a link that is not built says so.
#[utoipa::path(get, path = "/api/v1/drills/{drill}/impact", tag = "drills",
    params(("drill" = String, Path, description = "Its id"), Scope), responses(
    (status = 200, body = OneImpact), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) fn get_impact(call: &Call<'_>) -> Answered {
    let replay = found(call)?;
    let impact = replay.told().map(|told| json!(told.impact()));
    Ok(answer(&OneImpact { drill: info(&replay), impact }))
}
