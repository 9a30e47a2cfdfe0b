//! The witness (C2SP tlog-witness): cosigns a log's checkpoint if, and only if, it continues the last one cosigned.
//!
//! `add_checkpoint` decides and is pure; [`Witness`] remembers, durably before it answers; `client` is the log's side.
//! Serving HTTP is the caller's business: [`Witness::handle`] takes and gives values.

pub mod client;
mod request;

use std::io;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

pub use request::{REQUEST_BYTES_MAX, Request};

use crate::checkpoint::{self, Keys, Signed};
use crate::layout::CHECKPOINT_MEDIA_TYPE;
use crate::note::{self, Algorithm, Note, SecretKey, VerifierKey};
use crate::proof;
use crate::tree::empty_root;
use crate::types::{Origin, TreeSize};
use crate::verify::Remember;

/// The media type of the size that a conflict answers with.
pub const SIZE_MEDIA_TYPE: &str = "text/x.tlog.size";

const TEXT: &str = "text/plain; charset=utf-8";
const ADD_CHECKPOINT: &str = "/add-checkpoint";

/// Keeps what a witness has cosigned.
pub trait Persist {
    /// Replaces what is kept, atomically and durably.
    ///
    /// # Errors
    /// Whatever the system says; nothing is then answered with a cosignature.
    fn save(&mut self, seen: &Remember) -> io::Result<()>;
}

/// Keeps it in a file.
#[derive(Clone, Debug)]
pub struct StateFile(pub PathBuf);

/// A witness with its key, its logs and its memory.
pub struct Witness<P> {
    key: SecretKey,
    logs: Keys,
    seen: Remember,
    persist: P,
}

/// What to send back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

/// A checkpoint that may be cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What to remember: the checkpoint with the log's and the witness's signatures, and no stranger's.
    pub note: Note,
    /// The signature line to answer with.
    pub cosignature: note::Signature,
}

/// Why a checkpoint is not cosigned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// 400: the request is malformed, or its old size exceeds the checkpoint's.
    #[error("{0}")]
    Malformed(String),
    /// 403: no known key of the log signed.
    #[error("no trusted key of the log signed the checkpoint")]
    Unsigned,
    /// 404: not a log of this witness.
    #[error("this log is not known here")]
    UnknownLog,
    /// 409: the last cosigned size is another one.
    #[error("the last cosigned size is {0}")]
    Conflict(TreeSize),
    /// 422: the log does not continue what was cosigned.
    #[error("the checkpoint does not continue the last cosigned one: {0}")]
    Inconsistent(proof::Error),
}

/// Why a witness cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("a witness signs cosignatures (type 0x04); this key is of another type")]
pub struct WrongKey(());

/// Decides about one request. Pure: the caller remembers `Accepted::note` before it answers.
///
/// # Errors
/// The reason, in the order in which the protocol looks for them.
pub fn add_checkpoint(
    key: &SecretKey,
    logs: &Keys,
    seen: &Remember,
    body: &[u8],
    now_s: u64,
) -> Result<Accepted, Refusal> {
    let request = Request::parse(body).map_err(|error| Refusal::Malformed(error.to_string()))?;
    let origin = &request.checkpoint.origin;
    if !logs.logs.iter().any(|key| key.name() == origin.as_str()) {
        return Err(Refusal::UnknownLog);
    }
    let signed = Signed::open(request.note.to_string().as_bytes(), logs).map_err(|error| match error {
        checkpoint::Error::Unsigned(_) | checkpoint::Error::Note(_) => Refusal::Unsigned,
        checkpoint::Error::Line(_) => Refusal::Malformed(error.to_string()),
    })?;
    let head = &signed.checkpoint;
    if request.old > head.size {
        return Err(Refusal::Malformed("the old size exceeds the checkpoint's".to_owned()));
    }
    let (size, root) = seen.head(origin).unwrap_or_else(|| (TreeSize::ZERO, empty_root()));
    if request.old != size {
        return Err(Refusal::Conflict(size));
    }
    proof::verify_consistency((size, root), (head.size, head.root), &request.proof).map_err(Refusal::Inconsistent)?;
    let text = signed.note.text();
    let cosignature = key.sign(text, now_s);
    let own = |line: &&note::Signature| signed.log.iter().any(|known| known.name == line.name && known.key == line.key);
    let kept = signed.note.signatures().iter().filter(own).cloned().chain([cosignature.clone()]).collect();
    let note = Note::new(text, kept).map_err(|error| Refusal::Malformed(error.to_string()))?;
    Ok(Accepted { note, cosignature })
}

/// Names the path below which a log's cosigned checkpoint is served.
pub fn monitoring_id(origin: &Origin) -> String {
    hex::encode(Sha256::digest(origin.as_str()))
}

// === impl Witness ===

impl<P: Persist> Witness<P> {
    /// Sets up a witness for the logs that these keys are named after, going on from what it has seen.
    ///
    /// # Errors
    /// The key must be one for cosignatures.
    pub fn new(key: SecretKey, logs: Vec<VerifierKey>, seen: Remember, persist: P) -> Result<Self, WrongKey> {
        if key.verifier().algorithm() != Algorithm::CosignatureV1 {
            return Err(WrongKey(()));
        }
        Ok(Self { key, logs: Keys { logs, witnesses: Vec::new() }, seen, persist })
    }

    /// Returns the key to configure in whoever relies on this witness.
    pub const fn verifier(&self) -> &VerifierKey {
        self.key.verifier()
    }

    /// Borrows what was cosigned so far.
    pub const fn seen(&self) -> &Remember {
        &self.seen
    }

    /// Answers a request. `path` is relative to the witness's prefix and begins with `/`; `now_s` is Unix time.
    ///
    /// The check and the remembering are one step because this takes `&mut self`: serve one request at a time.
    pub fn handle(&mut self, method: &str, path: &str, body: &[u8], now_s: u64) -> Response {
        match (method, path) {
            ("POST", ADD_CHECKPOINT) => self.add(body, now_s),
            (_, ADD_CHECKPOINT) => Response::text(405, "use POST\n"),
            ("GET" | "HEAD", _) => self.show(path),
            _ => Response::text(404, "not found\n"),
        }
    }

    fn add(&mut self, body: &[u8], now_s: u64) -> Response {
        let accepted = match add_checkpoint(&self.key, &self.logs, &self.seen, body, now_s) {
            Ok(accepted) => accepted,
            Err(refusal) => return refusal.into(),
        };
        let mut seen = self.seen.clone();
        if seen.update(&accepted.note).is_none() || self.persist.save(&seen).is_err() {
            // Not remembered, hence not said: the log may ask again.
            return Response::text(500, "the witness cannot remember checkpoints now\n");
        }
        self.seen = seen;
        Response { status: 200, content_type: TEXT, body: accepted.cosignature.to_string().into_bytes() }
    }

    fn show(&self, path: &str) -> Response {
        let id = path.strip_prefix('/').and_then(|path| path.strip_suffix("/checkpoint"));
        let known = id.and_then(|id| self.seen.origins().find(|origin| monitoring_id(origin) == id));
        match known.and_then(|origin| self.seen.note(origin)) {
            Some(note) => {
                Response { status: 200, content_type: CHECKPOINT_MEDIA_TYPE, body: note.to_string().into_bytes() }
            }
            None => Response::text(404, "not found\n"),
        }
    }
}

// === impl StateFile ===

impl Persist for StateFile {
    fn save(&mut self, seen: &Remember) -> io::Result<()> {
        seen.save(&self.0)
    }
}

// === impl Response ===

impl Response {
    fn text(status: u16, body: &str) -> Self {
        Self { status, content_type: TEXT, body: body.as_bytes().to_vec() }
    }
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::Malformed(_) => 400,
            Refusal::Unsigned => 403,
            Refusal::UnknownLog => 404,
            Refusal::Conflict(size) => {
                return Self { status: 409, content_type: SIZE_MEDIA_TYPE, body: format!("{size}\n").into_bytes() };
            }
            Refusal::Inconsistent(_) => 422,
        };
        Self::text(status, &format!("{refusal}\n"))
    }
}
