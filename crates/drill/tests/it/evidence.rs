//! What shows that something could take the place of what is used, and for how long it does.

use std::collections::{BTreeMap, BTreeSet};

use drill::eval::{Evaluated, Evaluations, Origin};
use drill::report::Substitute;
use drill::{Exposure, Ran, Unread, Window};
use realm::UnixMs;
use realm::load::Lang;

use crate::support::{NOON, Place, Traffic, id, republic, scenario};

const DAY_MS: u64 = 86_400_000;

fn evaluated(place: &Place, deployment: &str, days_ago: u64) -> Evaluated {
    let model = place.compiled.world().deployments[deployment].model.clone();
    let answers = BTreeMap::from([("q1".to_owned(), true), ("q2".to_owned(), true), ("q3".to_owned(), false)]);
    let origin = Origin::Own { deployment: id(deployment), sha256: "aa".to_owned(), answers };
    Evaluated { model, at: UnixMs(NOON.0 - days_ago * DAY_MS), suite: "letters".to_owned(), origin }
}

/// A drill of ten minutes so many days before noon that took the hall of the capital away.
fn ran(days_ago: u64) -> Ran {
    let cuts = scenario("title = \"x\"\n[[cut]]\nprovider = \"standin-home\"\n").live_cuts().unwrap();
    let from = UnixMs(NOON.0 - days_ago * DAY_MS);
    let until = UnixMs(from.0 + 600_000);
    Ran { drill: "d7".to_owned(), cuts, percent: 100, spared: BTreeSet::new(), from, until }
}

/// The railway, mostly at one deployment at home; two of its answers came from the other one so many days before the last.
fn measured(place: &Place, days_ago: u64, known: Vec<Evaluated>, drills: &[Ran]) -> (Substitute, String) {
    let mut traffic = Traffic::in_(place);
    traffic.answers(2, ("rail-dispatch", "domestic"), "tensor-32b-home");
    for request in &mut traffic.requests {
        let at = UnixMs(NOON.0 - days_ago * DAY_MS + 60_000);
        (request.at, request.ended) = (at, at);
    }
    traffic.answers(5, ("rail-dispatch", "domestic"), "republic-8b-home");
    let exposure = Exposure::new(&place.archive, Window::default());
    let mut exposure = exposure.knowing(Evaluations::new(known), &place.archive, drills);
    traffic.requests.iter().for_each(|request| exposure.see(request));
    let report = exposure.finish(Unread::default());
    (report.summary.substitutes[0].clone(), report.to_text(Lang::En, None))
}

#[test]
fn an_evaluation_of_what_does_not_usually_answer_is_two_for_ninety_days() {
    let place = republic();
    let level = |deployment: &str, days: u64| {
        let (found, text) = measured(&place, 1, vec![evaluated(&place, deployment, days)], &[]);
        (found.level, found.evaluated.map(|it| (it.suite, it.n, it.on.to_string())), text)
    };
    let (two, shown, text) = level("tensor-32b-home", 10);
    assert_eq!((two, shown), (2, Some(("letters".to_owned(), Some(3), "2026-11-13".to_owned()))));
    assert!(text.contains("2 evaluated") && text.contains("n = 3, 2026-11-13 (10 days before)"), "{text}");
    let (old, shown, text) = level("tensor-32b-home", 91);
    assert!(old == 1 && shown.is_some() && text.contains("(91 days before)"), "it stands there and counts for nothing");
    assert_eq!(level("republic-8b-home", 10).0, 1, "the usual one is no substitute of itself");
}

#[test]
fn an_answer_in_a_live_drill_is_four_for_ninety_days() {
    let place = republic();
    let (found, text) = measured(&place, 3, vec![evaluated(&place, "tensor-32b-home", 10)], &[ran(3)]);
    let drilled = found.drilled.unwrap();
    assert_eq!((found.level, drilled.drill.as_str(), drilled.requests), (4, "d7", 2));
    assert_eq!((drilled.deployment.as_str(), drilled.on.to_string().as_str()), ("tensor-32b-home", "2026-11-20"));
    assert!(
        text.contains("4 live") && text.contains("answered 2 in a live drill, 2026-11-20 (3 days before)"),
        "{text}"
    );
    let (old, _) = measured(&place, 91, Vec::new(), &[ran(91)]);
    assert_eq!((old.level, old.drilled.map(|it| it.requests)), (1, Some(2)));
    let (none, _) = measured(&place, 3, Vec::new(), &[ran(4)]);
    assert_eq!((none.level, none.drilled), (1, None), "no drill was on then");
}
