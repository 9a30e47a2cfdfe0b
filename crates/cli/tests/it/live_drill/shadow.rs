//! A drill in shadow at a real server: the fallback is asked too, clients see nothing, and evidence holds.

use serde_json::{Value, json};
use testkit::Postgres;

use super::{Drilled, SCENARIO, ask};
use crate::place::{Place, agent, wait_for};

const BOUNDS: &str = "[shadow]\nsample = \"1\"\ncost_max = \"5\"\ntokens_max = 1000000\n";

fn scenario(more: &str) -> String {
    let margins = "agreement_share_min = \"0.5\"\nfallback_error_share_max = \"0.3\"\n";
    format!("{SCENARIO}{margins}{BOUNDS}{more}")
}

fn fates(told: &Value) -> Value {
    told["report"]["fates"].clone()
}

#[test]
fn the_fallback_is_asked_too_and_nothing_is_cut_off() {
    let drilled = Drilled::new();
    let key = drilled.place.key();
    let mut server = drilled.place.serve();
    let id = drilled.proposed(&scenario(""), &["--mode", "shadow"]);
    let shown = drilled.place.ok(&["drill", "status", &id]);
    assert!(shown.contains("as if were cut off, and nothing is: one-far"), "{shown}");
    assert!(shown.contains("100 % of those requests") && shown.contains("1000000 tokens"), "{shown}");
    assert!(drilled.approve(&id, "bob", "bob").status.success());
    for _ in 0..12 {
        let got = ask(&agent(), &server.url, &key, "main");
        assert!(got.status == 200 && got.body.contains("stand-in far"), "{}", got.body);
    }
    assert_eq!(ask(&agent(), &server.url, &key, "alone").status, 200, "nothing is taken away");
    wait_for("the mirrors to be counted", || drilled.status(&id)["report"]["all"]["mirrors"] == 12);
    let told = drilled.status(&id);
    assert_eq!((&fates(&told)["mirrored"], &fates(&told)["no_fallback"]), (&json!(12), &json!(1)), "{told}");
    let pair = &told["report"]["pairs"][0];
    assert_eq!(
        (&pair["app"], &pair["fallback"], &pair["counted"]["both_ok"]),
        (&json!("desk"), &json!("one-here"), &json!(12))
    );
    assert_eq!(told["report"]["recorded"]["answered"], 12, "the records say the same");
    let verdict = |measure: &str| {
        let lines = told["report"]["hypothesis"].as_array().unwrap();
        lines.iter().find(|line| line["measure"] == measure).unwrap()["verdict"].clone()
    };
    assert_eq!((verdict("agreement_share"), verdict("fallback_error_share")), (json!("held"), json!("held")));
    let text = drilled.place.ok(&["drill", "status", &id]);
    assert!(text.contains("went to their fallback too: 12") && text.contains("desk  one-here"), "{text}");
    nothing_else_knows(&drilled);
    drilled.place.ok(&["drill", "abort", &id, "--reason", "seen enough"]);
    evidence(&drilled, &id);
    drilled.place.stop(&mut server);
    let steps = drilled.steps();
    let names: Vec<&str> = steps.iter().map(|step| step.split(' ').next().unwrap()).collect();
    assert_eq!(names, ["drill.propose", "drill.approve", "drill.start", "drill.abort", "drill.bundle"]);
}

/// What is counted of requests does not count mirrors; what could take their place does.
fn nothing_else_knows(drilled: &Drilled) {
    let usage = drilled.place.json(&["usage"]);
    assert_eq!(
        (&usage["groups"]["desk"]["requests"], &usage["mirrors"]["requests"]),
        (&json!(13), &json!(12)),
        "{usage}"
    );
    let exposure = drilled.place.json(&["exposure"]);
    assert_eq!(exposure["totals"]["requests"], 13, "{exposure}");
    let substitutes = exposure["substitutes"].as_array().unwrap();
    let of = |route: &str| substitutes.iter().find(|it| it["route"] == route).unwrap();
    assert_eq!((&of("main")["level"], &of("main")["tried"]["deployment"]), (&json!(3), &json!("one-here")));
    assert_eq!((&of("main")["tried"]["mirrors"], &of("alone")["level"]), (&json!(12), &json!(0)));
    let log = drilled.place.ok(&["ledger", "export"]);
    assert_eq!(log.matches("\"mirrors\":{\"drill\":").count(), 24, "an intent and an outcome of each");
}

/// The bundle of a drill in shadow is verified like that of another one.
fn evidence(drilled: &Drilled, id: &str) {
    let file = drilled.place.dir.path().join("drill.bundle");
    drilled.place.json(&["drill", "bundle", id, "--out", file.to_str().unwrap()]);
    let told = drilled.place.json(&["drill", "verify", file.to_str().unwrap()]);
    assert_eq!((&told["ok"], &told["report"]["all"]["mirrors"]), (&json!(true), &json!(12)), "{told}");
    assert_eq!(told["report"]["recorded"]["mirrors"], 12);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    assert_eq!(drilled.place.run(&["drill", "verify", file.to_str().unwrap()]).status.code(), Some(1));
}

#[test]
fn what_it_takes_is_told_before_anything_is_proposed() {
    let drilled = Drilled::new();
    let server = drilled.place.serve();
    let file = drilled.place.dir.path().join("wrong.toml");
    let signer = drilled.key_of("ann");
    for (text, more, words) in [
        (SCENARIO.to_owned(), &[][..], "has no table `[shadow]`"),
        (scenario(""), &["--percent", "5"], "which both people sign"),
        (scenario("concurrency_max = 0\n"), &[], "`concurrency_max`"),
    ] {
        std::fs::write(&file, text).unwrap();
        let mut args = vec!["drill", "start", file.to_str().unwrap(), "--minutes", "1", "--reason", "x"];
        args.extend(["--mode", "shadow", "--by", "ann", "--signer", &signer]);
        args.extend_from_slice(more);
        let told = drilled.place.run(&args);
        let said = String::from_utf8_lossy(&told.stderr);
        assert_eq!(told.status.code(), Some(2), "{said}");
        assert!(said.contains(words), "{words}: {said}");
    }
    drop(server);
}

/// A budget is spent once, also over a restart; what was counted before goes on.
#[test]
fn a_budget_and_the_counts_outlive_the_server() {
    let drilled = Drilled::new();
    let key = drilled.place.key();
    let mut server = drilled.place.serve();
    // As much as one mirror is set aside for, and a little more: the rest of it is lost with the server.
    let id = drilled.begun(&scenario("").replace("tokens_max = 1000000", "tokens_max = 1500"), &["--mode", "shadow"]);
    let mirrors = || drilled.status(&id)["report"]["all"]["mirrors"].as_u64().unwrap_or(0);
    let budget = || fates(&drilled.status(&id))["budget"].as_u64().unwrap_or(0);
    wait_for("a first mirror", || {
        ask(&agent(), &server.url, &key, "main");
        mirrors() > 0
    });
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    let (before, refused) = (mirrors(), budget());
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let mut server = drilled.place.serve();
    for _ in 0..5 {
        assert_eq!(ask(&agent(), &server.url, &key, "main").status, 200);
    }
    wait_for("them to be counted", || budget() >= refused + 5);
    assert_eq!(mirrors(), before, "what was counted before stands, and nothing is spent twice");
    assert!(drilled.place.ok(&["drill", "status", &id]).contains("the budget was too small"));
    drilled.place.stop(&mut server);
}

/// Two servers with one database: each samples by the same hash, counts add up, and they share one budget.
#[test]
fn counts_of_several_servers_add_up() {
    let postgres = Postgres::start().unwrap();
    let drilled = Drilled::of(Place::sharing(&postgres.url()));
    let key = drilled.place.key();
    let [one, two] = ["data", "data-b"].map(|data| drilled.place.replica(data, "127.0.0.1:0", &[]));
    let id = drilled.begun(&scenario(""), &["--mode", "shadow"]);
    for server in [&one, &two, &one, &two] {
        assert!(ask(&agent(), &server.url, &key, "main").body.contains("stand-in far"));
    }
    wait_for("both to be counted", || drilled.status(&id)["report"]["all"]["mirrors"] == 4);
    let told = drilled.status(&id);
    assert_eq!(fates(&told)["mirrored"], 4, "{told}");
    assert_eq!(told["report"]["servers"].as_array().unwrap().len(), 2);
    assert_eq!(told["report"]["recorded"]["mirrors"], 2, "the records are those of this server");
    drilled.place.ok(&["drill", "abort", &id, "--reason", "done"]);
    let before = drilled.status(&id)["report"]["all"]["mirrors"].clone();
    ask(&agent(), &two.url, &key, "main");
    assert_eq!(drilled.status(&id)["report"]["all"]["mirrors"], before);
}
