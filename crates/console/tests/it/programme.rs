//! The programme: figures with where each comes from, and an honest "unknown".

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use store::Role;

use crate::pages::{outcome_of, refusal_of};
use crate::place::Place;

#[tokio::test]
async fn each_figure_says_where_it_comes_from_and_what_is_unknown_says_so() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Viewer).await;
    let path = "/console/programme?organisation=%40";
    let empty = place.get(path, &cookie).await;
    assert_eq!(empty.status, StatusCode::OK, "{}", empty.text);
    assert!(empty.text.contains("Nothing that it is counted from has happened in the last 30 days"), "{}", empty.text);
    for n in 0..3 {
        place.log.append(outcome_of("desk", n)).await.unwrap();
    }
    place.log.append(refusal_of("desk", 9)).await.unwrap();
    let page = place.get(path, &cookie).await.text;
    for words in [
        "100\u{202f}%",
        "target 80\u{202f}% by 2027-12-31",
        "125 % of the way",
        "counted in the ledger log-1 over the last 30 days, from 2026-10-26 on; requests: 3",
        "freehold usage --by deployment --since 2026-10-26",
        "As of 2026-10-31, by report 4. Nobody counted it here.",
        "12.5 % of the way",
        "it will come from the fleet of accelerators, which this version has not",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let told = place.get("/console/programme.json?organisation=%40", &cookie).await.text;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["indicators"][1]["value"], &told["indicators"][2]["value"]), (&json!("100"), &json!("150")));
    assert_eq!(told["indicators"][0]["value"], Value::Null, "what is not built has no value");
    assert_eq!(told["initiatives"][0]["lead"], "house");
    // It is of the whole.
    assert_eq!(place.get("/console/programme?organisation=house", &cookie).await.status, StatusCode::FORBIDDEN);
    let russian = place.get(path, &format!("{cookie}; freehold-lang=ru")).await.text;
    assert!(russian.contains("12,5 %") && russian.contains("Здесь этого никто не считал"), "{russian}");
}

#[tokio::test]
async fn programs_are_told_the_same() {
    let place = Place::new().await;
    place.log.append(outcome_of("desk", 1)).await.unwrap();
    let roles = "@=viewer".parse().unwrap();
    let now = realm::Clock::now(&*place.clock);
    place.store.add_account("vera", "hash", &roles, "test", now).await.unwrap();
    let token = place.store.new_token("vera", 60_000, "test", now).await.unwrap().unwrap().text;
    let request = Request::get("/api/v1/programme?organisation=@").header("authorization", format!("Bearer {token}"));
    let request = request.body(Bytes::new()).unwrap();
    let got = place.api(request).await;
    assert_eq!(got.status(), StatusCode::OK);
    let told: Value = serde_json::from_slice(got.body()).unwrap();
    let figure = |id: &str| told["indicators"].as_array().unwrap().iter().find(|it| it["id"] == id).unwrap().clone();
    let counted = figure("home-share");
    assert_eq!(
        (&counted["value"], &counted["source"], &counted["requests"]),
        (&json!("100"), &json!("counted"), &json!(1))
    );
    assert_eq!((&figure("trained")["of"], &figure("trained")["cite"]), (&json!("2026-10-31"), &json!("report 4")));
    assert_eq!((&figure("cards")["source"], &figure("cards")["value"]), (&json!("not_built"), &Value::Null));
}
