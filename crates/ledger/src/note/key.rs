//! The keys of notes and their text forms.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature as Ed25519, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::{Signature, Verified};
use crate::cosignature;

const SECRET_START: &str = "PRIVATE+KEY+";

/// What a key signs. The byte is part of the key's id and of its text form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// 0x01: Ed25519 over the note's text.
    Ed25519,
    /// 0x04: a witness's Ed25519 cosignature over a time and the note's text.
    CosignatureV1,
}

/// The short name of a key: collisions are harmless, because keys are configured whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub u32);

/// A public key with the name it signs under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    algorithm: Algorithm,
    id: KeyId,
    public: VerifyingKey,
}

/// A private key with the name it signs under. Its `Debug` form shows no secret.
pub struct SecretKey {
    verifier: VerifierKey,
    signing: SigningKey,
}

/// Why a text or name is no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The name is empty or holds white space or a plus.
    #[error("`{0}` cannot name a key: it must be non-empty, without white space and `+`")]
    Name(String),
    /// The text has another shape.
    #[error("a key is written name+id+base64, with a matching id")]
    Malformed,
    /// The key's kind is none that this program uses, ML-DSA-44 (0x06) among others.
    #[error("keys of type {0:#04x} are not supported")]
    UnknownType(u8),
    /// The bytes are no point of the curve, or one that anybody can sign for.
    #[error("the key is not a usable Ed25519 public key")]
    Weak,
}

/// Reports whether a text can name a key: non-empty, without white space, plus and control characters.
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

fn key_id(name: &str, algorithm: Algorithm, public: &[u8; 32]) -> KeyId {
    let mut hasher = Sha256::new_with_prefix(name);
    hasher.update([b'\n', algorithm.byte()]);
    hasher.update(public);
    let hash = hasher.finalize();
    KeyId(u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]))
}

/// Takes `name+id+base64(type, 32 bytes)` apart.
fn split_key(text: &str) -> Result<(&str, &str, Algorithm, [u8; 32]), KeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(data)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::Malformed);
    };
    let data = STANDARD.decode(data).map_err(|_| KeyError::Malformed)?;
    let (kind, bytes) = data.split_first().ok_or(KeyError::Malformed)?;
    let algorithm = Algorithm::from_byte(*kind).ok_or(KeyError::UnknownType(*kind))?;
    let bytes = bytes.try_into().map_err(|_| KeyError::Malformed)?;
    Ok((name, id, algorithm, bytes))
}

// === impl Algorithm ===

impl Algorithm {
    /// Returns the byte that stands for it.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
        }
    }

    const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Ed25519),
            0x04 => Some(Self::CosignatureV1),
            _ => None,
        }
    }
}

// === impl KeyId ===

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

// === impl VerifierKey ===

impl VerifierKey {
    /// Names a public key.
    ///
    /// # Errors
    /// Refuses impossible names and keys that are not usable.
    pub fn new(name: &str, algorithm: Algorithm, public: &[u8; 32]) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name(name.to_owned()));
        }
        let point = VerifyingKey::from_bytes(public).ok().filter(|point| !point.is_weak()).ok_or(KeyError::Weak)?;
        Ok(Self { name: name.to_owned(), algorithm, id: key_id(name, algorithm, public), public: point })
    }

    /// Reads the text form `name+id+base64`.
    ///
    /// # Errors
    /// The id must be the key's own; other key types are named in the error.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (name, id, algorithm, public) = split_key(text)?;
        let key = Self::new(name, algorithm, &public)?;
        if key.id.to_string() == id { Ok(key) } else { Err(KeyError::Malformed) }
    }

    /// Borrows the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the id.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// Returns what the key signs.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the 32 public bytes.
    pub fn public_bytes(&self) -> [u8; 32] {
        self.public.to_bytes()
    }

    /// Checks a signature over a note's text; `None` if it is wrong.
    pub(crate) fn verify(&self, text: &str, signature: &Signature) -> Option<Verified> {
        let (time_s, bytes, message) = match self.algorithm {
            Algorithm::Ed25519 => (None, signature.bytes.as_slice(), text.to_owned()),
            Algorithm::CosignatureV1 => {
                let (time_s, bytes) = cosignature::split(&signature.bytes)?;
                (Some(time_s), bytes, cosignature::message(text, time_s))
            }
        };
        let ed25519 = Ed25519::from_slice(bytes).ok()?;
        self.public.verify_strict(message.as_bytes(), &ed25519).ok()?;
        Some(Verified { name: self.name.clone(), key: self.id, algorithm: self.algorithm, time_s })
    }
}

impl fmt::Display for VerifierKey {
    /// Writes the text form `name+id+base64`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let data = [&[self.algorithm.byte()], self.public.as_bytes().as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, self.id, STANDARD.encode(data))
    }
}

// === impl SecretKey ===

impl SecretKey {
    /// Makes a key of 32 random bytes.
    ///
    /// # Errors
    /// Refuses impossible names.
    pub fn from_seed(name: &str, algorithm: Algorithm, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let signing = SigningKey::from_bytes(seed);
        let verifier = VerifierKey::new(name, algorithm, signing.verifying_key().as_bytes())?;
        Ok(Self { verifier, signing })
    }

    /// Reads the text form that `expose` writes.
    ///
    /// # Errors
    /// The id must be the key's own; other key types are named in the error.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (name, id, algorithm, seed) = split_key(text.strip_prefix(SECRET_START).ok_or(KeyError::Malformed)?)?;
        let key = Self::from_seed(name, algorithm, &seed)?;
        if key.verifier.id.to_string() == id { Ok(key) } else { Err(KeyError::Malformed) }
    }

    /// Writes the secret in its text form, for a file that only its owner reads.
    pub fn expose(&self) -> String {
        let data = [&[self.verifier.algorithm.byte()], self.signing.as_bytes().as_slice()].concat();
        format!("{SECRET_START}{}+{}+{}", self.verifier.name, self.verifier.id, STANDARD.encode(data))
    }

    /// Borrows the public half.
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs a note's text. `now_s` (Unix seconds) is part of a cosignature and ignored in a plain signature.
    pub fn sign(&self, text: &str, now_s: u64) -> Signature {
        let bytes = match self.verifier.algorithm {
            Algorithm::Ed25519 => self.signing.sign(text.as_bytes()).to_vec(),
            Algorithm::CosignatureV1 => {
                let signed = self.signing.sign(cosignature::message(text, now_s).as_bytes());
                cosignature::join(now_s, &signed.to_bytes())
            }
        };
        Signature { name: self.verifier.name.clone(), key: self.verifier.id, bytes }
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SecretKey").field(&self.verifier.to_string()).finish()
    }
}
