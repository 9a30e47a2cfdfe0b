//! Where there is no plan, the limit in the way is named, law is left as it is, and what is named is enough.

use plan::case::Basis;
use plan::solve::{Failure, Options, solve};
use plan::why::{Answer, Why, why};
use proptest::prelude::{ProptestConfig, proptest};

use crate::support::{case, changed};

fn explained(text: &str) -> Why {
    let case = case(text);
    assert_eq!(solve(&case, &Options::default(), &mut |_| ()).unwrap_err(), Failure::Infeasible);
    match why(&case, &Options::default()).unwrap() {
        Answer::Infeasible(why) => *why,
        other => panic!("{other:?}"),
    }
}

/// Instead of what may be built at both sites: a vintage with a cap of its own at one.
const VINTAGE: &str = "build = [{ site = \"south\" }]\n\n[[source]]\nid = \"g\"\nsite = \"north\"\ntechnology = \"gas\"\nin_service = 2026\nmw_max = 10";

const POLICY: &str = "[[class]]";
const NO_LINE: (&str, &str) = ("fixed_mw = 10", "fixed_mw = 0");

fn policy(rest: &str) -> String {
    format!("[[policy]]\nid = \"it\"\nyear = 2026\nbasis = \"law\"\n{rest}\n\n[[class]]")
}

fn budget(covers: &str, limit: &str) -> String {
    format!(
        "[[budget]]\nid = \"it\"\nsource = \"state\"\nyear = 2026\nlimit_m = {limit}\ncovers = [\"{covers}\"]\n\n[[class]]"
    )
}

fn site(rest: &str) -> String {
    format!("{rest}\n[[site]]\nid = \"south\"")
}

/// Cases where supply, a policy or money is too tight, and the name of that limit.
fn rules() -> Vec<(String, &'static str)> {
    let one = |changes: &[(&str, &str)]| changed(changes);
    vec![
        (one(&[("units_max = 20_000", "units_max = 4_500")]), "supply.a-2026"),
        (one(&[("accelerator = \"a\"", "origin = \"XB\""), ("units_max = 20_000", "units_max = 10")]), "supply.a-2026"),
        (
            one(&[NO_LINE, ("mw_max = 200 }, {", "mw_max = { 2026 = 10, 2030 = 200 } }, {")]),
            "technology.gas.north.mw_max.2026",
        ),
        (one(&[(POLICY, &policy("kind = \"co2_cap\"\nt_max = 1000"))]), "policy.it"),
        (
            one(&[
                (POLICY, &policy("kind = \"home_share\"\nshare = 0.9")),
                ("marginal_cost_per_mwh = 60", "marginal_cost_per_mwh = 60\ncontrol = [\"XC\"]"),
            ]),
            "policy.it",
        ),
        (
            one(&[
                (POLICY, &policy("kind = \"reserve_margin\"\nmargin = 0.2")),
                ("marginal_cost_per_mwh = 60", "marginal_cost_per_mwh = 60\nfirm_share = 0"),
            ]),
            "policy.it",
        ),
        (one(&[(POLICY, &policy("kind = \"loss_of\"\nof = \"technology:gas\""))]), "policy.it"),
        (one(&[(POLICY, &policy("kind = \"loss_of\"\nof = \"site:north\""))]), "policy.it"),
        (one(&[(POLICY, &budget("energy", "5"))]), "budget.it"),
        (one(&[(POLICY, &budget("accelerators", "5"))]), "budget.it"),
        (one(&[(POLICY, &budget("running", "5"))]), "budget.it"),
    ]
}

/// The same where a place has too little.
fn places() -> Vec<(String, &'static str)> {
    let south = "[[site]]\nid = \"south\"";
    let build = "build = [{ site = \"north\", mw_max = 200 }, { site = \"south\", mw_max = 200 }]";
    let one = |changes: &[(&str, &str)]| changed(changes);
    vec![
        (
            one(&[
                NO_LINE,
                (south, &site("grid_connection_mw = { 2026 = 5, 2030 = 500 }")),
                ("marginal_cost_per_mwh = 60", "marginal_cost_per_mwh = 60\nvia_grid = true"),
            ]),
            "site.north.grid_connection_mw.2026",
        ),
        (one(&[(south, &site("power_cap_mw = { 2026 = 0.5, 2030 = 500 }"))]), "site.north.power_cap_mw.2026"),
        (
            one(&[(south, &site("hall = { cost_per_mw = 9_000_000, mw_max = { 2026 = 0.5, 2030 = 500 } }"))]),
            "site.north.hall.mw_max.2026",
        ),
        (
            one(&[
                NO_LINE,
                (south, &site("area_km2 = 0.1")),
                ("life_years = 25", "life_years = 4"),
                ("marginal_cost_per_mwh = 60", "marginal_cost_per_mwh = 60\narea_km2_per_mw = 0.01"),
            ]),
            "site.north.area_km2.2026",
        ),
        (one(&[NO_LINE, (build, VINTAGE)]), "source.g.mw_max"),
        (
            one(&[(build, "build = [{ site = \"north\", mw_max = 200 }]"), ("fixed_mw = 10", "mw_max = 5")]),
            "line.tie.mw_max",
        ),
    ]
}

fn cases() -> Vec<(String, &'static str)> {
    rules().into_iter().chain(places()).collect()
}

#[test]
fn each_case_with_one_limit_too_tight_names_exactly_it() {
    for (text, limit) in cases() {
        let found = explained(&text);
        let names: Vec<&str> = found.causes.iter().map(|it| it.limit.as_str()).collect();
        assert_eq!(names, [limit]);
    }
}

#[test]
fn law_is_named_and_neither_priced_nor_relaxed() {
    for (text, limit) in cases() {
        let (case, found) = (case(&text), explained(&text));
        let law = found.causes.iter().any(|it| it.basis == Some(Basis::Law));
        assert_eq!(law, limit.starts_with("policy") || limit.starts_with("supply"), "{limit}");
        assert!(found.causes.iter().all(|it| it.basis != Some(Basis::Law) || it.needed.is_none()));
        assert!(found.without_law.iter().all(|it| it.basis != Some(Basis::Law)));
        assert_eq!(law, !found.without_law.is_empty(), "{limit}");
        for lang in [plan::Lang::En, plan::Lang::Ru] {
            let said = found.to_text(&case, lang);
            assert!(said.contains(limit) && !said.contains("why-"), "{said}");
        }
    }
}

#[test]
fn how_far_a_limit_has_to_give_is_enough_and_no_more() {
    let tight = |mw: f64| {
        let most = format!("mw_max = {mw} }}, {{ site = \"south\"");
        case(&changed(&[NO_LINE, ("mw_max = 200 }, { site = \"south\"", &most)]))
    };
    let found =
        explained(&changed(&[NO_LINE, ("mw_max = 200 }, { site = \"south\"", "mw_max = 10 }, { site = \"south\"")]));
    let needed = found.causes[0].needed.unwrap();
    assert!(solve(&tight(needed * 1.0001), &Options::default(), &mut |_| ()).is_ok());
    assert!(solve(&tight(needed * 0.999), &Options::default(), &mut |_| ()).is_err());
    assert_eq!(found.first_year, Some(2030));
}

#[test]
fn what_is_plain_is_said_before_anything_is_solved() {
    let check = |text: &str| explained(text).named.iter().map(|it| (it.check, it.year)).collect::<Vec<_>>();
    let residency = check(&changed(&[("jurisdictions = [\"XA\"]", "jurisdictions = [\"XD\"]")]));
    assert_eq!(residency, [("residency", 2026), ("residency", 2030)]);
    let memory = check(&changed(&[("jurisdictions = [\"XA\"]", "memory_gb_min = 500")]));
    assert_eq!(memory, [("no_accelerator", 2026), ("no_accelerator", 2030)]);
    assert_eq!(check(&changed(&[("units_max = 20_000", "units_max = 100")]))[0], ("supply", 2026));
    let gas = "build = [{ site = \"north\", mw_max = 200 }, { site = \"south\", mw_max = 200 }]";
    assert_eq!(check(&changed(&[(gas, "")]))[0], ("no_source", 2026));
    let small = "build = [{ site = \"north\", mw_max = 20 }, { site = \"south\", mw_max = 20 }]";
    assert_eq!(check(&changed(&[(gas, small)]))[0], ("capacity", 2026));
}

#[test]
fn only_less_demand_helps_where_no_cap_is_in_the_way() {
    let found = explained(&changed(&[("jurisdictions = [\"XA\"]", "jurisdictions = [\"XD\"]")]));
    let names: Vec<&str> = found.causes.iter().map(|it| it.limit.as_str()).collect();
    assert_eq!(names, ["class.chat.2026", "class.chat.2030"]);
    assert_eq!(found.first_year, None);
}

#[test]
fn a_case_with_a_plan_has_nothing_in_the_way() {
    let one = case(&changed(&[("module_mw = 70\n", "")]));
    assert!(matches!(why(&one, &Options::default()).unwrap(), Answer::Feasible));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lifting_what_is_named_makes_a_plan_possible(units in 1_u32..9_000, gas in 1_u32..60, t_max in 1_u32..900_000) {
        let (units, gas) = (format!("units_max = {units}"), format!("mw_max = {gas} }}, {{ site = \"south\""));
        let cap = policy(&format!("kind = \"co2_cap\"\nt_max = {t_max}"));
        let changes = [("units_max = 20_000", units.as_str()), ("mw_max = 200 }, { site = \"south\"", &gas), (POLICY, &cap)];
        let text = changed(&changes);
        let found = match why(&case(&text), &Options::default()).unwrap() {
            Answer::Infeasible(why) => why,
            Answer::Feasible | Answer::Modules => return Ok(()),
            Answer::Conflict(rows) => panic!("{rows:?}"),
        };
        let named = |limit: &str| found.causes.iter().any(|it| it.limit.starts_with(limit));
        let lifted: Vec<(&str, &str)> = [
            ("supply.a-2026", (units.as_str(), "units_max = 10_000_000")),
            ("technology.gas.north", (&gas, "mw_max = 10_000 }, { site = \"south\"")),
            ("policy.it", (&cap, POLICY)),
        ]
        .into_iter()
        .filter(|(limit, _)| named(limit))
        .map(|(_, change)| change)
        .collect();
        assert!(!lifted.is_empty());
        let text = lifted.iter().fold(text, |text, (from, to)| text.replacen(from, to, 1));
        assert!(solve(&case(&text), &Options::default(), &mut |_| ()).is_ok(), "{:?}", found.causes);
    }
}

#[test]
fn nothing_served_is_said_in_words_and_not_in_percents() {
    let cause = plan::why::Cause { limit: "class.chat.2030".into(), basis: None, allowed: None, needed: Some(1e-9) };
    for lang in [plan::Lang::En, plan::Lang::Ru] {
        let text = cause.to_text(lang);
        assert!(!text.contains('%') && !text.contains("why-"), "{text}");
        let half = plan::why::Cause { needed: Some(0.5), ..cause.clone() }.to_text(lang);
        assert!(half.contains("50"), "{half}");
    }
}
