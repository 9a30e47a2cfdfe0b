//! What a scenario's notice leaves time for.

use std::collections::BTreeMap;

use drill::eval::{Evaluated, Evaluations, Origin};
use drill::report::{Drill, DrillFinding, InTime, Prepared, ToDo};
use drill::{Desk, Unread};
use realm::UnixMs;
use realm::load::Lang;

use crate::support::{NOON, Place, Traffic, edited, id, republic, scenario};

const DAY_MS: u64 = 86_400_000;

/// Evaluated so many days before the traffic.
fn evaluated(place: &Place, days: u64) -> Evaluated {
    let model = place.compiled.world().deployments["republic-8b-home"].model.clone();
    let answers = BTreeMap::from([("q1".to_owned(), true), ("q2".to_owned(), false)]);
    let origin = Origin::Own { deployment: id("republic-8b-home"), sha256: "aa".to_owned(), answers };
    Evaluated { model, at: UnixMs(NOON.0 - days * DAY_MS), suite: "letters".to_owned(), origin }
}

/// The tourist office moves home, the railway has nowhere to go.
fn run(place: &Place, hours: u64, known: Vec<Evaluated>) -> Drill {
    let mut traffic = Traffic::in_(place);
    traffic.answers(4, ("tourism", "best"), "meridian-large-abroad");
    traffic.answers(3, ("rail-dispatch", "abroad"), "meridian-large-abroad");
    let scenario = scenario(&format!("title = \"x\"\nnotice_h = {hours}\n[[cut]]\noperator = \"meridian-north\"\n"));
    let mut desk = Desk::new(&place.archive, None, &scenario).knowing(Evaluations::new(known));
    traffic.requests.iter().for_each(|request| desk.see(request));
    desk.finish(Unread::default()).unwrap()
}

fn app(report: &Drill, name: &str) -> Prepared {
    report.notice.as_ref().unwrap().apps.iter().find(|it| it.app.as_str() == name).unwrap().clone()
}

#[test]
fn what_stops_is_late_without_notice_and_unknown_with_it() {
    let place = republic();
    let rto_min = place.compiled.world().apps["rail-dispatch"].rto_min;
    let at_once = run(&place, 0, Vec::new());
    let rail = app(&at_once, "rail-dispatch");
    assert_eq!((rail.in_time, rail.to_do.as_slice(), rail.requests), (InTime::No, &[ToDo::FindFallback][..], 3));
    assert_eq!(rail.back_by_min, rto_min);
    let late = DrillFinding::NotInTime { apps: vec![id("rail-dispatch")] };
    assert!(at_once.findings.iter().any(|it| *it == late), "{:?}", at_once.findings);
    let month = run(&place, 720, Vec::new());
    let rail = app(&month, "rail-dispatch");
    assert_eq!((rail.in_time, rail.back_by_min), (InTime::Unknown, rto_min.map(|min| min + 43_200)));
    assert!(!month.findings.iter().any(|it| *it == late));
}

#[test]
fn what_moves_by_itself_is_in_time_where_somebody_showed_it_not_long_ago() {
    let place = edited("apps.toml", ("id = \"tourism\"", "id = \"tourism\"\nrto_min = 30"));
    let fresh = run(&place, 24, vec![evaluated(&place, 10)]);
    let tourism = app(&fresh, "tourism");
    assert_eq!((tourism.in_time, tourism.to_do.as_slice()), (InTime::Yes, &[][..]));
    assert_eq!((tourism.rto_min, tourism.back_by_min), (Some(30), Some(1_470)));
    let shown = tourism.shown.unwrap();
    assert_eq!((shown.suite.as_str(), shown.n, shown.known), ("letters", Some(2), "here"));
    for known in [vec![evaluated(&place, 91)], Vec::new()] {
        let tourism = app(&run(&place, 24, known), "tourism");
        assert_eq!((tourism.in_time, tourism.to_do.as_slice()), (InTime::Unknown, &[ToDo::ShowFallback][..]));
    }
    for (lang, words) in [(Lang::En, "letters, n = 2"), (Lang::Ru, "24 ч от известия")] {
        let text = fresh.to_text(lang);
        assert!(text.contains(words), "{text}");
    }
    let silent = run(&place, 24, Vec::new());
    assert!(silent.notice.is_some() && silent.to_text(Lang::En).contains("evaluate the fall-back"));
}
