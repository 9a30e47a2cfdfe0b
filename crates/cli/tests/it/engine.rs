//! The embedded engine behind the gateway.

use serde_json::{Value, json};

use crate::place::{Place, agent, wait_for};

const VECTORS: &str = r#"
[[model]]
id = "tiny-vectors"
name = "Tiny Vectors"
developer = "house"
origin = "XA"
weights = "open"
kind = "embedding"

[[provider]]
id = "engine"
operator = "house"
protocol = "embedded"

[[deployment]]
id = "vectors-here"
model = "tiny-vectors"
provider = "engine"
host = "XA"
weights_file = "demo-tiny"
price = { input = "0", output = "0" }

[[route]]
id = "vectors"
deployments = [{ id = "vectors-here" }]
"#;

#[test]
fn an_engine_that_cannot_load_its_model_is_said_where_readiness_is_asked() {
    let place = Place::new();
    let realm = place.realm_text() + &VECTORS.replace("weights_file = \"demo-tiny\"", "weights_file = \"half.gguf\"");
    place.write_realm(&realm);
    std::fs::write(place.realm().join("half.gguf"), b"GGUF\x03\0\0\0").unwrap();
    let server = place.serve();
    let warnings = || {
        let mut told = agent().get(format!("{}/readyz", server.url)).call().unwrap();
        let told: Value = serde_json::from_str(&told.body_mut().read_to_string().unwrap()).unwrap();
        told["warnings"].to_string()
    };
    wait_for("the engine to be given up", || warnings().contains("engine of vectors-here: given up"));
}

#[test]
fn embeddings_come_from_the_engine_and_are_recorded() {
    let place = Place::new();
    let realm = place.realm_text().replace(r#"routes = ["main"]"#, r#"routes = ["main", "vectors"]"#);
    place.write_realm(&(realm + VECTORS));
    let key = place.key();
    let server = place.serve();
    let ask = |path: &str, body: Value| {
        let request = agent().post(format!("{}{path}", server.url)).header("authorization", format!("Bearer {key}"));
        let mut response = request.send(body.to_string()).unwrap();
        let body: Value = serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap();
        (response.status().as_u16(), body)
    };
    let three = || ask("/v1/embeddings", json!({"model": "vectors", "input": ["one", "two", "one"]}));
    wait_for("the model to be loaded", || three().0 == 200);
    let (_, answer) = three();
    let vector = |index: usize| answer["data"][index]["embedding"].as_array().unwrap();
    assert!(vector(0).len() > 8 && vector(0) == vector(2) && vector(0) != vector(1));
    let tokens = answer["usage"]["prompt_tokens"].as_u64().unwrap();
    assert!(tokens >= 3);
    let (status, answer) = ask("/v1/chat/completions", json!({"model": "vectors", "messages": []}));
    assert_eq!(status, 400, "{answer}");
    let outcome = || {
        let log = place.ok(&["ledger", "export"]);
        let mut records = log.lines().rev().map(|line| serde_json::from_str::<Value>(line).unwrap()["entry"].clone());
        records.find(|record| record["t"] == "outcome" && record["end"] == "ok")
    };
    wait_for("a published outcome", || outcome().is_some());
    assert_eq!(outcome().unwrap()["tokens"], json!({"in": tokens, "out": 0}), "{:?}", outcome());
}
