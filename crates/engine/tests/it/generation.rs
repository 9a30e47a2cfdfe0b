//! Answers: whole and streamed, seeds, stops, limits, numbers.

use serde_json::{Value, json};

use crate::fixture::babbler;
use crate::harness::{Engine, chat_body, stream_text, text};

#[tokio::test]
async fn a_chat_is_answered_and_says_what_answered() {
    let engine = Engine::start().await;
    let answer = engine.answer(json!({})).await;
    assert_eq!(answer["object"], "chat.completion");
    assert_eq!(answer["model"], "babbler");
    assert_eq!(answer["choices"][0]["message"]["role"], "assistant");
    assert!(!text(&answer).is_empty());
    let usage = &answer["usage"];
    let count = |name: &str| usage[name].as_u64().expect("a count");
    assert_eq!(count("total_tokens"), count("prompt_tokens") + count("completion_tokens"));
    assert_eq!(usage["prompt_tokens_details"]["cached_tokens"], 0);
    // "user", "hello" (one merged pair), "assistant", line ends and three special tokens.
    assert_eq!(count("prompt_tokens"), 3 + 4 + 1 + 4 + 1 + 9 + 1);
    let about = &answer["freehold"];
    assert_eq!(about["toy"], true);
    assert!(about["note"].as_str().expect("a note").starts_with("a toy of "));
    assert!(about["engine"].as_str().expect("a name").starts_with("llama.cpp"));
    assert!(about["cpu_s"].as_f64().expect("seconds") > 0.0);
    let known = about["energy_method"] != "unknown";
    assert_eq!(about["energy_j"].is_number(), known);
    engine.handle.shutdown().await;
}

#[tokio::test]
async fn a_stream_is_the_same_text_in_whole_characters() {
    let engine = Engine::start().await;
    for limit in [1, 7, 60] {
        let extra = json!({"max_tokens": limit, "stream_options": {"include_usage": true}});
        let whole = engine.answer(extra.clone()).await;
        let mut body = chat_body(extra);
        body["stream"] = json!(true);
        let events = engine.client().await.stream("/v1/chat/completions", &body).await;
        assert_eq!(stream_text(&events), text(&whole));
        assert_eq!(events.last().map(String::as_str), Some("[DONE]"));
        let parsed: Vec<Value> = events.iter().filter_map(|e| serde_json::from_str(e).ok()).collect();
        assert_eq!(parsed[0]["choices"][0]["delta"]["role"], "assistant");
        let usage = &parsed[parsed.len() - 1];
        assert_eq!((usage["choices"].as_array().map(Vec::len), &usage["usage"]), (Some(0), &whole["usage"]));
        let last = &parsed[parsed.len() - 2];
        assert_eq!(last["choices"][0]["finish_reason"], whole["choices"][0]["finish_reason"]);
        assert_eq!(last["freehold"]["toy"], true);
    }
}

#[tokio::test]
async fn plain_completions_work_both_ways() {
    let engine = Engine::start().await;
    let body = json!({"prompt": "hello", "temperature": 0, "max_tokens": 9});
    let mut client = engine.client().await;
    let (status, whole) = client.post("/v1/completions", &body).await;
    assert_eq!((status, &whole["object"]), (200, &json!("text_completion")));
    assert_eq!(whole["usage"]["prompt_tokens"], 4);
    let mut streamed = body.clone();
    streamed["stream"] = json!(true);
    let events = client.stream("/v1/completions", &streamed).await;
    let piece = |e: &String| serde_json::from_str::<Value>(e).ok()?["choices"][0]["text"].as_str().map(String::from);
    let joined: String = events.iter().filter_map(piece).collect();
    assert_eq!(whole["choices"][0]["text"], json!(joined));
    let tokens = json!({"prompt": [256, 108, 108, 111], "temperature": 0, "max_tokens": 9});
    let (_, by_tokens) = client.post("/v1/completions", &tokens).await;
    assert_eq!(by_tokens["usage"]["prompt_tokens"], 4);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_answer() {
    let engine = Engine::start().await;
    let with = |seed: u64| json!({"temperature": 1, "top_p": 0.9, "seed": seed});
    let first = engine.answer(with(1)).await;
    assert_eq!(text(&engine.answer(with(1)).await), text(&first));
    assert_ne!(text(&engine.answer(with(2)).await), text(&first));
    let free = json!({"temperature": 1.5});
    assert_ne!(text(&engine.answer(free.clone()).await), text(&engine.answer(free).await));
}

#[tokio::test]
async fn a_stop_word_ends_the_answer_and_is_never_shown() {
    let engine = Engine::start().await;
    let whole = engine.answer(json!({"max_tokens": 60})).await;
    let whole = text(&whole).to_string();
    let characters: Vec<(usize, char)> = whole.char_indices().collect();
    for at in [0, 5, characters.len() / 2] {
        // Three characters: it spans tokens.
        let start = characters[at].0;
        let stop: String = characters[at..at + 3].iter().map(|c| c.1).collect();
        let expected = &whole[..whole.find(&stop).unwrap_or(start)];
        let extra = json!({"max_tokens": 60, "stop": ["never to be seen", stop]});
        let answer = engine.answer(extra.clone()).await;
        assert_eq!(text(&answer), expected);
        assert_eq!(answer["choices"][0]["finish_reason"], "stop");
        let mut body = chat_body(extra);
        body["stream"] = json!(true);
        let events = engine.client().await.stream("/v1/chat/completions", &body).await;
        assert_eq!(stream_text(&events), expected);
    }
}

#[tokio::test]
async fn answers_end_at_the_limits() {
    let engine = Engine::start().await;
    let answer = engine.answer(json!({"max_tokens": 3})).await;
    assert_eq!(answer["usage"]["completion_tokens"], 3);
    assert_eq!(answer["choices"][0]["finish_reason"], "length");
    // Without a limit of its own: the context's (the bias forbids the ends of answers).
    let bias = json!({"257": -100, "259": -100});
    let answer = engine.answer(json!({"max_tokens": null, "logit_bias": bias})).await;
    assert_eq!(answer["usage"]["total_tokens"], 256);
    assert_eq!(answer["choices"][0]["finish_reason"], "length");
}

#[tokio::test]
async fn an_end_token_ends_the_answer() {
    let engine = Engine::start().await;
    let answer = engine.answer(json!({"logit_bias": {"259": 100}})).await;
    assert_eq!((text(&answer), &answer["choices"][0]["finish_reason"]), ("", &json!("stop")));
    assert_eq!(answer["usage"]["completion_tokens"], 1);
}

#[tokio::test]
async fn models_and_health_tell_the_truth() {
    let mut gguf = babbler();
    gguf.remove("general.tags");
    gguf.remove("tokenizer.chat_template");
    let engine = Engine::with(&gguf, |config| config.context_tokens = Some(128)).await;
    let mut client = engine.client().await;
    let (status, models) = client.get("/v1/models").await;
    assert_eq!((status, &models["data"][0]["id"]), (200, &json!("babbler")));
    let about = &models["data"][0]["freehold"];
    assert_eq!((&about["toy"], &about["context_tokens"]), (&json!(false), &json!(128)));
    assert_eq!(about["note"], "the model file has no chat template: ChatML is used");
    let (status, health) = client.get("/health").await;
    assert_eq!((status, &health["status"]), (200, &json!("ok")));
    assert!(health["engine"]["instruction_sets"].as_array().is_some_and(|s| !s.is_empty()));
    assert_eq!(engine.handle.status().engine.map(|e| e.threads), Some(1));
}
