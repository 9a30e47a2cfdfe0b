//! A drill recounted the slow way: every record by itself, no group, nothing remembered, a world changed as text.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use drill::{Fate, Request, desk};
use policy::{Asked, Compiled};
use proptest::prelude::proptest;
use proptest::test_runner::Config;
use realm::world::Target;
use realm::{Jurisdiction, World};

use crate::random::{request, scenarios, seeds};
use crate::support::{Place, republic, scenario};

/// What is counted.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    answered: u64,
    unchanged: u64,
    moves: BTreeMap<(String, String, String), u64>,
    stopped: BTreeMap<String, u64>,
    newly_permitted: u64,
    still_denied: u64,
    failed: u64,
    refused: u64,
}

/// The changed rules, made by editing the texts of the rules before they are compiled.
fn changed(place: &Place, text: &str) -> Compiled {
    let mut world = place.compiled.world().clone();
    if text.contains("[[gain]]") {
        let union = Jurisdiction::new("NORTHERN-UNION");
        world.blocs.get_mut(&union).unwrap().insert(Jurisdiction::new("XA"));
        for organisation in world.organisations.values_mut() {
            if organisation.controllers.contains("XA") {
                organisation.controllers.insert(union.clone());
            }
        }
    }
    let edits = [
        (
            "rule = \"strategic-sectors\"\n",
            "Article 4(1)\")\n@status(\"in_force\")",
            "Article 4(1)\")\n@status(\"draft\")",
        ),
        ("strategic-sectors-amendment", "@from(\"2027-07-01\")", "@from(\"2020-01-01\")"),
        ("transfer-origin", "@status(\"draft\")\n@from(\"2028", "@status(\"in_force\")\n@from(\"2018"),
    ];
    for (_, from, to) in edits.iter().filter(|(rule, ..)| text.contains(rule)) {
        let holding = world.rules.iter_mut().find(|source| source.text.contains(from)).unwrap();
        holding.text = holding.text.replace(from, to);
    }
    policy::compile(&world).unwrap()
}

/// Whether a scenario takes a deployment away from a request, read off the scenario's own words.
fn is_cut(world: &World, text: &str, request: &Request, target: &Target) -> bool {
    let supply = world.supply_of(&target.deployment).unwrap();
    let app = &world.apps[&request.facts.app];
    let own = &world.organisations[&app.organisation].jurisdiction;
    let user = world.expand(request.facts.user_in.as_ref().unwrap_or(own));
    let is = |words: &str, holds: bool| text.contains(words) && holds;
    let in_union = user.contains("NORTHERN-UNION");
    is("operator = \"meridian-north\"", supply.operator.id.as_str() == "meridian-north")
        || is("parent = \"digital-ministry\"", supply.operator.ultimate_parent.as_str() == "digital-ministry")
        || is("axis = \"provenance\"", supply.model.origin.as_str() == "XD")
        || is(
            "axis = \"residency\"",
            world.expand(&supply.deployment.host).contains("NORTHERN-UNION") && user.contains("XC"),
        )
        || is("[[cut]]\nusers = \"NORTHERN-UNION\"", in_union)
        || is("deployment = \"tiny-here\"", target.deployment.as_str() == "tiny-here")
}

fn permits(compiled: &Compiled, request: &Request, target: &Target) -> bool {
    let facts = &request.facts;
    let asked = Asked {
        app: &facts.app,
        deployment: &target.deployment,
        located: facts.located,
        diffuse: facts.classes.minus(facts.located),
        purpose: &facts.purpose,
        user_jurisdiction: facts.user_in.as_ref(),
        date: request.at.date_in(&jiff::tz::TimeZone::UTC),
    };
    compiled.decide(&asked).is_permit()
}

/// Where a request goes: the first that is open, counted out step by step.
fn goes(place: &Place, after: &Compiled, text: &str, seed: u64, request: &Request) -> Option<String> {
    let route = &after.world().routes[request.facts.route.as_ref().unwrap()];
    let served = match &request.fate {
        Fate::Answered(answered) => route.targets.iter().find(|it| it.deployment == answered.deployment),
        _ => None,
    };
    let mut left: Vec<&Target> = policy::order(route, request.draw(seed), |_| 0);
    if let Some(served) = served {
        // It was drawn among its equals, and what stands before it was tried in vain or not permitted.
        left.retain(|it| it.deployment != served.deployment);
        let place_of = left.iter().position(|it| it.priority >= served.priority).unwrap_or(left.len());
        left.insert(place_of, served);
        left.retain(|it| it.priority >= served.priority || !permits(&place.compiled, request, it));
    }
    let open = |it: &&&Target| permits(after, request, it) && !is_cut(after.world(), text, request, it);
    left.iter().find(open).map(|it| it.deployment.to_string())
}

fn recount(place: &Place, requests: &[Request], text: &str) -> Counts {
    let (after, seed) = (changed(place, text), scenario(text).seed);
    let mut counts = Counts::default();
    for request in requests {
        let app = request.facts.app.to_string();
        let to = goes(place, &after, text, seed, request);
        match (&request.fate, to) {
            (Fate::Failed, _) => counts.failed += 1,
            (Fate::Refused, _) => counts.refused += 1,
            (Fate::Denied, None) => counts.still_denied += 1,
            (Fate::Denied, Some(_)) => counts.newly_permitted += 1,
            (Fate::Answered(answered), to) => {
                counts.answered += 1;
                let from = answered.deployment.to_string();
                match to {
                    None => *counts.stopped.entry(app).or_default() += 1,
                    Some(to) if to == from => counts.unchanged += 1,
                    Some(to) => *counts.moves.entry((app, from, to)).or_default() += 1,
                }
            }
        }
    }
    counts
}

fn counted(place: &Place, requests: &[Request], text: &str) -> Counts {
    let report = desk(requests.to_vec(), &place.archive, None, &scenario(text)).unwrap();
    let mut counts = Counts {
        answered: report.totals.answered,
        unchanged: report.totals.unchanged,
        newly_permitted: report.totals.newly_permitted,
        still_denied: report.totals.still_denied,
        failed: report.totals.failed,
        refused: report.totals.refused,
        ..Counts::default()
    };
    assert_eq!(report.not_replayed.disagreeing, 0);
    for it in report.moves {
        counts.moves.insert((it.app.to_string(), it.from.to_string(), it.to.to_string()), it.requests);
    }
    for it in report.stopped {
        *counts.stopped.entry(it.app.to_string()).or_default() += it.requests;
    }
    let totals = report.totals;
    assert_eq!(totals.answered, totals.unchanged + totals.moved + totals.stopped);
    assert_eq!(totals.moved, counts.moves.values().sum::<u64>());
    assert_eq!(totals.stopped, counts.stopped.values().sum::<u64>());
    counts
}

proptest! {
    #![proptest_config(Config { cases: 48, failure_persistence: None, ..Config::default() })]
    #[test]
    fn groups_count_as_records_one_by_one(seeds in seeds(), text in scenarios()) {
        static PLACE: OnceLock<Place> = OnceLock::new();
        let place = PLACE.get_or_init(republic);
        let requests: Vec<Request> = seeds.iter().map(|seed| request(place, seed)).collect();
        proptest::prop_assert_eq!(counted(place, &requests, &text), recount(place, &requests, &text), "{}", text);
    }
}
