use super::{Asked, Demand, Rate, Represents, Unknown, Used, demand};

mod training;

fn used(app: &str, model: &str, tokens: u64) -> Used {
    let mut tokens_by_hour = [0; 24];
    tokens_by_hour[9] = tokens;
    Used { app: app.to_owned(), model: Some(model.to_owned()), tokens_by_hour }
}

fn rate(accelerator: &str, tokens_per_s: f64) -> Rate {
    let (model, source) = ("pine".to_owned(), "measured".to_owned());
    Rate { model, accelerator: accelerator.to_owned(), tokens_per_s, source }
}

fn asked(used: &[Used], hours: u64, rates: &[Rate]) -> Result<Demand, Vec<Unknown>> {
    let represents = Represents { low: 10.0, mid: 100.0, high: 1000.0 };
    let accelerators = ["fast".to_owned(), "slow".to_owned()];
    let (training, peaks, years) = (&[], &[], &[]);
    let first_hour = 9;
    let accelerators = &accelerators;
    let asked =
        Asked { used, recorded_hours: hours, first_hour, rates, accelerators, represents, training, peaks, years };
    demand(&asked).map_err(|unknown| unknown.into_iter().collect())
}

#[test]
fn twice_the_traffic_of_an_app_is_twice_its_part_and_nobody_elses() {
    let rates = [rate("fast", 100.0), rate("slow", 10.0)];
    let once = asked(&[used("a", "pine", 3_600_000), used("b", "pine", 1_800_000)], 48, &rates).unwrap();
    let twice = asked(&[used("a", "pine", 7_200_000), used("b", "pine", 1_800_000)], 48, &rates).unwrap();
    let (once, twice) = (&once.classes[0], &twice.classes[0]);
    assert_eq!((once.apps["a"], twice.apps["a"]), (1_800_000.0, 3_600_000.0), "two days were recorded");
    assert_eq!(once.apps["b"], twice.apps["b"]);
    assert_eq!(once.tokens_per_s[9], 750.0);
    assert_eq!(once.tokens_per_s[10], 0.0);
    assert_eq!(once.accelerator_hours_per_day("fast"), Some(2_700_000.0 / 100.0 / 3600.0));
}

/// Thirty-six hours from nine on: the hours from nine in the morning on were recorded twice, the others once.
#[test]
fn an_hour_of_the_day_is_shared_out_by_how_often_it_was_recorded() {
    let rates = [rate("fast", 100.0), rate("slow", 10.0)];
    let mut both = used("a", "pine", 7_200_000);
    both.tokens_by_hour[8] = 3_600_000;
    let found = asked(&[both], 36, &rates).unwrap();
    assert_eq!((found.classes[0].tokens_per_s[9], found.classes[0].tokens_per_s[8]), (1000.0, 1000.0));
}

#[test]
fn a_missing_rate_is_named_and_stands_for_nothing() {
    let unknown = asked(&[used("a", "pine", 1)], 48, &[rate("fast", 100.0)]).unwrap_err();
    assert_eq!(unknown, [Unknown::Throughput { model: "pine".to_owned(), accelerator: "slow".to_owned() }]);
    let nobody = Used { model: None, ..used("a", "", 1) };
    assert_eq!(asked(&[nobody], 48, &[]).unwrap_err(), [Unknown::Model { app: "a".to_owned() }]);
}

#[test]
fn less_than_a_day_stands_for_every_hour_by_its_mean_and_says_so() {
    let rates = [rate("fast", 100.0), rate("slow", 10.0), rate("fast", 300.0)];
    let found = asked(&[used("a", "pine", 7_200_000)], 2, &rates).unwrap();
    assert!(found.flat && found.classes[0].tokens_per_s.iter().all(|it| (it - 1000.0).abs() < 1e-9));
    assert_eq!(found.classes[0].rates[0].tokens_per_s, 300.0, "the fastest load");
    let tables = super::tables(&found, &[(2026, 1.0), (2030, 4.0)], &["XA".to_owned()]);
    assert!(tables.contains("factor = { 2026 = 100, 2030 = 400 }") && tables.contains("(10 to 1000)"), "{tables}");
    let (_, rows) = super::demand_rows(&found, 25, &[0]);
    assert_eq!((rows.lines().count(), rows.lines().next()), (26, Some("hour,tokens-pine")));
}
