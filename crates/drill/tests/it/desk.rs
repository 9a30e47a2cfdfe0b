//! Desk drills on the example realm.

use drill::report::{Drill, DrillFinding, Measure, Move, Stop, Stopped, Verdict, Work};
use drill::{Exposure, Fate, Ratio, Unread, Window, desk};
use realm::load::Lang;
use realm::{ClassSet, DataClass, Jurisdiction};

use crate::support::{Place, Traffic, answer, id, republic, scenario};

fn run(place: &Place, traffic: &Traffic<'_>, text: &str) -> Drill {
    desk(traffic.requests.clone(), &place.archive, None, &scenario(text)).unwrap()
}

fn usual(place: &Place) -> Traffic<'_> {
    let mut traffic = Traffic::in_(place);
    traffic.answers(4, ("tourism", "best"), "meridian-large-abroad");
    traffic.answers(3, ("rail-dispatch", "abroad"), "meridian-large-abroad");
    traffic.answers(2, ("clinic", "domestic"), "republic-8b-home");
    traffic.denials(1, ("clinic", "abroad"));
    traffic
}

#[test]
fn a_lost_operator_moves_what_has_an_alternative_and_stops_what_has_none() {
    let place = republic();
    let report = run(&place, &usual(&place), "title = \"x\"\n[[cut]]\noperator = \"meridian-north\"\n");
    let (from, to) = (id("meridian-large-abroad"), id("republic-8b-home"));
    assert_eq!(report.moves, [Move { app: id("tourism"), from, to, requests: 4 }]);
    assert_eq!(report.stopped, [Stopped { app: id("rail-dispatch"), reason: Stop::NoAlternative, requests: 3 }]);
    let totals = report.totals;
    assert_eq!((totals.answered, totals.unchanged, totals.moved, totals.stopped), (9, 2, 4, 3));
    assert_eq!((totals.still_denied, totals.newly_permitted), (1, 0));
    // The railway and the hospital are critical three times over, the tourist office not at all.
    assert_eq!(report.survival.critical, Ratio::of(6, 15));
    assert_eq!(report.survival.requests, Ratio::of(6, 9));
    let stops = DrillFinding::CriticalStops { app: id("rail-dispatch"), stopped: Ratio::of(3, 3) };
    assert_eq!(report.findings[0], stops);
}

#[test]
fn cost_is_exact_and_energy_only_where_it_is_declared() {
    let place = republic();
    let report = run(&place, &usual(&place), "title = \"x\"\n[[cut]]\nmodel = \"meridian-large\"\n");
    // Nine answers at 50000 billionths; two stay, four move to 100 × 200 + 50 × 600.
    assert_eq!(report.cost.before.to_string(), "0.00045");
    assert_eq!(report.cost.after.to_string(), "0.0003");
    assert_eq!(report.cost.change_percent.unwrap().to_string(), "-33.33");
    assert_eq!((report.energy.unknown_tokens_before, report.energy.change_j), (7 * 150, None));
    assert!((report.energy.after_j - 6.0 * 150.0 * 1.2).abs() < 1e-9);
}

#[test]
fn the_work_of_an_app_follows_its_traffic_and_its_requests_wherever_they_go() {
    let place = republic();
    let cut = "title = \"x\"\n[[cut]]\nsite = \"capital-hall\"\n";
    let measured = |rail: usize| {
        let mut traffic = Traffic::in_(&place);
        traffic.answers(rail, ("rail-dispatch", "domestic"), "republic-8b-home");
        traffic.answers(3, ("tourism", "abroad"), "meridian-large-abroad");
        run(&place, &traffic, cut).work
    };
    let (once, twice) = (measured(2), measured(4));
    assert_eq!((once.before.len(), once.after.len(), once.hours), (2, 2, 1));
    let rail = |work: &[Work]| work.iter().find(|it| it.app.as_str() == "rail-dispatch").unwrap().clone();
    let (was, is) = (rail(&once.before), rail(&once.after));
    assert_eq!((was.model.unwrap().as_str(), was.tokens_by_hour[12], was.at_home), ("republic-8b", 300, true));
    assert_eq!(is.tokens_by_hour[12], 300, "the same tokens elsewhere");
    assert_ne!(is.deployment, was.deployment);
    assert_eq!(rail(&twice.before).tokens(), 600);
    // Nobody else's changed.
    let others =
        |work: &[Work]| work.iter().filter(|it| it.app.as_str() != "rail-dispatch").cloned().collect::<Vec<_>>();
    assert_eq!(others(&once.before), others(&twice.before));
    assert!(!others(&once.before)[0].at_home);
}

#[test]
fn a_hall_takes_everybody_in_it_along_and_so_does_the_source_that_it_needs() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(4, ("rail-dispatch", "domestic"), "republic-8b-home");
    traffic.answers(2, ("rail-dispatch", "domestic"), "tensor-32b-home");
    for (cut, moved) in [
        ("site = \"capital-hall\"", 4),
        ("energy = \"northern-reactor\"", 4),
        ("energy = \"river-dam\"", 0),
        ("energy = \"river-dam\"\n[[cut]]\nenergy = \"river-line\"", 2),
        ("maker = \"birch-microsystems\"", 2),
        ("accelerator = \"aurora-80\"", 4),
    ] {
        let report = run(&place, &traffic, &format!("title = \"x\"\n[[cut]]\n{cut}\n"));
        assert_eq!(report.totals.moved, moved, "{cut}");
    }
}

/// What is left of a source carries its part of the site: deployments stay, with as much less of their capacity.
#[test]
fn a_hall_that_can_draw_less_does_less_and_is_lost_only_where_nothing_comes() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    traffic.answers(4, ("rail-dispatch", "domestic"), "republic-8b-home");
    let capacity = |report: &Drill| report.targets[0].capacity_tokens_per_s;
    let dimmed = |report: &Drill| {
        let found = report.findings.iter().find_map(|it| match &it.finding {
            DrillFinding::Dimmed { site, given_mw, drawn_mw } => Some(format!("{site} {given_mw} {drawn_mw}")),
            _ => None,
        });
        found.unwrap_or_default()
    };
    for (left, wanted, tokens_per_s) in [
        ("left = \"0.5\"", "capital-hall 47.5 50", 19_000),
        ("left_mw = \"10\"", "capital-hall 30 50", 12_000),
        ("left = 0", "capital-hall 20 50", 8_000),
        ("left_mw = 30", "", 20_000),
        ("left_mw = 55", "", 20_000),
    ] {
        let report = run(&place, &traffic, &format!("title = \"x\"\n[[cut]]\nenergy = \"northern-reactor\"\n{left}\n"));
        assert_eq!((report.totals.unchanged, report.totals.moved), (4, 0), "{left}");
        assert_eq!((dimmed(&report).as_str(), capacity(&report)), (wanted, Some(tokens_per_s)), "{left}");
        assert_eq!(report.findings.iter().any(|it| *it == DrillFinding::NothingChanges), wanted.is_empty(), "{left}");
    }
    let both = "[[cut]]\nenergy = \"northern-reactor\"\nleft = 0\n[[cut]]\nenergy = \"capital-line\"\n";
    let report = run(&place, &traffic, &format!("title = \"x\"\n{both}"));
    assert_eq!((report.totals.unchanged, report.totals.moved), (0, 4), "nothing comes");
    let text =
        run(&place, &traffic, "title = \"x\"\n[[cut]]\nenergy = \"northern-reactor\"\nleft = 0\n").to_text(Lang::Ru);
    assert!(text.contains("20 из 50 МВт"), "{text}");
}

#[test]
fn a_price_times_ten_moves_nothing_and_costs() {
    let place = republic();
    let text = "title = \"x\"\n[[price]]\nprovider = \"standin-abroad\"\nfactor = \"10\"\n";
    let report = run(&place, &usual(&place), text);
    assert_eq!((report.totals.unchanged, report.totals.moved), (9, 0));
    assert_eq!(report.cost.after.to_string(), "0.0036");
    assert_eq!(report.cost.change_percent.unwrap().to_string(), "700");
    assert!(!report.findings.iter().any(|it| *it == DrillFinding::NothingChanges));
}

#[test]
fn a_law_that_binds_tomorrow_stops_by_its_name() {
    let place = republic();
    let text = "title = \"x\"\n[[law]]\nrule = \"strategic-sectors-amendment\"\nfrom = 2020-01-01\n";
    let report = run(&place, &usual(&place), text);
    let reason = Stop::Rules(vec!["strategic-sectors-amendment".to_owned()]);
    assert_eq!(report.stopped, [Stopped { app: id("rail-dispatch"), reason, requests: 3 }]);
    assert_eq!(report.totals.moved, 0, "leisure is not strategic");
    let off = "title = \"x\"\n[[law]]\nrule = \"strategic-sectors\"\non = false\n";
    let report = run(&place, &usual(&place), off);
    assert_eq!((report.totals.newly_permitted, report.totals.still_denied), (1, 0), "the clinic may go abroad");
    assert_eq!(report.newly_permitted[0].to, id("meridian-large-abroad"));
}

#[test]
fn an_export_control_looks_at_users() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    for (user, count) in [(Some("XC"), 2), (Some("XA"), 3), (None, 4)] {
        let mut facts = traffic.facts("bank-desk", "best");
        facts.user_in = user.map(Jurisdiction::new);
        // The bank is strategic, so it is served at home whoever asks; its tourists are not.
        facts.app = id("tourism");
        facts.purpose = "bookings".to_owned();
        (0..count).for_each(|_| traffic.add(&facts, answer("meridian-large-abroad", ClassSet::EMPTY)));
    }
    let text = "title = \"x\"\n[[cut]]\njurisdiction = \"XB\"\nusers = \"XA\"\n";
    let report = run(&place, &traffic, text);
    assert_eq!((report.totals.unchanged, report.totals.moved), (2, 7), "unsaid users are the office's own");
    let union = "title = \"x\"\n[[cut]]\njurisdiction = \"XB\"\nusers = \"NORTHERN-UNION\"\n";
    assert_eq!(run(&place, &traffic, union).totals.moved, 2);
}

#[test]
fn what_is_kept_in_bounds_is_told_by_class() {
    let place = republic();
    let mut traffic = Traffic::in_(&place);
    let mut facts = traffic.facts("bank-desk", "best");
    facts.app = id("lecture-notes");
    facts.purpose = "teaching".to_owned();
    facts.classes = ClassSet::of(DataClass::Personal);
    for _ in 0..3 {
        traffic.add(&facts, answer("meridian-large-abroad", ClassSet::EMPTY));
    }
    let report = run(&place, &traffic, "title = \"x\"\n[[law]]\nrule = \"transfer-origin\"\non = true\n");
    assert_eq!(report.totals.moved, 3);
    assert_eq!((report.protected[0].class, report.protected[0].kept), (DataClass::Personal, 3));
    assert_eq!(report.protected[0].leaving, 0);
    assert_eq!((report.in_clear.before, report.in_clear.after), (3, 0));
    let impact = drill::Impact::of(&report);
    let link = impact.chain.iter().find(|it| it.link == "in-clear").unwrap();
    assert_eq!((link.before, link.after), (Some(3.into()), Some(0.into())));
    let text = impact.to_text(Lang::En);
    let line = text.lines().find(|it| it.contains("abroad, in clear")).unwrap();
    assert!(line.ends_with("-3 (-100 %)"), "{text}");
}

#[test]
fn a_country_that_joins_the_bloc_is_home() {
    let place = republic();
    let mut world = place.compiled.world().clone();
    world.head.home = Jurisdiction::new("NORTHERN-UNION");
    world.admit(&Jurisdiction::new("XA"), &Jurisdiction::new("NORTHERN-UNION"));
    let compiled = std::sync::Arc::new(policy::compile(&world).unwrap());
    let archive = std::collections::HashMap::from([(place.snapshot, compiled)]);
    let union = Place { archive, ..place };
    let mut traffic = Traffic::in_(&union);
    traffic.denials(2, ("clinic", "abroad"));
    let text = "title = \"x\"\n[[gain]]\ncountry = \"XB\"\nbloc = \"NORTHERN-UNION\"\n";
    let report = run(&union, &traffic, text);
    assert_eq!((report.totals.newly_permitted, report.totals.still_denied), (2, 0));
}

#[test]
fn a_hypothesis_holds_fails_or_is_unknown() {
    let place = republic();
    let text = "title = \"x\"\n[[cut]]\noperator = \"meridian-north\"\n[hypothesis]\nsurvival_share_min = \"0.5\"\n\
                cost_change_max_percent = 0\nquality_loss_max_percent = 1\nwait_probability_max = \"0.1\"\n";
    let report = run(&place, &usual(&place), text);
    let lines: Vec<_> = report.hypothesis.iter().map(|line| (line.measure, line.verdict)).collect();
    let expected = [
        (Measure::SurvivalShare, Verdict::NotHeld),
        (Measure::CostChangePercent, Verdict::Held),
        (Measure::WaitProbability, Verdict::Held),
        (Measure::QualityLossPercent, Verdict::Unknown),
    ];
    assert_eq!(lines, expected);
    assert_eq!(report.hypothesis[0].measured.unwrap().to_string(), "0.4");
    for lang in [Lang::En, Lang::Ru] {
        let text = report.to_text(lang);
        assert!(text.contains("survival_share_min = 0.5") && text.contains("republic-8b-home"), "{text}");
    }
}

#[test]
fn the_busiest_hour_is_compared_with_what_is_declared() {
    let place = republic();
    let report = run(&place, &usual(&place), "title = \"x\"\n[[cut]]\noperator = \"meridian-north\"\n");
    let home = report.targets.iter().find(|it| it.deployment == id("republic-8b-home")).unwrap();
    assert_eq!((home.requests_before, home.requests_after), (2, 6));
    // 6 × 150 tokens in the hour.
    assert_eq!(home.tokens_per_s_after.to_string(), "0.25");
    assert_eq!(home.capacity_tokens_per_s, Some(20_000));
    // One stream does 150 tokens in 0.9 seconds; so many fit into what is declared.
    assert_eq!(home.servers, Some(120));
    assert_eq!(home.load_erlang.unwrap().to_string(), "0.0015");
    assert_eq!(home.wait_probability.unwrap().to_string(), "0");
    assert_eq!(home.median_ms, Some(896), "to one part in sixty-four");
}

#[test]
fn the_largest_is_what_the_traffic_says() {
    let place = republic();
    let traffic = usual(&place);
    let mut largest = scenario("title = \"x\"\n[[cut]]\nlargest = \"parent\"\n");
    assert!(largest.needs_exposure());
    let mut exposure = Exposure::new(&place.archive, Window::default());
    traffic.requests.iter().for_each(|request| exposure.see(request));
    largest.settle(&exposure.finish(Unread::default())).unwrap();
    let report = desk(traffic.requests.clone(), &place.archive, None, &largest).unwrap();
    assert_eq!(
        report.cut[0].what.as_ref().and_then(|key| key.name.as_deref()),
        Some("meridian-group"),
        "home's own group is larger and is no foreign one"
    );
    assert_eq!(report.totals.stopped, 3);
    let mut home = Traffic::in_(&place);
    home.answers(1, ("clinic", "domestic"), "republic-8b-home");
    let mut exposure = Exposure::new(&place.archive, Window::default());
    home.requests.iter().for_each(|request| exposure.see(request));
    let mut none = scenario("title = \"x\"\n[[cut]]\nlargest = \"parent\"\n");
    assert!(none.settle(&exposure.finish(Unread::default())).is_err());
}

#[test]
fn a_realm_of_tomorrow_decides_yesterdays_traffic() {
    let place = republic();
    let mut world = place.compiled.world().clone();
    world.routes.get_mut("best").unwrap().targets.remove(0);
    let tomorrow = std::sync::Arc::new(policy::compile(&world).unwrap());
    let traffic = usual(&place);
    let scenario = scenario("title = \"x\"\nbase = \"realm\"\n");
    let report = desk(traffic.requests.clone(), &place.archive, Some(&tomorrow), &scenario).unwrap();
    assert_eq!((report.totals.moved, report.totals.unchanged), (4, 5));
}

#[test]
fn what_cannot_be_replayed_is_told() {
    let place = republic();
    let mut traffic = usual(&place);
    let mut lost = traffic.facts("tourism", "best");
    lost.snapshot = realm::SnapshotId([9; 32]);
    traffic.add(&lost, answer("meridian-large-abroad", ClassSet::EMPTY));
    let failed = traffic.facts("tourism", "best");
    traffic.add(&failed, Fate::Failed);
    traffic.add(&failed, Fate::Refused);
    let report = run(&place, &traffic, "title = \"x\"\n[[cut]]\nusers = \"XE\"\n");
    assert_eq!(report.findings[0], DrillFinding::WithoutWorld { requests: 1 });
    assert_eq!((report.totals.failed, report.totals.refused), (1, 1));
    assert!(report.findings.iter().any(|it| *it == DrillFinding::NothingChanges));
}
