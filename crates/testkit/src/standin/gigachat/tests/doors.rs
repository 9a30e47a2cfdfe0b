use axum::http::StatusCode;
use serde_json::json;

use super::super::GigaChatOptions;
use super::{NOW_MS, desk, hello};
use crate::Fault;

/// Changed headers, the form, and the status and code that come back.
type Case = (&'static [(&'static str, &'static str)], &'static str, u16, u32);

#[tokio::test]
async fn checks_rquid_basic_and_scope() {
    let desk = desk(GigaChatOptions { key: Some("aWQ6c2VjcmV0".to_owned()), ..GigaChatOptions::default() });
    let good = "scope=GIGACHAT_API_PERS";
    let cases: [Case; 9] = [
        (&[("rquid", "")], good, 400, 1),
        (&[("rquid", "6f0b1291-c7f3-13c6-bb2e-9f3efb2dc98e")], good, 400, 1),
        (&[("content-type", "application/json")], "{}", 400, 1),
        (&[("authorization", "Basic ???")], good, 400, 4),
        (&[("authorization", "Basic YVdRNmMyVmpjbVYw")], good, 400, 4),
        (&[("authorization", "Basic eDp5")], good, 401, 6),
        (&[], "scope=", 400, 5),
        (&[], "scope=EVERYTHING", 400, 1),
        (&[], "scope=GIGACHAT_API_CORP", 400, 7),
    ];
    for (headers, body, status, code) in cases {
        let told = desk.ask_token(headers, body).await;
        assert_eq!((told.status.as_u16(), &told.json()["code"]), (status, &json!(code)), "{headers:?} {body}");
    }
    let told = desk.ask_token(&[], good).await.json();
    assert_eq!(told["expires_at"], NOW_MS + 1_800_000);
    assert!(told["access_token"].as_str().unwrap().len() > 1000);
}

#[tokio::test]
async fn speaks_the_other_dialect_and_limits_token_requests() {
    let options = GigaChatOptions { short_dialect: true, tokens_per_second: Some(2), ..GigaChatOptions::default() };
    let desk = desk(options);
    let good = "scope=GIGACHAT_API_PERS";
    let told = desk.ask_token(&[], good).await.json();
    assert!(told["tok"].is_string() && told["exp"] == NOW_MS + 1_800_000);
    desk.ask_token(&[], good).await;
    assert_eq!(desk.ask_token(&[], good).await.status, StatusCode::TOO_MANY_REQUESTS);
    desk.clock.advance(1000);
    assert_eq!(desk.ask_token(&[], good).await.status, StatusCode::OK);
}

#[tokio::test]
async fn rejects_unknown_expired_and_revoked_bearers_with_401() {
    let desk = desk(GigaChatOptions { token_ttl_ms: 5000, ..GigaChatOptions::default() });
    let bearer = format!("Bearer {}", desk.token().await);
    let ask = async |bearer: &str| {
        desk.send("GET", "/api/v1/models", &[("authorization", bearer), ("user-agent", "t")], "").await
    };
    assert_eq!(ask(&bearer).await.status, StatusCode::OK);
    assert_eq!(ask("Bearer other").await.json(), json!({ "status": 401, "message": "Unauthorized" }));
    desk.clock.advance(5000);
    assert_eq!(ask(&bearer).await.json(), json!({ "status": 401, "message": "Token has expired" }));
    let bearer = format!("Bearer {}", desk.token().await);
    super::super::locked(&desk.state.tokens).revoke();
    assert_eq!(ask(&bearer).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn answers_403_without_user_agent_where_switched_on() {
    for required in [true, false] {
        let desk = desk(GigaChatOptions { user_agent_required: required, ..GigaChatOptions::default() });
        let bearer = format!("Bearer {}", desk.token().await);
        let told = desk.send("GET", "/v1/models", &[("authorization", &bearer)], "").await;
        assert_eq!(told.status == StatusCode::FORBIDDEN, required);
        assert_eq!(told.json() == json!({ "message": "Unauthorized" }), required);
    }
}

#[tokio::test]
async fn sends_x_request_id_and_x_session_id() {
    let desk = desk(GigaChatOptions::default());
    let told = desk.send("GET", "/nowhere", &[("x-session-id", "mine")], "").await;
    assert_eq!(told.headers["x-session-id"], "mine");
    assert!(told.headers.contains_key("x-request-id"));
}

#[tokio::test]
async fn refuses_more_calls_than_threads() {
    let desk = desk(GigaChatOptions { threads_max: Some(1), ..GigaChatOptions::default() });
    let taken = desk.state.enter();
    assert!(taken.is_some());
    let told = desk.post("/api/v1/chat/completions", &hello("hi")).await;
    assert_eq!(told.json(), json!({ "status": 429, "message": "Too Many Requests" }));
    drop(taken);
    assert_eq!(desk.post("/api/v1/chat/completions", &hello("hi")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn fails_as_scripted_in_the_providers_shapes() {
    let desk = desk(GigaChatOptions::default());
    let status = |status| Fault::Status { status, retry_after_s: None };
    let faults =
        vec![status(402), Fault::Status { status: 429, retry_after_s: Some(3) }, Fault::ErrorInOk, Fault::Html];
    let script = serde_json::to_string(&faults).unwrap();
    assert_eq!(desk.send("POST", "/_faults", &[], &script).await.status, StatusCode::NO_CONTENT);
    let path = "/api/v1/chat/completions";
    assert_eq!(desk.post(path, &hello("x")).await.json()["message"], "Payment Required");
    assert_eq!(desk.post(path, &hello("x")).await.headers["retry-after"], "3");
    let in_ok = desk.post(path, &hello("x")).await;
    assert_eq!((in_ok.status, &in_ok.json()["status"]), (StatusCode::OK, &json!(429)));
    assert!(desk.post(path, &hello("x")).await.text.starts_with("<!doctype"));
    let mut streamed = hello("x");
    streamed["stream"] = json!(true);
    desk.state.common.set_faults(vec![Fault::CutAfter { events: 2 }, Fault::NoTerminator]);
    assert_eq!(desk.post(path, &streamed).await.text, "cut");
    assert!(!desk.post(path, &streamed).await.text.contains("[DONE]"));
    let script = serde_json::to_string(&[status(503)]).unwrap();
    desk.send("POST", "/_token_faults", &[], &script).await;
    assert_eq!(desk.ask_token(&[], "scope=GIGACHAT_API_PERS").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn tells_what_it_received_and_no_secret() {
    let desk = desk(GigaChatOptions::default());
    desk.post("/api/v1/chat/completions", &hello("Привет")).await;
    let told = desk.send("GET", "/_received", &[], "").await;
    assert_eq!(told.json()["received"][1]["body"]["messages"][0]["content"], "Привет");
    assert!(!told.text.contains("standin.1.") && !told.text.contains("aWQ6"));
}
