//! Evaluations of a running server's models, as an operator makes them.

use std::path::PathBuf;
use std::process::Output;

use serde_json::{Value, json};

use crate::place::{Place, Server, agent, chat, wait_for};

/// The toy of the embedded engine beside the stand-in: a real model, however small.
const TINY: &str = r#"
[[model]]
id = "tiny"
name = "Tiny"
developer = "house"
origin = "XA"
weights = "open"
kind = "chat"

[[provider]]
id = "engine"
operator = "house"
protocol = "embedded"

[[deployment]]
id = "tiny-here"
model = "tiny"
provider = "engine"
host = "XA"
weights_file = "demo-tiny"
price = { input = "0.01", output = "0.01" }
energy = { j_per_token = "0.5", method = "declared" }

[[deployment]]
id = "tiny-twin"
model = "tiny"
provider = "engine"
host = "XA"
weights_file = "demo-tiny"
price = { input = "0.02", output = "0.02" }

[[route]]
id = "tiny-only"
deployments = [{ id = "tiny-here" }]

[[route]]
id = "twin-only"
deployments = [{ id = "tiny-twin" }]

[[route]]
id = "proven"
deployments = [{ id = "tiny-here" }, { id = "tiny-twin" }]
strategy = "cheapest_passing"
quality = { suite = "small", share_min = "0.3", otherwise = "refuse" }
"#;

/// Two of three hold of any answer whatever, one of none.
const SUITE: &str = r#"{"id":"q1","kind":"facts","prompt":"What is Freehold?","max_tokens":8,"expect":{"regex":"(?s).*"}}
{"id":"q2","kind":"facts","prompt":"What is a receipt?","max_tokens":8,"expect":{"regex":"(?s)^.*$"}}
{"id":"q3","kind":"arithmetic","prompt":"What is 2 + 2?","max_tokens":8,"expect":{"exact":"nobody says this"}}
"#;

struct Stage {
    place: Place,
    server: Server,
    key: String,
    suite: PathBuf,
}

impl Stage {
    fn new(simulated: bool) -> Self {
        let place = Place::new();
        let routes = r#"routes = ["main", "tiny-only", "twin-only", "proven"]"#;
        let mut realm = place.realm_text().replace(r#"routes = ["main"]"#, routes) + TINY;
        if simulated {
            realm = realm.replace("protocol = \"openai\"", "protocol = \"openai\"\nsimulated = true");
        }
        place.write_realm(&realm);
        let suite = place.dir.path().join("small.jsonl");
        std::fs::write(&suite, SUITE).unwrap();
        let (key, server) = (place.key(), place.serve());
        let stage = Self { place, server, key, suite };
        for model in ["tiny-only", "twin-only"] {
            wait_for("the engine", || stage.status(model) == 200);
        }
        stage
    }

    fn status(&self, model: &str) -> u16 {
        let body = json!({ "model": model, "max_tokens": 1, "messages": [{ "role": "user", "content": "Hello" }] });
        let url = format!("{}/v1/chat/completions", self.server.url);
        let request = agent().post(url).header("authorization", format!("Bearer {}", self.key));
        request.send(body.to_string()).unwrap().status().as_u16()
    }

    fn run(&self, whom: &[&str]) -> Output {
        let suite = self.suite.to_str().unwrap();
        let fixed = ["eval", "run", suite, "--json", "--url", &self.server.url, "--key", &self.key];
        self.place.run(&fixed.iter().chain(whom).copied().collect::<Vec<_>>())
    }

    fn evaluate(&self, whom: &[&str]) -> Value {
        let output = self.run(whom);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{whom:?}: {said}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

#[test]
fn a_model_is_evaluated_and_routes_and_drills_believe_it() {
    let stage = Stage::new(false);
    assert_eq!(stage.status("proven"), 503, "nobody evaluated it");
    let found = stage.evaluate(&["--deployment", "tiny-here"]);
    assert_eq!((&found["n"], &found["passed"], &found["score"]), (&json!(3), &json!(2), &json!("0.6667")));
    assert_eq!(
        (&found["model"], &found["deployment"], &found["real"]),
        (&json!("tiny"), &json!("tiny-here"), &json!(true))
    );
    assert_eq!((&found["route"], &found["suite"]), (&json!("tiny-only"), &json!("small")));
    assert_eq!(found["failures"][0]["id"], "q3");
    assert_eq!(found["kinds"]["facts"], json!({ "n": 2, "passed": 2 }));
    // What it cost is what the records say, to the billionth.
    let used = &found["used"];
    let tokens = used["tokens_in"].as_u64().unwrap() + used["tokens_out"].as_u64().unwrap();
    assert_eq!((&used["requests"], &used["without_record"]), (&json!(3), &json!(0)));
    assert_eq!(used["cost_nano"], json!(tokens * 10));
    assert!((used["joules"].as_f64().unwrap() - tokens as f64 * 0.5).abs() < 0.01, "{used}");
    assert_eq!(found["effect"], "in_force");
    // Wilson for 2 of 3 begins at 0.2077: below the margin of 0.3.
    assert_eq!(found["low"], "0.2077");
    assert_eq!(stage.status("proven"), 503, "known not to pass");
    let lower = stage.place.realm_text().replace("share_min = \"0.3\"", "share_min = \"0.2\"");
    stage.place.write_realm(&lower);
    wait_for("the margin that it clears", || stage.status("proven") == 200);
    compared(&stage, &found);
}

/// The same questions at the twin: the two are compared answer by answer, and shown.
fn compared(stage: &Stage, first: &Value) {
    let second = stage.evaluate(&["--deployment", "tiny-twin"]);
    let [one, other] = [first, &second].map(|it| it["id"].as_str().unwrap().to_owned());
    let output = stage.place.json(&["eval", "compare", &one, &other, "--margin", "1"]);
    assert_eq!((&output["n"], &output["known"]), (&json!(3), &json!("evaluated")));
    assert_eq!((&output["difference"], &output["standing"]), (&json!(0.0), &json!("not_inferior")));
    assert_eq!(stage.place.json(&["eval", "ls"]).as_array().unwrap().len(), 2);
    let shown = stage.place.ok(&["eval", "show", &one]);
    assert!(shown.contains("66.7 %") && shown.contains("2 of 3") && shown.contains("own"), "{shown}");
    let log = stage.place.ok(&["ledger", "export"]);
    assert_eq!(log.matches("\"eval.run\"").count(), 2, "each is a record");
}

#[test]
fn what_stands_in_for_a_model_is_labelled_and_never_compared() {
    let stage = Stage::new(true);
    let fake = stage.evaluate(&["--route", "main"]);
    assert_eq!((&fake["simulated"], &fake["real"]), (&json!(true), &json!(false)));
    let real = stage.evaluate(&["--route", "tiny-only"]);
    let [fake, real] = [&fake, &real].map(|it| it["id"].as_str().unwrap().to_owned());
    let output = stage.place.run(&["eval", "compare", &fake, &real]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("stands in for chat-one"), "{said}");
    assert!(stage.place.ok(&["eval", "show", &fake]).contains("simulated: says nothing of a model"));
    published(&stage);
}

/// What others published is kept as theirs.
fn published(stage: &Stage) {
    let file = stage.place.dir.path().join("published.jsonl");
    let line = |model: &str, score: &str| {
        format!(
            "{{\"model\":\"{model}\",\"suite\":\"MMLU\",\"score\":\"{score}\",\"date\":\"2026-05-01\",\"source\":\"the card\"}}\n"
        )
    };
    std::fs::write(&file, line("tiny", "0.25") + &line("chat-one", "0.71")).unwrap();
    let ids = stage.place.json(&["eval", "import", file.to_str().unwrap()])["imported"].clone();
    let [tiny, one] = [&ids[0], &ids[1]].map(|id| id.as_str().unwrap().to_owned());
    let said = stage.place.ok(&["eval", "compare", &one, &tiny]);
    assert!(said.contains("published, 2026-05-01, the card") && said.contains("-46.0 points, as published"), "{said}");
    std::fs::write(&file, line("nobody", "0.5")).unwrap();
    let output = stage.place.run(&["eval", "import", file.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no model `nobody`"));
}

#[test]
fn a_run_that_stops_goes_on_where_it_was() {
    let stage = Stage::new(false);
    // A key of nobody, a deployment that nothing leads to alone, a suite with a fault.
    let unknown =
        stage.place.run(&["eval", "run", stage.suite.to_str().unwrap(), "--route", "main", "--key", "fh_none"]);
    assert_eq!(unknown.status.code(), Some(2));
    let again = |whom: &[&str]| -> (Option<i32>, Value) {
        let output = stage.run(whom);
        (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default())
    };
    stage.place.ok(&["suspend", "app", "desk"]);
    let (code, said) = again(&["--route", "main", "--concurrency", "1"]);
    assert_eq!((code, &said["unfinished"]), (Some(1), &json!(true)), "{said}");
    assert!(stage.place.json(&["eval", "ls"]).as_array().unwrap().is_empty(), "a part of a suite is no result");
    stage.place.ok(&["resume", "app", "desk"]);
    let id = said["id"].as_str().unwrap();
    let (code, said) = again(&["--route", "main", "--resume", id]);
    assert_eq!((code, &said["n"], &said["id"]), (Some(0), &json!(3), &json!(id)), "{said}");
    // Everything is answered: going on asks nothing more, and shows what there is.
    let before = stage.place.json(&["usage"])["groups"]["desk"]["requests"].clone();
    let (code, said) = again(&["--route", "main", "--resume", id]);
    assert_eq!((code, &said["id"]), (Some(0), &json!(id)), "{said}");
    std::fs::write(&stage.suite, format!("{SUITE}\n")).unwrap();
    let (code, _) = again(&["--route", "main", "--resume", id]);
    assert_eq!(code, Some(2), "another suite is another run");
    assert_eq!(stage.place.json(&["usage"])["groups"]["desk"]["requests"], before);
    assert!(chat(&agent(), &stage.server.url, &stage.key, "1", false).is_some());
}
