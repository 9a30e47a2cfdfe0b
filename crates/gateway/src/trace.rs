//! What a trace tells of a request, on its way to whoever exports it: where it went, how long it took, how much it was;
//! never what was said. A request does not wait for that: what finds the queue full is counted and lost.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use http::HeaderMap;
use realm::{AppId, DeploymentId, ProviderId, RouteId, UnixMs};

/// Stories that wait to be exported.
const STORIES_MAX: usize = 2_048;

/// Where a request stands in a trace of W3C Trace Context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceContext {
    /// The trace.
    pub trace_id: u128,
    /// The request's own span.
    pub span_id: u64,
    /// The client's span, where it has one.
    pub parent: Option<u64>,
    /// Whether spans are exported; figures are in any case.
    pub sampled: bool,
}

/// What is told of one request.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// Where it stands.
    pub context: TraceContext,
    /// When it was accepted.
    pub began: UnixMs,
    /// From then to its end.
    pub took: Duration,
    /// The path, one of ours.
    pub path: &'static str,
    /// What it is, in the words of the semantic conventions.
    pub operation: &'static str,
    /// The request's own id, as in its records.
    pub req: String,
    /// Who asked.
    pub app: AppId,
    /// What the client called it, as far as it is one of ours.
    pub route: Option<RouteId>,
    /// `ok`, or the error's code.
    pub code: &'static str,
    /// The status that the client was told.
    pub status: u16,
    /// Its attempts, in order.
    pub attempts: Vec<Attempted>,
}

/// What is told of one attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempted {
    /// Its span.
    pub span_id: u64,
    /// When it began, after the request was accepted.
    pub after: Duration,
    /// How long it took.
    pub took: Duration,
    /// Where it went.
    pub deployment: DeploymentId,
    /// To whom.
    pub provider: ProviderId,
    /// The model that was asked for.
    pub model: String,
    /// The model that the provider says it used, where that reads like a name.
    pub answered_by: Option<String>,
    /// The status that the provider answered with.
    pub status: Option<u16>,
    /// The error's code.
    pub error: Option<String>,
    /// Tokens in and out, of the attempt that answered.
    pub tokens: Option<(u64, u64)>,
    /// Why the answer ended, in OpenAI's words.
    pub finish: Option<&'static str>,
}

/// Where stories go in.
#[derive(Debug)]
pub struct TraceIn {
    send: SyncSender<Story>,
    /// A trace that begins here is sampled if its number is below.
    below: u64,
}

/// Where they come out.
#[derive(Debug)]
pub struct TraceOut(Receiver<Story>);

/// A queue of at most 2,048 stories; `share`, 0 to 1, of the traces that begin here are sampled.
pub fn trace_queue(share: f64) -> (TraceIn, TraceOut) {
    let (send, receive) = sync_channel(STORIES_MAX);
    // As many of the 64-bit numbers; the largest stands for all of them.
    let below = (share.clamp(0.0, 1.0) * u64::MAX as f64) as u64;
    (TraceIn { send, below }, TraceOut(receive))
}

impl TraceIn {
    /// Where a request stands: in the client's trace, whose word on sampling holds, or in a new one. `draw` gives numbers
    /// that no other call gets.
    pub(crate) fn begin(&self, headers: &HeaderMap, draw: impl Fn() -> u64) -> TraceContext {
        let given = headers.get("traceparent").and_then(|value| parse(value.to_str().ok()?));
        let span_id = draw().max(1);
        match given {
            Some((trace_id, parent, sampled)) => TraceContext { trace_id, span_id, parent: Some(parent), sampled },
            None => {
                let (high, low) = (draw(), draw().max(1));
                let trace_id = u128::from(high) << 64 | u128::from(low);
                TraceContext { trace_id, span_id, parent: None, sampled: self.below == u64::MAX || low < self.below }
            }
        }
    }

    /// Hands a story over; false where there is no room.
    pub(crate) fn put(&self, story: Story) -> bool {
        self.send.try_send(story).is_ok()
    }
}

impl TraceOut {
    /// Waits for a story, at most so long.
    ///
    /// # Errors
    /// If none came, or the gateway is gone.
    pub fn take(&self, at_most: Duration) -> Result<Story, RecvTimeoutError> {
        self.0.recv_timeout(at_most)
    }
}

/// The header that places what a provider does below an attempt.
pub(crate) fn header(context: &TraceContext, span_id: u64) -> String {
    format!("00-{:032x}-{span_id:016x}-{:02x}", context.trace_id, u8::from(context.sampled))
}

/// Reads a `traceparent`: trace, span, and whether it is sampled. One of a later version is read as far as it is known.
fn parse(text: &str) -> Option<(u128, u64, bool)> {
    let mut parts = text.split('-');
    let mut hex = |len: usize| {
        let part = parts.next().filter(|part| part.len() == len)?;
        let lower = part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        lower.then(|| u128::from_str_radix(part, 16).ok()).flatten()
    };
    let (version, trace_id, parent, flags) = (hex(2)?, hex(32)?, hex(16)?, hex(2)?);
    let known = version < 0xff && (version > 0 || parts.next().is_none());
    (known && trace_id != 0 && parent != 0).then(|| (trace_id, u64::try_from(parent).unwrap_or(1), flags & 1 == 1))
}

/// A finish reason, where it is one of those that everybody knows.
pub(crate) fn finish_word(text: &str) -> Option<&'static str> {
    const WORDS: [&str; 5] = ["stop", "length", "tool_calls", "content_filter", "function_call"];
    WORDS.into_iter().find(|word| *word == text)
}

/// A model's name as a provider writes it, where it reads like one: what else a provider writes there stays out.
pub(crate) fn model_name(text: &str) -> Option<String> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_.:/".contains(&b);
    ((1..=64).contains(&text.len()) && text.bytes().all(fits)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_client_s_trace_is_gone_on_with() {
        let draws = AtomicU64::new(7);
        let (into, _out) = trace_queue(0.0);
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", GIVEN.parse().unwrap());
        let context = into.begin(&headers, || draws.fetch_add(1, Ordering::Relaxed));
        assert_eq!(context.trace_id, 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736);
        assert_eq!((context.parent, context.span_id, context.sampled), (Some(0x00f0_67aa_0ba9_02b7), 7, true));
        assert_eq!(header(&context, 9), "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000009-01");
        let alone = into.begin(&HeaderMap::new(), || draws.fetch_add(1, Ordering::Relaxed));
        assert_eq!((alone.parent, alone.sampled), (None, false), "none of those that begin here");
    }

    #[test]
    fn what_is_no_traceparent_is_passed_over() {
        let zeros = "00-00000000000000000000000000000000-00f067aa0ba902b7-01";
        let upper = GIVEN.to_uppercase();
        for wrong in ["", "x", zeros, &upper, &GIVEN[..54], &format!("{GIVEN}-x"), &GIVEN.replacen("00", "ff", 1)] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        assert!(parse(&format!("{}-later", GIVEN.replacen("00", "01", 1))).is_some());
    }

    #[test]
    fn about_the_share_is_sampled_and_a_full_queue_refuses() {
        let (into, out) = trace_queue(0.25);
        let numbers = |n: u64| move || n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let sampled = (1..=1_000).filter(|n| into.begin(&HeaderMap::new(), numbers(*n)).sampled).count();
        assert!((200..300).contains(&sampled), "{sampled}");
        let context = into.begin(&HeaderMap::new(), || 3);
        let story = Story {
            context,
            began: UnixMs(1),
            took: Duration::ZERO,
            path: "/v1/chat/completions",
            operation: "chat",
            req: "req-1".to_owned(),
            app: AppId::new("desk").unwrap(),
            route: None,
            code: "ok",
            status: 200,
            attempts: Vec::new(),
        };
        let taken = (0..STORIES_MAX + 10).filter(|_| into.put(story.clone())).count();
        assert_eq!(taken, STORIES_MAX);
        assert_eq!(out.take(Duration::ZERO), Ok(story));
    }

    #[test]
    fn only_words_and_names_get_out() {
        assert_eq!(finish_word("tool_calls"), Some("tool_calls"));
        assert_eq!(finish_word("because ann said so"), None);
        assert_eq!(model_name("meta/llama-3.1:8b").as_deref(), Some("meta/llama-3.1:8b"));
        assert_eq!(model_name("ann@example.org wrote"), None);
    }
}
