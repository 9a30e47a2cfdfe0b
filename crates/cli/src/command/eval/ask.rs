//! One question over `/v1`, asked as any app asks.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Response;

use super::on_one_line;

/// How long an answer is waited for.
const TIMEOUT: Duration = Duration::from_secs(660);
/// How often a server is asked that says "later".
const TRIES: u32 = 6;
/// How long its "later" is believed.
const WAIT_MAX: Duration = Duration::from_secs(60);
/// More than any answer to a suite has.
const ANSWER_BYTES_MAX: u64 = 4 << 20;

/// A server and who asks it.
pub(super) struct Server {
    agent: Agent,
    url: String,
    key: String,
}

/// What is asked.
pub(super) struct Question<'a> {
    /// A route or a model.
    pub(super) model: &'a str,
    pub(super) system: Option<&'a str>,
    pub(super) prompt: &'a str,
    pub(super) max_tokens: u64,
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Heard {
    pub(super) text: String,
    /// The request's name in the records.
    pub(super) request: String,
    /// Who answered.
    pub(super) deployment: String,
    pub(super) took_ms: u64,
}

impl Server {
    pub(super) fn new(url: &str, key: &str) -> Self {
        let config = Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false);
        // Whom the operator named is asked, and nobody whom that one names or the environment does.
        let agent = config.max_redirects(0).proxy(None).build().into();
        let url = format!("{}/v1/chat/completions", url.trim_end_matches('/').trim_end_matches("/v1"));
        Self { agent, url, key: key.to_owned() }
    }

    /// Asks until there is an answer, or something else than "later".
    ///
    /// # Errors
    /// What the server or the network said.
    pub(super) fn ask(&self, question: &Question<'_>) -> Result<Heard, String> {
        let mut messages: Vec<Value> =
            question.system.iter().map(|text| json!({ "role": "system", "content": text })).collect();
        messages.push(json!({ "role": "user", "content": question.prompt }));
        let body = json!({
            "model": question.model, "messages": messages, "max_tokens": question.max_tokens, "temperature": 0,
        });
        let body = body.to_string();
        let mut tries = 0;
        loop {
            tries += 1;
            match self.once(&body)? {
                Reply::Heard(heard) => return Ok(heard),
                Reply::Later(_, why) if tries >= TRIES => return Err(why),
                // Nobody unparks this thread: it is a sleep that ends with the process.
                Reply::Later(wait, _) => std::thread::park_timeout(wait),
            }
        }
    }

    fn once(&self, body: &str) -> Result<Reply, String> {
        let started = Instant::now();
        let request = self.agent.post(&self.url).header("authorization", format!("Bearer {}", self.key));
        let sent = request.header("content-type", "application/json").send(body);
        let mut response = sent.map_err(|error| format!("{}: {error}", self.url))?;
        let text = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_string();
        let text = text.map_err(|error| format!("{}: {error}", self.url))?;
        let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let status = response.status().as_u16();
        let said: Value = serde_json::from_str(&text).unwrap_or_default();
        if status == 200 {
            let header = |name: &str| header(&response, name).unwrap_or_default();
            return match said["choices"][0]["message"]["content"].as_str() {
                Some(answer) => Ok(Reply::Heard(Heard {
                    text: answer.to_owned(),
                    request: header("x-freehold-request"),
                    deployment: header("x-freehold-deployment"),
                    took_ms,
                })),
                None => Err(format!("{}: 200 without choices[0].message.content", self.url)),
            };
        }
        let code = said["error"]["code"].as_str().unwrap_or("–");
        let why = format!("{status} {code}: {}", on_one_line(said["error"]["message"].as_str().unwrap_or_default()));
        let is_later =
            matches!((status, code), (429, "rate_limited") | (503, "no_deployment_available" | "limits_unavailable"));
        let wait = header(&response, "retry-after")
            .and_then(|it| it.parse().ok())
            .map_or(Duration::from_secs(1), Duration::from_secs);
        if is_later { Ok(Reply::Later(wait.min(WAIT_MAX), why)) } else { Err(why) }
    }
}

enum Reply {
    Heard(Heard),
    Later(Duration, String),
}

fn header<B>(response: &Response<B>, name: &str) -> Option<String> {
    Some(response.headers().get(name)?.to_str().ok()?.to_owned())
}
