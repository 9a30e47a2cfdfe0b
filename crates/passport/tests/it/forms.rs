use passport::Why;
use realm::load::Lang;
use realm::world::PassportForm;
use rust_decimal::Decimal;

use crate::support::{left, read_as, read_file};

#[test]
fn a_model_card_is_read_with_its_sections() {
    let read = read_file("card.md");
    let (document, stated) = (&read.document, &read.document.stated);
    assert_eq!(read.form, PassportForm::ModelCard);
    assert_eq!(document.name.as_deref(), Some("Republic 8B"));
    assert_eq!(stated.licence.as_deref(), Some("Apache-2.0"), "as SPDX writes it");
    assert_eq!(stated.languages, ["en", "no"], "Norwegian is a language, not a denial");
    assert_eq!(stated.base_models.as_deref(), Some(&["open-tensor/base-32b".to_owned()][..]));
    assert_eq!((stated.inputs.join(" "), stated.outputs.join(" ")), ("text".to_owned(), "text".to_owned()));
    assert_eq!(stated.developer.as_deref(), Some("Republic Cloud"));
    assert_eq!(stated.intended_use.as_deref(), Some("Letters and summaries of public bodies."));
    assert_eq!(stated.limits.as_deref(), Some("It invents sources."));
    let [result] = &document.evaluations[..] else { panic!("{:?}", document.evaluations) };
    assert_eq!((result.suite.as_str(), result.score), ("General Knowledge", Decimal::new(712, 3)));
    assert_eq!(result.source.as_deref(), Some("https://results.example/republic-8b"));
    assert_eq!(result.date, None, "a card says of no result when it is");
    let expected = ["model-index[0].results[0].metrics[1]", "library_name", "tags", "# How to Get Started"];
    assert_eq!(left(&read), expected, "what is not understood is listed, what the template left open is not");
    assert_eq!(read.left[0].why, Why::NotAShare);
}

#[test]
fn a_bill_of_materials_is_read_with_its_references() {
    let read = read_file("bom.json");
    let stated = &read.document.stated;
    assert_eq!(read.form, PassportForm::CycloneDx);
    assert_eq!(stated.weights.len(), 1, "SHA-1 vouches for nothing");
    assert!(stated.weights[0].sha256.starts_with("3f9a"));
    assert_eq!(stated.datasets, ["letters-2025"], "by its reference");
    assert_eq!(stated.contact.as_deref(), Some("models@republic.example"));
    assert_eq!(stated.limits.as_deref(), Some("It invents sources\nIt forgets"));
    assert_eq!(stated.training_energy_kwh, Some(Decimal::new(12_005, 1)));
    assert_eq!(read.document.dated.unwrap().to_string(), "2026-05-02");
    assert_eq!(read.document.evaluations.len(), 1);
    let expected = [
        "components[2].hashes[1]",
        "components[2].modelCard.modelParameters.approach",
        "components[2].modelCard.quantitativeAnalysis.performanceMetrics[1]",
        "components[1]",
    ];
    assert_eq!(left(&read), expected);
    let other = String::from_utf8(crate::support::data("bom.json")).unwrap();
    for version in ["1.5", "1.7"] {
        assert!(read_as("b.json", other.replace("\"1.6\"", &format!("\"{version}\"")).as_bytes()).is_ok());
    }
    let older = read_as("b.json", other.replace("\"1.6\"", "\"1.4\"").as_bytes()).unwrap_err();
    assert_eq!(older[0].code, "passport.version");
}

#[test]
fn a_graph_is_read_through_its_relations() {
    let read = read_file("graph.json");
    let stated = &read.document.stated;
    assert_eq!(read.form, PassportForm::Spdx);
    assert_eq!(stated.developer.as_deref(), Some("Republic Cloud"));
    assert_eq!(stated.datasets, ["letters-2025"]);
    assert_eq!(stated.licence.as_deref(), Some("Apache-2.0"));
    assert_eq!((stated.personal_data, stated.training_energy_kwh), (Some(false), Some(Decimal::new(12_005, 1))));
    assert_eq!(stated.released.unwrap().to_string(), "2026-04-30");
    assert_eq!(stated.weights.len(), 1);
    assert_eq!(read.document.evaluations[0].suite, "General Knowledge", "what it was tested on");
    assert_eq!(read.document.evaluations[0].date.unwrap().to_string(), "2026-05-02");
    let expected = ["@graph[3].ai_metric[1]", "@graph[3].software_downloadLocation", "@graph[3].ai_domain"];
    assert_eq!(left(&read), [&expected[..], &["@graph[10]", "@graph[6]"]].concat());
}

#[test]
fn what_cannot_be_read_says_where() {
    let place = |name: &str, text: &str| {
        let problems = read_as(name, text.as_bytes()).unwrap_err();
        for lang in [Lang::En, Lang::Ru] {
            assert!(problems[0].expected(lang).is_some(), "{}", problems[0].code);
        }
        format!("{} {}", problems[0].place(), problems[0].code)
    };
    assert_eq!(place("a.json", "{\n  \"a\": ,\n}"), "a.json:2:8 passport.json");
    assert_eq!(place("a.json", "binary"), "a.json passport.form");
    assert_eq!(place("a.json", "{}"), "a.json passport.form");
    assert_eq!(place("a.md", "---\nlicense: mit\nlanguage: [en\n---\n"), "a.md:4:1 passport.yaml");
    assert_eq!(place("a.md", "---\na: &x [b]\n---\n"), "a.md:2:4 passport.yaml");
    assert_eq!(place("a.md", "---\nlicense: mit\n"), "a.md:3:1 passport.open");
    let empty = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1}"#;
    assert_eq!(place("a.json", empty), "a.json passport.no_model");
    let deep = format!(r#"{{"bomFormat":"CycloneDX","x":{}1{}}}"#, "[".repeat(100), "]".repeat(100));
    assert_eq!(place("a.json", &deep), "a.json:1:1 passport.json");
    let large = vec![b' '; 5 << 20];
    assert_eq!(read_as("a.json", &large).unwrap_err()[0].code, "passport.too_large");
}

#[test]
fn of_several_models_one_is_named() {
    let two = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[
        {"type":"machine-learning-model","name":"a","version":"1"},
        {"type":"machine-learning-model","name":"b","version":"2"}]}"#;
    let problems = read_as("two.json", two.as_bytes()).unwrap_err();
    assert_eq!(problems[0].code, "passport.which_model");
    assert!(problems[0].message(Lang::En).contains("a, b"));
    let read = passport::read(std::path::Path::new("two.json"), two.as_bytes(), Some("b")).unwrap();
    assert_eq!(read.document.stated.version.as_deref(), Some("2"));
    assert_eq!((left(&read), read.left[0].why), (vec!["components[0]".to_owned()], Why::OtherModel));
}

#[test]
fn what_a_terminal_would_obey_is_not_told() {
    let text = "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"\\u001b[2J\":1,\"components\":[\
        {\"type\":\"machine-learning-model\",\"name\":\"a\",\"version\":\"1\\u001b[2J\"}]}";
    let read = read_as("a.json", text.as_bytes()).unwrap();
    assert_eq!(read.document.stated.version.as_deref(), Some("1 [2J"));
    assert_eq!(left(&read), ["[2J"]);
}
