//! Between OpenAI's chat wire, which the gateway speaks inside, and what other providers speak.
//!
//! A request is translated after redaction, an answer is translated back before restoring. So each provider needs
//! one pair of translations, and everything between client and provider sees one language.
//!
//! What a provider cannot express is [`Unsupported`], or left out where the realm lists it as droppable; never silently.

pub(crate) mod drops;
pub(crate) mod retell;

pub use retell::Retell;

use crate::gigachat::Images;
use crate::sse::Frame;

/// Whom a request is translated for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Target<'a> {
    /// The provider's name of the model.
    pub model: &'a str,
    /// OpenAI parameters that may be left out where the provider cannot express them.
    pub droppable: &'a [String],
    /// The provider's folder or project, where it has such a thing.
    pub folder: Option<&'a str>,
}

/// A request as the provider takes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outgoing {
    /// The body.
    pub body: Vec<u8>,
    /// Parameters that were left out, for the record: each is one of `Target::droppable`.
    pub dropped: Vec<String>,
    /// What the way back needs to know.
    pub back: Back,
    /// What must be uploaded before, at a provider that takes images so.
    pub images: Images,
}

/// What the translation of an answer needs to know of its request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Back {
    /// The `id` that the answer gets where the provider gives none: the caller sets it.
    pub id: String,
    /// Seconds since 1970 where the provider gives no time: the caller sets it.
    pub created: u64,
    /// The model, where the provider does not name it.
    pub model: String,
    /// The client offered `functions` instead of `tools`: calls come back in that form.
    pub legacy_functions: bool,
    /// Names of tools that had to be changed: as sent, as the client knows it.
    pub renamed: Vec<(String, String)>,
    /// Whether the client asked for the usage of a stream.
    pub wants_usage: bool,
    /// The client wants vectors in base64, which the provider cannot write.
    pub embeddings_base64: bool,
}

/// The provider has no way to say this, and the realm does not let it be dropped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the provider cannot express `{field}`: {why}")]
pub struct Unsupported {
    /// The parameter, as the client's API calls it.
    pub field: String,
    /// Why not, in words; it quotes nothing of the request's text.
    pub why: String,
}

/// Why a request of a client that speaks another language goes no further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not what the API takes.
    #[error("{field}: {why}")]
    Invalid {
        /// The field to blame.
        field: String,
        /// What it must be, in words.
        why: String,
    },
    /// It is, but the chat that is spoken inside cannot carry it.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}

impl Refusal {
    /// The field to blame.
    pub fn field(&self) -> &str {
        match self {
            Self::Invalid { field, .. } => field,
            Self::Unsupported(unsupported) => &unsupported.field,
        }
    }
}

/// A provider's answer, translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// OpenAI's JSON.
    Json(Vec<u8>),
    /// The provider reports an error although its status is a success.
    Error,
    /// It makes no sense.
    Malformed,
}

/// Translates a stream as it comes, whatever its framing. What comes out are OpenAI's events: chunks, then one with
/// `[DONE]`; an error of the provider is an event with `{"error":{…}}` and no `[DONE]` after it.
pub trait Translator: Send {
    /// Takes the next bytes, cut anywhere.
    ///
    /// # Errors
    /// If a line or event is longer than allowed.
    fn push(&mut self, bytes: &[u8], out: &mut Vec<Frame>) -> Result<(), crate::sse::TooLong>;

    /// The provider's body has ended. A stream that came to its proper end has its `[DONE]` by then; of one that did
    /// not, nothing more comes out.
    fn end(&mut self, out: &mut Vec<Frame>);
}
