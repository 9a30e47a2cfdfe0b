//! Signed notes (C2SP signed-note): a text and signature lines, each naming its key.
//!
//! A signature by an unknown key is ignored; a bad one by a known key condemns the whole note.

mod key;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use key::{Algorithm, KeyError, KeyId, SecretKey, VerifierKey, is_key_name};

/// The most bytes a note may have.
pub const NOTE_BYTES_MAX: usize = 1 << 20;
/// The most signatures a note may have.
pub const SIGNATURES_MAX: usize = 100;

const SIGNATURE_START: &str = "\u{2014} ";

/// A note as read: well formed, not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub key: KeyId,
    /// What the algorithm made: 64 bytes of Ed25519, or a time and 64 bytes in a cosignature.
    pub bytes: Vec<u8>,
}

/// A signature that a known key made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub key: KeyId,
    /// What kind of statement it is.
    pub algorithm: Algorithm,
    /// When a cosigner says it was made, in Unix seconds.
    pub time_s: Option<u64>,
}

/// Why bytes are no note, or a note is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Longer than any note needs to be.
    #[error("the note exceeds {NOTE_BYTES_MAX} bytes or {SIGNATURES_MAX} signatures")]
    TooLong,
    /// Not UTF-8, or with control characters.
    #[error("the note holds a byte at {0} that is not allowed in a text")]
    NotText(usize),
    /// No blank line that ends the text.
    #[error("the note has no blank line between text and signatures")]
    NoSignatures,
    /// A line after the blank one is no signature.
    #[error("signature line {0} is malformed")]
    SignatureLine(usize),
    /// A known key's signature is wrong.
    #[error("the signature of {name} (key {key}) is wrong")]
    BadSignature {
        /// The key's name.
        name: String,
        /// The key's id.
        key: KeyId,
    },
    /// No known key signed.
    #[error("no known key signed the note")]
    NoKnownKey,
}

// === impl Note ===

impl Note {
    /// Makes a note of a text that ends in a newline and the signatures made over it.
    ///
    /// # Errors
    /// The result must read back as itself.
    pub fn new(text: &str, signatures: Vec<Signature>) -> Result<Self, Error> {
        let note = Self { text: text.to_owned(), signatures };
        let read = Self::parse(note.to_string().as_bytes())?;
        if read == note { Ok(note) } else { Err(Error::NoSignatures) }
    }

    /// Reads a note.
    ///
    /// # Errors
    /// Everything that the format forbids; signatures are not checked here.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(Error::TooLong);
        }
        let whole = std::str::from_utf8(bytes).map_err(|error| Error::NotText(error.valid_up_to()))?;
        if let Some(at) = bytes.iter().position(|b| *b < 0x20 && *b != b'\n') {
            return Err(Error::NotText(at));
        }
        let split = whole.rfind("\n\n").ok_or(Error::NoSignatures)?;
        let (text, rest) = (&whole[..=split], &whole[split + 2..]);
        let lines = rest.strip_suffix('\n').ok_or(Error::NoSignatures)?;
        let signatures: Vec<Signature> = lines
            .split('\n')
            .take(SIGNATURES_MAX + 1)
            .enumerate()
            .map(|(n, line)| Signature::parse(line).ok_or(Error::SignatureLine(n + 1)))
            .collect::<Result<_, _>>()?;
        if signatures.len() > SIGNATURES_MAX {
            return Err(Error::TooLong);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// Borrows the text, its last newline included. Believe it only after `verify`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Borrows the signature lines.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature line, unless that key's line is there already: then it is replaced.
    pub fn add(&mut self, signature: Signature) {
        self.signatures.retain(|old| (&old.name, old.key) != (&signature.name, signature.key));
        self.signatures.push(signature);
    }

    /// Checks every signature of the known keys and returns them, each line once.
    ///
    /// # Errors
    /// One bad signature of a known key, or none that is known, and the note is not to be believed.
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<Vec<Verified>, Error> {
        let mut verified = Vec::new();
        for signature in &self.signatures {
            let mut known =
                keys.iter().filter(|key| key.name() == signature.name && key.id() == signature.key).peekable();
            if known.peek().is_none() {
                continue;
            }
            let found = known.find_map(|key| key.verify(&self.text, signature));
            verified
                .push(found.ok_or_else(|| Error::BadSignature { name: signature.name.clone(), key: signature.key })?);
        }
        if verified.is_empty() { Err(Error::NoKnownKey) } else { Ok(verified) }
    }

    /// Lists the signatures of keys that are not among `keys`.
    pub fn unknown<'a>(&'a self, keys: &'a [VerifierKey]) -> impl Iterator<Item = &'a Signature> {
        let known = |signature: &&Signature| keys.iter().any(|k| k.name() == signature.name && k.id() == signature.key);
        self.signatures.iter().filter(move |signature| !known(signature))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| write!(f, "{signature}"))
    }
}

// === impl Signature ===

impl Signature {
    /// Reads a signature line without its newline; `None` unless it is one.
    pub fn parse(line: &str) -> Option<Self> {
        let (name, data) = line.strip_prefix(SIGNATURE_START)?.split_once(' ')?;
        let data = STANDARD.decode(data).ok()?;
        let (key, bytes) = data.split_first_chunk::<4>()?;
        (is_key_name(name) && !bytes.is_empty()).then(|| Self {
            name: name.to_owned(),
            key: KeyId(u32::from_be_bytes(*key)),
            bytes: bytes.to_vec(),
        })
    }
}

impl fmt::Display for Signature {
    /// Writes the line, its newline included.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let data = [&self.key.0.to_be_bytes(), self.bytes.as_slice()].concat();
        writeln!(f, "{SIGNATURE_START}{} {}", self.name, STANDARD.encode(data))
    }
}

#[cfg(test)]
mod tests;
