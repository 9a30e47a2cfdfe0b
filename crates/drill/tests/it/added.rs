//! A supplier that the realm does not have, declared in the scenario as a realm would declare it.

use drill::{Scenario, desk};
use realm::load::{Diagnostic, Lang, render};

use crate::support::{Place, Traffic, id, republic, scenario};

const READY: &str = include_str!("../../../../examples/republic/drills/supplier-added.toml");

fn usual(place: &Place) -> Traffic<'_> {
    let mut traffic = Traffic::in_(place);
    traffic.answers(4, ("tourism", "best"), "meridian-large-abroad");
    traffic.answers(3, ("rail-dispatch", "abroad"), "meridian-large-abroad");
    traffic
}

fn ready() -> Scenario {
    scenario(&READY.replace("largest = \"parent\"", "operator = \"meridian-north\""))
}

#[test]
fn what_had_no_other_way_goes_to_the_supplier_that_is_added() {
    let place = republic();
    let report = desk(usual(&place).requests, &place.archive, None, &ready()).unwrap();
    let totals = report.totals;
    assert_eq!((totals.moved, totals.stopped), (7, 0), "without it, three stop");
    let added = report.moves.iter().find(|it| it.app == id("rail-dispatch")).unwrap();
    assert_eq!((added.to.as_str(), added.requests), ("tensor-32b-east-bay", 3));
    // Three of 100 and 50 tokens there, four at home; before, seven at 50000 billionths each.
    assert_eq!((report.cost.before.to_string().as_str(), report.cost.unknown_requests), ("0.00035", 0));
    assert_eq!(report.cost.after.to_string(), "0.000575");
    let target = report.targets.iter().find(|it| it.deployment == added.to).unwrap();
    assert_eq!((target.capacity_tokens_per_s, target.requests_before, target.requests_after), (Some(8_000), 0, 3));
    let level = report.exposure.levels.iter().find(|it| it.level == drill::Level::Operator).unwrap();
    assert!(level.hhi_after < level.hhi_before, "{level:?}");
    assert!(!place.compiled.world().deployments.contains_key("tensor-32b-east-bay"), "the realm stays as it is");
}

#[test]
fn it_is_read_as_a_realm_is_and_every_problem_has_its_line() {
    let place = republic();
    let refused = |from: &str, to: &str| {
        assert!(READY.contains(from), "{from}");
        let text = READY.replace("largest = \"parent\"", "operator = \"meridian-north\"").replacen(from, to, 1);
        let wrong = scenario(&text);
        let problems: Vec<Diagnostic> = desk(usual(&place).requests, &place.archive, None, &wrong).unwrap_err();
        render(&problems, Lang::En, false)
    };
    for (from, to, words) in [
        ("model = \"tensor-open-32b\"", "model = \"tensor-open-33b\"", "did you mean `tensor-open-32b`"),
        ("id = \"east-bay-api\"", "id = \"standin-home\"", "standin-home"),
        ("host = \"XE\"", "hosts = \"XE\"", "hosts"),
        (
            "route = \"abroad\"\ndeployment = \"tensor-32b-east-bay\"",
            "route = \"abroad\"\ndeployment = \"meridian-large-abroad\"",
            "meridian-large-abroad",
        ),
        ("[[add.provider]]", "[[add.site]]", "organisation, model, provider, deployment, target"),
        ("route = \"abroad\"", "route = \"nowhere\"", "nowhere"),
    ] {
        let said = refused(from, to);
        assert!(said.contains(words) && said.contains("drill.toml:"), "{to}: {said}");
    }
    let live = render(&ready().live_cuts().unwrap_err(), Lang::En, false);
    assert!(live.contains("`add` cannot be drilled live"), "{live}");
}
