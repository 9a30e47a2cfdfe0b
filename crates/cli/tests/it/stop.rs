//! Stopping: whenever the signal comes, the process ends in order.

use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use crate::place::{Place, wait_for};

#[test]
fn a_signal_right_at_the_ready_line_stops_cleanly() {
    let place = Place::new();
    for _ in 0..20 {
        let mut server = place.serve();
        place.stop(&mut server);
    }
    let log = place.ok(&["ledger", "export"]);
    for what in ["serve.start", "serve.stop"] {
        assert_eq!(log.matches(&format!("\"what\":\"{what}\"")).count(), 20, "{what}");
    }
}

#[test]
fn a_signal_while_it_starts_stops_it_cleanly_once_it_has() {
    let place = Place::new();
    for signal in [Signal::TERM, Signal::INT] {
        let mut child = place.command(&["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::inherit()).spawn().unwrap();
        // The realm is archived and the store made before the ledger is opened, which takes the disk a while.
        wait_for("the store", || place.data().join("store.db").exists());
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{signal:?}");
        std::fs::remove_dir_all(place.data()).unwrap();
    }
}

#[test]
fn a_demo_that_still_loads_its_engine_stops_cleanly() {
    let place = Place::new();
    let kept = place.dir.path().join("demo");
    let mut command = place.command(&["demo", "--json", "--listen", "127.0.0.1:0", "--keep"]);
    let mut child = command.arg(&kept).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap();
    wait_for("the keys", || kept.join("keys.env").exists());
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
