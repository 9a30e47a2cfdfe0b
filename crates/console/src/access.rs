//! Who may open what: one table, asked before anything else is done.

use http::Method;
use store::Role;

/// What a path needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Nothing: the way in, and what pages are made of.
    Anyone,
    /// To be signed in.
    Look,
    /// To read the records themselves and take receipts.
    Audit,
    /// To change what holds.
    Operate,
}

/// What a path is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the page of its name")]
pub enum Place {
    Asset,
    EnterForm,
    Enter,
    Leave,
    Settings,
    Overview,
    Go,
    Requests,
    Request,
    Ledger,
    Entry,
    Receipt,
    Policies,
    Rule,
    Matrix,
    Models,
    Keys,
    KeyNew,
    RevokeForm,
    Revoke,
    SuspendForm,
    Suspend,
    ResumeForm,
    Resume,
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
}

const fn get(path: &'static str, place: Place, right: Right) -> Route {
    Route { method: Method::GET, path, place, right }
}

const fn post(path: &'static str, place: Place, right: Right) -> Route {
    Route { method: Method::POST, path, place, right }
}

/// Everything there is. What is not here does not exist.
pub static ROUTES: [Route; 24] = [
    get("/assets/*", Place::Asset, Right::Anyone),
    get("/enter", Place::EnterForm, Right::Anyone),
    post("/enter", Place::Enter, Right::Anyone),
    post("/leave", Place::Leave, Right::Look),
    post("/settings", Place::Settings, Right::Look),
    get("", Place::Overview, Right::Look),
    get("/go", Place::Go, Right::Look),
    get("/requests", Place::Requests, Right::Look),
    get("/requests/*", Place::Request, Right::Look),
    get("/ledger", Place::Ledger, Right::Look),
    get("/ledger/*", Place::Entry, Right::Audit),
    get("/receipts/*", Place::Receipt, Right::Audit),
    get("/policies", Place::Policies, Right::Look),
    get("/policies/matrix", Place::Matrix, Right::Look),
    get("/policies/rules/*", Place::Rule, Right::Look),
    get("/models", Place::Models, Right::Look),
    get("/keys", Place::Keys, Right::Look),
    post("/keys", Place::KeyNew, Right::Operate),
    get("/keys/*/revoke", Place::RevokeForm, Right::Operate),
    post("/keys/*/revoke", Place::Revoke, Right::Operate),
    get("/suspend/*/*", Place::SuspendForm, Right::Operate),
    post("/suspend/*/*", Place::Suspend, Right::Operate),
    get("/resume/*/*", Place::ResumeForm, Right::Operate),
    post("/resume/*/*", Place::Resume, Right::Operate),
];

impl Right {
    /// Whether a role has it.
    pub fn has(self, role: Role) -> bool {
        match self {
            Self::Anyone | Self::Look => true,
            Self::Audit => matches!(role, Role::Auditor | Role::Admin),
            Self::Operate => matches!(role, Role::Operator | Role::Admin),
        }
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

fn parts<'p>(pattern: &str, path: &'p str) -> Option<Vec<&'p str>> {
    let (mut expected, mut given) = (pattern.split('/'), path.split('/'));
    let mut named = Vec::new();
    loop {
        match (expected.next(), given.next()) {
            (None, None) => return Some(named),
            (Some("*"), Some(part)) if !part.is_empty() => named.push(part),
            (Some(one), Some(other)) if one == other => {}
            _ => return None,
        }
    }
}

/// The table for people: a line a route, a column a role.
pub fn table() -> String {
    let heads = ["nobody", "viewer", "operator", "auditor", "admin"].map(|head| format!("{head:<10}")).concat();
    let mut lines = format!("{:<34}{}\n", "", heads.trim_end());
    for route in &ROUTES {
        let mark = |may: bool| if may { "✔" } else { "✘" };
        let roles = Role::ALL.map(|role| format!("{:<10}", mark(route.right.has(role)))).concat();
        let nobody = mark(route.right == Right::Anyone);
        let path = format!("/console{}", route.path);
        lines.push_str(format!("{:<6}{path:<28}{nobody:<10}{roles}", route.method.as_str()).trim_end());
        lines.push('\n');
    }
    lines
}
