//! What findings ask for: of whom, until when, and what the drill before makes of it.

use drill::report::{Drill, Found, Remedy, Standing, Task};
use drill::{Before, Desk, Fate, Unread, desk};
use jiff::civil::{Date, date};
use realm::load::{Lang, render};
use realm::{ClassSet, UnixMs};
use serde_json::{Value, json};

use crate::support::{NOON, Place, TODAY, Traffic, answer, edited, id, republic, scenario};

pub const LOST: &str =
    "title = \"lost\"\n[[cut]]\noperator = \"meridian-north\"\n[hypothesis]\nsurvival_share_min = \"0.99\"\n";
pub const CLOSING: &str = "[findings]\nowner = \"digital-ministry\"\ndue_days = 30\n";

pub fn usual(place: &Place) -> Traffic<'_> {
    let mut traffic = Traffic::in_(place);
    traffic.answers(4, ("tourism", "best"), "meridian-large-abroad");
    traffic.answers(3, ("rail-dispatch", "abroad"), "meridian-large-abroad");
    traffic
}

pub fn run(traffic: &Traffic<'_>, text: &str, before: Option<&Before>, on: Date) -> Drill {
    let read = scenario(text);
    let mut desk = Desk::new(&traffic.place.archive, None, &read).on(on, before);
    traffic.requests.iter().for_each(|request| desk.see(request));
    desk.finish(Unread::default()).unwrap()
}

pub fn task<'a, F>(findings: &'a [Found<F>], key: &str) -> &'a Task {
    let mut tasks = findings.iter().filter_map(|it| it.task.as_ref());
    tasks.find(|it| it.key == key).unwrap_or_else(|| panic!("no task {key}"))
}

pub fn owners(task: &Task) -> Vec<&str> {
    task.owners.iter().map(|it| it.organisation.as_str()).collect()
}

#[test]
fn each_finding_has_an_owner_and_a_day() {
    let place = republic();
    let report = run(&usual(&place), &format!("{LOST}{CLOSING}"), None, TODAY);
    let stops = task(&report.findings, "critical_stops:rail-dispatch");
    assert_eq!((owners(stops), stops.to_do), (vec!["state-railways"], Remedy::FindFallback));
    assert_eq!(stops.owners[0].name, "State Railways");
    assert_eq!(stops.due, Some(date(2026, 12, 23)));
    // Its margin is the drill's own.
    let margin = task(&report.findings, "not_held:survival_share_min");
    assert_eq!((owners(margin), margin.to_do), (vec!["digital-ministry"], Remedy::DecideMargin));
    for (lang, words) in
        [(Lang::En, "→ State Railways: declare on the route"), (Lang::Ru, "→ State Railways: объявить")]
    {
        let text = report.to_text(lang);
        assert!(text.contains(words) && text.contains("2026-12-23"), "{text}");
        assert!(!text.contains("remedy-") && !text.contains("task-"), "a text is missing: {text}");
    }
    let told = json!(report.findings[0]);
    assert_eq!(told["task"]["owners"][0], json!({ "organisation": "state-railways", "name": "State Railways" }));
    assert_eq!((&told["task"]["due"], &told["task"]["to_do"]), (&json!("2026-12-23"), &json!("find_fallback")));
}

#[test]
fn where_nobody_says_who_it_is_whoever_runs_the_drill() {
    let place = republic();
    let report = run(&usual(&place), LOST, None, TODAY);
    let margin = task(&report.findings, "not_held:survival_share_min");
    assert_eq!((owners(margin), margin.due), (vec![], None));
    assert!(report.to_text(Lang::En).contains("→ whoever runs this drill: mend what the other findings name"));
}

/// What runs at home is its operator's to mend; what runs abroad, nobody there can be told to, so it is its users'.
#[test]
fn capacity_is_declared_by_the_operator_at_home_and_else_by_the_users() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(2, ("tourism", "best"), "republic-8b-home");
    let report = run(&traffic, "title = \"x\"\n[[cut]]\ndeployment = \"republic-8b-home\"\n", None, TODAY);
    assert_eq!(report.totals.moved, 2);
    let room = task(&report.findings, "capacity_unknown");
    assert_eq!((owners(room), room.to_do), (vec!["polytechnic"], Remedy::DeclareCapacity));
    // What stands on its route in reserve runs abroad.
    let mut traffic = Traffic::in_(&place);
    traffic.answers(2, ("tourism", "domestic"), "republic-8b-home");
    let homes = ["republic-8b-home", "tensor-32b-home", "tiny-here"];
    let homes = homes.map(|it| format!("[[cut]]\ndeployment = \"{it}\"\n")).concat();
    let added = "[[add.target]]\nroute = \"domestic\"\ndeployment = \"meridian-large-abroad\"\npriority = 9\n";
    let report = run(&traffic, &format!("title = \"x\"\n{homes}{added}"), None, TODAY);
    assert_eq!(report.totals.moved, 2);
    assert_eq!(owners(task(&report.findings, "capacity_unknown")), ["tourist-office"]);
}

#[test]
fn a_prohibition_asks_for_something_else_than_a_loss() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(2, ("rail-dispatch", "abroad"), "meridian-large-abroad");
    let binds =
        "title = \"x\"\n[[law]]\nrule = \"strategic-sectors-amendment\"\nstatus = \"in_force\"\nfrom = 2020-01-01\n";
    let report = run(&traffic, binds, None, TODAY);
    assert_eq!(task(&report.findings, "critical_stops:rail-dispatch").to_do, Remedy::PermitFallback);
}

/// The drill before had what this one has, and something else.
fn before(question: &str, due: Option<&str>) -> Before {
    let task = |key: &str| json!({ "kind": "x", "task": { "key": key, "due": due } });
    let report: Value = json!({
        "title": "the year before",
        "question": question,
        "findings": [task("critical_stops:rail-dispatch"), task("overloaded:republic-8b-home"), { "kind": "y", "task": null }],
    });
    Before::parse(&report.to_string()).unwrap()
}

#[test]
fn the_next_drill_shows_what_is_closed_and_what_is_still_open() {
    let place = republic();
    let text = format!("{LOST}{CLOSING}");
    let question = run(&usual(&place), &text, None, TODAY).question;
    let report = run(&usual(&place), &text, Some(&before(&question, Some("2026-11-25"))), TODAY);
    let open = task(&report.findings, "critical_stops:rail-dispatch");
    // It keeps its day: to drill again is no delay.
    assert_eq!((open.standing, open.due), (Some(Standing::Open), Some(date(2026, 11, 25))));
    let new = task(&report.findings, "not_held:survival_share_min");
    assert_eq!((new.standing, new.due), (Some(Standing::New), Some(date(2026, 12, 23))));
    let since = report.since.as_ref().unwrap();
    let closed: Vec<&str> = since.closed.iter().map(|it| it.key.as_str()).collect();
    assert_eq!((closed, since.same_question), (vec!["overloaded:republic-8b-home"], true));
    let said = report.to_text(Lang::En);
    for words in [
        "“the year before”: 1 closed, 1 still open (0 overdue)",
        "closed: overloaded: republic-8b-home",
        "in the realm of then",
        "(on abroad; by 2026-11-25; still open",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let late = run(&usual(&place), &text, Some(&before(&question, Some("2026-11-25"))), date(2026, 11, 26));
    assert_eq!(task(&late.findings, "critical_stops:rail-dispatch").standing, Some(Standing::Overdue));
}

/// Closed is what was asked again and is there no more; everything else stays as it was, with its day, for the next drill.
#[test]
fn what_was_not_asked_again_is_not_closed_and_keeps_its_day() {
    let place = republic();
    let text = format!("{LOST}{CLOSING}");
    let question = run(&usual(&place), &text, None, TODAY).question;
    let earlier = before(&question, Some("2026-11-20"));
    let nothing = Traffic::in_(&place);
    let mut others = Traffic::in_(&place);
    others.answers(4, ("tourism", "best"), "meridian-large-abroad");
    let elsewhere = [
        (
            "another cut",
            usual(&place),
            text.replace("operator", "provider").replace("meridian-north", "standin-abroad"),
        ),
        ("other traffic", usual(&place), format!("{text}[traffic]\napps = [\"rail-dispatch\"]\n")),
        ("a price beside it", usual(&place), format!("{text}[[price]]\nprovider = \"standin-abroad\"\nfactor = 2\n")),
        ("no request", nothing, text.clone()),
    ];
    for (why, traffic, text) in &elsewhere {
        let report = run(traffic, text, Some(&earlier), TODAY);
        let since = report.since.as_ref().unwrap();
        assert!(since.closed.is_empty(), "{why}: {since:?}");
        let carried = since.not_asked.iter().find(|it| it.key == "overloaded:republic-8b-home").unwrap();
        assert_eq!(carried.due, Some(date(2026, 11, 20)), "{why}");
        // The next one finds it in the report of this one.
        let next = Before::parse(&json!(report).to_string()).unwrap();
        let again = run(traffic, text, Some(&next), TODAY).since.unwrap();
        let keys = |since: &drill::report::Since| {
            since.closed.iter().chain(&since.not_asked).map(|it| it.key.clone()).collect::<Vec<_>>()
        };
        assert!(keys(&again).contains(&"overloaded:republic-8b-home".to_owned()), "{why}: {again:?}");
    }
    // Nobody of the railway asked anything: that its use stops is not closed by that.
    let silent = run(&others, &text, Some(&earlier), TODAY).since.unwrap();
    assert!(silent.not_asked.iter().any(|it| it.key == "critical_stops:rail-dispatch"), "{silent:?}");
    // What is expected, the name and the seed are no part of the question.
    let renamed = text.replace("\"lost\"", "\"other\"\nseed = 9").replace("0.99", "0.5");
    assert!(run(&usual(&place), &renamed, Some(&earlier), TODAY).since.unwrap().same_question);
}

/// A finding about several apps is closed for each by itself, and is new for who was not among them.
#[test]
fn together_is_told_and_each_is_closed() {
    let place = republic();
    let several = |apps: &[&str]| {
        let mut traffic = Traffic::in_(&place);
        for app in ["tourism", "lecture-notes"] {
            let route = if apps.contains(&app) { "abroad" } else { "best" };
            traffic.answers(2, (app, route), "meridian-large-abroad");
        }
        traffic
    };
    let first = run(&several(&["tourism", "lecture-notes"]), &format!("{LOST}{CLOSING}"), None, date(2026, 10, 1));
    let earlier = Before::parse(&json!(first).to_string()).unwrap();
    let second = run(&several(&["tourism"]), &format!("{LOST}{CLOSING}"), Some(&earlier), TODAY);
    let keys: Vec<_> = second.since.as_ref().unwrap().closed.iter().map(|it| it.key.as_str()).collect();
    assert!(keys.contains(&"stops:lecture-notes"), "{keys:?}");
    assert_eq!(task(&second.findings, "stops").standing, Some(Standing::Overdue));
    let only = run(&several(&["lecture-notes"]), &format!("{LOST}{CLOSING}"), None, date(2026, 10, 1));
    let other = Before::parse(&json!(only).to_string()).unwrap();
    let third = run(&several(&["tourism"]), &format!("{LOST}{CLOSING}"), Some(&other), TODAY);
    let stops = task(&third.findings, "stops");
    assert_eq!((stops.standing, stops.due), (Some(Standing::New), Some(date(2026, 12, 23))));
}

/// With the realm of now, those answer who are there now.
#[test]
fn owners_are_those_of_the_realm_that_decides() {
    let place = republic();
    let moved = edited(
        "apps.toml",
        (
            "id = \"rail-dispatch\"\norganisation = \"state-railways\"",
            "id = \"rail-dispatch\"\norganisation = \"tourist-office\"",
        ),
    );
    let text = format!("{}base = \"realm\"\n{}", "title = \"lost\"\n", &LOST["title = \"lost\"\n".len()..]);
    let report = desk(usual(&place).requests, &place.archive, Some(&moved.compiled), &scenario(&text)).unwrap();
    assert_eq!(owners(task(&report.findings, "critical_stops:rail-dispatch")), ["tourist-office"]);
    let then = run(&usual(&place), LOST, None, TODAY);
    assert_eq!(owners(task(&then.findings, "critical_stops:rail-dispatch")), ["state-railways"]);
}

/// A margin that nobody asks about any more is not closed; and what is less critical is somebody's too.
#[test]
fn what_was_not_asked_is_not_closed_and_lesser_stops_have_owners() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(2, ("tourism", "abroad"), "meridian-large-abroad");
    traffic.answers(3, ("lecture-notes", "abroad"), "meridian-large-abroad");
    let first = run(&traffic, LOST, None, TODAY);
    let stops = task(&first.findings, "stops");
    assert_eq!((owners(stops), stops.to_do), (vec!["polytechnic", "tourist-office"], Remedy::FindFallback));
    let before = Before::parse(&json!(first).to_string()).unwrap();
    let text = "title = \"x\"\n[[cut]]\noperator = \"meridian-north\"\n[hypothesis]\nstopped_requests_max = 9\n";
    let since = run(&traffic, text, Some(&before), TODAY).since.unwrap();
    assert!(since.closed.is_empty(), "{since:?}");
    assert_eq!(since.not_asked[0].key, "not_held:survival_share_min");
}

#[test]
fn a_report_that_this_program_wrote_is_read_back() {
    let place = republic();
    let text = format!("{LOST}{CLOSING}");
    let first = run(&usual(&place), &text, None, TODAY);
    for kept in [json!(first), json!({ "state": "aborted", "report": first })] {
        let again = run(&usual(&place), &text, Some(&Before::parse(&kept.to_string()).unwrap()), TODAY);
        let since = again.since.as_ref().unwrap();
        assert!(since.same_question && since.closed.is_empty() && since.not_asked.is_empty(), "{since:?}");
        let standing: Vec<_> = again.findings.iter().filter_map(|it| it.task.as_ref()?.standing).collect();
        assert!(!standing.is_empty() && standing.iter().all(|it| *it == Standing::Open), "{standing:?}");
    }
    let one = |task: &str| format!("{{\"title\": \"x\", \"findings\": [{{{task}}}]}}");
    let wrong = [
        String::new(),
        "[]".to_owned(),
        "{}".to_owned(),
        "[\"x\", [], []]".to_owned(),
        "{\"title\": \"x\", \"findings\": 3}".to_owned(),
        one("\"kind\": \"of a release without tasks\""),
        one("\"task\": {\"key\": \"stops\", \"due\": \"2026-02-30\"}"),
        one("\"task\": {\"key\": \"stops\", \"due\": \"never\"}"),
        one("\"task\": {\"key\": \"a\\u001b[31m\", \"due\": null}"),
        one("\"task\": null").replace("\"x\"", "\"a\\nFindings\""),
        one("\"task\": null").replace("\"x\"", "\"\\u202eabc\""),
        one("\"task\": null").replace("\"x\"", &format!("\"{}\"", "x".repeat(600))),
    ];
    for wrong in &wrong {
        assert!(Before::parse(wrong).is_err(), "{wrong}");
    }
    assert!(Before::parse(&one("\"task\": null")).is_ok());
}

/// Of several snapshots the one that decided last says what is so now, whatever their ids.
#[test]
fn the_youngest_snapshot_says_what_is_declared() {
    let (old, new) = (republic(), edited("routes.toml", ("tokens_per_s = 20000", "tokens_per_s = 7")));
    let archive =
        old.archive.clone().into_iter().chain(new.archive.clone()).collect::<std::collections::HashMap<_, _>>();
    let declared = |first: &Place, then: &Place| {
        let mut requests = Vec::new();
        for (place, at) in [(first, NOON), (then, UnixMs(NOON.0 + 86_400_000))] {
            let mut traffic = Traffic::in_(place);
            traffic.add(&traffic.facts("clinic", "domestic"), answer("republic-8b-home", ClassSet::EMPTY));
            requests.extend(traffic.requests.into_iter().map(|it| drill::Request { at, ended: at, ..it }));
        }
        // In whatever order a reader meets them.
        requests.reverse();
        let report = desk(requests, &archive, None, &scenario("title = \"x\"\n[[cut]]\nusers = \"XE\"\n")).unwrap();
        report.targets.iter().find(|it| it.deployment == id("republic-8b-home")).unwrap().capacity_tokens_per_s
    };
    assert_eq!(declared(&old, &new), Some(7));
    assert_eq!(declared(&new, &old), Some(20_000));
}

#[test]
fn who_and_when_are_checked_with_the_rest_of_a_scenario() {
    let place = republic();
    let of = |text: &str| {
        let parsed = drill::Scenario::parse(std::path::Path::new("drill.toml"), &format!("{LOST}[findings]\n{text}\n"));
        let problems =
            parsed.and_then(|read| read.check_names(&place.compiled).map(|()| read)).err().unwrap_or_default();
        problems.iter().map(|it| (it.code, render(std::slice::from_ref(it), Lang::En, false))).collect::<Vec<_>>()
    };
    assert!(of("owner = \"digital-ministry\"\ndue_days = 366").is_empty());
    for (text, code, says) in [
        ("owner = \"digital-minstry\"", "scenario.unknown_name", "digital-minstry"),
        ("due_days = 0", "scenario.wrong_value", "1 to 366"),
        ("due_days = 367", "scenario.wrong_value", "1 to 366"),
        ("due = 3", "scenario.unknown_field", "due_days"),
    ] {
        let problems = of(text);
        assert!(problems.iter().any(|(found, said)| *found == code && said.contains(says)), "{text}: {problems:?}");
    }
}

#[test]
fn a_denial_before_is_no_finding() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.add(&traffic.facts("clinic", "abroad"), Fate::Denied);
    let report = run(&traffic, "title = \"x\"\n[[cut]]\nusers = \"XE\"\n", None, TODAY);
    assert!(report.findings.iter().all(|it| it.task.is_none()), "{:?}", report.findings);
}

#[test]
fn what_is_cut_off_is_told_with_its_users_and_its_rest() {
    let place = republic();
    let said = |cuts: &str| {
        let report = run(&usual(&place), &format!("title = \"x\"\n{cuts}"), None, TODAY);
        (report.to_text(Lang::En), json!(report.cut))
    };
    let (text, cut) = said("[[cut]]\nusers = \"XA\"\n");
    assert!(text.contains("Cut off: everything (for users in XA)"), "{text}");
    assert_eq!(cut, json!([{ "users": "XA" }]));
    let (text, cut) = said("[[cut]]\nenergy = \"northern-reactor\"\nleft = \"0.4\"\n");
    assert!(text.contains("(40 % of it is left)"), "{text}");
    assert_eq!(cut, json!([{ "level": "energy", "name": "northern-reactor", "left_percent": "40" }]));
    let (text, _) = said("[[cut]]\nenergy = \"northern-reactor\"\nleft_mw = 3\n");
    assert!(text.contains("(3 MW of it are left)"), "{text}");
}
