//! OpenAI's older completions, for providers that have chats only: a prompt becomes one message of the user's.
//!
//! Only where nothing is lost: a suffix, an echo, log probabilities, a choice of the best of several and more prompts than one
//! are [`Unsupported`].

use crate::openai::DONE;
use crate::sse::{Event, Frame, TooLong};
use crate::translate::drops::unsupported;
use crate::translate::{Answered, Translator, Unsupported};
use crate::tree::{Tree, map};

/// Translates the body of `POST /v1/completions` into a chat's.
///
/// # Errors
/// What a chat cannot say.
pub fn request(body: &[u8]) -> Result<Vec<u8>, Unsupported> {
    let body = Tree::object(body).unwrap_or(Tree::Null);
    let message = map! { "role": "user", "content": prompt(body.get("prompt"))? };
    let mut out = map! { "messages": vec![message] };
    for (name, value) in body.members() {
        match (name.as_str(), value) {
            (_, Tree::Null) | ("prompt", _) | ("echo", Tree::Bool(false)) => {}
            ("suffix", Tree::Text(text)) if text.is_empty() => {}
            ("best_of", count) if count.count() == Some(1) => {}
            ("suffix" | "echo" | "best_of" | "logprobs", _) => {
                return Err(unsupported(name, "the provider has chats only: see /v1/chat/completions"));
            }
            _ => out.put(name, value),
        }
    }
    Ok(out.to_json().into_bytes())
}

fn prompt(prompt: &Tree) -> Result<&str, Unsupported> {
    let only = match prompt {
        Tree::List(prompts) => match prompts.as_slice() {
            [only] => only.text(),
            _ => None,
        },
        prompt => prompt.text(),
    };
    only.ok_or_else(|| unsupported("prompt", "the provider has chats only, which take one text"))
}

/// Translates a chat's answer back.
pub fn answer(answered: Answered) -> Answered {
    let Answered::Json(body) = answered else { return answered };
    let Some(mut body) = Tree::object(&body) else { return Answered::Malformed };
    told(&mut body, "message");
    Answered::Json(body.to_json().into_bytes())
}

/// Makes an answer, or a piece of one, that of a completion; `said` is the member that holds a chat's text.
fn told(body: &mut Tree, said: &str) {
    let Tree::Map(members) = body else { return };
    for (name, value) in members {
        match (name.as_str(), &*value) {
            ("object", _) => *value = "text_completion".into(),
            ("choices", Tree::List(choices)) => {
                *value = choices.iter().map(|one| choice(one, said)).collect::<Vec<Tree>>().into();
            }
            _ => {}
        }
    }
}

fn choice(choice: &Tree, said: &str) -> Tree {
    let said = choice.get(said);
    let text = format!("{}{}", said.get("content").said(), said.get("refusal").said());
    map! {
        "index": choice.get("index"),
        "text": text,
        "logprobs": Tree::Null,
        "finish_reason": choice.get("finish_reason"),
    }
}

/// Translates a chat's stream back, behind the translation from the provider's language.
pub struct Stream {
    chat: Box<dyn Translator>,
    frames: Vec<Frame>,
}

impl Stream {
    /// What a chat's translator says, as a completion.
    pub fn new(chat: Box<dyn Translator>) -> Self {
        Self { chat, frames: Vec::new() }
    }

    fn tell(&mut self, out: &mut Vec<Frame>) {
        out.extend(self.frames.drain(..).map(|frame| match frame {
            Frame::Event(event) if event.data.trim() != DONE => Frame::Event(piece(event)),
            frame => frame,
        }));
    }
}

fn piece(event: Event) -> Event {
    let Ok(mut body) = Tree::parse(&event.data) else { return event };
    told(&mut body, "delta");
    Event { data: body.to_json(), ..event }
}

impl Translator for Stream {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<Frame>) -> Result<(), TooLong> {
        let pushed = self.chat.push(bytes, &mut self.frames);
        self.tell(out);
        pushed
    }

    fn end(&mut self, out: &mut Vec<Frame>) {
        self.chat.end(&mut self.frames);
        self.tell(out);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};
    use serde_json::{Value, json};

    use super::{Stream, answer, request};
    use crate::anthropic;
    use crate::sse::Frame;
    use crate::translate::{Answered, Back, Translator};

    fn translated(body: &Value) -> Value {
        serde_json::from_slice(&request(body.to_string().as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn a_prompt_becomes_one_message_and_settings_stay() {
        let body = json!({ "model": "m", "prompt": ["Once"], "max_tokens": 5, "temperature": 0.5, "stop": ["\n"], "stream": true,
            "echo": false, "best_of": 1, "suffix": "", "logprobs": null, "seed": 3 });
        let wanted = json!({ "messages": [{ "role": "user", "content": "Once" }], "model": "m", "max_tokens": 5,
            "temperature": 0.5, "stop": ["\n"], "stream": true, "seed": 3 });
        assert_eq!(translated(&body), wanted);
        assert_eq!(
            translated(&json!({ "prompt": "Once" })),
            json!({ "messages": [{ "role": "user", "content": "Once" }] })
        );
    }

    #[test]
    fn what_would_be_lost_is_named() {
        for (name, value) in [
            ("suffix", json!("end")),
            ("echo", json!(true)),
            ("logprobs", json!(0)),
            ("best_of", json!(2)),
            ("prompt", json!(["a", "b"])),
            ("prompt", json!([])),
            ("prompt", json!([1, 2, 3])),
            ("prompt", json!([[1, 2]])),
        ] {
            let mut body = json!({ "model": "m", "prompt": "p" });
            body[name] = value;
            assert_eq!(request(body.to_string().as_bytes()).unwrap_err().field, name, "{body}");
        }
    }

    #[test]
    fn an_answer_is_a_completion() {
        let body = json!({ "id": "c", "object": "chat.completion", "model": "m", "usage": { "prompt_tokens": 1 },
            "choices": [{ "index": 0, "message": { "role": "assistant", "content": "upon" }, "finish_reason": "length" }] });
        let Answered::Json(out) = answer(Answered::Json(body.to_string().into_bytes())) else { panic!("no answer") };
        let wanted = json!({ "id": "c", "object": "text_completion", "model": "m", "usage": { "prompt_tokens": 1 },
            "choices": [{ "index": 0, "text": "upon", "logprobs": null, "finish_reason": "length" }] });
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), wanted);
        assert_eq!(answer(Answered::Error), Answered::Error);
    }

    const STREAM: &str = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":\"c\",\"usage\":{\"input_tokens\":3}}}\n\n\
        event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n\
        event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"upon \"}}\n\n\
        event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a time\"}}\n\n\
        event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n\
        event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":4}}\n\n\
        event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    fn events(parts: &[&[u8]]) -> Vec<Frame> {
        let back = Back { wants_usage: true, ..Back::default() };
        let mut stream = Stream::new(Box::new(anthropic::Stream::new(back, 1 << 12)));
        let mut out = Vec::new();
        parts.iter().for_each(|part| stream.push(part, &mut out).unwrap());
        stream.end(&mut out);
        out
    }

    #[test]
    fn a_stream_is_a_completions_stream() {
        let mut datas: Vec<String> = Vec::new();
        for frame in events(&[STREAM.as_bytes()]) {
            if let Frame::Event(event) = frame {
                datas.push(event.data);
            }
        }
        assert_eq!(datas.pop().as_deref(), Some("[DONE]"));
        let chunks: Vec<Value> = datas.iter().map(|data| serde_json::from_str(data).unwrap()).collect();
        assert!(chunks.iter().all(|chunk| chunk["object"] == "text_completion"), "{chunks:?}");
        let said: String = chunks.iter().filter_map(|chunk| chunk["choices"][0]["text"].as_str()).collect();
        assert_eq!(said, "upon a time");
        assert!(chunks.iter().any(|chunk| chunk["choices"][0]["finish_reason"] == "stop"));
        assert!(chunks.iter().any(|chunk| chunk["usage"]["completion_tokens"] == 4));
    }

    proptest! {
        #[test]
        fn any_split_of_the_stream_gives_the_same_events(cut in any::<proptest::sample::Index>()) {
            let (head, tail) = STREAM.as_bytes().split_at(cut.index(STREAM.len()));
            prop_assert_eq!(events(&[head, tail]), events(&[STREAM.as_bytes()]));
        }
    }
}
