//! Plans and forecasts: asked for with a form, told as pages and twins, of the whole only.

use http::StatusCode;
use serde_json::{Value, json};
use store::Role;

use crate::packs::tables;
use crate::place::{Got, Place};

/// The example realm's case: small enough to be solved while a page waits.
const CASE: &str = include_str!("../../../../examples/republic/plan/case.toml");

/// A place whose realm has a case and one that cannot be read.
async fn planning() -> Place {
    let place = Place::new().await;
    for (folder, text) in [("plan", CASE), ("plans/broken", "[case]\nversion = 1\n")] {
        let folder = place.dir().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("case.toml"), text).unwrap();
    }
    place
}

async fn sent(place: &Place, cookie: &str, page: &str, fields: &[(&str, &str)]) -> Got {
    let form = place.form(cookie).await;
    let mut body = form_urlencoded::Serializer::new(String::new());
    let body = body.append_pair("form", &form).extend_pairs(fields).finish();
    place.send("POST", &format!("/console/{page}?organisation=%40"), cookie, &body, &[]).await
}

/// Where an answer is, once it is there.
async fn answer(place: &Place, cookie: &str, got: &Got) -> String {
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.text);
    let path = got.header("location").split('?').next().unwrap().to_owned();
    for _ in 0..600 {
        let page = place.get(&format!("{path}?organisation=%40"), cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        // What is under way is told as a notice; words like "solver" stand in answers, too.
        if !page.text.contains("<li class=\"info\">") {
            return path;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{path} is still under way");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_solved_once_and_its_plan_is_a_page_with_its_tables() {
    let place = planning().await;
    let cookie = place.enter(Role::Operator).await;
    let list = place.get("/console/plan?organisation=%40&lang=en", &cookie).await.text;
    assert!(list.contains("The republic&#39;s halls to 2032") && list.contains("2026–2033"), "{list}");
    assert!(list.contains("case.toml:"), "a case that cannot be read says where: {list}");
    let first = sent(&place, &cookie, "plan", &[("case", "plan"), ("late", ""), ("years", "3")]).await;
    let path = answer(&place, &cookie, &first).await;
    let page = place.get(&format!("{path}?organisation=%40&lang=en"), &cookie).await.text;
    assert!(page.contains("<svg") && page.contains("aurora-80"), "{page}");
    let all = tables(&place, &format!("{path}.json?organisation=%40"), &cookie).await;
    let names: Vec<&String> = all.as_object().unwrap().keys().collect();
    assert!(names.len() > 4, "{names:?}");
    for name in names {
        let csv = place.get(&format!("{path}.csv?organisation=%40&table={name}"), &cookie).await;
        assert_eq!(csv.status, StatusCode::OK, "{name}");
    }
    // The same question over the same files is the same answer.
    let again = sent(&place, &cookie, "plan", &[("case", "plan"), ("late", ""), ("years", "3")]).await;
    assert_eq!(again.header("location"), first.header("location"));
    let asked = &tables(&place, "/console/plan.json?organisation=%40", &cookie).await["asked"];
    assert_eq!((asked.as_array().unwrap().len(), &asked[0]["state"]), (1, &json!("done")));
    // A case that changed is another question.
    std::fs::write(place.dir().join("plan/case.toml"), CASE.replace("= 31_000", "= 31_001")).unwrap();
    let other = sent(&place, &cookie, "plan", &[("case", "plan"), ("late", ""), ("years", "3")]).await;
    assert_ne!(other.header("location"), first.header("location"));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_no_plan_the_page_says_what_stands_in_the_way() {
    let place = planning().await;
    let none = CASE.replace("existing = [{ site = \"capital-hall\", units = 3840, bought = 2024 }]", "existing = []");
    let none = none.replace("units_max = 4000", "units_max = 1").replace("units_max = 25000", "units_max = 1");
    let none = none.replace("units_max = 15000", "units_max = 1").replace("units_max = 6000", "units_max = 1");
    std::fs::write(place.dir().join("plan/case.toml"), none).unwrap();
    let cookie = place.enter(Role::Operator).await;
    let got = sent(&place, &cookie, "plan", &[("case", "plan")]).await;
    let path = answer(&place, &cookie, &got).await;
    for (lang, said) in [("en", "There is no plan"), ("ru", "Плана нет")] {
        let page = place.get(&format!("{path}?organisation=%40&lang={lang}"), &cookie).await.text;
        assert!(page.contains(said), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_asked_alone_and_with_what_something_late_does_to_it() {
    let place = planning().await;
    let folder = place.dir().join("forecast/ru");
    std::fs::create_dir_all(&folder).unwrap();
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/ru-2030/forecast");
    for name in ["model.toml", "capacity.csv"] {
        std::fs::copy(example.join(name), folder.join(name)).unwrap();
    }
    let cookie = place.enter(Role::Operator).await;
    let got = sent(&place, &cookie, "forecast", &[("model", "ru/model"), ("case", "")]).await;
    let alone = answer(&place, &cookie, &got).await;
    for (lang, said) in [("en", "all but impossible"), ("ru", "почти невозможно")] {
        let page = place.get(&format!("{alone}?organisation=%40&lang={lang}"), &cookie).await.text;
        assert!(page.contains(said) && page.contains("<svg"), "{page}");
    }
    let all = tables(&place, &format!("{alone}.json?organisation=%40"), &cookie).await;
    assert!(all["inputs"].as_array().unwrap().len() > 20, "{all}");
    let fields = [("model", "ru/model"), ("case", "plan"), ("late", "grid"), ("years", "3")];
    let got = sent(&place, &cookie, "forecast", &fields).await;
    let both = answer(&place, &cookie, &got).await;
    let page = place.get(&format!("{both}?organisation=%40&lang=en"), &cookie).await.text;
    assert!(page.contains("3 years later") && page.contains("grid"), "{page}");
    // Both plans stand there, and that everything in this case is firm.
    assert!(page.contains("Both plans") && page.contains("both plans serve all"), "{page}");
    let asked = &tables(&place, "/console/forecast.json?organisation=%40", &cookie).await["asked"];
    assert_eq!((&asked[0]["state"], &asked[1]["state"]), (&json!("done"), &json!("done")));
    // The plan of another question is none here.
    let id = both.rsplit('/').next().unwrap();
    let elsewhere = place.get(&format!("/console/plan/{id}?organisation=%40"), &cookie).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_in_words_and_nothing_is_begun() {
    let place = planning().await;
    let cookie = place.enter(Role::Operator).await;
    for (page, fields, said) in [
        ("plan", &[("case", "nobody")][..], "nothing of that name"),
        ("plan", &[("case", "../..")][..], "nothing of that name"),
        ("plan", &[("case", "plan"), ("late", "reactor"), ("years", "99")][..], "1 to 15 years"),
        ("plan", &[("case", "plan"), ("late", "perpetuum"), ("years", "1")][..], "1 to 15 years"),
        ("forecast", &[("model", "nobody"), ("case", "")][..], "nothing of that name"),
        ("forecast", &[("model", "m"), ("case", ""), ("late", "reactor"), ("years", "3")][..], "1 to 15 years"),
    ] {
        let got = sent(&place, &cookie, page, fields).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{fields:?}: {}", got.text);
        assert!(got.text.contains(said), "{fields:?}: {}", got.text);
    }
    let asked = &tables(&place, "/console/plan.json?organisation=%40", &cookie).await["asked"];
    assert_eq!(asked, &Value::Array(Vec::new()));
}

#[tokio::test]
async fn a_link_out_of_the_realm_is_followed_by_nobody() {
    let place = planning().await;
    let elsewhere = place.dir().join("elsewhere");
    std::fs::create_dir_all(&elsewhere).unwrap();
    std::fs::write(elsewhere.join("case.toml"), "root:x:0:0\n").unwrap();
    std::os::unix::fs::symlink(&elsewhere, place.dir().join("plans/folder")).unwrap();
    std::fs::create_dir_all(place.dir().join("plans/file")).unwrap();
    std::os::unix::fs::symlink(elsewhere.join("case.toml"), place.dir().join("plans/file/case.toml")).unwrap();
    let cookie = place.enter(Role::Operator).await;
    for name in ["folder", "file"] {
        let got = sent(&place, &cookie, "plan", &[("case", name)]).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{name}: {}", got.text);
    }
    let page = place.get("/console/plan?organisation=%40&lang=en", &cookie).await.text;
    assert!(page.contains("links are not followed") && !page.contains("root:x"), "{page}");
}

#[tokio::test]
async fn a_viewer_looks_and_begins_nothing() {
    let place = planning().await;
    let viewer = place.enter(Role::Viewer).await;
    let page = place.get("/console/plan?organisation=%40&lang=en", &viewer).await.text;
    assert!(!page.contains("name=\"late\""), "no form for somebody who may not send it");
    assert_eq!(sent(&place, &viewer, "plan", &[("case", "plan")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(place.get("/console/plan?organisation=house", &viewer).await.status, StatusCode::FORBIDDEN);
}
