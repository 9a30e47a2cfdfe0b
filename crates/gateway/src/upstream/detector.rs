//! A detector outside the program: a service at home that is asked where texts hold personal data.
//!
//! `POST {"texts": ["…"]}`, answered by `{"spans": [[{"start", "end", "kind", "class"}]]}`: a list for each text, with
//! places counted in Unicode characters.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::Full;
use realm::world::{self, OnFailure, Timeouts};
use realm::{Clock, DataClass, DetectorId};
use serde::{Deserialize, Serialize};

use super::address::{Address, Certificates, Surroundings};
use super::pool::Pool;
use super::sockets::Sockets;
use crate::detect::{Kind, Span, Told};
use crate::tasks::Tasks;

/// The longest answer: spans are shorter than the texts that they are in, of which a request holds some megabytes.
const ANSWER_BYTES_MAX: usize = 16 << 20;
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A detector as used.
pub(crate) struct Detector {
    pub(crate) id: DetectorId,
    pub(crate) on_failure: OnFailure,
    pool: Pool,
    host: HeaderValue,
    uri: Uri,
}

#[derive(Serialize)]
struct Question<'a> {
    texts: &'a [String],
}

#[derive(Deserialize)]
struct Answer {
    spans: Vec<Vec<Said>>,
}

#[derive(Deserialize)]
struct Said {
    start: usize,
    end: usize,
    kind: String,
    #[serde(default)]
    class: Option<String>,
}

impl Detector {
    /// Makes a detector usable.
    ///
    /// # Errors
    /// In words for `/readyz`, with no secret in them.
    pub(crate) fn new(
        spec: &world::Detector,
        around: &Surroundings<'_>,
        (drivers, clock): (Tasks, &Arc<dyn Clock>),
    ) -> Result<Self, String> {
        let problem = |why: String| format!("detector {}: {why}", spec.id);
        let certificates = Certificates { ca: spec.ca_file.as_deref(), own: None };
        let address = Address::of(Some(&spec.url), "url", certificates, around).map_err(problem)?;
        let path = spec.url.parse::<Uri>().ok().and_then(|uri| uri.path_and_query().cloned());
        let path = path.ok_or_else(|| problem("its url has no path".to_owned()))?;
        let ms = spec.timeout_ms;
        let timeouts = Timeouts { connect_ms: ms, first_byte_ms: ms, idle_ms: ms, total_ms: ms };
        let pool = Pool::new(address.endpoint, timeouts, drivers, Arc::new(Sockets::new(clock.clone())));
        Ok(Self { id: spec.id.clone(), on_failure: spec.on_failure, pool, host: address.host, uri: path.into() })
    }

    /// Asks about the texts of one request and keeps what is said.
    ///
    /// # Errors
    /// In words without content: no answer in time, or one that makes no sense. Then nothing of it is kept.
    pub(crate) async fn ask(&self, texts: &[String], told: &mut Told) -> Result<(), String> {
        let question =
            serde_json::to_vec(&Question { texts }).map_err(|_| "its question cannot be written".to_owned())?;
        let mut request = Request::new(Full::new(Bytes::from(question)));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        let headers = [(HOST, self.host.clone()), (USER_AGENT, super::AGENT), (CONTENT_TYPE, JSON), (ACCEPT, JSON)];
        request.headers_mut().extend(headers);
        let (head, body) = self.pool.exchange(request).await.map_err(|fault| fault.to_string())?.into_parts();
        let body = body.whole(ANSWER_BYTES_MAX).await.map_err(|fault| fault.to_string())?;
        if !head.status.is_success() {
            return Err(format!("it answered with status {}", head.status.as_u16()));
        }
        for (text, spans) in texts.iter().zip(read(&body, texts)?) {
            told.add(text.clone(), spans);
        }
        Ok(())
    }
}

/// The finds in each text. One that is wrong makes all of them doubtful.
fn read(body: &[u8], texts: &[String]) -> Result<Vec<Vec<Span>>, String> {
    let answer: Answer = serde_json::from_slice(body).map_err(nonsense)?;
    if answer.spans.len() != texts.len() {
        return Err(format!("it was asked about {} texts and answers about {}", texts.len(), answer.spans.len()));
    }
    answer.spans.iter().zip(texts).map(|(said, text)| spans(said, text)).collect()
}

/// Where it stops to make sense. What stands there may be of the texts.
fn nonsense(error: serde_json::Error) -> String {
    format!("its answer makes no sense at line {}, column {}", error.line(), error.column())
}

fn spans(said: &[Said], text: &str) -> Result<Vec<Span>, String> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    said.iter().map(|said| span(said, &starts)).collect()
}

/// A span of a text whose characters start at these bytes; the last is its end.
fn span(said: &Said, starts: &[usize]) -> Result<Span, String> {
    let byte = |position: usize| starts.get(position).copied();
    let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == said.kind);
    let kind = kind.ok_or_else(|| "its answer names a kind that does not exist".to_owned())?;
    let class: DataClass = said.class.as_deref().unwrap_or("personal").parse().map_err(|_| wrong_class())?;
    match (byte(said.start), byte(said.end)) {
        (Some(start), Some(end)) if start < end => Ok(Span { range: start..end, kind, class }),
        _ => Err(format!("a span from {} to {} is not within its text", said.start, said.end)),
    }
}

fn wrong_class() -> String {
    "its answer names a class that does not exist".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(answer: &str, text: &str) -> Result<Vec<Span>, String> {
        read(answer.as_bytes(), &[text.to_owned()]).map(|mut all| all.remove(0))
    }

    #[test]
    fn places_count_characters() {
        let text = "Пишет Ли.";
        let spans = read_one(r#"{"spans":[[{"start":6,"end":8,"kind":"PERSON"}]]}"#, text).unwrap();
        assert_eq!(&text[spans[0].range.clone()], "Ли");
        assert_eq!((spans[0].kind, spans[0].class), (Kind::Person, DataClass::Personal));
        let end = r#"{"spans":[[{"start":8,"end":9,"kind":"KEY","class":"secret"}]]}"#;
        assert_eq!(read_one(end, text).unwrap()[0].class, DataClass::Secret);
    }

    #[test]
    fn what_makes_no_sense_is_told_by_its_place_and_not_by_what_stands_there() {
        let told = read_one(r#"{"spans":[["Anna Example, +7 999 123-45-67"]]}"#, "text").unwrap_err();
        assert!(told.contains("line 1, column") && !told.contains("Anna"), "{told}");
    }

    #[test]
    fn what_makes_no_sense_is_no_answer() {
        for answer in [
            "",
            "{}",
            r#"{"spans":[]}"#,
            r#"{"spans":[[],[]]}"#,
            r#"{"spans":[[{"start":2,"end":2,"kind":"PERSON"}]]}"#,
            r#"{"spans":[[{"start":0,"end":99,"kind":"PERSON"}]]}"#,
            r#"{"spans":[[{"start":0,"end":1,"kind":"Dog"}]]}"#,
            r#"{"spans":[[{"start":0,"end":1,"kind":"PERSON","class":"private"}]]}"#,
            r#"{"spans":[[{"start":-1,"end":1,"kind":"PERSON"}]]}"#,
        ] {
            assert!(read_one(answer, "text").is_err(), "{answer}");
        }
    }
}
