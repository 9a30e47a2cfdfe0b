//! Wrong models: each is refused at its line, with its reason in both languages.

use realm::load::Lang;

use crate::support::{SOUND, parse, parse_with, said};

/// What is replaced, by what, the code, and a text of the line that is pointed at.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("title = \"A model", "titel = \"A model", "forecast.unknown_field", "titel"),
    ("title = \"A model that is sound\"\n", "", "forecast.missing_field", "[forecast]"),
    ("last_year = 2030", "last_year = 2020", "forecast.years", "last_year"),
    ("last_year = 2030", "last_year = \"soon\"", "forecast.wrong_value", "last_year"),
    ("owner = \"ann\"\n", "", "forecast.missing_field", "[[input]]"),
    ("expires = 2027-12-31", "expires = 2026-06-30", "forecast.expired", "2026-06-30"),
    ("expires = 2027-12-31", "expires = 2025-06-30", "forecast.expires_first", "2025-06-30"),
    ("date = 2026-01-01", "date = 2027-01-01", "forecast.not_yet", "2027-01-01"),
    ("basis = \"measured\"", "basis = \"meassured\"", "forecast.unknown_word", "meassured"),
    ("unit = \"bn EUR/year\"", "unit = \"bn EUROS/year\"", "forecast.unknown_unit", "EUROS"),
    ("unit = \"bn EUR/year\"", "unit = \"bn EUR//year\"", "forecast.bad_unit", "EUR//year"),
    ("value = \"90 to 110\"", "value = \"110 to 90\"", "forecast.not_in_order", "110 to 90"),
    ("value = \"90 to 110\"", "value = \"ninety\"", "forecast.no_distribution", "ninety"),
    ("{ pert = [0.1, 0.2, 0.4] }", "{ pert = [0.1, 0.5, 0.4] }", "forecast.mode_outside", "pert"),
    ("{ beta = [3, 7] }", "{ beta = [3, 0] }", "forecast.not_positive", "beta"),
    ("{ beta = [3, 7] }", "{ beta = [1e-300, 1e300] }", "forecast.shape_outside", "beta"),
    ("{ beta = [3, 7] }", "{ quantiles = { \"0.5\" = 1, \"0.9\" = 0.5 } }", "forecast.not_rising", "quantiles"),
    ("{ beta = [3, 7] }", "{ mixture = [] }", "forecast.no_weights", "mixture"),
    ("price = \"nominal\"", "price = \"real\"", "forecast.real_without_year", "contract"),
    ("price = \"nominal\"", "price = \"nominal\", base_year = 2020", "forecast.year_without_real", "contract"),
    ("id = \"exposed\"", "id = \"output\"", "forecast.name_taken", "output"),
    ("id = \"exposed\"", "id = \"year\"", "forecast.name_taken", "year"),
    ("[\"exposed\", \"saving\"]", "[\"exposed\", \"savings\"]", "forecast.unknown_name", "between"),
    ("[\"exposed\", \"saving\"]", "[\"exposed\", \"exposed\"]", "forecast.correlated_with_itself", "between"),
    ("[\"exposed\", \"saving\"]", "[\"exposed\", \"for_this\"]", "forecast.correlated_constant", "between"),
    ("rank = 0.4", "rank = 1.2", "forecast.wrong_value", "rank"),
    ("{ year = 2027, accelerators = 300, power_mw = 0.4 },\n", "", "forecast.capacity_lacks", "[capacity]"),
    ("{ year = 2027,", "{ year = 2026,", "forecast.capacity_twice", "[capacity]"),
    ("accelerators = 300", "accelerators = -300", "forecast.wrong_value", "-300"),
    ("throughput = \"throughput\"", "throughput = \"troughput\"", "forecast.unknown_name", "[[sector]]"),
    ("intensity = \"intensity\"", "intensity = \"saving\"", "forecast.unlike_units", "[[sector]]"),
    ("curve = \"bass\"", "curve = \"gauss\"", "forecast.unknown_word", "gauss"),
    ("p = \"p\"", "p = \"saving\"", "forecast.argument_unit", "[[sector]]"),
    ("formula = \"sectors.value\"", "formula = \"sectors.value +\"", "forecast.formula", "formula"),
    ("formula = \"sectors.value\"", "formula = \"sectors.value * power_each\"", "forecast.unit_of_figure", "formula"),
    ("formula = \"sectors.value\"", "formula = \"sectors.value + output\"", "forecast.unlike_contracts", "formula"),
    ("formula = \"sectors.value\"", "formula = \"sectors.gross + saving\"", "forecast.unlike_units", "formula"),
    ("formula = \"sectors.value\"", "formula = \"output\"", "forecast.contract_of_figure", "formula"),
    ("formula = \"sectors.value\"", "formula = \"effect * 2\"", "forecast.circular", "formula"),
    ("formula = \"sectors.value\"", "formula = \"sum(sectors.value)\"", "forecast.unknown_function", "formula"),
    ("formula = \"sectors.value\"", "formula = \"max(sectors.value)\"", "forecast.arguments", "formula"),
    ("formula = \"sectors.value\"", "formula = \"sectors.value * exp(output)\"", "forecast.argument_unit", "formula"),
    ("formula = \"sectors.value\"", "formula = \"min(sectors.value, output)\"", "forecast.unlike_contracts", "formula"),
    ("figure = \"effect\"", "figure = \"efect\"", "forecast.unknown_name", "efect"),
    ("unit = \"bn EUR\"", "unit = \"bn USD\"", "forecast.target_unit", "bn USD"),
    ("by = 2030", "by = 2040", "forecast.target_year", "2040"),
    ("span = \"unstated\"", "span = \"cumulative\"", "forecast.target_unlike", "[[target]]"),
    ("cites = \"acemoglu-2024\"", "cites = \"acemoglu\"", "forecast.unknown_belief", "acemoglu"),
    ("assumes = \"the share", "# \"the share", "forecast.belief_unlike", "[[belief]]"),
    ("{ beta = [3, 7] }", "\"0.2 to 1.5\"", "forecast.share_outside", "saving"),
    ("value = 0.5\nunit", "value = 1.5\nunit", "forecast.share_outside", "for_this"),
    ("[[correlation]]", "[[correlation]", "forecast.syntax", "[[correlation]"),
];

#[test]
fn each_wrong_model_is_refused_at_its_line_in_both_languages() {
    for (from, to, code, line) in CASES {
        assert!(SOUND.contains(from), "`{from}` is not in the model");
        let text = SOUND.replacen(from, to, 1);
        let problems = parse(&text).expect_err(&format!("`{to}` was accepted"));
        let found = problems.iter().find(|it| it.code == *code);
        let found = found.unwrap_or_else(|| panic!("`{to}`: no {code} in\n{}", said(&problems)));
        let at = text.lines().nth(found.line - 1).unwrap_or_default();
        let before = found.line >= 2 && text.lines().nth(found.line - 2).is_some_and(|it| it.contains(line));
        assert!(at.contains(line) || before, "`{to}` points at line {}: {at}", found.line);
        for lang in [Lang::En, Lang::Ru] {
            let message = found.message(lang);
            assert!(
                !message.starts_with("forecast") && !message.contains("forecast.") && !message.contains('{'),
                "{code}: {message}"
            );
        }
    }
    assert!(CASES.len() >= 30);
}

#[test]
fn all_problems_are_said_in_one_run() {
    let text = SOUND
        .replacen("title = ", "titel = ", 1)
        .replacen("value = \"90 to 110\"", "value = \"110 to 90\"", 1)
        .replacen("by = 2030", "by = 2040", 1)
        .replacen("rank = 0.4", "rank = 7", 1);
    let problems = parse(&text).expect_err("four problems");
    for code in ["unknown_field", "missing_field", "not_in_order", "target_year", "wrong_value"] {
        assert!(problems.iter().any(|it| it.code.ends_with(code)), "{code}: {}", said(&problems));
    }
}

#[test]
fn correlations_that_contradict_each_other_are_refused_with_the_nearest_or_repaired_and_shown() {
    let more = "[[correlation]]\nbetween = [\"exposed\", \"p\"]\nrank = 0.9\n\n[[correlation]]\nbetween = [\"saving\", \
                \"p\"]\nrank = -0.9\n\n[capacity]";
    let text = SOUND.replacen("rank = 0.4", "rank = 0.9", 1).replacen("[capacity]", more, 1);
    let problems = parse(&text).expect_err("impossible");
    let found = problems.iter().find(|it| it.code == "forecast.impossible_correlations").expect("said");
    assert!(found.message(Lang::En).contains("exposed–saving: 0.90 → 0."), "{}", found.message(Lang::En));
    let text = text.replacen("first_year", "repair_correlations = true\nfirst_year", 1);
    let model = parse(&text).unwrap_or_else(|problems| panic!("{}", said(&problems)));
    assert!(model.correlations.is_repaired);
    assert!(model.correlations.pairs.iter().all(|it| it.used.abs() < it.asked.abs()));
}

#[test]
fn money_without_a_contract_is_refused() {
    let text = SOUND.lines().scan(false, |done, line| {
        let drop = !*done && line.starts_with("contract");
        *done |= drop;
        Some(if drop { "" } else { line })
    });
    let problems = parse(&text.collect::<Vec<_>>().join("\n")).expect_err("money");
    assert!(problems.iter().any(|it| it.code == "forecast.needs_contract"));
}

#[test]
fn what_is_set_from_outside_must_be_there_and_be_a_value() {
    let set = |name: &str, value: &str| parse_with(SOUND, &[(name.to_owned(), value.to_owned())]);
    assert!(set("input.saving", "0.1 to 0.2").is_ok());
    for (name, value, code) in [
        ("input.saving", "much", "forecast.bad_set"),
        ("input.savings", "1", "forecast.unknown_set"),
        ("plan.site", "1", "forecast.unknown_set"),
        ("plan.capacity", "other.csv", "forecast.capacity_file"),
    ] {
        let problems = set(name, value).expect_err("wrong");
        assert!(problems.iter().any(|it| it.code == code), "{name}: {}", said(&problems));
        assert!(problems.len() == 1, "the cause alone is said: {}", said(&problems));
    }
}

#[test]
fn division_by_zero_and_no_number_name_their_inputs() {
    for (formula, code) in [
        ("sectors.value / (for_this - 0.5)", "forecast.divided_by_zero"),
        ("sectors.value * ln(for_this - 1)", "forecast.no_value"),
    ] {
        let model = crate::support::changed(&[("formula = \"sectors.value\"", &format!("formula = \"{formula}\""))]);
        let problems = forecast::run(&model, &forecast::Settings::default()).expect_err("no value");
        assert_eq!(problems[0].code, code);
        let message = problems[0].message(Lang::En);
        assert!(message.contains("for_this") && message.contains("2026") && message.contains("effect"), "{message}");
        assert!(problems[0].line > 0);
    }
}
