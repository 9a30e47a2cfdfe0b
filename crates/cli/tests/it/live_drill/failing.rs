//! What is cut off fails in some way: its clients get an answer, the supplier gets nothing, and the records say how.

use serde_json::Value;

use super::{Drilled, SCENARIO, ask};
use crate::place::agent;

#[test]
fn a_shape_is_a_failed_attempt_and_one_right_answer_from_elsewhere() {
    let drilled = Drilled::new();
    let key = drilled.place.key();
    let mut server = drilled.place.serve();
    let shaped =
        |shape: &str| SCENARIO.replace("parent = \"abroad\"", &format!("parent = \"abroad\"\nshape = \"{shape}\""));
    let wrong = drilled.place.dir.path().join("wrong.toml");
    std::fs::write(&wrong, shaped("wrong_answer")).unwrap();
    let signer = drilled.key_of("ann");
    let args = ["drill", "start", wrong.to_str().unwrap(), "--minutes", "1", "--reason", "x", "--mode", "full"];
    let refused = drilled.place.run(&[&args[..], &["--by", "ann", "--signer", &signer]].concat());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("hands nobody a wrong answer"), "{said}");

    let id = drilled.proposed(&shaped("rate_limited"), &["--mode", "full"]);
    assert_eq!(drilled.status(&id)["proposal"]["shape"], "rate_limited");
    assert!(drilled.approve(&id, "bob", "bob").status.success());
    let at_cut = drilled.far.wire();
    let agent = agent();
    let got = ask(&agent, &server.url, &key, "main");
    assert!(got.status == 200 && got.body.contains("stand-in here"), "{got:?}");
    let alone = ask(&agent, &server.url, &key, "alone");
    assert_eq!(alone.status, 429, "{alone:?}");
    assert_eq!((drilled.far.wire().bytes_in, drilled.far.wire().accepted), (at_cut.bytes_in, at_cut.accepted));
    drilled.place.ok(&["drill", "abort", &id, "--reason", "seen enough"]);
    crate::place::wait_for("it to be used again", || {
        ask(&agent, &server.url, &key, "main").body.contains("stand-in far")
    });
    drilled.place.stop(&mut server);
    let outcomes: Vec<Value> = outcomes(&drilled);
    let attempts = outcomes[0]["attempts"].as_array().unwrap();
    let told: Vec<_> =
        attempts.iter().map(|it| (it["d"].as_str().unwrap(), it["s"].as_u64(), it["f"].as_bool())).collect();
    assert_eq!(told, [("one-far", Some(429), Some(true)), ("one-here", Some(200), None)], "{attempts:?}");
    let report = &drilled.status(&id)["report"];
    assert_eq!((&report["totals"]["moved"], &report["totals"]["ended"]), (&1.into(), &1.into()), "{report}");
}

fn outcomes(drilled: &Drilled) -> Vec<Value> {
    let log = drilled.place.ok(&["ledger", "export"]);
    let records = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let records = records.map(|record| if record["t"].is_string() { record } else { record["entry"].clone() });
    records.filter(|record| record["t"] == "outcome").collect()
}
