use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use wire::translate::Target;
use wire::yandexgpt::{Class, Operation, auth, compatible, error, iam, operation, paths};

use super::{Bench, KEY, NOW_S, back, bench, content, frames, read, target, user};
use crate::YandexGpt;

fn sign(input: &str, pss: bool) -> String {
    let key = iam::KeyFile::read(YandexGpt::KEY_FILE.as_bytes()).unwrap();
    let pair = RsaKeyPair::from_pkcs8(key.private_key()).unwrap();
    let mut signature = vec![0; pair.public().modulus_len()];
    let how: &dyn ring::signature::RsaEncoding = if pss { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
    pair.sign(how, &SystemRandom::new(), input.as_bytes(), &mut signature).unwrap();
    iam::jwt(input, &signature)
}

async fn exchange(bench: &Bench, jwt: &str) -> (u16, Vec<u8>) {
    bench.ask(paths::TOKENS, "", iam::exchange_jwt(jwt)).await
}

#[tokio::test]
async fn a_signed_jwt_buys_a_token_that_works_until_it_expires() {
    let bench = bench();
    let key = iam::KeyFile::read(YandexGpt::KEY_FILE.as_bytes()).unwrap();
    let (status, reply) = exchange(&bench, &sign(&key.signing_input(NOW_S), true)).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&reply));
    let token = iam::Token::read(&reply).unwrap();
    assert_eq!(token.expires_s, NOW_S + 12 * 3600);
    let bearer = auth::authorization(&token.token).unwrap();
    let body = json!({ "modelUri": "gpt://b1gstandin/yandexgpt/latest", "text": "Привет" }).to_string().into_bytes();
    assert_eq!(bench.ask(paths::TOKENIZE, &bearer, body.clone()).await.0, 200);
    bench.clock.advance(12 * 3600 * 1000);
    let (status, expired) = bench.ask(paths::TOKENIZE, &bearer, body).await;
    assert_eq!((status, error(status, &expired).class), (401, Class::Unauthenticated));
    let noted = serde_json::to_string(&bench.shared.state.received()).unwrap();
    assert!(!noted.contains(&token.token) && !noted.contains("eyJ"), "credentials are not shown");
}

#[tokio::test]
async fn a_jwt_with_a_wrong_signature_algorithm_claim_or_time_is_refused() {
    let bench = bench();
    let key = iam::KeyFile::read(YandexGpt::KEY_FILE.as_bytes()).unwrap();
    let good = sign(&key.signing_input(NOW_S), true);
    let (mut other, mut stranger) = (key.clone(), key.clone());
    other.id = "ajeother".to_owned();
    stranger.service_account_id = "ajeother".to_owned();
    let tampered = format!("{}A{}", &good[..good.len() - 9], &good[good.len() - 8..]);
    for jwt in [
        tampered,
        sign(&key.signing_input(NOW_S), false),
        sign(&other.signing_input(NOW_S), true),
        sign(&stranger.signing_input(NOW_S), true),
        sign(&key.signing_input(NOW_S - 7_200), true),
        sign(&key.signing_input(NOW_S + 600), true),
        "a.b.c".to_owned(),
    ] {
        let (status, body) = exchange(&bench, &jwt).await;
        let said: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((status, &said["code"]), (401, &json!(16)), "{said}");
        assert!(said["error"].is_string(), "the shape of calls with one answer");
    }
    assert_eq!(exchange(&bench, &good).await.0, 200);
}

#[tokio::test]
async fn a_wrong_key_is_refused_in_each_shape_and_only_the_compatible_surface_takes_a_key_as_bearer() {
    let bench = bench();
    let native = json!({ "modelUri": "gpt://b1gstandin/yandexgpt/latest", "text": "x", "messages": [] }).to_string();
    for (path, wrapped) in [(paths::COMPLETION, true), (paths::TOKENIZE, false)] {
        let (status, body) = bench.ask(path, "Api-Key AQVNwrong-but-secret", native.clone().into_bytes()).await;
        let failure = error(status, &body);
        assert_eq!((status, failure.class), (401, Class::Unauthenticated));
        assert!(
            String::from_utf8_lossy(&body).contains("AQVNwrong-but-secret")
                && !failure.error.message.contains("secret")
        );
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["error"].is_object(), wrapped);
    }
    let bearer = KEY.replace("Api-Key", "Bearer");
    assert_eq!(bench.ask(paths::TOKENIZE, &bearer, native.into_bytes()).await.0, 401);
    assert_eq!(bench.ask(paths::COMPATIBLE_MODELS, &bearer, Vec::new()).await.0, 200);
}

#[tokio::test]
async fn operations_run_end_fail_are_cancelled_and_expire() {
    let bench = bench();
    let begin = |said: &str| wire::yandexgpt::request(user(said).to_string().as_bytes(), &target()).unwrap().body;
    let start = async |said: &str| {
        let (_, body) = bench.ask(paths::COMPLETION_ASYNC, KEY, begin(said)).await;
        match operation(&body) {
            Operation::Running { id } => id,
            other => panic!("{other:?}"),
        }
    };
    let poll = async |path: String| bench.ask(&path, KEY, Vec::new()).await;
    let id = start("Привет").await;
    let path = paths::operation(&id).unwrap();
    assert!(matches!(operation(&poll(path.clone()).await.1), Operation::Running { .. }));
    let Operation::Done(answer) = operation(&poll(path).await.1) else { panic!("not done") };
    let answer = read(wire::yandexgpt::answer(&answer, &back()));
    assert!(answer["choices"][0]["message"]["content"].as_str().unwrap().ends_with("Привет"));
    let failing = paths::operation(&start("[fail]").await).unwrap();
    poll(failing.clone()).await;
    assert!(matches!(operation(&poll(failing).await.1), Operation::Failed(failure) if failure.class == Class::Invalid));
    let id = start("Привет").await;
    let (status, cancelled) = poll(paths::cancel(&id).unwrap()).await;
    assert!(status == 200 && matches!(operation(&cancelled), Operation::Failed(_)));
    let (status, gone) = poll("/operations/d7qnone".to_owned()).await;
    assert_eq!(error(status, &gone).class, Class::NotFound);
}

#[tokio::test]
async fn embeddings_fan_out_in_order_and_differ_by_model_on_both_surfaces() {
    let bench = bench();
    let mut seen = Vec::new();
    for model in ["text-search-doc", "text-search-query"] {
        let target = Target { model, ..target() };
        let asked = json!({ "input": ["а", "бв"], "model": "m" }).to_string();
        let out = wire::yandexgpt::embeddings_request(asked.as_bytes(), &target).unwrap();
        let same = compatible::embeddings_request(asked.as_bytes(), &target).unwrap();
        let (mut native, mut others) = (Vec::new(), Vec::new());
        for (one, other) in out.bodies.into_iter().zip(same.bodies) {
            let (_, answer) = bench.ask(paths::EMBEDDING, KEY, one).await;
            native.push(wire::yandexgpt::embeddings_answer(&answer).unwrap());
            let (_, answer) = bench.ask(paths::COMPATIBLE_EMBEDDINGS, KEY, other).await;
            others.push(compatible::embeddings_answer(&answer).unwrap());
        }
        assert_eq!(native, others);
        let merged: Value = serde_json::from_slice(&wire::yandexgpt::merge(&native, model, false)).unwrap();
        assert_eq!(merged["data"][0]["embedding"].as_array().unwrap().len(), 256);
        assert_ne!(merged["data"][0]["embedding"], merged["data"][1]["embedding"]);
        seen.push(merged["data"].clone());
    }
    assert_ne!(seen[0], seen[1]);
}

#[tokio::test]
async fn the_compatible_surface_with_its_quirks_comes_out_in_openais_form() {
    let bench = bench();
    let mut body = user("Привет 👩‍👧");
    let out = compatible::request(body.to_string().as_bytes(), &target()).unwrap();
    let (_, bytes) = bench.ask(paths::COMPATIBLE_CHAT, KEY, out.body).await;
    let whole = read(compatible::answer(&bytes, &back()));
    body["stream"] = json!(true);
    let out = compatible::request(body.to_string().as_bytes(), &target()).unwrap();
    let (_, bytes) = bench.ask(paths::COMPATIBLE_CHAT, KEY, out.body).await;
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(!text.contains("\"finish_reason\":null") && text.contains("\"choices\":[],\"usage\""));
    let data = frames(&mut compatible::Stream::new(back(), 1 << 20), &bytes);
    assert_eq!(whole["choices"][0]["message"]["content"], content(&data).as_str());
    assert_eq!(data.last().unwrap(), "[DONE]");
    let mut body = user("[filter] Привет");
    body["stream"] = json!(true);
    let out = compatible::request(body.to_string().as_bytes(), &target()).unwrap();
    let (_, bytes) = bench.ask(paths::COMPATIBLE_CHAT, KEY, out.body).await;
    let data = frames(&mut compatible::Stream::new(back(), 1 << 20), &bytes);
    assert!(!content(&data).contains("сменим тему") && data.iter().any(|data| data.contains("content_filter")));
}
