//! Slow streams for a bench: a model that says a word every 20 ms, and clients that hold many of its streams at once.
//!
//! `streams serve PORT`: the model. `streams load ADDRESS KEY STREAMS SECONDS`: prints as JSON how long the first word
//! took, in microseconds, over all streams begun after the first second, and how many streams broke.

use std::error::Error;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const WORDS: usize = 50;
const PAUSE: Duration = Duration::from_millis(20);
/// While streams begin one after the other, nothing is counted.
const WARM_UP: Duration = Duration::from_secs(1);
const BODY: &str =
    r#"{"model":"main","stream":true,"messages":[{"role":"user","content":"Say fifty words about the weather."}]}"#;

type Failed = Box<dyn Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve", port] => serve(port.parse()?).await,
        ["load", address, key, streams, seconds] => {
            load(address, key, streams.parse()?, Duration::from_secs(seconds.parse()?)).await
        }
        _ => Err("streams serve PORT | streams load ADDRESS KEY STREAMS SECONDS".into()),
    }
}

// === the model ===

async fn serve(port: u16) -> Result<(), Failed> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let mut clients = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await?;
        // A client that leaves ends its own stream.
        clients.spawn(async move { answer(stream).await.is_ok() });
        while clients.try_join_next().is_some() {}
    }
}

async fn answer(mut stream: TcpStream) -> Result<(), Failed> {
    stream.set_nodelay(true)?;
    let mut request = Vec::new();
    loop {
        request.clear();
        if !read_request(&mut stream, &mut request).await? {
            return Ok(());
        }
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        let mut due = Instant::now();
        stream.write_all(format!("{head}{}", event(&word("word ", None))).as_bytes()).await?;
        for _ in 1..WORDS {
            due += PAUSE;
            tokio::time::sleep_until(due.into()).await;
            stream.write_all(event(&word("word ", None)).as_bytes()).await?;
        }
        let end = format!("{}{}0\r\n\r\n", event(&word("", Some("stop"))), event("[DONE]"));
        stream.write_all(end.as_bytes()).await?;
    }
}

/// Reads one request; false where the client has left.
async fn read_request(stream: &mut TcpStream, request: &mut Vec<u8>) -> Result<bool, Failed> {
    loop {
        let text = String::from_utf8_lossy(request).to_ascii_lowercase();
        if let Some(end) = text.find("\r\n\r\n") {
            let length = text[..end].lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.map_or(Ok(0), |length| length.trim().parse())?;
            if request.len() >= end + 4 + length {
                return Ok(true);
            }
        }
        if stream.read_buf(request).await? == 0 {
            return Ok(false);
        }
    }
}

fn word(content: &str, finish: Option<&str>) -> String {
    let choice = json!({"index": 0, "delta": {"content": content}, "finish_reason": finish});
    json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}).to_string()
}

fn event(data: &str) -> String {
    format!("{:x}\r\ndata: {data}\n\n\r\n", data.len() + 8)
}

// === the clients ===

async fn load(address: &str, key: &str, streams: u32, time: Duration) -> Result<(), Failed> {
    let began = Instant::now();
    let mut clients = JoinSet::new();
    for number in 0..streams {
        let (address, key) = (address.to_owned(), key.to_owned());
        clients.spawn(async move {
            // They begin spread over a stream's length, and stay so.
            tokio::time::sleep(PAUSE * WORDS as u32 * number / streams).await;
            client(&address, &key, began, time).await
        });
    }
    let (mut first_us, mut broken) = (Vec::new(), 0);
    for client in clients.join_all().await {
        match client {
            Ok(mut times) => first_us.append(&mut times),
            Err(_) => broken += 1,
        }
    }
    first_us.sort_unstable();
    let at = |share: f64| first_us.get(((first_us.len().max(1) - 1) as f64 * share) as usize).copied().unwrap_or(0);
    println!("{}", json!({"streams": first_us.len(), "broken": broken, "p50_us": at(0.5), "p99_us": at(0.99)}));
    Ok(())
}

/// One stream after the other; how long the first word of each took.
async fn client(address: &str, key: &str, began: Instant, time: Duration) -> Result<Vec<u64>, Failed> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let head = "POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json";
    let request = format!("{head}\r\nauthorization: Bearer {key}\r\ncontent-length: {}\r\n\r\n{BODY}", BODY.len());
    let (mut times, mut seen) = (Vec::new(), Vec::new());
    while began.elapsed() < time {
        let asked = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        seen.clear();
        let mut first = None;
        while !seen.ends_with(b"0\r\n\r\n") {
            if stream.read_buf(&mut seen).await? == 0 {
                return Err("the connection ended".into());
            }
            if first.is_none() && contains(&seen, b"\"content\":\"word") {
                first = Some(asked.elapsed().as_micros() as u64);
            }
        }
        if !seen.starts_with(b"HTTP/1.1 200") || !contains(&seen, b"[DONE]") {
            return Err("the stream broke".into());
        }
        if asked.duration_since(began) > WARM_UP {
            times.extend(first);
        }
    }
    Ok(times)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
