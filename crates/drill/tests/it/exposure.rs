//! Exposure, on the example realm, in which two suppliers are one and a domestic one is not; no file of it says so.

use drill::report::{Exposure as Report, Finding, LevelReport};
use drill::{Answered, Exposure, Fate, Key, Level, Mirror, Ratio, Request, Unread, Window};
use realm::load::Lang;

use crate::support::{NOON, Place, Traffic, answer, edited, id, republic};

fn measured(place: &Place, traffic: &Traffic<'_>) -> Report {
    let mut exposure = Exposure::new(&place.archive, Window::default());
    traffic.requests.iter().for_each(|request| exposure.see(request));
    exposure.finish(Unread::default())
}

fn level(report: &Report, level: Level) -> &LevelReport {
    report.summary.levels.iter().find(|it| it.level == level).unwrap()
}

fn share(report: &Report, at: Level, name: &str) -> Ratio {
    let keys = &level(report, at).keys;
    keys.iter().find(|key| key.name.as_deref() == Some(name)).map_or(Ratio::default(), |key| key.requests)
}

#[test]
fn shares_are_of_what_was_answered_at_every_level() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(6, ("tourism", "abroad"), "meridian-large-abroad");
    traffic.answers(3, ("rail-dispatch", "domestic"), "republic-8b-home");
    traffic.answers(1, ("rail-dispatch", "domestic"), "tensor-32b-home");
    traffic.denials(2, ("clinic", "abroad"));
    let report = measured(&place, &traffic);
    assert_eq!((report.totals.requests, report.totals.used.requests, report.totals.denied), (12, 10, 2));
    assert_eq!(share(&report, Level::Model, "meridian-large"), Ratio::of(6, 10));
    assert_eq!(share(&report, Level::Operator, "meridian-north"), Ratio::of(6, 10));
    assert_eq!(share(&report, Level::Parent, "meridian-group"), Ratio::of(6, 10));
    // Three axes: bytes in XC, control from XB and XC and the union, weights of XB.
    assert_eq!(share(&report, Level::Residency, "XC"), Ratio::of(6, 10));
    for controller in ["XB", "XC", "NORTHERN-UNION"] {
        assert_eq!(share(&report, Level::Control, controller), Ratio::of(6, 10), "{controller}");
    }
    assert_eq!(share(&report, Level::Provenance, "XB"), Ratio::of(6, 10));
    assert_eq!(share(&report, Level::Provenance, "XD"), Ratio::of(1, 10), "foreign weights at home");
    assert_eq!(share(&report, Level::Residency, "XA"), Ratio::of(4, 10));
    // 0.6² + 0.3² + 0.1²
    assert_eq!(level(&report, Level::Model).hhi_requests.unwrap().to_string(), "0.46");
    assert_eq!(level(&report, Level::Model).effective_requests.unwrap().to_string(), "2.17");
    assert_eq!(report.totals.used.tokens, 1_500);
    assert_eq!(report.totals.used.cost_nano, 500_000);
    // Only the railway is critical: three times each of four requests.
    assert_eq!(report.totals.used.critical, 12);
}

#[test]
fn what_nobody_declares_is_not_declared_and_never_zero() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(3, ("tourism", "abroad"), "meridian-large-abroad");
    traffic.answers(1, ("tourism", "domestic"), "republic-8b-home");
    let report = measured(&place, &traffic);
    // Nobody here says where the foreign one stands, on what and by whose power.
    for partly in [Level::Site, Level::Accelerator, Level::Maker, Level::Energy] {
        let level = level(&report, partly);
        assert!(level.is_declared(), "{partly}");
        assert_eq!(level.undeclared, Ratio::of(3, 4), "{partly}");
    }
    // The closed model's passport names no licence.
    assert_eq!(level(&report, Level::Licence).undeclared, Ratio::of(3, 4));
    assert_eq!(report.findings[0], Finding::UndeclaredKey { level: Level::Licence, requests: Ratio::of(3, 4) });
    assert_eq!(report.findings[1], Finding::UndeclaredKey { level: Level::Site, requests: Ratio::of(3, 4) });
    assert!(report.to_text(Lang::En, None).contains("not declared"));
}

#[test]
fn what_runs_in_a_hall_needs_its_machines_and_the_energy_that_nothing_else_gives() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(3, ("rail-dispatch", "domestic"), "republic-8b-home");
    traffic.answers(1, ("rail-dispatch", "domestic"), "tensor-32b-home");
    let report = measured(&place, &traffic);
    assert_eq!(share(&report, Level::Site, "capital-hall"), Ratio::of(3, 4));
    assert_eq!(share(&report, Level::Accelerator, "birch-64"), Ratio::of(1, 4));
    assert_eq!(share(&report, Level::Maker, "aurora-devices"), Ratio::of(3, 4));
    // The hall by the capital draws more than its line gives, and less than its reactor does.
    assert_eq!(share(&report, Level::Energy, "northern-reactor"), Ratio::of(3, 4));
    // Either source carries the other hall; and what is only ordered carries nothing.
    for carried in ["capital-line", "river-dam", "river-line", "second-reactor"] {
        assert_eq!(share(&report, Level::Energy, carried), Ratio::default(), "{carried}");
    }
    assert_eq!(level(&report, Level::Energy).undeclared, Ratio::of(0, 4));
}

/// Neither of two sources is needed by itself, and without both the hall is dark.
#[test]
fn two_sources_that_carry_a_hall_together_are_a_cut_of_two() {
    let home = "  { id = \"republic-8b-home\", priority = 2, weight = 10 },\n";
    let place = edited("routes.toml", (home, ""));
    let mut traffic = Traffic::in_(&place);
    traffic.answers(1, ("rail-dispatch", "domestic"), "tensor-32b-home");
    let report = measured(&place, &traffic);
    let found = report.summary.cut_sets.iter().find(|it| it.app == id("rail-dispatch")).unwrap();
    let of = |names: &[&str]| names.iter().map(|name| Key::new(Level::Energy, name)).collect::<Vec<_>>();
    let energy: Vec<_> = found.sets.iter().filter(|set| set[0].level == Level::Energy).cloned().collect();
    assert_eq!(energy, [of(&["river-dam", "river-line"])]);
    let place = republic();
    let traffic = Traffic { place: &place, ..traffic };
    let elsewhere = measured(&place, &traffic).summary.cut_sets;
    assert!(!elsewhere.iter().flat_map(|it| &it.sets).any(|set| set[0].level == Level::Energy), "another hall is left");
}

/// A reactor is fuelled anew for thirty days, and its hall cannot do without it; the other hall's sources are never out.
#[test]
fn hours_without_a_source_are_known_before() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(3, ("rail-dispatch", "domestic"), "republic-8b-home");
    traffic.answers(1, ("rail-dispatch", "domestic"), "tensor-32b-home");
    let report = measured(&place, &traffic);
    let known: Vec<_> = report.findings.iter().filter(|it| matches!(it, Finding::KnownOutage { .. })).collect();
    let (source, site) = (id("northern-reactor"), id("capital-hall"));
    assert_eq!(known, [&Finding::KnownOutage { source, site, year: 2027, hours: 720, requests: Ratio::of(3, 4) }]);
    assert!(report.to_text(Lang::En, None).contains("720 hours of 2027"));
    // A line that alone carries the hall makes it no matter.
    let strong = edited("sites.toml", ("kind = \"grid\"\npower_mw = \"20\"", "kind = \"grid\"\npower_mw = \"50\""));
    let mut traffic = Traffic::in_(&strong);
    traffic.answers(3, ("rail-dispatch", "domestic"), "republic-8b-home");
    let report = measured(&strong, &traffic);
    assert!(!report.findings.iter().any(|it| matches!(it, Finding::KnownOutage { .. })));
}

/// Nobody says what a hall of two sources draws: which of them it needs is then unknown, and never none.
#[test]
fn a_hall_that_does_not_say_what_it_draws_needs_nobody_knows_which_source() {
    let place = edited("sites.toml", ("power_mw = \"25\"\npue", "pue"));
    let mut traffic = Traffic::in_(&place);
    traffic.answers(1, ("rail-dispatch", "domestic"), "tensor-32b-home");
    let report = measured(&place, &traffic);
    assert_eq!(level(&report, Level::Energy).undeclared, Ratio::of(1, 1));
}

#[test]
fn traffic_to_what_nobody_declared_is_the_first_finding() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(2, ("tourism", "abroad"), "meridian-large-abroad");
    traffic.answers(1, ("tourism", "domestic"), "shadow-box");
    let mut elsewhere = traffic.facts("tourism", "abroad");
    elsewhere.snapshot = realm::SnapshotId([7; 32]);
    traffic.add(&elsewhere, answer("meridian-large-abroad", realm::ClassSet::EMPTY));
    let report = measured(&place, &traffic);
    let lost = Finding::UndeclaredSnapshot { snapshot: realm::SnapshotId([7; 32]), requests: 1 };
    assert_eq!(report.findings[0], lost);
    assert_eq!(report.findings[1], Finding::UndeclaredDeployment { deployment: id("shadow-box"), requests: 1 });
    assert_eq!(report.totals.used.requests, 4, "it is used all the same");
    assert_eq!(level(&report, Level::Operator).undeclared, Ratio::of(2, 4));
}

#[test]
fn suppliers_that_are_one_and_a_home_that_is_not_are_found() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(5, ("museum-guide", "assured"), "meridian-large-abroad");
    traffic.answers(4, ("leak-finder", "national"), "tensor-32b-north");
    let report = measured(&place, &traffic);
    let one = Finding::SharedParent {
        parent: id("meridian-group"),
        operators: vec![id("blue-harbour"), id("meridian-north")],
        apps: vec![id("museum-guide")],
        requests: 5,
    };
    let not_home = Finding::ForeignControl {
        deployment: id("tensor-32b-north"),
        operator: id("north-star"),
        controllers: vec!["XB".to_owned()],
        requests: 4,
        more: 0,
    };
    assert!(report.findings.contains(&one), "{:?}", report.findings);
    assert!(report.findings.contains(&not_home), "{:?}", report.findings);
    for lang in [Lang::En, Lang::Ru] {
        let text = report.to_text(lang, None);
        assert!(text.contains("blue-harbour, meridian-north") && text.contains("tensor-32b-north"), "{text}");
    }
    // By operator there is an alternative; by ultimate parent there is none, and by the country that compels both neither.
    let without = |at: Level, name: &str| {
        let key = level(&report, at).keys.iter().find(|key| key.name.as_deref() == Some(name)).unwrap();
        key.without.as_ref().unwrap().requests
    };
    assert_eq!(without(Level::Operator, "meridian-north"), Ratio::of(9, 9));
    assert_eq!(without(Level::Parent, "meridian-group"), Ratio::of(4, 9));
    assert_eq!(without(Level::Control, "XB"), Ratio::of(0, 9));
    let worst = report.summary.worst_cut.as_ref().unwrap();
    assert_eq!((worst.key.level, worst.key.name.as_deref()), (Level::Control, Some("XB")));
}

#[test]
fn the_smallest_sets_that_end_a_critical_use_are_named() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(2, ("rail-dispatch", "domestic"), "republic-8b-home");
    traffic.answers(2, ("rail-dispatch", "abroad"), "meridian-large-abroad");
    let report = measured(&place, &traffic);
    let sets = |route: &str| {
        let found = report.summary.cut_sets.iter().find(|it| it.route == Some(id(route))).unwrap();
        found
            .sets
            .iter()
            .map(|set| set.iter().map(|key| key.name.as_deref().unwrap()).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    assert!(sets("abroad").contains(&vec!["meridian-north"]) && sets("abroad").contains(&vec!["XC"]));
    // Two operators run what is at home, and two of them are one pair.
    assert!(sets("domestic").contains(&vec!["polytechnic", "republic-cloud"]), "{:?}", sets("domestic"));
    assert!(!sets("domestic").contains(&vec!["republic-cloud"]), "the polytechnic goes on");
    let levels: Vec<u8> = report.summary.substitutes.iter().map(|it| it.level).collect();
    assert_eq!(levels, [0, 1], "abroad leads to one deployment, domestic to three");
}

#[test]
fn an_answer_of_another_model_is_told() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    let facts = traffic.facts("tourism", "abroad");
    let Fate::Answered(usual) = answer("meridian-large-abroad", realm::ClassSet::EMPTY) else { panic!() };
    traffic.add(&facts, Fate::Answered(Answered { other_model: true, ..usual }));
    let report = measured(&place, &traffic);
    let told = Finding::OtherModel { deployment: id("meridian-large-abroad"), requests: 1 };
    assert!(report.findings.contains(&told));
}

#[test]
fn a_window_leaves_the_rest_out() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(3, ("tourism", "abroad"), "meridian-large-abroad");
    traffic.answers(2, ("rail-dispatch", "domestic"), "republic-8b-home");
    let counted = |window: Window| {
        let mut exposure = Exposure::new(&place.archive, window);
        traffic.requests.iter().for_each(|request| exposure.see(request));
        exposure.finish(Unread::default()).totals.used.requests
    };
    let day = crate::support::TODAY;
    let (before, after) = (day.yesterday().unwrap(), day.tomorrow().unwrap());
    assert_eq!(counted(Window { since: Some(day), until: Some(day), ..Window::default() }), 5);
    assert_eq!(counted(Window { since: Some(after), ..Window::default() }), 0);
    assert_eq!(counted(Window { until: Some(before), ..Window::default() }), 0);
    assert_eq!(counted(Window { apps: [id("tourism")].into(), ..Window::default() }), 3);
    assert_eq!(counted(Window { sectors: [id("transport")].into(), ..Window::default() }), 2);
}

#[test]
fn without_an_answer_it_says_so_and_shows_no_shares() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.denials(2, ("clinic", "abroad"));
    let told = measured(&place, &traffic).to_text(Lang::En, None);
    assert!(told.contains("2 denied by rules") && told.contains("Nothing was answered in this time"), "{told}");
    assert!(!told.contains("not declared") && !told.contains("LEVEL"), "{told}");
    traffic.answers(1, ("tourism", "abroad"), "meridian-large-abroad");
    let told = measured(&place, &traffic).to_text(Lang::En, None);
    assert!(!told.contains("Nothing was answered") && told.contains("LEVEL"), "{told}");
}

/// Ten answers in shadow raise what they were tried at, with its day; nine, or long ago, or elsewhere, do not.
#[test]
fn what_was_drilled_in_shadow_counts_for_more_and_decays() {
    const DAY_MS: u64 = 86_400_000;
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(3, ("rail-dispatch", "domestic"), "republic-8b-home");
    let facts = std::sync::Arc::new(traffic.facts("rail-dispatch", "domestic"));
    let level = |mirrors: usize, deployment: &str, days_ago: u64| {
        let mut exposure = Exposure::new(&place.archive, Window::default());
        traffic.requests.iter().for_each(|request| exposure.see(request));
        let at = realm::UnixMs(NOON.0 - days_ago * DAY_MS);
        for number in 0..mirrors {
            let fate = answer(deployment, realm::ClassSet::EMPTY);
            let request = Request { at, ended: at, cut: None, number: number as u64, facts: facts.clone(), fate };
            exposure.see_mirror(&Mirror {
                drill: "d1".to_owned(),
                of: format!("req-{number}"),
                request,
                tokens: 0,
                cost_nano: realm::Nano::ZERO,
            });
        }
        let report = exposure.finish(Unread::default());
        assert_eq!(report.totals.requests, 3, "a mirror is no use of anything");
        let substitute = report.summary.substitutes[0].clone();
        (substitute.level, substitute.tried.map(|it| (it.deployment.to_string(), it.mirrors, it.on.to_string())))
    };
    let found = Some(("tensor-32b-home".to_owned(), 10, "2026-11-22".to_owned()));
    assert_eq!(level(10, "tensor-32b-home", 1), (3, found));
    assert_eq!(level(9, "tensor-32b-home", 1), (1, None));
    assert_eq!(level(10, "tensor-32b-home", 91), (1, None), "ninety days have passed");
    assert_eq!(level(10, "meridian-large-abroad", 1), (1, None), "not on this route");
}
