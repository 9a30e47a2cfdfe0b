//! G6: no key, credential or value in any log line, record, error or metric.

use std::io::Write;
use std::sync::{Arc, Mutex};

use crate::harness::{Act, Changes, KEY, PERSONAL_STAYS, Step, World};

const CREDENTIAL: &str = "upstream-credential-51aa0c";
const IBAN: &str = "DE89370400440532013000";
/// A client may call a request by whatever name.
const NAMED: &str = "hush-hush@example.com";

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nothing_secret_is_logged_recorded_or_told() {
    let captured = Captured::default();
    let writer = captured.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(CREDENTIAL.as_bytes()).unwrap();
    let first = format!("credential = {{ file = \"{}\" }}", file.path().display());
    let world = World::with(Changes { rules: PERSONAL_STAYS, first, ..Changes::default() }).await;
    let ask = format!(r#"{{"model":"best","messages":[{{"role":"user","content":"pay {IBAN}"}}]}}"#);
    world.first.will([
        Act::Status(500, "", format!("{{\"error\":\"{CREDENTIAL}\"}}")),
        Act::Status(401, "", format!("wrong key {CREDENTIAL}")),
        Act::Script(vec![Step::Send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".into())]),
    ]);
    let mut told = String::new();
    for body in [&ask, &ask, &ask, &ask, &ask.replace("best", "abroad"), &"{".to_owned()] {
        let reply = world.chat_with(body, &[("x-request-id", NAMED)]).await;
        assert_eq!(reply.header("x-request-id"), Some(NAMED));
        let headers = reply.headers.iter().filter(|(name, _)| name != "x-request-id").collect::<Vec<_>>();
        told.push_str(&format!("{headers:?}\n{}", if reply.status == 200 { "" } else { &reply.body }));
    }
    assert!(world.first.heads()[0].contains(&format!("authorization: Bearer {CREDENTIAL}")), "it is used");
    told.push_str(&world.get("/metrics").await.body);
    told.push_str(&world.get("/readyz").await.body);
    told.push_str(&String::from_utf8_lossy(&world.journal.entries().concat()));
    told.push_str(&format!("{:?}", crate::harness::live(|_| {})));
    drop(guard);
    let logged = String::from_utf8_lossy(&captured.0.lock().unwrap()).into_owned();
    for secret in [KEY, CREDENTIAL, IBAN, NAMED] {
        assert!(!told.contains(secret), "{secret} is told: {told}");
        assert!(!logged.contains(secret), "{secret} is logged: {logged}");
    }
}

#[tokio::test]
async fn a_missing_credential_is_named_on_readyz_and_the_deployment_is_not_used() {
    let first = "credential = { file = \"/nowhere/credential\" }".to_owned();
    let world = World::with(Changes { first, ..Changes::default() }).await;
    let ready = world.get("/readyz").await;
    assert_eq!(ready.status, 200, "others still serve");
    assert!(ready.json()["warnings"][0].as_str().unwrap().contains("provider first"), "{}", ready.body);
    let ask = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;
    assert_eq!(world.chat(ask).await.header("x-freehold-deployment"), Some("near"));
}
