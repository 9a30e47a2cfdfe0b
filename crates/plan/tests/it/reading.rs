//! What is wrong with a case is said with its place, all of it in one run; what is right is read.

use plan::case::load;

use crate::support::{changed, write};

/// The codes of the problems with their lines, sorted.
fn problems(text: &str, series: Option<&str>) -> Vec<(String, usize)> {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), text);
    if let Some(series) = series {
        std::fs::write(dir.path().join("load.csv"), series).unwrap();
    }
    let problems = load(dir.path()).unwrap_err();
    for problem in &problems {
        for lang in [plan::Lang::En, plan::Lang::Ru] {
            let text = problem.text(lang);
            assert!(text.expected.is_some(), "{} says nothing of what was expected", problem.code);
            assert!(!text.message.starts_with("case-"), "{} has no message", problem.code);
        }
    }
    problems.iter().map(|it| (it.code.to_owned(), it.line)).collect()
}

fn only(text: &str, code: &str) {
    let found = problems(text, None);
    assert_eq!(found.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), [code]);
    assert!(found[0].1 > 0, "{code} has no line");
}

#[test]
fn each_mistake_is_named() {
    let cases: &[(&str, &str, &str)] = &[
        ("life_years = 25", "life_years = -25", "case.out_of_range"),
        ("power_w = 1000", "power_kw = 1", "case.wrong_unit"),
        ("weight = 1460", "weight = 365", "case.weights_sum"),
        ("id = \"port\"", "id = \"town\"", "case.duplicate"),
        ("to = \"south\"", "to = \"suoth\"", "case.unknown_reference"),
        ("column = \"north\"", "column = \"nord\"", "case.no_column"),
        ("file = \"load.csv\"", "file = \"lod.csv\"", "case.unreadable"),
        ("file = \"load.csv\"", "file = \"../load.csv\"", "case.outside"),
        ("basis = \"law\"", "basis = \"rule\"", "case.wrong_type"),
        ("basis = \"law\"", "", "case.missing_field"),
        ("spending = [0.25, 0.25, 0.25, 0.25]", "spending = [0.5, 0.6]", "case.spending_sum"),
        ("spending = [0.25, 0.25, 0.25, 0.25]", "spending = [0.2, 0.2, 0.2, 0.2, 0.1, 0.1]", "case.spending_years"),
        ("fixed_mw = 10", "fixed_mw = 10\nmw_max = 20", "case.size_twice"),
        ("fixed_mw = 10", "mw_min = 30\nmw_max = 20", "case.bounds"),
        ("fixed_mw = 10", "fixed_mw = 10\nefficiency = 0.9", "case.one_way"),
        ("to = \"south\"", "to = \"north\"", "case.line_ends"),
        ("memory_gb = 80", "memory_gb = 80\ncolour = 3", "case.unknown_field"),
        ("id = \"port\"", "id = \"port\"\nname_ru = \"порт\"", "case.missing_field"),
        ("price_year = 2026", "price_year = -5", "case.wrong_type"),
        ("[[year]]\nyear = 2026\n", "[[year]]\nyear = 2026\nyears = 1e9\n", "case.wrong_type"),
        ("id = \"port\"", "id = \"port\"\nname = \"a\\u001b[2J\"", "case.wrong_type"),
        ("id = \"port\"", "id = \"port\"\nname = \" \"", "case.wrong_type"),
        ("memory_gb = 80", "memory_gb = 1e300", "case.out_of_range"),
        ("accelerator = \"a\"\n", "", "case.supply_of"),
        ("kind = \"training\"", "kind = \"learning\"", "case.wrong_type"),
        ("currency = \"EUR\"", "currency = \"euro\"", "case.wrong_type"),
    ];
    for (from, to, code) in cases {
        if *code == "case.wrong_type" && from.starts_with("kind") {
            let codes: Vec<String> = problems(&changed(&[(from, to)]), None).into_iter().map(|it| it.0).collect();
            assert!(codes.contains(&(*code).to_owned()), "{codes:?}");
            continue;
        }
        only(&changed(&[(from, to)]), code);
    }
}

#[test]
fn each_mistake_about_a_loss_is_named() {
    let cases: &[(&str, &str, &str)] = &[
        ("mw = 30\n", "mw = 30\nsource = \"me\"\nunserved_cost_per_mwh = -1\n", "case.out_of_range"),
        ("mw = 30\n", "mw = 30\nsource = \"me\"\nunserved_cost_per_mwh = 0\n", "case.out_of_range"),
        ("mw = 30\n", "mw = 30\nsource = \"me\"\nunserved_cost_per_kwh = 1\n", "case.wrong_unit"),
        ("mw = 30\n", "mw = 30\nunserved_cost_per_mwh = 1\n", "case.uncited"),
        ("mw = 30\n", "mw = 30\nsource = \" \"\nunserved_cost_per_mwh = 1\n", "case.uncited"),
        ("mw = 30\n", "mw = 30\nsource = { mw = \"me\" }\nunserved_cost_per_mwh = 1\n", "case.uncited"),
        ("mw = 30\n", "mw = 30\nunserved_share_max = 0.5\n", "case.unserved_share"),
        (
            "= 8_000_000",
            "= 8_000_000\nsource = \"me\"\nunserved_cost_per_pflop_h = 1\nunserved_share_max = 1.5",
            "case.out_of_range",
        ),
        ("= 8_000_000", "= 8_000_000\nsource = \"me\"\nunserved_cost_per_m_tokens = 1", "case.unserved_unit"),
        (
            "= 8_000_000",
            "= 8_000_000\ngflop_per_token = 9\nsource = \"me\"\nunserved_cost_per_m_tokens = 1\nunserved_cost_per_pflop_h = 1",
            "case.unserved_twice",
        ),
    ];
    for (from, to, code) in cases {
        only(&changed(&[(from, to)]), code);
    }
}

#[test]
fn a_gap_a_stranger_and_a_missing_hour_of_a_series_are_refused_with_their_line() {
    let text = changed(&[]);
    let one = |series: &str| problems(&text, Some(series)).remove(0);
    assert_eq!(one("hour,north\n0,1\n1,1\n3,1\n4,1\n5,1\n"), ("case.csv_gap".to_owned(), 4));
    assert_eq!(one("hour,north\n0,1\n1,x\n2,1\n3,1\n4,1\n5,1\n"), ("case.csv_number".to_owned(), 3));
    assert_eq!(one("hour,north\n0,1\n1,1\n").0, "case.csv_hours");
    assert_eq!(one("hour,north\n0,1\n1,1,1\n").0, "case.csv_cells");
    assert_eq!(one("t,north\n0,1\n").0, "case.csv_column");
    assert_eq!(one("hour,north,north\n0,1,1\n1,1,1\n").0, "case.csv_twice");
    assert_eq!(one("hour,north\n0,1\n1,1\n2,-4\n3,1\n4,1\n5,1\n").0, "case.series_range");
}

#[test]
fn all_problems_come_in_one_run() {
    let text = changed(&[
        ("life_years = 25", "life_years = -25"),
        ("power_w = 1000", "power_kw = 1"),
        ("to = \"south\"", "to = \"suoth\""),
        ("weight = 1460", "weight = 365"),
        ("basis = \"law\"", "basis = \"rule\""),
    ]);
    let found = problems(&text, Some("hour,north\n0,1\n2,1\n"));
    assert_eq!(found.len(), 6, "{found:?}");
}

#[test]
fn the_example_of_the_guide_is_a_case_and_has_a_plan() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/plan/two-halls");
    let case = load(&dir).unwrap_or_else(|it| panic!("{}", realm::load::render(&it, plan::Lang::En, false)));
    crate::support::solved(&case);
    let page = std::fs::read_to_string(dir.join("../../../docs/plan-cases.md")).unwrap();
    let text = std::fs::read_to_string(dir.join("case.toml")).unwrap();
    let (_, below) = text.split_once('\n').unwrap();
    assert!(page.contains(below.trim()), "the page and examples/plan/two-halls/case.toml differ");
}

#[test]
fn a_cell_that_cannot_be_is_shown_where_it_stands_and_a_factor_where_it_does() {
    let of = |text: &str, series: &str| {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), text);
        std::fs::write(dir.path().join("load.csv"), series).unwrap();
        let problems = load(dir.path()).unwrap_err();
        let places = problems.iter().map(|it| (it.code, it.file.display().to_string(), it.line));
        places.collect::<Vec<_>>()
    };
    let series = |third: &str| format!("hour,north\n0,30\n1,31\n2,{third}\n3,30\n4,30\n5,30\n");
    assert_eq!(of(&changed(&[]), &series("-3")), [("case.series_range", "load.csv".to_owned(), 4)]);
    let negative = changed(&[("column = \"north\"", "column = \"north\", factor = -1")]);
    let found = of(&negative, &series("30"));
    assert_eq!((found[0].0, found[0].1.as_str()), ("case.series_range", "case.toml"));
}

/// How fast a kind does a class stands in its table or in a row of its own, and is one of both.
#[test]
fn a_rate_in_operations_may_stand_in_a_row_of_its_own() {
    let row = |rate: &str| {
        format!("[[throughput]]\naccelerator = \"a\"\nclass = \"train\"\n{rate}\nsource = \"me\"\n\n[[supply]]")
    };
    let alone = "pflops = { chat = 0.5 }";
    let both = "pflops = { chat = 0.5, train = 0.4 }";
    let apart = crate::support::case(&changed(&[(both, alone), ("[[supply]]", &row("pflops = 0.4"))]));
    let within = crate::support::case(&changed(&[]));
    assert_eq!(apart.accelerators[0].pflops, within.accelerators[0].pflops);
    only(&changed(&[("[[supply]]", &row("pflops = 0.4"))]), "case.rate_twice");
    only(&changed(&[(both, alone), ("[[supply]]", &row("tokens_per_s = 9"))]), "case.not_tokens");
    only(&changed(&[(both, alone), ("[[supply]]", &row(""))]), "case.missing_field");
}

#[test]
fn a_directory_that_is_not_there_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let problems = load(&dir.path().join("nowhere")).unwrap_err();
    let text = realm::load::render(&problems, plan::Lang::En, false);
    assert!(text.contains("nowhere"), "{text}");
}
