//! Restoring in a stream, a piece at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use wire::Edits;
use wire::json::quoted;
use wire::openai::{Chunk, Event, Field, Said};

use super::restore::{End, Reading};
use super::{Restorer, Table};

/// Restores one stream. Of each text it holds back at most the beginning of one token.
#[derive(Debug)]
pub struct StreamRestorer {
    restorer: Restorer,
    /// Whether the texts are JSON, because the request asks for it.
    json: bool,
    pub(super) held: BTreeMap<(u32, Field), Held>,
    /// An event of this stream without choices, to say held text in if the stream ends early.
    shell: Option<String>,
}

/// The beginning of a token. `Debug` prints its length: a cut token is not worth more.
pub(super) struct Held(pub(super) String);

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// How many texts of one stream can have something held back at a time (choices × fields). Texts past
/// that are restored only where a token is whole within a piece.
const TEXTS_MAX: usize = 1024;

/// The longest event kept as a shell.
const SHELL_MAX: usize = 4096;

const BARE_SHELL: &str = r#"{"object":"chat.completion.chunk","choices":[]}"#;

impl StreamRestorer {
    /// A restorer for one stream.
    pub fn new(table: Arc<Table>) -> Self {
        Self { restorer: Restorer::new(table), json: false, held: BTreeMap::new(), shell: None }
    }

    /// The same for a stream whose texts will be JSON.
    #[must_use]
    pub fn of_json(self, json: bool) -> Self {
        Self { json, ..self }
    }

    /// Whether there is nothing to restore.
    pub fn is_idle(&self) -> bool {
        self.restorer.is_idle()
    }

    /// Adds the edits that restore one piece, read from `data`. Returns the data of an event to send
    /// *before* this piece, where a text ends that still had something held back.
    pub fn chunk(&mut self, data: &str, chunk: &Chunk, edits: &mut Edits) -> Option<String> {
        if self.is_idle() {
            return None;
        }
        let mut outs: Vec<Option<String>> = chunk.said.iter().map(|said| self.piece(data, said)).collect();
        let mut before = Vec::new();
        for (index, finished) in chunk.choices() {
            if finished {
                self.flush(index, data, chunk, &mut outs, &mut before);
            }
        }
        for (said, out) in chunk.said.iter().zip(&outs) {
            if let Some(out) = out {
                edits.replace(said.literal.outer(), quoted(out));
            }
        }
        if !self.held.is_empty() && self.shell.is_none() {
            let shell = chunk.instead(data, &[]).filter(|shell| shell.len() <= SHELL_MAX);
            self.shell = Some(shell.unwrap_or_else(|| BARE_SHELL.to_owned()));
        }
        if before.is_empty() { None } else { chunk.instead(data, &before) }
    }

    /// The end of the stream, proper or not: the data of an event to send before it, if anything is
    /// still held back.
    pub fn finish(&mut self) -> Option<String> {
        let held = std::mem::take(&mut self.held);
        let says: Vec<_> = held.into_iter().map(|((choice, field), Held(text))| (choice, field, text)).collect();
        let shell = self.shell.as_deref()?;
        match Event::read(shell) {
            Event::Chunk(chunk) if !says.is_empty() => chunk.instead(shell, &says),
            _ => None,
        }
    }

    /// One piece of one text; what it becomes, if anything else.
    fn piece(&mut self, data: &str, said: &Said) -> Option<String> {
        let piece = said.literal.decode(data);
        if said.field == Field::Other {
            let restored = self.restorer.run(&piece, Reading::Text, End::Final);
            return restored.changed.then_some(restored.text);
        }
        let key = (said.choice, said.field);
        let held = self.held.remove(&key).map(|held| held.0);
        let text = match &held {
            Some(held) => format!("{held}{piece}"),
            None => piece.into_owned(),
        };
        let end = if self.held.len() < TEXTS_MAX { End::Open } else { End::Final };
        let reading = match said.field {
            _ if said.field.is_json() => Reading::Arguments,
            Field::Content | Field::Text if self.json => Reading::Json,
            _ => Reading::Text,
        };
        let restored = self.restorer.run(&text, reading, end);
        let holds = restored.held_from < text.len();
        if holds {
            self.held.insert(key, Held(text[restored.held_from..].to_owned()));
        }
        (restored.changed || holds || held.is_some()).then_some(restored.text)
    }

    /// A choice ends with this piece: what is held of it goes into the piece's own text of that field,
    /// else into an event before.
    fn flush(
        &mut self,
        index: u32,
        data: &str,
        chunk: &Chunk,
        outs: &mut [Option<String>],
        before: &mut Vec<(u32, Field, String)>,
    ) {
        let keys: Vec<_> = self.held.keys().filter(|(choice, _)| *choice == index).copied().collect();
        for key in keys {
            let Some(Held(held)) = self.held.remove(&key) else { continue };
            match chunk.said.iter().rposition(|said| (said.choice, said.field) == key) {
                Some(at) => {
                    let whole = outs[at].take().unwrap_or_else(|| chunk.said[at].literal.decode(data).into_owned());
                    outs[at] = Some(whole + &held);
                }
                None => before.push((key.0, key.1, held)),
            }
        }
    }
}
