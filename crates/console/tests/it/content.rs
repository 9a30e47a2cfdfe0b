//! What is kept of prompts and answers, as the console tells of it.

use http::StatusCode;
use realm::{AppId, Clock as _, OrganisationId};
use serde_json::json;
use store::Role;
use store::content::{Contents, KnownBy, OPENING_LASTS_MS, Opening, Sealed};

use crate::packs::called;
use crate::place::Place;

/// Keeps one exchange of an app, and one whose key is destroyed.
async fn keep(place: &Place, app: &str, request: &str) {
    let now = place.clock.now();
    let (app, house) = (AppId::new(app).unwrap(), OrganisationId::new("house").unwrap());
    let public = format!("x25519:09{}", "00".repeat(31));
    let (key, _) = place.store.new_content_key(&app, &house, &public, now).await.unwrap();
    let contents = Contents::open(&place.dir().join("content.db")).await.unwrap();
    let sealed = |req: &str, key_id: &str| Sealed {
        req: req.to_owned(),
        app: app.to_string(),
        key_id: key_id.to_owned(),
        at: now,
        sealed: b"secret".to_vec(),
    };
    contents.put(&[sealed(request, &key.id), sealed(&format!("{request}-old"), "gone")]).await.unwrap();
    contents.close().await;
}

#[tokio::test]
async fn what_is_kept_and_who_would_open_it_is_told_to_auditors_of_the_organisation() {
    let place = Place::new().await;
    keep(&place, "desk", "req-1").await;
    keep(&place, "elsewhere", "req-2").await;
    let mut opening = Opening::new("req-1", ("desk", "house"), "complaint <17>", "ann", place.clock.now()).unwrap();
    opening.asked_signature = vec![1];
    place.store.ask_opening(&opening, KnownBy { realm: "r", keys: &["k"] }).await.unwrap();

    let cookie = place.enter(Role::Auditor).await;
    let page = place.get("/console/content?organisation=house", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    for there in
        ["req-1", "req-1-old", "complaint &#60;17&#62;", "key destroyed", "waits for a second person", &opening.id]
    {
        assert!(page.text.contains(there), "{there}: {}", page.text);
    }
    assert!(!page.text.contains("req-2") && !page.text.contains("secret"), "another's, or what is sealed");
    let one = place.get("/console/content?organisation=house&request=req-1", &cookie).await.text;
    assert!(one.contains("content request req-1 --reason") && one.contains(&format!("content approve {}", opening.id)));
    assert!(!one.contains("req-1-old"));
    let odd = place.get("/console/content?organisation=house&request=%3B+rm", &cookie).await.text;
    assert!(odd.contains("content request REQUEST"), "{odd}");

    place.pass(OPENING_LASTS_MS + 1);
    let cookie = place.enter(Role::Auditor).await;
    let (status, told) = called(&place, "/content?organisation=house", &cookie).await;
    assert_eq!((status, told["items"].as_array().unwrap().len()), (StatusCode::OK, 2), "{told}");
    assert_eq!(told["openings"][0]["state"], "over");
    assert_eq!(told["openings"][0]["reason"], json!("complaint <17>"));
    for (role, path) in [(Role::Viewer, "house"), (Role::Operator, "house"), (Role::Auditor, "%40")] {
        let cookie = place.enter(role).await;
        let got = place.get(&format!("/console/content?organisation={path}"), &cookie).await;
        assert_eq!(got.status, StatusCode::FORBIDDEN, "{role} of {path}");
    }
}
