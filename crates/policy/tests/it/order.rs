//! The order of a route's targets.

use std::collections::BTreeMap;

use policy::{chosen, order};
use proptest::prelude::{any, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};
use realm::DeploymentId;
use realm::world::{Energy, EnergyMethod, Otherwise, Price, Quality, Route, Strategy, Target};
use realm::{Nano, World};

use crate::world::{app, deployment, deployment_id, model, model_id, route, world};

fn weighted(targets: &[(u32, u32)]) -> Route {
    let target = |(index, (priority, weight)): (usize, &(u32, u32))| Target {
        deployment: deployment_id(&format!("d{index}")),
        priority: *priority,
        weight: *weight,
    };
    Route { targets: targets.iter().enumerate().map(target).collect(), ..route("r", &[]) }
}

fn draws(count: u64) -> impl Iterator<Item = u64> {
    (0..count).map(|index| index.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
}

proptest! {
    #[test]
    fn a_permutation_that_respects_priorities(targets in prop::collection::vec((0u32..4, 0u32..5), 0..8), draw in any::<u64>()) {
        let route = weighted(&targets);
        let ordered = order(&route, draw, |_| 0);
        prop_assert_eq!(&ordered, &order(&route, draw, |_| 0), "the same draw gives the same order");
        let mut names: Vec<_> = ordered.iter().map(|it| it.deployment.clone()).collect();
        names.sort();
        let mut all: Vec<_> = route.targets.iter().map(|it| it.deployment.clone()).collect();
        all.sort();
        prop_assert_eq!(names, all);
        prop_assert!(ordered.is_sorted_by_key(|it| it.priority));
        for pair in ordered.windows(2) {
            let (before, after) = (pair[0], pair[1]);
            prop_assert!(before.priority < after.priority || before.weight > 0 || after.weight == 0);
        }
    }
}

#[test]
fn the_first_is_drawn_in_proportion_to_weights() {
    let route = weighted(&[(1, 10), (1, 30), (1, 60), (2, 1000), (1, 0)]);
    let mut firsts: BTreeMap<&str, u32> = BTreeMap::new();
    let mut seconds: BTreeMap<&str, u32> = BTreeMap::new();
    for draw in draws(20_000) {
        let ordered = order(&route, draw, |_| 0);
        *firsts.entry(ordered[0].deployment.as_str()).or_default() += 1;
        if ordered[0].deployment.as_str() == "d2" {
            *seconds.entry(ordered[1].deployment.as_str()).or_default() += 1;
        }
    }
    // Within five standard deviations of 2,000, 6,000 and 12,000.
    for (name, expected, slack) in [("d0", 2_000, 212), ("d1", 6_000, 325), ("d2", 12_000, 347)] {
        assert!(firsts[name].abs_diff(expected) < slack, "{firsts:?}");
    }
    assert_eq!(firsts.len(), 3, "neither weight zero nor a lower priority comes first");
    let share = f64::from(seconds["d0"]) / f64::from(seconds["d0"] + seconds["d1"]);
    assert!((share - 0.25).abs() < 0.02, "after the first, the rest by their own weights: {seconds:?}");
}

#[test]
fn the_least_loaded_for_its_weight_comes_first_within_its_priority() {
    let route = Route { strategy: Strategy::LeastLoaded, ..weighted(&[(1, 10), (1, 20), (1, 10), (2, 10)]) };
    let running = |id: &DeploymentId| match id.as_str() {
        "d0" => 3,
        "d1" => 4,
        "d2" => 1,
        _ => 0,
    };
    let mut equals = std::collections::BTreeSet::new();
    for draw in draws(50) {
        let names: Vec<_> = order(&route, draw, running).iter().map(|it| it.deployment.as_str().to_owned()).collect();
        assert_eq!(names, ["d2", "d1", "d0", "d3"], "1/10 < 4/20 < 3/10, and the next priority after them");
        equals.insert(order(&route, draw, |_| 0)[0].deployment.clone());
    }
    assert_eq!(equals.len(), 3, "the draw decides among equals");
}

#[test]
fn weight_zero_comes_last_in_the_order_written() {
    let route = weighted(&[(1, 0), (1, 0), (1, 1), (0, 0)]);
    for draw in draws(50) {
        let names: Vec<_> = order(&route, draw, |_| 0).iter().map(|it| it.deployment.as_str()).collect();
        assert_eq!(names, ["d3", "d2", "d0", "d1"]);
    }
}

/// What a deployment takes and what an evaluation says of it; none: unknown.
#[derive(Debug, Clone, Copy)]
struct Told {
    priority: u32,
    price: Option<i64>,
    joules: Option<u32>,
    parameters: Option<u64>,
    low_ppm: Option<u32>,
}

fn told() -> impl proptest::strategy::Strategy<Value = Told> {
    use proptest::option::of;
    use proptest::strategy::Strategy as _;
    let all = (1u32..3, of(0i64..3), of(0u32..3), of(0u64..3), of(700_000u32..900_000));
    all.prop_map(|(priority, price, joules, parameters, low_ppm)| Told { priority, price, joules, parameters, low_ppm })
}

/// A world in which `d0`, `d1` and so on are as told, and the route that leads to all of them.
fn declared(all: &[Told], otherwise: Otherwise) -> (World, Route) {
    let mut world = world();
    for (index, it) in all.iter().enumerate() {
        let (id, of) = (format!("d{index}"), format!("m{index}"));
        let mut made = deployment(&id, &of, "engine", "XA");
        made.price = it.price.map(|n| Price { input_per_token: Nano(n), output_per_token: Nano(n) });
        made.energy = it.joules.map(|j| Energy { j_per_token: f64::from(j), method: EnergyMethod::Declared });
        world.deployments.insert(made.id.clone(), made);
        let mut served = model(&of, "state-cloud", "XA");
        served.parameters = it.parameters;
        world.models.insert(model_id(&of), served);
    }
    let targets: Vec<(u32, u32)> = all.iter().map(|it| (it.priority, 1)).collect();
    let quality = Quality { suite: "en".to_owned(), share_min: "0.8".parse().expect("a decimal"), otherwise };
    (world, Route { strategy: Strategy::CheapestPassing, quality: Some(quality), ..weighted(&targets) })
}

proptest! {
    /// Against a reading of the rule by comparing every pair.
    #[test]
    fn the_cheapest_that_passes_comes_first(all in prop::collection::vec(told(), 1..7), draw in any::<u64>(), refuse in any::<bool>()) {
        let (world, route) = declared(&all, if refuse { Otherwise::Refuse } else { Otherwise::Last });
        let index = |id: &DeploymentId| id.as_str()[1..].parse::<usize>().unwrap();
        let known = |id: &DeploymentId, suite: &str| if suite == "en" { all[index(id)].low_ppm } else { None };
        let ordered = chosen((&world, &route, &app("clinic", "hospital")), draw, |_| 0, &known);
        let order: Vec<Told> = ordered.iter().map(|it| all[index(&it.deployment)]).collect();
        let passes = |it: &Told| it.low_ppm.is_some_and(|low| low >= 800_000);
        if refuse {
            prop_assert_eq!(order.len(), all.iter().filter(|it| passes(it)).count());
            prop_assert!(order.iter().all(passes));
        } else {
            prop_assert_eq!(order.len(), all.len());
        }
        let class = |it: &Told| if passes(it) { 0 } else if it.low_ppm.is_none() { 1 } else { 2 };
        let dear = |n: Option<u64>| n.unwrap_or(u64::MAX);
        let rank = |it: &Told| {
            let price = dear(it.price.map(|n| u64::try_from(n).unwrap()));
            (it.priority, class(it), price, dear(it.joules.map(u64::from)), dear(it.parameters))
        };
        prop_assert!(order.is_sorted_by_key(rank), "{:?}", order);
    }

    #[test]
    fn other_strategies_ask_nobody_how_good_it_is(all in prop::collection::vec(told(), 1..7), draw in any::<u64>()) {
        let (world, route) = declared(&all, Otherwise::Refuse);
        let plain = Route { strategy: Strategy::Priority, ..route };
        let nobody = |_: &DeploymentId, _: &str| -> Option<u32> { panic!("asked") };
        let found = chosen((&world, &plain, &app("clinic", "hospital")), draw, |_| 0, &nobody);
        prop_assert_eq!(found, order(&plain, draw, |_| 0));
    }
}
