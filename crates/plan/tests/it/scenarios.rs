//! Scenarios: what changes nothing costs the same, what was begun is held, and nobody regrets less than nothing.

use plan::Lang;
use plan::case::{Case, load, load_scenarios};
use plan::scenario::{Compared, Scenario, compare, report};
use plan::solve::Options;
use proptest::prelude::{ProptestConfig, proptest};

use crate::support::{changed, solved, write};

const THREE: &str = r#"
[[scenario]]
id = "nothing"

[[scenario]]
id = "little-work"
demand = { chat = { 2026 = 1, 2030 = 0.2 } }
price = { fuel = { gas = 0.2 }, accelerator = { a = 0.9 } }

[[scenario]]
id = "late"
name = "reactors late"
name_ru = "реакторы поздно"
delay_years = { smr = 4 }
"#;

/// Scenarios, or the codes and lines of what is wrong with them.
type Read = Result<Vec<Scenario>, Vec<(&'static str, usize)>>;

/// The base, in which gas says that it burns gas.
fn case_with(scenarios: &str) -> (Case, Read) {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &changed(&[("id = \"gas\"\n", "id = \"gas\"\nfuel = \"gas\"\n")]));
    std::fs::write(dir.path().join("scenarios.toml"), scenarios).unwrap();
    let case = load(dir.path()).unwrap();
    let found = load_scenarios(dir.path(), &case);
    let places = |it: Vec<plan::Diagnostic>| {
        it.iter().for_each(|it| {
            for lang in [Lang::En, Lang::Ru] {
                let text = it.text(lang);
                assert!(text.expected.is_some() && !text.message.starts_with("case-"), "{}", it.code);
            }
        });
        it.into_iter().map(|it| (it.code, it.line)).collect()
    };
    (case, found.map_err(places))
}

fn compared(case: &Case, scenarios: Vec<Scenario>) -> Compared {
    let before = case.years[1].year;
    compare(case, scenarios, (&Options::default(), 2), (before, true), &|_| ())
}

#[test]
fn what_changes_nothing_costs_the_same_and_regret_is_never_below_nothing() {
    let (case, scenarios) = case_with(THREE);
    let found = compared(&case, scenarios.unwrap());
    let cost = |at: usize| found.outcomes[at].plan.as_ref().unwrap().objective;
    assert!((cost(0) / solved(&case).objective - 1.0).abs() < 1e-6, "{}", cost(0));
    assert!(cost(1) < 0.99 * cost(0) && cost(2) > 1.001 * cost(0), "{} {} {}", cost(0), cost(1), cost(2));
    for a in 0..3 {
        for b in 0..3 {
            if let Some(regret) = found.regret(a, b) {
                assert!(regret >= -(found.gap + 1e-6) * cost(b), "{a} {b}: {regret}");
            }
        }
        assert_eq!(found.regret(a, a), Some(0.0));
    }
    // A reactor that was ordered stays ordered where gas turns out to be cheap.
    assert!(found.regret(0, 1).unwrap() > 1e-3 * cost(1), "{:?}", found.costs);
    // Where it comes after the last year, nothing of it is of the case: gas serves as if it had not been ordered.
    assert!(found.regret(0, 2).unwrap().abs() < 1e-3 * cost(2), "{:?}", found.costs);
}

#[test]
fn a_delay_moves_what_is_ordered_and_a_cut_takes_its_share() {
    let (case, scenarios) = case_with(
        "[[scenario]]\nid = \"s\"\ndelay_years = { smr = 1 }\navailability = { gas = 0.5 }\n\
         supply_cut = [{ accelerator = \"a\", from_year = 2026, share = 1 }]\n",
    );
    let changed = scenarios.unwrap()[0].apply(&case);
    let smr = case.technologies.iter().position(|it| it.id == "smr").unwrap();
    assert_eq!(changed.technologies[smr].cost.lead_years, 5);
    let open = |case: &Case| case.sources.iter().filter(|it| it.kind == smr).map(|it| it.size).collect::<Vec<_>>();
    assert!(open(&case) != open(&changed), "the vintage of 2030 is not closed");
    assert_eq!(changed.supplies.iter().map(|it| it.units_max).collect::<Vec<_>>(), [0.0, 0.0]);
    assert!((changed.availability(0, 0, 0, 0) - 0.5).abs() < 1e-12);
    // No accelerator, no plan.
    let found = compared(&case, vec![Scenario::unchanged(), scenarios_of(&case)]);
    assert!(found.outcomes[1].plan.is_err() && found.regret(0, 1).is_none());
    let text = report(&case, &found, Lang::En).to_text();
    assert!(text.contains("no plan") && !text.contains("scen-") && !text.contains("{$"), "{text}");
    assert!(!report(&case, &found, Lang::Ru).to_html(false).contains("scen-"));
}

fn scenarios_of(case: &Case) -> Scenario {
    let (_, scenarios) =
        case_with("[[scenario]]\nid = \"none\"\nsupply_cut = [{ origin = \"XB\", from_year = 2026, share = 1 }]\n");
    assert_eq!(case.supplies.len(), 1);
    scenarios.unwrap().remove(0)
}

#[test]
fn each_mistake_of_a_scenario_is_named() {
    let wrong = [
        ("delay_years = { smrs = 1 }", "case.unknown_reference"),
        ("delay_years = { smr = 1.5 }", "case.wrong_type"),
        ("demand = { talk = 2 }", "case.unknown_reference"),
        ("demand = -1", "case.out_of_range"),
        ("availability = { gas = 2 }", "case.out_of_range"),
        ("price = { fuel = { coal = 2 } }", "case.unknown_reference"),
        ("price = { chips = { a = 2 } }", "case.unknown_field"),
        ("supply_cut = [{ origin = \"XB\", from_year = 2026, share = 0.5 }]", "case.no_cap"),
        ("supply_cut = [{ from_year = 2026, share = 1 }]", "case.supply_of"),
        ("colour = 3", "case.unknown_field"),
    ];
    for (text, code) in wrong {
        let (_, found) = case_with(&format!("[[scenario]]\nid = \"s\"\n{text}\n"));
        assert_eq!(found.unwrap_err(), [(code, 3)], "{text}");
    }
    let (_, found) = case_with("[[scenario]]\nid = \"s\"\n[[scenario]]\nid = \"s\"\n");
    assert_eq!(found.unwrap_err(), [("case.duplicate", 4)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_regrets_less_than_nothing(demand in 0.2..1.5_f64, gas in 0.3..3.0_f64, late in 0_i32..3, smr in 0.5..2.0_f64) {
        let text = format!(
            "[[scenario]]\nid = \"x\"\ndemand = {{ 2026 = 1, 2030 = {demand} }}\nprice = {{ fuel = {{ gas = {gas} }} }}\n\
             [[scenario]]\nid = \"y\"\ndelay_years = {{ smr = {late} }}\nprice = {{ technology = {{ smr = {smr} }} }}\n"
        );
        let (case, scenarios) = case_with(&text);
        let all = [vec![Scenario::unchanged()], scenarios.unwrap()].concat();
        let found = compared(&case, all);
        for a in 0..3 {
            for b in 0..3 {
                let own = found.outcomes[b].plan.as_ref().map_or(0.0, |it| it.objective);
                assert!(found.regret(a, b).is_none_or(|it| it >= -(found.gap + 1e-6) * own), "{text}: {:?}", found.costs);
            }
        }
    }
}
