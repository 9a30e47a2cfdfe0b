//! What the API refuses, in its own words as far as they are known.

use serde_json::{Value, json};

use super::turns;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) status: u16,
    pub(super) message: String,
}

impl Problem {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    pub(super) fn body(&self) -> Value {
        let kind = match self.status {
            401 => "authentication_error",
            402 => "billing_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            504 => "timeout_error",
            529 => "overloaded_error",
            400..=499 => "invalid_request_error",
            _ => "api_error",
        };
        let error = json!({ "type": kind, "message": self.message });
        json!({ "type": "error", "error": error, "request_id": "req_standin" })
    }
}

/// The version that a request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    V2023,
    V2026,
}

impl Version {
    pub(super) fn read(header: Option<&str>) -> Result<Self, Problem> {
        match header {
            Some("2023-06-01") => Ok(Self::V2023),
            Some("2026-10-21") => Ok(Self::V2026),
            Some(other) => Err(Problem::invalid(format!("anthropic-version: \"{other}\" is not a valid version"))),
            None => Err(Problem::invalid("anthropic-version: header is required")),
        }
    }
}

const FIELDS: [&str; 17] = [
    "model",
    "max_tokens",
    "messages",
    "system",
    "tools",
    "tool_choice",
    "stream",
    "stop_sequences",
    "metadata",
    "thinking",
    "output_config",
    "service_tier",
    "cache_control",
    "container",
    "inference_geo",
    "speed",
    "diagnostics",
];
const SAMPLING: [&str; 3] = ["temperature", "top_p", "top_k"];

/// Checks a body.
pub(super) fn check(body: &Value, version: Version, counts: bool) -> Result<(), Problem> {
    let Some(members) = body.as_object() else { return Err(Problem::invalid("Input should be an object")) };
    for name in members.keys().map(String::as_str) {
        let known = FIELDS.contains(&name) || (version == Version::V2023 && SAMPLING.contains(&name));
        if !known {
            return Err(Problem::invalid(format!("{name}: Extra inputs are not permitted")));
        }
    }
    let model = body["model"].as_str().ok_or_else(|| Problem::invalid("model: Field required"))?;
    if model.starts_with("missing") {
        return Err(Problem::new(404, format!("model: {model}")));
    }
    match body["max_tokens"].as_u64() {
        Some(count) if count > 0 => {}
        None if counts && body["max_tokens"].is_null() => {}
        None if body["max_tokens"].is_null() => return Err(Problem::invalid("max_tokens: Field required")),
        _ => return Err(Problem::invalid("max_tokens: Input should be greater than or equal to 1")),
    }
    if !body["temperature"].is_null() && !body["temperature"].as_f64().is_some_and(|t| (0.0..=1.0).contains(&t)) {
        return Err(Problem::invalid("temperature: range: 0..1"));
    }
    settings(body)?;
    tools(body)?;
    turns::check(body, version)
}

fn settings(body: &Value) -> Result<(), Problem> {
    let stops = body["stop_sequences"].as_array().map(Vec::as_slice).unwrap_or_default();
    if stops.iter().any(|stop| stop.as_str().is_none_or(|stop| stop.trim().is_empty())) {
        return Err(Problem::invalid("stop_sequences: each stop sequence must contain non-whitespace"));
    }
    if body["thinking"]["type"] == "enabled" && body["thinking"]["budget_tokens"].as_u64().unwrap_or(0) < 1024 {
        return Err(Problem::invalid("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024"));
    }
    let format = &body["output_config"]["format"];
    if !format.is_null() && (format["type"] != "json_schema" || !format["schema"].is_object()) {
        return Err(Problem::invalid("output_config.format: Input should be a JSON schema"));
    }
    let effort = &body["output_config"]["effort"];
    let known = ["low", "medium", "high", "xhigh", "max"];
    if !effort.is_null() && !known.iter().any(|word| effort == word) {
        return Err(Problem::invalid(
            "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'",
        ));
    }
    match &body["system"] {
        Value::Null | Value::String(_) => Ok(()),
        Value::Array(blocks) if blocks.iter().all(|block| block["type"] == "text") => Ok(()),
        _ => Err(Problem::invalid("system: Input should be a valid string or list of text blocks")),
    }
}

fn tools(body: &Value) -> Result<(), Problem> {
    let tools = body["tools"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (place, tool) in tools.iter().enumerate() {
        let name = tool["name"].as_str().unwrap_or_default();
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if !plain || !(1..=128).contains(&name.len()) {
            let why = "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'";
            return Err(Problem::invalid(format!("tools.{place}.custom.name: {why}")));
        }
        if tool["input_schema"]["type"] != "object" {
            return Err(Problem::invalid(format!("tools.{place}.custom.input_schema.type: Field required")));
        }
    }
    let choice = &body["tool_choice"];
    if choice.is_null() {
        return Ok(());
    }
    if tools.is_empty() {
        return Err(Problem::invalid("tool_choice may only be specified while providing tools"));
    }
    match choice["type"].as_str() {
        Some("auto" | "any") => Ok(()),
        Some("none") if choice["disable_parallel_tool_use"].is_null() => Ok(()),
        Some("none") => {
            Err(Problem::invalid("tool_choice.none.disable_parallel_tool_use: Extra inputs are not permitted"))
        }
        Some("tool") if tools.iter().any(|tool| tool["name"] == choice["name"]) => Ok(()),
        Some("tool") => Err(Problem::invalid("tool_choice: the named tool is not among the tools")),
        _ => Err(Problem::invalid("tool_choice: Input tag does not match any of the expected tags")),
    }
}
