//! Clients that speak OpenAI's Responses, to every provider.

use serde_json::{Value, json};

use super::world::{Abroad, ROUTES};
use crate::harness::Reply;

const IBAN: &str = "DE89370400440532013000";

fn asked(route: &str, text: &str, stream: bool) -> Value {
    json!({ "model": route, "instructions": format!("Never mention {IBAN}."), "stream": stream, "input": text })
}

/// The events of a stream, numbered without a gap.
fn events(reply: &Reply) -> Vec<Value> {
    let events: Vec<Value> = reply.events().iter().map(|data| serde_json::from_str(data).unwrap()).collect();
    let numbers: Vec<u64> = events.iter().map(|event| event["sequence_number"].as_u64().unwrap()).collect();
    assert!(numbers.into_iter().eq(0..events.len() as u64), "{}", reply.body);
    events
}

fn note() -> Value {
    json!({ "type": "function", "name": "note", "description": "Notes", "strict": false,
        "parameters": { "type": "object", "properties": { "text": { "type": "string" } }, "required": ["text"] } })
}

#[tokio::test]
async fn every_provider_answers_with_a_response_and_values_stay_here() {
    let world = Abroad::usual().await;
    for route in ROUTES {
        let whole = world.post("/v1/responses", &asked(route, &format!("pay to {IBAN}"), false)).await;
        assert_eq!(whole.status, 200, "{route}: {}", whole.body);
        let answer = whole.json();
        let text = answer["output"][0]["content"][0]["text"].as_str().unwrap().to_owned();
        assert!(text.ends_with(&format!("pay to {IBAN}")), "{route}: {text}");
        assert_eq!((&answer["status"], &answer["store"]), (&json!("completed"), &json!(false)), "{route}");
        assert_eq!(answer["instructions"], format!("Never mention {IBAN}."), "{route}: its own words");
        assert!(answer["usage"]["output_tokens"].as_u64().unwrap() > 0, "{route}");
        assert!(whole.header("x-freehold-receipt").is_some());

        let streamed = world.post("/v1/responses", &asked(route, &format!("pay to {IBAN}"), true)).await;
        let events = events(&streamed);
        let deltas = events.iter().filter(|event| event["type"] == "response.output_text.delta");
        let said: String = deltas.map(|event| event["delta"].as_str().unwrap()).collect();
        assert_eq!(said, text, "{route}: {}", streamed.body);
        let (first, last) = (&events[0], &events[events.len() - 1]);
        assert_eq!(
            (&first["type"], &last["type"]),
            (&json!("response.created"), &json!("response.completed")),
            "{route}"
        );
        assert_eq!(last["response"]["output"][0]["content"][0]["text"], text.as_str(), "{route}");
        assert!(last["response"]["usage"]["output_tokens"].as_u64().unwrap() > 0, "{route}");
        assert!(streamed.body.contains("freehold-receipt") && !streamed.body.contains("[DONE]"), "{route}");
        assert!(world.received(route).iter().all(|one| !one.text.contains(IBAN)), "{route}");
    }
}

#[tokio::test]
async fn they_call_functions_streamed_and_not() {
    let world = Abroad::usual().await;
    for route in ROUTES {
        let said = format!("use the tool for {IBAN}");
        let mut body = asked(route, &said, false);
        body["tools"] = json!([note()]);
        let reply = world.post("/v1/responses", &body).await;
        assert_eq!(reply.status, 200, "{route}: {}", reply.body);
        let output = reply.json()["output"].take();
        let call = output.as_array().unwrap().iter().find(|item| item["type"] == "function_call").cloned();
        let call = call.unwrap_or_else(|| panic!("{route}: {output}"));
        let arguments: Value = serde_json::from_str(call["arguments"].as_str().unwrap()).unwrap();
        assert_eq!((&call["name"], &arguments), (&json!("note"), &json!({ "text": said })), "{route}");
        body["stream"] = json!(true);
        let events = events(&world.post("/v1/responses", &body).await);
        let last = &events[events.len() - 1]["response"]["output"];
        let streamed = last.as_array().unwrap().iter().find(|item| item["type"] == "function_call").unwrap();
        let arguments: Value = serde_json::from_str(streamed["arguments"].as_str().unwrap()).unwrap();
        assert_eq!(arguments, json!({ "text": said }), "{route}: {last}");
        body["stream"] = json!(false);
        body["input"] = json!([{ "role": "user", "content": said }, call,
            { "type": "function_call_output", "call_id": call["call_id"], "output": "done" }]);
        let after = world.post("/v1/responses", &body).await;
        assert_eq!((after.status, &after.json()["status"]), (200, &json!("completed")), "{route}: {}", after.body);
        assert!(world.received(route).iter().all(|one| !one.text.contains(IBAN)), "{route}");
    }
}

#[tokio::test]
async fn what_needs_a_memory_is_refused_by_its_name_and_nothing_is_sent() {
    let world = Abroad::usual().await;
    for (field, value) in [
        ("store", json!(true)),
        ("previous_response_id", json!("resp_1")),
        ("background", json!(true)),
        ("conversation", json!("conv_1")),
    ] {
        let mut body = asked("plain", "hello", false);
        body[field] = value;
        let reply = world.post("/v1/responses", &body).await;
        let error = reply.json()["error"].take();
        assert_eq!(reply.status, 400, "{}", reply.body);
        assert_eq!((&error["code"], &error["param"]), (&json!("unsupported_parameter"), &json!(field)));
    }
    let mut body = asked("plain", "hello", false);
    body["tools"] = json!([{ "type": "web_search" }]);
    let error = world.post("/v1/responses", &body).await.json()["error"].take();
    assert_eq!((&error["code"], &error["param"]), (&json!("unsupported_parameter"), &json!("tools[0].type")));
    assert!(world.received("plain").is_empty());
    let unknown = world.post("/v1/responses", &asked("nowhere", "hello", false)).await;
    assert_eq!((unknown.status, &unknown.json()["error"]["code"]), (404, &json!("model_not_found")));
}
