//! Many at once: batching, fairness, clients that leave.

use std::time::Duration;

use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::{Client, Engine, chat_body, text};

#[tokio::test]
async fn parallel_answers_are_whole_and_independent() {
    let engine = Engine::start().await;
    let ask =
        |i: usize| json!({"messages": [{"role": "user", "content": format!("number {i}")}], "max_tokens": 10 + i});
    let mut alone = Vec::new();
    for i in 0..12 {
        alone.push(engine.answer(ask(i)).await);
    }
    let mut all = JoinSet::new();
    for i in 0..12 {
        let handle = engine.handle.clone();
        all.spawn(async move {
            let mut client = Client::connect(&handle).await.expect("connects");
            (i, client.post("/v1/chat/completions", &chat_body(ask(i))).await)
        });
    }
    let mut same = 0;
    for (i, (status, answer)) in all.join_all().await {
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["usage"], alone[i]["usage"], "{i}");
        same += usize::from(text(&answer) == text(&alone[i]));
    }
    // Batches change the order of additions, so that now and then another token wins a tie.
    assert!(same >= 9, "only {same} of 12 answers are as when alone");
}

#[tokio::test]
async fn a_client_that_leaves_frees_its_place() {
    let engine = Engine::with(&crate::fixture::babbler(), |config| config.parallel = 1).await;
    let endless = json!({"max_tokens": 200, "stream": true, "logit_bias": {"257": -100, "259": -100}});
    for _ in 0..5 {
        let mut client = engine.client().await;
        let body = chat_body(endless.clone()).to_string();
        let answer = client.send("POST", "/v1/chat/completions", "a", body).await.expect("answers");
        let mut body = answer.into_body();
        body.frame().await.expect("a frame").expect("data");
        drop(body);
        client.leave();
    }
    // Also one that waits for a whole answer.
    let mut client = engine.client().await;
    let mut body = chat_body(endless);
    body["stream"] = json!(false);
    let waiting = client.send("POST", "/v1/chat/completions", "a", body.to_string());
    let early = tokio::time::timeout(Duration::from_millis(5), waiting).await;
    drop(early);
    client.leave();
    let limit = Duration::from_secs(20);
    let answer = tokio::time::timeout(limit, engine.answer(json!({}))).await;
    assert!(!text(&answer.expect("its turn comes")).is_empty());
}

/// One app floods a single place; another's request must not wait for the whole flood.
#[tokio::test]
async fn a_flood_of_one_app_does_not_starve_another() {
    let engine = Engine::with(&crate::fixture::babbler(), |config| config.parallel = 1).await;
    let long = chat_body(json!({"max_tokens": 100, "logit_bias": {"257": -100, "259": -100}})).to_string();
    let (tell, mut done) = tokio::sync::mpsc::channel(20);
    let mut all = JoinSet::new();
    for _ in 0..20 {
        let (handle, tell, body) = (engine.handle.clone(), tell.clone(), long.clone());
        all.spawn(async move {
            let mut client = Client::connect(&handle).await.expect("connects");
            let answer = client.send("POST", "/v1/chat/completions", "flood", body).await;
            assert_eq!(answer.expect("answers").status(), 200);
            tell.send("flood").await.expect("told");
        });
    }
    done.recv().await.expect("the flood is under way");
    let mut client = engine.client().await;
    let calm = chat_body(json!({"max_tokens": 1})).to_string();
    let answer = client.send("POST", "/v1/chat/completions", "calm", calm).await.expect("answers");
    assert_eq!(answer.status(), 200);
    let before = std::iter::from_fn(|| done.try_recv().ok()).count();
    assert!(before <= 12, "{before} of the flood's 20 went first");
    while all.join_next().await.is_some() {}
}

#[tokio::test]
async fn too_many_waiting_requests_are_turned_away() {
    let engine = Engine::with(&crate::fixture::babbler(), |config| config.parallel = 1).await;
    let long = chat_body(json!({"max_tokens": 200, "logit_bias": {"257": -100, "259": -100}})).to_string();
    let mut all = JoinSet::new();
    for _ in 0..400 {
        let (handle, body) = (engine.handle.clone(), long.clone());
        all.spawn(async move {
            let mut client = Client::connect(&handle).await.expect("connects");
            let answer = client.send("POST", "/v1/chat/completions", "a", body).await.expect("answers");
            let status = answer.status().as_u16();
            let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
            (status, serde_json::from_slice::<Value>(&bytes).expect("JSON"))
        });
    }
    let mut turned_away = 0;
    while let Some(answer) = all.join_next().await {
        let (status, body) = answer.expect("no panic");
        if status == 503 {
            assert_eq!(body["error"]["code"], "overloaded");
            turned_away += 1;
        }
        if turned_away > 5 {
            break;
        }
    }
    assert!(turned_away > 5, "nobody was turned away");
    all.abort_all();
}
