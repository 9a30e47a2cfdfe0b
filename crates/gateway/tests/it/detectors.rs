//! Detectors outside the program: what they find is as good as what we find, and their silence lets nothing out.

use serde_json::{Value, json};

use crate::harness::{Act, Changes, PERSONAL_STAYS, Provider, Step, World};

/// No name that any dictionary has.
const NAME: &str = "Zorblax Quindleton";

/// The usual world, where personal data stays at home, with a detector that is asked as `more` says.
async fn world(more: &str) -> (World, Provider) {
    let world = World::with(Changes { rules: PERSONAL_STAYS, ..Changes::default() }).await;
    let names = Provider::start("names", &world.events, &world.tasks).await;
    let url = names.url();
    let table = format!("[[detector]]\nid = \"names\"\nurl = \"{url}/find\"\nhost = \"XA\"\n{more}");
    world.reload(|files| files.insert("detectors.toml", table));
    (world, names)
}

/// What the detector answers about texts: the name, wherever it stands.
fn finds(texts: &[&str]) -> Act {
    let spans: Vec<Value> = texts
        .iter()
        .map(|text| {
            let spans = text.match_indices(NAME).map(|(at, _)| {
                let start = text[..at].chars().count();
                json!({"start": start, "end": start + NAME.len(), "kind": "PERSON"})
            });
            spans.collect()
        })
        .collect();
    Act::Status(200, "", json!({ "spans": spans }).to_string())
}

fn ask(model: &str, stream: bool) -> String {
    let content = format!("Ответьте: кто такой {NAME}?");
    json!({"model": model, "stream": stream, "messages": [{"role": "user", "content": content}]}).to_string()
}

#[tokio::test]
async fn a_name_that_only_they_know_leaves_as_a_token_and_comes_back() {
    let (world, names) = world("").await;
    let text = format!("Ответьте: кто такой {NAME}?");
    for stream in [false, true] {
        names.will([finds(&[&text])]);
        let reply = world.chat(&ask("abroad", stream)).await;
        assert_eq!(reply.status, 200, "{}: {:?}", reply.body, names.bodies());
        let sent = world.first.take_bodies().remove(0);
        assert!(!sent.contains("Zorblax") && sent.contains("PERSON_1"), "{sent}");
        assert!(reply.body.contains(NAME), "{}", reply.body);
        let asked: Value = serde_json::from_str(&names.take_bodies().remove(0)).unwrap();
        assert_eq!(asked, json!({"texts": [text]}), "every text once, and nothing else");
    }
    assert_eq!(world.intents()[0].redacted.to_string(), "personal");
}

#[tokio::test]
async fn texts_within_texts_are_asked_about_as_they_are_read() {
    let (world, names) = world("").await;
    names.will([finds(&["system words", NAME, "who"])]);
    let arguments = json!({ "who": NAME }).to_string();
    let call = json!({"id": "c1", "type": "function", "function": {"name": "find", "arguments": arguments}});
    let messages = json!([
        {"role": "system", "content": "system words"},
        {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "42"},
    ]);
    world.chat(&json!({"model": "abroad", "messages": messages}).to_string()).await;
    let asked: Value = serde_json::from_str(&names.take_bodies().remove(0)).unwrap();
    let texts: Vec<&str> = asked["texts"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(texts.contains(&NAME) && texts.contains(&"system words") && !texts.contains(&"42"), "{texts:?}");
    names.will([finds(&texts)]);
    world.first.take_bodies();
    let reply = world.chat(&json!({"model": "abroad", "messages": messages}).to_string()).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let sent = world.first.take_bodies().remove(0);
    assert!(!sent.contains("Zorblax") && sent.contains("PERSON_1"), "{sent}");
}

#[tokio::test]
async fn where_they_are_silent_nothing_leaves() {
    let senseless = Act::Status(200, "", r#"{"spans":[[{"start":0,"end":999,"kind":"PERSON"}]]}"#.into());
    for act in
        [Act::Status(500, "", "oh".into()), senseless, Act::Script(vec![Step::Hang]), Act::Script(vec![Step::Reset])]
    {
        let (world, names) = world("timeout_ms = 150\n").await;
        names.will([act]);
        let reply = world.chat(&ask("best", false)).await;
        assert_eq!((reply.status, reply.code().as_str()), (503, "detector_unavailable"), "{}", reply.body);
        assert_eq!(reply.header("retry-after"), Some("1"));
        assert!(world.first.bodies().is_empty() && world.second.bodies().is_empty());
        assert_eq!(world.refusals()[0].code, "detector_unavailable");
    }
}

#[tokio::test]
async fn where_the_realm_says_so_their_silence_counts_as_personal_data_nobody_knows_where() {
    let (world, names) = world("on_failure = \"assume\"\ntimeout_ms = 150\n").await;
    names.will([Act::Status(503, "", String::new()), Act::Status(503, "", String::new())]);
    let reply = world.chat(&ask("abroad", false)).await;
    assert_eq!((reply.status, reply.code().as_str()), (403, "policy_denied"), "{}", reply.body);
    let reply = world.chat(&ask("best", false)).await;
    assert_eq!((reply.status, reply.header("x-freehold-deployment")), (200, Some("near")), "{}", reply.body);
    assert!(world.first.bodies().is_empty());
    assert_eq!(world.intents()[0].classes.to_string(), "personal");
}

#[tokio::test]
async fn a_detector_that_cannot_be_used_is_told_and_lets_nothing_out() {
    let world = World::with(Changes { rules: PERSONAL_STAYS, ..Changes::default() }).await;
    let table = "[[detector]]\nid = \"names\"\nurl = \"https://127.0.0.1:1/find\"\nhost = \"XA\"\nca_file = \"/no/such/file\"\n";
    world.reload(|files| files.insert("detectors.toml", table));
    assert_eq!(world.chat(&ask("best", false)).await.code(), "detector_unavailable");
    let ready = world.get("/readyz").await;
    assert!(ready.body.contains("detector names"), "{}", ready.body);
}
