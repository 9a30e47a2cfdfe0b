//! Vectors of texts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::fixture::{ENCODER_WIDTH, Gguf, babbler, encoder};
use crate::harness::{Engine, chat_body, stream_text};

const PATH: &str = "/v1/embeddings";
/// `bert.pooling_type`.
const MEAN: u32 = 1;
const CLS: u32 = 2;
const RANK: u32 = 4;

impl Engine {
    async fn embed(&self, body: Value) -> (u16, Value) {
        self.client().await.post(PATH, &body).await
    }

    async fn vectors(&self, input: Value) -> Vec<Vec<f32>> {
        let (status, answer) = self.embed(json!({ "input": input })).await;
        assert_eq!(status, 200, "{answer}");
        let data = answer["data"].as_array().expect("a list");
        for (index, entry) in data.iter().enumerate() {
            assert_eq!((&entry["index"], &entry["object"]), (&json!(index), &json!("embedding")));
        }
        data.iter().map(|entry| serde_json::from_value(entry["embedding"].clone()).expect("numbers")).collect()
    }
}

fn close(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 2e-3)
}

/// What the encoder's file says of a row, computed here.
fn row(gguf: &Gguf, token: usize, place: usize) -> Vec<f32> {
    let part = |name: &str, number: usize| {
        let (_, _, numbers) = gguf.tensors.iter().find(|(found, ..)| found == name).expect("a tensor");
        numbers[number * ENCODER_WIDTH..(number + 1) * ENCODER_WIDTH].to_vec()
    };
    let parts = [part("token_embd.weight", token), part("token_types.weight", 0), part("position_embd.weight", place)];
    let sum: Vec<f32> = (0..ENCODER_WIDTH).map(|at| parts.iter().map(|part| part[at]).sum()).collect();
    let mean = sum.iter().sum::<f32>() / ENCODER_WIDTH as f32;
    let spread = (sum.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / ENCODER_WIDTH as f32).sqrt();
    sum.iter().map(|x| (x - mean) / spread).collect()
}

fn unit(vector: &[f32]) -> Vec<f32> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.iter().map(|x| x / length).collect()
}

#[tokio::test]
async fn an_encoders_vectors_are_what_its_file_says() {
    // [CLS] two [SEP]
    let tokens = [2, 6, 3];
    let gguf = encoder(CLS);
    let expected = unit(&row(&gguf, tokens[0], 0));
    let engine = Engine::with(&gguf, |_| {}).await;
    let [vector] = &engine.vectors(json!("two")).await[..] else { panic!("one vector") };
    assert!(close(vector, &expected), "{vector:?} {expected:?}");

    let gguf = encoder(MEAN);
    let rows: Vec<Vec<f32>> = tokens.iter().enumerate().map(|(place, token)| row(&gguf, *token, place)).collect();
    let sum: Vec<f32> = (0..ENCODER_WIDTH).map(|at| rows.iter().map(|row| row[at]).sum()).collect();
    let engine = Engine::with(&gguf, |_| {}).await;
    let vectors = engine.vectors(json!(["two", "one two three", [2, 6, 3]])).await;
    assert!(close(&vectors[0], &unit(&sum)), "{:?}", vectors[0]);
    assert_eq!(vectors[0], vectors[2], "numbers of tokens are taken as they are");
    assert!(!close(&vectors[0], &vectors[1]));
}

#[tokio::test]
async fn an_encoder_does_not_answer_and_says_so() {
    let engine = Engine::with(&encoder(MEAN), |_| {}).await;
    let (status, answer) = engine.chat(json!({})).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!("unsupported_parameter")), "{answer}");
    assert!(answer["error"]["message"].as_str().expect("words").contains("/v1/embeddings"));
    let (_, models) = engine.client().await.get("/v1/models").await;
    assert_eq!(models["data"][0]["freehold"]["note"], Value::Null, "a chat template is not missed");
}

#[tokio::test]
async fn a_writer_makes_vectors_too_and_goes_on_writing() {
    let engine = Engine::start().await;
    let alone = engine.vectors(json!("hello")).await;
    assert_eq!(alone[0].len(), 64);
    let length: f32 = alone[0].iter().map(|x| x * x).sum();
    assert!((length - 1.0).abs() < 1e-4, "{length}");
    let body = chat_body(json!({"stream": true, "max_tokens": 100}));
    let quiet = stream_text(&engine.client().await.stream("/v1/chat/completions", &body).await);
    let mut client = engine.client().await;
    let many: Vec<String> = (0..50).map(|n| format!("text {n}")).chain(["hello".into()]).collect();
    let (stream, vectors) = tokio::join!(client.stream("/v1/chat/completions", &body), engine.vectors(json!(many)));
    assert_eq!(stream_text(&stream), quiet, "an answer is not disturbed");
    assert!(close(&vectors[50], &alone[0]), "a vector does not depend on its company");
}

#[tokio::test]
async fn base64_holds_the_same_numbers_and_usage_counts_tokens() {
    let engine = Engine::with(&encoder(MEAN), |_| {}).await;
    let numbers = engine.vectors(json!("one two")).await;
    let body = json!({"input": "one two", "encoding_format": "base64", "dimensions": ENCODER_WIDTH, "user": "u"});
    let (status, answer) = engine.embed(body).await;
    assert_eq!(status, 200, "{answer}");
    let bytes = STANDARD.decode(answer["data"][0]["embedding"].as_str().expect("text")).expect("base64");
    let decoded: Vec<f32> = bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
    assert_eq!(decoded, numbers[0]);
    assert_eq!(answer["usage"], json!({"prompt_tokens": 4, "total_tokens": 4}));
    assert_eq!((&answer["object"], &answer["model"]), (&json!("list"), &json!("encoder")));
    assert!(answer["freehold"]["cpu_s"].is_number());
}

#[tokio::test]
async fn what_cannot_be_embedded_is_refused() {
    let engine = Engine::with(&encoder(MEAN), |_| {}).await;
    let long = "one ".repeat(200);
    let cases = [
        (json!({"input": long}), "context_length_exceeded", "input"),
        (json!({"input": vec![5; 60]}), "context_length_exceeded", "input"),
        (json!({"input": [9999]}), "invalid_value", "input"),
        (json!({"input": "one", "dimensions": 16}), "invalid_value", "dimensions"),
        (json!({}), "invalid_value", "input"),
    ];
    for (body, code, param) in cases {
        let (status, answer) = engine.embed(body).await;
        assert_eq!((status, &answer["error"]["code"], &answer["error"]["param"]), (400, &json!(code), &json!(param)));
    }
    assert_eq!(engine.embed(json!({"input": "one"})).await.0, 200, "the engine lives on");

    let ranks = Engine::with(&encoder(RANK), |_| {}).await;
    let (status, answer) = ranks.embed(json!({"input": "one"})).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!("unsupported_parameter")), "{answer}");
}

#[tokio::test]
async fn lists_of_two_apps_take_turns() {
    let engine = Engine::with(&babbler(), |_| {}).await;
    let long: Vec<String> = (0..400).map(|n| format!("a long list of many texts {n}")).collect();
    let mut flood = engine.client().await;
    let mut calm = engine.client().await;
    let flood = async move { flood.send("POST", PATH, "flood", json!({"input": long}).to_string()).await };
    let calm = async move {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        calm.send("POST", PATH, "calm", json!({"input": "x"}).to_string()).await
    };
    let (flood, calm) = (std::pin::pin!(flood), std::pin::pin!(calm));
    let first = futures_first(flood, calm).await;
    assert_eq!(first, "calm");
}

async fn futures_first(flood: impl Future, calm: impl Future) -> &'static str {
    tokio::select! {
        _ = flood => "flood",
        _ = calm => "calm",
    }
}
