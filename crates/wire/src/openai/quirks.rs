//! What servers that speak OpenAI's wire say in words of their own.

use super::UpstreamError;

/// Words of servers whose prompt was longer than the model reads.
const OVERLONG: [&str; 7] = [
    "maximum context length",
    "context length exceeded",
    "exceeds the context",
    "exceed context",
    "exceeds the available context size",
    "prompt is too long",
    "longer than the maximum model length",
];

/// What a finish reason means, whoever wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish<'w> {
    /// One of OpenAI's words: this one.
    Word(&'w str),
    /// The answer is no answer: the server gave up in the middle.
    Failed,
}

/// Reads a finish reason: Mistral has `model_length` and `error`, SGLang `abort`.
pub fn finish_reason(word: &str) -> Finish<'_> {
    match word {
        "model_length" => Finish::Word("length"),
        "error" | "abort" => Finish::Failed,
        other => Finish::Word(other),
    }
}

/// Whether an error says that the prompt does not fit. OpenAI has a code for it, llama.cpp a type, vLLM, SGLang and
/// Mistral only words.
pub fn is_overlong(error: &UpstreamError) -> bool {
    let is = |slot: &Option<String>, word: &str| slot.as_deref() == Some(word);
    let message = error.message.to_lowercase();
    is(&error.code, "context_length_exceeded")
        || is(&error.kind, "exceed_context_size_error")
        || OVERLONG.iter().any(|words| message.contains(words))
}

/// Whether an error says that the model is still being loaded: llama.cpp answers 503 until it can.
pub fn is_loading(error: &UpstreamError) -> bool {
    error.kind.as_deref() == Some("unavailable_error") || error.message.eq_ignore_ascii_case("loading model")
}

/// Whether an error says that what was asked or answered may not be said: a word of the provider's on the matter, not a
/// fault of its servers.
pub fn is_filtered(error: &UpstreamError) -> bool {
    let is = |slot: &Option<String>| {
        slot.as_deref().is_some_and(|word| FILTERED.iter().any(|known| word.eq_ignore_ascii_case(known)))
    };
    is(&error.code) || is(&error.kind)
}

/// Whether an error says that the model takes its limit as `max_completion_tokens` only, as OpenAI's reasoning models do.
pub fn wants_newer_limit(error: &UpstreamError) -> bool {
    let is_about_it = error.param.as_deref().is_none_or(|param| param == "max_tokens");
    is_about_it && error.message.contains("max_tokens") && error.message.contains("max_completion_tokens")
}

/// OpenAI's and Azure's words for it.
const FILTERED: [&str; 3] = ["content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"];

/// Words of providers that may not serve somebody by law.
const LEGAL: [&str; 8] = [
    "country, region, or territory",
    "your country",
    "your region",
    "unsupported country",
    "sanction",
    "embargo",
    "export control",
    "legal reasons",
];

/// Whether a provider refuses for reasons of law: with status 451, or with 403 and words or a code that say so.
pub fn is_legal(status: u16, error: &UpstreamError) -> bool {
    let message = error.message.to_lowercase();
    let says = || {
        error.code.as_deref() == Some("unsupported_country_region_territory")
            || LEGAL.iter().any(|words| message.contains(words))
    };
    status == 451 || (status == 403 && says())
}

#[cfg(test)]
mod tests {
    use super::{Finish, UpstreamError, finish_reason, is_legal, is_loading, is_overlong};

    fn read(body: &str) -> UpstreamError {
        UpstreamError::read(body.as_bytes())
    }

    #[test]
    fn every_server_has_its_own_words_for_an_overlong_prompt() {
        for body in [
            r#"{"error":{"message":"x","type":"invalid_request_error","code":"context_length_exceeded"}}"#,
            r#"{"error":{"message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","param":null,"code":400}}"#,
            r#"{"object":"error","message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","param":null,"code":400}"#,
            r#"{"error":{"code":400,"message":"the request is too big","type":"exceed_context_size_error","n_prompt_tokens":9,"n_ctx":8}}"#,
        ] {
            assert!(is_overlong(&read(body)), "{body}");
        }
        assert!(!is_overlong(&read(r#"{"error":"model 'x' not found"}"#)));
    }

    #[test]
    fn every_shape_of_error_has_its_message() {
        for (body, message, code) in [
            (r#"{"error":"model 'x' not found"}"#, "model 'x' not found", None),
            (r#"{"detail":"Unauthorized"}"#, "Unauthorized", None),
            (
                r#"{"detail":[{"type":"missing","loc":["body"],"msg":"Field required","input":{}}]}"#,
                "Field required",
                None,
            ),
            (
                r#"{"object":"error","message":"no","type":"BadRequestError","param":null,"code":400}"#,
                "no",
                Some("400"),
            ),
        ] {
            let error = read(body);
            assert_eq!((error.message.as_str(), error.code.as_deref()), (message, code), "{body}");
        }
        assert!(is_loading(&read(r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#)));
    }

    #[test]
    fn a_filter_is_told_from_a_fault() {
        for (body, filtered) in [
            (r#"{"error":{"message":"blocked","code":"content_filter"}}"#, true),
            (r#"{"error":{"message":"blocked","type":"content_policy_violation","code":null}}"#, true),
            (r#"{"error":{"message":"the content_filter is overloaded","code":503}}"#, false),
        ] {
            assert_eq!(super::is_filtered(&read(body)), filtered, "{body}");
        }
    }

    #[test]
    fn a_model_that_takes_the_newer_limit_says_so() {
        let says = r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}"#;
        assert!(super::wants_newer_limit(&read(says)));
        assert!(!super::wants_newer_limit(&read(
            r#"{"error":{"message":"max_tokens is too large","param":"max_tokens"}}"#
        )));
        assert!(!super::wants_newer_limit(&read(&says.replace(r#""max_tokens","code""#, r#""n","code""#))));
    }

    #[test]
    fn foreign_finish_reasons_are_openais_or_failures() {
        assert_eq!(finish_reason("model_length"), Finish::Word("length"));
        assert_eq!(finish_reason("tool_calls"), Finish::Word("tool_calls"));
        assert_eq!([finish_reason("abort"), finish_reason("error")], [Finish::Failed; 2]);
    }

    #[test]
    fn law_is_told_from_a_lack_of_rights() {
        let legal = r#"{"error":{"message":"Country, region, or territory not supported","type":"request_forbidden","param":null,"code":"unsupported_country_region_territory"}}"#;
        assert!(is_legal(403, &read(legal)));
        assert!(is_legal(451, &read("")));
        assert!(!is_legal(400, &read(legal)), "another status is another matter");
        assert!(!is_legal(
            403,
            &read(r#"{"error":{"message":"Your key lacks the scope","code":"permission_denied"}}"#)
        ));
    }

    #[test]
    fn an_error_reads_back_as_it_was_written() {
        let error = UpstreamError {
            message: "не \"так\"".to_owned(),
            kind: Some("invalid_request_error".to_owned()),
            code: None,
            param: Some("messages".to_owned()),
        };
        assert_eq!(read(&error.to_json()), error);
    }
}
