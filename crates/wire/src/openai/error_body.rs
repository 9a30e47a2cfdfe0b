//! Our errors in the shape that OpenAI's clients read.

use serde::Serialize;

/// An error as a client gets it: `{"error":{…}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorBody {
    error: Inner,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Inner {
    message: String,
    r#type: &'static str,
    param: Option<String>,
    code: String,
    freehold: Extra,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
struct Extra {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<Cited>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<Missing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    docs: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// A rule that an error rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cited {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it is written.
    pub cite: String,
    /// What would make the request pass; left out where nobody wrote it down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Missing {
    rule: String,
    fact: String,
}

/// The `type` that OpenAI's clients expect with a status.
pub fn error_type(status: u16) -> &'static str {
    match status {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        408 | 504 => "timeout_error",
        429 => "rate_limit_error",
        400..=499 => "invalid_request_error",
        _ => "server_error",
    }
}

impl ErrorBody {
    /// An error with its stable code.
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        let kind = if code == "budget_exceeded" { "insufficient_quota" } else { error_type(status) };
        let (message, code) = (message.into(), code.to_owned());
        Self { error: Inner { message, r#type: kind, param: None, code, freehold: Extra::default() } }
    }

    /// Names the field to blame.
    #[must_use]
    pub fn param(mut self, param: impl Into<String>) -> Self {
        self.error.param = Some(param.into());
        self
    }

    /// Names a rule it rests on.
    #[must_use]
    pub fn rule(mut self, rule: Cited) -> Self {
        self.error.freehold.rules.push(rule);
        self
    }

    /// Names a fact that a rule needs and nobody has stated.
    #[must_use]
    pub fn unknown(mut self, rule: impl Into<String>, fact: impl Into<String>) -> Self {
        self.error.freehold.unknown.push(Missing { rule: rule.into(), fact: fact.into() });
        self
    }

    /// Says where the error is explained.
    #[must_use]
    pub fn docs(mut self, docs: impl Into<String>) -> Self {
        self.error.freehold.docs = Some(docs.into());
        self
    }

    /// Says which request it was.
    #[must_use]
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.error.freehold.request_id = Some(id.into());
        self
    }

    /// The body.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings and lists of strings always serialise")
    }
}
