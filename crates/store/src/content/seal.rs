//! Sealing: prompts and answers under a data key, the data key under the organisation's public key.
//!
//! The data key is wrapped by HPKE (RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305), because whoever seals must not be
//! able to open: the process that holds the public key can make as many wrapped keys as it likes and unwrap none. The
//! items are sealed by XChaCha20-Poly1305, because its nonces are long enough to be drawn at random for as many items as
//! a key will ever see. Both say in their authenticated data what they belong to, so that nobody with the database can
//! pass one app's item, or one request's, off as another's.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal};
use rand_core::OsRng;
use zeroize::{Zeroize, Zeroizing};

use super::Unsealed;
use crate::Error;
use crate::db::random;

type Public = <X25519HkdfSha256 as Kem>::PublicKey;
type Private = <X25519HkdfSha256 as Kem>::PrivateKey;
type Encapped = <X25519HkdfSha256 as Kem>::EncappedKey;

/// How a public key begins.
const PUBLIC: &str = "x25519:";
/// How a private key begins, in the file that holds it.
const PRIVATE: &str = "freehold-identity:";
/// What HPKE mixes in: a wrapped key is good for nothing else.
const INFO: &[u8] = b"freehold content key v1";
const ENCAPPED_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// What a data key belongs to.
#[derive(Debug, Clone, Copy)]
pub struct KeyName<'a> {
    /// Its id.
    pub id: &'a str,
    /// The app.
    pub app: &'a str,
    /// The app's organisation.
    pub organisation: &'a str,
}

/// A key for one app's items. It is wiped when dropped.
pub struct DataKey([u8; 32]);

/// An organisation's private key, which opens what is wrapped for it.
pub struct Identity(Private);

impl Drop for DataKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl KeyName<'_> {
    fn said(&self) -> Vec<u8> {
        said(&["key", self.id, self.app, self.organisation])
    }

    fn item(&self, req: &str) -> Vec<u8> {
        said(&["item", self.id, self.app, self.organisation, req])
    }
}

/// Words as bytes that no other words give.
fn said(words: &[&str]) -> Vec<u8> {
    let mut bytes = b"freehold content v1".to_vec();
    for word in words {
        bytes.extend_from_slice(&(word.len() as u64).to_le_bytes());
        bytes.extend_from_slice(word.as_bytes());
    }
    bytes
}

impl DataKey {
    /// A new one.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn new() -> Result<Self, Error> {
        Ok(Self(random::<32>()?))
    }

    /// The key of these bytes.
    pub fn of(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Wraps it for an organisation's public key, as the realm writes that.
    ///
    /// # Errors
    /// If that is no public key.
    pub fn wrap(&self, public: &str, name: KeyName<'_>) -> Result<Vec<u8>, Unsealed> {
        let public = hex_of(PUBLIC, public).and_then(|bytes| Public::from_bytes(&bytes[..]).ok());
        let public = public.ok_or(Unsealed::NoPublicKey)?;
        let sealed = single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256, _>(
            &OpModeS::Base,
            &public,
            INFO,
            &self.0,
            &name.said(),
            &mut OsRng,
        );
        let (encapped, wrapped) = sealed.map_err(|_| Unsealed::NoPublicKey)?;
        Ok([&encapped.to_bytes()[..], &wrapped].concat())
    }

    /// Seals one item.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn seal(&self, name: KeyName<'_>, req: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let nonce = random::<NONCE_BYTES>()?;
        let payload = Payload { msg: plain, aad: &name.item(req) };
        let sealed = XChaCha20Poly1305::new((&self.0).into()).encrypt(XNonce::from_slice(&nonce), payload);
        // It fails for texts of hundreds of gigabytes only.
        let sealed = sealed.map_err(|_| Error::Corrupt { what: "content", why: "too long to be sealed".to_owned() })?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens one item.
    ///
    /// # Errors
    /// If it is not the item of that request, or was changed.
    pub fn open(&self, name: KeyName<'_>, req: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealed> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(Unsealed::Changed)?;
        let payload = Payload { msg: sealed, aad: &name.item(req) };
        let plain = XChaCha20Poly1305::new((&self.0).into()).decrypt(XNonce::from_slice(nonce), payload);
        plain.map(Zeroizing::new).map_err(|_| Unsealed::Changed)
    }
}

impl Identity {
    /// A new one.
    pub fn generate() -> Self {
        Self(X25519HkdfSha256::gen_keypair(&mut OsRng).0)
    }

    /// Reads one back from its file.
    ///
    /// # Errors
    /// If the text is none.
    pub fn parse(text: &str) -> Result<Self, Unsealed> {
        let bytes = hex_of(PRIVATE, text.trim()).ok_or(Unsealed::NoIdentity)?;
        Private::from_bytes(&bytes[..]).map(Self).map_err(|_| Unsealed::NoIdentity)
    }

    /// The text for its file.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = self.0.to_bytes();
        let text = Zeroizing::new(format!("{PRIVATE}{}\n", hex::encode(&bytes[..])));
        bytes.as_mut_slice().zeroize();
        text
    }

    /// Its public key, as the realm writes it.
    pub fn public(&self) -> String {
        format!("{PUBLIC}{}", hex::encode(&X25519HkdfSha256::sk_to_pk(&self.0).to_bytes()[..]))
    }

    /// Unwraps a data key.
    ///
    /// # Errors
    /// If it was wrapped for another key or name, or was changed.
    pub fn unwrap(&self, name: KeyName<'_>, wrapped: &[u8]) -> Result<DataKey, Unsealed> {
        let (encapped, wrapped) = wrapped.split_at_checked(ENCAPPED_BYTES).ok_or(Unsealed::OtherKey)?;
        let encapped = Encapped::from_bytes(encapped).map_err(|_| Unsealed::OtherKey)?;
        let opened = single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &self.0,
            &encapped,
            INFO,
            wrapped,
            &name.said(),
        );
        let bytes = Zeroizing::new(opened.map_err(|_| Unsealed::OtherKey)?);
        <[u8; 32]>::try_from(&bytes[..]).map(DataKey).map_err(|_| Unsealed::OtherKey)
    }
}

/// The 32 bytes after a prefix.
pub(super) fn hex_of(prefix: &str, text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0u8; 32]);
    hex::decode_to_slice(text.strip_prefix(prefix)?, &mut bytes[..]).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: KeyName<'static> = KeyName { id: "c1", app: "desk", organisation: "house" };

    #[test]
    fn what_is_sealed_opens_with_the_private_key_only() {
        let (ours, other) = (Identity::generate(), Identity::generate());
        let key = DataKey::new().unwrap();
        let wrapped = key.wrap(&ours.public(), NAME).unwrap();
        let sealed = key.seal(NAME, "req-1", b"a secret").unwrap();
        let ours = Identity::parse(&ours.to_text()).unwrap();
        assert_eq!(&**ours.unwrap(NAME, &wrapped).unwrap().open(NAME, "req-1", &sealed).unwrap(), b"a secret");
        assert!(matches!(other.unwrap(NAME, &wrapped), Err(Unsealed::OtherKey)));
        assert!(matches!(DataKey::new().unwrap().open(NAME, "req-1", &sealed), Err(Unsealed::Changed)));
        assert!(!sealed.windows(8).any(|window| window == b"a secret"));
    }

    #[test]
    fn nothing_passes_for_another_request_app_or_organisation() {
        let ours = Identity::generate();
        let key = DataKey::new().unwrap();
        let (wrapped, sealed) = (key.wrap(&ours.public(), NAME).unwrap(), key.seal(NAME, "req-1", b"text").unwrap());
        for other in [
            KeyName { id: "c2", ..NAME },
            KeyName { app: "till", ..NAME },
            KeyName { organisation: "home", ..NAME },
            KeyName { id: "c1d", app: "esk", ..NAME },
        ] {
            assert!(ours.unwrap(other, &wrapped).is_err(), "{other:?}");
            assert!(key.open(other, "req-1", &sealed).is_err(), "{other:?}");
        }
        assert!(key.open(NAME, "req-2", &sealed).is_err());
        for at in [0, NONCE_BYTES, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key.open(NAME, "req-1", &changed).is_err(), "byte {at}");
        }
        assert!(key.open(NAME, "req-1", &sealed[..10]).is_err());
    }

    #[test]
    fn what_is_no_key_is_none() {
        assert!(matches!(DataKey::new().unwrap().wrap("x25519:00", NAME), Err(Unsealed::NoPublicKey)));
        let zero = format!("x25519:{}", "00".repeat(32));
        assert!(matches!(DataKey::new().unwrap().wrap(&zero, NAME), Err(Unsealed::NoPublicKey)));
        assert!(matches!(Identity::parse("freehold-identity:zz"), Err(Unsealed::NoIdentity)));
    }
}
