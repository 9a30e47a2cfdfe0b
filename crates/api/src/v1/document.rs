//! What describes the API to programs: OpenAPI 3.1, made from the code that answers.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, OpenApi as Document};
use utoipa::{Modify, OpenApi};

use super::{
    answer, approvals, apps, content, drills, foresights, ledger, live_drills, obligations, packs, passports, people,
    policies, programme, requests, supply, system, usage,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "Freehold control API", description = "What people do in the console, for programs. Tokens: `freehold console token`."),
    modifiers(&Bearer),
    components(schemas(answer::ErrorBody)),
    paths(
        people::get_session, people::end_session, people::list_people, people::give_role, people::take_role, people::close_account, people::open_account,
        apps::list_apps, apps::suspend_app, apps::resume_app, apps::list_keys, apps::create_key, apps::revoke_key,
        approvals::list_approvals, approvals::get_approval, approvals::approve_request, approvals::refuse_request,
        obligations::list_obligations, obligations::tell_notice, obligations::untell_notice,
        supply::list_deployments, supply::suspend_deployment, supply::resume_deployment,
        supply::list_providers, supply::suspend_provider, supply::resume_provider, supply::list_models, passports::get_passport,
        requests::list_requests, requests::get_request, content::get_content, usage::get_usage, usage::get_exposure,
        policies::list_rules, policies::get_rule, policies::get_matrix, policies::explain_request,
        drills::list_drills, drills::begin_drill, drills::get_drill, drills::get_impact,
        live_drills::list_live_drills, live_drills::get_live_drill, live_drills::end_live_drill,
        foresights::list_foresights, foresights::begin_foresight, foresights::get_foresight,
        programme::get_programme,
        packs::list_packs, packs::get_pack,
        ledger::get_ledger, ledger::list_changes, ledger::get_entry, ledger::get_receipt,
        system::get_system, system::delete_samples, system::make_backup, system::get_realm, system::diff_realm,
    )
)]
struct Described;

/// Every call but the description itself carries a token.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        document.components.get_or_insert_with(Components::new).add_security_scheme("token", scheme);
        document.security = Some(vec![SecurityRequirement::new("token", [] as [&str; 0])]);
    }
}

/// The description.
pub fn document() -> Document {
    Described::openapi()
}
