use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::quality::quality;
use super::{MOST, budget, limits, path, plain, texts};
use crate::load::context::At;
use crate::load::table::Table;
use crate::world::{
    Capacity, Deployment, Energy, EnergyMethod, Model, ModelKind, Price, Quality, Route, Strategy, Target, Training,
    Weights,
};
use crate::{AcceleratorId, Jurisdiction, ModelId, Nano};

/// `[[model]]`.
pub(in crate::load) fn model(table: &Table<'_>) -> Option<Model> {
    let id = table.own_id();
    let name = table.require("name", table.text("name"));
    let developer = table.require("developer", table.link("developer"));
    let origin = table.require("origin", table.jurisdiction("origin"));
    let weights = table.word("weights", &[("open", Weights::Open), ("closed", Weights::Closed)]);
    let weights = table.require("weights", weights);
    let kind = table.word("kind", &[("chat", ModelKind::Chat), ("embedding", ModelKind::Embedding)]);
    let kind = table.require("kind", kind);
    let licence = table.text("licence").map(plain);
    let parameters = table.large("parameters", 1..=u64::MAX).map(plain);
    let context_tokens = table.whole("context_tokens", 1..=MOST).map(plain);
    let languages = texts(table, "languages");
    let registries = texts(table, "registries");
    let training = table.sub("training", "model.training", |training| Training {
        data_jurisdictions: training.jurisdictions("data_jurisdictions").unwrap_or_default(),
        compute_flop_log10: training.decimal("compute_flop_log10", Decimal::ZERO..=Decimal::from(40)).map(plain),
    });
    Some(Model {
        id: id?,
        name: name?.value,
        developer: developer?.value,
        origin: origin?.value,
        weights: weights?.value,
        licence,
        kind: kind?.value,
        parameters,
        context_tokens,
        languages,
        registries,
        training: training.unwrap_or_default(),
    })
}

/// `[[deployment]]`.
pub(in crate::load) fn deployment(table: &Table<'_>) -> Option<Deployment> {
    let id = table.own_id();
    let model: Option<At<ModelId>> = table.require("model", table.link("model"));
    let provider = table.require("provider", table.link("provider"));
    let upstream_model = table.text("upstream_model").map(plain);
    let (host, site) = (table.jurisdiction("host"), table.link("site"));
    // A site says where it lies; what lies elsewhere is found once all sites are read.
    let host = if table.has("site") { host } else { table.require("host", host) };
    let accelerator: Option<At<AcceleratorId>> = table.link("accelerator");
    let price = table.sub("price", "deployment.price", price).flatten();
    let energy = table.sub("energy", "deployment.energy", energy).flatten();
    let capacity = table.sub("capacity", "deployment.capacity", |capacity| Capacity {
        tokens_per_s: capacity.whole("tokens_per_s", 1..=MOST).map(plain),
    });
    let weights_file = path(table, "weights_file");
    let model = model?;
    Some(Deployment {
        id: id?,
        upstream_model: upstream_model.unwrap_or_else(|| model.value.to_string()),
        model: model.value,
        provider: provider?.value,
        host: host.map(plain).or_else(|| site.as_ref().map(|_| nowhere()))?,
        site: site.map(plain),
        accelerator: accelerator.map(plain),
        price,
        energy,
        capacity: capacity.unwrap_or_default(),
        weights_file,
    })
}

/// The place of a deployment whose site will tell it.
fn nowhere() -> Jurisdiction {
    Jurisdiction::new("")
}

fn price(table: &Table<'_>) -> Option<Price> {
    let per_token = |field: &'static str| {
        let per_million =
            table.require(field, table.decimal(field, Decimal::ZERO..=Decimal::from(1_000_000_000u64)))?;
        let nano = Nano::from_decimal(per_million.value / Decimal::from(1_000_000));
        if nano.is_none() {
            let problem = per_million.place.error("realm.too_precise_price").arg("field", field);
            table.cx.report(problem.arg("value", per_million.value.to_string()));
        }
        nano
    };
    let (input, output) = (per_token("input"), per_token("output"));
    Some(Price { input_per_token: input?, output_per_token: output? })
}

fn energy(table: &Table<'_>) -> Option<Energy> {
    let joules = table.decimal("j_per_token", Decimal::ZERO..=Decimal::from(1_000_000));
    let joules = table.require("j_per_token", joules);
    let method = table.word("method", &[("measured", EnergyMethod::Measured), ("declared", EnergyMethod::Declared)]);
    let method = table.require("method", method);
    Some(Energy { j_per_token: joules?.value.to_f64()?, method: method?.value })
}

/// `[[route]]`.
const STRATEGIES: &[(&str, Strategy)] = &[
    ("priority", Strategy::Priority),
    ("least_loaded", Strategy::LeastLoaded),
    ("cheapest_passing", Strategy::CheapestPassing),
];

pub(in crate::load) fn route(table: &Table<'_>) -> Option<Route> {
    let id = table.own_id();
    let targets = table.subs("deployments", "route.deployments", |target| {
        let deployment = target.require("id", target.link("id"));
        let small = |field| target.whole(field, 1..=1000).and_then(|at| u32::try_from(at.value).ok()).unwrap_or(1);
        let (priority, weight) = (small("priority"), small("weight"));
        let place = target.place();
        deployment.map(|at| At { value: Target { deployment: at.value, priority, weight }, place })
    });
    let targets = table.require("deployments", targets);
    table.not_empty("deployments");
    let fallback = table.flag("fallback").is_none_or(plain);
    let resume = table.flag("resume");
    let (strategy, quality) = strategy(table);
    let budget = budget(table, "route.budget");
    let limits = limits(table, "route.limits");
    let targets = ordered(table, targets?.value);
    let resume = resume.is_some_and(|resume| {
        if resume.value && (!fallback || targets.len() < 2) {
            table.cx.report(resume.place.error("realm.resume_alone"));
        }
        resume.value
    });
    Some(Route { id: id?, targets, fallback, resume, strategy, quality, budget, limits })
}

/// How targets are ordered; the one strategy that asks how good they are says how good they must be.
fn strategy(table: &Table<'_>) -> (Strategy, Option<Quality>) {
    let strategy = table.word("strategy", STRATEGIES);
    let quality = quality(table, "route.quality");
    let by_quality = strategy.as_ref().is_some_and(|at| at.value == Strategy::CheapestPassing);
    match (&strategy, table.field_place("quality")) {
        (Some(at), None) if by_quality => table.cx.report(at.place.error("realm.quality_missing")),
        (_, Some(place)) if !by_quality => table.cx.report(place.error("realm.quality_unused")),
        _ => {}
    }
    (strategy.map_or(Strategy::Priority, plain), quality)
}

/// Lowest priority number first, ties in the order written; each deployment once.
fn ordered(table: &Table<'_>, written: Vec<At<Target>>) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    for At { value: target, place } in written {
        if targets.iter().any(|earlier| earlier.deployment == target.deployment) {
            let problem = place.error("realm.duplicate_entry").arg("field", "deployments");
            table.cx.report(problem.arg("entry", target.deployment.to_string()));
            continue;
        }
        targets.push(target);
    }
    targets.sort_by_key(|target| target.priority);
    targets
}
