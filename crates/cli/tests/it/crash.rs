//! `kill -9` of a server under load, again and again: what a client saw the end of is in the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::place::{Place, agent, chat};

const CLIENTS: usize = 32;

/// 30 in the tests; `cargo xtask crash` asks for 300.
fn rounds() -> usize {
    std::env::var("FREEHOLD_CRASH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(30)
}

/// A small generator: which instant a round dies at follows from the round alone.
fn instant_ms(round: usize) -> u64 {
    let mut x = (round as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x ^= x >> 29;
    30 + x.wrapping_mul(0xBF58_476D_1CE4_E5B9) % 220
}

/// Asks until told to stop; notes the ids of the requests whose end it saw.
fn client(number: usize, round: usize, url: &str, key: &str, stop: &AtomicBool, seen: &Mutex<BTreeSet<String>>) {
    let agent = agent();
    let stream = number.is_multiple_of(2);
    for count in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let id = format!("r{round}-c{number}-{count}");
        match chat(&agent, url, key, &id, stream) {
            Some(chat) if chat.status == 200 && (!stream || chat.body.ends_with("data: [DONE]\n\n")) => {
                let is_new = seen.lock().unwrap().insert(chat.request);
                assert!(is_new, "two requests have one id");
            }
            Some(_) => {}
            None => return,
        }
    }
}

#[test]
fn what_a_client_saw_the_end_of_is_in_the_ledger() {
    let place = Place::new();
    let key = place.key();
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    for round in 0..rounds() {
        let mut server = place.serve();
        let stop = Arc::new(AtomicBool::new(false));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (url, key, stop, seen) = (server.url.clone(), key.clone(), Arc::clone(&stop), Arc::clone(&seen));
                std::thread::spawn(move || client(number, round, &url, &key, &stop, &seen))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(instant_ms(round)));
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        stop.store(true, Ordering::Relaxed);
        clients.into_iter().for_each(|client| client.join().unwrap());
    }
    // One more life closes what the last one left open.
    let mut server = place.serve();
    place.stop(&mut server);
    place.ok(&["ledger", "verify"]);

    let seen = seen.lock().unwrap();
    assert!(seen.len() > rounds(), "only {} requests ended: the test shows nothing", seen.len());
    let (intents, outcomes) = records(&place);
    for id in seen.iter() {
        assert_eq!(outcomes.get(id).map(String::as_str), Some("ok"), "{id}: a client saw its end");
        assert!(intents.contains(id), "{id} has no intent");
    }
    let orphans: Vec<&String> = intents.iter().filter(|id| !outcomes.contains_key(*id)).collect();
    assert!(orphans.is_empty(), "intents without an outcome: {orphans:?}");
    let unknown = outcomes.values().filter(|end| *end == "unknown").count();
    eprintln!("{} requests ended before a client's eyes, {unknown} closed as unknown, {} rounds", seen.len(), rounds());
}

/// Request ids with an intent, and how each request ended; a second outcome of one request fails.
fn records(place: &Place) -> (BTreeSet<String>, BTreeMap<String, String>) {
    let (mut intents, mut outcomes) = (BTreeSet::new(), BTreeMap::new());
    for line in place.ok(&["ledger", "export"]).lines() {
        let entry = serde_json::from_str::<Value>(line).unwrap()["entry"].take();
        let id = || entry["req"].as_str().unwrap().to_owned();
        match entry["t"].as_str() {
            Some("intent") => drop(intents.insert(id())),
            Some("outcome") => {
                let before = outcomes.insert(id(), entry["end"].as_str().unwrap().to_owned());
                assert!(before.is_none(), "{}: two outcomes", id());
            }
            _ => {}
        }
    }
    (intents, outcomes)
}
