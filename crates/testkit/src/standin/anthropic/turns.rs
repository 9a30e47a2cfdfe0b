//! What the API refuses in a conversation.

use serde_json::Value;

use super::rules::{Problem, Version};

const IMAGES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// Checks the messages: their roles, their blocks, and that calls and results belong together.
pub(super) fn check(body: &Value, version: Version) -> Result<(), Problem> {
    let messages = body["messages"].as_array().ok_or_else(|| Problem::invalid("messages: Field required"))?;
    if messages.is_empty() {
        return Err(Problem::invalid("messages: at least one message is required"));
    }
    let mut called: Vec<&str> = Vec::new();
    for (place, message) in messages.iter().enumerate() {
        let role = message["role"].as_str().unwrap_or_default();
        if !matches!(role, "user" | "assistant") {
            let why = "Input should be 'user' or 'assistant'";
            return Err(Problem::invalid(format!("messages.{place}.role: {why}")));
        }
        for name in message.as_object().into_iter().flatten().map(|(name, _)| name) {
            if !matches!(name.as_str(), "role" | "content") {
                return Err(Problem::invalid(format!("messages.{place}.{name}: Extra inputs are not permitted")));
            }
        }
        let blocks = content(message, place)?;
        for (number, block) in blocks.iter().enumerate() {
            self::block(block, role, version)
                .map_err(|why| Problem::invalid(format!("messages.{place}.content.{number}: {why}")))?;
        }
        together(blocks, &called, role, place)?;
        called = blocks.iter().filter(|b| b["type"] == "tool_use").filter_map(|b| b["id"].as_str()).collect();
    }
    Ok(())
}

fn content(message: &Value, place: usize) -> Result<&[Value], Problem> {
    match &message["content"] {
        Value::String(text) if text.trim().is_empty() => {
            Err(Problem::invalid("messages: text content blocks must contain non-whitespace text"))
        }
        Value::String(_) => Ok(&[]),
        Value::Array(blocks) if !blocks.is_empty() => Ok(blocks),
        Value::Array(_) => Err(Problem::invalid(format!("messages.{place}: all messages must have non-empty content"))),
        _ => Err(Problem::invalid(format!("messages.{place}.content: Field required"))),
    }
}

fn block(block: &Value, role: &str, version: Version) -> Result<(), &'static str> {
    let user = role == "user";
    match block["type"].as_str().unwrap_or_default() {
        "text" if block["text"].as_str().is_none_or(|text| text.trim().is_empty()) => {
            Err("text content blocks must contain non-whitespace text")
        }
        "text" if user && version == Version::V2026 && block["citations"].as_array().is_some_and(|c| !c.is_empty()) => {
            Err("citations: Extra inputs are not permitted")
        }
        "text" => Ok(()),
        "document" if !user && version == Version::V2026 => Err("Input tag 'document' does not match"),
        "document" => Ok(()),
        "image" if user => image(&block["source"]),
        "tool_use" if user => Err("`tool_use` blocks can only be in `assistant` messages"),
        "tool_use" => {
            let id = block["id"].as_str().unwrap_or_default();
            let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
            match plain && !id.is_empty() && block["name"].is_string() && block["input"].is_object() {
                true => Ok(()),
                false => Err("tool_use: id should match '^[a-zA-Z0-9_-]+$', name and input are required"),
            }
        }
        "tool_result" if user => Ok(()),
        "thinking" | "redacted_thinking" if !user => Ok(()),
        _ => Err("Input tag does not match any of the expected tags"),
    }
}

fn image(source: &Value) -> Result<(), &'static str> {
    match source["type"].as_str() {
        Some("base64") if IMAGES.iter().any(|kind| source["media_type"] == *kind) => Ok(()),
        Some("url") if source["url"].as_str().is_some_and(|url| url.starts_with("https://")) => Ok(()),
        _ => Err("image.source: only JPEG, PNG, GIF and WebP data or https URLs are supported"),
    }
}

/// Results answer the calls of the message before, all of them, and stand first.
fn together(blocks: &[Value], called: &[&str], role: &str, place: usize) -> Result<(), Problem> {
    let of = |block: &Value| block["tool_use_id"].as_str().unwrap_or_default().to_owned();
    let results: Vec<String> = blocks.iter().filter(|b| b["type"] == "tool_result").map(of).collect();
    if let Some(stray) = results.iter().find(|id| !called.contains(&id.as_str())) {
        return Err(Problem::invalid(format!(
            "messages.{place}: unexpected `tool_use_id` found in `tool_result` blocks: {stray}"
        )));
    }
    let first = blocks.iter().take_while(|b| b["type"] == "tool_result").count();
    if first < results.len() {
        return Err(Problem::invalid(format!("messages.{place}: tool_result blocks must come first")));
    }
    match called.iter().find(|id| !results.iter().any(|result| result == *id)) {
        Some(id) if role == "user" => Err(Problem::invalid(format!(
            "messages.{place}: `tool_use` ids were found without `tool_result` blocks immediately after: {id}"
        ))),
        _ => Ok(()),
    }
}
