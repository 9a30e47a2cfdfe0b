//! The provider's answer becomes the client's: redacted values come back, what was only ours is taken out.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use realm::load::Lang;
use realm::record::End;
use wire::Edits;
use wire::openai::{Chunk, ResponseFormat, Usage, quirks};
use wire::sse;

use crate::code::Code;
use crate::epoch::Place;
use crate::error::Refused;
use crate::pipeline::Life;
use crate::pipeline::accept::Asked;
use crate::pipeline::client::Client;
use crate::pipeline::failure::Failure;
use crate::pipeline::interruption::{Subject, interruption, revoked};
use crate::pipeline::mirror::Listening;
use crate::pipeline::opening::{Open, Piece};
use crate::pipeline::settle::joules_in;
use crate::pipeline::tale::Tale;
use crate::pipeline::upstream::Whole;
use crate::redact::{Restorer, StreamRestorer, Table};
use crate::trace::finish_word;

/// The answer with its values back; the very same bytes where nothing was redacted.
pub(crate) fn whole(answer: &Whole, table: Arc<Table>) -> Result<Bytes, Failure> {
    let restorer = Restorer::new(table);
    if restorer.is_idle() || answer.code.is_some() {
        return Ok(answer.body.clone());
    }
    let invalid = || Failure::invalid(answer.status.as_u16());
    let text = std::str::from_utf8(&answer.body).map_err(|_| invalid())?;
    let mut edits = Edits::new();
    restorer.answer(text, &answer.response, &mut edits);
    edits.apply(&answer.body).map_err(|_| invalid())
}

/// How a stream went, its terminator not yet sent.
pub(crate) struct Relayed {
    /// None where the stream ended properly.
    pub(crate) failure: Option<Failure>,
    pub(crate) usage: Option<Usage>,
    pub(crate) said_bytes: u64,
    pub(crate) model: Option<String>,
    pub(crate) joules: Option<f64>,
    /// Why it ended, where the provider says so in a word that everybody knows.
    pub(crate) finish: Option<&'static str>,
    /// What the client has, where another deployment may go on with it.
    pub(crate) tale: Tale,
    /// The same for a drill in shadow, where one compares it.
    pub(crate) listening: Option<Box<Listening>>,
}

/// What is kept while a stream is passed on.
struct Relay<'a> {
    wants_usage: bool,
    restorer: StreamRestorer,
    place: &'a Place,
    relayed: Relayed,
    done: bool,
    out: Vec<u8>,
}

/// Passes a stream on until its terminator, which stays behind; or until it is cut, whoever does it.
pub(crate) async fn stream(
    life: &mut Life<'_>,
    asked: &Asked<'_>,
    place: &Place,
    open: &mut Open,
    (table, tale): (Arc<Table>, Tale),
    client: &mut Client,
) -> Relayed {
    let (failure, usage, model, joules, finish) = (None, None, None, None, None);
    life.listen(place);
    let listening = life.listening.take();
    let relayed = Relayed { failure, usage, said_bytes: 0, model, joules, finish, tale, listening };
    let json = matches!(asked.request.response_format, ResponseFormat::JsonObject | ResponseFormat::JsonSchema);
    let restorer = StreamRestorer::new(table).of_json(json);
    let wants_usage = asked.request.wants_usage();
    let mut relay = Relay { wants_usage, restorer, place, relayed, done: false, out: Vec::new() };
    let patience = life.shared.settings.client_idle;
    let subject = Subject::of(&life.caller, life.accepted, &life.user_in, life.epoch);
    loop {
        if let Err(failure) = relay.pass(open, client, patience).await {
            relay.relayed.failure = Some(failure);
            break;
        }
        if relay.done {
            break;
        }
        let read = tokio::select! {
            biased;
            failure = interruption(life.shared, subject, place, &mut life.signal) => {
                open.give_up();
                Err(failure)
            }
            () = client.gone() => Err(Failure::client_closed()),
            read = open.read() => {
                read.map_err(|failure| revoked(life.shared, subject, place).unwrap_or(failure))
            }
        };
        match read {
            Ok(true) => {}
            // Without its terminator nobody knows whether a stream was whole.
            Ok(false) => {
                relay.relayed.failure =
                    Some(Failure::of_deployment(Code::UpstreamError, "the provider's stream was cut"));
                break;
            }
            Err(failure) => {
                relay.relayed.failure = Some(failure);
                break;
            }
        }
    }
    // The beginning of a token that was cut is said anew by who goes on.
    if !relay.relayed.goes_on() {
        relay.last_words(client, patience).await;
    }
    relay.relayed
}

impl Relayed {
    /// Notes what leaves to the client.
    fn note(&mut self, data: &str) {
        self.tale.note(data);
        self.hear(data);
    }

    fn hear(&mut self, data: &str) {
        if let Some(listening) = &mut self.listening {
            listening.event(data);
        }
    }

    /// Whether another deployment can go on with what was cut.
    pub(crate) fn goes_on(&self) -> bool {
        self.failure.as_ref().is_some_and(|failure| self.tale.goes_on(failure))
    }
}

impl Relay<'_> {
    /// Passes on the pieces that were read.
    async fn pass(&mut self, open: &mut Open, client: &mut Client, patience: Duration) -> Result<(), Failure> {
        let mut failed = None;
        for piece in open.pieces.drain(..) {
            match piece {
                Piece::Chunk(event, chunk) => self.chunk(event, &chunk),
                Piece::Comment(text) if is_like_ours(&text) => {}
                Piece::Comment(text) => sse::comment(&text, &mut self.out),
                Piece::Done => self.done = true,
                Piece::Error(error) => {
                    let words = "the provider reports an error in its stream";
                    let failure = Failure::of_deployment(Code::UpstreamError, words);
                    // What a provider will not say is not asked of another one.
                    let filtered = quirks::is_filtered(&error);
                    failed = Some(Failure { last: filtered, blame: !filtered, ..failure });
                }
                Piece::Malformed => {
                    let words = "an event of the provider's stream makes no sense";
                    failed = Some(Failure::of_deployment(Code::UpstreamInvalid, words));
                }
            }
            if failed.is_some() || self.done {
                break;
            }
        }
        self.flush(client, patience).await?;
        failed.map_or(Ok(()), Err)
    }

    async fn flush(&mut self, client: &mut Client, patience: Duration) -> Result<(), Failure> {
        if self.out.is_empty() {
            return Ok(());
        }
        let part = Bytes::from(std::mem::take(&mut self.out));
        if client.send(part, patience).await { Ok(()) } else { Err(Failure::client_closed()) }
    }

    fn chunk(&mut self, event: sse::Event, chunk: &Chunk) {
        self.note(&event.data, chunk);
        self.relayed.tale.hear(&event.data, chunk);
        if chunk.is_usage_only() && !self.wants_usage {
            return;
        }
        let mut edits = Edits::new();
        if !self.wants_usage {
            chunk.drop_usage(&mut edits);
        }
        if let Some(before) = self.restorer.chunk(&event.data, chunk, &mut edits) {
            let before = self.relayed.tale.joined(before);
            self.relayed.note(&before);
            sse::data(&before, &mut self.out);
        }
        self.relayed.tale.join(&event.data, chunk, self.wants_usage, &mut edits);
        if edits.is_empty() {
            self.relayed.note(&event.data);
            return sse::encode(&sse::Frame::Event(event), &mut self.out);
        }
        // Edits of one piece touch different fields, so they cannot overlap; were it otherwise, it goes unrestored.
        let data = match edits.apply_to(event.data.as_bytes()).map(String::from_utf8) {
            Ok(Ok(data)) => data,
            _ => event.data,
        };
        self.relayed.note(&data);
        sse::encode(&sse::Frame::Event(sse::Event { data, ..event }), &mut self.out);
    }

    fn note(&mut self, data: &str, chunk: &Chunk) {
        let relayed = &mut self.relayed;
        relayed.usage = chunk.usage.or(relayed.usage);
        relayed.said_bytes += chunk.said.iter().map(|said| said.literal.inner().len() as u64).sum::<u64>();
        if relayed.model.is_none() {
            relayed.model = chunk.model.map(|model| model.decode(data).into_owned());
        }
        if let Some(reason) = chunk.finish_reason {
            relayed.finish = finish_word(reason.raw(data)).or(relayed.finish);
        }
        if chunk.usage.is_some() {
            relayed.joules = joules_in(self.place, data.as_bytes()).or(relayed.joules);
        }
    }

    /// What the restorer still holds back goes out, whatever the end.
    async fn last_words(&mut self, client: &mut Client, patience: Duration) {
        if let Some(data) = self.restorer.finish() {
            let data = self.relayed.tale.joined(data);
            self.relayed.hear(&data);
            sse::data(&data, &mut self.out);
            if let Err(failure) = self.flush(client, patience).await {
                self.relayed.failure.get_or_insert(failure);
            }
        }
    }
}

/// Whether a provider's comment could be taken for one of ours, such as a receipt that nobody wrote.
fn is_like_ours(comment: &str) -> bool {
    const OURS: &str = "freehold";
    let said = comment.trim_start_matches(|char: char| !char.is_ascii_alphanumeric());
    said.get(..OURS.len()).is_some_and(|head| head.eq_ignore_ascii_case(OURS))
}

/// The proper end of a stream: where its outcome stands, then the terminator.
pub(crate) fn terminator(log: &str, index: u64) -> Bytes {
    let mut out = Vec::with_capacity(96);
    sse::comment(&format!("freehold-receipt {log}/{index}"), &mut out);
    sse::data(wire::openai::DONE, &mut out);
    out.into()
}

/// The end of a stream that was cut: an error event, and no terminator.
pub(crate) fn cut(refused: &Refused, request_id: &str, receipt: Option<(&str, u64)>) -> Bytes {
    let mut out = Vec::with_capacity(512);
    if let Some((log, index)) = receipt {
        sse::comment(&format!("freehold-receipt {log}/{index}"), &mut out);
    }
    sse::data(&refused.to_json(request_id, Lang::En), &mut out);
    out.into()
}

/// How a stream ended, for its record.
pub(crate) fn end_of(relayed: &Relayed) -> (End, Option<Code>) {
    match &relayed.failure {
        None => (End::Ok, None),
        Some(failure) => (failure.end(), Some(failure.code)),
    }
}

/// Reads what a proper stream leaves after its terminator, so that its connection can be used again.
pub(crate) async fn drain(open: &mut Open) {
    const AT_MOST: Duration = Duration::from_millis(20);
    let rest = async { while matches!(open.read().await, Ok(true)) {} };
    // A provider that keeps the body open loses the connection, nothing else.
    let _ = tokio::time::timeout(AT_MOST, rest).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminator_names_the_receipt_before_it_ends() {
        let text = String::from_utf8(terminator("a", 7).to_vec()).unwrap();
        assert_eq!(text, ": freehold-receipt a/7\n\ndata: [DONE]\n\n");
    }

    #[test]
    fn a_cut_stream_has_an_error_and_no_terminator() {
        let text = String::from_utf8(cut(&Refused::shutting_down(), "r", Some(("a", 7))).to_vec()).unwrap();
        assert!(text.contains("\"code\":\"shutting_down\""), "{text}");
        assert!(!text.contains("[DONE]"), "{text}");
    }
}
