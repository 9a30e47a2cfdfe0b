//! Who may open what: one table, asked before anything else is done.

use api::rights::{allows, is_open, parts};
use api::{Guest, Trouble};
use http::Method;
use realm::OrganisationId;
use store::{Role, Scope};

pub use api::rights::{Right, Within};

/// What a path is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the page of its name")]
pub enum Place {
    Asset,
    EnterForm,
    Enter,
    SignIn,
    SignedIn,
    Leave,
    Settings,
    Overview,
    Go,
    Requests,
    Request,
    Content,
    Approvals,
    Approval,
    Agree,
    Refuse,
    Obligations,
    Tell,
    UntellForm,
    Untell,
    Drills,
    Studio,
    DrillBegin,
    Drill,
    Impact,
    LiveDrill,
    LiveDrillEnd,
    Ledger,
    Entry,
    Receipt,
    Policies,
    Rule,
    Matrix,
    Packs,
    Pack,
    Models,
    Passport,
    Keys,
    KeyNew,
    RevokeForm,
    Revoke,
    SuspendForm,
    Suspend,
    ResumeForm,
    Resume,
    Playground,
    Try,
    Usage,
    Map,
    Exposure,
    Explain,
    Realm,
    RealmDiff,
    System,
    Programme,
    Plans,
    PlanBegin,
    Plan,
    Forecasts,
    ForecastBegin,
    Forecast,
    TrackRecord,
    Observatory,
    People,
    PersonAdd,
    RemoveForm,
    Remove,
    CloseForm,
    Close,
    OpenForm,
    Open,
    SamplesForm,
    Samples,
    Backup,
}

/// One line of the table.
#[derive(Debug)]
pub struct Route {
    /// `GET` (and `HEAD`) or `POST`.
    pub method: Method,
    /// Below `/console`; `*` is one part of the path.
    pub path: &'static str,
    /// What it is for.
    pub place: Place,
    /// What it needs.
    pub right: Right,
    /// Of what it is.
    pub within: Within,
}

const fn get(path: &'static str, place: Place, right: Right, within: Within) -> Route {
    Route { method: Method::GET, path, place, right, within }
}

const fn post(path: &'static str, place: Place, right: Right, within: Within) -> Route {
    Route { method: Method::POST, path, place, right, within }
}

/// Everything there is. What is not here does not exist.
pub static ROUTES: &[Route] = &[
    get("/assets/*", Place::Asset, Right::Anyone, Within::Any),
    get("/enter", Place::EnterForm, Right::Anyone, Within::Any),
    post("/enter", Place::Enter, Right::Anyone, Within::Any),
    get("/sign-in", Place::SignIn, Right::Anyone, Within::Any),
    get("/sign-in/back", Place::SignedIn, Right::Anyone, Within::Any),
    post("/leave", Place::Leave, Right::Look, Within::Any),
    post("/settings", Place::Settings, Right::Look, Within::Any),
    get("", Place::Overview, Right::Look, Within::Any),
    get("/go", Place::Go, Right::Look, Within::Any),
    get("/requests", Place::Requests, Right::Look, Within::Organisation),
    get("/requests/*", Place::Request, Right::Look, Within::Organisation),
    get("/content", Place::Content, Right::Audit, Within::Organisation),
    get("/approvals", Place::Approvals, Right::Look, Within::Organisation),
    get("/approvals/*", Place::Approval, Right::Look, Within::Organisation),
    post("/approvals/*/agree", Place::Agree, Right::Operate, Within::Organisation),
    post("/approvals/*/refuse", Place::Refuse, Right::Operate, Within::Organisation),
    get("/obligations", Place::Obligations, Right::Look, Within::Organisation),
    post("/obligations", Place::Tell, Right::Operate, Within::Organisation),
    get("/obligations/*/undo", Place::UntellForm, Right::Operate, Within::Organisation),
    post("/obligations/*/undo", Place::Untell, Right::Operate, Within::Organisation),
    get("/playground", Place::Playground, Right::Operate, Within::Organisation),
    post("/playground", Place::Try, Right::Operate, Within::Organisation),
    get("/usage", Place::Usage, Right::Look, Within::Any),
    get("/map", Place::Map, Right::Look, Within::Any),
    get("/exposure", Place::Exposure, Right::Look, Within::Any),
    get("/drills", Place::Drills, Right::Look, Within::Any),
    get("/drills/new", Place::Studio, Right::Look, Within::Any),
    post("/drills", Place::DrillBegin, Right::Look, Within::Any),
    get("/drills/*", Place::Drill, Right::Look, Within::Any),
    get("/impact/*", Place::Impact, Right::Look, Within::Any),
    get("/drills/live/*", Place::LiveDrill, Right::Look, Within::Whole),
    post("/drills/live/*/end", Place::LiveDrillEnd, Right::Operate, Within::Whole),
    get("/ledger", Place::Ledger, Right::Look, Within::Any),
    get("/ledger/*", Place::Entry, Right::Audit, Within::Any),
    get("/receipts/*", Place::Receipt, Right::Audit, Within::Any),
    get("/policies", Place::Policies, Right::Look, Within::Any),
    get("/policies/matrix", Place::Matrix, Right::Look, Within::Organisation),
    get("/policies/rules/*", Place::Rule, Right::Look, Within::Any),
    get("/policies/explain", Place::Explain, Right::Look, Within::Organisation),
    get("/packs", Place::Packs, Right::Look, Within::Any),
    get("/packs/*", Place::Pack, Right::Look, Within::Any),
    get("/models", Place::Models, Right::Look, Within::Any),
    get("/models/*", Place::Passport, Right::Look, Within::Any),
    get("/keys", Place::Keys, Right::Look, Within::Organisation),
    post("/keys", Place::KeyNew, Right::Operate, Within::Organisation),
    get("/keys/*/revoke", Place::RevokeForm, Right::Operate, Within::Organisation),
    post("/keys/*/revoke", Place::Revoke, Right::Operate, Within::Organisation),
    get("/suspend/app/*", Place::SuspendForm, Right::Operate, Within::Organisation),
    post("/suspend/app/*", Place::Suspend, Right::Operate, Within::Organisation),
    get("/resume/app/*", Place::ResumeForm, Right::Operate, Within::Organisation),
    post("/resume/app/*", Place::Resume, Right::Operate, Within::Organisation),
    get("/suspend/*/*", Place::SuspendForm, Right::Operate, Within::Whole),
    post("/suspend/*/*", Place::Suspend, Right::Operate, Within::Whole),
    get("/resume/*/*", Place::ResumeForm, Right::Operate, Within::Whole),
    post("/resume/*/*", Place::Resume, Right::Operate, Within::Whole),
    get("/people", Place::People, Right::Administer, Within::Any),
    post("/people", Place::PersonAdd, Right::Administer, Within::Any),
    get("/people/*/remove", Place::RemoveForm, Right::Administer, Within::Any),
    post("/people/*/remove", Place::Remove, Right::Administer, Within::Any),
    get("/people/*/close", Place::CloseForm, Right::Administer, Within::Whole),
    post("/people/*/close", Place::Close, Right::Administer, Within::Whole),
    get("/people/*/open", Place::OpenForm, Right::Administer, Within::Whole),
    post("/people/*/open", Place::Open, Right::Administer, Within::Whole),
    get("/realm", Place::Realm, Right::Look, Within::Whole),
    get("/realm/diff", Place::RealmDiff, Right::Look, Within::Whole),
    get("/programme", Place::Programme, Right::Look, Within::Whole),
    get("/plan", Place::Plans, Right::Look, Within::Whole),
    post("/plan", Place::PlanBegin, Right::Operate, Within::Whole),
    get("/plan/*", Place::Plan, Right::Look, Within::Whole),
    get("/forecast", Place::Forecasts, Right::Look, Within::Whole),
    post("/forecast", Place::ForecastBegin, Right::Operate, Within::Whole),
    get("/forecast/*", Place::Forecast, Right::Look, Within::Whole),
    get("/track-record", Place::TrackRecord, Right::Look, Within::Whole),
    get("/observatory", Place::Observatory, Right::Look, Within::Whole),
    get("/system", Place::System, Right::Look, Within::Whole),
    post("/system/backup", Place::Backup, Right::Administer, Within::Whole),
    get("/samples", Place::SamplesForm, Right::Administer, Within::Whole),
    post("/samples", Place::Samples, Right::Administer, Within::Whole),
];

impl Route {
    /// Whether somebody may go there with a role in a scope.
    pub fn is_open(&self, role: Role, scope: &Scope) -> bool {
        is_open(self.right, self.within, role, scope)
    }

    /// Lets a guest in where they look now.
    ///
    /// # Errors
    /// Their role does not allow it, or it is of something else than what they look at.
    pub(crate) fn allows(&self, guest: &Guest) -> Result<(), Trouble> {
        allows(self.right, self.within, guest)
    }
}

/// Finds the line for a method and a path below `/console`, with the parts that the path names.
pub fn find<'p>(method: &Method, path: &'p str) -> Option<(&'static Route, Vec<&'p str>)> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    let path = path.strip_suffix('/').unwrap_or(path);
    let fits = |route: &&Route| route.method == *method && parts(route.path, path).is_some();
    // A path spelled out goes before one with a place holder.
    let found = ROUTES.iter().filter(fits).min_by_key(|route| route.path.matches('*').count())?;
    Some((found, parts(found.path, path)?))
}

/// The table for people: a line a route, a column a role, in it a mark for the own organisation, for another one in
/// which there is no role, and for the whole.
pub fn table() -> String {
    let heads = ["nobody", "viewer", "operator", "auditor", "admin"].map(|head| format!("{head:<10}")).concat();
    let mut lines = format!("{:<34}{}\n", "", heads.trim_end());
    let own = OrganisationId::new("own").map(Scope::Organisation).unwrap_or(Scope::Whole);
    for route in ROUTES {
        let mark = |may: bool| if may { "✔" } else { "✘" };
        let marks = |role: Role| {
            let anyone = route.right == Right::Anyone;
            [route.is_open(role, &own), anyone, route.is_open(role, &Scope::Whole)].map(mark).concat()
        };
        let roles = Role::ALL.map(|role| format!("{:<10}", marks(role))).concat();
        let nobody = mark(route.right == Right::Anyone);
        let path = format!("/console{}", route.path);
        lines.push_str(format!("{:<6}{path:<28}{nobody:<10}{roles}", route.method.as_str()).trim_end());
        lines.push('\n');
    }
    lines
}
