use jiff::civil::{Date, date};

use crate::demand::{Asked, Demand, Mfu, Peak, Period, Represents, Run, Unknown, demand, tables};

fn run(initiative: &str, flop_log10: f64, from: Option<Date>, by: Date) -> Run {
    let mfu = Some(Mfu { low: 0.25, mid: 0.4, high: 0.5, source: "somebody".to_owned() });
    Run { initiative: initiative.to_owned(), flop_log10, from, by, mfu }
}

fn peak(accelerator: &str, tflops: f64) -> Peak {
    Peak { accelerator: accelerator.to_owned(), tflops: Some(tflops) }
}

/// Two years of a case, the first standing for two and the second for three.
const YEARS: [Period; 2] = [Period { year: 2026, years: 2.0 }, Period { year: 2028, years: 3.0 }];

fn asked(training: &[Run], peaks: &[Peak]) -> Result<Demand, Vec<Unknown>> {
    let accelerators: Vec<String> = peaks.iter().map(|it| it.accelerator.clone()).collect();
    let asked = Asked {
        used: &[],
        recorded_hours: 48,
        first_hour: 0,
        rates: &[],
        accelerators: &accelerators,
        represents: Represents { low: 1.0, mid: 7.0, high: 9.0 },
        training,
        peaks,
        years: &YEARS,
    };
    demand(&asked).map_err(|unknown| unknown.into_iter().collect())
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs().max(1.0)
}

/// 10²⁴ operations at 1,000 TFLOPS and 0.4 are 2.5 × 10⁹ seconds: 694,444 hours; at 0.5 555,556, at 0.25 1,111,111.
#[test]
fn hours_are_operations_over_the_peak_in_use() {
    let found = asked(&[run("one", 24.0, None, date(2027, 6, 30))], &[peak("fast", 1000.0), peak("slow", 100.0)]);
    let found = &found.unwrap().training[0];
    let [fast, slow] = found.accelerators.as_slice() else { panic!("{found:?}") };
    assert!(close(fast.hours, 2.5e9 / 3600.0) && close(slow.hours, 2.5e10 / 3600.0), "{found:?}");
    assert!(close(fast.hours_low, 2e9 / 3600.0) && close(fast.hours_high, 4e9 / 3600.0), "{found:?}");
    assert!(close(found.pflop_hours, 1e9 / 3600.0), "{found:?}");
}

/// Llama 3.1 405B: 3.8 × 10²⁵ operations in 30.84 million hours of an H100, by its makers' paper and card: 35 % of 989 TFLOPS.
#[test]
fn a_training_that_was_done_took_the_hours_that_were_told() {
    let mfu = Some(Mfu { low: 0.346, mid: 0.346, high: 0.346, source: "card".to_owned() });
    let told = Run { mfu, ..run("llama", 3.8e25f64.log10(), None, date(2024, 7, 23)) };
    let found = asked(&[told], &[peak("h100", 989.0)]).unwrap();
    let hours = found.training[0].accelerators[0].hours;
    assert!((hours / 30.84e6 - 1.0).abs() < 0.01, "{hours}");
}

/// All days alike: 184 of 2026 and 366 of 2028, 365 of the year between; each year of the case has a year's share of its period.
#[test]
fn it_is_spread_over_the_days_and_what_lies_outside_of_the_case_is_told() {
    let peaks = [peak("fast", 1000.0)];
    let one = run("one", 24.0, Some(date(2026, 7, 1)), date(2028, 12, 31));
    let it = &asked(&[one], &peaks).unwrap().training[0];
    let day = it.pflop_hours / (184.0 + 365.0 + 366.0);
    assert!(close(it.by_calendar_year[&2026], 184.0 * day) && close(it.by_calendar_year[&2028], 366.0 * day), "{it:?}");
    assert!(close(it.by_year[&2026], (184.0 + 365.0) * day / 2.0), "{it:?}");
    assert!(close(it.by_year[&2028], 366.0 * day / 3.0) && it.outside == 0.0, "{it:?}");
    let planned: f64 = YEARS.iter().map(|year| it.by_year[&year.year] * year.years).sum();
    assert!(close(planned, it.pflop_hours), "{it:?}");

    let late = run("late", 24.0, Some(date(2030, 1, 1)), date(2031, 12, 31));
    let it = &asked(&[late], &peaks).unwrap().training[0];
    assert!(close(it.by_year[&2028] * 3.0, it.pflop_hours / 2.0) && close(it.outside, it.pflop_hours / 2.0), "{it:?}");

    let soon = run("soon", 24.0, None, date(2027, 3, 31));
    let it = &asked(&[soon], &peaks).unwrap().training[0];
    assert_eq!((it.from.as_str(), it.from_declared, it.by_calendar_year.len()), ("2027-01-01", false, 1));
    assert!(close(it.by_year[&2026] * 2.0, it.pflop_hours) && it.by_year[&2028] == 0.0, "{it:?}");
}

/// A year of a case that stands for two does the same each day of both: of what is due at the end of February most comes later.
#[test]
fn what_a_plan_may_do_after_the_day_is_told() {
    let peaks = [peak("fast", 1000.0)];
    let short = run("short", 25.3, Some(date(2026, 1, 1)), date(2026, 2, 28));
    let it = &asked(&[short], &peaks).unwrap().training[0];
    assert!(close(it.after_by, it.pflop_hours * (730.0 - 59.0) / 730.0), "{it:?}");
    let whole = run("whole", 24.0, Some(date(2026, 1, 1)), date(2027, 12, 31));
    let it = &asked(&[whole], &peaks).unwrap().training[0];
    assert!(it.after_by == 0.0, "{it:?}");
}

/// Nothing of it depends on another, nor on what records stand for; without it, its part is gone and nothing else.
#[test]
fn an_initiative_taken_out_takes_its_share_and_nothing_else() {
    let peaks = [peak("fast", 1000.0)];
    let one = run("one", 24.0, None, date(2026, 12, 31));
    let two = run("two", 25.0, None, date(2026, 12, 31));
    let both = asked(&[one.clone(), two], &peaks).unwrap();
    let alone = asked(&[one], &peaks).unwrap();
    assert_eq!(both.training[0], alone.training[0]);
    assert!(close(both.training[1].pflop_hours, 10.0 * both.training[0].pflop_hours));
    let (both, alone) = (tables(&both, &[(2026, 3.0)], &[]), tables(&alone, &[(2026, 3.0)], &[]));
    let rest = both.strip_prefix(alone.as_str()).unwrap();
    assert!(rest.contains("training-two") && !rest.contains("training-one"), "{rest}");
    assert!(rest.contains("pflops = 0.4\n") && rest.contains("0.4 of it in use (0.25 to 0.5): somebody"), "{rest}");
}

#[test]
fn what_nobody_says_is_named_and_stands_for_nothing() {
    let silent = Run { mfu: None, ..run("one", 24.0, None, date(2026, 12, 31)) };
    let dark = Peak { accelerator: "dark".to_owned(), tflops: None };
    let unknown = asked(&[silent.clone(), run("two", 24.0, None, date(2026, 12, 31))], &[peak("fast", 1.0), dark]);
    let mfu = Unknown::Mfu { initiative: "one".to_owned() };
    assert_eq!(unknown.unwrap_err(), [mfu.clone(), Unknown::Peak { accelerator: "dark".to_owned() }]);
    assert_eq!(asked(&[silent], &[peak("fast", 1.0)]).unwrap_err(), [mfu]);
}
