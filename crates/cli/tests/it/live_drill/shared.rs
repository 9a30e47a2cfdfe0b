//! Two servers with one database: a drill is in force in both, and ends in both without the database.

use testkit::Postgres;

use super::{Drilled, SCENARIO, ask};
use crate::place::{Place, agent, wait_for};

#[test]
fn a_drill_is_in_force_in_every_server_and_is_recorded_once() {
    let postgres = Postgres::start().unwrap();
    let drilled = Drilled::of(Place::sharing(&postgres.url()));
    let key = drilled.place.key();
    let own = drilled.place.data();
    let [one, two] = ["data", "data-b"].map(|data| drilled.place.replica(data, "127.0.0.1:0", &[]));
    let went = |url: &str| {
        let got = ask(&agent(), url, &key, "main");
        assert_eq!(got.status, 200, "{}", got.body);
        if got.body.contains("stand-in far") { "far" } else { "here" }
    };
    assert_eq!((went(&one.url), went(&two.url)), ("far", "far"));
    let id = drilled.begun(SCENARIO, &["--mode", "full"]);
    let at_cut = drilled.far.wire();
    for server in [&one, &two, &one, &two] {
        assert_eq!(went(&server.url), "here", "no server is a second later");
    }
    assert_eq!((drilled.far.wire().accepted, drilled.far.wire().open), (at_cut.accepted, 0));
    wait_for("both to report", || drilled.status(&id)["report"]["servers"].as_array().unwrap().len() == 2);
    drilled.place.ok(&["drill", "abort", &id, "--reason", "done"]);
    assert_eq!((went(&one.url), went(&two.url)), ("far", "far"));
    let both = || {
        let exported = |data: &str| drilled.place.ok(&["ledger", "export", "--data", data]);
        let other = drilled.place.dir.path().join("data-b");
        format!("{}{}", exported(own.to_str().unwrap()), exported(other.to_str().unwrap()))
    };
    wait_for("the records", || both().matches("\"what\":\"drill.abort\"").count() == 1);
    for what in ["drill.propose", "drill.approve", "drill.start"] {
        assert_eq!(both().matches(&format!("\"what\":\"{what}\"")).count(), 1, "{what}");
    }
}
