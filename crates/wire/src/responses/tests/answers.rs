use serde_json::{Value, json};

use super::{back, read};
use crate::responses::{Back, answer};

fn told(choice: &Value, back: &Back) -> Value {
    let body = json!({ "id": "c", "created": 5, "model": "m", "choices": [choice],
        "usage": { "prompt_tokens": 17, "completion_tokens": 4, "prompt_tokens_details": { "cached_tokens": 3 },
            "completion_tokens_details": { "reasoning_tokens": 2 } } });
    read(&answer(body.to_string().as_bytes(), back).unwrap())
}

#[test]
fn an_answer_becomes_a_response_that_repeats_its_request() {
    let asked = json!({ "model": "r", "input": "hi", "instructions": "Be brief.", "temperature": 0.5, "metadata": { "a": "b" },
        "tools": [{ "type": "function", "name": "f" }] });
    let message = json!({ "role": "assistant", "content": "Hi", "reasoning_content": "hm",
        "tool_calls": [{ "id": "t", "type": "function", "function": { "name": "f", "arguments": "{\"a\": 1}" } }] });
    let out = told(&json!({ "index": 0, "finish_reason": "tool_calls", "message": message }), &back(&asked));
    let wanted = json!({
        "id": "resp_9", "object": "response", "created_at": 5, "status": "completed", "error": null, "incomplete_details": null,
        "model": "m",
        "output": [
            { "id": "rs_9_0", "type": "reasoning", "status": "completed", "summary": [], "content": [{ "type": "reasoning_text", "text": "hm" }] },
            { "id": "msg_9_1", "type": "message", "status": "completed", "role": "assistant",
              "content": [{ "type": "output_text", "text": "Hi", "annotations": [], "logprobs": [] }] },
            { "id": "fc_9_2", "type": "function_call", "status": "completed", "call_id": "t", "name": "f", "arguments": "{\"a\": 1}" },
        ],
        "usage": { "input_tokens": 17, "input_tokens_details": { "cached_tokens": 3 }, "output_tokens": 4,
            "output_tokens_details": { "reasoning_tokens": 2 }, "total_tokens": 21 },
        "background": false, "instructions": "Be brief.", "max_output_tokens": null, "metadata": { "a": "b" },
        "parallel_tool_calls": true, "previous_response_id": null, "reasoning": { "effort": null, "summary": null },
        "service_tier": "default", "store": false, "temperature": 0.5, "text": { "format": { "type": "text" } },
        "tool_choice": "auto", "tools": [{ "type": "function", "name": "f" }], "top_p": null, "truncation": "disabled",
    });
    assert_eq!(out, wanted);
}

#[test]
fn an_answer_that_was_cut_short_says_why() {
    let back = back(&json!({ "model": "r", "input": "hi" }));
    for (finish, reason) in [("length", "max_output_tokens"), ("content_filter", "content_filter")] {
        let out = told(&json!({ "finish_reason": finish, "message": { "content": "H", "refusal": "no" } }), &back);
        assert_eq!((&out["status"], &out["incomplete_details"]["reason"]), (&json!("incomplete"), &json!(reason)));
        assert_eq!(
            (&out["output"][0]["status"], &out["output"][1]["status"]),
            (&json!("completed"), &json!("incomplete"))
        );
        assert_eq!(out["output"][1]["content"][0], json!({ "type": "refusal", "refusal": "no" }));
    }
    assert!(answer(b"{}", &back).is_none());
}

#[test]
fn parts_and_the_older_call_are_not_lost() {
    let asked = json!({"model": "m", "input": "x"});
    let parts = json!([{"type": "text", "text": "Hello "}, {"type": "text", "text": "there"}]);
    let choice = json!({"message": {"role": "assistant", "content": parts}, "finish_reason": "stop"});
    assert_eq!(told(&choice, &back(&asked))["output"][0]["content"][0]["text"], "Hello there");
    let call = json!({"name": "f", "arguments": "{}"});
    let choice = json!({"message": {"role": "assistant", "function_call": call}, "finish_reason": "function_call"});
    let output = &told(&choice, &back(&asked))["output"][0];
    assert_eq!((&output["type"], &output["name"]), (&json!("function_call"), &json!("f")));
    for message in [
        json!({"role": "assistant", "content": [{"type": "image"}]}),
        json!({"role": "assistant", "content": null, "tool_calls": [{"id": "c", "type": "custom", "custom": {"name": "f"}}]}),
    ] {
        let body = json!({"choices": [{"message": message, "finish_reason": "stop"}]}).to_string();
        assert!(answer(body.as_bytes(), &back(&asked)).is_none(), "{message}");
    }
}
