//! One snapshot as used: a request keeps the epoch that it began in.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use policy::{Compiled, Memo};
use realm::snapshot::Snapshot;
use realm::world::{Deployment, Energy, OnFailure, Price, Protocol};
use realm::{AppId, Clock, DeploymentId, DetectorId, Nano, OrganisationId, ProviderId, RouteId, UnixMs, World};

use crate::content::KeptAs;
use crate::drill::Destination;
use crate::limits::{Allowed, Counters, Limited};
use crate::tasks::Tasks;
use crate::upstream::{Breaker, Detector, Provider, Repeats, Sockets, Surroundings};

/// Decisions remembered.
const MEMO_CAPACITY: usize = 65_536;

/// A realm to serve: its snapshot, its rules, and where its engines listen.
#[derive(Debug, Clone)]
pub struct Ruled {
    /// The checked realm.
    pub snapshot: Arc<Snapshot>,
    /// Its compiled rules.
    pub compiled: Arc<Compiled>,
    /// The Unix sockets of embedded deployments.
    pub engines: HashMap<DeploymentId, PathBuf>,
    /// Where relative paths of the realm (`ca_file`, `credential.file`) begin.
    pub realm_dir: PathBuf,
}

/// One snapshot as used.
pub(crate) struct Epoch {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) memo: Memo,
    pub(crate) apps: foldhash::HashMap<AppId, AppUse>,
    pub(crate) routes: foldhash::HashMap<RouteId, RouteUse>,
    pub(crate) places: foldhash::HashMap<DeploymentId, Arc<Place>>,
    /// The connections to each destination; they go on from the epoch before.
    pub(crate) destinations: BTreeMap<Destination, Arc<Sockets>>,
    /// Detectors outside the program; none for one that cannot be asked at all.
    pub(crate) detectors: Vec<Result<Detector, (DetectorId, OnFailure)>>,
    /// What is wrong with the surroundings: a credential that is missing, a certificate that cannot be read.
    pub(crate) problems: Vec<String>,
}

/// An app's counters, and what becomes of its content.
pub(crate) struct AppUse {
    pub(crate) app: Limited,
    pub(crate) organisation: Limited,
    /// How its prompts and answers are kept; none where they are not.
    pub(crate) kept_as: Option<Arc<KeptAs>>,
}

/// A route's counters, and the dearest of its prices.
pub(crate) struct RouteUse {
    pub(crate) limited: Limited,
    pub(crate) dearest_input: Nano,
    pub(crate) dearest_output: Nano,
}

/// A deployment as used.
pub(crate) struct Place {
    pub(crate) id: DeploymentId,
    pub(crate) provider_id: ProviderId,
    /// Over which connections it is reached.
    pub(crate) destination: Destination,
    /// None where the surroundings do not allow it; then it is not available.
    pub(crate) provider: Option<Arc<Provider>>,
    pub(crate) breaker: Arc<Breaker>,
    /// For asking here once more.
    pub(crate) repeats: Arc<Repeats>,
    /// Attempts that run here now.
    pub(crate) running: Arc<AtomicUsize>,
    /// Open while the provider's operator refuses us by law: one for all that it operates.
    pub(crate) law: Arc<Breaker>,
    pub(crate) operator: OrganisationId,
    /// Parameters that may be left out where the provider cannot express them.
    pub(crate) droppable: Vec<String>,
    pub(crate) upstream_model: String,
    pub(crate) price: Option<Price>,
    pub(crate) energy: Option<Energy>,
    pub(crate) protocol: Protocol,
    /// Whether the provider is told the trace that a request belongs to.
    pub(crate) traced: bool,
}

impl Epoch {
    /// Makes a snapshot usable. Breakers and counters go on from the epoch before.
    pub(crate) fn new(
        ruled: Ruled,
        counters: &Counters,
        (drivers, clock): (&Tasks, &Arc<dyn Clock>),
        before: Option<&Self>,
    ) -> Self {
        let world = &ruled.snapshot.world;
        let mut problems = Vec::new();
        let destinations = destinations(world, clock, before);
        let places = places(world, &ruled, (drivers, &destinations), before, &mut problems);
        let apps = world.apps.values().map(|app| (app.id.clone(), app_use(world, app, counters))).collect();
        let routes = world.routes.values().map(|route| {
            let allowed = Allowed { limits: route.limits, budget: route.budget };
            let prices = || route.targets.iter().filter_map(|t| world.deployments.get(&t.deployment)?.price);
            let route_use = RouteUse {
                limited: counters.route(&route.id, allowed),
                dearest_input: prices().map(|price| price.input_per_token).max().unwrap_or_default(),
                dearest_output: prices().map(|price| price.output_per_token).max().unwrap_or_default(),
            };
            (route.id.clone(), route_use)
        });
        let routes = routes.collect();
        let detectors = detectors(world, &ruled, (drivers, clock), &mut problems);
        let memo = Memo::new(ruled.compiled, MEMO_CAPACITY);
        Self { memo, apps, routes, places, destinations, detectors, problems, snapshot: ruled.snapshot }
    }

    /// The world that holds.
    pub(crate) fn world(&self) -> &World {
        &self.snapshot.world
    }
}

fn detectors(
    world: &World,
    ruled: &Ruled,
    (drivers, clock): (&Tasks, &Arc<dyn Clock>),
    problems: &mut Vec<String>,
) -> Vec<Result<Detector, (DetectorId, OnFailure)>> {
    let around = Surroundings { realm_dir: Some(&ruled.realm_dir), socket: None };
    let one = |spec: &realm::world::Detector| {
        Detector::new(spec, &around, (drivers.clone(), clock)).map_err(|problem| {
            problems.push(problem);
            (spec.id.clone(), spec.on_failure)
        })
    };
    world.detectors.values().map(one).collect()
}

fn app_use(world: &World, app: &realm::world::App, counters: &Counters) -> AppUse {
    let of_organisation = world
        .organisations
        .get(&app.organisation)
        .map_or_else(Allowed::default, |o| Allowed { limits: o.limits, budget: o.budget });
    AppUse {
        app: counters.app(&app.id, Allowed { limits: app.limits, budget: app.budget }),
        organisation: counters.organisation(&app.organisation, of_organisation),
        kept_as: world.kept(app).map(|kept| {
            let (app, organisation) = (app.id.clone(), kept.organisation.clone());
            Arc::new(KeptAs { app, organisation, key: kept.key.key.clone(), days: kept.days })
        }),
    }
}

fn places(
    world: &World,
    ruled: &Ruled,
    (drivers, destinations): (&Tasks, &BTreeMap<Destination, Arc<Sockets>>),
    before: Option<&Epoch>,
    problems: &mut Vec<String>,
) -> foldhash::HashMap<DeploymentId, Arc<Place>> {
    // Deployments of one provider share its connections; an engine serves one deployment.
    let mut shared: HashMap<ProviderId, Option<Arc<Provider>>> = HashMap::new();
    let mut places = foldhash::HashMap::default();
    let mut laws = laws(before);
    for deployment in world.deployments.values() {
        let Some(spec) = world.providers.get(&deployment.provider) else { continue };
        let around = Surroundings { realm_dir: Some(&ruled.realm_dir), socket: ruled.engines.get(&deployment.id) };
        let destination = destination(deployment, spec);
        let Some(sockets) = destinations.get(&destination) else { continue };
        let mut connect = || match Provider::new(spec, &around, (drivers.clone(), sockets.clone())) {
            Ok(provider) => Some(Arc::new(provider)),
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        let provider = match spec.protocol {
            Protocol::Embedded => connect(),
            Protocol::Openai | Protocol::Anthropic | Protocol::Gigachat | Protocol::Yandexgpt => {
                shared.entry(spec.id.clone()).or_insert_with(connect).clone()
            }
        };
        let law = laws.entry(spec.operator.clone()).or_default().clone();
        let known = before.and_then(|epoch| epoch.places.get(&deployment.id));
        let health = known.map(|place| Health::of(place)).unwrap_or_default();
        // Who is elsewhere learns nothing of ours that it does not need.
        let traced = spec.trace_context.unwrap_or_else(|| world.is_at_home(deployment, spec));
        let place = Place { traced, ..Place::new(deployment, spec, provider, (health, law)) };
        places.insert(deployment.id.clone(), Arc::new(place));
    }
    places
}

/// Over which connections a deployment is reached: its provider's, or those of an engine of its own.
fn destination(deployment: &Deployment, provider: &realm::world::Provider) -> Destination {
    let own = provider.protocol == Protocol::Embedded;
    Destination { provider: provider.id.clone(), deployment: own.then(|| deployment.id.clone()) }
}

/// The connections to every destination of a world; those of earlier ones too, as long as any is open.
fn destinations(world: &World, clock: &Arc<dyn Clock>, before: Option<&Epoch>) -> BTreeMap<Destination, Arc<Sockets>> {
    let before = before.into_iter().flat_map(|epoch| &epoch.destinations);
    let mut all: BTreeMap<_, _> = before.map(|(of, sockets)| (of.clone(), sockets.clone())).collect();
    let here = world.deployments.values();
    let here = here.filter_map(|it| Some(destination(it, world.providers.get(&it.provider)?)));
    let here: std::collections::BTreeSet<_> = here.collect();
    all.retain(|of, sockets| here.contains(of) || !sockets.is_empty());
    for of in here {
        all.entry(of).or_insert_with(|| Arc::new(Sockets::new(clock.clone())));
    }
    all
}

/// What is known of a deployment from its traffic: it outlives a reload.
#[derive(Default)]
struct Health {
    breaker: Arc<Breaker>,
    repeats: Arc<Repeats>,
    running: Arc<AtomicUsize>,
}

impl Health {
    fn of(place: &Place) -> Self {
        let (breaker, repeats) = (place.breaker.clone(), place.repeats.clone());
        Self { breaker, repeats, running: place.running.clone() }
    }
}

/// The refusals by law of the epoch before, by operator.
fn laws(before: Option<&Epoch>) -> HashMap<OrganisationId, Arc<Breaker>> {
    let places = before.iter().flat_map(|epoch| epoch.places.values());
    places.map(|place| (place.operator.clone(), place.law.clone())).collect()
}

impl Place {
    /// Says what somebody should look at.
    pub(crate) fn warn(&self, now: UnixMs, warnings: &mut Vec<String>) {
        warnings.extend(self.provider.as_ref().and_then(|provider| provider.trouble()).map(|why| why.to_string()));
        if let Some(wait) = self.law.wait(now) {
            let (operator, ms) = (&self.operator, wait.as_millis());
            warnings.push(format!("operator {operator}: refuses for reasons of law; left alone for {ms} ms"));
        }
        if let Some(wait) = self.breaker.wait(now) {
            let ms = wait.as_millis();
            warnings.push(format!("deployment {}: left alone for {ms} ms after failures", self.id));
        }
    }

    fn new(
        spec: &Deployment,
        of: &realm::world::Provider,
        provider: Option<Arc<Provider>>,
        (health, law): (Health, Arc<Breaker>),
    ) -> Self {
        Self {
            id: spec.id.clone(),
            provider_id: spec.provider.clone(),
            destination: destination(spec, of),
            provider,
            breaker: health.breaker,
            repeats: health.repeats,
            running: health.running,
            law,
            operator: of.operator.clone(),
            droppable: of.droppable.clone(),
            upstream_model: spec.upstream_model.clone(),
            price: spec.price,
            energy: spec.energy,
            protocol: of.protocol,
            traced: false,
        }
    }

    /// What so many tokens cost here; nothing where the price is unknown.
    pub(crate) fn cost(&self, input: u64, output: u64) -> Nano {
        self.price.map_or(Nano::ZERO, |p| p.input_per_token.times(input) + p.output_per_token.times(output))
    }
}
