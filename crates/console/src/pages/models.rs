//! Models and where they run: passports, the three axes, health, price.

use std::collections::BTreeSet;

use realm::DeploymentId;
use realm::world::{Deployment, EnergyMethod, Model, Supply};
use serde_json::json;
use store::{Suspendable, Suspension};

use super::evaluations;
use super::overview::month;
use super::passport;
use crate::access::Right;
use crate::ask::encoded;
use crate::block::{Block, Page};
use crate::context::{Context, Late, Trouble};
use crate::table::{Cell, Table, columns};
use api::PlaceState;
use api::index::Totals;

/// The page.
///
/// # Errors
/// If the ledger or the store cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let first = month(cx);
    let seen = cx.seen();
    let known = cx.ledger(move |index| index.since(first, &seen)).await?;
    let late = known.late(&cx.words, "/console/models");
    let suspended = cx.parts.store.suspensions().await?;
    let evaluations = cx.parts.store.evaluations().await?;
    let places = cx.around.places();
    let blocks = late.into_iter().chain([
        Block::Table(deployments(cx, &places, &suspended, &known.value)),
        Block::Table(providers(cx, &suspended)),
        Block::Table(models(cx)),
        Block::Table(evaluations::table(cx, &evaluations)),
    ]);
    let (title, lead) = (cx.t("menu-models"), cx.t("models-lead"));
    Ok(Page { menu: "models", title, lead, blocks: blocks.collect(), ..Page::default() })
}

fn deployments(cx: &Context<'_>, places: &[PlaceState], suspended: &[Suspension], sums: &Totals) -> Table {
    let words = &cx.words;
    let row = |deployment: &Deployment| {
        let supply = cx.world().supply_of(&deployment.id)?;
        let place = places.iter().find(|place| place.deployment == deployment.id);
        Some(deployment_row(cx, &supply, place, suspended, sums))
    };
    let table = Table {
        name: "deployments",
        title: cx.t("deployments"),
        note: cx.t("deployments-note"),
        empty: cx.t("deployments-none"),
        columns: columns(
            words,
            "deployment state residency control provenance provider #price_in #price_out #j_per_token #requests action",
        ),
        rows: cx.world().deployments.values().filter_map(row).collect(),
        ..Table::default()
    };
    table.arranged(cx.ask, words, cx.whole())
}

fn deployment_row(
    cx: &Context<'_>,
    supply: &Supply<'_>,
    place: Option<&PlaceState>,
    suspended: &[Suspension],
    sums: &Totals,
) -> Vec<Cell> {
    let (words, deployment) = (&cx.words, supply.deployment);
    let price = |pick: fn(&realm::world::Price) -> realm::Nano| {
        let per_million = deployment.price.as_ref().map(|price| pick(price).times(1_000_000));
        per_million.map_or_else(Cell::none, |n| Cell::of(words.amount(n), json!(n.to_decimal().to_string())))
    };
    let energy = deployment.energy.map_or_else(Cell::none, |energy| {
        let method = if energy.method == EnergyMethod::Measured { "measured" } else { "declared" };
        Cell::of(words.tenth(energy.j_per_token), json!(energy.j_per_token)).note(cx.t(method))
    });
    let requests = sums.deployments.get(&deployment.id).map_or(0, |sum| sum.requests);
    let controllers: Vec<&str> = supply.operator.controllers.iter().map(|place| place.as_str()).collect();
    vec![
        Cell::text(deployment.id.as_str()).note(supply.model.id.as_str()),
        state(cx, &deployment.id, supply.provider.id.as_str(), place, suspended),
        Cell::text(deployment.host.as_str()),
        Cell { value: json!(controllers), ..Cell::text(controllers.join(", ")) },
        Cell::text(supply.model.origin.as_str()),
        Cell::text(supply.provider.id.as_str()).note(supply.operator.name.as_str()),
        price(|price| price.input_per_token),
        price(|price| price.output_per_token),
        energy,
        match Cell::of(words.count(requests), requests) {
            cell if cx.is_whole() => cell,
            cell => cell.to(format!("/console/requests?deployment={}", encoded(deployment.id.as_str()))),
        },
        action(cx, Suspendable::Deployment, deployment.id.as_str(), suspended),
    ]
}

/// Whether requests go there now, and why not.
fn state(cx: &Context<'_>, id: &DeploymentId, provider: &str, place: Option<&PlaceState>, all: &[Suspension]) -> Cell {
    let is = |kind, id: &str| all.iter().any(|it| it.kind == kind && it.id == id);
    let said = |word: &'static str, tone| Cell::of(cx.words.word("place", word), word).tone(tone);
    let wait = |ms: u64| cx.words.say("place-wait", &[("s", cx.words.count(ms.div_ceil(1_000)))]);
    if is(Suspendable::Deployment, id.as_str()) {
        return said("suspended", "warn");
    }
    if is(Suspendable::Provider, provider) {
        return said("provider-suspended", "warn");
    }
    match place {
        None => said("unknown", "quiet"),
        Some(PlaceState { trouble: Some(why), .. }) => said("unavailable", "bad").note(why.as_str()),
        Some(PlaceState { law_wait_ms: Some(ms), .. }) => said("law", "bad").note(wait(*ms)),
        Some(PlaceState { wait_ms: Some(ms), .. }) => said("open", "bad").note(wait(*ms)),
        Some(place) if place.running > 0 => {
            said("up", "good").note(cx.words.say("place-running", &[("count", cx.words.count(place.running as u64))]))
        }
        Some(_) => said("up", "good"),
    }
}

/// The link that suspends or resumes; nothing for those who may not.
pub fn action(cx: &Context<'_>, kind: Suspendable, id: &str, suspended: &[Suspension]) -> Cell {
    // An app is its organisation's; what serves several is suspended for all of them.
    if !cx.may(Right::Operate) || (kind == Suspendable::App) == cx.is_whole() {
        return Cell::default();
    }
    let verb = if suspended.iter().any(|it| it.kind == kind && it.id == id) { "resume" } else { "suspend" };
    let text = cx.t(&format!("{verb}-link"));
    Cell { text, href: Some(format!("/console/{verb}/{kind}/{}", encoded(id))), ..Cell::default() }
}

fn providers(cx: &Context<'_>, suspended: &[Suspension]) -> Table {
    let words = &cx.words;
    let row = |provider: &realm::world::Provider| {
        let operator = cx.world().organisations.get(&provider.operator);
        let parent = operator.map(|operator| operator.ultimate_parent.to_string()).unwrap_or_default();
        let is_out = suspended.iter().any(|it| it.kind == Suspendable::Provider && it.id == provider.id.as_str());
        let word = if is_out { "suspended" } else { "in-use" };
        vec![
            Cell::text(provider.id.as_str()),
            Cell::of(words.word("place", word), word).tone(if is_out { "warn" } else { "good" }),
            Cell::text(operator.map(|operator| operator.name.clone()).unwrap_or_default()),
            Cell::text(parent),
            Cell::text(operator.map(|operator| operator.jurisdiction.to_string()).unwrap_or_default()),
            Cell::code(provider.protocol.as_str()),
            Cell::text(words.word("access", provider.access_path.as_str())),
            action(cx, Suspendable::Provider, provider.id.as_str(), suspended),
        ]
    };
    Table {
        name: "providers",
        title: cx.t("providers"),
        empty: cx.t("deployments-none"),
        columns: columns(words, "provider state operator parent jurisdiction protocol access action"),
        rows: cx.world().providers.values().map(row).collect(),
        ..Table::default()
    }
}

/// The models' passports.
fn models(cx: &Context<'_>) -> Table {
    let words = &cx.words;
    let used: BTreeSet<_> = cx.world().deployments.values().map(|deployment| &deployment.model).collect();
    let row = |model: &Model| {
        let number = |n: Option<u64>| n.map_or_else(Cell::none, |n| Cell::of(words.count(n), n));
        let list = |all: &[String]| match all {
            [] => Cell::none(),
            all => Cell { value: json!(all), ..Cell::text(all.join(", ")) },
        };
        vec![
            Cell::text(model.id.as_str())
                .note(model.name.as_str())
                .to(format!("/console/models/{}", encoded(model.id.as_str()))),
            passport::completeness(cx, model),
            Cell::text(model.developer.as_str()),
            Cell::text(model.origin.as_str()),
            Cell::of(words.word("weights", model.weights.as_str()), model.weights.as_str()),
            model.licence.clone().map_or_else(Cell::none, Cell::text),
            Cell::of(words.word("model", model.kind.as_str()), model.kind.as_str()),
            number(model.parameters),
            number(model.context_tokens),
            list(&model.languages),
            list(&model.registries),
            Cell::of(cx.t(if used.contains(&model.id) { "yes" } else { "no" }), used.contains(&model.id)),
        ]
    };
    Table {
        name: "models",
        title: cx.t("passports"),
        empty: cx.t("deployments-none"),
        columns: columns(
            words,
            "model #complete developer origin weights licence kind #parameters #context_tokens languages registries deployed",
        ),
        rows: cx.world().models.values().map(row).collect(),
        ..Table::default()
    }
}
