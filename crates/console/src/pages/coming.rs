//! An answer of a model as it comes: OpenAI's events, read as far as somebody wants to see.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;
use tokio::sync::mpsc;

/// Bytes of one event that are read at most; of a refusal, as much.
const EVENT_BYTES_MAX: usize = 1 << 20;

/// Bytes of an answer that are shown at most.
const TEXT_BYTES_MAX: usize = 1 << 20;

/// An answer that comes.
pub struct Coming {
    pub status: StatusCode,
    /// The request's id.
    pub request: Option<String>,
    /// What came so far.
    pub text: String,
    /// Why it was cut, where it was.
    pub cut: Option<String>,
    rest: mpsc::Receiver<Bytes>,
    unread: Vec<u8>,
}

impl Coming {
    pub fn of(got: Response<mpsc::Receiver<Bytes>>) -> Self {
        let id = got.headers().get("x-freehold-request").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self {
            status: got.status(),
            request: id,
            text: String::new(),
            cut: None,
            rest: got.into_body(),
            unread: Vec::new(),
        }
    }

    /// What comes next of the text; none at its end.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            let end = self.unread.windows(2).position(|two| two == b"\n\n");
            if let Some(end) = end {
                let event: Vec<u8> = self.unread.drain(..end + 2).collect();
                match self.heard(&event) {
                    Some(text) if !text.is_empty() => return Some(text),
                    _ => continue,
                }
            }
            let bytes = self.rest.recv().await?;
            if self.unread.len() > EVENT_BYTES_MAX || self.text.len() > TEXT_BYTES_MAX {
                // What is dropped here tells the gateway that nobody reads on.
                self.rest.close();
                self.cut = Some(format!("more than {TEXT_BYTES_MAX} bytes"));
                return None;
            }
            self.unread.extend_from_slice(&bytes);
        }
    }

    /// Waits until all of it has come.
    pub async fn wait(&mut self) {
        if self.status.is_success() {
            while self.next().await.is_some() {}
            return;
        }
        while let Some(bytes) = self.rest.recv().await.filter(|_| self.unread.len() <= EVENT_BYTES_MAX) {
            self.unread.extend_from_slice(&bytes);
        }
    }

    /// The text that came, or what a refusal says.
    pub fn said(&self) -> String {
        if self.status.is_success() {
            return self.text.clone();
        }
        let body: Value = serde_json::from_slice(&self.unread).unwrap_or_default();
        format!("{} {}", self.status.as_u16(), why(&body["error"]))
    }

    /// What an event adds to the text.
    fn heard(&mut self, event: &[u8]) -> Option<String> {
        let event = String::from_utf8_lossy(event);
        let data = event.lines().find_map(|line| line.strip_prefix("data:"))?;
        let value: Value = serde_json::from_str(data.trim()).ok()?;
        if value["error"].is_object() {
            self.cut = Some(why(&value["error"]));
        }
        let text = value["choices"][0]["delta"]["content"].as_str()?.to_owned();
        self.text.push_str(&text);
        Some(text)
    }
}

fn why(error: &Value) -> String {
    format!("{}: {}", error["code"].as_str().unwrap_or("–"), error["message"].as_str().unwrap_or("–"))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::Response;
    use tokio::sync::mpsc;

    use super::Coming;

    async fn told(status: u16, parts: &[&str]) -> (Vec<String>, Coming) {
        let (send, rest) = mpsc::channel(parts.len().max(1));
        for part in parts {
            send.try_send(Bytes::from((*part).to_owned())).unwrap();
        }
        drop(send);
        let mut coming = Coming::of(Response::builder().status(status).body(rest).unwrap());
        let mut seen = Vec::new();
        while let Some(text) = coming.next().await {
            seen.push(text);
        }
        (seen, coming)
    }

    #[tokio::test]
    async fn events_are_read_however_they_were_cut() {
        let event = |text: &str| format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n");
        let all = format!(": a comment\n\n{}{}data: [DONE]\n\n", event("Добрый "), event("день"));
        for size in [1, 2, 7, 1_000] {
            let cut = all.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect::<Vec<_>>();
            let (send, rest) = mpsc::channel(cut.len());
            cut.into_iter().for_each(|part| send.try_send(part).unwrap());
            drop(send);
            let mut coming = Coming::of(Response::new(rest));
            coming.wait().await;
            assert_eq!((coming.said().as_str(), coming.cut), ("Добрый день", None), "{size}");
        }
    }

    #[tokio::test]
    async fn a_cut_is_told_and_what_came_before_it_stays() {
        let cut = "data: {\"error\":{\"code\":\"cut_off\",\"message\":\"a drill\"}}\n\n";
        let (seen, coming) = told(200, &["data: {\"choices\":[{\"delta\":{\"content\":\"A\"}}]}\n\n", cut]).await;
        assert_eq!((seen, coming.cut.as_deref()), (vec!["A".to_owned()], Some("cut_off: a drill")));
    }

    #[tokio::test]
    async fn an_answer_without_an_end_is_cut_and_said_to_be() {
        let event = format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{}\"}}}}]}}\n\n", "a".repeat(700_000));
        let (seen, coming) = told(200, &[&event, &event, &event, &event]).await;
        assert_eq!((seen.len(), coming.cut.is_some()), (2, true));
        let (seen, coming) = told(200, &[&"a".repeat(2_000_000), "data: [DONE]\n\n"]).await;
        assert_eq!((seen.len(), coming.cut.is_some()), (0, true), "one event without an end");
    }
}
