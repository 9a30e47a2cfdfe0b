//! A request as a view over its bytes.

mod limit;
mod read;

use bytes::Bytes;

use super::bounded::{self, count};
use super::fields::Fields;
use super::walk::Walk;
use crate::edit::Edits;
use crate::error::{Error, Problem};
use crate::json::{Cursor, Literal, Shape, quoted};
pub use limit::LimitName;
use limit::Limits;
use read::{boolean, string};

/// Which call a body belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `/v1/chat/completions`
    Chat,
    /// `/v1/completions`
    Completions,
    /// `/v1/embeddings`
    Embeddings,
}

/// A request body, read once. Owns its bytes; every position refers to them.
#[derive(Clone)]
pub struct Request {
    body: Bytes,
    /// The call it belongs to.
    pub endpoint: Endpoint,
    model: Literal,
    /// Whether the client wants a stream.
    pub stream: bool,
    usage: UsageAsked,
    /// `max_completion_tokens`, else `max_tokens`; at most 2147483647.
    pub max_tokens: Option<u64>,
    limits: Limits,
    /// How many answers are wanted (`n`), when the client says; at most 128.
    pub n: Option<u64>,
    /// How many answers are made to choose from, when the client says; at most 128.
    best_of: Option<u64>,
    /// Of completions: how many prompts there are.
    prompts: u64,
    /// Whether tools or functions are offered.
    pub tools: bool,
    /// The form the answer must have.
    pub response_format: ResponseFormat,
    /// Parts whose content cannot be read as text.
    pub unscannable: Unscannable,
    /// `user`, decoded.
    pub user: Option<String>,
    places: Vec<Place>,
}

/// What `response_format.type` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResponseFormat {
    /// Absent or `text`.
    #[default]
    Text,
    /// `json_object`
    JsonObject,
    /// `json_schema`
    JsonSchema,
    /// Something else, passed on.
    Other,
}

/// Parts of a message that hold no readable text, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unscannable {
    /// Images and videos.
    pub images: u32,
    /// Sound.
    pub audio: u32,
    /// Files.
    pub files: u32,
}

impl Unscannable {
    /// Whether there is any.
    pub fn any(self) -> bool {
        self.images + self.audio + self.files > 0
    }
}

/// A place in the body that can carry human text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Where it stands in the body.
    pub literal: Literal,
    /// Which part of the body it belongs to.
    pub section: Section,
    /// What it is in JSON.
    pub form: Form,
    /// The row of texts it belongs to, where a reader may take several for one: those of one message's parts, or of
    /// one list of prompts.
    pub row: Option<u32>,
}

/// Which part of the body a place belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// The conversation: `messages`, `prompt` or `input`.
    Messages,
    /// Everything else: tools, `user`, `metadata`, unknown fields.
    Rest,
}

/// What a place is in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A string.
    Text,
    /// A string that upstreams read as JSON: the arguments of a call in the history.
    Arguments,
    /// A member's name.
    Key,
    /// A number without quotes: what replaces it must bring its own.
    Number,
    /// A number where nothing else can stand: in a schema, or a setting that is not known.
    Setting,
    /// Not text by itself, but it may hold some: a `data:` URL, or what a file or a sound consists of.
    Data,
}

/// What the client said about usage in streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UsageAsked {
    /// No `stream_options`: one can be written at this offset, after the opening brace.
    Absent { at: usize },
    /// `stream_options` without `include_usage`: it can be written at this offset.
    Silent { at: usize, empty: bool },
    /// The value at this range does not ask for it; replace it by this.
    Refused { from: usize, to: usize, with: &'static str },
    /// Asked for.
    Asked,
}

const FIELDS: &[&str] = &[
    "model",
    "messages",
    "prompt",
    "input",
    "stream",
    "stream_options",
    "max_tokens",
    "max_completion_tokens",
    "n",
    "best_of",
    "tools",
    "functions",
    "response_format",
    "user",
];

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("endpoint", &self.endpoint)
            .field("stream", &self.stream)
            .field("bytes", &self.body.len())
            .field("places", &self.places.len())
            .finish_non_exhaustive()
    }
}

impl Request {
    /// Reads a body. One pass; what is kept is proportional to the number of strings in it.
    pub fn parse(endpoint: Endpoint, body: Bytes) -> Result<Self, Error> {
        let text = std::str::from_utf8(&body).map_err(|e| Error::new(e.valid_up_to(), Problem::Utf8))?;
        let mut cursor = Cursor::new(text)?;
        if cursor.peek()? != Shape::Object {
            return cursor.fail(Problem::NotAnObject);
        }
        let mut draft = Draft::new(text, cursor.at() + 1, endpoint);
        let mut fields = Fields::new(text, FIELDS);
        cursor.object(|cursor, key| {
            let name = fields.name(key)?;
            draft.field(cursor, key, name)
        })?;
        cursor.end()?;
        draft.finish(endpoint, &body)
    }

    /// The bytes as they came.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The bytes as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("parse checked that the body is UTF-8")
    }

    /// The model or route that the client names.
    pub fn model(&self) -> std::borrow::Cow<'_, str> {
        self.model.decode(self.text())
    }

    /// Every place with human text, the conversation first, each part in its order.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Whether the client asked for the usage of a stream.
    pub fn wants_usage(&self) -> bool {
        self.usage == UsageAsked::Asked
    }

    /// How many answers are made: the same tokens may be written for each. Some servers know `best_of` of chats too.
    pub fn answers(&self) -> u64 {
        self.n.max(self.best_of).unwrap_or(1).max(1).saturating_mul(self.prompts)
    }

    /// Names another model.
    pub fn set_model(&self, model: &str, edits: &mut Edits) {
        if !self.model.is(self.text(), model) {
            edits.replace(self.model.outer(), quoted(model));
        }
    }

    /// Asks the upstream for the usage of a stream. Does nothing when it is no stream or is asked for.
    pub fn ask_usage(&self, edits: &mut Edits) {
        if !self.stream {
            return;
        }
        match self.usage {
            UsageAsked::Asked => {}
            UsageAsked::Absent { at } => edits.replace(at..at, "\"stream_options\":{\"include_usage\":true},"),
            UsageAsked::Silent { at, empty: true } => edits.replace(at..at, "\"include_usage\":true"),
            UsageAsked::Silent { at, empty: false } => edits.replace(at..at, "\"include_usage\":true,"),
            UsageAsked::Refused { from, to, with } => edits.replace(from..to, with),
        }
    }
}

/// A request while it is being read.
struct Draft<'t> {
    text: &'t str,
    model: Option<Literal>,
    needed: &'static str,
    present: bool,
    stream: bool,
    usage: UsageAsked,
    limits: Limits,
    n: Option<u64>,
    best_of: Option<u64>,
    prompts: u64,
    tools: bool,
    response_format: ResponseFormat,
    user: Option<String>,
    walk: Walk<'t>,
}

impl<'t> Draft<'t> {
    fn new(text: &'t str, inside: usize, endpoint: Endpoint) -> Self {
        let needed = match endpoint {
            Endpoint::Chat => "messages",
            Endpoint::Completions => "prompt",
            Endpoint::Embeddings => "input",
        };
        Self {
            text,
            model: None,
            needed,
            present: false,
            stream: false,
            usage: UsageAsked::Absent { at: inside },
            limits: Limits::new(inside),
            n: None,
            best_of: None,
            prompts: 1,
            tools: false,
            response_format: ResponseFormat::Text,
            user: None,
            walk: Walk::new(text),
        }
    }

    fn field(&mut self, cursor: &mut Cursor<'t>, key: Literal, name: Option<&'static str>) -> Result<(), Error> {
        match name {
            Some("model") => self.model = string(cursor, "model", "a string")?,
            Some("messages") => {
                self.present |= self.needed == "messages";
                self.walk.messages(cursor)?;
            }
            Some(name @ ("prompt" | "input")) => self.prompts(cursor, name)?,
            Some("stream") => self.stream = boolean(cursor, "stream")?.unwrap_or(false),
            Some("stream_options") => self.stream_options(cursor)?,
            Some("max_tokens") => self.limits.older(cursor, self.text)?,
            Some("max_completion_tokens") => self.limits.newer(cursor, self.text)?,
            Some("best_of") => self.best_of = count(cursor, self.text, &bounded::BEST_OF)?,
            Some("n") => self.n = count(cursor, self.text, &bounded::N)?,
            Some("tools" | "functions") => {
                let from = cursor.at();
                self.walk.generic(cursor, Section::Rest, Form::Setting)?;
                self.tools |= self.text[from..cursor.at()].starts_with('[') && cursor.at() - from > 2;
            }
            Some("response_format") => self.response_format = self.walk.response_format(cursor)?,
            Some("user") => {
                let before = self.walk.places.len();
                self.walk.generic(cursor, Section::Rest, Form::Number)?;
                self.user = match self.walk.places[before..] {
                    [Place { literal, form: Form::Text, .. }] => Some(literal.decode(self.text).into_owned()),
                    _ => None,
                };
            }
            _ => self.walk.unknown(cursor, key)?,
        }
        Ok(())
    }

    fn prompts(&mut self, cursor: &mut Cursor<'t>, name: &'static str) -> Result<(), Error> {
        let wanted = self.needed == name;
        let said = cursor.peek()? != Shape::Null;
        self.present |= wanted && said;
        let from = cursor.at();
        self.walk.prompts(cursor)?;
        if wanted && name == "prompt" {
            self.prompts = bounded::prompts(&self.text[from..cursor.at()])?;
        }
        Ok(())
    }

    fn stream_options(&mut self, cursor: &mut Cursor<'t>) -> Result<(), Error> {
        let from = cursor.at();
        match cursor.peek()? {
            Shape::Null => {
                cursor.null()?;
                self.usage = UsageAsked::Refused { from, to: cursor.at(), with: "{\"include_usage\":true}" };
                return Ok(());
            }
            Shape::Object => {}
            _ => return cursor.fail(Problem::WrongType { field: "stream_options", expected: "an object" }),
        }
        let mut usage = UsageAsked::Silent { at: from + 1, empty: true };
        let mut fields = Fields::new(self.text, &["include_usage"]);
        cursor.object(|cursor, key| {
            if fields.name(key)?.is_some() {
                let from = cursor.at();
                usage = match boolean(cursor, "stream_options.include_usage")? {
                    Some(true) => UsageAsked::Asked,
                    _ => UsageAsked::Refused { from, to: cursor.at(), with: "true" },
                };
                return Ok(());
            }
            if let UsageAsked::Silent { empty, .. } = &mut usage {
                *empty = false;
            }
            self.walk.unknown(cursor, key)
        })?;
        self.usage = usage;
        Ok(())
    }

    fn finish(self, endpoint: Endpoint, body: &Bytes) -> Result<Request, Error> {
        let end = body.len();
        let model = self.model.ok_or(Error::new(end, Problem::Missing("model")))?;
        // OpenAI's completions take an absent prompt for an empty one; nobody needs that through here.
        if !self.present {
            return Err(Error::new(end, Problem::Missing(self.needed)));
        }
        let mut places = self.walk.places;
        places.sort_by_key(|place| place.section);
        Ok(Request {
            body: body.clone(),
            endpoint,
            model,
            stream: self.stream,
            usage: self.usage,
            max_tokens: self.limits.tokens(),
            limits: self.limits,
            n: self.n,
            best_of: self.best_of,
            prompts: self.prompts,
            tools: self.tools,
            response_format: self.response_format,
            unscannable: self.walk.unscannable,
            user: self.user,
            places,
        })
    }
}
