use passport::{Document, Field, Sheet, merge};
use realm::ModelId;
use realm::load::Lang;

use crate::support::{read_as, read_file, realm, source, today, written};

/// A valid document may say nothing: nothing is what it is worth.
#[test]
fn an_empty_document_states_next_to_nothing() {
    let bom = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
        "components":[{"type":"machine-learning-model","name":"x","modelCard":{}}]}"#;
    let graph = r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "@graph":[{"type":"ai_AIPackage","spdxId":"urn:m","name":"x"}]}"#;
    for (name, text) in [("b.json", bom), ("g.json", graph), ("README.md", ""), ("README.md", "---\n---\n# X\n")] {
        let read = read_as(name, text.as_bytes()).unwrap();
        let sheet = Sheet::of_document(&read.document);
        assert_eq!((sheet.present(), sheet.percent(), sheet.gaps().count()), (0, 0, Field::ALL.len()), "{text}");
    }
}

#[test]
fn every_field_has_a_name_and_a_remedy_in_both_languages() {
    for field in Field::ALL {
        for lang in [Lang::En, Lang::Ru] {
            let (title, remedy) = (field.title(lang), field.remedy(lang));
            assert!(!title.starts_with("passport-") && !remedy.is_empty(), "{field:?}: {title}");
        }
    }
}

#[test]
fn a_document_fills_gaps_and_contradicts_nothing() {
    let id = ModelId::new("republic-8b").unwrap();
    let before = "# ours\n[[passport]]\nmodel = \"republic-8b\"\nversion = \"1.1\" # stays\n";
    let world = realm(before);
    let model = &world.world.models[&id];
    let read = read_file("bom.json");
    let passport = world.world.passports.get(&id);
    let merged = merge(passport, &id, &read.document, source("a"), None);
    assert_eq!(merged.kept, ["version"]);
    assert_eq!((merged.results.len(), merged.undated), (1, 0), "the document's own day");
    assert_eq!(merged.results[0].source, "a paper");
    let (text, after) = written(before, &merged);
    assert!(text.contains("# ours") && text.contains("version = \"1.1\" # stays"), "{text}");
    let kept = &after.world.passports[&id];
    assert_eq!(kept, &merged.passport, "what is written reads back");
    let sheet = Sheet::of(model, Some(kept));
    assert!(sheet.present() > Sheet::of(model, passport).present() + 8, "{:?}", sheet.gaps().collect::<Vec<_>>());
    assert_eq!(sheet.differences[0].field, Field::Licence);
    assert_eq!((sheet.differences[0].model.as_str(), sheet.differences[0].papers.as_str()), ("MIT", "Apache-2.0"));
    let again = merge(Some(kept), &id, &read.document, source("a"), None);
    assert!(again.added.is_empty() && again.results.is_empty(), "taken twice is taken once: {:?}", again.added);
}

#[test]
fn results_without_a_day_are_not_taken_unless_somebody_says_it() {
    let id = ModelId::new("republic-8b").unwrap();
    let read = read_file("card.md");
    let merged = merge(None, &id, &read.document, source("b"), None);
    assert_eq!((merged.results.len(), merged.undated), (0, 1));
    let merged = merge(None, &id, &read.document, source("b"), Some(today()));
    assert_eq!((merged.results.len(), merged.undated), (1, 0));
    assert_eq!(merged.results[0].date, today());
}

#[test]
fn a_passport_that_states_all_is_complete() {
    let all = format!(
        r#"[[passport]]
model = "republic-8b"
version = "1"
weights = [{{ sha256 = "{}" }}]
base_models = []
datasets = ["letters"]
personal_data = false
training_places = ["XA"]
training_energy_kwh = "12"
intended_use = "letters"
limits = "no numbers"
languages = ["en"]
inputs = ["text"]
outputs = ["text"]
contact = "us"
update_channel = "XA"
attestation = "https://x.example/a"
evaluations = [{{ suite = "s", score = "0.5", date = 2026-01-01, source = "us" }}]
sources = [{{ kind = "paper", name = "n", sha256 = "{}", taken = 2026-01-01 }}]
"#,
        "a".repeat(64),
        "b".repeat(64)
    );
    let world = realm(&all);
    let id = ModelId::new("republic-8b").unwrap();
    let sheet = Sheet::of(&world.world.models[&id], world.world.passports.get(&id));
    assert_eq!(
        sheet.gaps().collect::<Vec<_>>(),
        [Field::DataPlaces, Field::Compute],
        "these stand in the model's table"
    );
    let document = Document::of(&world.world, &world.world.models[&id]);
    assert_eq!(document.stated.licence.as_deref(), Some("MIT"));
}
