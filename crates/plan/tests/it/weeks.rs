//! Representative periods: what is chosen of a year, and what is carried through it.

use std::path::Path;

use plan::Plan;
use plan::case::{Case, load};
use plan::check::check;
use plan::plan::Track;
use plan::reduce::{ReduceError, reduce};
use plan::solve::{Options, solve};
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::support::solved;

const DAY: usize = 6;

/// Sun and gas over blocks of hours, and a cheap store; `store` are more fields of it.
fn text(head: &str, blocks: &str, store: &str) -> String {
    format!(
        "[case]\nversion = 1\nname = \"Seasons\"\ncurrency = \"EUR\"\nprice_year = 2026\ndiscount_rate = 0.05\n{head}\n\
         [[year]]\nyear = 2026\n\n{blocks}\n[[site]]\nid = \"north\"\n\n\
         [[load]]\nid = \"town\"\nsite = \"north\"\nmw = {{ file = \"hours.csv\", column = \"town\" }}\n\n\
         [[technology]]\nid = \"gas\"\nmarginal_cost_per_mwh = 90\nexisting = [{{ site = \"north\", mw = 1000, in_service = 2010 }}]\n\n\
         [[technology]]\nid = \"sun\"\navailability = {{ file = \"hours.csv\", column = \"sun\" }}\n\
         existing = [{{ site = \"north\", mw = 100, in_service = 2010 }}]\n\n\
         [[storage]]\nid = \"cavern\"\nhours = 400\nefficiency_store = 0.8\nefficiency_dispatch = 0.9\n{store}\
         capital_cost_per_mw = 1000\nlife_years = 30\nbuild = [{{ site = \"north\", mw_max = 60 }}]\n"
    )
}

fn blocks(ids: &[&str], weight: f64) -> String {
    let one = |id: &&str| format!("[[block]]\nid = \"{id}\"\nhours = {DAY}\nweight = {weight}\n\n");
    ids.iter().map(one).collect()
}

/// Hours of town and sun, in order.
fn put(dir: &Path, text: &str, hours: &[(f64, f64)]) {
    let rows = hours.iter().enumerate().map(|(hour, (town, sun))| format!("{hour},{town},{sun}\n"));
    std::fs::create_dir_all(dir).unwrap();
    std::fs::write(dir.join("hours.csv"), format!("hour,town,sun\n{}", rows.collect::<String>())).unwrap();
    std::fs::write(dir.join("case.toml"), text).unwrap();
}

fn case(text: &str, hours: &[(f64, f64)]) -> Case {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), text, hours);
    load(dir.path()).unwrap_or_else(|problems| panic!("{}", realm::load::render(&problems, plan::Lang::En, false)))
}

/// A bright and a dark day, each half of the year, one half after the other.
fn seasons(store: &str) -> Case {
    let head = "order = [\"bright\", \"bright\", \"dark\", \"dark\"]";
    let bright = [(10.0, 0.2), (10.0, 0.8), (10.0, 0.9), (10.0, 0.6), (10.0, 0.1), (10.0, 0.0)];
    let dark = [(30.0, 0.0); DAY];
    case(&text(head, &blocks(&["bright", "dark"], 730.0), store), &[bright, dark].concat())
}

fn sum(plan: &Plan, wanted: fn(&Track) -> bool) -> f64 {
    plan.hourly.iter().filter(|(track, _)| wanted(track)).flat_map(|(_, series)| series).sum()
}

#[test]
fn only_a_linked_store_carries_the_bright_season_into_the_dark() {
    let (cyclic, linked) = (seasons(""), seasons("linked = true\n"));
    let (alone, carried) = (solved(&cyclic), solved(&linked));
    assert!(carried.objective < 0.9 * alone.objective, "{} {}", carried.objective, alone.objective);
    // In the dark, more is taken out than the day itself puts in, which is nothing.
    let dark = |plan: &Plan| -> f64 {
        let out = plan.hourly.iter().filter(|(track, _)| matches!(track, Track::Discharge { .. }));
        out.flat_map(|(_, series)| &series[DAY..]).sum()
    };
    assert!(dark(&alone) < 1e-6 && dark(&carried) > 10.0, "{} {}", dark(&alone), dark(&carried));
    // What the dark takes was charged in the bright, and losses were paid.
    let (charged, taken) = (
        sum(&carried, |it| matches!(it, Track::Charge { .. })),
        sum(&carried, |it| matches!(it, Track::Discharge { .. })),
    );
    assert!((0.8 * charged - taken / 0.9).abs() < 1e-4, "{charged} {taken}");
}

#[test]
fn what_is_lost_meanwhile_makes_carrying_dearer_and_the_check_sees_it() {
    let (tight, leaking) = (seasons("linked = true\n"), seasons("linked = true\nstanding_loss_per_h = 0.01\n"));
    let (kept, lost) = (solved(&tight), solved(&leaking));
    assert!(lost.objective > kept.objective * 1.001, "{} {}", lost.objective, kept.objective);
    // A plan that forgets the losses does not hold.
    let rules: Vec<&str> = check(&leaking, &kept).findings.iter().map(|it| it.rule).collect();
    assert!(rules.contains(&"state"), "{rules:?}");
}

/// Eight days with the sun by day.
fn days(seed: u64) -> Vec<(f64, f64)> {
    let day = |d: u64| {
        let bright = 0.2 + 0.1 * ((seed >> (4 * d)) % 8) as f64;
        let town = 20.0 + ((seed >> (3 * d)) % 16) as f64;
        [0.0, 0.7, 1.0, 0.6, 0.0, 0.0].map(|sun| (town, sun * bright))
    };
    (0..8).flat_map(day).collect()
}

/// Whether one level can begin every block of a plan in which each closes on itself.
fn has_one_level(case: &Case, plan: &Plan) -> bool {
    let series: Vec<&f64> =
        plan.hourly.iter().filter(|it| matches!(it.0, Track::Stored { .. })).flat_map(|it| it.1).collect();
    let size = plan.stores[0] * 400.0;
    let (mut least, mut most) = (0.0_f64, size);
    for run in case.hours.runs() {
        let begun = *series[run.end - 1];
        for t in run {
            least = least.max(begun - series[t]);
            most = most.min(size - (series[t] - begun));
        }
    }
    least <= most + 1e-9
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn linking_never_costs_more_than_closing_on_itself_from_one_level(seed in any::<u64>(), order in any::<u32>()) {
        let ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
        // Each day occurs twice, the second time somewhere.
        let second = (0..8).map(|it| ids[(it + order as usize) % 8]);
        let order: Vec<String> = ids.into_iter().chain(second).map(|it| format!("\"{it}\"")).collect();
        let head = format!("order = [{}]", order.join(", "));
        let of = |store: &str| case(&text(&head, &blocks(&ids, 182.5), store), &days(seed));
        let (cyclic, linked) = (of(""), of("linked = true\n"));
        let without = case(&text(&head, &blocks(&ids, 182.5), "").replace("mw_max = 60", "mw_max = 0"), &days(seed));
        let (alone, carried, none) = (solved(&cyclic), solved(&linked), solved(&without));
        assert!(carried.objective <= none.objective * (1.0 + 1e-9));
        // Closing on itself lets each day begin at a level of its own; where one level does for all, linking can only help.
        if has_one_level(&cyclic, &alone) {
            assert!(carried.objective <= alone.objective * (1.0 + 1e-9), "{} {}", carried.objective, alone.objective);
        }
    }

    #[test]
    fn a_linked_plan_that_was_altered_does_not_hold(which in any::<usize>(), down in any::<bool>()) {
        let it = seasons("linked = true\n");
        let mut plan = solved(&it);
        let mut numbers: Vec<&mut f64> = plan
            .hourly
            .iter_mut()
            .filter(|(track, _)| matches!(track, Track::Charge { .. } | Track::Discharge { .. } | Track::Stored { .. }))
            .flat_map(|(_, series)| series)
            .collect();
        let at = which % numbers.len();
        let change = 1.0 + 0.1 * numbers[at].abs();
        *numbers[at] += if down { -change } else { change };
        assert!(!check(&it, &plan).findings.is_empty());
    }
}

/// A year of 48 hours in one block.
fn year(dir: &Path, store: &str, seed: u64) -> Case {
    let block = "[[block]]\nid = \"year\"\nhours = 48\nweight = 182.5 # all of it\n\n";
    put(dir, &text("", block, store), &days(seed));
    load(dir).unwrap()
}

#[test]
fn every_period_of_a_year_in_order_is_the_year() {
    let dir = tempfile::tempdir().unwrap();
    let (from, out) = (dir.path().join("year"), dir.path().join("days"));
    let whole = year(&from, "linked = true\n", 0x1234_5678_9abc_def0);
    let choice = reduce(&from, &whole, (8, DAY, 1), &out).unwrap();
    assert_eq!(choice.order, [0, 1, 2, 3, 4, 5, 6, 7]);
    let days = load(&out).unwrap();
    assert_eq!((days.hours.starts.len(), days.hours.order.len()), (8, 8));
    let (all, one_by_one) = (solved(&whole).objective, solved(&days).objective);
    assert!((all / one_by_one - 1.0).abs() < 1e-6, "{all} {one_by_one}");
}

#[test]
fn some_periods_stand_for_all_and_the_hardest_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let from = dir.path().join("year");
    let mut hours = days(0x1234_5678_9abc_def0);
    // The sixth day is cold and dark.
    hours[5 * DAY..6 * DAY].fill((60.0, 0.0));
    let block = "[[block]]\nid = \"year\"\nhours = 48\nweight = 182.5\n\n";
    put(&from, &text("", block, "linked = true\n"), &hours);
    let whole = load(&from).unwrap();
    let reduced = |count: usize, seed: u64, to: &str| {
        let out = dir.path().join(to);
        (reduce(&from, &whole, (count, DAY, seed), &out).unwrap(), load(&out).unwrap())
    };
    let (choice, three) = reduced(3, 1, "three");
    assert_eq!(choice.peak, 5);
    assert!(choice.kept.contains(&5) && choice.kept.len() == 3);
    // It stands for itself alone.
    let at = choice.kept.iter().position(|it| *it == 5).unwrap();
    assert_eq!(choice.order.iter().filter(|it| **it == at).count(), 1);
    assert!((three.hours.weight.iter().sum::<f64>() - 8760.0).abs() < 1e-6);
    assert!((choice.demand_ratio - 1.0).abs() < 0.2, "{}", choice.demand_ratio);
    assert_eq!(reduced(3, 1, "again").0, choice);
    // The hours of a kept day are the year's.
    let first = three.loads[0].mw.at(0, at * DAY);
    assert!((first - 60.0).abs() < 1e-12);
    assert!(solve(&three, &Options::default(), &mut |_| ()).is_ok());
}

#[test]
fn what_cannot_be_reduced_is_refused_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let (from, out) = (dir.path().join("year"), dir.path().join("out"));
    let whole = year(&from, "", 5);
    let count = |asked: usize| reduce(&from, &whole, (asked, DAY, 1), &out).unwrap_err();
    assert!(matches!(count(1), ReduceError::Count(1, 8)));
    assert!(matches!(count(9), ReduceError::Count(9, 8)));
    let short = dir.path().join("short");
    reduce(&from, &whole, (2, DAY, 1), &short).unwrap();
    let two = load(&short).unwrap();
    assert!(matches!(reduce(&short, &two, (2, 3, 1), &out), Err(ReduceError::Blocks)));
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("mine"), "").unwrap();
    assert!(matches!(reduce(&from, &whole, (2, DAY, 1), &out), Err(ReduceError::NotEmpty(_))));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 3);
}

#[test]
fn an_order_that_does_not_fit_is_a_problem_with_its_place() {
    let refused = |head: &str, store: &str| {
        let dir = tempfile::tempdir().unwrap();
        put(dir.path(), &text(head, &blocks(&["a", "b"], 730.0), store), &[(1.0, 0.5); 12]);
        let problems = load(dir.path()).unwrap_err();
        assert!(problems.iter().all(|it| it.line > 0), "{problems:?}");
        problems.iter().map(|it| it.code).collect::<Vec<_>>()
    };
    assert_eq!(refused("", "linked = true\n"), ["case.linked_order"]);
    assert_eq!(refused("order = [\"a\", \"c\"]", ""), ["case.unknown_reference"]);
    assert_eq!(refused("order = [\"a\", \"a\", \"b\"]", ""), ["case.order_counts", "case.order_counts"]);
    assert_eq!(refused("joined = true\norder = [\"a\", \"b\"]", ""), ["case.order_joined"]);
}
