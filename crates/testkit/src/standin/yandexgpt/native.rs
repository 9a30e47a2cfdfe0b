//! Native answers, whole and as lines of a stream.

use serde_json::{Value, json};

use super::super::answer::tokens;
use super::plan::{End, Plan};

const VERSION: &str = "09.02.2025";

/// A `CompletionResponse`, not wrapped.
pub(super) fn response(plan: &Plan) -> Value {
    let status = match plan.end {
        End::Final => "FINAL",
        End::Truncated => "TRUNCATED_FINAL",
        End::Filtered => "CONTENT_FILTER",
        End::ToolCalls => "TOOL_CALLS",
    };
    let mut message = json!({ "role": "assistant" });
    if plan.calls.is_empty() {
        message["text"] = plan.text.as_str().into();
    } else {
        let call =
            |(name, arguments): &(String, Value)| json!({ "functionCall": { "name": name, "arguments": arguments } });
        message["toolCallList"] = json!({ "toolCalls": plan.calls.iter().map(call).collect::<Vec<_>>() });
    }
    body(&message, status, plan.input_tokens, plan.output_tokens())
}

fn body(message: &Value, status: &str, input: u64, output: u64) -> Value {
    let mut usage = json!({
        "inputTextTokens": input.to_string(),
        "totalTokens": (input + output).to_string(),
        "completionTokensDetails": null,
    });
    if output > 0 {
        // A zero is absent in this protocol.
        usage["completionTokens"] = output.to_string().into();
    }
    json!({
        "alternatives": [{ "message": message, "status": format!("ALTERNATIVE_STATUS_{status}") }],
        "usage": usage,
        "modelVersion": VERSION,
    })
}

/// The lines of a stream: each holds the whole text so far.
pub(super) fn lines(plan: &Plan, piece_chars: usize) -> Vec<String> {
    let streamed: Vec<char> = plan.before.as_ref().unwrap_or(&plan.text).chars().collect();
    let mut lines = Vec::new();
    let mut end = piece_chars.max(1);
    // A filter steps in halfway.
    let last = if plan.end == End::Filtered { streamed.len() / 2 } else { streamed.len() };
    while end < last {
        let text: String = streamed[..end].iter().collect();
        let message = json!({ "role": "assistant", "text": text });
        lines.push(line(&body(&message, "PARTIAL", plan.input_tokens, tokens(&text))));
        end += piece_chars.max(1);
    }
    lines.push(line(&response(plan)));
    lines
}

fn line(response: &Value) -> String {
    format!("{}\n", json!({ "result": response }))
}
