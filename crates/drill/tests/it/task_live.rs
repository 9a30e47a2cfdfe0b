//! What findings of live drills and of drills in shadow ask for, and beside which drill they are compared.

use drill::report::Standing;
use drill::{Before, Fate, Unread};
use jiff::civil::date;
use realm::UnixMs;
use realm::load::Lang;
use serde_json::json;

use crate::support::{NOON, Place, TODAY, Traffic, id, republic, scenario};
use crate::task::{CLOSING, LOST, owners, run, task, usual};

/// What a live drill of a part of the requests showed.
fn lived(place: &Place, text: &str, percent: u8, requests: &[drill::Request]) -> drill::LiveReport {
    let scenario = scenario(text);
    let (cuts, spared) = (scenario.live_cuts().unwrap(), std::collections::BTreeSet::new());
    let (from, until) = (NOON, UnixMs(NOON.0 + 600_000));
    let ran = drill::Ran { drill: "d1".to_owned(), cuts, percent, spared, from, until };
    let mut watching = drill::Watching::new(&place.archive, &ran);
    requests.iter().for_each(|request| watching.see(request));
    drill::LiveReport::new(&scenario, &ran, watching, Vec::new(), Unread::default())
}

/// A live drill in which the cut ended everything that there was: nobody asks for a date, and owners are known all the same.
#[test]
fn a_live_drill_names_owners_and_days_and_is_compared_with_its_own_kind() {
    let place = republic();
    let text = format!("{LOST}{CLOSING}");
    let report = |percent, requests: &[drill::Request]| lived(&place, &text, percent, requests);
    let mut traffic = Traffic::in_(&place);
    traffic.add(&traffic.facts("rail-dispatch", "abroad"), Fate::Refused);
    let at = UnixMs(NOON.0 + 900);
    for request in &mut traffic.requests {
        (request.at, request.ended, request.cut) = (at, at, Some(drill::Cut::Ended));
    }
    let first = report(100, &traffic.requests);
    let stopped = task(&first.findings, "stopped:rail-dispatch");
    assert_eq!((owners(stopped), stopped.due), (vec!["state-railways"], Some(date(2026, 12, 23))));
    assert_eq!(owners(task(&first.findings, "not_held:survival_share_min")), ["digital-ministry"]);
    assert!(first.to_text(Lang::En).contains("→ State Railways: declare on the route"));

    let before = Before::parse(&json!({ "report": first }).to_string()).unwrap();
    let same = report(100, &traffic.requests).beside(&before, date(2026, 12, 24));
    assert_eq!(task(&same.findings, "stopped:rail-dispatch").standing, Some(Standing::Overdue));
    // With no request of the railway nothing of it is closed; and one in ten requests is another question.
    let silent = report(100, &[]).beside(&before, TODAY).since.unwrap();
    assert!(silent.same_question && silent.closed.is_empty() && silent.not_asked.len() == 2, "{silent:?}");
    let canary = report(10, &traffic.requests).beside(&before, TODAY).since.unwrap();
    assert!(!canary.same_question && canary.closed.is_empty(), "{canary:?}");
    // At the desk it is another question, too.
    let desk = run(&usual(&place), &text, Some(&before), TODAY).since.unwrap();
    assert!(!desk.same_question && desk.closed.is_empty(), "{desk:?}");
}

#[test]
fn a_drill_in_shadow_names_owners_and_days() {
    use realm::mirrored::{Agreement, AppMirrored, Fate as Mirror, Mirrored};
    let place = republic();
    let bounds = "[shadow]\nsample = \"0.25\"\ncost_max = \"1.5\"\ntokens_max = 20000\n";
    let scenario = scenario(&format!("{LOST}{CLOSING}{bounds}"));
    let server = |failed: u64| {
        let mut of = AppMirrored::default();
        (0..12).for_each(|_| of.fates.count(Mirror::Mirrored));
        (0..failed).for_each(|_| of.fates.count(Mirror::NoFallback));
        let counted = Agreement { mirrors: 12, fallback_failed: failed, ..Agreement::default() };
        of.fallbacks.insert(id("tensor-32b-home"), counted);
        let shadow = Some(Mirrored { apps: [(id("tourism"), of)].into() });
        let log = "log-a".to_owned();
        drill::report::Server { log, in_force: NOON, settled: true, destinations: Vec::new(), shadow }
    };
    let report = |failed| {
        let (from, until) = (NOON, UnixMs(NOON.0 + 600_000));
        let recorded = drill::Recorded::default();
        let world = Some(place.compiled.world());
        let of = ("d2", from, until);
        drill::ShadowReport::new(&scenario, of, recorded, vec![server(failed)], Unread::default(), world)
    };
    let first = report(3);
    let failed = task(&first.findings, "fallback_failed:tourism/tensor-32b-home");
    // Its operator is at home, and can mend it; that there is no fall-back is the app's.
    assert_eq!((owners(failed), failed.due), (vec!["polytechnic"], Some(date(2026, 12, 23))));
    assert_eq!(owners(task(&first.findings, "no_fallback:tourism")), ["tourist-office"]);
    let before = Before::parse(&json!(first).to_string()).unwrap();
    let closed = report(0).beside(&before, TODAY).since.unwrap().closed;
    assert_eq!(closed.len(), 2, "{closed:?}");
}
