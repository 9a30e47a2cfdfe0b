//! The log's side of witnessing: what to ask, and whether to believe the answer.

use super::Request;
use crate::checkpoint::{self, Checkpoint};
use crate::layout::parse_decimal;
use crate::note::{self, Algorithm, Note, Signature, VerifierKey};
use crate::proof::{self, Nodes};
use crate::types::TreeSize;

/// What a witness's answer means for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It cosigned: lines to add to the checkpoint.
    Cosigned(Vec<Signature>),
    /// It knows another size: ask again from there. A size beyond the log's own means that the log was rolled back.
    Knows(TreeSize),
}

/// Why an answer is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The witness refused.
    #[error("the witness answered with status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The beginning of what it said: foreign, so not part of the message.
        body: String,
    },
    /// The answer is not in the protocol's form.
    #[error("the witness's answer is malformed")]
    Malformed,
    /// The signature lines are not by the witness, or wrong.
    #[error(transparent)]
    Note(#[from] note::Error),
}

/// Makes the request that asks for a cosignature, from the last size that the witness cosigned (0 at first) on.
/// `None` if that size exceeds the checkpoint's.
///
/// # Errors
/// Whatever the nodes say, or a note that is no checkpoint.
pub fn request<N: Nodes>(old: TreeSize, note: &Note, nodes: &mut N) -> Result<Option<Request>, RequestError<N::Error>> {
    let checkpoint = Checkpoint::parse(note.text()).map_err(RequestError::Checkpoint)?;
    let proof = proof::consistency(nodes, old, checkpoint.size).map_err(RequestError::Nodes)?;
    Ok(proof.map(|proof| Request { old, proof, note: note.clone(), checkpoint }))
}

/// Why no request could be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError<E> {
    /// The note is no checkpoint.
    #[error(transparent)]
    Checkpoint(checkpoint::Error),
    /// The nodes of the proof cannot be had.
    #[error("the log's tiles cannot be read: {0}")]
    Nodes(E),
}

/// Judges the answer to a request about `note`. Lines of unknown keys are dropped.
///
/// # Errors
/// At least one line must be a right cosignature by one of `witnesses`, and none of theirs wrong.
pub fn judge(note: &Note, status: u16, body: &[u8], witnesses: &[VerifierKey]) -> Result<Answer, Error> {
    match status {
        200 => Ok(Answer::Cosigned(cosignatures(note, body, witnesses)?)),
        409 => {
            let text = std::str::from_utf8(body).ok().and_then(|text| text.strip_suffix('\n'));
            let size = text.and_then(parse_decimal).ok_or(Error::Malformed)?;
            Ok(Answer::Knows(TreeSize(size)))
        }
        _ => {
            let body = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
            Err(Error::Refused { status, body })
        }
    }
}

fn cosignatures(note: &Note, body: &[u8], witnesses: &[VerifierKey]) -> Result<Vec<Signature>, Error> {
    let text = std::str::from_utf8(body).ok().and_then(|text| text.strip_suffix('\n')).ok_or(Error::Malformed)?;
    let lines = text.split('\n').take(note::SIGNATURES_MAX + 1);
    let lines: Option<Vec<Signature>> = lines.map(Signature::parse).collect();
    let answer = Note::new(note.text(), lines.ok_or(Error::Malformed)?)?;
    let cosigners: Vec<VerifierKey> =
        witnesses.iter().filter(|key| key.algorithm() == Algorithm::CosignatureV1).cloned().collect();
    let verified = answer.verify(&cosigners)?;
    let known = |line: &&Signature| verified.iter().any(|v| v.name == line.name && v.key == line.key);
    Ok(answer.signatures().iter().filter(known).cloned().collect())
}
