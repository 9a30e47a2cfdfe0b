//! Evaluations beside the passports: each said to be what it is.

use realm::{DeploymentId, ModelId, UnixMs};
use serde_json::{Value, json};
use store::Role;
use store::evaluation::{Evaluation, Origin};

use crate::place::{NOON, Place};

pub fn own(id: &str, simulated: bool) -> Evaluation {
    Evaluation {
        id: id.to_owned(),
        at: UnixMs(NOON),
        by: "ann".to_owned(),
        suite: "en".to_owned(),
        model: ModelId::new("chat-one").unwrap(),
        origin: Origin::Own {
            sha256: "ab".repeat(32),
            deployment: DeploymentId::new("one-here").unwrap(),
            route: "main".to_owned(),
            app: "secret-app".to_owned(),
            realm: "cd".repeat(32),
            simulated,
            judge: None,
        },
        questions: Some(224),
        passed: Some(160),
        score_ppm: 714_286,
        interval_ppm: Some((651_900, 769_400)),
        body: "{}".to_owned(),
        answers: "{}".to_owned(),
    }
}

/// What somebody says that they published.
pub fn published(source: &str) -> Evaluation {
    let origin = Origin::Published { date: "2026-05-01".to_owned(), source: source.to_owned() };
    Evaluation { origin, questions: None, passed: None, interval_ppm: None, ..own("e3", false) }
}

#[tokio::test]
async fn each_says_whether_it_is_own_simulated_or_published() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Viewer).await;
    assert!(place.get("/console/models", &cookie).await.text.contains("Nobody evaluated a model yet"));
    for one in [own("e1", false), own("e2", true), published("the card of chat-one")] {
        place.store.keep_evaluation(&one).await.unwrap();
    }
    let page = place.get("/console/models", &cookie).await.text;
    for said in ["71.4 %", "65.2 % – 76.9 %", "Own", "Simulated", "Published", "2026-05-01, the card of chat-one"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("secret-app"), "whose questions they were is nobody's business");
    let told: Value = serde_json::from_str(&place.get("/console/models.json", &cookie).await.text).unwrap();
    let known: Vec<&Value> = told["evaluations"].as_array().unwrap().iter().map(|row| &row["known"]).collect();
    assert_eq!(known, [&json!("own"), &json!("simulated"), &json!("published")]);
    assert_eq!(told["evaluations"][0]["interval"], json!([0.6519, 0.7694]));
}
