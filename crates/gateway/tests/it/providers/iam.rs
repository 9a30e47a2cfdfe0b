//! Yandex's tokens: for a service account's key file, or for a person's OAuth token. The stand-in verifies each JWT
//! with the key file's public key; `tests/sdk/iam_witness.py` does so with libraries of others.

use std::time::Duration;

use testkit::{Fault, YandexGpt};

use super::tokens::futures;
use super::world::{Abroad, say};

/// A token of the stand-in serves twelve hours; after the first of them the next is fetched aside.
const HOUR_MS: u64 = 3_600_000;

#[tokio::test]
async fn one_signed_jwt_serves_all_who_come_at_once() {
    let world = Abroad::usual().await;
    let body = say("yandex", "hello", false);
    let replies = futures(16, || world.chat(&body)).await;
    // The stand-in lets ten run at a time; none of them lacks a token.
    assert!(replies.iter().all(|reply| [200, 429].contains(&reply.status)), "{replies:?}");
    assert_eq!(world.chat(&body).await.status, 200);
    assert_eq!(world.yandex.tokens_asked(), 1);
}

#[tokio::test]
async fn a_key_file_is_read_with_and_without_its_comment_line() {
    let world = Abroad::usual().await;
    let (comment, _) = YandexGpt::KEY_FILE.split_once("-----BEGIN PRIVATE").unwrap();
    let (_, comment) = comment.rsplit_once('"').unwrap();
    assert!(comment.starts_with("PLEASE DO NOT REMOVE"), "{comment}");
    assert_eq!(world.chat(&say("yandex", "hello", false)).await.status, 200);
    world.write("yandex.json", &YandexGpt::KEY_FILE.replace(comment, ""));
    world.reload("name = \"Test\"", "name = \"Test again\"");
    assert_eq!(world.chat(&say("yandex", "hello", false)).await.status, 200);
    assert_eq!(world.yandex.tokens_asked(), 2);
}

#[tokio::test]
async fn a_token_is_renewed_aside_after_an_hour_and_asked_for_anew_after_its_end() {
    let world = Abroad::usual().await;
    let body = say("yandex", "hello", false);
    assert_eq!(world.chat(&body).await.status, 200);
    world.advance(HOUR_MS - 1_000);
    assert_eq!(world.chat(&body).await.status, 200);
    assert_eq!(world.yandex.tokens_asked(), 1);
    world.advance(2_000);
    assert_eq!(world.chat(&body).await.status, 200);
    for _ in 0..200 {
        if world.yandex.tokens_asked() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(world.yandex.tokens_asked(), 2);
    world.advance(13 * HOUR_MS);
    assert_eq!(world.chat(&body).await.status, 200);
    assert_eq!(world.yandex.tokens_asked(), 3);
}

#[tokio::test]
async fn a_token_that_is_taken_back_is_replaced_once_unseen() {
    let world = Abroad::usual().await;
    assert_eq!(world.chat(&say("yandex", "one", false)).await.status, 200);
    world.yandex.revoke_tokens();
    let reply = world.chat(&say("yandex", "two", false)).await;
    assert_eq!((reply.status, reply.header("x-freehold-attempts")), (200, Some("1")), "{}", reply.body);
    assert_eq!(world.yandex.tokens_asked(), 2);
    assert!(!world.warnings().contains("credential"), "{}", world.warnings());
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_too_ends_it() {
    let world = Abroad::usual().await;
    let no = || Fault::Status { status: 401, retry_after_s: None };
    world.yandex.fail_next(vec![no(), no()]);
    let reply = world.chat(&say("yandex", "hello", false)).await;
    assert_eq!((reply.status, reply.code().as_str()), (502, "upstream_error"), "{}", reply.body);
    assert_eq!((world.received("yandex").len(), world.yandex.tokens_asked()), (2, 2));
    let warnings = world.warnings();
    assert!(warnings.contains("provider yandex: it refuses our credential"), "{warnings}");
}

#[tokio::test]
async fn a_persons_oauth_token_is_exchanged_and_never_sent_itself() {
    let world = Abroad::usual().await;
    world.write("yandex.json", "y0_AgAAAAstandinperson\n");
    world.reload("name = \"Test\"", "name = \"Test again\"");
    for _ in 0..2 {
        let reply = world.chat(&say("yandex", "hello", false)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
    assert_eq!(world.yandex.tokens_asked(), 1);
    let noted = serde_json::to_string(&world.yandex.received()).unwrap();
    assert!(!noted.contains("AgAAAAstandinperson"));
}

#[tokio::test]
async fn the_compatible_surface_takes_tokens_too() {
    let world = Abroad::usual().await;
    world.write("yandex.key", YandexGpt::KEY_FILE);
    let auth = format!("folder = \"{}\"\nauth_url = \"{}/iam/v1/tokens\"\n", "b1gstandin", world.yandex.base_url());
    let credential = "credential = { file = \"yandex.key\" }";
    world.reload(&format!("folder = \"b1gstandin\"\n{credential}"), &format!("{auth}{credential}"));
    let reply = world.chat(&say("yandex-compatible", "hello", false)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(world.yandex.tokens_asked(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_credential_is_the_operators_to_read_and_quotes_none_of_it() {
    let world = Abroad::usual().await;
    let stranger = YandexGpt::KEY_FILE.replace("ajestandinaccount001", "ajestranger");
    let unsigned = YandexGpt::KEY_FILE.replace("BEGIN PRIVATE KEY", "BEGIN RSA PRIVATE KEY");
    for (number, (credential, words)) in [
        (stranger.as_str(), "no token for our credential: JWT claims: wrong iss or aud"),
        ("y3_nobodys-token", "no token for our credential: OAuth token is invalid or expired"),
        ("{}", "its credential: it is not a key file: `id` is missing"),
        (&unsigned, "its credential: `private_key` is not a private key in PEM (PKCS #8)"),
    ]
    .into_iter()
    .enumerate()
    {
        world.write("yandex.json", credential);
        world.reload("name = \"Test\"", &format!("name = \"Test {number}\""));
        let asked = world.yandex.tokens_asked();
        for _ in 0..2 {
            let reply = world.chat(&say("yandex", "hello", false)).await;
            assert!(reply.status >= 500 && !reply.body.contains("nobodys"), "{}", reply.body);
        }
        assert!(world.yandex.tokens_asked() <= asked + 1, "a wrong key is not tried for each request");
        let warnings = world.warnings();
        assert!(warnings.contains(&format!("provider yandex: {words}")), "{warnings}");
        assert!(!warnings.contains("nobodys") && !warnings.contains("MII"), "{warnings}");
    }
    assert!(world.received("yandex").is_empty());
}

#[tokio::test]
async fn a_key_without_an_address_of_the_token_service_is_the_operators_to_set_right() {
    let world = Abroad::usual().await;
    world.reload(&format!("auth_url = \"{}/iam/v1/tokens\"\n", world.yandex.base_url()), "");
    assert!(world.warnings().contains("provider yandex: it has no auth_url"), "{}", world.warnings());
    assert!(world.chat(&say("yandex", "hello", false)).await.status >= 500);
}
