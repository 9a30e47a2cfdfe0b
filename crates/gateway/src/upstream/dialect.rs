//! How each provider is spoken to: paths, headers of its own, and the translation there and back.
//!
//! Inside, every request is OpenAI's. It is translated after redaction, so that nothing that must not leave is in what is
//! translated; an answer is translated back before its values are restored.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use realm::world::{self, Protocol};
use wire::gigachat::Images;
use wire::openai::{Endpoint, UpstreamError};
use wire::sse::{Decoder, Frame, TooLong};
use wire::translate::{Answered, Back, Outgoing, Target, Translator, Unsupported};
use wire::yandexgpt::{self, Fanout, Operation, Vector, compatible, paths};
use wire::{anthropic, completions, gigachat};

/// The longest event of a stream.
const EVENT_BYTES_MAX: usize = 4 << 20;

const UNKNOWN_VERSION: &str = "its api_version is none that is known: 2023-06-01 or 2026-10-21";

const NO_OPERATIONS: &str =
    "it has an operations_url, and its base_url is the compatible surface, which has no operations";

/// A provider's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// The one that is spoken inside: nothing is translated.
    Openai,
    Anthropic(anthropic::Version),
    Gigachat,
    /// Yandex's own REST, with the folder that is billed; and whether chats take their time, as operations.
    Yandex {
        folder: String,
        aside: bool,
    },
    /// What Yandex offers to clients of OpenAI's.
    YandexCompatible(String),
}

/// A request as the provider takes it.
pub(crate) struct Outward {
    /// Below the provider's prefix.
    pub(crate) path: &'static str,
    /// One; or one for each text, where the provider embeds a text at a time.
    pub(crate) bodies: Vec<Bytes>,
    /// Parameters that were left out because the realm allows it.
    pub(crate) dropped: Vec<String>,
    /// What the way back needs; none where nothing is translated.
    pub(crate) back: Option<Box<Back>>,
    /// What must be uploaded before.
    pub(crate) images: Option<Box<Images>>,
}

/// A stream being read, whatever its form.
pub(crate) enum Framing {
    Events(Decoder),
    Translated(Box<dyn Translator>),
}

impl Dialect {
    /// What a provider of the realm speaks.
    ///
    /// # Errors
    /// In words, where the realm says what nobody knows.
    pub(crate) fn of(spec: &world::Provider) -> Result<Self, String> {
        let folder = || spec.folder.clone().ok_or("it has no folder");
        Ok(match spec.protocol {
            Protocol::Openai | Protocol::Embedded => Self::Openai,
            Protocol::Gigachat => Self::Gigachat,
            Protocol::Anthropic => {
                let named = spec.api_version.map(|date| anthropic::Version::read(&date.to_string()));
                Self::Anthropic(named.unwrap_or_else(|| Some(anthropic::Version::default())).ok_or(UNKNOWN_VERSION)?)
            }
            // The address says which of the two surfaces is meant: the compatible one has a version in its path.
            Protocol::Yandexgpt => {
                let aside = spec.operations_url.is_some();
                match (spec.base_url.as_deref().is_some_and(|url| url.ends_with("/v1")), aside) {
                    (true, true) => return Err(NO_OPERATIONS.to_owned()),
                    (true, false) => Self::YandexCompatible(folder()?),
                    (false, _) => Self::Yandex { folder: folder()?, aside },
                }
            }
        })
    }

    /// What stands between the host and the paths, of the path that the realm gives.
    pub(super) fn prefix(&self, path: &str) -> String {
        match self {
            // A bare address gets the usual version; a path is taken as it stands.
            Self::Openai | Self::Gigachat if path.is_empty() => "/v1".to_owned(),
            Self::Openai | Self::Gigachat => path.to_owned(),
            // Their paths begin with a version themselves.
            Self::Anthropic(_) | Self::YandexCompatible(_) => path.strip_suffix("/v1").unwrap_or(path).to_owned(),
            Self::Yandex { .. } => path.to_owned(),
        }
    }

    /// The headers that this provider wants beside the credential.
    ///
    /// # Errors
    /// In words, where the realm's text cannot stand in a header.
    pub(super) fn write_headers(&self, headers: &mut HeaderMap) -> Result<(), String> {
        let folder =
            |text: &str| HeaderValue::from_str(text).map_err(|_| "its folder cannot stand in a header".to_owned());
        match self {
            Self::Openai | Self::Gigachat => {}
            Self::Anthropic(version) => {
                headers.insert(anthropic::VERSION_HEADER, HeaderValue::from_static(version.as_str()));
            }
            Self::Yandex { folder: id, .. } => {
                headers.insert(yandexgpt::auth::FOLDER, folder(id)?);
                headers.insert(yandexgpt::auth::DATA_LOGGING, HeaderValue::from_static("false"));
            }
            Self::YandexCompatible(id) => {
                headers.insert(yandexgpt::auth::PROJECT, folder(id)?);
                headers.insert(yandexgpt::auth::DATA_LOGGING, HeaderValue::from_static("false"));
            }
        }
        Ok(())
    }

    /// The header by which a request is named at the provider, for asking its support.
    pub(super) fn request_id_header(&self) -> Option<HeaderName> {
        match self {
            Self::Openai | Self::Anthropic(_) => None,
            Self::Gigachat => Some(HeaderName::from_static("x-request-id")),
            Self::Yandex { .. } | Self::YandexCompatible(_) => {
                Some(HeaderName::from_static(yandexgpt::auth::CLIENT_REQUEST_ID))
            }
        }
    }

    /// Translates a request.
    ///
    /// # Errors
    /// What the provider cannot express and the realm does not let be dropped.
    pub(crate) fn outward(
        &self,
        endpoint: Endpoint,
        body: Bytes,
        (model, droppable): (&str, &[String]),
        max_tokens_default: u64,
    ) -> Result<Outward, Unsupported> {
        let target = Target { model, droppable, folder: self.folder() };
        let fanned = |path, fanout| Outward::fanned(path, fanout, model);
        match (self, endpoint) {
            (Self::Openai, _) => Ok(Outward::untouched(path_of(endpoint), body)),
            (_, Endpoint::Completions) => {
                let chat = completions::request(&body)?.into();
                self.outward(Endpoint::Chat, chat, (model, droppable), max_tokens_default)
            }
            (Self::Anthropic(version), Endpoint::Chat) => {
                let options = anthropic::Options { version: *version, max_tokens_default };
                anthropic::request(&body, &target, &options).map(|out| Outward::new(anthropic::MESSAGES_PATH, out))
            }
            (Self::Anthropic(_), Endpoint::Embeddings) => Err(cannot("input", "the provider has no embeddings")),
            (Self::Gigachat, Endpoint::Chat) => {
                gigachat::request(&body, &target).map(|out| Outward::new(gigachat::CHAT_PATH, out))
            }
            (Self::Gigachat, Endpoint::Embeddings) => {
                gigachat::embeddings_request(&body, &target).map(|out| Outward::new(gigachat::EMBEDDINGS_PATH, out))
            }
            (Self::Yandex { aside, .. }, Endpoint::Chat) => yandex_chat(&body, &target, *aside),
            (Self::Yandex { .. }, Endpoint::Embeddings) => {
                yandexgpt::embeddings_request(&body, &target).map(|out| fanned(paths::EMBEDDING, out))
            }
            (Self::YandexCompatible(_), Endpoint::Chat) => {
                compatible::request(&body, &target).map(|out| Outward::new(paths::COMPATIBLE_CHAT, out))
            }
            (Self::YandexCompatible(_), Endpoint::Embeddings) => {
                compatible::embeddings_request(&body, &target).map(|out| fanned(paths::COMPATIBLE_EMBEDDINGS, out))
            }
        }
    }

    fn folder(&self) -> Option<&str> {
        match self {
            Self::Yandex { folder, .. } | Self::YandexCompatible(folder) => Some(folder),
            Self::Openai | Self::Anthropic(_) | Self::Gigachat => None,
        }
    }

    /// Translates the answer of a request that was translated: one body for each that was sent.
    pub(crate) fn answer(&self, endpoint: Endpoint, bodies: &[Bytes], back: &Back) -> Answered {
        let Some(body) = bodies.first() else { return Answered::Malformed };
        match (self, endpoint) {
            (Self::Openai, _) => Answered::Json(body.to_vec()),
            (_, Endpoint::Completions) => completions::answer(self.answer(Endpoint::Chat, bodies, back)),
            (Self::Anthropic(_), _) => anthropic::answer(body, back),
            (Self::Gigachat, Endpoint::Chat) => gigachat::answer(body, back),
            (Self::Gigachat, Endpoint::Embeddings) => gigachat::embeddings_answer(body, back),
            (Self::Yandex { aside: true, .. }, Endpoint::Chat) => match yandexgpt::operation(body) {
                Operation::Done(answer) => yandexgpt::answer(&answer, back),
                Operation::Running { .. } | Operation::Failed(_) | Operation::Malformed => Answered::Malformed,
            },
            (Self::Yandex { .. }, Endpoint::Chat) => yandexgpt::answer(body, back),
            (Self::Yandex { .. }, Endpoint::Embeddings) => merged(bodies, yandexgpt::embeddings_answer, back),
            (Self::YandexCompatible(_), Endpoint::Chat) => compatible::answer(body, back),
            (Self::YandexCompatible(_), Endpoint::Embeddings) => merged(bodies, compatible::embeddings_answer, back),
        }
    }

    /// Whether a success of this type is a stream.
    pub(crate) fn is_stream(&self, content_type: Option<&HeaderValue>) -> bool {
        // Yandex streams JSON values, under more than one name.
        matches!(self, Self::Yandex { .. })
            || content_type.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
    }

    /// How a stream is read.
    pub(crate) fn framing(&self, endpoint: Endpoint, back: Option<&Back>) -> Framing {
        let back = back.cloned().unwrap_or_default();
        let chat: Box<dyn Translator> = match self {
            Self::Openai => return Framing::Events(Decoder::new(EVENT_BYTES_MAX)),
            Self::Anthropic(_) => Box::new(anthropic::Stream::new(back, EVENT_BYTES_MAX)),
            Self::Gigachat => Box::new(gigachat::Stream::new(back, EVENT_BYTES_MAX)),
            Self::Yandex { .. } => Box::new(yandexgpt::Stream::new(back, EVENT_BYTES_MAX)),
            Self::YandexCompatible(_) => Box::new(compatible::Stream::new(back, EVENT_BYTES_MAX)),
        };
        match endpoint {
            Endpoint::Completions => Framing::Translated(Box::new(completions::Stream::new(chat))),
            Endpoint::Chat | Endpoint::Embeddings => Framing::Translated(chat),
        }
    }

    /// What an error says, in OpenAI's words.
    pub(crate) fn error(&self, status: u16, body: &[u8]) -> UpstreamError {
        match self {
            Self::Openai => UpstreamError::read(body),
            Self::Anthropic(_) => anthropic::error(status, body),
            Self::Gigachat => gigachat::error(status, body),
            Self::Yandex { .. } | Self::YandexCompatible(_) => yandexgpt::error(status, body).error,
        }
    }
}

impl Outward {
    fn untouched(path: &'static str, body: Bytes) -> Self {
        Self { path, bodies: vec![body], dropped: Vec::new(), back: None, images: None }
    }

    fn new(path: &'static str, out: Outgoing) -> Self {
        let images = Some(out.images).filter(|images| !images.is_empty()).map(Box::new);
        Self { path, bodies: vec![out.body.into()], dropped: out.dropped, back: Some(Box::new(out.back)), images }
    }

    fn fanned(path: &'static str, out: Fanout, model: &str) -> Self {
        let back = Back { model: model.to_owned(), embeddings_base64: out.base64, ..Back::default() };
        let bodies = out.bodies.into_iter().map(Bytes::from).collect();
        Self { path, bodies, dropped: out.dropped, back: Some(Box::new(back)), images: None }
    }
}

impl Framing {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// If an event is longer than allowed.
    pub(crate) fn push(&mut self, bytes: &[u8], out: &mut Vec<Frame>) -> Result<(), TooLong> {
        match self {
            Self::Events(decoder) => decoder.push(bytes, out),
            Self::Translated(translator) => translator.push(bytes, out),
        }
    }

    /// The body has ended; to be told once.
    pub(crate) fn end(&mut self, out: &mut Vec<Frame>) {
        if let Self::Translated(translator) = self {
            translator.end(out);
        }
    }
}

fn path_of(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Chat => "/chat/completions",
        Endpoint::Completions => "/completions",
        Endpoint::Embeddings => "/embeddings",
    }
}

/// A chat at Yandex: an operation has no stream.
fn yandex_chat(body: &[u8], target: &Target<'_>, aside: bool) -> Result<Outward, Unsupported> {
    if aside && is_streamed(body) {
        return Err(cannot("stream", "the provider answers later, with the whole of it"));
    }
    let path = if aside { paths::COMPLETION_ASYNC } else { paths::COMPLETION };
    yandexgpt::request(body, target).map(|out| Outward::new(path, out))
}

/// Whether a request wants a stream.
fn is_streamed(body: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Asked {
        stream: Option<bool>,
    }
    serde_json::from_slice::<Asked>(body).is_ok_and(|asked| asked.stream == Some(true))
}

fn cannot(field: &str, why: &str) -> Unsupported {
    Unsupported { field: field.to_owned(), why: why.to_owned() }
}

fn merged(bodies: &[Bytes], read: impl Fn(&[u8]) -> Option<Vector>, back: &Back) -> Answered {
    let vectors: Option<Vec<Vector>> = bodies.iter().map(|body| read(body)).collect();
    match vectors {
        Some(vectors) => Answered::Json(yandexgpt::merge(&vectors, &back.model, back.embeddings_base64)),
        None => Answered::Malformed,
    }
}
