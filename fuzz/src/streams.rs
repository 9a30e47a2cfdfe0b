//! What comes in pieces: however it is cut, the same comes out.

use wire::openai::{DONE, Event};
use wire::sse::{Decoder, Frame, encode};
use wire::translate::{Back, Retell, Translator};

const BYTES_MAX: usize = 1 << 16;

/// Cuts a stream where its first bytes say, and hands out the pieces.
fn pieces(data: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let Some((&cuts, rest)) = data.split_first() else { return (Vec::new(), data) };
    let step = usize::from(cuts % 17) + 1;
    (rest.chunks(step).collect(), rest)
}

pub fn sse(data: &[u8]) {
    let (pieces, whole) = pieces(data);
    let (mut one, mut many) = (Decoder::new(BYTES_MAX), Decoder::new(BYTES_MAX));
    let (mut from_one, mut from_many) = (Vec::new(), Vec::new());
    let fits = one.push(whole, &mut from_one).is_ok();
    let all_fit = pieces.iter().all(|piece| many.push(piece, &mut from_many).is_ok());
    if fits && all_fit {
        assert_eq!(from_one, from_many, "pieces change nothing");
    }
    // What is written again reads the same.
    let mut out = Vec::new();
    from_one.iter().for_each(|frame| encode(frame, &mut out));
    let mut again = Vec::new();
    if Decoder::new(BYTES_MAX * 4).push(&out, &mut again).is_ok() {
        assert_eq!(from_one.len(), again.len(), "{from_one:?}");
    }
    for frame in from_one {
        if let Frame::Event(event) = frame {
            let _ = Event::read(&event.data);
        }
    }
}

fn translators() -> [(&'static str, Box<dyn Translator>); 4] {
    let back = || Back { id: "a".to_owned(), created: 1, model: "m".to_owned(), wants_usage: true, ..Back::default() };
    [
        ("gigachat", Box::new(wire::gigachat::Stream::new(back(), BYTES_MAX))),
        ("yandexgpt", Box::new(wire::yandexgpt::Stream::new(back(), BYTES_MAX))),
        ("yandexgpt compatible", Box::new(wire::yandexgpt::compatible::Stream::new(back(), BYTES_MAX))),
        ("anthropic", Box::new(wire::anthropic::Stream::new(back(), BYTES_MAX))),
    ]
}

pub fn translated(data: &[u8]) {
    let (pieces, whole) = pieces(data);
    for ((name, mut one), (_, mut many)) in translators().into_iter().zip(translators()) {
        let (mut from_one, mut from_many) = (Vec::new(), Vec::new());
        let fits = one.push(whole, &mut from_one).is_ok();
        let all_fit = pieces.iter().all(|piece| many.push(piece, &mut from_many).is_ok());
        if fits && all_fit {
            one.end(&mut from_one);
            many.end(&mut from_many);
            assert_eq!(said(&from_one), said(&from_many), "{name}: pieces change nothing");
        }
        proper(name, &from_one);
    }
}

/// What a stream says, whatever its pieces.
fn said(frames: &[Frame]) -> Vec<String> {
    let data = frames.iter().filter_map(|frame| match frame {
        Frame::Event(event) => Some(event.data.clone()),
        Frame::Comment(_) => None,
    });
    data.collect()
}

/// Whatever a provider sends, OpenAI's clients get chunks, then at most one terminator or one error, and nothing after.
fn proper(name: &str, frames: &[Frame]) {
    let mut over = false;
    for data in said(frames) {
        assert!(!over, "{name}: something after the end: {data}");
        match Event::read(&data) {
            Event::Chunk(_) => {}
            Event::Done => over = true,
            Event::Error(_) => over = true,
            Event::Malformed(error) => panic!("{name}: not what OpenAI's clients read: {error:?}: {data}"),
        }
    }
}

pub fn for_anthropic(data: &[u8]) {
    named::<wire::anthropic::incoming::Events>(data);
}

pub fn for_responses(data: &[u8]) {
    named::<wire::responses::Events>(data);
}

/// Whatever OpenAI's stream holds, clients of another language get named events that are JSON, and no terminator of ours.
fn named<T: Retell<Back: Default>>(data: &[u8]) {
    let mut decoder = Decoder::new(BYTES_MAX);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    if decoder.push(data, &mut ours).is_err() {
        return;
    }
    let mut events = T::begin(Default::default(), BYTES_MAX);
    for frame in &ours {
        if events.push(frame, &mut theirs).is_err() {
            return;
        }
    }
    for frame in &theirs {
        if let Frame::Event(event) = frame {
            assert_ne!(event.data, DONE);
            assert!(
                event.name.is_some() && serde_json::from_str::<serde_json::Value>(&event.data).is_ok(),
                "{event:?}"
            );
        }
    }
}
