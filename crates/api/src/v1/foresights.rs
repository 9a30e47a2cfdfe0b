//! Plans and forecasts, begun and told.

use realm::load::{Lang, render};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::answer::{ErrorBody, Refused, begun, json as answer};
use super::call::Call;
use super::routes::{Answered, Scope};
use crate::foresight::{Came, Foresight, LATE_YEARS_MAX, Late, NoForesight, Question};
use crate::trouble::Trouble;

/// Plans and forecasts that were asked for here, and the cases and models that lie ready.
#[derive(Serialize, ToSchema)]
pub struct Foresights {
    /// The youngest first; the last twenty since the program began.
    pub foresights: Vec<ForesightInfo>,
    /// Cases of the realm's folders `plan` and `plans`.
    pub cases: Vec<CaseInfo>,
    /// Models of the realm's folder `forecast`, without `.toml`.
    pub models: Vec<String>,
}

/// A case that lies ready.
#[derive(Serialize, ToSchema)]
pub struct CaseInfo {
    /// The name of its folder.
    pub name: String,
    /// What it calls itself; none where it cannot be read.
    pub title: Option<String>,
    /// What comes to be by an order, and may come late.
    pub technologies: Vec<String>,
    /// Why it cannot be read.
    pub problem: Option<String>,
}

/// A plan or a forecast that was asked for.
#[derive(Serialize, ToSchema)]
pub struct ForesightInfo {
    pub id: String,
    /// The case whose plan it is, or whose plans' capacity the model is given.
    pub case: Option<String>,
    /// The model that is asked.
    pub model: Option<String>,
    /// What comes later than the case says.
    pub late: Option<LateInfo>,
    /// `running`, `done`, `no_plan`, `wrong`, `failed` or `lost`.
    pub state: &'static str,
    /// Who asked first.
    pub by: String,
    #[schema(format = DateTime)]
    pub at: String,
}

/// A technology that comes later.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LateInfo {
    /// Its id in the case.
    pub technology: String,
    /// By how many years.
    #[schema(minimum = 1, maximum = 15)]
    pub years: u8,
}

/// A plan or a forecast, and what it says.
#[derive(Serialize, ToSchema)]
pub struct OneForesight {
    pub foresight: ForesightInfo,
    /// What the files say that cannot be meant, or why the work failed.
    pub problems: Option<String>,
    /// Sections of sentences, facts, tables and charts, in English; none while it is under way.
    pub report: Option<Value>,
    /// The answer of `freehold plan explain --json` where there is no plan.
    pub why: Option<Value>,
}

/// A plan or a forecast to be begun: a case alone is planned; a model alone is asked; both together say what something late
/// does to the model's target.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewForesight {
    /// A case, by name.
    pub case: Option<String>,
    /// A model, by name.
    pub model: Option<String>,
    /// What comes later than the case says.
    pub late: Option<LateInfo>,
}

const NEITHER: &str =
    "nothing is asked: name a `case` to be planned, a `model` to be asked, or both with what is `late`";
const NOT_LATE: &str = "a case and a model together say what something late does to a target: name it in `late`, with `technology` and `years`; \
                        without it, ask for one of both";

fn info(it: &Foresight) -> ForesightInfo {
    let state = match it.came() {
        None => "running",
        Some(Came::Plan(_) | Came::Forecast(_) | Came::Difference(_)) => "done",
        Some(Came::NoPlan(_)) => "no_plan",
        Some(Came::Wrong(_)) => "wrong",
        Some(Came::Failed(_) | Came::TooLarge(_)) => "failed",
        Some(Came::Lost(_)) => "lost",
    };
    let (case, model) = match it.question.clone() {
        Question::Plan(case) => (Some(case), None),
        Question::Forecast(model) => (None, Some(model)),
        Question::Both { case, model } => (Some(case), Some(model)),
    };
    let late = it.late.as_ref().map(|it| LateInfo { technology: it.technology.clone(), years: it.years });
    ForesightInfo { id: it.id.clone(), case, model, late, state, by: it.by.clone(), at: it.at.to_string() }
}

impl From<NoForesight> for Refused {
    fn from(why: NoForesight) -> Self {
        match why {
            NoForesight::Busy => Trouble::Busy.into(),
            NoForesight::Nothing => {
                Self::about("case", "no case or model of that name lies in the realm's folders".to_owned())
            }
            NoForesight::Late => Self::about(
                "late",
                format!(
                    "expected a technology of the case and 1 to {LATE_YEARS_MAX} years; a model alone has nothing that is late"
                ),
            ),
        }
    }
}

/// Plans and forecasts that were asked for here, and the cases and models that lie ready.
#[utoipa::path(get, path = "/api/v1/foresights", tag = "foresights", params(Scope), responses(
    (status = 200, body = Foresights), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_foresights(call: &Call<'_>) -> Answered {
    call.plain()?;
    let lies = call.desk.lies().await?;
    let case = |(name, it): (String, crate::foresight::CaseLies)| {
        let (read, problem) = match it.read {
            Ok(read) => (Some(read), None),
            Err(why) => (None, Some(why)),
        };
        let technologies = read.as_ref().map(|it| it.technologies.clone()).unwrap_or_default();
        CaseInfo { name, title: read.map(|it| it.name.of(Lang::En).to_owned()), technologies, problem }
    };
    Ok(answer(&Foresights {
        foresights: call.desk.parts.foresights.all().iter().map(|it| info(it)).collect(),
        cases: lies.cases.into_iter().map(case).collect(),
        models: lies.models.into_keys().collect(),
    }))
}

/// Begins to work out a plan, a forecast, or both with something that comes late. One at a time; the same question over the
/// same files has the same id, and is not worked out twice.
#[utoipa::path(post, path = "/api/v1/foresights", tag = "foresights", params(Scope), request_body = NewForesight, responses(
    (status = 202, body = ForesightInfo), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn begin_foresight(call: &Call<'_>) -> Answered {
    call.plain()?;
    let wanted: NewForesight = call.body()?;
    let question = match (wanted.case, wanted.model) {
        (Some(case), None) => Question::Plan(case),
        (None, Some(model)) => Question::Forecast(model),
        (Some(case), Some(model)) => Question::Both { case, model },
        (None, None) => return Err(Refused::about("case", NEITHER)),
    };
    if matches!(question, Question::Both { .. }) && wanted.late.is_none() {
        return Err(Refused::about("late", NOT_LATE));
    }
    let late = wanted.late.map(|it| Late { technology: it.technology, years: it.years });
    Ok(begun(&info(&*call.desk.foresee(question, late).await?)))
}

/// A plan or a forecast, and what it says.
#[utoipa::path(get, path = "/api/v1/foresights/{foresight}", tag = "foresights",
    params(("foresight" = String, Path, description = "Its id"), Scope), responses(
    (status = 200, body = OneForesight), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) fn get_foresight(call: &Call<'_>) -> Answered {
    call.plain()?;
    let found = call.desk.parts.foresights.find(call.name()).ok_or(Trouble::NotFound)?;
    let problems = match found.came() {
        Some(Came::Wrong(problems)) => Some(render(problems, Lang::En, false)),
        Some(Came::Failed(failure)) => Some(format!("the solver ended without a plan: {failure:?}")),
        Some(Came::TooLarge(columns)) => {
            Some(format!("about {columns} columns are too many beside a gateway: solve it with `freehold plan solve`"))
        }
        Some(Came::Lost(why)) => Some(why.clone()),
        _ => None,
    };
    let why = match found.came() {
        Some(Came::NoPlan(it)) => Some(json!({ "why": it.why, "conflict": it.rows })),
        _ => None,
    };
    let report = found.came().and_then(|came| came.report(Lang::En)).map(|it| json!(it));
    Ok(answer(&OneForesight { foresight: info(&found), problems, report, why }))
}
