//! The stable list of error codes: what scripts and records hold on to. Each has a page of its name in the docs.

use http::StatusCode;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal;)*) => {
        /// One stable error code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Self::$name,)*];

            /// The word in answers, records and metrics.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status it comes with.
            pub fn status(self) -> StatusCode {
                let number: u16 = match self { $(Self::$name => $status,)* };
                StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    };
}

codes! {
    /// The body or a header is not what the endpoint takes.
    InvalidRequest = "invalid_request", 400;
    /// A purpose that the app does not declare.
    UnknownPurpose = "unknown_purpose", 400;
    /// A word that is no data class.
    UnknownDataClass = "unknown_data_class", 400;
    /// A parameter that the deployment cannot express.
    UnsupportedParameter = "unsupported_parameter", 400;
    /// Prompt and answer do not fit the model.
    ContextLengthExceeded = "context_length_exceeded", 400;
    /// No key, an unknown, expired or revoked one.
    InvalidApiKey = "invalid_api_key", 401;
    /// Rules forbid it.
    PolicyDenied = "policy_denied", 403;
    /// No rule permits it.
    NoPermit = "no_permit", 403;
    /// The app is suspended.
    AppSuspended = "app_suspended", 403;
    /// No such route, or not one of the app's.
    ModelNotFound = "model_not_found", 404;
    /// No such path or thing.
    NotFound = "not_found", 404;
    /// The path exists, not with this method.
    MethodNotAllowed = "method_not_allowed", 405;
    /// The client was too slow.
    RequestTimeout = "request_timeout", 408;
    /// The body is too large.
    RequestTooLarge = "request_too_large", 413;
    /// A rule wants somebody to agree first.
    ApprovalRequired = "approval_required", 403;
    /// Somebody must agree first, and the request waits under a ticket. No error: the one code whose status is none.
    ApprovalPending = "approval_pending", 202;
    /// Somebody who was asked has refused.
    ApprovalRefused = "approval_refused", 403;
    /// No such ticket, or not one of the app's.
    TicketUnknown = "ticket_unknown", 404;
    /// People agreed to something else.
    TicketMismatch = "ticket_mismatch", 409;
    /// The ticket was used.
    TicketUsed = "ticket_used", 409;
    /// The time of the ticket is over.
    TicketExpired = "ticket_expired", 410;
    /// As many requests of the app wait as may.
    TooManyTickets = "too_many_tickets", 429;
    /// The store that keeps tickets does not answer.
    ApprovalsUnavailable = "approvals_unavailable", 503;
    /// The headers are too large.
    HeadersTooLarge = "headers_too_large", 431;
    /// Requests, tokens or concurrency past a limit.
    RateLimited = "rate_limited", 429;
    /// Money past a budget.
    BudgetExceeded = "budget_exceeded", 429;
    /// Too many keys of this peer were wrong.
    TooManyFailedAuthentications = "too_many_failed_authentications", 429;
    /// The client left; in records only.
    ClientClosed = "client_closed", 499;
    /// The provider refuses for reasons of law.
    UpstreamLegalRefusal = "upstream_legal_refusal", 451;
    /// Something of ours failed.
    Internal = "internal", 500;
    /// The provider answered with an error, or could not be reached.
    UpstreamError = "upstream_error", 502;
    /// The provider's answer makes no sense.
    UpstreamInvalid = "upstream_invalid", 502;
    /// A live drill has cut off what could answer.
    CutOff = "cut_off", 503;
    /// Nothing permitted is alive.
    NoDeploymentAvailable = "no_deployment_available", 503;
    /// Nothing is known to be good enough.
    QualityUnproven = "quality_unproven", 503;
    /// The ledger cannot write.
    LedgerUnavailable = "ledger_unavailable", 503;
    /// The database that knows the keys does not answer.
    KeysUnavailable = "keys_unavailable", 503;
    /// The database that shares the limits out does not answer, and what was leased is used up.
    LimitsUnavailable = "limits_unavailable", 503;
    /// A detector outside the program does not answer.
    DetectorUnavailable = "detector_unavailable", 503;
    /// The gateway is going down.
    ShuttingDown = "shutting_down", 503;
    /// No checkpoint covers the entry yet.
    ReceiptPending = "receipt_pending", 503;
    /// The provider did not answer in time.
    UpstreamTimeout = "upstream_timeout", 504;
}

impl Code {
    /// Whether a refusal is counted and not recorded: it says how busy we are, not what somebody may.
    pub(crate) fn is_counted_only(self) -> bool {
        matches!(
            self,
            Self::RateLimited
                | Self::BudgetExceeded
                | Self::TooManyTickets
                | Self::LimitsUnavailable
                | Self::ApprovalsUnavailable
                | Self::LedgerUnavailable
        )
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_code_is_distinct_and_all_but_one_have_an_error_status() {
        let words: std::collections::HashSet<_> = Code::ALL.iter().map(|c| c.as_str()).collect();
        assert_eq!(words.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.status().as_u16() >= 400 || *code == Code::ApprovalPending, "{code}");
        }
    }
}
