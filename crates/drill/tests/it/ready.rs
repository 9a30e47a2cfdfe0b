//! Every scenario that comes with an example realm, over traffic of that realm: its names are there, and it changes something.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use drill::report::DrillFinding;
use drill::{Exposure, Scenario, Unread, Window, desk};
use realm::load::{Lang, render};

use crate::support::{Place, Shipped, TODAY, Traffic, example, scenario};

/// What every app may be answered by, once each: all its routes, and on each the deployments that the rules permit.
fn whatever(place: &Place) -> Traffic<'_> {
    let mut traffic = every_target(place);
    let as_it_is = scenario("title = \"x\"\nbase = \"realm\"\n");
    traffic.requests.retain(|request| {
        let told = desk([request.clone()], &place.archive, Some(&place.compiled), &as_it_is).unwrap();
        told.totals.unchanged == 1
    });
    traffic
}

fn every_target(place: &Place) -> Traffic<'_> {
    let world = place.compiled.world();
    let mut traffic = Traffic::in_(place);
    for app in world.apps.values() {
        for route in app.routes.iter().filter_map(|route| world.routes.get(route)) {
            for target in &route.targets {
                traffic.answers(1, (app.id.as_str(), route.id.as_str()), target.deployment.as_str());
            }
        }
    }
    traffic
}

fn files(realm: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(realm).join("drills");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn settled(place: &Place, traffic: &Traffic<'_>, path: &Path) -> Scenario {
    let mut read = scenario(&std::fs::read_to_string(path).unwrap());
    let wrong = |problems: Vec<_>| panic!("{}: {}", path.display(), render(&problems, Lang::En, false));
    read.supply(&Shipped, TODAY).unwrap_or_else(wrong);
    if read.needs_exposure() {
        let mut exposure = Exposure::new(&place.archive, Window::default());
        traffic.requests.iter().for_each(|request| exposure.see(request));
        read.settle(&exposure.finish(Unread::default())).unwrap_or_else(wrong);
    }
    read
}

#[test]
fn every_ready_scenario_changes_something_in_its_realm() {
    let realms: BTreeSet<&str> = ["republic", "ru-2030", "eu-2030"].into();
    for realm in realms {
        let place = example(realm);
        let traffic = whatever(&place);
        assert!(traffic.requests.len() > 20, "{realm}");
        for path in files(realm) {
            let read = settled(&place, &traffic, &path);
            let told = desk(traffic.requests.clone(), &place.archive, None, &read);
            let report = told.unwrap_or_else(|wrong| panic!("{}: {}", path.display(), render(&wrong, Lang::En, false)));
            let is_still = report.findings.iter().any(|it| *it == DrillFinding::NothingChanges);
            // It says so itself.
            assert_eq!(is_still, path.ends_with("partner-joins.toml"), "{}: {:?}", path.display(), report.totals);
            assert!(!report.hypothesis.is_empty(), "{}: nothing is expected", path.display());
        }
    }
}
