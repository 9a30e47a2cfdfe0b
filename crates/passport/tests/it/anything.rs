use passport::{Read, Sheet, merge};
use proptest::collection;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, proptest};
use proptest::prop_oneof;
use realm::ModelId;
use serde_json::{Map, Value, json};

use crate::support::{read_as, source, today, written};

/// Names that mean something in one of the forms: chance alone would never hit one.
const KEYS: [&str; 44] = [
    "type",
    "name",
    "version",
    "supplier",
    "contact",
    "email",
    "url",
    "licenses",
    "license",
    "id",
    "expression",
    "hashes",
    "alg",
    "content",
    "components",
    "pedigree",
    "ancestors",
    "externalReferences",
    "properties",
    "value",
    "modelCard",
    "modelParameters",
    "datasets",
    "ref",
    "inputs",
    "format",
    "quantitativeAnalysis",
    "performanceMetrics",
    "slice",
    "considerations",
    "useCases",
    "technicalLimitations",
    "metadata",
    "timestamp",
    "spdxId",
    "suppliedBy",
    "from",
    "to",
    "relationshipType",
    "ai_metric",
    "key",
    "verifiedUsing",
    "algorithm",
    "bom-ref",
];

const TEXTS: [&str; 16] = [
    "machine-learning-model",
    "ai_AIPackage",
    "Relationship",
    "trainedOn",
    "accuracy",
    "0.5",
    "71 %",
    "freehold:evaluation",
    "freehold:language",
    "freehold:training_place",
    "XA",
    "attestation",
    "https://x.example/",
    "SHA-256",
    "2026-05-01",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

fn value() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        4 => proptest::sample::select(&TEXTS[..]).prop_map(|text| json!(text)),
        1 => any::<String>().prop_map(|text| json!(text)),
        1 => any::<f64>().prop_map(|number| json!(number)),
        1 => any::<bool>().prop_map(|flag| json!(flag)),
        1 => Just(Value::Null),
    ];
    let inner = |inner: BoxedStrategy<Value>| {
        let fields = collection::vec((proptest::sample::select(&KEYS[..]), inner.clone()), 0..6);
        let object = fields.prop_map(|all| {
            Value::Object(all.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
        });
        prop_oneof![object, collection::vec(inner, 0..4).prop_map(Value::Array)]
    };
    leaf.prop_recursive(6, 64, 6, move |it| inner(it.boxed())).boxed()
}

/// Whatever was read: it can be shown, and written so that a realm takes it.
fn holds(read: &mut Read) {
    let id = ModelId::new("republic-8b").unwrap();
    let world = crate::support::realm("");
    let sheet = Sheet::of_document(&read.document);
    assert!(sheet.percent() <= 100);
    let strange = read.document.only_places(|place| world.world.knows(place));
    read.left.extend(strange);
    let merged = merge(None, &id, &read.document, source("c"), Some(today()));
    let (_, after) = written("", &merged);
    assert_eq!(after.world.passports[&id], merged.passport);
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange(bytes in collection::vec(any::<u8>(), 0..200)) {
        let _ = (read_as("a.json", &bytes), read_as("a.md", &bytes));
    }

    #[test]
    fn no_front_matter_is_too_strange(yaml in "[a-c:\\-\\[\\]{}&*!|>'\"# \n,0-9]{0,60}", text in "[#*a\\-: \n`<>!]{0,60}") {
        if let Ok(mut read) = read_as("a.md", format!("---\n{yaml}\n---\n{text}").as_bytes()) {
            holds(&mut read);
        }
    }

    #[test]
    fn no_bill_is_too_strange(model in value(), whole in value()) {
        let mut bom = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "components": whole });
        let mut component = json!({ "type": "machine-learning-model", "name": "x" });
        if let (Value::Object(into), Value::Object(from)) = (&mut component, model) {
            into.extend(from);
            into.insert("type".to_owned(), json!("machine-learning-model"));
        }
        bom["metadata"] = json!({ "component": component });
        if let Ok(mut read) = read_as("a.json", bom.to_string().as_bytes()) {
            holds(&mut read);
        }
    }

    #[test]
    fn no_graph_is_too_strange(model in value(), whole in collection::vec(value(), 0..4)) {
        let mut package = json!({});
        if let (Value::Object(into), Value::Object(from)) = (&mut package, model) {
            into.extend(from);
        }
        package["type"] = json!("ai_AIPackage");
        let graph: Vec<Value> = whole.into_iter().chain([package]).collect();
        let document = json!({ "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph });
        if let Ok(mut read) = read_as("a.json", document.to_string().as_bytes()) {
            holds(&mut read);
        }
    }
}
