//! What an organisation keeps of prompts and answers: which there are and who asked to open which, never what they say.

use serde::{Deserialize, Serialize};
use store::content::{Kept, Opening};
use utoipa::{IntoParams, ToSchema};

use super::answer::{ErrorBody, json};
use super::call::Call;
use super::routes::{Answered, Scope};

/// What is kept.
#[derive(Serialize, ToSchema)]
pub struct Content {
    /// Apps of which it is kept now, and for how many days.
    pub apps: Vec<KeptApp>,
    /// Who may ask for an item to be opened and who may agree, by name.
    pub people: Vec<String>,
    /// The newest items, at most 1,000 of each app.
    pub items: Vec<Item>,
    /// Who asked to open which, the youngest first.
    pub openings: Vec<Wish>,
}

/// An app whose prompts and answers are kept.
#[derive(Serialize, ToSchema)]
pub struct KeptApp {
    pub app: String,
    pub days: u64,
}

/// One exchange, sealed.
#[derive(Serialize, ToSchema)]
pub struct Item {
    pub request: String,
    pub app: String,
    /// When the request ended.
    #[schema(format = DateTime)]
    pub at: String,
    /// Sealed.
    pub bytes: u64,
    /// `sealed`; or `destroyed`: its key is gone, and nobody can open it.
    pub state: &'static str,
}

/// Somebody's wish to have an item opened.
#[derive(Serialize, ToSchema)]
pub struct Wish {
    pub id: String,
    pub request: String,
    pub app: String,
    pub reason: String,
    pub asked_by: String,
    #[schema(format = DateTime)]
    pub asked: String,
    pub approved_by: Option<String>,
    #[schema(format = DateTime)]
    pub opened: Option<String>,
    /// `asked`, `agreed`, `opened`, or `over`: seven days went by before it was.
    pub state: &'static str,
}

/// Which.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Of {
    /// Of this request only.
    request: Option<String>,
}

/// What the organisation keeps of prompts and answers. It is opened by `freehold content open` with the organisation's own
/// key, which this machine does not have.
#[utoipa::path(get, path = "/api/v1/content", tag = "requests", params(Scope, Of), responses(
    (status = 200, body = Content), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn get_content(call: &Call<'_>) -> Answered {
    let of: Of = call.query()?;
    let (desk, world) = (&call.desk, call.desk.world());
    let found = desk.content(of.request.as_deref()).await?;
    let kept: Vec<_> = desk.apps().filter_map(|app| Some((app, world.kept(app)?))).collect();
    let people = kept.first().map(|(_, kept)| kept.key.people.iter().map(|person| person.name.clone()).collect());
    Ok(json(&Content {
        apps: kept.iter().map(|(app, kept)| KeptApp { app: app.id.to_string(), days: kept.days }).collect(),
        people: people.unwrap_or_default(),
        items: found.items.iter().map(|(item, there)| shown(item, *there)).collect(),
        openings: found.openings.iter().map(|opening| wish(opening, desk.now)).collect(),
    }))
}

fn shown(item: &Kept, there: bool) -> Item {
    Item {
        request: item.req.clone(),
        app: item.app.clone(),
        at: item.at.to_string(),
        bytes: item.bytes,
        state: if there { "sealed" } else { "destroyed" },
    }
}

fn wish(opening: &Opening, now: realm::UnixMs) -> Wish {
    Wish {
        id: opening.id.clone(),
        request: opening.req.clone(),
        app: opening.app.clone(),
        reason: opening.reason.clone(),
        asked_by: opening.asked_by.clone(),
        asked: opening.asked.to_string(),
        approved_by: opening.agreed.as_ref().map(|(name, _)| name.clone()),
        opened: opening.opened.map(|at| at.to_string()),
        state: opening.stage(now),
    }
}
