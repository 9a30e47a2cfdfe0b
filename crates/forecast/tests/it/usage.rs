//! Adoption so far, from usage records.

use std::path::Path;

use forecast::usage::Usage;
use forecast::{Around, Model, Outcome, Settings, run};
use realm::load::Lang;

use crate::support::{SOUND, TODAY, said};

fn ran(usage: Option<&str>, curve: &str) -> Outcome {
    let asks = "adopted = \"adopted\"\nadopted_from = \"usage\"\nusage_sectors = [\"works\", \"mines\"]";
    let text = SOUND.replacen("adopted = \"adopted\"", asks, 1);
    let text = match curve {
        "bass" => text,
        other => text.replacen("curve = \"bass\"", &format!("curve = \"{other}\"\nrate = \"q\""), 1).replacen(
            "p = \"p\"\nq = \"q\"\n",
            "",
            1,
        ),
    };
    let files = |name: &str| Err(format!("{name} is not here"));
    let around = Around { today: TODAY, sets: &[], files: &files };
    let path = Path::new("sound.toml");
    let model = match usage {
        Some(usage) => Model::parse_with_usage(path, &text, &around, &Usage::from_json(usage).expect("usage")),
        None => Model::parse(path, &text, &around),
    };
    let model = model.unwrap_or_else(|problems| panic!("{}", said(&problems)));
    run(&model, &Settings { draws: 20_000, threads: 2, sobol_base: None, ..Settings::default() })
        .unwrap_or_else(|problems| panic!("{}", said(&problems)))
}

fn counted(active: u64) -> String {
    format!(
        "{{\"since\":\"2027-01-01\",\"until\":\"2027-03-31\",\"sectors\":{{\"works\":{{\"active\":{active},\"apps\":150,\
         \"tokens\":7}},\"mines\":{{\"active\":0,\"apps\":50,\"tokens\":0}}}}}}"
    )
}

#[test]
fn counted_adoption_is_measured_and_the_curve_passes_through_it_in_its_year() {
    for curve in ["bass", "logistic", "gompertz"] {
        let outcome = ran(Some(&counted(50)), curve);
        let sector = &outcome.sectors[0];
        assert_eq!(sector.adopted.as_str(), "measured");
        let wanted = sector.years.iter().find(|it| it.0 == 2027).expect("a year").1.value;
        assert!((wanted - 50.5 / 201.0).abs() < 0.01, "{curve}: {wanted} in the year it was counted");
        let input = outcome.inputs.iter().find(|it| it.id == "usage_industry").expect("an input");
        assert_eq!(input.provenance.basis.as_str(), "measured");
        for (lang, word) in [(Lang::En, "50 of 200 apps"), (Lang::Ru, "50 из 200 приложений")] {
            let text = outcome.report(lang).to_text();
            assert!(text.contains(word) && text.contains("2027-03-31"), "{text}");
        }
    }
    let more = ran(Some(&counted(100)), "bass");
    let few = ran(Some(&counted(10)), "bass");
    assert!(more.figures[0].years[4].mean.value > few.figures[0].years[4].mean.value);
}

#[test]
fn without_records_of_its_sectors_what_the_model_says_stands() {
    let none = ran(None, "bass");
    assert_eq!(none.sectors[0].adopted.as_str(), "given");
    let other = r#"{"since":"2027-01-01","until":"2027-03-31","sectors":{"shops":{"active":1,"apps":2,"tokens":7}}}"#;
    let other = ran(Some(other), "bass");
    assert_eq!(other.sectors[0].adopted.as_str(), "given");
    assert_eq!(none.targets[0].readings[0].probability, other.targets[0].readings[0].probability);
}
