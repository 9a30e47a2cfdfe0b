//! What is owed beside the answers, as it is shown and marked in the console.

use http::StatusCode;
use realm::record::{Intent, Record};
use realm::{AppId, UnixMs};
use serde_json::Value;
use store::Role;

use crate::pages::intent_of;
use crate::place::{NOON, Place};

const HOUR_MS: u64 = 3_600_000;

const TELL: &str = r#"
@id("tell")
@title("Whoever a letter decides about is told")
@cite("House Rules, section 8")
@obligation("notify")
@within_hours("2")
forbid (principal, action == Action::"oblige", resource);
"#;

fn intent(place: &Place, app: &str, req: &str, at: u64) -> Vec<u8> {
    let intent = Intent { oblige: vec!["tell".into()], ..intent_of(place, app, req, at) };
    Record::Intent(intent).to_bytes()
}

async fn page(place: &Place, cookie: &str, table: &str) -> Vec<Value> {
    let page = place.get("/console/obligations.json", cookie).await.text;
    let page: Value = serde_json::from_str(&page).unwrap_or_else(|e| panic!("{e}: {page}"));
    page[table].as_array().unwrap().clone()
}

async fn send(place: &Place, cookie: &str, path: &str, body: &str) -> StatusCode {
    let body = format!("form={}&{body}", place.form(cookie).await);
    place.send("POST", &format!("/console/obligations{path}"), cookie, &body, &[]).await.status
}

/// A place whose desk owes two notices by the rule `tell`, the first of them an hour old.
async fn owing() -> Place {
    let place = Place::ruled(TELL).await;
    for (app, req, at) in [("desk", "req-a", NOON - HOUR_MS), ("desk", "req-b", NOON), ("kiosk", "req-c", NOON)] {
        place.log.append(intent(&place, app, req, at)).await.unwrap();
    }
    place
}

#[tokio::test]
async fn a_notice_is_owed_since_the_first_request_told_and_taken_back() {
    let place = owing().await;
    let cookie = place.enter(Role::Operator).await;
    let owed = page(&place, &cookie, "notices").await;
    assert_eq!(owed.len(), 1, "the kiosk is another organisation's: {owed:?}");
    let told = (&owed[0]["state"], &owed[0]["rule"], &owed[0]["requests"], &owed[0]["since"], &owed[0]["due"]);
    let (since, due) = (UnixMs(NOON - HOUR_MS).to_string(), UnixMs(NOON + HOUR_MS).to_string());
    assert_eq!(told, (&"open".into(), &"tell".into(), &2.into(), &since.into(), &due.into()));
    let requests = place.get("/console/requests.json?rule=tell&app=desk", &cookie).await.text;
    assert!(requests.contains("req-a") && requests.contains("req-b"), "{requests}");
    place.pass(HOUR_MS);
    assert_eq!(page(&place, &cookie, "notices").await[0]["state"], "overdue");
    assert!(place.get("/console", &cookie).await.text.contains("1 notices that rules demand are overdue"));
    let through = format!("notice=tell+desk&through={}&reference=", NOON - 1);
    assert_eq!(send(&place, &cookie, "", &through).await, StatusCode::BAD_REQUEST, "nothing shows it");
    assert_eq!(send(&place, &cookie, "", &format!("{through}letter+7")).await, StatusCode::SEE_OTHER);
    let owed = page(&place, &cookie, "notices").await;
    assert_eq!((&owed[0]["requests"], &owed[0]["state"]), (&1.into(), &"open".into()), "what came later is still owed");
    let all = format!("notice=tell+desk&through={}&reference=letter+8", NOON + HOUR_MS);
    assert_eq!(send(&place, &cookie, "", &all).await, StatusCode::SEE_OTHER);
    assert_eq!(page(&place, &cookie, "notices").await[0]["state"], "done");
    for told in page(&place, &cookie, "told").await {
        let id = place.store.told_notices(&[AppId::new("desk").unwrap()]).await.unwrap();
        let id = &id.iter().find(|it| it.reference == told["reference"]).unwrap().id;
        assert_eq!(place.get(&format!("/console/obligations/{id}/undo"), &cookie).await.status, StatusCode::OK);
        assert_eq!(send(&place, &cookie, &format!("/{id}/undo"), "").await, StatusCode::SEE_OTHER);
    }
    assert_eq!(page(&place, &cookie, "notices").await[0]["requests"], 2, "all is owed again");
    let whats: Vec<String> = place.said().await.into_iter().map(|(what, ..)| what).collect();
    let marks: Vec<&String> = whats.iter().filter(|what| what.starts_with("notice.")).collect();
    assert_eq!(marks, ["notice.tell", "notice.tell", "notice.untell", "notice.untell"]);
}

#[tokio::test]
async fn evidence_that_a_rule_asks_for_is_met_or_not_with_its_day() {
    let place = owing().await;
    assert!(page(&place, &place.enter(Role::Viewer).await, "evidence").await.is_empty(), "the rule binds later");
    place.pass(60 * 24 * HOUR_MS);
    let cookie = place.enter(Role::Viewer).await;
    let asked = page(&place, &cookie, "evidence").await;
    let found: Vec<_> = asked.iter().map(|it| (it["subject"].as_str().unwrap(), it["met"].as_str().unwrap())).collect();
    assert_eq!(found, [("app:desk", "met")], "of the house only: {asked:?}");
    assert_eq!(send(&place, &cookie, "", "notice=tell+desk&reference=x").await, StatusCode::FORBIDDEN);
}
