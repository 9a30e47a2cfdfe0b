//! The forecasts that ship.

use std::path::{Path, PathBuf};

use forecast::run::Resource;
use forecast::{Around, Model, Settings, diff, run};
use realm::load::Lang;

use crate::support::{TODAY, said};

fn folder(realm: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(realm).join("forecast")
}

fn model(realm: &str, sets: &[(String, String)]) -> Model {
    let text = std::fs::read_to_string(folder(realm).join("model.toml")).expect("the model");
    let files = |name: &str| std::fs::read_to_string(folder(realm).join(name)).map_err(|error| error.to_string());
    let around = Around { today: TODAY, sets, files: &files };
    Model::parse(Path::new("model.toml"), &text, &around).unwrap_or_else(|problems| panic!("{}", said(&problems)))
}

fn settings() -> Settings {
    Settings { draws: 20_000, threads: 2, sobol_base: Some(1_024), ..Settings::default() }
}

#[test]
fn both_examples_run_in_both_readings() {
    for name in ["ru-2030", "eu-2030"] {
        let outcome = run(&model(name, &[]), &settings()).unwrap_or_else(|problems| panic!("{}", said(&problems)));
        let readings = &outcome.targets[0].readings;
        assert_eq!(readings.len(), 2, "{name}");
        for reading in readings {
            assert!((0.0..=1.0).contains(&reading.probability.value));
        }
        assert!(readings[1].probability.value > 0.0, "{name}: {:?}", readings[1].probability);
        assert_eq!(outcome.weighted.len(), 2);
        assert!(outcome.capacity.as_ref().is_some_and(|it| it.binding.is_some()), "{name}");
        assert!(outcome.assumed.len() > 10, "{name} says what it assumes");
        let report = outcome.report(Lang::Ru);
        let tables = report.tables().filter(|it| !["inputs"].contains(&it.name)).map(report::Table::to_csv);
        let named = report.lead.iter().cloned().chain(tables).collect::<String>();
        assert!(named.contains("Экономия в этих задачах") && !named.contains("saving_"), "{name}: names, not ids");
    }
}

#[test]
fn reactors_three_years_late_change_the_probability_and_the_year_and_resource_are_named() {
    let table = |name: &str| [("plan.capacity".to_owned(), name.to_owned())];
    let (before, after) = (table("as-announced.csv"), table("as-announced-late.csv"));
    let difference = diff(&model("ru-2030", &before), &model("ru-2030", &after), &settings()).expect("a difference");
    let all = &difference.readings[1];
    assert!(all.change.high < 0.0 && all.value_change.high < -0.3, "{:?}", all.change);
    assert_eq!(all.steps.len(), 1);
    assert_eq!(all.steps[0].what, "capacity");
    let [before, after] = difference.changes_most.as_ref().expect("what can run changes");
    assert_eq!((after.year, after.resource), (2030, Resource::Power));
    assert!(after.why.as_deref().is_some_and(|why| why.contains("site.balakovo.grid_connection_mw.2030")), "{after:?}");
    assert!(after.share.value < 0.7 * before.share.value, "{before:?} {after:?}");
    for (lang, said) in [(Lang::En, "changes most in 2030: "), (Lang::Ru, "меняется в 2030 году")] {
        let text = difference.report(lang).to_text();
        assert!(text.contains(said) && !text.contains("tell-"), "{text}");
    }
}

#[test]
fn the_plans_that_ship_are_the_models_own_and_a_change_after_the_target_reaches_nothing() {
    for name in ["ru-2030", "eu-2030"] {
        let own = model(name, &[]);
        let difference = diff(&own, &own, &settings()).expect("a difference");
        assert!(difference.changes_most.is_none() && difference.readings.iter().all(|it| it.change.value == 0.0));
        let text = difference.report(Lang::En).to_text();
        assert!(text.contains("the same in every year"), "{text}");
    }
}
