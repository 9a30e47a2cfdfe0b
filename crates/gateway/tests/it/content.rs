//! What is handed over to be kept: the client's own words both ways, of what has a record, and only where the realm says so.

use gateway::{ContentOut, Exchange, content_queue};
use realm::load::SourceSet;

use crate::harness::{Act, Changes, PERSONAL_STAYS, World};

const IBAN: &str = "DE89370400440532013000";

pub(crate) fn kept(files: &mut SourceSet) {
    let person = |name: &str, digit: &str| format!("{{ name = \"{name}\", key = \"ed25519:{}\" }}", digit.repeat(64));
    let (people, key) = (format!("{}, {}", person("ann", "a"), person("bob", "b")), "c".repeat(64));
    let text = files.files.values_mut().find(|bytes| bytes.starts_with(b"[realm]")).unwrap();
    let sealed = format!("id = \"hospital\"\ncontent_key = \"x25519:{key}\"\ncontent_people = [{people}]");
    let realm = String::from_utf8(text.clone()).unwrap().replacen("id = \"hospital\"", &sealed, 1);
    *text = realm.replacen("[realm]", "[realm]\ncontent = \"encrypted\"", 1).into_bytes();
}

async fn world(bytes_max: usize) -> (World, ContentOut) {
    let (into, out) = content_queue(bytes_max);
    (World::with(Changes { rules: PERSONAL_STAYS, content: Some(into), ..Changes::default() }).await, out)
}

async fn next(out: &mut ContentOut) -> Exchange {
    out.take(1).await.remove(0)
}

#[tokio::test]
async fn the_client_s_own_words_are_kept_and_not_the_redacted_ones() {
    let (world, mut out) = world(1 << 20).await;
    world.reload(kept);
    let ask = format!(r#"{{"model":"best","messages":[{{"role":"user","content":"pay {IBAN}"}}]}}"#);
    let reply = world.chat(&ask).await;
    assert_eq!((reply.status, reply.header("x-freehold-decision")), (200, Some("redact")));
    let exchange = next(&mut out).await;
    assert_eq!(exchange.request, ask.as_bytes());
    assert_eq!(exchange.answer.concat(), reply.body.as_bytes());
    assert_eq!(Some(exchange.req.as_str()), reply.header("x-freehold-request"));
    assert_eq!((exchange.kept_as.app.as_str(), exchange.kept_as.organisation.as_str()), ("clinic", "hospital"));
    assert!(!world.first.bodies().iter().any(|body| body.contains(IBAN)), "the provider saw none of it");

    let stream = world.chat(r#"{"model":"best","stream":true,"messages":[{"role":"user","content":"hi"}]}"#).await;
    assert_eq!(String::from_utf8(next(&mut out).await.answer.concat()).unwrap(), stream.body);
    let refused = world.chat(r#"{"model":"nowhere","messages":[{"role":"user","content":"hi"}]}"#).await;
    assert_eq!((refused.status, next(&mut out).await.status), (404, 404), "a refusal has a record");
}

#[tokio::test]
async fn nothing_is_handed_over_unless_the_realm_says_so_and_what_does_not_fit_is_counted() {
    let (world, mut out) = world(400).await;
    let ask = r#"{"model":"best","messages":[{"role":"user","content":"hi"}]}"#;
    assert_eq!(world.chat(ask).await.status, 200);
    world.reload(kept);
    world.first.will([Act::Status(400, "", "{\"error\":{\"message\":\"no\"}}".to_owned())]);
    assert_eq!(world.chat(ask).await.status, 400);
    assert_eq!(next(&mut out).await.status, 400, "the first that is handed over");
    let long = ask.replace("hi", &"hi".repeat(400));
    assert_eq!(world.chat(&long).await.status, 200, "nobody waits for room");
    let lost = world.gateway.metrics().content_lost.get();
    assert_eq!(lost, 1);
    assert!(world.get("/metrics").await.body.contains("freehold_content_lost_total 1"));
}
