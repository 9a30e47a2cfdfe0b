//! How what is cut off fails, and what that costs before something else answers.

use std::path::Path;

use drill::report::{Drill, DrillFinding, Noticed, Verdict};
use drill::{Scenario, Shape, desk};
use realm::load::{Lang, render};

use crate::support::{Place, Traffic, id, republic, scenario};

fn run(place: &Place, text: &str) -> Drill {
    let mut traffic = Traffic::in_(place);
    traffic.answers(6, ("tourism", "best"), "meridian-large-abroad");
    traffic.answers(3, ("rail-dispatch", "abroad"), "meridian-large-abroad");
    desk(traffic.requests.clone(), &place.archive, None, &scenario(text)).unwrap()
}

fn shaped(shape: &str) -> String {
    format!("title = \"x\"\n[[cut]]\noperator = \"meridian-north\"\nshape = \"{shape}\"\n")
}

#[test]
fn silence_costs_the_declared_time_until_it_is_left_alone() {
    let place = republic();
    let report = run(&place, &format!("{}[hypothesis]\nlatency_median_ms_max = 2000\n", shaped("silent")));
    assert_eq!((report.totals.moved, report.totals.stopped), (6, 3), "as if it were simply gone, afterwards");
    let failure = &report.failures[0];
    assert_eq!((failure.wait_ms, failure.wait_is_most, failure.noticed_by), (Some(20_000), false, Noticed::Time));
    // Nine of the hour, 400 seconds apart: five fail, and the fifth is known to at 1620 seconds.
    assert_eq!((failure.busiest_requests, failure.waiting_requests), (9, Some(5)));
    assert_eq!(failure.left_alone_after_ms, Some(1_620_000));
    assert_eq!(failure.within_latency, Some(Verdict::NotHeld));
    let apps: Vec<_> = failure.apps.iter().map(|it| (it.app.as_str(), it.requests, it.moved)).collect();
    assert_eq!(apps, [("rail-dispatch", 3, 0), ("tourism", 6, 6)]);
    let slowly =
        DrillFinding::FailsSlowly { deployment: id("meridian-large-abroad"), shape: Shape::Silent, wait_ms: 20_000 };
    assert!(report.findings.iter().any(|it| *it == slowly), "{:?}", report.findings);
    for (lang, words) in [(Lang::En, "silence"), (Lang::Ru, "молчание")] {
        let text = report.to_text(lang);
        assert!(text.contains(words) && text.contains("20000") && text.contains("1620000"), "{text}");
    }
    let plain = run(&place, "title = \"x\"\n[[cut]]\noperator = \"meridian-north\"\n");
    assert!(plain.failures.is_empty() && !plain.to_text(Lang::En).contains("LEFT ALONE"));
}

#[test]
fn what_says_so_may_answer_sooner_and_nobody_knows_by_how_much() {
    let place = republic();
    for (shape, wait_ms) in
        [("refused", 1_000), ("unauthorized", 20_000), ("rate_limited", 20_000), ("server_error", 20_000)]
    {
        let report = run(&place, &format!("{}[hypothesis]\nlatency_median_ms_max = 900\n", shaped(shape)));
        let failure = &report.failures[0];
        assert_eq!((failure.wait_ms, failure.wait_is_most), (Some(wait_ms), true), "{shape}");
        assert_eq!(failure.within_latency, Some(Verdict::Unknown), "{shape}");
    }
    let asked =
        run(&place, &shaped("rate_limited").replace("\"rate_limited\"", "\"rate_limited\"\nretry_after_s = 30"));
    assert_eq!(asked.failures[0].waiting_requests, Some(1), "the first is told when to come again");
    let drip = run(&place, &shaped("slow_drip"));
    assert_eq!((drip.failures[0].wait_ms, drip.failures[0].wait_is_most), (Some(120_000), false));
    assert_eq!(drip.failures[0].within_latency, None, "nothing was written down before");
}

#[test]
fn a_wrong_answer_is_noticed_by_nothing() {
    let report = run(&republic(), &shaped("wrong_answer"));
    let failure = &report.failures[0];
    assert_eq!((failure.noticed_by, failure.wait_ms, failure.left_alone_after_ms), (Noticed::Nothing, None, None));
    let found = DrillFinding::NotDetected { deployment: id("meridian-large-abroad"), requests: 9 };
    assert!(report.findings.iter().any(|it| *it == found), "{:?}", report.findings);
    assert!(
        report.to_text(Lang::En).contains("not detected: `meridian-large-abroad` would go on answering 9 requests")
    );
}

#[test]
fn what_cannot_be_meant_is_said_with_its_line() {
    for (text, want) in [
        ("shape = \"loud\"", "one of \"refused\""),
        ("shape = \"silent\"\nretry_after_s = 3", "only the shape \"rate_limited\""),
        ("shape = \"rate_limited\"\nretry_after_s = 0", "whole seconds, 1 to 86400"),
    ] {
        let text = format!("title = \"x\"\n[[cut]]\noperator = \"a\"\n{text}\n");
        let said = render(&Scenario::parse(Path::new("drill.toml"), &text).unwrap_err(), Lang::En, false);
        assert!(said.contains(want) && said.contains("drill.toml:"), "{said}");
    }
}
