use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::{prop_assert_eq, proptest};
use serde_json::{Value, json};

use crate::yandexgpt::auth::{Kind, authorization, mask};
use crate::yandexgpt::iam::{AUDIENCE, KeyFile, KeyProblem, Token, exchange_jwt, exchange_oauth, jwt};
use crate::yandexgpt::{paths, time};

#[test]
fn the_scheme_follows_from_the_kind_of_credential_and_white_space_is_stripped() {
    assert_eq!(authorization(" AQVNkey\n").unwrap(), "Api-Key AQVNkey");
    assert_eq!(authorization("t1.9euelZ\r\n").unwrap(), "Bearer t1.9euelZ");
    assert_eq!(authorization("y0_AgAAAA"), None, "must be exchanged first");
    assert_eq!(authorization("a b"), None);
    assert_eq!(authorization(" "), None);
    assert_eq!(Kind::of("y3_x"), Kind::OAuthToken);
}

#[test]
fn credentials_that_messages_echo_are_masked() {
    assert_eq!(mask("Unknown api key 'secret-1'"), "Unknown api key '***'");
    assert_eq!(mask("token t1.9euelZqMabcdef_-x expired"), "token *** expired");
    assert_eq!(mask("AQVNabcdefghijkl, y0_AgAAAABBBBCCC!"), "***, ***!");
    assert_eq!(mask("Ключ не подходит: folder_id=b1gexample0123"), "Ключ не подходит: folder_id=b1gexample0123");
    assert_eq!(mask("the api key is expired"), "the api key is expired");
}

fn key_file(pem: &str) -> Vec<u8> {
    json!({ "id": "ajekey", "service_account_id": "ajeaccount", "key_algorithm": "RSA_2048", "private_key": pem })
        .to_string()
        .into_bytes()
}

#[test]
fn a_key_file_is_read_with_and_without_its_leading_comment() {
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(b"not a key, but its place")
    );
    let plain = KeyFile::read(&key_file(&pem)).unwrap();
    let commented =
        KeyFile::read(&key_file(&format!("PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <ajekey>\n{pem}")))
            .unwrap();
    assert_eq!(plain, commented);
    assert_eq!(plain.private_key(), b"not a key, but its place");
    assert!(!format!("{plain:?}").contains("place") && !format!("{plain:?}").contains("110"));
    assert_eq!(KeyFile::read(b"{}"), Err(KeyProblem::Missing("id")));
    assert_eq!(KeyFile::read(&key_file("PEM")), Err(KeyProblem::Pem));
}

#[test]
fn header_and_claims_of_the_jwt_are_exact_and_an_hour_long() {
    let pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    let input = KeyFile::read(&key_file(pem)).unwrap().signing_input(1_764_000_000);
    let parts: Vec<Value> =
        input.split('.').map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()).collect();
    assert_eq!(parts[0], json!({ "typ": "JWT", "alg": "PS256", "kid": "ajekey" }));
    assert_eq!(parts[1], json!({ "iss": "ajeaccount", "aud": AUDIENCE, "iat": 1_764_000_000, "exp": 1_764_003_600 }));
    assert_eq!(jwt("a.b", &[0xfb, 0xff]), "a.b.-_8");
    assert_eq!(exchange_jwt("x"), br#"{"jwt":"x"}"#);
    assert_eq!(exchange_oauth("y0_x\n"), br#"{"yandexPassportOauthToken":"y0_x"}"#);
}

#[test]
fn a_token_is_renewed_after_an_hour_or_nine_tenths_of_its_life() {
    let reply = br#"{"iamToken":"t1.9euelZqM","expiresAt":"2025-11-24T16:00:00.123456789Z"}"#;
    let token = Token::read(reply).unwrap();
    assert_eq!(token.expires_s, 1_764_000_000);
    assert_eq!(token.renew_s(1_764_000_000 - 43_200), 1_764_000_000 - 43_200 + 3_600);
    assert_eq!(token.renew_s(1_764_000_000 - 1_000), 1_764_000_000 - 100);
    assert_eq!(token.renew_s(1_764_000_001), 1_764_000_001);
    assert!(!format!("{token:?}").contains("9euel"));
    let machine =
        Token::read_metadata(br#"{"access_token":"t1.x","expires_in":41000,"token_type":"Bearer"}"#, 100).unwrap();
    assert_eq!(machine.expires_s, 41_100);
    for broken in [
        &b"{}"[..],
        br#"{"iamToken":"a b","expiresAt":"2025-11-24T16:00:00Z"}"#,
        br#"{"iamToken":"t1.x","expiresAt":"soon"}"#,
    ] {
        assert_eq!(Token::read(broken), None);
    }
}

#[test]
fn times_have_no_to_nine_digits_after_the_second_and_any_zone() {
    for (text, expected) in [
        ("1970-01-01T00:00:00Z", Some(0)),
        ("2026-11-23T04:56:25.1Z", Some(1_795_409_785)),
        ("2026-11-23T07:56:25.123456789+03:00", Some(1_795_409_785)),
        ("2000-02-29T23:59:59Z", Some(951_868_799)),
        ("2026-11-23T04:56:25.1234567890Z", None),
        ("2026-13-23T04:56:25Z", None),
        ("2026-11-23T04:56:25", None),
        ("1969-12-31T23:59:59Z", None),
        ("2026-11-23Т04:56:25Z", None),
    ] {
        assert_eq!(time::seconds(text), expected, "{text}");
    }
}

#[test]
fn paths_take_no_strange_ids() {
    assert_eq!(paths::cancel("d7q").unwrap(), "/operations/d7q:cancel");
    assert_eq!(paths::operation("../x"), None);
}

proptest! {
    #[test]
    fn masking_leaves_ordinary_words_alone(text in "[а-я ,.!?]{0,40}") {
        prop_assert_eq!(mask(&text), text);
    }
}
