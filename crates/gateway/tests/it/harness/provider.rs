use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gateway::Tasks;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::Events;

/// What a provider does with the next request.
#[derive(Clone)]
pub enum Act {
    /// Answers as it always does.
    Usual,
    /// Sends this, step by step, and closes.
    Script(Vec<Step>),
    /// Answers with a status, more header lines and a body.
    Status(u16, &'static str, String),
}

#[derive(Clone)]
pub enum Step {
    Send(String),
    Wait(Arc<Notify>),
    /// Says nothing until the gateway gives up.
    Hang,
    /// Sends these bytes, whatever they are.
    Bytes(Vec<u8>),
    /// Says nothing for so many milliseconds.
    Pause(u64),
    /// Ends the connection with a reset instead of a close.
    Reset,
}

/// A connection that can end rudely.
trait Rude {
    fn reset_when_closed(&self) {}
}

impl Rude for tokio::net::TcpStream {
    fn reset_when_closed(&self) {
        self.set_zero_linger().unwrap();
    }
}

impl Rude for tokio::net::UnixStream {}

/// A provider on loopback that does as told and keeps what it got.
pub struct Provider {
    address: SocketAddr,
    state: Arc<State>,
    folder: Option<tempfile::TempDir>,
}

struct State {
    name: &'static str,
    events: Events,
    acts: Mutex<VecDeque<Act>>,
    received: Mutex<Vec<(String, String)>>,
    connections: Mutex<usize>,
}

impl State {
    fn new(name: &'static str, events: &Events) -> Self {
        Self {
            name,
            events: events.clone(),
            acts: Mutex::default(),
            received: Mutex::default(),
            connections: Mutex::default(),
        }
    }
}

impl Provider {
    pub async fn start(name: &'static str, events: &Events, tasks: &Tasks) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State::new(name, events));
        let (shared, spawner) = (state.clone(), tasks.clone());
        tasks.spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                *shared.connections.lock().unwrap() += 1;
                let state = shared.clone();
                spawner.spawn(async move {
                    let _ = converse(stream, state).await;
                });
            }
        });
        Self { address, state, folder: None }
    }

    /// The same behind a Unix socket.
    pub fn start_unix(name: &'static str, events: &Events, tasks: &Tasks) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = tokio::net::UnixListener::bind(folder.path().join("socket")).unwrap();
        let state = Arc::new(State::new(name, events));
        let (shared, spawner) = (state.clone(), tasks.clone());
        tasks.spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let state = shared.clone();
                spawner.spawn(async move {
                    let _ = converse(stream, state).await;
                });
            }
        });
        Self { address: SocketAddr::from(([127, 0, 0, 1], 0)), state, folder: Some(folder) }
    }

    /// Where the socket lies.
    pub fn socket(&self) -> PathBuf {
        self.folder.as_ref().map(|folder| folder.path().join("socket")).unwrap()
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn will(&self, acts: impl IntoIterator<Item = Act>) {
        self.state.acts.lock().unwrap().extend(acts);
    }

    pub fn script(&self, steps: impl IntoIterator<Item = Step>) {
        self.will([Act::Script(steps.into_iter().collect())]);
    }

    /// Bodies received.
    pub fn bodies(&self) -> Vec<String> {
        self.state.received.lock().unwrap().iter().map(|(_, body)| body.clone()).collect()
    }

    /// Bodies received since this was asked last.
    pub fn take_bodies(&self) -> Vec<String> {
        std::mem::take(&mut *self.state.received.lock().unwrap()).into_iter().map(|(_, body)| body).collect()
    }

    /// Acts that nobody came for are forgotten.
    pub fn behave(&self) {
        self.state.acts.lock().unwrap().clear();
    }

    /// Header blocks received.
    pub fn heads(&self) -> Vec<String> {
        self.state.received.lock().unwrap().iter().map(|(head, _)| head.clone()).collect()
    }

    pub fn connections(&self) -> usize {
        *self.state.connections.lock().unwrap()
    }
}

/// A chunk of transfer coding.
fn framed(event: &str) -> String {
    format!("{:x}\r\n{event}\r\n", event.len())
}

/// The end of a chunked body.
pub const END: &str = "0\r\n\r\n";

/// An event of a stream that says a text.
pub fn chunk(says: &str) -> String {
    let says = serde_json::to_string(says).unwrap();
    format!(
        "data: {{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"small\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":{says}}},\"finish_reason\":null}}]}}\n\n"
    )
}

pub fn usage_chunk(input: u64, output: u64) -> String {
    format!(
        "data: {{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"small\",\"choices\":[],\"usage\":{{\"prompt_tokens\":{input},\"completion_tokens\":{output},\"total_tokens\":{}}}}}\n\n",
        input + output
    )
}

/// A whole answer that says a text.
pub fn answer(says: &str) -> String {
    let says = serde_json::to_string(says).unwrap();
    format!(
        "{{\"id\":\"a1\",\"object\":\"chat.completion\",\"model\":\"small\",\"unknown_field\":  [1, 2],\"choices\":[{{\"index\":0,\"message\":{{\"role\":\"assistant\",\"content\":{says}}},\"finish_reason\":\"stop\"}}],\"usage\":{{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}}}"
    )
}

async fn converse(mut stream: impl AsyncRead + AsyncWrite + Rude + Unpin, state: Arc<State>) -> std::io::Result<()> {
    loop {
        let Some((head, body)) = request(&mut stream, &state).await? else { return Ok(()) };
        let streamed = body.contains("\"stream\":true");
        let said = last_content(&body);
        state.received.lock().unwrap().push((head, body));
        let act = state.acts.lock().unwrap().pop_front().unwrap_or(Act::Usual);
        match act {
            Act::Usual if streamed => {
                let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
                let events = [chunk("You said: "), chunk(&said), usage_chunk(10, 5), "data: [DONE]\n\n".to_owned()];
                let body: String = events.iter().map(|event| framed(event)).collect();
                stream.write_all(format!("{head}{body}{END}").as_bytes()).await?;
            }
            Act::Usual => {
                let body = answer(&format!("You said: {said}"));
                reply(&mut stream, 200, "", &body).await?;
            }
            Act::Status(status, headers, body) => reply(&mut stream, status, headers, &body).await?,
            Act::Script(steps) => {
                for step in steps {
                    match step {
                        Step::Send(text) => stream.write_all(text.as_bytes()).await?,
                        Step::Wait(notify) => notify.notified().await,
                        Step::Hang => tokio::time::sleep(Duration::from_secs(20)).await,
                        Step::Bytes(bytes) => stream.write_all(&bytes).await?,
                        Step::Pause(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
                        Step::Reset => {
                            stream.reset_when_closed();
                            return Ok(());
                        }
                    }
                }
                return Ok(());
            }
        }
    }
}

async fn reply(stream: &mut (impl AsyncWrite + Unpin), status: u16, headers: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{headers}content-length: {length}\r\n\r\n");
    stream.write_all(format!("{head}{body}").as_bytes()).await
}

async fn request(stream: &mut (impl AsyncRead + Unpin), state: &State) -> std::io::Result<Option<(String, String)>> {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0u8; 4096];
        let read = stream.read(&mut part).await?;
        if read == 0 {
            return Ok(None);
        }
        if bytes.is_empty() {
            state.events.push(format!("{} got bytes", state.name));
        }
        bytes.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if body.len() >= length.unwrap_or(0) {
            return Ok(Some((head.to_owned(), body.to_owned())));
        }
    }
}

fn last_content(body: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    value["messages"].as_array().and_then(|all| all.last()?["content"].as_str()).unwrap_or_default().to_owned()
}
