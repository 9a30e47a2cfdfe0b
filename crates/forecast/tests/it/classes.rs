//! Capacity that is told by class of work.

use forecast::run::Resource;
use forecast::{Outcome, Settings, run};

use crate::support::{SOUND, changed, parse, said};

const CLASSED: (&str, &str) = ("intensity = \"intensity\"", "intensity = \"intensity\"\nclass = \"chat\"");

/// What a plan says of one year alone.
const ALONE: &str = "supply.gpu";

fn rows(per_s: &str, why: &str) -> Vec<(String, String)> {
    let years = [(200, "0.4"), (300, "0.4"), (500, "0.9"), (600, "0.9")];
    let plain = years.map(|(count, power)| {
        let row = format!("accelerators = {count}, power_mw = {power} }}");
        let every = if why == ALONE { String::new() } else { format!(", why = \"{why}\"") };
        (row.clone(), row.replace(" }", &format!(", per_s = {per_s}{every} }}")))
    });
    let why =
        ("why = \"the second line waits for the grid\" }".to_owned(), format!("why = \"{why}\", per_s = {per_s} }}"));
    plain.into_iter().chain([why]).collect()
}

fn ran(per_s: &str, more: &[(&str, &str)]) -> Outcome {
    ran_for(per_s, ALONE, more)
}

fn ran_for(per_s: &str, why: &str, more: &[(&str, &str)]) -> Outcome {
    let rows = rows(per_s, why);
    let rows: Vec<(&str, &str)> = rows.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    let model = changed(&[&[CLASSED], more, rows.as_slice()].concat());
    run(&model, &Settings { draws: 20_000, seed: 5, threads: 2, sobol_base: None, ..Settings::default() })
        .unwrap_or_else(|problems| panic!("{}", said(&problems)))
}

const SECOND: (&str, &str) = (
    "[[figure]]",
    "[[sector]]\nid = \"other\"\ncurve = \"bass\"\np = \"p\"\nq = \"q\"\nadopted = \"adopted\"\nvalue_added = \
     \"output\"\nexposed = \"exposed\"\nsaving = \"saving\"\ncomplement = \"complement\"\nintensity = \
     \"intensity\"\nclass = \"code\"\n\n[[figure]]",
);

fn can(outcome: &Outcome, sector: &str, year: i16) -> (f64, f64) {
    let it = outcome.sectors.iter().find(|it| it.id == sector).expect("a sector");
    let (_, wanted, can) = it.years.iter().find(|it| it.0 == year).expect("a year");
    (wanted.value, can.value)
}

#[test]
fn work_over_what_a_class_could_have_is_its_share_of_the_fleet() {
    // The same supply as fewer accelerators alike would give: the same figures.
    let plenty = ran("{ chat = 1e12 }", &[]);
    let (wanted, found) = can(&plenty, "industry", 2030);
    assert!((wanted - found).abs() < 1e-9, "nothing binds");
    assert!(plenty.capacity.expect("a capacity").binding.is_none());
    let scarce = ran("{ chat = 3e4 }", &[]);
    let (wanted, some) = can(&scarce, "industry", 2030);
    assert!(some < 0.9 * wanted && some > 0.0, "{some} of {wanted}");
    let none = ran("{ chat = 0 }", &[]);
    assert_eq!(can(&none, "industry", 2030).1, 0.0, "no capacity, no adoption");
}

#[test]
fn classes_share_one_fleet_and_one_that_nothing_serves_takes_nothing() {
    let alone = ran("{ chat = 6e4, code = 1e12 }", &[SECOND]);
    let both = ran("{ chat = 6e4, code = 6e4 }", &[SECOND]);
    let (one, two) = (can(&alone, "industry", 2030).1, can(&both, "industry", 2030).1);
    assert!(two < one, "a second class of work takes from the first: {two} {one}");
    let unserved = ran("{ chat = 6e4, code = 0 }", &[SECOND]);
    assert_eq!(can(&unserved, "other", 2030).1, 0.0);
    assert!((can(&unserved, "industry", 2030).1 - one).abs() < 1e-3 * one);
    let capacity = unserved.capacity.expect("a capacity");
    assert!(capacity.years.iter().all(|it| it.share.value < 0.6), "half of the work is not served");
}

#[test]
fn the_resource_is_what_the_plan_names_where_no_power_is_given() {
    let without = ("accelerator_power = \"power_each\"\nthroughput = \"throughput\"\n", "");
    let capacity = ran("{ chat = 3e4 }", &[without]).capacity.expect("a capacity");
    let binding = capacity.binding.expect("it binds");
    let wanted = if binding.why.is_some() { Resource::Accelerators } else { Resource::Fleet };
    assert_eq!(binding.resource, wanted);
}

#[test]
fn a_plan_that_leaves_work_unserved_says_what_is_short() {
    let without = ("accelerator_power = \"power_each\"\nthroughput = \"throughput\"\n", "");
    for (why, wanted) in [
        ("power short: chat 5.0% unserved; supply.gpu", Resource::Power),
        ("accelerators short: chat 5.0% unserved; site.north.power_cap_mw.2027", Resource::Accelerators),
    ] {
        let capacity = ran_for("{ chat = 3e4 }", why, &[without]).capacity.expect("a capacity");
        let binding = capacity.binding.expect("it binds");
        assert_eq!((binding.why.as_deref(), binding.resource), (Some(why), wanted));
    }
}

#[test]
fn what_lacks_is_said() {
    let text = SOUND.replacen(CLASSED.0, CLASSED.1, 1);
    let problems = parse(&text).expect_err("no column");
    assert!(problems.iter().any(|it| it.code == "forecast.class_unknown"), "{}", said(&problems));
    let text = SOUND.replacen("throughput = \"throughput\"\n", "", 1);
    let problems = parse(&text).expect_err("the old form needs it");
    assert!(problems.iter().any(|it| it.code == "forecast.missing_field"), "{}", said(&problems));
    let second = SECOND.1.replace("class = \"code\"\n", "");
    let rows = rows("{ chat = 1 }", ALONE);
    let all = rows.iter().map(|(from, to)| (from.as_str(), to.as_str())).chain([CLASSED, (SECOND.0, second.as_str())]);
    let text = all.fold(SOUND.to_owned(), |text, (from, to)| text.replacen(from, to, 1));
    let problems = parse(&text).expect_err("one sector has none");
    assert!(problems.iter().any(|it| it.code == "forecast.class_missing"), "{}", said(&problems));
}
