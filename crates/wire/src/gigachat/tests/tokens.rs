use proptest::prelude::{any, prop_assert_eq, proptest};

use crate::gigachat::oauth::{FailureKind, Token, failure, key_of, rquid, token_request};

#[test]
fn form_body_basic_fresh_rquid_v4_and_the_key_not_double_encoded() {
    let key = key_of("id ", "secret");
    assert_eq!(key, "aWQ6c2VjcmV0");
    let asked = token_request(&format!(" {key}\n"), "GIGACHAT_API_PERS", &rquid([0xFF; 16]));
    assert_eq!(asked.body, "scope=GIGACHAT_API_PERS");
    let header = |name: &str| asked.headers.iter().find(|(n, _)| *n == name).unwrap().1.as_str();
    assert_eq!(header("authorization"), "Basic aWQ6c2VjcmV0");
    assert_eq!(header("rquid"), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    assert_eq!(header("content-type"), "application/x-www-form-urlencoded");
    assert!(!header("user-agent").is_empty());
    assert_eq!(token_request(&format!("Basic {key}"), "a b&", "r").headers[0].1, "Basic aWQ6c2VjcmV0");
    assert_eq!(token_request(&key, "a b&", "r").body, "scope=a%20b%26");
}

#[test]
fn both_token_dialects_and_ms_not_seconds() {
    let now_ms = 1_768_996_170_000;
    let one = Token::read(br#"{"access_token":"eyJ","expires_at":1768997970000}"#).unwrap();
    let other = Token::read(br#"{"tok":"eyJ","exp":1768997970000}"#).unwrap();
    let seconds = Token::read(br#"{"tok":"eyJ","exp":"1768997970"}"#).unwrap();
    assert_eq!(one.expires_at_ms, now_ms + 1_800_000);
    assert!(one == other && other == seconds);
    assert!(one.is_usable(now_ms), "a fresh token must not be fetched again at once");
    assert_eq!(one.authorization(), "Bearer eyJ");
}

#[test]
fn token_reused_and_refreshed_when_less_than_60_s_are_left() {
    let token = Token { value: "t".to_owned(), expires_at_ms: 1_000_000 };
    assert!(token.is_usable(1_000_000 - 60_001));
    assert!(!token.is_usable(1_000_000 - 60_000));
    assert!(Token { value: "t".to_owned(), expires_at_ms: 0 }.is_usable(u64::MAX));
    assert_eq!(token.refresh_at_ms(0), Some(800_000));
    assert_eq!(token.refresh_at_ms(2_000_000), Some(2_000_000));
}

#[test]
fn nonsense_is_no_token() {
    for body in [
        "",
        "{}",
        "[]",
        "{\"tok\":\"\",\"exp\":1}",
        "{\"tok\":\"a\\nb\",\"exp\":1}",
        "{\"tok\":\"a\"}",
        "{\"tok\":1,\"exp\":1}",
        "{\"tok\":\"a\",\"exp\":-1}",
        "{\"code\":4,\"message\":\"no\"}",
    ] {
        assert_eq!(Token::read(body.as_bytes()), None, "{body}");
    }
}

#[test]
fn oauth_400_code_4_5_7_are_permanent_config_errors_carrying_the_message() {
    for status in [400, 401] {
        for (code, message) in [
            (1, "scope data format invalid"),
            (4, "Can't decode 'Authorization' header"),
            (5, "scope is empty"),
            (6, "credentials doesn't match db data"),
            (7, "scope from db not fully includes consumed scope"),
        ] {
            let read = failure(status, format!("{{\"code\":{code},\"message\":\"{message}\"}}").as_bytes());
            assert_eq!(
                (read.kind, read.code, read.message),
                (FailureKind::Configuration, Some(code.to_string()), message.to_owned())
            );
        }
    }
    for status in [429, 500, 503] {
        assert_eq!(failure(status, b"").kind, FailureKind::Retry);
    }
    assert!(failure(400, b"").message.contains("400"));
}

#[test]
fn secret_never_logged() {
    let asked = token_request("c2VjcmV0", "GIGACHAT_API_PERS", "r");
    assert!(!format!("{asked:?}").contains("c2VjcmV0"));
    assert!(!format!("{:?}", Token { value: "c2VjcmV0".to_owned(), expires_at_ms: 1 }).contains("c2VjcmV0"));
}

proptest! {
    #[test]
    fn every_rquid_is_of_version_4(random in any::<[u8; 16]>()) {
        let id = rquid(random);
        prop_assert_eq!(id.len(), 36);
        prop_assert_eq!(&id[14..15], "4");
        prop_assert_eq!("89ab".contains(&id[19..20]), true);
    }
}
