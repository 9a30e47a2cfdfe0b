//! Live drills from records: what moved, what stopped, and whether apps were back in time.

use drill::report::{AppLive, LiveCounts, LiveFinding, RtoVerdict, Server, Verdict};
use drill::{Cut, Fate, LiveReport, Ran, Reader, Request, Scenario, Unread, Watching, cut_off};
use realm::load::{Lang, render};
use realm::{ClassSet, Jurisdiction, UnixMs};

use crate::support::{NOON, Place, Traffic, answer, id, republic, scenario};

const TEXT: &str = "title = \"x\"\n[[cut]]\nparent = \"meridian-group\"\n[hypothesis]\nsurvival_share_min = \"0.9\"\n";
const MINUTE_MS: u64 = 60_000;

fn ran(text: &str) -> Ran {
    Ran {
        drill: "d1".to_owned(),
        cuts: scenario(text).live_cuts().unwrap(),
        percent: 100,
        spared: std::collections::BTreeSet::new(),
        from: NOON,
        until: UnixMs(NOON.0 + 10 * MINUTE_MS),
    }
}

/// Moves the last so many requests to a time after the cut, and says what the drill did to them.
fn at(requests: &mut [Request], count: usize, ms: u64, cut: Option<Cut>) {
    let from = requests.len() - count;
    for request in &mut requests[from..] {
        (request.at, request.ended, request.cut) = (UnixMs(NOON.0 + ms), UnixMs(NOON.0 + ms + 5), cut);
    }
}

fn report(place: &Place, requests: &[Request], ran: &Ran, servers: Vec<Server>) -> LiveReport {
    let mut watching = Watching::new(&place.archive, ran);
    requests.iter().for_each(|request| watching.see(request));
    LiveReport::new(&scenario(TEXT), ran, watching, servers, Unread::default())
}

fn app<'r>(report: &'r LiveReport, name: &str) -> &'r AppLive {
    report.apps.iter().find(|it| it.app.as_str() == name).unwrap()
}

#[test]
fn what_moved_and_what_stopped_is_told_apart() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(3, ("tourism", "best"), "republic-8b-home");
    at(&mut traffic.requests, 3, 700, None);
    traffic.answers(2, ("clinic", "domestic"), "republic-8b-home");
    at(&mut traffic.requests, 2, 800, None);
    let abroad = traffic.facts("rail-dispatch", "abroad");
    traffic.add(&abroad, Fate::Refused);
    at(&mut traffic.requests, 1, 900, Some(Cut::Ended));
    traffic.add(&abroad, Fate::Failed);
    at(&mut traffic.requests, 1, 950, Some(Cut::Ended));
    // Of before the cut, and of after it.
    traffic.answers(1, ("tourism", "best"), "meridian-large-abroad");
    traffic.requests.last_mut().unwrap().at = UnixMs(NOON.0 - 10);
    traffic.requests.last_mut().unwrap().ended = UnixMs(NOON.0 + 10);
    traffic.answers(1, ("tourism", "best"), "meridian-large-abroad");
    at(&mut traffic.requests, 1, 10 * MINUTE_MS + 250, None);
    let report = report(&place, &traffic.requests, &ran(TEXT), Vec::new());
    let counts = LiveCounts { requests: 7, unchanged: 2, moved: 3, denied: 1, ended: 1, failed: 0, other: 0 };
    assert_eq!(report.totals, counts);
    assert_eq!((app(&report, "tourism").switched_after_ms, report.returned_after_ms), (Some(705), Some(255)));
    let rail = app(&report, "rail-dispatch");
    assert_eq!((rail.counts.denied, rail.counts.ended, rail.stopped_until_ms), (1, 1, Some(955)));
    assert!(report.is_broken(), "the railway and the clinic weigh the same: less than nine tenths are left");
    for lang in [Lang::En, Lang::Ru] {
        let text = report.to_text(lang);
        assert!(text.contains("rail-dispatch") && !text.contains("live-"), "{text}");
    }
}

#[test]
fn an_app_has_the_time_that_its_realm_declares() {
    let place = republic();
    let declared = place.compiled.world().apps.values().find(|app| app.rto_min == Some(5)).unwrap();
    let (name, route) = (declared.id.to_string(), declared.routes.iter().next().unwrap().to_string());
    let one = |stops_ms: &[u64], answers_ms: &[u64]| {
        let mut traffic = Traffic::in_(&place);
        let facts = traffic.facts(&name, &route);
        for ms in stops_ms {
            traffic.add(&facts, Fate::Refused);
            at(&mut traffic.requests, 1, *ms, Some(Cut::Ended));
        }
        for ms in answers_ms {
            traffic.add(&facts, answer("republic-8b-home", ClassSet::EMPTY));
            at(&mut traffic.requests, 1, *ms, None);
        }
        let report = report(&place, &traffic.requests, &ran(TEXT), Vec::new());
        app(&report, &name).rto
    };
    assert_eq!(one(&[], &[1_000]), RtoVerdict::Held);
    assert_eq!(one(&[2 * MINUTE_MS], &[3 * MINUTE_MS]), RtoVerdict::Held);
    assert_eq!(one(&[6 * MINUTE_MS], &[7 * MINUTE_MS]), RtoVerdict::NotHeld);
    assert_eq!(one(&[2 * MINUTE_MS], &[]), RtoVerdict::Unknown, "it did not come back, and nobody knows when it would");
}

#[test]
fn a_byte_to_what_was_cut_off_is_the_first_finding() {
    let place = republic();
    let destination = |shut, bytes_out| drill::report::Destination {
        destination: "standin-abroad".to_owned(),
        bytes_in: 0,
        bytes_out,
        shut,
    };
    let server =
        |destinations| Server { log: "log-a".to_owned(), in_force: NOON, settled: true, destinations, shadow: None };
    let of = |server| report(&place, &[], &ran(TEXT), vec![server]).findings;
    assert_eq!(of(server(vec![destination(true, 0), destination(false, 9)])), [LiveFinding::NothingChanged]);
    assert!(matches!(of(server(vec![destination(true, 9)]))[0].finding, LiveFinding::Leaked { bytes: 9, .. }));
    assert!(matches!(of(Server { settled: false, ..server(Vec::new()) })[0].finding, LiveFinding::NotSettled { .. }));
}

#[test]
fn an_answer_from_what_was_cut_off_is_the_first_finding_and_no_margin_is_held() {
    let place = republic();
    let one = |text: &str, ms: u64, change: &dyn Fn(&mut Ran)| {
        let mut traffic = Traffic::in_(&place);
        traffic.answers(4, ("tourism", "best"), "meridian-large-abroad");
        at(&mut traffic.requests, 4, ms, None);
        let mut ran = ran(text);
        change(&mut ran);
        report(&place, &traffic.requests, &ran, Vec::new())
    };
    let whole = one(TEXT, 60_000, &|_| {});
    assert!(matches!(whole.findings[0].finding, LiveFinding::Passed { requests: 4, .. }), "{:?}", whole.findings);
    assert!(!whole.is_cut() && whole.hypothesis.iter().all(|line| line.verdict == Verdict::Unknown));
    for lang in [Lang::En, Lang::Ru] {
        assert!(!whole.to_text(lang).contains("live-finding"), "{}", whole.to_text(lang));
    }
    assert!(one(TEXT, 100, &|_| {}).is_cut(), "every server may need a moment");
    assert!(one(TEXT, 11 * MINUTE_MS, &|_| {}).is_cut(), "it was over");
    assert!(one(TEXT, 60_000, &|ran| ran.percent = 0).is_cut(), "a canary does not take everything");
    let spared = |ran: &mut Ran| assert!(ran.spared.insert(id("tourism")));
    assert!(one(TEXT, 60_000, &spared).is_cut(), "the app was left alone");
}

#[test]
fn what_is_cut_is_what_a_desk_drill_cuts() {
    let place = republic();
    let world = place.compiled.world();
    for (cut, from) in [
        ("parent = \"meridian-group\"", "museum"),
        ("provider = \"standin-abroad\"", ""),
        ("jurisdiction = \"XB\"\naxis = \"control\"", ""),
    ] {
        let cuts = scenario(&format!("title = \"x\"\n[[cut]]\n{cut}\n")).live_cuts().unwrap();
        let kept: Vec<drill::LiveCut> = serde_json::from_str(&serde_json::to_string(&cuts).unwrap()).unwrap();
        assert_eq!(kept, cuts, "{from}");
        let reached = cut_off(world, &kept);
        assert!(reached.contains_key("meridian-large-abroad") && !reached.contains_key("republic-8b-home"), "{cut}");
        assert!(reached.values().all(|whom| whom.everybody));
    }
    let users = scenario("title = \"x\"\n[[cut]]\nusers = \"XA\"\n").live_cuts().unwrap();
    let reached = cut_off(world, &users);
    assert_eq!(reached.len(), world.deployments.len(), "everything, for them");
    assert!(reached.values().all(|whom| !whom.everybody && whom.users.contains(&Jurisdiction::new("XA"))));
}

#[test]
fn only_cuts_can_be_drilled_live_and_guardrails_have_their_bounds() {
    let not_live = |text: &str| render(&scenario(text).live_cuts().unwrap_err(), Lang::En, false);
    let price = "title = \"x\"\n[[price]]\nprovider = \"standin-abroad\"\nfactor = \"10\"\n";
    assert!(not_live(price).contains("`price` cannot be drilled live"), "{}", not_live(price));
    assert!(not_live("title = \"x\"\nbase = \"realm\"\n").contains("cuts nothing off"));
    let rails = "title = \"x\"\n[[cut]]\nprovider = \"a\"\n[guardrails]\nerror_share_max = \"1.5\"\nwindow_s = 0\n";
    let wrong = Scenario::parse(std::path::Path::new("drill.toml"), rails).unwrap_err();
    let said = render(&wrong, Lang::En, false);
    assert!(said.contains("a share, 0 to 1") && said.contains("whole seconds, 1 to 600"), "{said}");
    let good = scenario("title = \"x\"\n[[cut]]\nprovider = \"a\"\n[guardrails]\nexclude_apps = [\"clinic\"]\n");
    assert_eq!((good.guardrails.window_s, good.guardrails.exclude_apps.len()), (30, 1));
    let unknown = good.check_names(&republic().compiled).unwrap_err();
    assert!(render(&unknown, Lang::En, false).contains("no provider is named `a`"));
}

#[test]
fn records_say_what_a_drill_did_to_a_request() {
    let mut reader = Reader::default();
    let refusal = r#"{"v":1,"t":"refusal","at":5,"req":"r","app":"clinic","purpose":"p","code":"cut_off","snap":"@"}"#;
    let refusal = refusal.replace('@', &"0".repeat(64));
    let request = reader.see(1, refusal.as_bytes()).unwrap().unwrap();
    assert_eq!(request.cut, Some(Cut::Ended));
    assert_eq!(request.number, realm::draw::number("r"), "whoever sampled it then drew the same");
    let _ = id::<realm::AppId>("clinic");
}
