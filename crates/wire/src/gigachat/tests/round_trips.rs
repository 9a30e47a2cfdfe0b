use proptest::prelude::{prop_assert_eq, proptest};
use serde_json::{Value, json};

use super::{answered, back, sent};
use crate::json::tests::{spell, text, value};

/// The history of a client that knows nothing of the provider: its question, our answer, its tool's result.
fn history(answer: &Value, result: &str) -> Value {
    let message = &answer["choices"][0]["message"];
    let id = &message["tool_calls"][0]["id"];
    json!({ "model": "r", "messages": [
        { "role": "user", "content": "u" }, message, { "role": "tool", "tool_call_id": id, "content": result }] })
}

#[test]
fn functions_state_id_survives_a_full_round_trip_through_a_stateless_client() {
    let state = "77d3fb14-457a-46ba-937e-8d856156d003";
    let call = json!({ "role": "assistant", "content": "", "functions_state_id": state,
        "function_call": { "name": "get_weather", "arguments": { "city": "Москва" } } });
    let body = json!({ "choices": [{ "message": call, "index": 0, "finish_reason": "function_call" }] });
    let answer = answered(&body.to_string(), &back());
    let (_, read) = sent(&history(&answer, "-3"), &[]).unwrap();
    assert_eq!(read["messages"][1], call);
    assert_eq!(read["messages"][2]["name"], "get_weather");
}

#[test]
fn ids_of_other_providers_are_no_states() {
    let call = json!({ "id": "call_77d3fb14457a46ba937e8d856156d003", "type": "function",
        "function": { "name": "f", "arguments": "{}" } });
    let body = json!({ "model": "r", "messages": [{ "role": "assistant", "content": null, "tool_calls": [call] }] });
    assert_eq!(sent(&body, &[]).unwrap().1["messages"][0].get("functions_state_id"), None);
}

proptest! {
    #[test]
    fn calls_come_back_as_they_went(arguments in value(), state in text(), name in "[a-z_]{1,12}", seed in 0_u64.., number in "-?[1-9][0-9]{0,40}(\\.[0-9]{1,30})?(e[+-]?[0-9]{1,2})?") {
        // Spelt anyhow, with a number that no float holds.
        let spelt = format!("{{\"n\":{number},\"v\":{}}}", spell(&arguments, seed));
        let state_json = json!(state);
        let body = format!("{{\"choices\":[{{\"message\":{{\"content\":\"\",\"function_call\":{{\"name\":\"{name}\",\"arguments\":{spelt}}},\"functions_state_id\":{state_json}}},\"index\":0}}]}}");
        let answer = answered(&body, &back());
        let function = &answer["choices"][0]["message"]["tool_calls"][0]["function"];
        prop_assert_eq!(function["name"].as_str(), Some(name.as_str()));
        let (outgoing, read) = sent(&history(&answer, "done"), &[]).unwrap();
        let call = &read["messages"][1];
        prop_assert_eq!(call["functions_state_id"].as_str().unwrap_or_default(), state.as_str());
        prop_assert_eq!(&call["function_call"]["arguments"]["v"], &arguments);
        prop_assert_eq!(function["arguments"].as_str().unwrap().split_once(",\"v\"").map(|(n, _)| n.to_owned()), Some(format!("{{\"n\":{number}")));
        prop_assert_eq!(String::from_utf8(outgoing.body).unwrap().contains(&format!("\"n\":{number},")), true);
    }
}
