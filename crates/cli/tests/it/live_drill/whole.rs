//! A drill from its proposal to its end, under load.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::json;
use testkit::Fault;

use super::{Drilled, Got, SCENARIO, ask, stream};
use crate::place::{Server, agent, wait_for};

/// Clients that ask without end.
struct Load {
    stop: Arc<AtomicBool>,
    seen: Arc<Mutex<Vec<Got>>>,
    clients: Vec<JoinHandle<()>>,
}

impl Load {
    fn start(server: &Server, key: &str, route: &'static str, clients: usize) -> Self {
        let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let client = || {
            let (stop, seen) = (Arc::clone(&stop), Arc::clone(&seen));
            let (url, key, agent) = (server.url.clone(), key.to_owned(), agent());
            thread::spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    let got = ask(&agent, &url, &key, route);
                    seen.lock().unwrap().push(got);
                }
            })
        };
        let clients = (0..clients).map(|_| client()).collect();
        Self { stop, seen, clients }
    }

    /// What came since this was asked last.
    fn take(&self) -> Vec<Got> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }

    fn end(self) -> Vec<Got> {
        self.stop.store(true, Ordering::SeqCst);
        self.clients.into_iter().for_each(|client| client.join().unwrap());
        Arc::try_unwrap(self.seen).unwrap().into_inner().unwrap()
    }
}

/// Streams that have begun, and requests that wait for their first word, all at the supplier that will be cut off.
struct Open {
    alone: Vec<JoinHandle<Got>>,
    lasting: Vec<JoinHandle<Got>>,
    waiting: Vec<JoinHandle<Got>>,
}

impl Open {
    fn at_far(drilled: &Drilled, server: &Server, key: &str) -> Self {
        let (url, key) = (server.url.clone(), key.to_owned());
        let (send, begun) = mpsc::channel();
        let streams = |route: &'static str| {
            let (url, key, send) = (url.clone(), key.clone(), send.clone());
            thread::spawn(move || stream(&url, &key, route, &send))
        };
        drilled.far.fail_next(vec![Fault::Drip { every_ms: 100 }; 5]);
        let alone: Vec<_> = (0..3).map(|_| streams("alone")).collect();
        let lasting: Vec<_> = (0..2).map(|_| streams("lasting")).collect();
        (0..5).for_each(|_| begun.recv_timeout(Duration::from_secs(10)).unwrap());
        let before = drilled.far.received().len();
        drilled.far.fail_next(vec![Fault::Silent { for_ms: 15_000 }; 2]);
        let ask = || {
            let (url, key) = (url.clone(), key.clone());
            thread::spawn(move || ask(&agent(), &url, &key, "main"))
        };
        let waiting = (0..2).map(|_| ask()).collect();
        wait_for("two requests to wait", || drilled.far.received().len() == before + 2);
        Self { alone, lasting, waiting }
    }

    /// What had begun ends as a cut stream or goes on; what had said nothing is answered elsewhere.
    fn ended(self) {
        for one in self.alone {
            let got = one.join().unwrap();
            assert_eq!(got.body.matches("\"code\":\"cut_off\"").count(), 1, "{}", got.body);
            assert!(!got.body.contains("[DONE]"), "{}", got.body);
        }
        for one in self.lasting {
            let got = one.join().unwrap();
            assert!(got.body.contains("[DONE]") && !got.body.contains("cut_off"), "{}", got.body);
        }
        for one in self.waiting {
            let got = one.join().unwrap();
            assert_eq!(got.status, 200, "{}", got.body);
            assert!(got.body.contains("stand-in here"), "{}", got.body);
        }
    }
}

#[test]
fn a_supplier_is_cut_off_under_load_and_nothing_fails_that_has_another() {
    let drilled = Drilled::new();
    let key = drilled.place.key();
    let mut server = drilled.place.serve();
    let open = Open::at_far(&drilled, &server, &key);
    let (main, alone) = (Load::start(&server, &key, "main", 4), Load::start(&server, &key, "alone", 1));
    thread::sleep(Duration::from_millis(500));

    let id = drilled.begun(SCENARIO, &["--mode", "full"]);
    // It is acknowledged: what the supplier itself counts from here on must be nothing.
    let accepted = drilled.far.wire().accepted;
    wait_for("its connections to be closed", || drilled.far.wire().open == 0);
    let at_cut = drilled.far.wire();
    let (before_main, before_alone) = (main.take(), alone.take());
    thread::sleep(Duration::from_millis(1_500));
    let (during_main, during_alone) = (main.take(), alone.take());
    let counted = drilled.status(&id);
    assert_eq!(drilled.far.wire(), at_cut, "a byte or a connection reached what is cut off");
    assert_eq!(at_cut.accepted, accepted);
    open.ended();

    fared((&before_main, &during_main), (&before_alone, &during_alone));
    told(&drilled, &counted);

    drilled.place.ok(&["drill", "abort", &id, "--reason", "seen enough"]);
    let far = drilled.far.wire().bytes_in;
    wait_for("it to be used again", || drilled.far.wire().bytes_in > far);
    let (main, alone) = (main.end(), alone.end());
    assert!(main.iter().chain(&alone).last().is_some_and(|got| got.status == 200));
    evidence(&drilled, &id);
    drilled.place.stop(&mut server);
    let steps = drilled.steps();
    let names: Vec<&str> = steps.iter().map(|step| step.split(' ').next().unwrap()).collect();
    assert_eq!(names, ["drill.propose", "drill.approve", "drill.start", "drill.abort", "drill.bundle"]);
    let report = &drilled.status(&id)["report"];
    assert!(report["returned_after_ms"].as_u64().is_some(), "{report}");
}

/// What has another supplier never fails, what has none is told why.
fn fared((before_main, during_main): (&[Got], &[Got]), (before_alone, during_alone): (&[Got], &[Got])) {
    assert!(before_main.len() > 20 && during_main.len() > 20, "{} {}", before_main.len(), during_main.len());
    let failed: Vec<_> = before_main.iter().chain(during_main).filter(|got| got.status != 200).collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert!(before_main.iter().any(|got| got.body.contains("stand-in far")));
    // One request of each client may have begun before the cut was acknowledged.
    let late = during_main.iter().filter(|got| got.body.contains("stand-in far")).count();
    assert!(late <= 4, "{late}");
    let is_right = |got: &&Got| got.status == 503 && got.body.contains("\"code\":\"cut_off\"");
    assert!(during_alone.len() > 20 && during_alone.iter().skip(1).all(|got| is_right(&got)), "{during_alone:?}");
    assert!(before_alone.iter().all(|got| got.status == 200 || is_right(&got)), "{before_alone:?}");
}

/// What the command says while it is on: counts by the records, bytes by the server, margins by the scenario.
fn told(drilled: &Drilled, counted: &serde_json::Value) {
    let (state, report) = (&counted["state"], &counted["report"]);
    assert_eq!(state, "on");
    let destinations = report["servers"][0]["destinations"].as_array().unwrap();
    let of = |name: &str| destinations.iter().find(|it| it["destination"] == name).unwrap();
    assert_eq!(
        (&of("far")["bytes_out"], &of("far")["bytes_in"], &of("far")["shut"]),
        (&json!(0), &json!(0), &json!(true))
    );
    assert!(of("here")["bytes_out"].as_u64().unwrap() > 0, "{destinations:?}");
    let app = &report["apps"][0];
    assert_eq!(app["app"], "desk");
    assert!(app["moved"].as_u64().unwrap() > 20 && app["denied"].as_u64().unwrap() > 20, "{app}");
    assert_eq!((&app["failed"], &app["rto_min"]), (&json!(0), &json!(5)), "{app}");
    assert!(app["switched_after_ms"].as_u64().unwrap() < 2_000, "{app}");
    let verdicts: Vec<_> = report["hypothesis"].as_array().unwrap().iter().map(|line| &line["verdict"]).collect();
    assert_eq!(verdicts.last().unwrap(), &&json!("not_held"), "requests stopped");
    let text = drilled.place.ok(&["drill", "status"]);
    assert!(text.contains("ON: Abroad leaves"), "{text}");
}

/// The evidence is in one file, which a stranger verifies with the log's key alone.
fn evidence(drilled: &Drilled, id: &str) {
    let file = drilled.place.dir.path().join("drill.bundle");
    let made = drilled.place.json(&["drill", "bundle", id, "--out", file.to_str().unwrap()]);
    let state = drilled.place.data().join("ledger-state");
    let log = std::fs::read_dir(state).unwrap().next().unwrap().unwrap().path();
    let key = std::fs::read_to_string(log.join("key.pub")).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let stranger = |file: &std::path::Path| {
        let mut command = drilled.place.command(&["drill", "verify"]);
        command.arg(file).args(["--key", key.trim(), "--json"]).current_dir(elsewhere.path());
        command.env("FREEHOLD_REALM", "nowhere").env("FREEHOLD_DATA", "nowhere");
        let output = command.output().unwrap();
        (output.status.code(), serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap())
    };
    let (code, told) = stranger(&file);
    assert_eq!((code, &told["ok"], &told["index"]), (Some(0), &json!(true), &made["index"]), "{told}");
    assert!(told["records"].as_u64().unwrap() > 50, "{told}");
    assert!(told["report"]["totals"]["moved"].as_u64().unwrap() > 20);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let changed = elsewhere.path().join("changed");
    std::fs::write(&changed, bytes).unwrap();
    assert_eq!(stranger(&changed).0, Some(1));
}

/// The server dies while a drill is on; the one that starts after it goes on with it, and ends it at its own deadline.
#[test]
fn a_restart_goes_on_with_a_drill_and_ends_it_in_time() {
    let drilled = Drilled::new();
    let key = drilled.place.key();
    let mut server = drilled.place.serve();
    let id = drilled.begun(SCENARIO, &["--mode", "full"]);
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    drilled.shorten(&id, 3_000);
    let mut server = drilled.place.serve();
    let got = ask(&agent(), &server.url, &key, "main");
    assert!(got.body.contains("stand-in here"), "{}", got.body);
    assert_eq!(drilled.far.wire().accepted, 0);
    wait_for("the drill to end by itself", || ask(&agent(), &server.url, &key, "main").body.contains("stand-in far"));
    wait_for("its end to be told", || drilled.status(&id)["state"] == "over");
    drilled.place.stop(&mut server);
    let steps = drilled.steps();
    assert_eq!(steps.iter().filter(|step| *step == "drill.end serve").count(), 1, "{steps:?}");
}
