//! A realm's stock as a case, and where the two differ: one is the other's inverse, and any change is named.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use plan::case::{Case, load};
use plan::start::facts::{Facts, read};
use plan::start::{Asked, Start, start};
use plan::stock::{About, Difference, differences};
use proptest::prelude::{ProptestConfig, any, proptest};
use realm::World;

use crate::realms::{example, realm_of, realm_with};
use crate::support::solved;

const YEARS: [i32; 3] = [2026, 2028, 2030];

fn begun(world: &World, facts: &Facts) -> Start {
    start(&Asked { world, facts, years: &YEARS, discount_rate: Some(0.07) })
}

fn nothing() -> Facts {
    Facts::new(Vec::new(), false, "EUR", BTreeMap::new())
}

/// What people would fill in: something that may stand there.
fn filled(text: &str) -> String {
    let value = |field: &str| match field {
        "pue" => "1.2",
        "control" => "[\"XA\"]",
        "jurisdiction" => "\"XA\"",
        "idle_w" | "failure_rate_per_year" | "marginal_cost_per_mwh" | "co2_t_per_mwh" => "0",
        "bought" | "in_service" => "2020",
        _ => "1",
    };
    let mut out = String::new();
    for line in text.lines() {
        let mut line = line.to_owned();
        while let Some(at) = line.find("= \"unknown\"") {
            let field = line[..at].trim_end().rsplit([' ', '{', ',']).next().unwrap().to_owned();
            line.replace_range(at..at + "= \"unknown\"".len(), &format!("= {}", value(&field)));
        }
        let _ = writeln!(out, "{line}");
    }
    out
}

fn case_of(text: &str) -> Case {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("case.toml"), text).unwrap();
    load(dir.path())
        .unwrap_or_else(|problems| panic!("{}\n{text}", realm::load::render(&problems, plan::Lang::En, false)))
}

/// The fields that a case is refused for, with their lines.
fn refused(text: &str) -> Vec<(String, usize)> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("case.toml"), text).unwrap();
    let problems = load(dir.path()).err().unwrap_or_default();
    assert!(problems.iter().all(|it| it.code == "case.to_fill_in"), "{problems:?}\n{text}");
    let field = |it: &plan::Diagnostic| it.args.iter().find(|(name, _)| *name == "field").unwrap().1.clone();
    problems.iter().map(|it| (field(it), it.line)).collect()
}

/// The examples' cases hold what their realms say stands, and nothing else does.
#[test]
fn the_cases_of_the_examples_agree_with_their_realms() {
    for name in ["republic", "ru-2030", "eu-2030"] {
        let case = load(&example(name).join("plan")).unwrap();
        assert_eq!(differences(&realm_of(name).world, &case), [], "{name}");
    }
}

/// Whatever nobody says is refused at its line, and once filled in the realm's stock is all there is.
#[test]
fn what_nobody_says_stops_the_plan_where_it_stands() {
    for name in ["republic", "ru-2030", "eu-2030"] {
        let snapshot = realm_of(name);
        let begun = begun(&snapshot.world, &nothing());
        let unknown = refused(&begun.text);
        let lines: Vec<&str> = begun.text.lines().collect();
        assert_eq!(
            unknown.len(),
            begun.text.matches("\"unknown\"").count() - 1,
            "each, but for the head: {}",
            begun.text
        );
        for (field, line) in &unknown {
            assert!(lines[line - 1].contains(field.as_str()) && lines[line - 1].contains("unknown"), "{field} {line}");
        }
        assert_eq!(differences(&snapshot.world, &case_of(&filled(&begun.text))), [], "{name}");
    }
}

/// With the figures of the example, the republic's start is a whole case; without work there is nothing to plan, and that has a plan.
#[test]
fn the_republic_starts_whole_by_its_own_figures() {
    let own = std::fs::read_to_string(example("republic").join("plan/figures.toml")).unwrap();
    let facts = Facts::new(read("figures.toml", &own).unwrap(), true, "EUR", BTreeMap::from([("USD".to_owned(), 0.9)]));
    let snapshot = realm_of("republic");
    let begun = begun(&snapshot.world, &facts);
    assert_eq!((refused(&begun.text), facts.unused()), (vec![], vec![]));
    let case = case_of(&begun.text);
    assert_eq!(differences(&snapshot.world, &case), []);
    let aurora = case.accelerators.iter().find(|it| it.id == "aurora-80").unwrap();
    // 700 watts alone, one and a half times with its host.
    assert_eq!((aurora.power_w, aurora.existing[0].units, aurora.existing[0].bought), (1050.0, 3840.0, 2024));
    let power = begun.taken.iter().find(|it| (it.id.as_str(), it.field) == ("aurora-80", "power_w")).unwrap();
    assert!((power.low - 980.0).abs() < 1e-9 && (power.high - 1120.0).abs() < 1e-9, "{power:?}");
    assert!(power.source.contains("tables/accelerators.toml") && power.source.contains("estimated"), "{power:?}");
    assert_eq!(solved(&case).units_standing(&case, 0, 0, 0), 3840.0 * (1.0_f64 - aurora.failure_rate_per_year).powi(2));
}

#[test]
fn a_source_to_come_serves_from_its_first_whole_year() {
    let snapshot = realm_of("republic");
    let text = filled(&begun(&snapshot.world, &nothing()).text);
    assert!(text.contains("mw = 55, in_service = 2033, energy_source = \"second-reactor\""), "{text}");
    let snapshot = realm_of("ru-2030");
    let text = filled(&begun(&snapshot.world, &nothing()).text);
    assert!(text.contains("mw = 110, in_service = 2032, energy_source = \"yakutia-reactors\""), "{text}");
    assert!(text.contains("grid_connection_mw = { 2026 = 0, 2028 = 40 }"), "the line of Mozhaisk: {text}");
}

/// A realm of some sites, each with machines, a line and a dam, of sizes that are drawn.
fn drawn(sites: usize, seed: u32) -> String {
    let mut text = String::new();
    let mut state = seed;
    let mut next = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % below
    };
    for at in 0..sites {
        let (power, count) = (10 + next(90), 1 + next(500));
        let kind = if next(2) == 0 { "fast" } else { "slow" };
        let since = if next(2) == 0 { ", since = 2024-03-01" } else { "" };
        let from = if next(2) == 0 { "available_from = 2027-06-01\n" } else { "" };
        let pue = if next(2) == 0 { "pue = \"1.2\"\n" } else { "" };
        let _ = write!(
            text,
            "[[site]]\nid = \"s{at}\"\nname = \"S{at}\"\njurisdiction = \"XA\"\npower_mw = \"{power}\"\n{pue}\
             nodes = [{{ kind = \"tray\", count = {count}, accelerators = 8, accelerator = \"{kind}\"{since} }}]\n\n\
             [[energy_source]]\nid = \"line{at}\"\nsite = \"s{at}\"\nkind = \"grid\"\npower_mw = \"{}\"\n\
             control = [\"XA\", \"XB\"]\n{from}\n\
             [[energy_source]]\nid = \"dam{at}\"\nsite = \"s{at}\"\nkind = \"hydro\"\npower_mw = \"{}\"\n\n",
            1 + next(100),
            1 + next(100),
        );
    }
    text
}

/// Changes one thing of a case's stock; says what must be named, and of which id.
fn spoiled(case: &mut Case, at: usize, which: u8) -> (About, String) {
    if which < 2 {
        return fewer_machines(case, at, which);
    }
    let site = case.sites[at].id.clone();
    if which == 2 {
        case.sites[at].jurisdiction = Some("XC".to_owned());
        return (About::Jurisdiction, site);
    }
    if which == 3 {
        case.sites[at].power_cap_mw = None;
        return (About::PowerMw, site);
    }
    let id = format!("line{at}");
    let line = case.sources.iter().position(|it| it.energy_source.as_ref() == Some(&id)).unwrap();
    let technology = case.sources[line].kind;
    let about = match which {
        4 => {
            case.sources[line].size = plan::case::Size::Fixed(case.sources[line].size.fixed() + 0.5);
            About::SourceMw
        }
        5 => {
            case.sources.remove(line);
            About::EnergySource
        }
        6 => {
            case.sources[line].in_service = 2040;
            About::InService
        }
        7 => {
            case.technologies[technology].control.remove("XB");
            About::Control
        }
        _ => {
            case.sources[line].energy_source = Some("nobody".to_owned());
            About::EnergySource
        }
    };
    (about, id)
}

/// One machine more at a site, or none left.
fn fewer_machines(case: &mut Case, at: usize, which: u8) -> (About, String) {
    let owns = |kind: &plan::case::Accelerator| kind.existing.iter().any(|it| it.site == at);
    let kind = case.accelerators.iter_mut().find(|it| owns(it)).unwrap();
    match which {
        0 => kind.existing.iter_mut().find(|it| it.site == at).unwrap().units += 1.0,
        _ => kind.existing.retain(|it| it.site != at),
    }
    (About::Units, kind.id.clone())
}

/// As many machines in all, and others since when: what is to come does not stand yet.
#[test]
fn since_when_how_many_stand_is_compared() {
    let nodes = |since: [&str; 2]| {
        let one = |count: u32, since: &str| {
            format!("{{ kind = \"tray\", count = {count}, accelerators = 8, accelerator = \"fast\"{since} }}")
        };
        let nodes = [one(100, since[0]), one(10, since[1])].join(", ");
        let site = "[[site]]\nid = \"s0\"\nname = \"S\"\njurisdiction = \"XA\"\npower_mw = \"10\"\n";
        realm_with(&format!("{site}nodes = [{nodes}]\n"))
    };
    let of = |realm: &World, change: &dyn Fn(&mut Case)| {
        let mut case = case_of(&filled(&begun(realm, &nothing()).text));
        assert_eq!(differences(realm, &case), []);
        change(&mut case);
        differences(realm, &case).into_iter().map(|it| (it.about, it.realm, it.case)).collect::<Vec<_>>()
    };
    let fast = |case: &mut Case| case.accelerators.iter().position(|it| it.id == "fast").unwrap();
    let dated = nodes([", since = 2024-03-01", ", since = 2029-01-01"]);
    let swapped = of(&dated.world, &|case| {
        let at = fast(case);
        let rows = &mut case.accelerators[at].existing;
        (rows[0].bought, rows[1].bought) = (rows[1].bought, rows[0].bought);
    });
    assert_eq!(
        swapped,
        [(About::Bought, Some("2024: 800, 2029: 80".to_owned()), Some("2024: 80, 2029: 800".to_owned()))]
    );
    let undated = nodes(["", ""]);
    let later = of(&undated.world, &|case| {
        let at = fast(case);
        case.accelerators[at].existing[0].bought = 2030;
    });
    assert!(matches!(later.as_slice(), [(About::Bought, None, Some(_))]), "{later:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_start_is_its_realm_and_any_change_is_named(sites in 1_usize..5, seed in any::<u32>(), at in 0_usize..5, which in 0_u8..9) {
        let snapshot = realm_with(&drawn(sites, seed));
        let mut case = case_of(&filled(&begun(&snapshot.world, &nothing()).text));
        assert_eq!(differences(&snapshot.world, &case), []);
        let (about, id) = spoiled(&mut case, at % sites, which);
        let found = differences(&snapshot.world, &case);
        let named: Vec<(About, &str)> = found.iter().map(|it: &Difference| (it.about, it.id.as_str())).collect();
        assert!(named.contains(&(about, id.as_str())), "{about:?} {id}: {found:?}");
        // A source that is another's name is missing under one and too much under the other.
        assert_eq!(named.len(), if which == 8 { 2 } else { 1 }, "{found:?}");
    }
}
