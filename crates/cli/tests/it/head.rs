//! The last signed head: what lies outside the log's directory, so that an older copy of it is noticed.

use crate::place::{Place, agent, chat, files_below};

#[test]
fn a_removed_head_stops_the_start_until_somebody_names_the_size() {
    let place = Place::new();
    let key = place.key();
    let mut server = place.serve();
    assert_eq!(chat(&agent(), &server.url, &key, "one", false).unwrap().status, 200);
    place.stop(&mut server);
    let size = place.json(&["ledger", "verify"])["entries"].as_u64().unwrap();
    let there = place.run(&["ledger", "accept-head", "--size", &size.to_string()]);
    assert_eq!(there.status.code(), Some(2), "nothing is missing");

    let state = files_below(&place.data().join("ledger-state"));
    let head = state.into_iter().find(|file| file.ends_with("head")).unwrap();
    std::fs::remove_file(&head).unwrap();
    let refused = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(3), "{said}");
    assert!(said.contains("freehold ledger accept-head") && said.contains("head is missing"), "{said}");

    let other = place.run(&["ledger", "accept-head", "--size", &(size - 1).to_string()]);
    assert_eq!(other.status.code(), Some(2), "{other:?}");
    assert!(!head.exists());
    assert_eq!(place.json(&["ledger", "accept-head", "--size", &size.to_string()])["size"], size);
    let mut server = place.serve();
    assert_eq!(chat(&agent(), &server.url, &key, "two", false).unwrap().status, 200);
    place.stop(&mut server);
    place.ok(&["ledger", "verify"]);
    assert_eq!(place.ok(&["ledger", "export"]).matches("\"what\":\"ledger.accept_head\"").count(), 1);
}
