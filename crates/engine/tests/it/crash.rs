//! Children that die, and parents that do.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use engine::{State, Supervisor};
use http_body_util::BodyExt;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::fixture::{Meta, babbler};
use crate::harness::{Engine, LIMIT, chat_body, config, text, write};

fn alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // A zombie is dead, only not yet buried.
    stat.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

fn signal(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(pid).expect("a pid")).expect("a pid");
    kill_process(pid, signal).expect("signals");
}

async fn gone(pid: u32) {
    let began = Instant::now();
    while alive(pid) {
        assert!(began.elapsed() < Duration::from_secs(5), "process {pid} lives on");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Ctrl-C, `timeout` and a closing terminal signal the whole group: answers in flight must outlive that.
#[tokio::test]
async fn a_signal_to_the_parents_group_is_not_the_childs() {
    let engine = Engine::start().await;
    let child = Pid::from_raw(i32::try_from(engine.handle.status().pid.expect("a child")).expect("a pid"));
    let group = |pid| rustix::process::getpgid(pid).expect("a group");
    assert_eq!(group(child), child.expect("a pid"));
    assert_ne!(group(child), group(None));
}

#[tokio::test]
async fn an_abort_costs_the_answers_in_flight_and_a_restart() {
    let engine = Engine::start().await;
    let pid = engine.handle.status().pid.expect("a child");
    let mut client = engine.client().await;
    let endless = json!({"max_tokens": 200, "stream": true, "logit_bias": {"257": -100, "259": -100}});
    let body = chat_body(endless).to_string();
    let answer = client.send("POST", "/v1/chat/completions", "a", body).await.expect("answers");
    let mut body = answer.into_body();
    body.frame().await.expect("a frame").expect("data");
    signal(pid, Signal::STOP);
    signal(pid, Signal::ABORT);
    signal(pid, Signal::CONT);
    let rest = body.collect().await;
    assert!(rest.is_err(), "a cut answer must not look whole");
    let began = Instant::now();
    while engine.handle.status().pid == Some(pid) && began.elapsed() < LIMIT {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    engine.handle.wait_ready(LIMIT).await.expect("ready again");
    let status = engine.handle.status();
    assert_eq!(status.restarts, 1);
    assert_ne!(status.pid, Some(pid));
    assert!(!text(&engine.answer(json!({})).await).is_empty());
}

#[tokio::test]
async fn shutdown_leaves_nothing() {
    let engine = Engine::start().await;
    let pid = engine.handle.status().pid.expect("a child");
    let socket = engine.handle.socket_path().to_path_buf();
    let handle = engine.handle.clone();
    engine.handle.clone().shutdown().await;
    assert_eq!(handle.status().state, State::Stopped);
    gone(pid).await;
    assert!(!socket.exists());
    assert!(handle.connect().await.is_err());
}

#[tokio::test]
async fn dropping_the_last_handle_stops_the_child() {
    let engine = Engine::start().await;
    let pid = engine.handle.status().pid.expect("a child");
    let Engine { handle, dir } = engine;
    drop(handle);
    gone(pid).await;
    drop(dir);
}

#[tokio::test]
async fn bad_files_are_states_with_reasons_and_no_crash_loops() {
    let dir = tempfile::tempdir().expect("temp dir");
    let bytes = babbler().bytes();
    let mut unknown = babbler();
    unknown.set("tokenizer.ggml.pre", Meta::Text("no-such-tokenizer".into()));
    let cases: [(&str, Vec<u8>, &str); 4] = [
        ("text", b"dear diary, this is no model".to_vec(), "not a GGUF file"),
        ("cut", bytes[..bytes.len() - 100].to_vec(), "cut off"),
        ("empty", Vec::new(), "cut off"),
        ("tokenizer", unknown.bytes(), "unknown pre-tokenizer"),
    ];
    for (name, bytes, reason) in cases {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).expect("writes");
        let handle = Supervisor::start(config(dir.path(), path)).expect("starts");
        let error = handle.wait_ready(LIMIT).await.expect_err("never ready").to_string();
        assert!(error.contains(reason), "{name}: {error}");
        assert!(matches!(handle.status().state, State::Failed { .. }), "{name}");
        assert_eq!((handle.status().restarts, handle.status().pid), (0, None), "{name}");
    }
}

#[tokio::test]
async fn a_model_larger_than_memory_is_refused_before_loading() {
    let dir = tempfile::tempdir().expect("temp dir");
    let mut gguf = babbler();
    gguf.set("llama.context_length", Meta::U32(u32::MAX));
    let mut config = config(dir.path(), write(dir.path(), &gguf));
    config.context_tokens = Some(u32::MAX);
    let handle = Supervisor::start(config).expect("starts");
    let error = handle.wait_ready(LIMIT).await.expect_err("never ready").to_string();
    assert!(error.contains("not enough memory"), "{error}");
}

#[tokio::test]
async fn a_child_that_never_gets_ready_is_given_up() {
    let dir = tempfile::tempdir().expect("temp dir");
    let mut config = config(dir.path(), write(dir.path(), &babbler()));
    config.exe = "/bin/false".into();
    let handle = Supervisor::start(config).expect("starts");
    let error = handle.wait_ready(LIMIT).await.expect_err("never ready").to_string();
    assert!(error.contains("3 children in a row") && error.contains("code 1"), "{error}");
}

#[test]
fn the_child_refuses_to_run_for_people() {
    let child = Command::new(env!("CARGO_BIN_EXE_engine-child"))
        .args(["--model", "/dev/null"])
        .stdin(Stdio::null())
        .output()
        .expect("runs");
    assert_eq!(child.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&child.stderr).contains("not by people"));
}

/// This test's program again, as a parent that can be killed.
#[test]
fn no_child_survives_a_killed_parent() {
    let dir = tempfile::tempdir().expect("temp dir");
    let model = write(dir.path(), &babbler());
    let mut parent = Command::new(std::env::current_exe().expect("this program"))
        .args(["crash::as_parent", "--exact", "--nocapture"])
        .env("ENGINE_TEST_PARENT", dir.path())
        .env("ENGINE_TEST_MODEL", &model)
        .stdout(Stdio::null())
        .spawn()
        .expect("starts");
    let told = dir.path().join("pid");
    let began = Instant::now();
    let pid = loop {
        match std::fs::read_to_string(&told).ok().and_then(|s| s.trim().parse::<u32>().ok()) {
            Some(pid) => break pid,
            None => assert!(began.elapsed() < LIMIT, "the parent never told"),
        }
        std::thread::yield_now();
    };
    assert!(alive(pid));
    parent.kill().expect("kills");
    assert_eq!(parent.wait().expect("ends").signal(), Some(9));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(gone(pid));
}

/// Not a test by itself: the parent of the test above.
#[test]
fn as_parent() {
    let Some(dir) = std::env::var_os("ENGINE_TEST_PARENT") else { return };
    let model = std::env::var_os("ENGINE_TEST_MODEL").expect("a model");
    let dir = Path::new(&dir);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let handle = Supervisor::start(config(dir, model.into())).expect("starts");
        handle.wait_ready(LIMIT).await.expect("ready");
        let pid = handle.status().pid.expect("a child");
        std::fs::write(dir.join("pid.new"), pid.to_string()).expect("writes");
        std::fs::rename(dir.join("pid.new"), dir.join("pid")).expect("renames");
        tokio::time::sleep(LIMIT).await;
    });
}
