//! The demo as somebody goes on with it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::place::{Place, agent, wait_for};

/// A demo on a directory; killed when dropped.
pub struct Demo {
    child: Child,
    pub ready: Value,
}

fn command(place: &Place, dir: &Path) -> Command {
    let mut command = place.command(&["demo", "--json", "--listen", "127.0.0.1:0", "--keep"]);
    command.arg(dir).stdout(Stdio::piped());
    command
}

impl Demo {
    pub fn start(place: &Place, dir: &Path) -> Self {
        Self::wait_for(command(place, dir))
    }

    /// One whose log begins with whatever the test asks.
    pub fn without_samples(place: &Place, dir: &Path) -> Self {
        let mut command = command(place, dir);
        command.arg("--no-samples");
        Self::wait_for(command)
    }

    fn wait_for(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::inherit()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line:?}"));
        Self { child, ready }
    }

    pub fn stop(mut self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_kept_demo_goes_on_with_the_realm_and_the_keys_that_lie_there() {
    let place = Place::new();
    let kept = place.dir.path().join("kept");
    let first = Demo::start(&place, &kept);
    let providers = kept.join("realm/providers.toml");
    let before = std::fs::read_to_string(&providers).unwrap();

    // A second one on the same directory changes nothing and says who is in the way.
    let second = command(&place, &kept).output().unwrap();
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(3), "{said}");
    assert!(said.contains("another process serves"), "{said}");
    assert_eq!(std::fs::read_to_string(&providers).unwrap(), before);

    let keys = first.ready["keys"].clone();
    let received = std::fs::read_to_string(kept.join("keys.env")).unwrap();
    let abroad = first.ready["stand_ins"]["standin-abroad"].as_str().unwrap().to_owned();
    assert!(received.contains(&format!("export RECEIVED={abroad}/_received")), "{received}");
    first.stop();

    let apps = kept.join("realm/apps.toml");
    let mine = format!("# mine\n{}", std::fs::read_to_string(&apps).unwrap());
    std::fs::write(&apps, &mine).unwrap();
    // Somebody else listens where the realm expects the provider abroad; where a port is not free, nothing is to be shown.
    let _busy = std::net::TcpListener::bind(abroad.strip_prefix("http://").unwrap());
    let again = Demo::start(&place, &kept);
    assert_eq!(std::fs::read_to_string(&apps).unwrap(), mine, "the realm is its owner's");
    assert_eq!(again.ready["keys"], keys, "the keys still let in");
    // Wherever the stand-ins listen now, the realm knows.
    let moved = again.ready["stand_ins"]["standin-abroad"].as_str().unwrap();
    assert_ne!(moved, abroad);
    assert!(std::fs::read_to_string(&providers).unwrap().contains(&format!("\"{moved}/v1\"")));
    again.stop();
}

#[test]
fn a_new_demo_has_sample_traffic_of_each_kind_and_a_kept_one_gets_none_again() {
    let place = Place::new();
    let kept = place.dir.path().join("kept");
    let samples = || {
        let log = place.ok(&["ledger", "export", "--data", kept.to_str().unwrap()]);
        let records: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let record = |line: &Value| line.get("entry").cloned().unwrap_or_else(|| line.clone());
        let simulated = records.iter().map(record).filter(|it| it["simulated"] == true);
        simulated.collect::<Vec<Value>>()
    };
    Demo::start(&place, &kept).stop();
    let first = samples();
    let refused = first.iter().find(|it| it["t"] == "refusal").unwrap();
    assert_eq!((&refused["app"], &refused["code"]), (&"clinic".into(), &"policy_denied".into()));
    let redacted = |it: &&Value| it["t"] == "intent" && !it["redacted"].is_null();
    let redacted = first.iter().find(redacted).unwrap();
    assert_eq!(redacted["app"], "tourism");
    assert!(!redacted["redacted_by"].as_array().unwrap().is_empty(), "the record names the rules: {redacted}");
    assert!(first.iter().any(|it| it["t"] == "outcome" && it["end"] == "ok"), "{first:?}");
    Demo::start(&place, &kept).stop();
    assert_eq!(samples().len(), first.len());
}

#[test]
fn the_sample_log_is_deleted_whole_and_the_demo_begins_anew() {
    let place = Place::new();
    let kept = place.dir.path().join("kept");
    let (data, realm) = (kept.to_str().unwrap(), kept.join("realm"));
    let demo = Demo::start(&place, &kept);
    let url = format!("http://{}", demo.ready["listen"].as_str().unwrap());
    let log = || std::fs::read_to_string(kept.join("log-id")).unwrap_or_default();
    let before = log();
    let realm = ["--data", data, "--realm", realm.to_str().unwrap()];
    let add = |who: &str, role: &str| {
        place.ok(&[&["console", "account", "add", who, "--role", role, "--json"], &realm[..]].concat());
        let token = place.ok(&["console", "token", who, "--json", "--data", data]);
        serde_json::from_str::<Value>(&token).unwrap()["token"].as_str().unwrap().to_owned()
    };
    let (viewer, admin) = (add("vera", "viewer"), add("ann", "admin"));
    let delete = |token: &str| {
        let call = agent().delete(format!("{url}/api/v1/samples?organisation=@"));
        call.header("authorization", format!("Bearer {token}")).call().unwrap().status().as_u16()
    };
    assert_eq!(delete(&viewer), 403);
    assert_eq!(delete(&admin), 204);
    let tells = || exported(&place, data).iter().any(|it| it["what"] == "log.delete");
    wait_for("another log", || !log().is_empty() && log() != before && tells());
    let records = exported(&place, data);
    assert!(!records.iter().any(is_of_a_request), "{records:?}");
    let told = records.iter().find(|it| it["what"] == "log.delete").unwrap();
    assert_eq!(told["subject"], format!("log:{}", before.trim()));
    assert!(told["by"].as_str().unwrap().starts_with("ann"), "{told}");
    let logs: Vec<_> = std::fs::read_dir(kept.join("ledger")).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(logs, [log().trim()], "the one before is gone");
    // Whoever held a key or a token holds it still.
    let body = r#"{"model":"best","max_tokens":5,"messages":[{"role":"user","content":"Where is the old town?"}]}"#;
    let key = demo.ready["keys"]["tourism"].as_str().unwrap();
    let asked = agent().post(format!("{url}/v1/chat/completions")).header("authorization", format!("Bearer {key}"));
    assert_eq!(asked.header("content-type", "application/json").send(body).unwrap().status(), 200);
    demo.stop();
    assert!(exported(&place, data).iter().any(|it| it["t"] == "outcome" && it["simulated"].is_null()));
    place.ok(&["ledger", "verify", data]);
}

/// What a crash left of a log that was to be deleted goes before anything is written.
#[test]
fn a_deletion_that_a_crash_cut_short_is_finished_at_the_next_start() {
    let place = Place::new();
    let kept = place.dir.path().join("kept");
    Demo::start(&place, &kept).stop();
    let mark = r#"{"id":"log-gone","entries":7,"by":"ann","at":1795669437000}"#;
    std::fs::write(kept.join("log-deleted"), mark).unwrap();
    std::fs::create_dir_all(kept.join("evaluations")).unwrap();
    std::fs::remove_dir_all(kept.join("ledger")).unwrap();
    let (data, realm) = (kept.to_str().unwrap(), kept.join("realm"));
    let served = place.run(&["serve", "--listen", "127.0.0.1:0", "--data", data, "--realm", realm.to_str().unwrap()]);
    assert_eq!(served.status.code(), Some(2), "nobody serves it meanwhile");
    Demo::start(&place, &kept).stop();
    let told = exported(&place, data).into_iter().find(|it| it["what"] == "log.delete").unwrap();
    assert_eq!((&told["subject"], &told["by"]), (&"log:log-gone".into(), &"ann".into()));
    assert!(!kept.join("evaluations").exists());
    assert!(!kept.join("log-deleted").exists());
    assert!(!exported(&place, kept.to_str().unwrap()).iter().any(is_of_a_request));
}

fn is_of_a_request(record: &Value) -> bool {
    ["intent", "outcome", "refusal"].iter().any(|kind| record["t"] == *kind)
}

/// The log's records.
fn exported(place: &Place, data: &str) -> Vec<Value> {
    let log = place.run(&["ledger", "export", "--data", data]).stdout;
    let lines = String::from_utf8_lossy(&log).into_owned();
    let record = |line: &str| serde_json::from_str::<Value>(line).ok().map(|it| it["entry"].clone());
    lines.lines().filter_map(record).collect()
}

/// What a process logs, waited for no longer than it may take.
struct Log(Receiver<String>);

impl Log {
    fn of(pipe: ChildStderr) -> Self {
        let (send, lines) = channel();
        std::thread::spawn(move || BufReader::new(pipe).lines().map_while(Result::ok).try_for_each(|it| send.send(it)));
        Self(lines)
    }

    fn says(&self, words: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let line = self.0.recv_timeout(left).unwrap_or_else(|e| panic!("the log does not say `{words}`: {e}"));
            if line.contains(words) {
                return;
            }
        }
    }
}

#[test]
fn a_change_that_was_refused_and_taken_back_is_not_the_last_word_of_the_log() {
    let place = Place::new();
    let kept = place.dir.path().join("kept");
    let mut child = command(&place, &kept).env_remove("FREEHOLD_LOG").stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let log = Log::of(child.stderr.take().unwrap());
    let demo = Demo { child, ready: serde_json::from_str(&line).unwrap() };
    // At once: a change right after the start is a change, too.
    let apps = kept.join("realm/apps.toml");
    let good = std::fs::read_to_string(&apps).unwrap();
    std::fs::write(&apps, format!("routs = []\n{good}")).unwrap();
    log.says("the changed realm is refused");
    std::fs::write(&apps, &good).unwrap();
    log.says("is taken back");
    std::fs::write(&apps, format!("# mine\n{good}")).unwrap();
    log.says("the changed realm is in use");
    demo.stop();
}

/// Two people are there, so that a reader can try what takes two.
#[test]
fn a_demo_s_drills_can_be_run_to_their_end() {
    let place = Place::new();
    let dir = place.dir.path().join("kept");
    let demo = Demo::without_samples(&place, &dir);
    let at = |name: &str| dir.join(name).display().to_string();
    let run = |args: &[&str]| -> Value {
        let output = place.command(args).args(["--json", "--data", &at(""), "--realm", &at("realm")]).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let (ann, bob) = (at("people/ann.key"), at("people/bob.key"));
    let scenario = at("realm/drills/keys-withdrawn.toml");
    let start = ["drill", "start", &scenario, "--mode", "full", "--minutes", "1", "--reason", "to see", "--by", "ann"];
    let id = run(&[&start[..], &["--signer", &ann]].concat())["drill"].as_str().unwrap().to_owned();
    assert_eq!(run(&["drill", "approve", &id, "--by", "bob", "--signer", &bob])["effect"], "in_force");
    assert_eq!(run(&["drill", "abort", &id, "--reason", "seen"])["ended"], true);
    demo.stop();
}
