//! Results of evaluations: kept, found again, told to servers, each with a record.

use realm::record::Record;
use realm::{DeploymentId, ModelId, UnixMs};
use store::Store;
use store::evaluation::{Evaluation, Known, Origin};
use testkit::Postgres;

fn own(id: &str, at: u64, passed: u64, simulated: bool) -> Evaluation {
    let ppm = |share: f64| (share * 1e6) as u32;
    Evaluation {
        id: id.to_owned(),
        at: UnixMs(at),
        by: "ann".to_owned(),
        suite: "en".to_owned(),
        model: ModelId::new("chat-one").unwrap(),
        origin: Origin::Own {
            sha256: "ab".repeat(32),
            deployment: DeploymentId::new("one-here").unwrap(),
            route: "main".to_owned(),
            app: "desk".to_owned(),
            realm: "cd".repeat(32),
            simulated,
            judge: None,
        },
        questions: Some(200),
        passed: Some(passed),
        score_ppm: ppm(passed as f64 / 200.0),
        interval_ppm: Some((ppm(passed as f64 / 200.0) - 10, 999_999)),
        body: "{}".to_owned(),
        answers: "{\"a\":true}".to_owned(),
    }
}

fn published() -> Evaluation {
    let origin = Origin::Published { date: "2026-05-01".to_owned(), source: "its card".to_owned() };
    Evaluation { origin, questions: None, passed: None, interval_ppm: None, ..own("p1", 9_000, 150, false) }
}

async fn keeps(store: &Store) {
    let before = store.generation().await.unwrap();
    let (old, young, fake) = (own("e1", 1_000, 100, false), own("e2", 2_000, 120, false), own("e3", 3_000, 200, true));
    for one in [&old, &young, &fake, &published()] {
        store.keep_evaluation(one).await.unwrap();
    }
    assert_eq!(store.generation().await.unwrap(), before + 4, "servers see each");
    assert_eq!(store.evaluations().await.unwrap(), [published(), fake.clone(), young.clone(), old]);
    assert_eq!(store.evaluation("e2").await.unwrap(), Some(young));
    assert_eq!(store.evaluation("e9").await.unwrap(), None);
    assert!(!fake.is_real() && published().is_real());
    // The youngest of a real model; neither what stands in for one nor what others say.
    let known = Known { deployment: DeploymentId::new("one-here").unwrap(), suite: "en".to_owned(), low_ppm: 599_990 };
    assert_eq!(store.live().await.unwrap().known, [known]);
    let pending = store.pending(50).await.unwrap();
    let said = |body: &[u8]| match Record::from_bytes(body).unwrap() {
        Record::Change(change) => format!("{} {} {}", change.what, change.subject, change.note.unwrap()),
        other => panic!("{other:?}"),
    };
    let said: Vec<String> = pending.iter().map(|it| said(&it.body)).collect();
    assert_eq!(said.len(), 4);
    assert!(said[2].starts_with("eval.run model:chat-one en 1.0000 (200 of 200): at one-here"), "{said:?}");
    assert!(said[2].ends_with(", simulated"), "{said:?}");
    assert_eq!(said[3], "eval.import model:chat-one en 0.7500: published, 2026-05-01, its card");
}

#[tokio::test]
async fn evaluations_are_kept_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    keeps(&Store::open(&dir.path().join("store.db")).await.unwrap()).await;
}

#[tokio::test]
async fn evaluations_are_kept_in_a_database() {
    let cluster = Postgres::start().unwrap();
    keeps(&Store::connect(&cluster.url().parse().unwrap()).await.unwrap()).await;
}
