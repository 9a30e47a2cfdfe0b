use std::collections::BTreeSet;
use std::path::Path;

use api::v1::{CODES, ROUTES, document, table};
use serde_json::Value;

/// Method and path, as the table has them.
fn answered() -> BTreeSet<(String, String)> {
    let all = ROUTES.iter().filter(|route| route.path != "/openapi.json");
    all.map(|route| (route.method.as_str().to_lowercase(), format!("{}{}", api::v1::PATH, route.path))).collect()
}

#[test]
fn every_path_that_is_answered_is_described_and_no_other() {
    let document = serde_json::to_value(document()).unwrap();
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let open = |part: &str| if part.starts_with('{') { "*".to_owned() } else { part.to_owned() };
        let pattern = path.split('/').map(open).collect::<Vec<_>>().join("/");
        for method in methods.as_object().unwrap().keys() {
            described.insert((method.clone(), pattern.clone()));
        }
    }
    assert_eq!(described, answered());
    assert_eq!(document["security"][0]["token"], serde_json::json!([]), "nobody calls without a token");
}

#[test]
fn every_operation_says_what_it_answers_and_how_it_fails() {
    let document = serde_json::to_value(document()).unwrap();
    let operations = document["paths"].as_object().unwrap().values().flat_map(|it| it.as_object().unwrap().values());
    let mut ids = BTreeSet::new();
    for operation in operations {
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{id} twice");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{id}");
        for status in ["4XX", "5XX"] {
            let schema = &responses[status]["content"]["application/json"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/ErrorBody", "{id} {status}");
        }
        assert!(
            operation["summary"].as_str().or(operation["description"].as_str()).is_some_and(|it| it.len() > 8),
            "{id}"
        );
    }
}

/// The table of rights is the one that was looked at. `UPDATE_GOLDEN=1` writes it anew.
#[test]
fn the_table_of_rights_is_the_one_that_was_looked_at() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/access.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, table()).unwrap();
    }
    assert_eq!(table(), std::fs::read_to_string(path).unwrap());
}

#[test]
fn every_code_has_a_page() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
    for (code, status) in CODES {
        let page = std::fs::read_to_string(pages.join(format!("{code}.md"))).unwrap_or_default();
        assert!(page.contains(&format!("`{code}`")), "{code} has no page");
        assert!(page.contains(&status.to_string()), "{code}: its page does not say {status}");
    }
}

#[test]
fn the_description_is_a_document_of_its_version() {
    let document: Value = serde_json::to_value(document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
}
