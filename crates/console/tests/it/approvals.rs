//! Requests that wait for people, as they are shown and decided in the console.

use http::StatusCode;
use realm::{ClassSet, DataClass, UnixMs};
use serde_json::Value;
use store::Role;
use store::approval::{Asks, Ticket};

use crate::place::{NOON, Place};

/// A ticket of an app, whose rule says a text wherever it says one.
pub fn ticket(id: &str, app: &str, text: &str) -> Ticket {
    Ticket {
        id: id.to_owned(),
        app: app.to_owned(),
        req: format!("req-{id}"),
        mac: format!("mac-{id}"),
        user: None,
        route: "main".to_owned(),
        purpose: text.to_owned(),
        classes: ClassSet::of(DataClass::Personal),
        user_in: Some(text.to_owned()),
        deployments: vec!["one-here".to_owned()],
        rules: vec![Asks { id: text.to_owned(), title: text.to_owned(), cite: text.to_owned() }],
        needed: 2,
        realm: "ab".repeat(32),
        asked: UnixMs(NOON),
        until: UnixMs(NOON + 3_600_000),
        words: Vec::new(),
        used: None,
    }
}

async fn rows(place: &Place, cookie: &str, table: &str) -> Vec<Value> {
    let page = place.get("/console/approvals.json", cookie).await.text;
    let page: Value = serde_json::from_str(&page).unwrap();
    page[table].as_array().unwrap().clone()
}

async fn say(place: &Place, cookie: &str, ticket: &str, word: &str, reason: &str) -> (StatusCode, String) {
    let body = format!("form={}&reason={reason}", place.form(cookie).await);
    let got = place.send("POST", &format!("/console/approvals/{ticket}/{word}"), cookie, &body, &[]).await;
    (got.status, got.text)
}

#[tokio::test]
async fn two_people_agree_with_their_names_and_reasons() {
    let place = Place::new().await;
    place.store.open_ticket(&ticket("t1", "desk", "stays"), 9).await.unwrap();
    let (ann, bob) = (place.enter_as("Ann", "house=operator").await, place.enter_as("Bob", "house=admin").await);
    let first = place.get("/console", &ann).await.text;
    assert!(first.contains("1 requests wait until somebody agrees"), "{first}");
    let page = place.get("/console/approvals/t1", &ann).await.text;
    assert!(page.contains("req-t1") && page.contains("0 / 2") && page.contains(">stays<"), "{page}");
    assert_eq!(say(&place, &ann, "t1", "agree", "").await.0, StatusCode::BAD_REQUEST, "without a reason");
    assert_eq!(say(&place, &ann, "t1", "agree", "needed").await.0, StatusCode::SEE_OTHER);
    let (status, told) = say(&place, &ann, "t1", "agree", "again").await;
    assert!(status == StatusCode::BAD_REQUEST && told.contains("You agreed before"), "{told}");
    assert_eq!(rows(&place, &ann, "waiting").await[0]["state"], "waiting");
    assert_eq!(say(&place, &bob, "t1", "agree", "needed").await.0, StatusCode::SEE_OTHER);
    assert_eq!(rows(&place, &ann, "waiting").await[0]["state"], "approved");
    assert_eq!(say(&place, &bob, "t1", "refuse", "no").await.0, StatusCode::SEE_OTHER, "who agreed may still refuse");
    let ended = rows(&place, &ann, "decided").await;
    assert_eq!((&ended[0]["state"], &ended[0]["people"]), (&"refused".into(), &serde_json::json!(["Ann", "Bob"])));
    let (status, told) = say(&place, &ann, "t1", "refuse", "late").await;
    assert!(status == StatusCode::BAD_REQUEST && told.contains("Nothing more can be said"), "{told}");
    let said = place.said().await;
    let words: Vec<_> = said.iter().filter(|(what, ..)| what.starts_with("approval.")).collect();
    assert_eq!(words.len(), 3, "{said:?}");
    assert!(words.iter().all(|(_, subject, by)| subject == "ticket:t1" && by.ends_with(", by the console")));
}

#[tokio::test]
async fn a_ticket_is_one_organisation_s_and_ends_by_itself() {
    let place = Place::new().await;
    place.store.open_ticket(&ticket("t1", "desk", "stays"), 9).await.unwrap();
    place.store.open_ticket(&ticket("t2", "kiosk", "stays"), 9).await.unwrap();
    let ann = place.enter_as("Ann", "house=operator").await;
    assert_eq!(rows(&place, &ann, "waiting").await.len(), 1);
    assert_eq!(place.get("/console/approvals/t2", &ann).await.status, StatusCode::NOT_FOUND);
    assert_eq!(say(&place, &ann, "t2", "agree", "x").await.0, StatusCode::NOT_FOUND);
    let viewer = place.enter(Role::Viewer).await;
    assert_eq!(say(&place, &viewer, "t1", "agree", "x").await.0, StatusCode::FORBIDDEN);
    assert!(!place.get("/console/approvals/t1", &viewer).await.text.contains("name=\"reason\""), "no form for viewers");
    place.pass(3_600_000);
    assert!(rows(&place, &ann, "waiting").await.is_empty());
    assert_eq!(rows(&place, &ann, "decided").await[0]["state"], "expired");
    let csv = place.get("/console/approvals.csv?table=decided", &ann).await.text;
    assert!(csv.contains("t1") && !csv.contains("t2"), "{csv}");
}
