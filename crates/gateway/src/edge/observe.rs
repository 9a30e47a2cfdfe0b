//! What operators and clients may see of the gateway itself.

use std::net::IpAddr;
use std::sync::Arc;

use http::{HeaderMap, StatusCode};
use serde::Serialize;
use wire::anthropic;

use super::body::Reply;
use crate::epoch::Place;
use crate::gateway::Shared;
use crate::metrics::Seen;
use crate::pipeline::respond::{Ids, Told};
use crate::pipeline::{authenticate, resolve, respond};

#[derive(Serialize)]
struct List<'a> {
    object: &'static str,
    data: Vec<Model<'a>>,
}

#[derive(Serialize)]
struct Model<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    owned_by: &'a str,
}

/// Readiness with its reasons.
pub(super) fn readyz(shared: &Arc<Shared>) -> Reply {
    let readiness = shared.ready();
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    respond::json(status, &readiness)
}

/// Prometheus text.
pub(super) fn metrics(shared: &Arc<Shared>) -> Reply {
    let (health, epoch, now) = (shared.journal.health(), shared.epoch.load(), shared.now());
    let left_alone =
        |place: &Place| (place.id.clone(), place.breaker.wait(now).is_some(), place.law.wait(now).is_some());
    let mut left_alone: Vec<_> = epoch.places.values().map(|place| left_alone(place)).collect();
    left_alone.sort();
    let ready = shared.ready().ready;
    let seen = Seen { ready, sync: health.sync, queued: health.queued, waiting: health.waiting, left_alone };
    let mut text = shared.metrics.render(&seen);
    text.push_str(&shared.database_metrics());
    text.push_str(&shared.drill_metrics());
    respond::metrics(text)
}

/// What the key's app may name: its routes, then the models behind them.
pub(super) fn models(shared: &Arc<Shared>, peer: IpAddr, headers: &HeaderMap) -> Reply {
    let epoch = shared.epoch.load_full();
    let known = authenticate::authenticate(shared, &epoch, headers, peer);
    let caller = match known.and_then(|caller| authenticate::in_use(shared, &caller).map(|()| caller)) {
        Ok(caller) => caller,
        Err(refused) => return respond::refused(&refused, Ids::default()),
    };
    let world = epoch.world();
    if headers.contains_key(anthropic::VERSION_HEADER) {
        let routes = world.routes_of(caller.app).map(|route| route.id.to_string());
        let models = resolve::models_of(world, caller.app).into_iter().map(ToString::to_string);
        let ids: Vec<String> = routes.chain(models).collect();
        return respond::whole(StatusCode::OK, None, anthropic::incoming::models(&ids).into(), &Told::default());
    }
    let named = |id, owned_by| Model { id, object: "model", created: 0, owned_by };
    let routes = world.routes_of(caller.app).map(|route| named(route.id.as_str(), "freehold"));
    let models = resolve::models_of(world, caller.app).into_iter().filter_map(|id| world.models.get(id));
    let models = models.map(|model| named(model.id.as_str(), model.developer.as_str()));
    respond::json(StatusCode::OK, &List { object: "list", data: routes.chain(models).collect() })
}
