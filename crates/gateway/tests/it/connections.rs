//! TLS on both sides, checked against names and roots; the engine's Unix socket.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::harness::{Act, Changes, KEY, World};
use tokio::net::TcpListener;

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls").join(name)
}

/// A gateway that listens with TLS, as a provider for another one.
async fn behind(certificate: &str) -> (World, String) {
    let world = World::usual().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let read = |suffix: &str| std::fs::read(data(&format!("{certificate}.{suffix}"))).unwrap();
    let tls = gateway::server_tls(&read("pem"), &read("key")).unwrap();
    let serving = world.gateway.clone();
    world.tasks.spawn(async move { serving.serve(listener, Some(tls)).await.unwrap() });
    (world, format!("https://localhost:{port}/v1"))
}

async fn before(url: String, trusts_it: bool) -> (World, tempfile::NamedTempFile) {
    let mut credential = tempfile::NamedTempFile::new().unwrap();
    credential.write_all(KEY.as_bytes()).unwrap();
    let ca = if trusts_it { format!("ca_file = \"{}\"\n", data("ca.pem").display()) } else { String::new() };
    let first = format!("{ca}credential = {{ file = \"{}\" }}", credential.path().display());
    let world = World::with(Changes { first, first_url: Some(url), ..Changes::default() }).await;
    (world, credential)
}

#[tokio::test]
async fn a_provider_is_reached_by_tls_with_its_own_root() {
    let (inner, url) = behind("localhost").await;
    inner.reload(|files| {
        let realm = files.files.get_mut(Path::new("realm.toml")).unwrap();
        *realm = String::from_utf8(realm.clone())
            .unwrap()
            .replace("id = \"best\"", "id = \"small\"")
            .replace("\"best\"", "\"small\"")
            .into_bytes();
    });
    let (outer, _credential) = before(url, true).await;
    let reply = outer.chat(ASK).await;
    assert_eq!((reply.status, reply.header("x-freehold-deployment")), (200, Some("far")), "{}", reply.body);
    assert_eq!(reply.json()["choices"][0]["message"]["content"], "You said: hello");
    assert_eq!((inner.outcomes().len(), outer.outcomes().len()), (1, 1));
}

#[tokio::test]
async fn a_wrong_name_or_an_unknown_root_is_no_connection() {
    for (certificate, trusts_it) in [("other", true), ("localhost", false)] {
        let (inner, url) = behind(certificate).await;
        let (outer, _credential) = before(url, trusts_it).await;
        let reply = outer.chat(ASK).await;
        assert_eq!(reply.header("x-freehold-deployment"), Some("near"), "{certificate}");
        assert_eq!(outer.outcomes()[0].attempts[0].error.as_deref(), Some("upstream_error"));
        assert!(inner.journal.entries().is_empty());
    }
}

#[tokio::test]
async fn the_engine_is_reached_by_its_socket_and_its_meter_is_believed() {
    let world = World::with(Changes { engine: true, ..Changes::default() }).await;
    let engine = world.engine.as_ref().unwrap();
    let answer = crate::harness::answer("from the engine").replacen('{', "{\"freehold\":{\"energy_j\":1.25},", 1);
    engine.will([Act::Status(200, "", answer)]);
    let reply = world.chat(&ASK.replace("best", "home")).await;
    assert_eq!((reply.status, reply.header("x-freehold-deployment")), (200, Some("own")), "{}", reply.body);
    assert!(engine.heads()[0].starts_with("POST /v1/chat/completions HTTP/1.1"));
    assert_eq!(world.outcomes()[0].energy, realm::record::EnergyFigure::Measured { j: 1.25 });
}
