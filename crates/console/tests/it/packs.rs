//! Packs of law: the list, one pack, and what each reader may see of duties; the control API tells the same.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use store::Role;

use crate::pages::refusal_of;
use crate::place::Place;

/// A law that everybody's realm here uses: a rule that binds later, and three duties.
pub const ACT: [(&str, &str); 5] = [
    (
        "packs/act/pack.toml",
        r#"
id = "act"
title = "@NAME@"
version = "1.2"
jurisdiction = "XA"
sources = ["@NAME@"]
verified_on = 2026-11-20
"#,
    ),
    (
        "packs/act/rules.cedar",
        r#"
@id("act-letters") @title("No letters without a review") @cite("Act 1, Article 2")
@status("in_force") @from("2027-01-01") @verified_on("2026-11-20") @evidence("app.review")
forbid (principal, action == Action::"infer", resource) when { principal.evidence.review != "done" };
"#,
    ),
    (
        "packs/act/en.ftl",
        "act-letters = No letters without a review\n    .plain = Somebody reviews letters.\n    .remedy = Enter evidence.\n",
    ),
    (
        "packs/act/ru.ftl",
        "act-letters = Нет писем без проверки\n    .plain = Письма кто-то проверяет.\n    .remedy = Внесите свидетельство.\n",
    ),
    (
        "packs/act/catalogue.toml",
        r#"
[[duty]]
id = "review"
en = "Each app is reviewed"
ru = "Каждое приложение проверено"
cite = "Act 1, Article 3"
status = "in_force"
from = 2026-01-01
verified_on = 2026-11-20
scope = "organisation"
evidence = ["app.review"]
[[duty]]
id = "exit"
en = "There is a way out"
ru = "Есть путь выхода"
cite = "Act 1, Article 4"
status = "in_force"
from = 2027-02-01
verified_on = 2026-11-20
scope = "deployment"
evidence = ["provider.exit"]
[[duty]]
id = "register"
en = "@NAME@"
ru = "Реестр сдан"
cite = "@NAME@"
status = "draft"
scope = "calendar"
"#,
    ),
];

pub async fn tables(place: &Place, path: &str, cookie: &str) -> Value {
    serde_json::from_str(&place.get(path, cookie).await.text).unwrap()
}

/// What the control API answers to somebody with a session.
pub async fn called(place: &Place, path: &str, cookie: &str) -> (StatusCode, Value) {
    let token = cookie.split_once('=').unwrap().1;
    let request = Request::builder().uri(format!("/api/v1{path}")).header("authorization", format!("Bearer {token}"));
    let request = request.body(Bytes::new()).unwrap();
    let got = place.api(request).await;
    (got.status(), serde_json::from_slice(got.body()).unwrap())
}

#[tokio::test]
async fn who_is_exempt_is_shown_to_their_own_and_counted_for_the_whole() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Viewer).await;
    let of = |scope: &str| format!("/console/policies.json?organisation={scope}&table=sandboxes");
    let told = |text: String| serde_json::from_str::<Value>(&text).unwrap()["sandboxes"][0].clone();
    let own = told(place.get(&of("house"), &cookie).await.text);
    assert_eq!((&own["sandbox"], &own["state"], &own["apps"]), (&json!("trial"), &json!("proposed"), &json!(["desk"])));
    let whole = told(place.get(&of("%40"), &cookie).await.text);
    assert_eq!(whole["apps"], 2, "no app is named across organisations");
    assert!(place.get("/console/policies?organisation=house", &cookie).await.text.contains("not signed by two"));
}

#[tokio::test]
async fn the_list_says_what_binds_and_what_is_shown_on_a_day() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Viewer).await;
    let row = |next: Option<&str>, counts: [u64; 6]| {
        let [in_force, in_shadow, met, not_met, unknown, not_binding] = counts;
        json!({
            "pack": "act", "version": "1.2", "jurisdiction": "XA", "verified_on": "2026-11-20", "sources": ["House"],
            "in_force": in_force, "in_shadow": in_shadow, "next_change": next, "duties_met": met,
            "duties_not_met": not_met, "duties_unknown": unknown, "duties_not_binding": not_binding,
        })
    };
    let now = row(Some("2027-01-01"), [0, 1, 1, 0, 0, 2]);
    assert_eq!(tables(&place, "/console/packs.json", &cookie).await["packs"], json!([now]));
    let later = row(None, [1, 0, 1, 0, 1, 1]);
    assert_eq!(tables(&place, "/console/packs.json?on=2027-02-01", &cookie).await["packs"], json!([later]));
    let csv = place.get("/console/packs.csv", &cookie).await.text;
    assert!(csv.lines().nth(1).unwrap().starts_with("act,1.2,XA,2026-11-20,0,1,2027-01-01,1,0,0,2,"), "{csv}");
    let page = place.get("/console/packs?on=2027-02-01", &cookie).await.text;
    assert!(
        page.contains("href=\"/console/packs/act?on=2027-02-01&amp;organisation="),
        "the day is kept on the way: {page}"
    );
    let found = place.get("/console/go?q=act", &cookie).await.text;
    assert!(found.contains("href=\"/console/packs/act?organisation=") && found.contains("Pack of law"));
}

#[tokio::test]
async fn a_pack_is_told_in_the_readers_language_and_its_twins_hold_the_same_rows() {
    let place = Place::new().await;
    for n in 0..3 {
        let mut record = realm::record::Record::from_bytes(&refusal_of("desk", n)).unwrap();
        let realm::record::Record::Refusal(refusal) = &mut record else { panic!("a refusal") };
        refusal.rules = vec!["act-letters".into()];
        refusal.code = "policy_denied".into();
        place.log.append(record.to_bytes()).await.unwrap();
    }
    let cookie = place.enter(Role::Viewer).await;
    let english = place.get("/console/packs/act?lang=en", &cookie).await.text;
    let russian = place.get("/console/packs/act?lang=ru", &cookie).await.text;
    for (page, said) in [
        (&english, ["Somebody reviews letters.", "Enter evidence.", "Each app is reviewed", "binds later"]),
        (&russian, ["Письма кто-то проверяет.", "Внесите свидетельство.", "Каждое приложение проверено", "начнёт"]),
    ] {
        assert!(said.iter().all(|text| page.contains(text)), "{page}");
        assert!(page.contains("href=\"/console/policies/rules/act-letters?organisation="));
    }
    let all = tables(&place, "/console/packs/act.json?lang=en", &cookie).await;
    let rule = &all["rules"][0];
    assert_eq!((&rule["rule"], &rule["state"], &rule["denied"]), (&json!("act-letters"), &json!("later"), &json!(3)));
    assert_eq!((&rule["evidence"], &rule["plain"]), (&json!(["app.review"]), &json!("Somebody reviews letters.")));
    let ids: Vec<&str> = all["duties"].as_array().unwrap().iter().map(|row| row["duty"].as_str().unwrap()).collect();
    assert_eq!(ids, ["review", "exit", "register"]);
    let csv = place.get("/console/packs/act.csv?table=duties", &cookie).await.text;
    assert_eq!(csv.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect::<Vec<_>>(), ids);
    let named = place.get("/console/policies/rules/act-letters", &cookie).await.text;
    assert!(named.contains("href=\"/console/packs/act?organisation="), "a rule leads to its pack");
    for none in ["/console/packs/none", "/console/packs/no%20id"] {
        assert_eq!(place.get(none, &cookie).await.status, StatusCode::NOT_FOUND, "{none}");
    }
}

#[tokio::test]
async fn of_one_organisation_evidence_is_asked_of_it_and_of_the_whole_no_app_is_named() {
    let place = Place::new().await;
    for (roles, review) in [
        ("house=viewer", json!(["met", []])),
        ("other=viewer", json!(["not_met", ["app:kiosk review"]])),
        ("@=viewer", json!(["not_met", ["organisation:other app.review"]])),
    ] {
        let cookie = place.enter_as(roles, roles).await;
        let duties = &tables(&place, "/console/packs/act.json", &cookie).await["duties"];
        let told = |row: &Value, state: &str| json!([row[state], row["lacking"]]);
        assert_eq!(told(&duties[0], "met"), review, "{roles}");
        assert_eq!(told(&duties[1], "met"), json!(["unknown", ["provider:here exit"]]), "{roles}: what all share");
        let (status, answer) = called(&place, "/packs/act", &cookie).await;
        assert_eq!((status, told(&answer["duties"][0], "state")), (StatusCode::OK, review), "{roles}: {answer}");
        if !roles.starts_with("other") {
            let page = place.get("/console/packs/act", &cookie).await.text;
            assert!(!page.contains("kiosk") && !answer.to_string().contains("kiosk"), "{roles}: {page}");
        }
    }
}

#[tokio::test]
async fn the_control_api_tells_the_same_of_a_day() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Viewer).await;
    let (_, all) = called(&place, "/packs?date=2027-02-01", &cookie).await;
    let duties = json!({ "met": 1, "not_met": 0, "unknown": 1, "not_binding": 1 });
    assert_eq!((&all["date"], &all["packs"][0]["duties"]), (&json!("2027-02-01"), &duties));
    let (_, one) = called(&place, "/packs/act", &cookie).await;
    assert_eq!((&one["date"], &one["pack"]["next_change"]), (&json!("2026-11-24"), &json!("2027-01-01")));
    let rule = &one["rules"][0];
    assert_eq!(
        (&rule["id"], &rule["binds"], &rule["evidence"]),
        (&json!("act-letters"), &json!(false), &json!(["app.review"]))
    );
    assert_eq!(rule["texts"]["ru"]["remedy"], "Внесите свидетельство.");
    assert_eq!(called(&place, "/packs/none", &cookie).await.0, StatusCode::NOT_FOUND);
    let (status, wrong) = called(&place, "/packs?date=soon", &cookie).await;
    assert_eq!((status, &wrong["error"]["param"]), (StatusCode::BAD_REQUEST, &json!("date")));
}
