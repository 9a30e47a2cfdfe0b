//! Errors in the shapes that the provider gives them, by surface.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Which shape an error takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surface {
    /// A call that streams its answer, through the transcoder.
    Streaming,
    /// A call with one answer.
    Unary,
    /// OpenAI's.
    Compatible,
}

/// An error before it has a shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// The gRPC code.
    pub(super) code: u32,
    pub(super) message: String,
}

pub(super) type Checked<T> = Result<T, Problem>;

pub(super) const INVALID: u32 = 3;
pub(super) const NOT_FOUND: u32 = 5;
pub(super) const FORBIDDEN: u32 = 7;
pub(super) const EXHAUSTED: u32 = 8;
pub(super) const UNAUTHENTICATED: u32 = 16;

impl Problem {
    pub(super) fn new(code: u32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(INVALID, message)
    }

    fn status(&self) -> StatusCode {
        match self.code {
            3 => StatusCode::BAD_REQUEST,
            5 => StatusCode::NOT_FOUND,
            7 => StatusCode::FORBIDDEN,
            8 => StatusCode::TOO_MANY_REQUESTS,
            12 => StatusCode::NOT_IMPLEMENTED,
            14 => StatusCode::SERVICE_UNAVAILABLE,
            16 => StatusCode::UNAUTHORIZED,
            4 => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The gRPC code that goes with an HTTP status.
    pub(super) fn of_status(status: u16) -> Self {
        let code = match status {
            400 => 3,
            401 => 16,
            403 => 7,
            404 => 5,
            429 => 8,
            501 => 12,
            503 => 14,
            504 => 4,
            _ => 13,
        };
        let rate = "ai.textGenerationCompletionRequestsPerHour.rate rate quota limit exceed: allowed 100 requests";
        Self::new(code, if code == EXHAUSTED { rate } else { "failing as asked" })
    }

    pub(super) fn body(&self, surface: Surface) -> Value {
        let (code, message, status) = (self.code, &self.message, self.status());
        match surface {
            Surface::Streaming => {
                let session = "internal_id=00000000&request_id=00000000&client_request_id=&folder_id=b1gstandin";
                let message = format!("Error in session {session}: {message}");
                let reason = status.canonical_reason();
                json!({ "error": { "grpcCode": code, "httpCode": status.as_u16(), "message": message, "httpStatus": reason, "details": [] } })
            }
            Surface::Unary => json!({ "error": message, "code": code, "message": message, "details": [] }),
            Surface::Compatible => {
                json!({ "error": { "message": message, "type": "stand_in_error", "param": null, "code": status.as_u16() } })
            }
        }
    }

    pub(super) fn respond(&self, surface: Surface) -> Response {
        (self.status(), Json(self.body(surface))).into_response()
    }
}
