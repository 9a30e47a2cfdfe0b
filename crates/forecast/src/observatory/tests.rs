use realm::load::Lang;

use super::{Observatory, definitions, millions, references};
use crate::model::capacity_table;

fn plan() -> Vec<crate::model::CapacityYear> {
    let text =
        "year,accelerators,power_mw\n2026,10000,20\n2028,100000,200\n2030,190000,280\n2027,50000,90\n2029,150000,240\n";
    capacity_table(text).expect("a table")
}

#[test]
fn every_figure_that_ships_says_of_what_by_whom_and_when() {
    for it in references() {
        assert!(definitions().iter().any(|definition| definition.id == it.definition), "{}", it.id);
        assert!(it.low <= it.value && it.value <= it.high && it.low > 0.0, "{}", it.id);
        assert!(millions(&it.of).is_some() && it.date.parse::<jiff::civil::Date>().is_ok(), "{}", it.id);
        assert!(it.source.ru.is_some() && it.title.ru.is_some(), "{}", it.id);
    }
    let mut ids: Vec<&str> = references().iter().map(|it| it.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), references().len());
}

#[test]
fn years_behind_are_when_the_plan_reaches_the_other_as_a_range() {
    let found = Observatory::new(plan(), Some("RU".to_owned()));
    let of = |id: &str| found.beside.iter().find(|it| it.reference.id == id).expect("compared");
    // 180,000 in 2030, 220,000 not within the plan; the other is of 2025.
    let largest = of("us-largest-2025");
    assert_eq!((largest.years_behind, largest.year, largest.ours), ([Some(5), None], 2026, 10_000.0));
    assert!((largest.share - 0.05).abs() < 1e-12);
    let [us, them] = largest.per_million.expect("people");
    assert!((us - 10_000.0 / 146.0).abs() < 1e-9 && (them - 200_000.0 / 340.0).abs() < 1e-9);
    assert!((largest.growth.expect("growth") - (19.0_f64.powf(0.25) - 1.0)).abs() < 1e-12);
    assert_eq!(of("eu-gigafactory").years_behind, [Some(0), Some(1)]);
    // It has as much from the start: since when, its table does not say.
    let small = of("ru-chervonenkis");
    assert!(small.has_from_the_start && small.years_behind == [None, None] && !largest.has_from_the_start);
    // Ahead of it: fewer than none.
    assert_eq!(of("ru-plan-2023").years_behind, [Some(-2), Some(-1)]);
}

#[test]
fn what_is_unlike_is_shown_and_never_compared() {
    let found = Observatory::new(plan(), None);
    for it in &found.beside {
        assert!(["accelerators", "power"].contains(&it.reference.definition.as_str()));
        assert!(it.per_million.is_none(), "nobody said whose it is");
    }
    assert!(found.others.iter().any(|it| it.definition == "linpack"));
    assert_eq!(found.beside.len() + found.others.len(), references().len());
    assert!(Observatory::new(Vec::new(), None).beside.is_empty());
}

#[test]
fn the_report_is_whole_in_both_languages() {
    for (lang, said) in [(Lang::En, "not by 2030"), (Lang::Ru, "не до 2030")] {
        let report = Observatory::new(plan(), Some("RU".to_owned())).report(lang);
        let text = report.to_text();
        assert!(text.contains(said) && !text.contains("look-") && !text.contains("col-"), "{text}");
        assert_eq!(
            report.tables().map(|it| it.name).collect::<Vec<_>>(),
            ["compute", "beside", "others", "definitions"]
        );
        let bare = Observatory::new(Vec::new(), None).report(lang);
        assert_eq!(bare.tables().map(|it| it.name).collect::<Vec<_>>(), ["others", "definitions"]);
    }
}
