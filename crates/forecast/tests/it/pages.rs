//! The report: whole, in both languages, and enough for a reader who has nothing else.

use forecast::{Outcome, Settings, run};
use realm::load::Lang;
use report::Report;

use crate::support::{changed, said, sound};

fn settings() -> Settings {
    Settings { draws: 20_000, seed: 5, threads: 2, sobol_base: Some(1_024), ..Settings::default() }
}

fn ran(changes: &[(&str, &str)]) -> Outcome {
    run(&changed(changes), &settings()).unwrap_or_else(|problems| panic!("{}", said(&problems)))
}

fn table<'a>(report: &'a Report, name: &str) -> &'a report::Table {
    report.tables().find(|it| it.name == name).unwrap_or_else(|| panic!("no table {name}"))
}

#[test]
fn the_report_has_every_part_in_its_order_and_every_word_in_both_languages() {
    let outcome = ran(&[]);
    let difference =
        forecast::diff(&sound(), &changed(&[("\"200 to 800\"", "\"100 to 400\"")]), &settings()).expect("one");
    for lang in [Lang::En, Lang::Ru] {
        let report = outcome.report(lang);
        let ids: Vec<&str> = report.sections.iter().map(|it| it.id).collect();
        let wanted = [
            "published",
            "targets",
            "capacity",
            "beliefs",
            "figures",
            "change",
            "true",
            "back",
            "adoption",
            "assumed",
            "inputs",
            "method",
        ];
        assert_eq!(ids, wanted);
        for text in [report.to_text(), report.to_html(true), difference.report(lang).to_text()] {
            for raw in
                ["tell-", "head-", "col-", "fact-", "chart-", "table-", "basis-", "needed-", "{ $", "economic_effect"]
            {
                assert!(!text.contains(raw), "{raw} in {text}");
            }
            assert!(text.contains("2028"), "the binding year: {text}");
        }
        tables(&report);
    }
}

/// Every table is there, each row as long as its heads.
fn tables(report: &Report) {
    let names: Vec<&str> = report.tables().map(|it| it.name).collect();
    for name in [
        "published",
        "targets",
        "capacity",
        "beliefs",
        "fan-1",
        "tornado",
        "sensitivity",
        "groups",
        "knowing",
        "boundary",
        "backcast",
        "shifts",
        "adoption",
        "inputs",
        "correlations",
    ] {
        assert!(names.contains(&name), "{name} of {names:?}");
    }
    for table in report.tables() {
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.name);
    }
}

#[test]
fn a_reader_of_the_page_alone_can_answer_what_matters() {
    let outcome = ran(&[]);
    let report = outcome.report(Lang::En);
    let lead = report.lead.join("\n");
    // Under which reading it is likely, with which year and resource, by which input, and how much is assumed.
    assert!(lead.starts_with("Published estimates differ"), "{lead}");
    assert!(lead.contains("in 2030 alone: ") && lead.contains("added up from 2026 to 2030: "), "{lead}");
    assert!(lead.contains("likely than not") && lead.contains("2028: megawatts (0.4 MW) run short"), "{lead}");
    assert!(lead.contains("What would change it most: ") && lead.contains("1 of 12 inputs"), "{lead}");
    let text = report.to_text();
    assert!(text.contains("How sure it is: ") && text.contains("± is half a 90 % interval"), "{text}");
    assert!(text.contains("complement: estimated (judgement)"), "{text}");
    assert!(text.contains("an amount of one year or added up over years (the source does not say)"), "{text}");
    let inputs = table(&report, "inputs").to_csv();
    assert!(
        inputs.contains("output,output,90,")
            && inputs.contains("bn EUR/year,measured,statistics office,ann,2026-01-01,2027-12-31"),
        "{inputs}"
    );
}

#[test]
fn indices_and_what_knowing_is_worth_stand_with_their_intervals() {
    let outcome = ran(&[]);
    let report = outcome.report(Lang::Ru);
    let heads: Vec<&str> = table(&report, "sensitivity").columns.iter().map(|it| &*it.name).collect();
    assert_eq!(heads, ["input", "first", "first_low", "first_high", "total", "total_low", "total_high"]);
    assert_eq!(table(&report, "sensitivity").rows.len(), outcome.sensitivity.inputs.len());
    let knowing = table(&report, "knowing");
    assert_eq!(knowing.rows.len(), outcome.sensitivity.inputs.len());
    assert!(report.to_text().contains("оценка Брайера – средний квадрат"));
}

#[test]
fn what_is_asked_is_the_reading_nearest_to_even_odds() {
    for (at_least, reading) in [("at_least = 1", "annual"), ("at_least = 8", "cumulative")] {
        let outcome = ran(&[("at_least = 1", at_least)]);
        let far = |at: usize| (outcome.targets[0].readings[at].probability.value - 0.5).abs();
        let nearest = usize::from(far(1) < far(0));
        let asked = outcome.sensitivity.reading.expect("a target");
        assert_eq!(asked, outcome.targets[0].readings[nearest].span, "{at_least}");
        assert_eq!(asked.as_str(), reading, "{at_least}");
        // The middle of all swings is of the same reading, in the target's unit.
        let median = outcome.targets[0].readings[nearest].median.value;
        assert!((outcome.sensitivity.middle / median - 1.0).abs() < 0.4, "{} {median}", outcome.sensitivity.middle);
        let gains = outcome.sensitivity.inputs.iter().map(|it| it.brier_gain.value);
        assert!(gains.fold(0.0, f64::max) > 0.01, "a reading that tells something");
        assert!(outcome.backcast.is_some());
    }
}

#[test]
fn a_target_of_nothing_is_certain_in_its_own_unit() {
    let outcome = ran(&[("at_least = 1", "at_least = 0")]);
    let reading = &outcome.targets[0].readings[1];
    assert_eq!(reading.probability.value, 1.0);
    assert!((0.01..1_000.0).contains(&reading.median.value), "bn EUR: {}", reading.median.value);
    let lead = outcome.report(Lang::En).lead.join("\n");
    assert!(lead.contains("> 99.985\u{a0}%"), "draws are no proof: {lead}");
}

#[test]
fn names_are_said_in_the_language_of_the_reader() {
    let titled = ("id = \"saving\"\n", "id = \"saving\"\ntitle = { en = \"Time saved\", ru = \"Экономия времени\" }\n");
    let outcome = ran(&[titled]);
    assert!(outcome.report(Lang::En).to_text().contains("Time saved"));
    let ru = outcome.report(Lang::Ru).to_text();
    assert!(ru.contains("Экономия времени") && !ru.contains("Time saved"));
}

#[test]
fn the_page_obeys_no_text_of_the_model() {
    let outcome = ran(&[("A model that is sound", "<script>alert(1)</script> & \\\"more\\\"")]);
    for lang in [Lang::En, Lang::Ru] {
        let page = outcome.report(lang).to_html(true);
        assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("src="));
        assert_eq!(page.matches("<svg").count(), 6, "capacity, fan, tornado, boundary, way back, adoption");
        for file in ["fan-1.csv", "sensitivity.csv", "capacity.csv", "beliefs.csv", "inputs.csv"] {
            assert!(page.contains(&format!("href=\"{file}\"")), "{file}");
        }
    }
}

#[test]
fn a_model_that_holds_no_published_estimate_against_its_target_begins_with_the_target() {
    let text = crate::support::SOUND;
    let start = text.find("[[belief]]").expect("a belief");
    let end = text[start..].find("\n[[").map_or(text.len(), |at| start + at);
    let outcome = ran(&[(&text[start..end], "")]);
    if outcome.beliefs.is_empty() {
        let report = outcome.report(Lang::En);
        assert!(!report.lead[0].starts_with("Published estimates differ"), "{:?}", report.lead);
        assert!(report.lead.last().is_some_and(|it| it.starts_with("Published estimates differ")), "{:?}", report.lead);
        let ids: Vec<&str> = report.sections.iter().map(|it| it.id).collect();
        assert_eq!((ids[0], ids[ids.len() - 1]), ("targets", "published"));
    } else {
        panic!("the model has more than one belief");
    }
}

#[test]
fn what_no_draw_reaches_is_less_than_three_in_them_in_words_and_in_the_table() {
    let report = ran(&[("at_least = ", "at_least = 1e6 # ")]).report(Lang::En);
    assert!(report.lead.join(" ").contains("< 0.015"), "{:?}", report.lead);
    let targets = table(&report, "targets");
    let at = targets.columns.iter().position(|it| it.name == "probability_high").expect("a column");
    for row in &targets.rows {
        assert!(matches!(row[at], report::Cell::Share(high) if (high - 3.0 / 20_000.0).abs() < 1e-12), "{row:?}");
    }
}

#[test]
fn where_all_is_measured_nobody_is_said_to_have_measured_nothing() {
    let text = crate::support::SOUND;
    let said = |lang: Lang| {
        let all = text.replace("basis = \"estimated\"", "basis = \"measured\"").replace("\"assumed\"", "\"measured\"");
        let model = crate::support::parse(&all).unwrap_or_else(|problems| panic!("{}", said(&problems)));
        run(&model, &settings()).unwrap_or_else(|problems| panic!("{}", said(&problems))).report(lang).lead.join(" ")
    };
    let (en, ru) = (said(Lang::En), said(Lang::Ru));
    assert!(en.contains("No input is assumed or estimated") && !en.contains("nobody"), "{en}");
    assert!(ru.contains("Ни один вход не допущен"), "{ru}");
}
