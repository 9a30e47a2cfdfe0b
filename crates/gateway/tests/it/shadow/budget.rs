//! What mirrors may use: the budget holds, whatever requests say of the length of their answers.

use std::time::Duration;

use gateway::content_queue;
use realm::mirrored::Fate;

use super::{Drill, HEAD, Shadowed, streamed};
use crate::content::kept;
use crate::harness::{Act, Changes, Step, World, answer, chunk, usage_chunk};

const UNLIMITED: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}]}"#;
/// What any request is reckoned with that does not say how long its answer may be.
const DEFAULT: u64 = 1_024;

/// An answer that used so much.
fn used(input: u64, output: u64) -> Act {
    let usage = format!("\"prompt_tokens\":{input},\"completion_tokens\":{output}");
    Act::Status(200, "", answer("hi").replace("\"prompt_tokens\":10,\"completion_tokens\":5", &usage))
}

async fn ask(on: &Shadowed, ask: &str, requests: u64) {
    let before = on.run.counted().fates().requests();
    for _ in 0..requests {
        assert_eq!(on.world.chat(ask).await.status, 200);
    }
    on.counted(before + requests).await;
}

/// The limit that the fallback was told, of the last mirror.
fn told(on: &Shadowed, name: &str) -> Option<u64> {
    let body: serde_json::Value = serde_json::from_str(on.world.second.bodies().last()?).unwrap();
    body[name].as_u64()
}

#[tokio::test]
async fn a_mirror_is_sent_with_the_limit_that_is_set_aside() {
    let on = Drill::default().on().await;
    ask(&on, UNLIMITED, 1).await;
    assert_eq!(told(&on, "max_tokens"), Some(DEFAULT));
    assert!(!on.world.first.bodies()[0].contains("max_tokens"), "the client's own request is as it was");
    ask(&on, &streamed(UNLIMITED), 1).await;
    assert_eq!(told(&on, "max_tokens"), Some(DEFAULT));
    ask(&on, super::ASK, 1).await;
    assert_eq!(told(&on, "max_tokens"), Some(50), "the client's own limit stands");
    // A client whose answer was long is compared with one that may be longer.
    on.world.first.will([used(10, 3_000)]);
    ask(&on, UNLIMITED, 1).await;
    assert_eq!(told(&on, "max_tokens"), Some(6_000));
    let (intents, _) = on.mirrors();
    let set_aside: Vec<u64> = intents.iter().map(|it| it.est.tokens).collect();
    assert!(set_aside[0] >= DEFAULT && set_aside[3] >= 6_000, "{set_aside:?}");
}

/// However long the questions are and whatever a tokeniser makes of them, within what it was sent.
#[tokio::test]
async fn the_budget_holds_where_limits_are_kept() {
    const TOKENS: u64 = 12_000;
    let on = Drill { tokens: TOKENS, ..Drill::default() }.on().await;
    let long = UNLIMITED.replace("hello", &"x y ".repeat(400));
    on.world.second.will((0..20).map(|_| used(long.len() as u64, DEFAULT)));
    ask(&on, &long, 20).await;
    let (spent, fates) = (on.run.counted().sum().tokens, on.run.counted().fates());
    assert!(spent <= TOKENS, "{spent}");
    assert_eq!((fates.of(Fate::Mirrored), fates.of(Fate::Budget)), (4, 16), "and most of it was used");
}

/// A fallback that pays no heed to limits: what runs at that moment is over, and then nothing goes any more.
#[tokio::test]
async fn a_fallback_that_keeps_no_limit_passes_the_budget_by_the_excess_of_what_runs() {
    const TOKENS: u64 = 4_000;
    const SAYS: u64 = 9_000;
    let on = Drill { tokens: TOKENS, concurrency: 1, ..Drill::default() }.on().await;
    on.world.second.will((0..6).map(|_| used(10, SAYS)));
    ask(&on, UNLIMITED, 6).await;
    let (sum, fates) = (on.run.counted().sum(), on.run.counted().fates());
    assert_eq!((fates.of(Fate::Mirrored), fates.of(Fate::Budget)), (1, 5));
    assert!(sum.tokens <= TOKENS + (10 + SAYS - DEFAULT), "{}", sum.tokens);
}

#[tokio::test]
async fn an_answer_that_our_own_limit_cuts_short_is_not_compared() {
    let on = Drill::default().on().await;
    let cut = |body: String| body.replace("\"stop\"", "\"length\"");
    on.world.second.will([Act::Status(200, "", cut(answer("hi and so on")))]);
    ask(&on, UNLIMITED, 1).await;
    let end = cut(r#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#.to_owned());
    on.world.second.script([Step::Send(format!(
        "{HEAD}{}{end}\n\n{}data: [DONE]\n\n",
        chunk("one"),
        usage_chunk(1, 9)
    ))]);
    ask(&on, &streamed(UNLIMITED), 1).await;
    let sum = on.run.counted().sum();
    assert_eq!((sum.both_ok, sum.too_long, sum.compared, sum.finish_differs), (2, 2, 0, 0));
    // Where the client set the limit, that is how they differ.
    on.world.second.will([Act::Status(200, "", cut(answer("hi and so on")))]);
    ask(&on, super::ASK, 1).await;
    let sum = on.run.counted().sum();
    assert_eq!((sum.too_long, sum.compared, sum.finish_differs), (2, 1, 1));
}

#[tokio::test]
async fn a_fallback_that_names_limits_otherwise_is_asked_as_it_wants() {
    let on = Drill::default().on().await;
    let says = r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}"#;
    on.world.second.will([Act::Status(400, "", says.to_owned())]);
    ask(&on, UNLIMITED, 1).await;
    let sum = on.run.counted().sum();
    assert_eq!((sum.given_up, sum.mirrors), (1, 0), "it is no failure of the fallback");
    ask(&on, UNLIMITED, 1).await;
    assert_eq!((told(&on, "max_tokens"), told(&on, "max_completion_tokens")), (None, Some(DEFAULT)));
    assert_eq!(on.run.counted().sum().compared, 1);
}

/// What is kept of a request is handed over when its client has its answer, however long the fallback takes.
#[tokio::test]
async fn keeping_content_waits_for_no_mirror() {
    let (into, mut out) = content_queue(1 << 20);
    let world = World::with(Changes { content: Some(into), ..Changes::default() }).await;
    world.reload(kept);
    let on = Drill { timeout: Duration::from_secs(60), ..Drill::default() }.on_in(world);
    for (at, ask) in [UNLIMITED.to_owned(), streamed(UNLIMITED)].into_iter().enumerate() {
        on.world.second.script([Step::Hang]);
        let reply = on.world.chat(&ask).await;
        let exchange = tokio::time::timeout(Duration::from_secs(10), out.take(1)).await;
        let exchange = exchange.expect("it is there while the mirror hangs").remove(0);
        assert_eq!(Some(exchange.req.as_str()), reply.header("x-freehold-request"));
        assert_eq!(String::from_utf8(exchange.answer.concat()).unwrap(), reply.body);
        while on.world.second.bodies().len() <= at {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(on.run.counted().sum().mirrors, 0, "the mirror still runs");
    }
    assert_eq!(on.world.gateway.metrics().content_lost.get(), 0);
}
