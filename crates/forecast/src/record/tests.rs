use std::path::Path;

use jiff::civil::date;

use super::{Frozen, FrozenReading, FrozenTarget, Resolved, scores, sha256};
use crate::contract::Span;
use crate::dist::Distribution;
use crate::run::LEVELS;
use crate::score;

fn frozen(id: &str, by: &str, probability: f64) -> Frozen {
    let normal = Distribution::normal(0.0, 1.0).expect("a normal");
    let levels = LEVELS.map(|level| (level, super::kept(normal.quantile(level)))).to_vec();
    let readings = vec![FrozenReading { span: Span::Annual, probability, levels }];
    let target = FrozenTarget { id: "t".to_owned(), at_least: 0.5, unit: "1".to_owned(), by: 2030, readings };
    Frozen {
        version: 1,
        id: id.to_owned(),
        title: id.to_owned(),
        at: "2026-11-26".to_owned(),
        by: by.to_owned(),
        model_sha256: sha256(b"model"),
        draws: 1,
        seed: 1,
        targets: vec![target],
    }
}

fn resolved(forecast: &str, value: f64) -> Resolved {
    let text = format!(
        "[[resolved]]\nforecast = \"{forecast}\"\ntarget = \"t\"\nreading = \"annual\"\nvalue = {value:?}\n\
         date = 2031-02-01\nsource = \"statistics office\"\n"
    );
    Resolved::parse(Path::new("r.toml"), &text, date(2031, 3, 1)).expect("sound").remove(0)
}

#[test]
fn what_is_frozen_reads_back_byte_for_byte() {
    let it = frozen("a", "ann", 0.3);
    let bytes = it.to_bytes();
    let back = Frozen::from_bytes(&bytes).expect("one");
    assert_eq!(back, it);
    assert_eq!(sha256(&back.to_bytes()), sha256(&bytes));
    assert!(Frozen::from_bytes(b"{}").is_none());
}

#[test]
fn scores_are_those_of_the_formulas() {
    let all = scores(&[frozen("a", "ann", 0.3)], &[resolved("a", 1.0), resolved("nobody", 1.0)]);
    let it = &all.scored[0];
    assert!(it.happened);
    assert!((it.brier - 0.49).abs() < 1e-12 && (it.log + 0.3_f64.ln()).abs() < 1e-12);
    assert!((it.crps - score::crps_normal(0.0, 1.0, 1.0)).abs() < 0.02, "{}", it.crps);
    assert!((it.interval_90 - 2.0 * 1.644_854).abs() < 1e-5);
    assert_eq!((all.unmatched, all.people[0].rank), (1, None));
}

#[test]
fn what_is_said_afterwards_or_twice_on_a_day_is_not_scored() {
    let late = Frozen { at: "2031-02-02".to_owned(), ..frozen("a", "ann", 1.0) };
    let again = Frozen { seed: 2, ..frozen("a", "ann", 0.9) };
    let all = scores(&[frozen("a", "ann", 0.3), again, late.clone()], &[resolved("a", 1.0)]);
    assert_eq!(all.scored.iter().map(|it| it.probability).collect::<Vec<_>>(), [0.3]);
    let none = scores(&[late], &[resolved("a", 1.0)]);
    assert_eq!((none.scored.len(), none.unmatched), (0, 1));
}

#[test]
fn names_are_put_in_an_order_only_where_there_are_enough() {
    let both = [frozen("good", "zoe", 0.9), frozen("bad", "ann", 0.2)];
    let some: Vec<Resolved> = ["good", "bad"].iter().map(|id| resolved(id, 1.0)).collect();
    let few = scores(&both, &some);
    assert_eq!(few.people.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["ann", "zoe"]);
    assert!(few.people.iter().all(|it| it.rank.is_none()));
    // Twenty of the one and nineteen of the other: one has a place, the other none, however good.
    let many: Vec<Resolved> = some.iter().cycle().take(39).cloned().collect();
    let one = scores(&both, &many);
    assert_eq!(
        one.people.iter().map(|it| (it.name.as_str(), it.rank)).collect::<Vec<_>>(),
        [("zoe", Some(1)), ("ann", None)]
    );
    let all: Vec<Resolved> = some.iter().cycle().take(40).cloned().collect();
    let enough = scores(&both, &all);
    assert_eq!(
        enough.people.iter().map(|it| (it.name.as_str(), it.rank)).collect::<Vec<_>>(),
        [("zoe", Some(1)), ("ann", Some(2))]
    );
    assert_eq!(enough.calibration.iter().map(|it| it.count).collect::<Vec<_>>(), [20, 20]);
    assert!((enough.sharpness - 0.125).abs() < 1e-12);
}

#[test]
fn what_happened_is_refused_with_its_place() {
    let wrong = "[[resolved]]\nforecast = \"a\"\ntarget = \"t\"\nreading = \"both\"\nvalue = 1\ndate = 2031-02-01\n";
    let problems = Resolved::parse(Path::new("r.toml"), wrong, date(2031, 3, 1)).expect_err("two problems");
    let codes: Vec<&str> = problems.iter().map(|it| it.code).collect();
    assert_eq!(codes, ["forecast.missing_field", "forecast.unknown_word"]);
}

#[test]
fn what_is_said_twice_of_one_reading_is_refused() {
    let one = "[[resolved]]\nforecast = \"a\"\ntarget = \"t\"\nreading = \"annual\"\nvalue = 1\ndate = 2031-02-01\nsource = \"s\"\n";
    let other = one.replace("annual", "cumulative").replace("value = 1", "value = 2");
    let today = date(2031, 3, 1);
    assert_eq!(Resolved::parse(Path::new("r.toml"), &format!("{one}{other}"), today).expect("two readings").len(), 2);
    let problems = Resolved::parse(Path::new("r.toml"), &format!("{one}{other}{one}"), today).expect_err("twice");
    assert_eq!((problems[0].code, problems[0].line), ("forecast.resolved_twice", 15));
}

#[test]
fn the_record_is_said_with_a_plot_and_how_many_it_takes_to_be_in_an_order() {
    use realm::load::Lang;
    let all = scores(&[frozen("a", "ann", 0.3)], &[resolved("a", 1.0), resolved("nobody", 1.0)]);
    for (lang, said) in [(Lang::En, "needs 20"), (Lang::Ru, "нужно 20")] {
        let report = all.report(lang);
        let text = report.to_text();
        assert!(
            text.contains(said) && text.contains("ann") && !text.contains("track-") && !text.contains("col-"),
            "{text}"
        );
        assert_eq!(
            report.tables().map(|it| it.name).collect::<Vec<_>>(),
            ["scored", "calibration", "people", "models"]
        );
        assert!(report.to_html(true).contains("<svg"));
    }
    let nothing = scores(&[], &[]).report(Lang::En);
    assert!(nothing.sections.is_empty() && !nothing.lead.is_empty());
}
