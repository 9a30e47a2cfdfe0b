//! The forecasts that ship.

use std::path::{Path, PathBuf};

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
        assert!(readings[1].probability.value > 0.001, "{name}: {:?}", readings[1].probability);
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
fn reactors_three_years_late_change_the_probability_and_the_year_is_named() {
    let late = [("plan.capacity".to_owned(), "reactor-late.csv".to_owned())];
    let difference = diff(&model("ru-2030", &[]), &model("ru-2030", &late), &settings()).expect("a difference");
    let all = &difference.readings[1];
    assert!(all.change.high < 0.0, "{:?}", all.change);
    assert_eq!(all.steps.len(), 1);
    assert_eq!(all.steps[0].what, "capacity");
    let binding = difference.binding_after.expect("it binds");
    assert_eq!(binding.year, 2030);
    assert_eq!(binding.why.as_deref(), Some("the reactors are late"));
}
