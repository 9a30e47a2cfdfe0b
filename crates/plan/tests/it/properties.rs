//! What must hold of plans, whatever the case.

use proptest::prelude::{ProptestConfig, proptest};

use crate::support::{built, case, changed, solved};

#[test]
fn reactors_come_in_whole_modules_with_a_proven_gap() {
    let relaxed = case(&changed(&[("module_mw = 70\n", "")]));
    let parts = built(&relaxed, &solved(&relaxed), "smr", 2030) / 70.0;
    assert!((parts - parts.round()).abs() > 0.05, "{parts} modules tell nothing");
    let whole = case(&changed(&[]));
    let plan = solved(&whole);
    let modules = built(&whole, &plan, "smr", 2030) / 70.0;
    assert!((modules - modules.round()).abs() < 1e-6 && modules > 0.5, "{modules}");
    assert!(plan.bound.is_some() && plan.gap() <= 1e-4, "{}", plan.gap());
    assert!(plan.objective >= solved(&relaxed).objective * (1.0 - 1e-9));
}

#[test]
fn a_reactor_serves_no_hour_before_its_lead_time() {
    // Whatever it costs: it is free, and still not there.
    let it = case(&changed(&[("capital_cost_per_mw = 3_000_000", "capital_cost_per_mw = 0")]));
    let plan = solved(&it);
    let smr = it.technologies.iter().position(|it| it.id == "smr").unwrap();
    let hours = it.hours.count();
    let output = |k: usize| -> f64 {
        let mine = plan
            .hourly
            .iter()
            .filter(|(track, _)| matches!(track, plan::plan::Track::Output { kind, .. } if *kind == smr));
        mine.map(|(_, series)| series[k * hours..(k + 1) * hours].iter().sum::<f64>()).sum()
    };
    assert!(output(0).abs() < 1e-9, "{}", output(0));
    assert!(output(1) > 1.0);
    // Ordered four years before, it would have been there.
    let early = case(&changed(&[("price_year = 2026", "price_year = 2026\nfirst_order_year = 2022")]));
    assert!(early.sources.iter().any(|it| it.kind == smr && it.in_service == 2026));
}

#[test]
fn a_binding_cap_of_chips_shows_in_accelerators_and_not_in_energy() {
    let second = "[[accelerator]]\nid = \"b\"\nmemory_gb = 80\npower_w = 1000\nprice = 60_000\nlife_years = 5\n\
                  pflops = { chat = 0.5, train = 0.4 }\n\n[[supply]]";
    let free = case(&changed(&[("[[supply]]", second)]));
    let tight = case(&changed(&[("[[supply]]", second), ("units_max = 20_000", "units_max = 3_000")]));
    let (before, after) = (solved(&free), solved(&tight));
    let units = |plan: &plan::Plan, a: usize| plan.units[a].iter().map(|it| it[0]).sum::<f64>();
    assert!(units(&before, 0) > 3_001.0 && units(&before, 1) < 1e-6);
    assert!((units(&after, 0) - 3_000.0).abs() < 1e-3);
    assert!((units(&after, 0) + units(&after, 1) - units(&before, 0)).abs() < 1e-3);
    let mw = |plan: &plan::Plan| plan.sources.iter().sum::<f64>();
    assert!((mw(&before) - mw(&after)).abs() < 1e-4, "{} {}", mw(&before), mw(&after));
    assert!(after.objective > before.objective * 1.0001);
}

#[test]
fn the_unit_of_money_and_the_size_of_the_country_change_nothing_else() {
    let base = solved(&case(&changed(&[]))).objective;
    let money = changed(&[
        ("marginal_cost_per_mwh = 60", "marginal_cost_per_mwh = 60_000"),
        ("marginal_cost_per_mwh = 10", "marginal_cost_per_mwh = 10_000"),
        ("capital_cost_per_mw = 1_000_000", "capital_cost_per_mw = 1_000_000_000"),
        ("capital_cost_per_mw = 3_000_000", "capital_cost_per_mw = 3_000_000_000"),
        ("price = 30_000", "price = 30_000_000"),
    ]);
    let dearer = solved(&case(&money)).objective;
    assert!((dearer / base / 1000.0 - 1.0).abs() < 1e-6, "{base} {dearer}");
    let size = changed(&[
        ("column = \"north\"", "column = \"north\", factor = 1000"),
        ("mw = 30\n", "mw = 30_000\n"),
        (
            "mw_max = 200 }, { site = \"south\", mw_max = 200",
            "mw_max = 200_000 }, { site = \"south\", mw_max = 200_000",
        ),
        ("[{ site = \"north\", mw_max = 200 }]", "[{ site = \"north\", mw_max = 200_000 }]"),
        ("module_mw = 70", "module_mw = 70_000"),
        ("fixed_mw = 10", "fixed_mw = 10_000"),
        ("units_max = 20_000", "units_max = 20_000_000"),
        ("2026 = 2000, 2030 = 4000", "2026 = 2_000_000, 2030 = 4_000_000"),
        ("demand_pflop_hours = 8_000_000", "demand_pflop_hours = 8_000_000_000"),
    ]);
    let larger = solved(&case(&size)).objective;
    assert!((larger / base / 1000.0 - 1.0).abs() < 1e-6, "{base} {larger}");
}

#[test]
fn a_site_split_in_two_by_a_free_line_costs_the_same() {
    let base = solved(&case(&changed(&[]))).objective;
    let split = changed(&[
        ("[[load]]\nid = \"town\"", "[[site]]\nid = \"south-port\"\njurisdiction = \"XB\"\n\n[[load]]\nid = \"town\""),
        ("site = \"south\"\nmw = 30", "site = \"south-port\"\nmw = 30"),
        ("[[line]]", "[[line]]\nid = \"free\"\nfrom = \"south\"\nto = \"south-port\"\nmw_max = 100_000\n\n[[line]]"),
    ]);
    let halves = solved(&case(&split)).objective;
    assert!((halves / base - 1.0).abs() < 1e-6, "{base} {halves}");
}

#[test]
fn what_must_survive_is_built_and_the_hour_is_checked() {
    let policy = "[[policy]]\nid = \"no-south\"\nkind = \"loss_of\"\nof = \"site:south\"\nyear = 2026\nbasis = \"law\"\n\n\
                  [[policy]]\nid = \"margin\"\nkind = \"reserve_margin\"\nmargin = 2.0\nyear = 2030\nbasis = \"physical\"\n\n[[class]]";
    let base = case(&changed(&[]));
    let with = case(&changed(&[("[[class]]", policy)]));
    let (before, mut after) = (solved(&base), solved(&with));
    assert!(after.objective > before.objective * 1.0001, "the policies cost nothing here and tell nothing");
    after.stress.clear();
    let rules: Vec<&str> = plan::check::check(&with, &after).findings.iter().map(|it| it.rule).collect();
    assert_eq!(rules, ["survival_missing"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn relaxing_a_cap_never_raises_the_cost(units in 14_000_u32..30_000, gas in 60_u32..200, more in 1_u32..5_000) {
        let capped = |units: u32, gas: u32| {
            let (units, gas) = (format!("units_max = {units}"), format!("mw_max = {gas} }}, {{ site = \"south\""));
            case(&changed(&[
                ("units_max = 20_000", &units),
                ("mw_max = 200 }, { site = \"south\"", &gas),
                ("module_mw = 70\n", ""),
            ]))
        };
        let cost = |units, gas| solved(&capped(units, gas)).objective;
        let tight = cost(units, gas);
        assert!(cost(units + more, gas) <= tight * (1.0 + 1e-9));
        assert!(cost(units, gas + more / 50) <= tight * (1.0 + 1e-9));
    }
}
