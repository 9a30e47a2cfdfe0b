//! An answer as its client reads it, held for as long as it takes to compare it, and read.
//!
//! What is held is bounded; of an answer that is longer only that it is.

use bytes::Bytes;
use serde::Deserialize;

use crate::trace::finish_word;

/// An answer that is held.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    bytes_max: usize,
    said: Said,
}

#[derive(Debug, Default)]
enum Said {
    #[default]
    Nothing,
    Whole(Bytes),
    /// Events of a stream.
    Pieces {
        events: Vec<String>,
        bytes: usize,
    },
    TooLong,
}

/// Why an answer cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is longer than what is held.
    TooLong,
    /// It is in no form that is known here.
    Unlike,
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// Of a chat or a completion: its first choice.
    Text(Spoken),
    /// Embeddings, one for each text.
    Vectors(Vec<Vec<f64>>),
}

/// A choice of a chat or a completion.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Spoken {
    pub(crate) text: String,
    /// Why it ended, where the provider says so in a word that everybody knows.
    pub(crate) finish: Option<&'static str>,
    /// Whether it is marked as a refusal; what only reads like one is not.
    pub(crate) refused: bool,
    pub(crate) calls: Vec<Call>,
}

/// A call of a tool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) arguments: String,
}

/// Calls of one answer that are read.
const CALLS_MAX: usize = 128;

impl Heard {
    /// Nothing yet; at most so many bytes are held.
    pub(crate) fn new(bytes_max: usize) -> Self {
        Self { bytes_max, said: Said::Nothing }
    }

    /// The whole answer.
    pub(crate) fn whole(&mut self, body: &Bytes) {
        self.said = if body.len() <= self.bytes_max { Said::Whole(body.clone()) } else { Said::TooLong };
    }

    /// The next event of a stream.
    pub(crate) fn event(&mut self, data: &str) {
        if matches!(self.said, Said::Nothing | Said::Whole(_)) {
            self.said = Said::Pieces { events: Vec::new(), bytes: 0 };
        }
        let Said::Pieces { events, bytes } = &mut self.said else { return };
        *bytes += data.len() + size_of::<String>();
        if *bytes <= self.bytes_max {
            events.push(data.to_owned());
        } else {
            self.said = Said::TooLong;
        }
    }

    /// What it says.
    ///
    /// # Errors
    /// Why it cannot be compared.
    pub(crate) fn read(&self) -> Result<Answer, Unread> {
        match &self.said {
            Said::TooLong => Err(Unread::TooLong),
            Said::Nothing => Err(Unread::Unlike),
            Said::Whole(body) => whole(body).ok_or(Unread::Unlike),
            Said::Pieces { events, .. } => stream(events).map(Answer::Text).ok_or(Unread::Unlike),
        }
    }
}

/// An answer, or a piece of one.
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    data: Vec<Embedding>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    index: u64,
    message: Option<Message>,
    delta: Option<Message>,
    /// Of completions.
    text: Option<String>,
    finish_reason: Option<String>,
}

#[derive(Deserialize, Default)]
struct Message {
    content: Option<Content>,
    refusal: Option<String>,
    #[serde(default)]
    tool_calls: Option<Vec<ToolCall>>,
    function_call: Option<Function>,
}

/// A text, or parts of which some are.
#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
struct Part {
    text: Option<String>,
}

#[derive(Deserialize)]
struct ToolCall {
    index: Option<usize>,
    function: Option<Function>,
}

#[derive(Deserialize)]
struct Function {
    name: Option<String>,
    arguments: Option<String>,
}

#[derive(Deserialize)]
struct Embedding {
    embedding: Vector,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Vector {
    Numbers(Vec<f64>),
    /// Little-endian floats of four bytes, in base64.
    Packed(String),
}

fn whole(body: &[u8]) -> Option<Answer> {
    let body: Body = serde_json::from_slice(body).ok()?;
    if !body.data.is_empty() {
        return body.data.into_iter().map(|one| one.embedding.numbers()).collect::<Option<_>>().map(Answer::Vectors);
    }
    let mut spoken = Spoken::default();
    let first = body.choices.into_iter().find(|choice| choice.index == 0)?;
    spoken.add(first);
    Some(Answer::Text(spoken))
}

fn stream(events: &[String]) -> Option<Spoken> {
    let (mut spoken, mut found) = (Spoken::default(), false);
    for event in events {
        let body: Body = serde_json::from_str(event).ok()?;
        for choice in body.choices.into_iter().filter(|choice| choice.index == 0) {
            found = true;
            spoken.add(choice);
        }
    }
    found.then_some(spoken)
}

impl Spoken {
    fn add(&mut self, choice: Choice) {
        let Message { content, refusal, tool_calls, function_call } =
            choice.message.or(choice.delta).unwrap_or_default();
        self.text.push_str(&choice.text.unwrap_or_default());
        match content {
            Some(Content::Text(text)) => self.text.push_str(&text),
            Some(Content::Parts(parts)) => parts.iter().filter_map(|part| part.text.as_deref()).for_each(|text| {
                self.text.push_str(text);
            }),
            None => {}
        }
        for (place, call) in tool_calls.into_iter().flatten().enumerate() {
            self.call(call.index.unwrap_or(place), call.function);
        }
        self.call(0, function_call);
        self.finish = choice.finish_reason.as_deref().and_then(finish_word).or(self.finish);
        self.refused |= refusal.is_some_and(|text| !text.is_empty()) || self.finish == Some("content_filter");
    }

    fn call(&mut self, place: usize, said: Option<Function>) {
        let Some(said) = said.filter(|_| place < CALLS_MAX) else { return };
        if self.calls.len() <= place {
            self.calls.resize(place + 1, Call::default());
        }
        let call = &mut self.calls[place];
        call.name.push_str(&said.name.unwrap_or_default());
        call.arguments.push_str(&said.arguments.unwrap_or_default());
    }
}

impl Vector {
    fn numbers(self) -> Option<Vec<f64>> {
        use base64::Engine as _;
        match self {
            Self::Numbers(numbers) => Some(numbers),
            Self::Packed(text) => {
                let bytes = base64::engine::general_purpose::STANDARD.decode(text).ok()?;
                let (floats, rest) = bytes.as_chunks::<4>();
                rest.is_empty().then(|| floats.iter().map(|four| f64::from(f32::from_le_bytes(*four))).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(bytes_max: usize, events: &[&str]) -> Result<Answer, Unread> {
        let mut heard = Heard::new(bytes_max);
        events.iter().for_each(|event| heard.event(event));
        heard.read()
    }

    fn whole(body: &'static str) -> Result<Answer, Unread> {
        let mut heard = Heard::new(1 << 16);
        heard.whole(&Bytes::from_static(body.as_bytes()));
        heard.read()
    }

    #[test]
    fn a_stream_reads_like_the_whole_answer() {
        let call = |arguments: &str| {
            format!(
                r#"{{"choices":[{{"delta":{{"tool_calls":[{{"index":0,"function":{{"arguments":"{arguments}"}}}}]}}}}]}}"#
            )
        };
        let (one, two) = (call("{\\\"a\\\":"), call("1}"));
        let streamed = heard(
            1 << 16,
            &[
                r#"{"choices":[{"delta":{"role":"assistant","content":"Hel"}}]}"#,
                r#"{"choices":[{"index":1,"delta":{"content":"another"}},{"index":0,"delta":{"content":"lo"}}]}"#,
                r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"look","arguments":""}}]}}]}"#,
                &one,
                &two,
                r#"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#,
                r#"{"choices":[],"usage":{"prompt_tokens":3}}"#,
            ],
        );
        let at_once = whole(
            r#"{"choices":[{"index":0,"message":{"content":[{"type":"text","text":"Hello"}],"tool_calls":[
            {"function":{"name":"look","arguments":"{\"a\":1}"}}]},"finish_reason":"tool_calls"}]}"#,
        );
        assert_eq!(streamed, at_once);
        let Ok(Answer::Text(spoken)) = streamed else { panic!("{streamed:?}") };
        assert_eq!((spoken.text.as_str(), spoken.calls[0].arguments.as_str()), ("Hello", "{\"a\":1}"));
    }

    #[test]
    fn refusals_are_what_the_provider_marks_as_such() {
        for (body, refused) in [
            (r#"{"choices":[{"message":{"content":null,"refusal":"I may not"}}]}"#, true),
            (r#"{"choices":[{"message":{"content":""},"finish_reason":"content_filter"}]}"#, true),
            (r#"{"choices":[{"message":{"content":"I cannot help with that"},"finish_reason":"stop"}]}"#, false),
            (r#"{"choices":[{"text":"of a completion","finish_reason":"length"}]}"#, false),
        ] {
            let Ok(Answer::Text(spoken)) = whole(body) else { panic!("{body}") };
            assert_eq!(spoken.refused, refused, "{body}");
        }
    }

    #[test]
    fn embeddings_are_numbers_however_they_are_written() {
        let packed = whole(r#"{"data":[{"index":0,"embedding":"AACAPwAAAMA="}]}"#);
        assert_eq!(packed, Ok(Answer::Vectors(vec![vec![1.0, -2.0]])));
        assert_eq!(whole(r#"{"data":[{"embedding":[1,-2]}]}"#), packed);
        assert_eq!(whole(r#"{"data":[{"embedding":"AACAPwA="}]}"#), Err(Unread::Unlike));
    }

    #[test]
    fn what_is_too_long_is_not_held() {
        let piece = r#"{"choices":[{"delta":{"content":"abcdefgh"}}]}"#;
        assert!(heard(1_000, &[piece; 10]).is_ok());
        assert_eq!(heard(1_000, &[piece; 20]), Err(Unread::TooLong));
        let mut long = Heard::new(10);
        long.whole(&Bytes::from_static(b"{\"choices\":[]}"));
        assert_eq!(long.read(), Err(Unread::TooLong));
        assert_eq!((Heard::new(10).read(), heard(1_000, &["no JSON"])), (Err(Unread::Unlike), Err(Unread::Unlike)));
    }
}
