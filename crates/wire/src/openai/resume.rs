//! Going on with an answer that was cut: asking another provider for the rest, and making one stream of two.

use std::ops::Range;

use super::Chunk;
use crate::edit::Edits;
use crate::error::Error;
use crate::json::{Cursor, Literal, Shape, escape};

/// What the model is asked behind the piece that the client has. The way of all protocols: not every one lets an answer be
/// begun for the model.
const GO_ON: &str =
    "Your answer was cut off. Go on exactly where it ends: repeat nothing, and say nothing about the cut.";

/// The body of a chat with the answer so far, asking for the rest of it. Of what the answer may still be long,
/// `tokens` are used up. Without an answer so far, it is the body as it was.
///
/// # Errors
/// If the body is no chat's.
pub fn continued(body: &str, said: &str, tokens: u64) -> Result<String, Error> {
    let mut edits = Edits::new();
    let mut cursor = Cursor::new(body)?;
    cursor.object(|cursor, key| match &*key.decode(body) {
        "messages" if cursor.peek()? == Shape::Array => {
            let list = cursor.skip()?;
            let end = list.end - 1;
            let first = body[list.start + 1..end].trim_ascii().is_empty();
            if !said.is_empty() {
                let comma = if first { "" } else { "," };
                let said = escape(said);
                let answer = format!("{comma}{{\"role\":\"assistant\",\"content\":\"{said}\"}}");
                edits.replace(end..end, format!("{answer},{{\"role\":\"user\",\"content\":\"{GO_ON}\"}}"));
            }
            Ok(())
        }
        "max_tokens" | "max_completion_tokens" if cursor.peek()? == Shape::Number => {
            let range = cursor.number()?;
            if let Ok(most) = body[range.clone()].parse::<u64>() {
                edits.replace(range, most.saturating_sub(tokens).max(1).to_string());
            }
            Ok(())
        }
        _ => cursor.skip().map(drop),
    })?;
    // Edits of separate members cannot overlap.
    Ok(edits.apply_to(body.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default())
}

/// What all pieces of a stream have in common, as written in its first one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    members: Vec<(&'static str, String)>,
}

/// The members that tell one stream from another.
const COMMON: [&str; 3] = ["id", "created", "model"];

impl Head {
    /// Reads the data of a stream's first piece.
    ///
    /// # Errors
    /// If it is no piece of a stream.
    pub fn read(data: &str) -> Result<Self, Error> {
        let mut members = Vec::new();
        each(data, |name, range| members.push((name, data[range].to_owned())), |_| {})?;
        Ok(Self { members })
    }

    /// Makes a piece of another stream, read from `data`, one of this stream: the same names, and nobody takes the word anew.
    ///
    /// # Errors
    /// If it is no piece of a stream.
    pub fn take_over(&self, data: &str, edits: &mut Edits) -> Result<(), Error> {
        let mut roles = Vec::new();
        let replace = |name: &str, range: Range<usize>| {
            if let Some((_, value)) = self.members.iter().find(|(known, _)| *known == name) {
                edits.replace(range, value.clone());
            }
        };
        each(data, replace, |role: Literal| roles.push(role.outer()))?;
        roles.into_iter().for_each(|role| edits.replace(role, "null"));
        Ok(())
    }
}

impl Chunk {
    /// Adds to the usage in a piece what pieces of earlier streams used.
    pub fn add_usage(&self, prompt: u64, completion: u64, edits: &mut Edits) {
        let (Some(range), Some(usage)) = (self.usage_range(), self.usage) else { return };
        let prompt = usage.prompt_tokens.unwrap_or(0).saturating_add(prompt);
        let completion = usage.completion_tokens.unwrap_or(0).saturating_add(completion);
        let total = prompt.saturating_add(completion);
        let counts = format!("\"prompt_tokens\":{prompt},\"completion_tokens\":{completion},\"total_tokens\":{total}");
        edits.replace(range, format!("{{{counts}}}"));
    }
}

/// Goes through a piece: the common members, and the role of each choice.
fn each<'t>(
    data: &'t str,
    mut common: impl FnMut(&'static str, Range<usize>),
    mut role: impl FnMut(Literal),
) -> Result<(), Error> {
    let mut cursor: Cursor<'t> = Cursor::new(data)?;
    cursor.object(|cursor, key| {
        let name = key.decode(data);
        if let Some(name) = COMMON.into_iter().find(|known| *known == name) {
            common(name, cursor.skip()?);
            return Ok(());
        }
        if name != "choices" || cursor.peek()? != Shape::Array {
            return cursor.skip().map(drop);
        }
        cursor.array(|cursor| {
            within(cursor, data, "delta", |cursor| {
                within(cursor, data, "role", |cursor| match cursor.peek()? {
                    Shape::String => cursor.string().map(&mut role),
                    _ => cursor.skip().map(drop),
                })
            })
        })
    })
}

/// Goes into one member of an object and passes the others.
fn within<'t>(
    cursor: &mut Cursor<'t>,
    data: &'t str,
    wanted: &str,
    mut go: impl FnMut(&mut Cursor<'t>) -> Result<(), Error>,
) -> Result<(), Error> {
    if cursor.peek()? != Shape::Object {
        return cursor.skip().map(drop);
    }
    cursor.object(|cursor, key| if key.is(data, wanted) { go(cursor) } else { cursor.skip().map(drop) })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Head, continued};
    use crate::edit::Edits;
    use crate::openai::{Chunk, Event};

    fn read(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_body_gets_the_answer_so_far_and_the_rest_of_its_room() {
        let body = r#"{"model":"m","max_tokens":10,"x":[1],"messages":[{"role":"user","content":"hi"}],"seed":1.50}"#;
        let out = continued(body, "He said \"", 4).unwrap();
        assert!(out.starts_with(r#"{"model":"m","max_tokens":6,"x":[1],"messages":[{"role":"user","content":"hi"},{"#));
        assert!(out.ends_with(r#"],"seed":1.50}"#), "what is not understood stays: {out}");
        let messages = read(&out)["messages"].take();
        assert_eq!(messages[1], json!({ "role": "assistant", "content": "He said \"" }));
        assert_eq!((&messages[2]["role"], messages.as_array().unwrap().len()), (&json!("user"), 3));
        assert_eq!(read(&continued(body, "He", 99).unwrap())["max_tokens"], 1);
        assert_eq!(continued(body, "", 0).unwrap(), body);
    }

    #[test]
    fn pieces_of_a_second_stream_become_pieces_of_the_first() {
        let head = Head::read(r#"{"id":"a","created":5,"model":"one","choices":[]}"#).unwrap();
        let second = r#"{"id":"b","model":"two","created":6,"x":"b","choices":[{"index":0,"delta":{"role":"assistant","content":"y"}}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#;
        let Event::Chunk(chunk) = Event::read(second) else { panic!("no chunk") };
        let chunk: Chunk = chunk;
        let mut edits = Edits::new();
        head.take_over(second, &mut edits).unwrap();
        chunk.add_usage(10, 4, &mut edits);
        let out = read(&String::from_utf8(edits.apply_to(second.as_bytes()).unwrap()).unwrap());
        let delta = json!({ "role": null, "content": "y" });
        let usage = json!({ "prompt_tokens": 13, "completion_tokens": 6, "total_tokens": 19 });
        let wanted = json!({ "id": "a", "created": 5, "model": "one", "x": "b", "choices": [{ "index": 0, "delta": delta }], "usage": usage });
        assert_eq!(out, wanted);
        assert!(Head::read("[]").is_err());
    }
}
