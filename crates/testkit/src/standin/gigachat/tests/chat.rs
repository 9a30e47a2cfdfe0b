use serde_json::{Value, json};

use super::super::{CENSORED, GigaChatOptions};
use super::{desk, hello, put_together};

const PATH: &str = "/api/v1/chat/completions";

async fn refusal(body: &Value) -> (u16, String) {
    let told = desk(GigaChatOptions::default()).post(PATH, body).await;
    (told.status.as_u16(), told.json()["message"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn enforces_system_first_roles_and_string_content() {
    let messages = |messages: Value| json!({ "model": "GigaChat-2", "messages": messages });
    let late = messages(json!([{ "role": "user", "content": "u" }, { "role": "system", "content": "s" }]));
    assert_eq!(refusal(&late).await, (422, "system message must be the first message".to_owned()));
    for wrong in [
        json!([]),
        json!([{ "role": "tool", "content": "x" }]),
        json!([{ "role": "user", "content": null }]),
        json!([{ "role": "user", "content": [{ "type": "text", "text": "x" }] }]),
        json!([{ "role": "assistant", "content": "", "function_call": { "name": "f", "arguments": "{}" } }]),
        json!([{ "role": "function", "name": "f", "content": "{}" }]),
        json!([{ "role": "assistant", "content": "", "function_call": { "name": "f", "arguments": {} } },
            { "role": "function", "name": "f", "content": "plain" }]),
    ] {
        assert_eq!(refusal(&messages(wrong.clone())).await.0, 422, "{wrong}");
    }
    let mut unknown = hello("x");
    unknown["model"] = json!("gpt-4");
    assert_eq!(refusal(&unknown).await, (404, "No such model".to_owned()));
    let mut cold = hello("x");
    cold["temperature"] = json!(0);
    assert_eq!(refusal(&cold).await.0, 422);
    assert_eq!(refusal(&json!("nonsense")).await.0, 422);
}

#[tokio::test]
async fn streamed_or_not_the_answer_is_the_same() {
    let desk = desk(GigaChatOptions::default());
    let whole = desk.post(PATH, &hello("Hello, мир")).await.json();
    let mut asked = hello("Hello, мир");
    asked["stream"] = json!(true);
    let told = desk.post(PATH, &asked).await;
    let (text, chunks) = put_together(&told.text);
    assert_eq!(whole["choices"][0]["message"]["content"], text.as_str());
    assert!(text.ends_with("You wrote: Hello, мир"));
    assert!(told.text.starts_with('\n') && told.text.ends_with("data: [DONE]\n\n"));
    assert_eq!(chunks.last().unwrap()["usage"], whole["usage"]);
    assert_eq!(chunks[0]["object"], "chat.completion");
    assert_eq!(chunks[0].get("id"), None);
}

fn with_function(said: &str) -> Value {
    let mut body = hello(said);
    body["functions"] = json!([{ "name": "get_weather", "parameters": { "type": "object", "properties": {
        "city": { "type": "string" }, "unit": { "type": "string", "enum": ["c", "f"] }, "days": { "type": "integer" } } } }]);
    body["function_call"] = json!("auto");
    body
}

#[tokio::test]
async fn calls_the_first_function_when_asked_and_reads_its_result() {
    let desk = desk(GigaChatOptions::default());
    let whole = desk.post(PATH, &with_function("Погода в Москве?")).await.json();
    let message = &whole["choices"][0]["message"];
    let call = json!({ "name": "get_weather", "arguments": { "city": "Погода в Москве?", "unit": "c", "days": 1 } });
    assert_eq!(message["function_call"], call);
    assert_eq!(message["functions_state_id"].as_str().unwrap().len(), 36);
    assert_eq!(whole["choices"][0]["finish_reason"], "function_call");
    let mut next = with_function("Погода в Москве?");
    let history = next["messages"].as_array_mut().unwrap();
    history.push(message.clone());
    history.push(json!({ "role": "function", "name": "get_weather", "content": "{\"t\":-3}" }));
    let told = desk.post(PATH, &next).await.json();
    assert!(told["choices"][0]["message"]["content"].as_str().unwrap().ends_with("{\"t\":-3}"));
    for (how, finish) in [(Value::Null, "function_call"), (json!("none"), "stop")] {
        let mut asked = with_function("Погода в Москве?");
        asked["function_call"] = how;
        assert_eq!(desk.post(PATH, &asked).await.json()["choices"][0]["finish_reason"], finish);
    }
    let mut streamed = with_function("weather");
    streamed["stream"] = json!(true);
    let (_, chunks) = put_together(&desk.post(PATH, &streamed).await.text);
    assert!(chunks.iter().any(|chunk| chunk["choices"][0]["delta"]["function_call"]["arguments"].is_object()));
}

#[tokio::test]
async fn schemas_keep_to_the_subset() {
    for parameters in [
        json!({ "type": "object" }),
        json!({ "type": "object", "properties": { "a": {} } }),
        json!({ "type": "object", "properties": { "a": { "$ref": "#/x" } } }),
        json!({ "type": "object", "properties": { "a": { "type": "integer", "enum": [1] } } }),
    ] {
        let mut body = hello("x");
        body["functions"] = json!([{ "name": "f", "parameters": parameters }]);
        assert_eq!(refusal(&body).await.0, 422, "{parameters}");
    }
}

#[tokio::test]
async fn censorship_comes_with_status_200() {
    let told = desk(GigaChatOptions::default()).post(PATH, &hello(CENSORED)).await;
    assert_eq!((told.status.as_u16(), &told.json()["choices"][0]["finish_reason"]), (200, &json!("blacklist")));
}

#[tokio::test]
async fn structured_output_fits_its_schema() {
    let mut body = hello("Пётр");
    body["response_format"] = json!({ "type": "json_schema", "schema": { "type": "object", "properties": {
        "name": { "type": "string" }, "tags": { "type": "array", "items": { "$ref": "#/$defs/T" } } },
        "$defs": { "T": { "enum": ["x"] } } } });
    let told = desk(GigaChatOptions::default()).post(PATH, &body).await.json();
    let content = told["choices"][0]["message"]["content"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(content).unwrap(), json!({ "name": "Пётр", "tags": ["x"] }));
    body["response_format"] = json!({ "type": "json_object" });
    assert_eq!(refusal(&body).await.0, 422);
}

#[tokio::test]
async fn max_tokens_ends_in_length() {
    let mut body = hello("Hello");
    body["max_tokens"] = json!(2);
    let told = desk(GigaChatOptions::default()).post(PATH, &body).await.json();
    assert_eq!(told["choices"][0]["finish_reason"], "length");
    assert_eq!(told["choices"][0]["message"]["content"].as_str().unwrap().len(), 8);
}

#[tokio::test]
async fn contract_v2_has_named_events_and_no_terminator() {
    let desk = desk(GigaChatOptions::default());
    let tool = json!({ "functions": { "specifications": [{ "name": "f", "parameters": { "type": "object",
        "properties": { "id": { "type": "string" } } } }] } });
    let mut body = json!({ "model": "GigaChat-3-Ultra", "messages": [{ "role": "user", "content": [{ "text": "A-1" }] }],
        "tools": [tool], "tool_config": { "mode": "forced", "function_name": "f" } });
    let whole = desk.post("/api/v2/chat/completions", &body).await.json();
    let message = &whole["messages"][0];
    assert_eq!(message["content"][0]["function_call"], json!({ "name": "f", "arguments": { "id": "A-1" } }));
    assert!(message["tool_state_id"].is_string() && whole["finish_reason"] == "function_call");
    body["stream"] = json!(true);
    body["tool_config"] = json!({ "mode": "none" });
    let events = desk.post("/api/v2/chat/completions", &body).await.text;
    assert!(events.starts_with("event: response.message.delta\n") && !events.contains("[DONE]"));
    assert!(events.contains("event: response.message.done\n"));
}

#[tokio::test]
async fn embeddings_counts_and_files() {
    let desk = desk(GigaChatOptions::default());
    let input = json!({ "model": "Embeddings", "input": ["one", "two"] });
    let told = desk.post("/api/v1/embeddings", &input).await.json();
    assert_eq!(told["data"][1]["usage"]["prompt_tokens"], 1);
    assert_eq!(told["data"][1]["embedding"].as_array().unwrap().len(), 1024);
    assert_eq!(told.get("usage"), None);
    let one = json!({ "model": "Embeddings", "input": "one" });
    assert_eq!(desk.post("/api/v1/embeddings", &one).await.status.as_u16(), 422);
    let counted =
        desk.post("/api/v1/tokens/count", &json!({ "model": "GigaChat-2", "input": ["Привет"] })).await.json();
    assert_eq!(counted, json!([{ "object": "tokens", "tokens": 3, "characters": 6 }]));
    let multipart = "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\ngeneral\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nabc\r\n--b--\r\n";
    let bearer = format!("Bearer {}", desk.token().await);
    let headers =
        [("authorization", bearer.as_str()), ("user-agent", "t"), ("content-type", "multipart/form-data; boundary=b")];
    let file = desk.send("POST", "/api/v1/files", &headers, multipart).await.json();
    assert_eq!((&file["bytes"], &file["filename"], &file["purpose"]), (&json!(3), &json!("a.txt"), &json!("general")));
    let path = format!("/api/v1/files/{}", file["id"].as_str().unwrap());
    assert_eq!(desk.send("GET", &format!("{path}/content"), &headers, "").await.text, "abc");
    let mut asked = hello("what?");
    asked["messages"][0]["attachments"] = json!([file["id"]]);
    assert_eq!(desk.post(PATH, &asked).await.status.as_u16(), 200);
    assert_eq!(desk.send("POST", &format!("{path}/delete"), &headers, "").await.json()["deleted"], true);
    assert_eq!(desk.post(PATH, &asked).await.status.as_u16(), 404);
}
