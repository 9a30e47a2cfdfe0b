//! What a child may not go beyond: work that stands still, memory, and grammars that would cause
//! either.

use std::time::{Duration, Instant};

use engine::{Config, State, Supervisor};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::fixture::babbler;
use crate::harness::{Client, Engine, LIMIT, chat_body, config, text, write};

const STALL: Duration = Duration::from_secs(2);

/// The reason for which the present child is to be replaced, once there is one.
async fn reason(engine: &Engine) -> String {
    let began = Instant::now();
    loop {
        if let State::BackingOff { reason, .. } = engine.handle.status().state {
            return reason;
        }
        assert!(began.elapsed() < LIMIT, "nothing happened: {:?}", engine.handle.status());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn doubling(leaf: &str) -> String {
    let rules = (0..24).map(|i| format!("r{i} ::= r{0} r{0}\n", i + 1)).collect::<String>();
    format!("root ::= r0\n{rules}r24 ::= {leaf}\n")
}

#[tokio::test]
async fn grammar_bombs_are_refused_at_once_and_others_are_answered() {
    let engine = Engine::start().await;
    let pid = engine.handle.status().pid;
    let nested = |n: u32| {
        (0..n).fold(
            json!({"type": "string", "maxLength": 2000}),
            |inner, _| json!({"type": "array", "items": inner, "minItems": 2000, "maxItems": 2000}),
        )
    };
    let schema = |schema| json!({"response_format": {"type": "json_schema", "json_schema": {"schema": schema}}});
    let endless = json!({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"$ref": "#/$defs/a"}}});
    for (bomb, param) in [
        (json!({"grammar": doubling("\"x\"?")}), "grammar"),
        (json!({"grammar": doubling("\"\" | \"x\"")}), "grammar"),
        // llama.cpp counts from 5 down to 2, the long way round.
        (json!({"grammar": "root ::= \"a\"{5,2}"}), "grammar"),
        (json!({"grammar": "root ::= b root \"x\" | \"y\"\nb ::= c\nc ::= \"y\"?"}), "grammar"),
        (schema(json!({"type": "string", "maxLength": 1_000_000})), "response_format.json_schema"),
        (schema(json!({"type": "integer", "minimum": 1_000_000_000_000_000_000i64})), "response_format.json_schema"),
        (schema(endless), "response_format.json_schema"),
        (schema(json!({"type": "string", "pattern": "^((a?){999}){999}$"})), "response_format.json_schema"),
    ] {
        let began = Instant::now();
        let (status, answer) = engine.chat(bomb.clone()).await;
        let error = &answer["error"];
        assert_eq!((status, &error["param"]), (400, &json!(param)), "{bomb:.80}: {answer}");
        assert!(began.elapsed() < Duration::from_secs(10), "{bomb:.80}: {:?}", began.elapsed());
    }
    // Large, and no bomb.
    let (status, answer) = engine.chat(schema(nested(5))).await;
    assert_eq!(status, 200, "{answer}");
    engine.answer(json!({})).await;
    assert_eq!(engine.handle.status().pid, pid, "the child lived through all of it");
}

/// Each `a` doubles the ways to go on, which no look at the grammar tells.
#[tokio::test]
async fn a_bomb_that_goes_off_in_the_answer_ends_that_answer_only() {
    let engine = Engine::start().await;
    let pid = engine.handle.status().pid;
    let grammar = "root ::= \"a\" root \"b\" | \"a\" root \"c\" | \"a\"";
    let bias = json!({"98": -100, "99": -100, "257": -100, "259": -100});
    let bomb = json!({"grammar": grammar, "max_tokens": 100, "logit_bias": bias});
    let other = json!({"max_tokens": 60, "logit_bias": {"257": -100, "259": -100}});
    let ((status, refused), answered) = tokio::join!(engine.chat(bomb), engine.answer(other));
    assert_eq!((status, &refused["error"]["param"]), (400, &json!("grammar")), "{refused}");
    assert!(refused["error"]["message"].as_str().is_some_and(|m| m.contains("steps")), "{refused}");
    assert_eq!(answered["usage"]["completion_tokens"], 60);
    assert_eq!(engine.handle.status().pid, pid);
}

#[tokio::test]
async fn a_child_that_stands_still_is_replaced() {
    let engine = Engine::with(&babbler(), |config| config.limits.stall = STALL).await;
    // Long enough for it to be ended if idleness counted as standing still.
    tokio::time::sleep(STALL + STALL / 2).await;
    let pid = engine.handle.status().pid.expect("a child");
    assert_eq!(engine.handle.status().restarts, 0, "idle is not still");
    let raw = Pid::from_raw(i32::try_from(pid).expect("a pid")).expect("a pid");
    kill_process(raw, Signal::STOP).expect("signals");
    let mut client = engine.client().await;
    let waiting = client.send("POST", "/v1/chat/completions", "a", chat_body(json!({})).to_string());
    let (reason, answer) = tokio::join!(reason(&engine), tokio::time::timeout(LIMIT, waiting));
    assert!(reason.contains("no sign of life for 2s"), "{reason}");
    assert!(answer.expect("an end in time").is_err(), "what was asked ends in an error");
    engine.handle.wait_ready(LIMIT).await.expect("ready again");
    assert_eq!(engine.handle.status().restarts, 1);
    assert!(!text(&engine.answer(json!({})).await).is_empty());
}

/// A stand-in that lives and says that its work does not go on.
#[tokio::test]
async fn a_child_whose_work_stands_still_is_replaced() {
    let dir = tempfile::tempdir().expect("temp dir");
    let ready = json!({
        "event": "ready", "engine": "e", "model": "m", "architecture": "a", "parameters": 1, "quantisation": "q",
        "toy": true, "context_tokens": 1, "cache_tokens": 1, "parallel": 1, "threads": 1, "instruction_sets": [],
        "energy_method": "m",
    });
    let beats =
        "for n in 0 500 1000 1500 2000 2500; do echo \"{\\\"event\\\":\\\"beat\\\",\\\"stalled_ms\\\":$n}\"; done";
    let script = format!("echo '{ready}'; {beats}; exec sleep 60");
    let mut config: Config = config(dir.path(), write(dir.path(), &babbler()));
    (config.exe, config.args) = ("/bin/sh".into(), vec!["-c".into(), script.into()]);
    config.limits.stall = STALL;
    let handle = Supervisor::start(config).expect("starts");
    let engine = Engine { handle, dir };
    let reason = reason(&engine).await;
    assert!(reason.contains("its work stood still for 2s"), "{reason}");
}

/// The largest body that is taken, as the costliest to read: 8 MiB become some hundred.
#[tokio::test]
async fn memory_runs_out_in_the_child_and_not_in_the_machine() {
    let body = |n: usize| format!("{{\"prompt\": \"hello\", \"max_tokens\": 1, \"x\": [{}0]}}", "0,".repeat(n));
    let large = body((8 << 19) - 100);
    let roomy = Engine::start().await;
    let answer = roomy.client().await.send("POST", "/v1/completions", "a", large.clone()).await;
    assert_eq!(answer.expect("answers").status(), 200, "with the margin that is the default it is read");
    let tight = Engine::with(&babbler(), |config| config.limits.memory_margin_bytes = 0).await;
    let pid = tight.handle.status().pid.expect("a child");
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).expect("limits");
    let line = limits.lines().find(|l| l.starts_with("Max data size")).expect("a line");
    let bytes: u64 = line.split_whitespace().nth(3).expect("a number").parse().expect("limited");
    assert!(bytes < 400 << 20, "{bytes}");
    let handle = tight.handle.clone();
    let mut flood = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let (handle, large) = (handle.clone(), large.clone());
        flood.spawn(async move {
            let Ok(mut client) = Client::connect(&handle).await else { return };
            // Cut off when the child ends.
            let _ = client.send("POST", "/v1/completions", "a", large).await;
        });
    }
    let reason = reason(&tight).await;
    assert!(reason.contains("abort") && reason.contains("it may take"), "{reason}");
    flood.join_all().await;
    tight.handle.wait_ready(LIMIT).await.expect("ready again");
    assert!(!text(&tight.answer(json!({})).await).is_empty());
}
