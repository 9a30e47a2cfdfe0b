//! Errors to one client, in OpenAI's shape.

use serde_json::{Value, json};

/// Why a request gets no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) param: Option<String>,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, param: None, message: message.into() }
    }

    /// A value that makes no sense.
    pub(super) fn invalid(param: &str, message: impl Into<String>) -> Self {
        let message = format!("`{param}`: {}", message.into());
        Self { status: 400, code: "invalid_value", param: Some(param.into()), message }
    }

    /// A parameter that would change the answer and cannot be honoured.
    pub(super) fn unsupported(param: &str) -> Self {
        let message = format!("`{param}` is not supported by the embedded engine");
        Self { status: 400, code: "unsupported_parameter", param: Some(param.into()), message }
    }

    pub(super) fn too_long(prompt_tokens: u64, at_least: bool, context_tokens: u32) -> Self {
        let about = if at_least { "at least " } else { "" };
        let mut refusal = Self::new(
            400,
            "context_length_exceeded",
            format!(
                "this model's context is {context_tokens} tokens, the prompt has {about}\
                 {prompt_tokens} and at least one more is needed for the answer"
            ),
        );
        refusal.param = Some("messages".into());
        refusal
    }

    pub(super) fn internal(message: impl Into<String>) -> Self {
        Self::new(500, "engine_error", message)
    }

    fn kind(&self) -> &'static str {
        match self.status {
            503 => "overloaded_error",
            500..=599 => "server_error",
            _ => "invalid_request_error",
        }
    }

    pub(super) fn to_json(&self) -> Value {
        json!({"error": {
            "message": self.message, "type": self.kind(), "param": self.param, "code": self.code,
        }})
    }
}
