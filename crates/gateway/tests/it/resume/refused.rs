//! A stream that may not or cannot go on ends in one error, and what was used is counted.

use std::time::Duration;

use realm::record::{End, Record};

use super::{HEAD, asked, cut, steps, world};
use crate::harness::{Act, Changes, Conversation, KEY, Step, World, chunk};

fn no() -> Act {
    let body = r#"{"error":{"message":"too long","code":"context_length_exceeded"}}"#;
    Act::Status(400, "", body.to_owned())
}

#[tokio::test]
async fn a_next_one_that_says_no_is_an_error_event_and_the_piece_is_charged() {
    let world = world("").await;
    world.first.script(cut(&["Once upon ", "a time"]));
    world.second.will([no()]);
    let reply = world.chat(&asked("a tale", "")).await;
    assert_eq!(reply.said(), "Once upon a time");
    let errors = reply.events().iter().filter(|event| event.contains("\"error\":{")).count();
    assert!(errors == 1 && reply.body.contains("context_length_exceeded"), "{}", reply.body);
    assert!(!reply.body.contains("[DONE]") && reply.body.matches("freehold-receipt").count() == 1, "{}", reply.body);
    let outcome = world.outcome().await;
    assert_eq!((outcome.end, outcome.code.as_deref()), (End::Error, Some("context_length_exceeded")));
    let wanted = [("far", Some("upstream_error"), None), ("near", Some("context_length_exceeded"), Some(1))];
    assert_eq!(steps(&outcome), wanted);
    let cost = i64::try_from(outcome.tokens.input * 2_000 + 6 * 4_000).unwrap();
    assert_eq!((outcome.tokens.output, outcome.cost_nano.0), (6, cost));
    assert_eq!(world.outcomes().len(), 1);
}

#[tokio::test]
async fn it_says_so_in_every_language_of_clients() {
    let messages = r#"{"model":"lasting","stream":true,"max_tokens":50,"messages":[{"role":"user","content":"hi"}]}"#;
    let responses = r#"{"model":"lasting","stream":true,"input":"hi"}"#;
    for (path, body, wanted) in
        [("/v1/messages", messages, "event: error"), ("/v1/responses", responses, "event: response.failed")]
    {
        let world = world("").await;
        world.first.script(cut(&["Once upon ", "a time"]));
        world.second.will([no()]);
        let bearer = format!("Bearer {KEY}");
        let headers = [("authorization", bearer.as_str())];
        let open = Conversation::begin(world.address, "POST", path, &headers, body.as_bytes(), &world.events).await;
        let reply = open.finish().await;
        assert!(reply.body.contains("Once upon ") && reply.body.contains(wanted), "{path}: {}", reply.body);
    }
}

#[tokio::test]
async fn what_the_rest_may_use_is_set_aside_before_it_goes_out() {
    for (most, goes_on) in [(60, false), (1_000, true)] {
        let app = if goes_on { "limits = { tokens_per_min = 1000 }" } else { "limits = { tokens_per_min = 60 }" };
        let world = World::with(Changes { app, resume: true, ..Changes::default() }).await;
        world.first.script(cut(&["Once upon ", "a time"]));
        let reply = world.chat(&asked("a tale", r#","max_tokens":20"#)).await;
        assert_eq!(world.second.bodies().len(), usize::from(goes_on), "{most}: {}", reply.body);
        let outcome = world.outcome().await;
        if !goes_on {
            assert!(
                reply.body.contains("\"code\":\"rate_limited\"") && !reply.body.contains("[DONE]"),
                "{}",
                reply.body
            );
            assert_eq!((outcome.code.as_deref(), outcome.tokens.output), (Some("rate_limited"), 6));
        }
        assert!(outcome.tokens.total() <= most, "{:?}", outcome.tokens);
    }
}

#[tokio::test]
async fn a_crash_while_it_goes_on_charges_what_was_used_and_what_was_set_aside() {
    let world = world("").await;
    world.first.script(cut(&["Once upon ", "a time"]));
    world.second.script([Step::Send(format!("{HEAD}{}", chunk(" there"))), Step::Hang]);
    let open = world.open(&asked("a tale", r#","max_tokens":100"#)).await;
    while world.second.bodies().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let intents = world.intents();
    drop(open);
    let input = intents[0].est.tokens - 100;
    let (piece, rest) = (input * 2_000 + 6 * 4_000, (input + 94) * 1_000);
    let again = World::usual().await;
    again.journal.preload(&intents.into_iter().map(Record::Intent).collect::<Vec<_>>());
    assert_eq!(again.gateway.recover().await.unwrap().closed, 1);
    let outcome = again.outcomes().remove(0);
    assert_eq!((outcome.end, outcome.attempts.len()), (End::Unknown, 2));
    assert!(outcome.cost_nano.0 >= i64::try_from(piece + rest).unwrap(), "{:?}", outcome.cost_nano);
}
