//! Paths, bounds, errors, pages.

use std::time::Duration;

use crate::harness::{Changes, Conversation, KEY, World};
use gateway::Settings;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;

fn small() -> Changes {
    let settings = Settings { body_bytes_max: 1_000, client_idle: Duration::from_millis(100), ..Settings::default() };
    Changes { settings, ..Changes::default() }
}

#[tokio::test]
async fn a_wrong_key_is_401_and_many_are_429_while_a_right_one_passes() {
    let settings = Settings { failed_authentications_per_min: 3, ..Settings::default() };
    let world = World::with(Changes { settings, ..Changes::default() }).await;
    let with = |headers: Vec<(&'static str, &'static str)>| {
        let (address, events) = (world.address, world.events.clone());
        async move {
            let path = "/v1/chat/completions";
            Conversation::begin(address, "POST", path, &headers, ASK.as_bytes(), &events).await.finish().await
        }
    };
    for headers in [vec![], vec![("authorization", "Bearer fh_wrong")], vec![("authorization", "Basic fh_x")]] {
        let reply = with(headers).await;
        assert_eq!((reply.status, reply.code().as_str()), (401, "invalid_api_key"));
        assert!(reply.header("x-request-id").unwrap().starts_with("req-"));
        assert_eq!(reply.header("x-request-id"), reply.header("x-freehold-request"));
    }
    let reply = with(vec![("x-api-key", "fh_wrong")]).await;
    assert_eq!((reply.status, reply.code().as_str()), (429, "too_many_failed_authentications"));
    assert!(!reply.body.contains("fh_wrong") && reply.header("retry-after").is_some());
    assert!(world.journal.entries().is_empty(), "counted, not recorded");
    assert_eq!(with(vec![("x-api-key", KEY)]).await.status, 200);
}

#[tokio::test]
async fn paths_and_methods_have_their_errors() {
    let world = World::usual().await;
    let reply = world.get("/v1/chat/completions").await;
    assert_eq!((reply.status, reply.code().as_str()), (405, "method_not_allowed"));
    let reply = world.get("/v1/nothing").await;
    assert_eq!((reply.status, reply.code().as_str()), (404, "not_found"));
    let reply = world.chat(&ASK.replace("best", "unknown")).await;
    assert_eq!((reply.status, reply.code().as_str()), (404, "model_not_found"));
    assert_eq!(reply.json()["error"]["param"], "model");
    let reply = world.chat("{\"model\":").await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "invalid_request"));
    let reply = world.chat("{\"model\":\"best\"}").await;
    assert_eq!((reply.code().as_str(), &reply.json()["error"]["param"]), ("invalid_request", &"messages".into()));
    assert_eq!(world.refusals().len(), 3, "refusals of a known app are recorded");
}

#[tokio::test]
async fn a_body_or_header_block_past_its_bound_is_refused() {
    let world = World::with(small()).await;
    let reply = world.chat(&ASK.replace("hello", &"x".repeat(2_000))).await;
    assert_eq!((reply.status, reply.code().as_str()), (413, "request_too_large"));
    let reply = world.chat_with(ASK, &[("x-long", &"x".repeat(33 << 10))]).await;
    assert_eq!((reply.status, reply.code().as_str()), (431, "headers_too_large"));
    let reply = world.chat_with(ASK, &[("x-long", &"x".repeat(80 << 10))]).await;
    assert_eq!(reply.status, 431);
    assert!(world.first.bodies().is_empty());
}

#[tokio::test]
async fn a_chunked_body_is_bounded_too() {
    let world = World::with(small()).await;
    let mut stream = tokio::net::TcpStream::connect(world.address).await.unwrap();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: t\r\nauthorization: Bearer {KEY}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    );
    let part = format!("{:x}\r\n{}\r\n", 400, "x".repeat(400));
    stream.write_all(format!("{head}{part}{part}{part}{part}").as_bytes()).await.unwrap();
    let mut reply = vec![0u8; 4096];
    let read = stream.read(&mut reply).await.unwrap();
    assert!(String::from_utf8_lossy(&reply[..read]).contains("413"));
}

#[tokio::test]
async fn a_body_that_stops_coming_is_given_up() {
    let world = World::with(small()).await;
    let mut stream = tokio::net::TcpStream::connect(world.address).await.unwrap();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: t\r\nauthorization: Bearer {KEY}\r\ncontent-length: 100\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut reply = vec![0u8; 4096];
    let read = stream.read(&mut reply).await.unwrap();
    let text = String::from_utf8_lossy(&reply[..read]).into_owned();
    assert!(text.contains("408") && text.contains("request_timeout"), "{text}");
}

#[tokio::test]
async fn the_page_health_models_and_metrics_are_there() {
    let world = World::usual().await;
    assert!(world.get("/").await.body.contains("<h1>Freehold</h1>"));
    assert_eq!(world.get("/healthz").await.body, "ok\n");
    let models = world.get("/v1/models").await.json();
    let names: Vec<_> = models["data"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap()).collect();
    assert_eq!(names, ["abroad", "best", "vectors", "embedder", "small"], "routes, then the models behind them");
    let owners: Vec<_> = models["data"].as_array().unwrap().iter().map(|model| &model["owned_by"]).collect();
    assert_eq!(owners, ["freehold", "freehold", "freehold", "maker", "maker"]);
    world.chat(ASK).await;
    let metrics = world.get("/metrics").await.body;
    for line in [
        "freehold_requests_total{code=\"ok\",route=\"best\",deployment=\"far\"} 1",
        "freehold_attempts_total{deployment=\"far\",end=\"ok\"} 1",
        "freehold_tokens_total{deployment=\"far\",direction=\"input\"} 10",
        "freehold_cost_nano_total{deployment=\"far\"} 40000",
        "freehold_ledger_commit_seconds_count 2",
        "freehold_ledger_fdatasync_seconds_count 3",
        "freehold_in_flight 0",
        "freehold_ready 1",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
}

#[tokio::test]
async fn a_receipt_is_its_apps_and_waits_for_the_checkpoint() {
    let settings = Settings { receipt_wait: Duration::from_millis(50), ..Settings::default() };
    let world = World::with(Changes { settings, ..Changes::default() }).await;
    world.chat(ASK).await;
    let reply = world.get("/api/v1/receipts/test/1").await;
    assert_eq!((reply.status, reply.body.as_str()), (200, "proof of 1"));
    for path in [
        "/api/v1/receipts/test/9",
        "/api/v1/receipts/other/1",
        "/api/v1/receipts/test/x",
        "/api/v1/receipts/test",
        "/api/v1/receipts/test/01",
        "/api/v1/receipts/test/+1",
    ] {
        let reply = world.get(path).await;
        assert_eq!((reply.status, reply.code().as_str()), (404, "not_found"), "{path}");
    }
    let entry = realm::record::Record::from_bytes(&world.journal.entries()[0]).unwrap();
    let realm::record::Record::Intent(mut intent) = entry else { panic!("an intent comes first") };
    intent.app = realm::AppId::new("someone-else").unwrap();
    world.journal.preload(&[realm::record::Record::Intent(intent)]);
    assert_eq!(world.get("/api/v1/receipts/test/2").await.code(), "not_found", "another app's");
    world.journal.published.store(false, std::sync::atomic::Ordering::SeqCst);
    let reply = world.get("/api/v1/receipts/test/1").await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "receipt_pending"));
}

#[tokio::test]
async fn the_log_is_public_only_if_the_realm_says_so_and_its_entries_never() {
    let world = World::usual().await;
    assert_eq!(world.get("/log/test/checkpoint").await.status, 404);
    world.reload(|files| {
        let realm = files.files.get_mut(std::path::Path::new("realm.toml")).unwrap();
        let text = String::from_utf8(realm.clone()).unwrap();
        *realm = text.replace("home = \"XA\"", "home = \"XA\"\nledger = { public = true }").into_bytes();
    });
    assert_eq!(world.get("/log/test/checkpoint").await.body, "file checkpoint");
    assert_eq!(world.get("/log/test/tile/0/000.p/3").await.body, "file tile/0/000.p/3");
    assert_eq!(world.get("/log/test/tile/entries/000").await.status, 403);
    assert_eq!(world.get("/log/test/tile/../state").await.status, 404);
}
