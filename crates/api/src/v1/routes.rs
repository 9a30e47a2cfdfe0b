//! The table of paths: what each does, what it needs, of what it is. What is not here does not exist.

use bytes::Bytes;
use http::{Method, Response};
use serde::Deserialize;
use store::Role;
use utoipa::IntoParams;

use super::answer::{Code, Refused};
use super::call::Call;
use super::{
    approvals, apps, content, drills, foresights, ledger, live_drills, obligations, packs, passports, people, policies,
    programme, requests, supply, system, usage,
};
use crate::rights::{Right, Within, is_open, parts};

/// What comes of a call.
pub(super) type Answered = Result<Response<Bytes>, Refused>;

/// Of which organisation an answer is to be.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read before the call is made; here it is told to those who write clients")]
pub struct Scope {
    /// An organisation in which the caller has a role, or `@` for the deployment as a whole; the caller's first where it is
    /// not said.
    organisation: Option<String>,
}

/// What a path does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    Describe,
    Session,
    Leave,
    Apps,
    SuspendApp,
    ResumeApp,
    Keys,
    NewKey,
    Revoke,
    Approvals,
    Approval,
    Approve,
    Refuse,
    Obligations,
    Tell,
    Untell,
    Deployments,
    SuspendDeployment,
    ResumeDeployment,
    Providers,
    SuspendProvider,
    ResumeProvider,
    Models,
    Passport,
    Requests,
    Request,
    Usage,
    Exposure,
    Rules,
    Rule,
    Matrix,
    Explain,
    Packs,
    Pack,
    Drills,
    BeginDrill,
    Drill,
    Impact,
    LiveDrills,
    LiveDrill,
    EndLiveDrill,
    Foresights,
    BeginForesight,
    Foresight,
    Content,
    Ledger,
    Changes,
    Entry,
    Receipt,
    People,
    Give,
    Take,
    Close,
    Open,
    Realm,
    Diff,
    System,
    DeleteSamples,
    Backup,
    Programme,
}

/// One line of the table.
#[derive(Debug)]
pub struct Route {
    /// The method; `HEAD` is `GET` without a body.
    pub method: Method,
    /// Below `/api/v1`; `*` is one part of the path.
    pub path: &'static str,
    /// What it needs.
    pub right: Right,
    /// Of what it is.
    pub within: Within,
    pub(super) does: Does,
}

const fn line(method: Method, path: &'static str, does: Does, right: Right, within: Within) -> Route {
    Route { method, path, right, within, does }
}

const GET: Method = Method::GET;
const PUT: Method = Method::PUT;
const POST: Method = Method::POST;
const DELETE: Method = Method::DELETE;

/// Everything there is.
pub static ROUTES: &[Route] = &[
    line(GET, "/openapi.json", Does::Describe, Right::Anyone, Within::Any),
    line(GET, "/session", Does::Session, Right::Look, Within::Any),
    line(DELETE, "/session", Does::Leave, Right::Look, Within::Any),
    line(GET, "/apps", Does::Apps, Right::Look, Within::Organisation),
    line(PUT, "/apps/*/suspension", Does::SuspendApp, Right::Operate, Within::Organisation),
    line(DELETE, "/apps/*/suspension", Does::ResumeApp, Right::Operate, Within::Organisation),
    line(GET, "/keys", Does::Keys, Right::Look, Within::Organisation),
    line(POST, "/keys", Does::NewKey, Right::Operate, Within::Organisation),
    line(DELETE, "/keys/*", Does::Revoke, Right::Operate, Within::Organisation),
    line(GET, "/approvals", Does::Approvals, Right::Look, Within::Organisation),
    line(GET, "/approvals/*", Does::Approval, Right::Look, Within::Organisation),
    line(POST, "/approvals/*/approve", Does::Approve, Right::Operate, Within::Organisation),
    line(POST, "/approvals/*/refuse", Does::Refuse, Right::Operate, Within::Organisation),
    line(GET, "/obligations", Does::Obligations, Right::Look, Within::Organisation),
    line(POST, "/obligations/told", Does::Tell, Right::Operate, Within::Organisation),
    line(DELETE, "/obligations/told/*", Does::Untell, Right::Operate, Within::Organisation),
    line(GET, "/deployments", Does::Deployments, Right::Look, Within::Any),
    line(PUT, "/deployments/*/suspension", Does::SuspendDeployment, Right::Operate, Within::Whole),
    line(DELETE, "/deployments/*/suspension", Does::ResumeDeployment, Right::Operate, Within::Whole),
    line(GET, "/providers", Does::Providers, Right::Look, Within::Any),
    line(PUT, "/providers/*/suspension", Does::SuspendProvider, Right::Operate, Within::Whole),
    line(DELETE, "/providers/*/suspension", Does::ResumeProvider, Right::Operate, Within::Whole),
    line(GET, "/models", Does::Models, Right::Look, Within::Any),
    line(GET, "/models/*/passport", Does::Passport, Right::Look, Within::Any),
    line(GET, "/requests", Does::Requests, Right::Look, Within::Organisation),
    line(GET, "/requests/*", Does::Request, Right::Look, Within::Organisation),
    line(GET, "/usage", Does::Usage, Right::Look, Within::Any),
    line(GET, "/exposure", Does::Exposure, Right::Look, Within::Any),
    line(GET, "/rules", Does::Rules, Right::Look, Within::Any),
    line(GET, "/rules/*", Does::Rule, Right::Look, Within::Any),
    line(GET, "/matrix", Does::Matrix, Right::Look, Within::Organisation),
    line(GET, "/explain", Does::Explain, Right::Look, Within::Organisation),
    line(GET, "/packs", Does::Packs, Right::Look, Within::Any),
    line(GET, "/packs/*", Does::Pack, Right::Look, Within::Any),
    line(GET, "/drills", Does::Drills, Right::Look, Within::Any),
    line(POST, "/drills", Does::BeginDrill, Right::Look, Within::Any),
    line(GET, "/drills/*", Does::Drill, Right::Look, Within::Any),
    line(GET, "/drills/*/impact", Does::Impact, Right::Look, Within::Any),
    line(GET, "/live-drills", Does::LiveDrills, Right::Look, Within::Any),
    line(GET, "/live-drills/*", Does::LiveDrill, Right::Look, Within::Any),
    line(POST, "/live-drills/*/end", Does::EndLiveDrill, Right::Operate, Within::Whole),
    line(GET, "/foresights", Does::Foresights, Right::Look, Within::Whole),
    line(POST, "/foresights", Does::BeginForesight, Right::Operate, Within::Whole),
    line(GET, "/foresights/*", Does::Foresight, Right::Look, Within::Whole),
    line(GET, "/content", Does::Content, Right::Audit, Within::Organisation),
    line(GET, "/ledger", Does::Ledger, Right::Look, Within::Any),
    line(GET, "/ledger/changes", Does::Changes, Right::Look, Within::Any),
    line(GET, "/ledger/entries/*", Does::Entry, Right::Audit, Within::Any),
    line(GET, "/ledger/entries/*/receipt", Does::Receipt, Right::Audit, Within::Any),
    line(GET, "/people", Does::People, Right::Administer, Within::Any),
    line(PUT, "/people/*", Does::Give, Right::Administer, Within::Any),
    line(DELETE, "/people/*", Does::Take, Right::Administer, Within::Any),
    line(PUT, "/people/*/closure", Does::Close, Right::Administer, Within::Whole),
    line(DELETE, "/people/*/closure", Does::Open, Right::Administer, Within::Whole),
    line(GET, "/realm", Does::Realm, Right::Look, Within::Whole),
    line(GET, "/realm/diff", Does::Diff, Right::Look, Within::Whole),
    line(GET, "/system", Does::System, Right::Look, Within::Whole),
    line(GET, "/programme", Does::Programme, Right::Look, Within::Whole),
    line(POST, "/backup", Does::Backup, Right::Administer, Within::Whole),
    line(DELETE, "/samples", Does::DeleteSamples, Right::Administer, Within::Whole),
];

/// Finds the line for a method and a path below `/api/v1`, with the parts that the path names.
pub(super) fn find<'p>(method: &Method, path: &'p str) -> Result<(&'static Route, Vec<&'p str>), Refused> {
    let method = if *method == Method::HEAD { &GET } else { method };
    let there: Vec<&Route> = ROUTES.iter().filter(|route| parts(route.path, path).is_some()).collect();
    let found = there.iter().find(|route| route.method == *method);
    match found.and_then(|route| Some((*route, parts(route.path, path)?))) {
        Some(found) => Ok(found),
        None if there.is_empty() => {
            Err(Refused::of(Code::NotFound, "there is nothing at this path: /api/v1/openapi.json tells what there is"))
        }
        None => {
            let takes: Vec<&str> = there.iter().map(|route| route.method.as_str()).collect();
            Err(Refused::takes(&takes))
        }
    }
}

/// Does what a path is for.
pub(super) async fn perform(does: Does, call: &Call<'_>) -> Answered {
    match does {
        Does::Describe => Err(crate::Trouble::NotFound.into()),
        Does::Session => people::get_session(call),
        Does::Leave => people::end_session(call).await,
        Does::Apps => apps::list_apps(call).await,
        Does::SuspendApp => apps::suspend_app(call).await,
        Does::ResumeApp => apps::resume_app(call).await,
        Does::Keys => apps::list_keys(call).await,
        Does::NewKey => apps::create_key(call).await,
        Does::Revoke => apps::revoke_key(call).await,
        Does::Deployments => supply::list_deployments(call).await,
        Does::SuspendDeployment => supply::suspend_deployment(call).await,
        Does::ResumeDeployment => supply::resume_deployment(call).await,
        Does::Providers => supply::list_providers(call).await,
        Does::SuspendProvider => supply::suspend_provider(call).await,
        Does::ResumeProvider => supply::resume_provider(call).await,
        Does::Models => supply::list_models(call).await,
        Does::Passport => passports::get_passport(call),
        Does::Requests => requests::list_requests(call).await,
        Does::Request => requests::get_request(call).await,
        Does::Usage => usage::get_usage(call).await,
        Does::Ledger => ledger::get_ledger(call),
        Does::Changes => ledger::list_changes(call).await,
        Does::Entry => ledger::get_entry(call).await,
        Does::Receipt => ledger::get_receipt(call).await,
        Does::People => people::list_people(call).await,
        Does::Give => people::give_role(call).await,
        Does::Take => people::take_role(call).await,
        Does::Close => people::close_account(call).await,
        Does::Open => people::open_account(call).await,
        Does::Realm => system::get_realm(call).await,
        Does::Diff => system::diff_realm(call).await,
        Does::System => system::get_system(call),
        Does::Programme => programme::get_programme(call).await,
        Does::DeleteSamples => system::delete_samples(call).await,
        Does::Backup => system::make_backup(call).await,
        _ => of_people(does, call).await,
    }
}

/// What waits for people to say or do something, and then what is about drills.
async fn of_people(does: Does, call: &Call<'_>) -> Answered {
    match does {
        Does::Content => content::get_content(call).await,
        Does::Approvals => approvals::list_approvals(call).await,
        Does::Approval => approvals::get_approval(call).await,
        Does::Approve => approvals::approve_request(call).await,
        Does::Refuse => approvals::refuse_request(call).await,
        Does::Obligations => obligations::list_obligations(call).await,
        Does::Tell => obligations::tell_notice(call).await,
        Does::Untell => obligations::untell_notice(call).await,
        _ => of_drills(does, call).await,
    }
}

/// What is about rules and the packs that they come in.
async fn by_law(does: Does, call: &Call<'_>) -> Answered {
    match does {
        Does::Rules => policies::list_rules(call).await,
        Does::Rule => policies::get_rule(call).await,
        Does::Matrix => policies::get_matrix(call).await,
        Does::Explain => policies::explain_request(call),
        Does::Packs => packs::list_packs(call),
        Does::Pack => packs::get_pack(call).await,
        _ => Err(crate::Trouble::NotFound.into()),
    }
}

/// What is about dependence and drills, and then about rules.
async fn of_drills(does: Does, call: &Call<'_>) -> Answered {
    match does {
        Does::Exposure => usage::get_exposure(call).await,
        Does::Drills => drills::list_drills(call).await,
        Does::BeginDrill => drills::begin_drill(call),
        Does::Drill => drills::get_drill(call),
        Does::Impact => drills::get_impact(call),
        Does::LiveDrills => live_drills::list_live_drills(call).await,
        Does::LiveDrill => live_drills::get_live_drill(call).await,
        Does::EndLiveDrill => live_drills::end_live_drill(call).await,
        Does::Foresights => foresights::list_foresights(call).await,
        Does::BeginForesight => foresights::begin_foresight(call).await,
        Does::Foresight => foresights::get_foresight(call),
        _ => by_law(does, call).await,
    }
}

/// The table for people: a line a path, a column a role, in it a mark for an organisation and one for the whole.
pub fn table() -> String {
    let heads = ["nobody", "viewer", "operator", "auditor", "admin"].map(|head| format!("{head:<10}")).concat();
    let mut lines = format!("{:<42}{}\n", "", heads.trim_end());
    let own = realm::OrganisationId::new("own").map(store::Scope::Organisation).unwrap_or(store::Scope::Whole);
    for route in ROUTES {
        let mark = |may: bool| if may { "✔" } else { "✘" };
        let marks = |role: Role| {
            [&own, &store::Scope::Whole].map(|scope| mark(is_open(route.right, route.within, role, scope))).concat()
        };
        let roles = Role::ALL.map(|role| format!("{:<10}", marks(role))).concat();
        let nobody = mark(route.right == Right::Anyone);
        let path = format!("{}{}", super::PATH, route.path);
        lines.push_str(format!("{:<7}{path:<35}{nobody:<10}{roles}", route.method.as_str()).trim_end());
        lines.push('\n');
    }
    lines
}
