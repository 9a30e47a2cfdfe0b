use crate::yandexgpt::{Class, Retry, error};

fn read(status: u16, body: &str) -> (Class, String, String) {
    let failure = error(status, body.as_bytes());
    (failure.class, failure.error.code.unwrap_or_default(), failure.error.message)
}

#[test]
fn every_shape_of_an_error_body_is_read() {
    let object = r#"{"error":{"grpcCode":3,"httpCode":400,"message":"Error in session internal_id=1: invalid message role 'x'","httpStatus":"Bad Request","details":[]}}"#;
    let (class, code, message) = read(400, object);
    assert_eq!((class, code.as_str()), (Class::Invalid, "invalid_request"));
    assert!(message.ends_with("invalid message role 'x'"));
    let text = r#"{"error":"invalid character '}'","code":3,"message":"invalid character '}'","details":[]}"#;
    assert_eq!(read(400, text), (Class::Invalid, "invalid_request".to_owned(), "invalid character '}'".to_owned()));
    let flat = r#"{"code":16,"message":"The token is invalid","details":[{"@type":"type.googleapis.com/google.rpc.RequestInfo","requestId":"r"}]}"#;
    assert_eq!(
        read(401, flat),
        (Class::Unauthenticated, "invalid_api_key".to_owned(), "The token is invalid".to_owned())
    );
    assert_eq!(read(502, "<html>"), (Class::Unavailable, "server_error".to_owned(), String::new()));
    assert_eq!(read(503, ""), (Class::Unavailable, "server_error".to_owned(), String::new()));
    let openai = r#"{"error":{"message":"m","type":"invalid_request_error","param":null,"code":"model_overloaded"}}"#;
    assert_eq!(read(503, openai).1, "model_overloaded");
}

#[test]
fn gauge_and_rate_quotas_are_told_apart() {
    let gauge = r#"{"error":{"grpcCode":8,"httpCode":429,"message":"ai.textGenerationCompletionSessionsCount.count gauge quota limit exceed: allowed 10 requests"}}"#;
    let rate = r#"{"error":{"grpcCode":8,"httpCode":429,"message":"ai.textGenerationCompletionRequestsPerHour.rate rate quota limit exceed: allowed 100 requests"}}"#;
    assert_eq!((read(429, gauge).0, read(429, gauge).0.retry()), (Class::Concurrency, Retry::Soon));
    assert_eq!((read(429, rate).0, read(429, rate).0.retry()), (Class::RateWindow, Retry::Later));
    assert_eq!(read(429, rate).1, "rate_limit_exceeded");
}

#[test]
fn each_class_has_its_code_and_says_when_to_ask_again() {
    let long = r#"{"error":{"grpcCode":3,"message":"Number of input tokens must be no more than 8192, got 9136"}}"#;
    assert_eq!(read(400, long).1, "context_length_exceeded");
    assert_eq!(read(400, long).0.retry(), Retry::Never);
    assert_eq!(read(404, "{}").1, "model_not_found");
    assert_eq!(read(403, "{}").1, "permission_denied");
    assert_eq!(read(501, "{}").0.retry(), Retry::Never);
    assert_eq!(read(504, "{}").0.retry(), Retry::Later);
    assert_eq!(read(401, "{}").0.retry(), Retry::Renewed);
}

#[test]
fn the_status_wins_and_without_one_the_bodys_own_code_says_what_it_is() {
    assert_eq!(read(429, r#"{"code":3,"message":"x"}"#).0, Class::RateWindow);
    assert_eq!(read(200, r#"{"code":16,"message":"x"}"#).0, Class::Unauthenticated);
    assert_eq!(read(200, r#"{"error":{"grpcCode":14,"httpCode":503,"message":"x"}}"#).0, Class::Unavailable);
    assert_eq!(read(200, r#"{"error":{"message":"x"}}"#).0, Class::Unavailable);
}

#[test]
fn a_key_that_the_provider_echoes_is_in_no_message() {
    let body = r#"{"error":{"grpcCode":16,"httpCode":401,"message":"Unknown api key 'AQVNsecret-secret-secret'"}}"#;
    let failure = error(401, body.as_bytes());
    assert_eq!(failure.error.message, "Unknown api key '***'");
    assert!(!format!("{failure:?}").contains("secret"));
}
