//! What always holds of results.

use forecast::run::{LEVELS, Resource};
use forecast::{Outcome, Sampling, Settings, run};
use proptest::prelude::{ProptestConfig, proptest};

use crate::support::{changed, parse_with, said, sound};

fn settings() -> Settings {
    Settings { draws: 20_000, seed: 5, threads: 2, sobol_base: Some(1_024), ..Settings::default() }
}

fn ran(changes: &[(&str, &str)]) -> Outcome {
    run(&changed(changes), &settings()).unwrap_or_else(|problems| panic!("{}", said(&problems)))
}

fn chance(outcome: &Outcome, reading: usize) -> f64 {
    outcome.targets[0].readings[reading].probability.value
}

#[test]
fn the_same_seed_gives_the_same_numbers_on_any_number_of_threads() {
    let model = sound();
    for sampling in [Sampling::Latin, Sampling::Sobol] {
        let of = |threads, seed| {
            let outcome = run(&model, &Settings { threads, seed, sampling, ..settings() }).expect("a run");
            serde_json::to_string(&outcome).expect("JSON")
        };
        let one = of(1, 5);
        for threads in [2, 3, 8] {
            assert_eq!(of(threads, 5), one, "{threads} threads");
        }
        assert_ne!(of(1, 6), one);
    }
}

#[test]
fn a_new_input_that_nothing_needs_shifts_no_number_of_the_others() {
    let before = ran(&[]);
    let new = "[[input]]\nid = \"unused\"\nvalue = \"1 to 2\"\nunit = \"1\"\nsource = \"s\"\nowner = \"o\"\n\
               date = 2026-01-01\nexpires = 2027-12-31\nbasis = \"assumed\"\n\n[[correlation]]";
    let after = ran(&[("[[correlation]]", new)]);
    assert_eq!(chance(&before, 0).to_bits(), chance(&after, 0).to_bits());
    let index = after.sensitivity.inputs.iter().find(|it| it.input == "unused").and_then(|it| it.index);
    assert_eq!(index.map(|it| (it.first.value, it.total.value)), Some((0.0, 0.0)));
}

#[test]
fn more_capacity_is_never_worse_and_none_is_nothing() {
    let with = |power: &str| {
        ran(&[("accelerators = 500, power_mw = 0.9", &format!("accelerators = 500, power_mw = {power}"))])
    };
    let mut last = [-1.0, -1.0];
    for power in ["0", "0.2", "0.4", "0.9", "5"] {
        let outcome = with(power);
        for (reading, last) in last.iter_mut().enumerate() {
            assert!(chance(&outcome, reading) >= *last, "{power}");
            *last = chance(&outcome, reading);
        }
        if power == "0" {
            let year = outcome.figures[0].years.iter().find(|it| it.year == 2029).expect("a year");
            assert_eq!(year.mean.value, 0.0, "no megawatts, no adoption");
        }
    }
}

#[test]
fn the_binding_year_and_resource_are_named() {
    let outcome = ran(&[]);
    let capacity = outcome.capacity.expect("a capacity");
    let binding = capacity.binding.expect("it binds");
    assert_eq!((binding.year, binding.resource), (2028, Resource::Power));
    assert_eq!(binding.why.as_deref(), Some("the second line waits for the grid"));
    let plenty = ran(&[("{ beta_between = [4, 4, 0.2, 0.8] }", "1"), ("\"200 to 800\"", "0.0001")]);
    assert!(plenty.capacity.expect("a capacity").binding.is_none());
}

#[test]
fn what_the_target_would_be_without_a_limit_is_what_plenty_makes_it() {
    let mean = |outcome: &Outcome, free: bool| {
        let targets = if free { &outcome.unbounded } else { &outcome.targets };
        targets[0].readings.iter().map(|it| it.mean.value).collect::<Vec<_>>()
    };
    let tight = ran(&[]);
    let more = mean(&tight, true).into_iter().zip(mean(&tight, false));
    assert!(more.into_iter().all(|(free, bound)| free > bound), "{:?}", tight.unbounded);
    let page = tight.report(realm::load::Lang::En).to_text();
    assert!(page.contains("If capacity were no limit"), "{page}");
    let plenty = ran(&[("{ beta_between = [4, 4, 0.2, 0.8] }", "1"), ("\"200 to 800\"", "0.0001")]);
    assert!(plenty.unbounded.is_empty(), "nothing binds, and nothing is said of it");
}

#[test]
fn every_estimate_has_an_error_bar_that_shrinks_with_more_draws() {
    let width = |draws| {
        let outcome = run(&sound(), &Settings { draws, ..settings() }).expect("a run");
        let it = outcome.targets[0].readings[0].probability;
        assert!(it.low <= it.value && it.value <= it.high);
        it.high - it.low
    };
    let (few, many) = (width(4_000), width(400_000));
    assert!(few > 3.0 * many, "{few} {many}");
}

#[test]
fn fans_rise_and_means_lie_within() {
    let outcome = ran(&[]);
    for year in &outcome.figures[0].years {
        assert_eq!(year.levels.len(), LEVELS.len());
        assert!(year.levels.windows(2).all(|pair| pair[0].value <= pair[1].value));
        assert!(year.levels[0].value <= year.mean.value && year.mean.value <= year.levels[16].value);
    }
}

#[test]
fn both_readings_are_computed_where_the_source_leaves_it_open() {
    let readings = &ran(&[]).targets[0].readings;
    assert_eq!(readings.len(), 2);
    assert!(readings[1].probability.value >= readings[0].probability.value, "a sum of years is no less than its last");
    assert!(readings[1].median.value > readings[0].median.value);
}

#[test]
fn knowing_what_matters_most_is_worth_most() {
    let outcome = run(&sound(), &Settings { draws: 200_000, sobol_base: Some(4_096), ..settings() }).expect("a run");
    let inputs = &outcome.sensitivity.inputs;
    let total = |at: usize| inputs[at].index.expect("indices").total.value;
    assert!(total(0) >= total(1));
    assert!(inputs[0].brier_gain.value > inputs.last().expect("inputs").brier_gain.value);
    let sum: f64 = inputs.iter().filter_map(|it| it.index).map(|it| it.first.value).sum();
    assert!((0.7..=1.03).contains(&sum), "first indices of a nearly additive model: {sum}");
    assert!(outcome.sensitivity.tornado.len() >= 10);
    let boundary = outcome.sensitivity.boundary.as_ref().expect("a boundary");
    assert_ne!(boundary.first, boundary.second);
    let (group, index) = &outcome.sensitivity.groups[0];
    assert_eq!(group, &["exposed", "saving"]);
    assert!(index.first.value <= index.total.value + 0.05);
}

#[test]
fn what_is_assumed_and_what_is_given_is_said() {
    let outcome = ran(&[]);
    assert_eq!(outcome.assumed, ["complement"]);
    assert_eq!(serde_json::to_value(outcome.sectors[0].adopted).expect("a word"), "given");
    let assumed = ran(&[("adopted = \"adopted\"", "since = 2022")]);
    assert_eq!(serde_json::to_value(assumed.sectors[0].adopted).expect("a word"), "assumed");
    assert!(outcome.disagreement.times > 20.0, "{}", outcome.disagreement.times);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn nested_targets_have_ordered_chances(low in 0.0f64..3.0, more in 0.0f64..3.0, seed in 0u64..1_000) {
        let of = |at_least: f64| {
            let model = changed(&[("at_least = 1", &format!("at_least = {at_least:?}"))]);
            run(&model, &Settings { seed, draws: 2_000, sobol_base: None, ..settings() }).expect("a run")
        };
        let (easy, hard) = (of(low), of(low + more));
        for reading in 0..2 {
            assert!(chance(&easy, reading) >= chance(&hard, reading));
        }
    }

    #[test]
    fn whatever_is_set_runs_or_is_refused(low in -1.0f64..2.0, width in -0.5f64..2.0) {
        let sets = [("input.exposed".to_owned(), format!("{low} to {}", low + width))];
        if let Ok(model) = parse_with(crate::support::SOUND, &sets) {
            let _ = run(&model, &Settings { draws: 2_000, sobol_base: None, ..settings() });
        }
    }
}

#[test]
fn a_difference_has_the_same_draws_and_nothing_for_what_did_not_change() {
    let before = sound();
    let after = changed(&[
        ("\"200 to 800\"", "\"100 to 400\""),
        ("accelerators = 500, power_mw = 0.9", "accelerators = 500, power_mw = 0.4"),
    ]);
    let difference = forecast::diff(&before, &after, &settings()).expect("a difference");
    let reading = &difference.readings[1];
    let steps: Vec<&str> = reading.steps.iter().map(|it| it.what.as_str()).collect();
    assert_eq!(steps, ["intensity", "capacity"]);
    let sum: f64 = reading.steps.iter().map(|it| it.change.value).sum();
    assert!((sum - reading.change.value).abs() < 1e-12);
    assert!(reading.steps[0].change.value > 0.0 && reading.steps[1].change.value <= 0.0);
    assert_eq!(difference.unchanged.len(), before.inputs.len() - 1);
    // The same model with one input written in other words: not one draw differs.
    let same = changed(&[("\"90 to 110\"", "\"90.0 to 110.0\"")]);
    let nothing = forecast::diff(&before, &same, &settings()).expect("a difference");
    for reading in &nothing.readings {
        assert_eq!((reading.change.value, reading.change.low, reading.change.high), (0.0, 0.0, 0.0));
    }
}

#[test]
fn a_correlated_input_that_is_set_leaves_the_others_as_they_were_and_says_so() {
    use realm::load::Lang;
    let run_with = |value: &str| {
        let sets = [("input.saving".to_owned(), value.to_owned())];
        run(&parse_with(crate::support::SOUND, &sets).expect("a model"), &settings()).expect("a run")
    };
    let (one, other) = (run_with("0.3"), run_with("0.3 to 0.30000001"));
    // The same draws of everything else: next to the same number as with a range next to a number.
    let near = (one.figures[0].years[4].mean.value - other.figures[0].years[4].mean.value).abs();
    assert!(near < 1e-6, "{near}");
    for (lang, word) in [(Lang::En, "its correlations have no effect"), (Lang::Ru, "его корреляции не действуют")]
    {
        assert!(one.report(lang).lead.iter().any(|it| it.contains(word)));
        assert!(!other.report(lang).lead.iter().any(|it| it.contains(word)));
    }
}
