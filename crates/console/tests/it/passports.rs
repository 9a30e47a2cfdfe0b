//! A model's passport: how complete, what is missing, which documents.

use serde_json::{Value, json};
use store::Role;

use crate::place::Place;

#[tokio::test]
async fn a_passport_says_what_is_stated_what_is_missing_and_where_it_is_from() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Viewer).await;
    let page = place.get("/console/models/chat-one", &cookie).await.text;
    for said in ["hash of the weights", "run `sha256sum`", "another licence", "3f9a0000", "2026-11-20", "71.2 %"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let told: Value = serde_json::from_str(&place.get("/console/models/chat-one.json", &cookie).await.text).unwrap();
    let fields = |table: &str| -> Vec<String> {
        let rows = told[table].as_array().unwrap().iter();
        rows.map(|row| row["field"].as_str().unwrap().to_owned()).collect()
    };
    let (stated, gaps) = (fields("stated"), fields("gaps"));
    assert_eq!(stated.len() + gaps.len(), 21, "each field is stated or missing");
    assert!(stated.contains(&"limits".to_owned()) && gaps.contains(&"weights".to_owned()));
    assert_eq!(fields("differences"), ["licence"]);
    assert_eq!(told["results"][0]["published"], json!("2026-05-01"));
    assert_eq!(told["sources"][0]["form"], json!("model-card"));
    let list: Value = serde_json::from_str(&place.get("/console/models.json", &cookie).await.text).unwrap();
    assert_eq!(list["models"][0]["complete"], json!(stated.len() * 100 / 21));
    assert_eq!(place.get("/console/models/nobody", &cookie).await.status, http::StatusCode::NOT_FOUND);
    let russian = place.get("/console/models/chat-one", &format!("{cookie}; freehold-lang=ru")).await.text;
    assert!(russian.contains("хеш весов") && russian.contains("Не хватает"), "{russian}");
}
