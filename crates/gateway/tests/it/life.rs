//! One request, all the way.

use crate::harness::{Changes, PERSONAL_STAYS, STRATEGIC_STAYS, World};
use realm::record::End;

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}],"max_tokens":20}"#;

#[tokio::test]
async fn an_answer_comes_back_with_its_records() {
    let world = World::usual().await;
    let reply = world.chat_with(ASK, &[("x-request-id", "my-id-1")]).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.json()["choices"][0]["message"]["content"], "You said: hello");
    assert!(reply.body.contains("\"unknown_field\":  [1, 2]"), "bytes pass unchanged: {}", reply.body);
    for (header, value) in [
        ("x-request-id", "my-id-1"),
        ("x-freehold-decision", "permit"),
        ("x-freehold-deployment", "far"),
        ("x-freehold-attempts", "1"),
        ("x-freehold-receipt", "test/1"),
        ("content-type", "application/json"),
    ] {
        assert_eq!(reply.header(header), Some(value), "{header}");
    }
    let (intent, outcome) = (world.intents().remove(0), world.outcomes().remove(0));
    assert_eq!((intent.n, intent.dep.as_str()), (1, "far"));
    let ours = reply.header("x-freehold-request").unwrap();
    assert!(ours.starts_with("req-") && intent.req == ours && outcome.req == ours, "{ours}");
    assert_eq!((intent.purpose.as_str(), intent.route.as_str()), ("triage", "best"));
    assert_eq!(intent.bytes, world.first.bodies()[0].len() as u64);
    assert_eq!((outcome.end, outcome.attempts[0].intent, outcome.attempts[0].status), (End::Ok, 0, Some(200)));
    assert_eq!((outcome.tokens.input, outcome.tokens.output, outcome.tokens.estimated), (10, 5, false));
    // 10 × 2.00 and 5 × 4.00 per million.
    assert_eq!(outcome.cost_nano.0, 40_000);
    assert_eq!(outcome.code, None);
}

#[tokio::test]
async fn a_clients_name_for_a_request_comes_back_and_is_kept_nowhere() {
    let world = World::with(Changes { rules: STRATEGIC_STAYS, ..Changes::default() }).await;
    let name = "ivan.petrov@example.com/DE89370400440532013000";
    let mut ids = std::collections::BTreeSet::new();
    for body in [ASK, &ASK.replace("best", "abroad"), "{"] {
        let reply = world.chat_with(body, &[("x-request-id", name)]).await;
        assert_eq!(reply.header("x-request-id"), Some(name));
        let ours = reply.header("x-freehold-request").unwrap().to_owned();
        if reply.status != 200 {
            assert_eq!(reply.json()["error"]["freehold"]["request_id"], ours, "{}", reply.body);
        }
        assert!(ours.starts_with("req-") && ids.insert(ours));
    }
    let records: std::collections::BTreeSet<String> =
        world.intents().into_iter().map(|it| it.req).chain(world.refusals().into_iter().map(|it| it.req)).collect();
    assert_eq!(records, ids);
    let entries = String::from_utf8_lossy(&world.journal.entries().concat()).into_owned();
    assert!(!entries.contains("ivan") && !world.second.heads()[0].contains("ivan"), "{entries}");
    let long = "x".repeat(129);
    for malformed in ["two words", long.as_str()] {
        let reply = world.chat_with(ASK, &[("x-request-id", malformed)]).await;
        assert_eq!(reply.header("x-request-id"), reply.header("x-freehold-request"));
    }
}

#[tokio::test]
async fn the_upstream_gets_the_body_with_only_the_model_changed() {
    let world = World::usual().await;
    world.chat(r#"{"model":"best" , "messages":[{"role":"user","content":"a"}],"zebra":{"x" :1}}"#).await;
    let expected = r#"{"model":"small" , "messages":[{"role":"user","content":"a"}],"zebra":{"x" :1}}"#;
    assert_eq!(world.first.bodies(), [expected]);
    let head = world.first.heads().remove(0);
    assert!(head.starts_with("POST /v1/chat/completions HTTP/1.1"), "{head}");
    assert!(!head.contains("fh_"), "the client's key stays here: {head}");
}

#[tokio::test]
async fn a_denial_names_its_rules_and_is_recorded_before_it_is_said() {
    let world = World::with(Changes { rules: STRATEGIC_STAYS, ..Changes::default() }).await;
    let reply = world.chat(&ASK.replace("best", "abroad")).await;
    assert_eq!((reply.status, reply.code().as_str()), (403, "policy_denied"));
    let rule = &reply.json()["error"]["freehold"]["rules"][0];
    assert_eq!((rule["id"].as_str(), rule["cite"].as_str()), (Some("strategic-stays"), Some("Test Act, section 2")));
    assert_eq!(reply.header("x-freehold-decision"), Some("deny"));
    assert_eq!(reply.header("x-freehold-receipt"), Some("test/0"));
    let refusal = world.refusals().remove(0);
    assert_eq!((refusal.code.as_str(), &*refusal.rules[0]), ("policy_denied", "strategic-stays"));
    assert!(refusal.mac.is_some());
    assert!(world.first.bodies().is_empty(), "no byte left");
    assert_eq!(world.events.list(), ["durable refusal", "client has all"]);
}

#[tokio::test]
async fn a_denial_by_a_pack_says_what_would_help_in_the_readers_language() {
    let world = World::usual().await;
    world.reload(|files| {
        let realm = std::path::Path::new("realm.toml");
        let text = String::from_utf8(files.files[realm].clone()).unwrap();
        files.insert(realm, text.replacen("[realm]", "[realm]\npacks = [\"law\"]", 1));
        files.insert("packs/law/pack.toml", "id = \"law\"\ntitle = \"Law\"\nversion = \"1\"\n");
        files.insert("packs/law/en.ftl", "stays = Nothing leaves\n    .plain = Nothing.\n    .remedy = Ask at home.\n");
        files.insert("packs/law/ru.ftl", "stays = Всё остаётся\n    .plain = Всё.\n    .remedy = Спросите дома.\n");
        let rule = "@id(\"stays\") @title(\"Nothing leaves\") @cite(\"Act 1\") @status(\"in_force\") @from(\"2026-01-01\") \
                    @verified_on(\"2026-11-01\") forbid (principal, action == Action::\"infer\", resource);";
        files.insert("packs/law/rules.cedar", rule);
    });
    for (header, title, remedy) in
        [("de, en;q=0.8", "Nothing leaves", "Ask at home."), ("ru-RU,ru;q=0.9", "Всё остаётся", "Спросите дома.")]
    {
        let reply = world.chat_with(ASK, &[("accept-language", header)]).await;
        let rule = &reply.json()["error"]["freehold"]["rules"][0];
        assert_eq!((reply.status, rule["title"].as_str(), rule["remedy"].as_str()), (403, Some(title), Some(remedy)));
    }
}

#[tokio::test]
async fn a_denied_deployment_is_passed_over_for_a_permitted_one() {
    let world = World::with(Changes { rules: STRATEGIC_STAYS, ..Changes::default() }).await;
    let reply = world.chat(ASK).await;
    assert_eq!((reply.status, reply.header("x-freehold-deployment")), (200, Some("near")));
    assert!(world.first.bodies().is_empty());
    let outcome = world.outcomes().remove(0);
    assert_eq!(&*outcome.rules[0], "strategic-stays", "what was passed over is in the record");
    assert_eq!(outcome.energy, realm::record::EnergyFigure::Declared { j: 7.5 });
}

#[tokio::test]
async fn an_asserted_class_cannot_be_redacted_and_keeps_the_request_at_home() {
    let world = World::with(Changes { rules: PERSONAL_STAYS, ..Changes::default() }).await;
    let reply = world.chat_with(ASK, &[("x-freehold-data-class", "personal, internal")]).await;
    assert_eq!(reply.header("x-freehold-deployment"), Some("near"));
    let intent = world.intents().remove(0);
    assert_eq!(intent.classes.to_string(), "internal,personal");
    assert_eq!(intent.undeclared.to_string(), "internal", "the app declares only personal");
}

#[tokio::test]
async fn a_record_holds_all_that_was_decided_by() {
    let changes = Changes { app: "asserts_user = true\n", rules: PERSONAL_STAYS, ..Changes::default() };
    let world = World::with(changes).await;
    let ask = |model: &str, stream: bool| {
        let text = "Refund DE89 3704 0044 0532 0130 00";
        format!(r#"{{"model":"{model}","stream":{stream},"messages":[{{"role":"user","content":"{text}"}}]}}"#)
    };
    let headers = [("x-freehold-user-jurisdiction", "XC"), ("x-freehold-data-class", "internal")];
    assert_eq!(world.chat_with(&ask("small", false), &headers).await.status, 200);
    let intent = world.intents().remove(0);
    assert_eq!(
        (intent.classes.to_string().as_str(), intent.located.to_string().as_str()),
        ("internal,personal", "personal")
    );
    assert_eq!(intent.user_in, Some(realm::Jurisdiction::new("XC")));
    assert_eq!(intent.only, Some(realm::ModelId::new("small").unwrap()), "a model was named, and no route");

    let headers = [("x-freehold-user-jurisdiction", "XC"), ("x-freehold-data-class", "personal")];
    assert_eq!(world.chat_with(&ask("abroad", true), &headers).await.status, 403);
    let refusal = world.refusals().remove(0);
    assert_eq!(refusal.located.to_string(), "", "what is asserted cannot be taken out, though a place of it was found");
    assert_eq!((refusal.user_in, refusal.only), (Some(realm::Jurisdiction::new("XC")), None));
    assert_eq!(refusal.needs, ["stream"]);
}

#[tokio::test]
async fn the_purpose_is_one_of_the_apps() {
    let world = World::usual().await;
    world.chat_with(ASK, &[("x-freehold-purpose", "letters")]).await;
    assert_eq!(world.intents()[0].purpose, "letters");
    let reply = world.chat_with(ASK, &[("x-freehold-purpose", "spying")]).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "unknown_purpose"));
    let reply = world.chat_with(ASK, &[("x-freehold-data-class", "sekret")]).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "unknown_data_class"));
    let reply = world.chat_with(ASK, &[("x-freehold-user-jurisdiction", "XA")]).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "invalid_request"), "asserts_user is not set");
    assert_eq!(world.refusals().len(), 3);
}

#[tokio::test]
async fn completions_and_embeddings_go_the_same_way() {
    let world = World::usual().await;
    let embedded = r#"{"object":"list","data":[{"embedding":[0.5]}],"usage":{"prompt_tokens":3,"total_tokens":3}}"#;
    world.first.will([crate::harness::Act::Status(200, "", embedded.to_owned())]);
    let bearer = format!("Bearer {}", crate::harness::KEY);
    let headers = [("authorization", bearer.as_str())];
    let body = br#"{"model":"vectors","input":"a text"}"#;
    let sent =
        crate::harness::Conversation::begin(world.address, "POST", "/v1/embeddings", &headers, body, &world.events);
    let reply = sent.await.finish().await;
    assert_eq!((reply.status, reply.body.as_str()), (200, embedded));
    assert!(world.first.heads()[0].starts_with("POST /v1/embeddings"));
    let tokens = world.outcomes()[0].tokens;
    assert_eq!((tokens.input, tokens.output, tokens.estimated), (3, 0, false));
}
