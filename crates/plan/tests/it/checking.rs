//! The check accepts what the solver made and nothing else.

use std::sync::OnceLock;

use plan::Plan;
use plan::case::Case;
use plan::check::check;
use plan::plan::{read, write};
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::support::{self, case, changed, solved};

const RICH: [(&str, &str); 3] = [
    (
        "[[site]]\nid = \"south\"",
        "power_cap_mw = 100\npue = 1.1\nhall = { cost_per_mw = 9_000_000, life_years = 25 }\n[[site]]\nid = \"south\"",
    ),
    (
        "[[class]]",
        "[[storage]]\nid = \"battery\"\nhours = 2\nefficiency_store = 0.95\nefficiency_dispatch = 0.95\n\
         capital_cost_per_mw = 200_000\nlife_years = 15\nbuild = [{ site = \"north\" }]\n\n\
         [[budget]]\nid = \"state\"\nsource = \"state\"\nyear = 2026\nlimit_m = 900\ncovers = [\"accelerators\", \"energy\"]\n\n\
         [[policy]]\nid = \"co2\"\nkind = \"co2_cap\"\nyear = 2030\nt_max = 300_000\nbasis = \"law\"\n\n[[class]]",
    ),
    ("co2_t_per_mwh = 0.4", "co2_t_per_mwh = 0.4\nramp_up_per_h = 0.5\nramp_down_per_h = 0.5"),
];

fn rich() -> &'static (Case, Plan) {
    static ONCE: OnceLock<(Case, Plan)> = OnceLock::new();
    ONCE.get_or_init(|| {
        let case = case(&changed(&RICH));
        let plan = solved(&case);
        (case, plan)
    })
}

/// Changes one number of a plan by at least one and a tenth of itself.
fn altered(plan: &Plan, which: usize, down: bool) -> Plan {
    let mut plan = plan.clone();
    let mut numbers: Vec<&mut f64> = vec![&mut plan.objective];
    numbers.extend(plan.sources.iter_mut().chain(&mut plan.stores).chain(&mut plan.lines));
    numbers.extend(plan.halls.iter_mut().flatten());
    numbers.extend(plan.units.iter_mut().flatten().flatten());
    numbers.extend(plan.hourly.values_mut().flatten());
    let at = which % numbers.len();
    let change = 1.0 + 0.1 * numbers[at].abs();
    *numbers[at] += if down { -change } else { change };
    plan
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_alteration_is_refused(which in any::<usize>(), down in any::<bool>()) {
        let (case, plan) = rich();
        let other = altered(plan, which, down);
        assert!(!check(case, &other).findings.is_empty());
    }
}

#[test]
fn what_is_no_number_is_refused() {
    let (case, plan) = rich();
    let mut plan = plan.clone();
    plan.sources[0] = f64::NAN;
    assert!(!check(case, &plan).findings.is_empty());
}

#[test]
fn a_plan_reads_back_the_same_and_holds() {
    let dir = tempfile::tempdir().unwrap();
    let (from, out) = (dir.path().join("case"), dir.path().join("out"));
    std::fs::create_dir(&from).unwrap();
    support::write(&from, &changed(&RICH));
    let (case, plan) = rich();
    write(&from, case, plan, &out).unwrap();
    let again = plan::case::load(&out.join("case")).unwrap();
    let back = read(&again, &out).unwrap();
    assert!((back.objective - plan.objective).abs() < 1e-9 * plan.objective);
    assert!(check(&again, &back).findings.is_empty());
    // A second plan does not go over the first.
    assert!(write(&from, case, plan, &out).is_err());
}

#[test]
fn a_file_of_a_plan_that_was_cut_or_changed_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (from, out) = (dir.path().join("case"), dir.path().join("out"));
    std::fs::create_dir(&from).unwrap();
    support::write(&from, &changed(&RICH));
    let (case, plan) = rich();
    write(&from, case, plan, &out).unwrap();
    let csv = out.join("hourly.csv");
    let text = std::fs::read_to_string(&csv).unwrap();
    let cut = text.rsplit_once("2030,5").unwrap().0;
    std::fs::write(&csv, cut).unwrap();
    assert!(read(case, &out).is_err());
    std::fs::write(&csv, text.replacen("output_mw.north.gas", "output_mw.north.coal", 1)).unwrap();
    assert!(read(case, &out).is_err());
}
