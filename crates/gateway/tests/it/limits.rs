//! Limits and budgets at the edge; the counters themselves are tested beside them.

use crate::harness::{Changes, Step, World};
use realm::record::Record;

const ASK: &str = r#"{"model":"best","messages":[{"role":"user","content":"hello"}],"max_tokens":20}"#;

#[tokio::test]
async fn a_limit_says_when_to_come_again_and_is_not_recorded() {
    let world = World::with(Changes { app: "limits = { requests_per_min = 2 }", ..Changes::default() }).await;
    assert_eq!((world.chat(ASK).await.status, world.chat(ASK).await.status), (200, 200));
    let reply = world.chat(ASK).await;
    assert_eq!((reply.status, reply.code().as_str()), (429, "rate_limited"));
    let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert_eq!(world.journal.entries().len(), 4, "two intents, two outcomes");
    world.clock.0.fetch_add(wait * 1_000, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(world.chat(ASK).await.status, 200);
}

#[tokio::test]
async fn a_place_is_free_again_after_the_answer() {
    let world = World::with(Changes { app: "limits = { concurrent = 1 }", ..Changes::default() }).await;
    world.first.script([Step::Hang]);
    let open = world.open(&ASK.replace("best", "abroad")).await;
    while world.first.bodies().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    assert_eq!(world.chat(ASK).await.code(), "rate_limited");
    assert_eq!(open.finish().await.status, 504);
    assert_eq!(world.chat(ASK).await.status, 200);
}

#[tokio::test]
async fn a_budget_is_never_passed_by_requests_at_once_and_survives_a_restart() {
    // One answer costs 10 × 2.00 + 5 × 4.00 per million: 0.00004. What is set aside is more.
    let budget = Changes { route: "budget = { per_month = \"0.0005\" }", ..Changes::default() };
    let world = World::with(budget).await;
    let mut spent = 0;
    for _ in 0..10 {
        let all = tokio::join!(world.chat(ASK), world.chat(ASK), world.chat(ASK), world.chat(ASK));
        for reply in [all.0, all.1, all.2, all.3] {
            assert!(reply.status == 200 || reply.code() == "budget_exceeded", "{}", reply.body);
        }
        spent = world.outcomes().iter().map(|outcome| outcome.cost_nano.0).sum();
        assert!(spent <= 500_000, "{spent}");
    }
    assert!(spent >= 350_000, "the budget is used: {spent}");
    let records: Vec<Record> = world.journal.entries().iter().map(|entry| Record::from_bytes(entry).unwrap()).collect();
    let budget = Changes { route: "budget = { per_month = \"0.0005\" }", ..Changes::default() };
    let again = World::with(budget).await;
    again.journal.preload(&records);
    again.gateway.recover().await.unwrap();
    let reply = again.chat(ASK).await;
    assert_eq!((reply.status, reply.code().as_str()), (429, "budget_exceeded"));
    // From noon of 24 November to the first of December.
    assert_eq!(reply.header("retry-after"), Some("561600"));
}

/// What an older version let through: an intent over a bound that a client chose.
#[tokio::test]
async fn a_log_with_an_unbelievable_record_starts_and_serves_and_its_figures_charge_nobody() {
    let world = World::usual().await;
    assert_eq!(world.chat(ASK).await.status, 200);
    let (mut intent, mut outcome) = (world.intents().remove(0), world.outcomes().remove(0));
    outcome.attempts[0].intent = 0;
    (outcome.tokens.input, outcome.tokens.output, outcome.cost_nano) = (u64::MAX, u64::MAX, realm::Nano(i64::MAX));
    (intent.est.tokens, intent.est.cost_nano) = (u64::MAX, realm::Nano(i64::MAX));
    let records = [Record::Intent(intent.clone()), Record::Outcome(outcome), Record::Intent(intent)];
    let limited = "limits = { tokens_per_min = 1000 }\nbudget = { per_month = \"1\" }";
    let again = World::with(Changes { app: limited, route: limited, ..Changes::default() }).await;
    again.journal.preload(&records);
    assert_eq!(again.gateway.recover().await.unwrap().closed, 1);
    let closing = again.outcomes().remove(1);
    assert_eq!((closing.tokens.input, closing.cost_nano), (0, realm::Nano::ZERO));
    for _ in 0..3 {
        assert_eq!(again.chat(ASK).await.status, 200);
        again.clock.0.fetch_add(30_000, std::sync::atomic::Ordering::SeqCst);
    }
}

#[tokio::test]
async fn what_no_answer_can_have_is_refused_by_name_and_hurts_nobody_else() {
    let world = World::usual().await;
    assert_eq!(world.chat(ASK).await.status, 200);
    for (field, most) in [("max_tokens", i32::MAX as u64), ("max_completion_tokens", i32::MAX as u64), ("n", 128)] {
        for (number, status) in [(u64::MAX, 400), (most + 1, 400), (most, 200)] {
            let body = ASK.replace("\"max_tokens\":20", &format!("\"{field}\":{number}"));
            let reply = world.chat(&body).await;
            assert_eq!(reply.status, status, "{body} {}", reply.body);
            if status == 400 {
                assert_eq!(reply.json()["error"]["param"], field);
                assert_eq!(world.refusals().last().unwrap().code, "invalid_request");
            }
        }
    }
    for _ in 0..3 {
        world.clock.0.fetch_add(40_000, std::sync::atomic::Ordering::SeqCst);
        assert_eq!(world.chat(ASK).await.status, 200);
    }
}

#[tokio::test]
async fn an_orphan_is_closed_once_and_charged_what_was_set_aside() {
    let world = World::usual().await;
    world.first.script([Step::Hang]);
    let open = world.open(ASK).await;
    while world.first.bodies().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let intent = world.intents().remove(0);
    drop(open);
    let again = World::usual().await;
    again.journal.preload(&[Record::Intent(intent.clone())]);
    assert_eq!(again.gateway.recover().await.unwrap().closed, 1);
    let outcome = again.outcomes().remove(0);
    assert_eq!(
        (outcome.end, outcome.cost_nano, outcome.cost_estimated),
        (realm::record::End::Unknown, intent.est.cost_nano, true)
    );
    assert_eq!(again.gateway.recover().await.unwrap().closed, 0);
}
