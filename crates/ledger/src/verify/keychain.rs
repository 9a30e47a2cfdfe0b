//! Follows the log's key from the one that the verifier knows to the one that signs today.

use crate::checkpoint::{self, Keys, Signed};
use crate::note::{Note, VerifierKey};

/// The keys that may sign the checkpoint.
pub(super) struct Keychain {
    /// May sign: what was given, or the newest key and the one before it.
    accepted: Vec<VerifierKey>,
    /// Every key that the log or the verifier named.
    seen: Vec<VerifierKey>,
    witnesses: Vec<VerifierKey>,
}

// === impl Keychain ===

impl Keychain {
    pub(super) fn new(keys: &Keys) -> Self {
        Self { accepted: keys.logs.clone(), seen: keys.logs.clone(), witnesses: keys.witnesses.clone() }
    }

    /// Reports whether one of the accepted keys is named after the log.
    pub(super) fn knows(&self, origin: &str) -> bool {
        self.accepted.iter().any(|key| key.name() == origin)
    }

    /// Follows a rotation that the log states. Between keys that the verifier does not know it has no effect.
    pub(super) fn rotate(&mut self, old: &str, new: &str, note: &str) -> Result<(), &'static str> {
        let parse = |text| VerifierKey::parse(text).map_err(|_| "the rotation names an unusable key");
        let pair = [parse(old)?, parse(new)?];
        let note = Note::parse(note.as_bytes()).map_err(|_| "the rotation's note is malformed")?;
        let both = note.verify(&pair).map_err(|_| "the rotation's note has a wrong signature")?;
        if !pair.iter().all(|key| both.iter().any(|signed| signed.name == key.name() && signed.key == key.id())) {
            return Err("the rotation is not signed by both keys");
        }
        if note.text().lines().skip(1).ne([old, new]) {
            return Err("the rotation's note names other keys");
        }
        if pair.iter().any(|key| self.accepted.contains(key)) {
            self.seen.extend(pair.iter().filter(|key| !self.accepted.contains(key)).cloned().collect::<Vec<_>>());
            // The key before signs on until the first checkpoint after the rotation.
            self.accepted = pair.into();
        }
        Ok(())
    }

    /// Opens the checkpoint. Returns it with the number of signatures that no key explains.
    pub(super) fn open(&self, bytes: &[u8]) -> Result<(Signed, usize), checkpoint::Error> {
        let every = Keys { logs: self.seen.clone(), witnesses: self.witnesses.clone() };
        // All known signatures must be right, and one of them must be by a key that may still sign.
        let unknown = Signed::open(bytes, &every)?.unknown;
        let may = Keys { logs: self.accepted.clone(), witnesses: self.witnesses.clone() };
        Ok((Signed::open(bytes, &may)?, unknown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::Checkpoint;
    use crate::note::{Algorithm, SecretKey};
    use crate::types::{Hash, Origin, TreeSize};

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed("log.test/a", Algorithm::Ed25519, &[seed; 32]).unwrap()
    }

    fn rotation(old: &SecretKey, new: &SecretKey, signers: &[&SecretKey]) -> (String, String, String) {
        let (from, to) = (old.verifier().to_string(), new.verifier().to_string());
        let text = format!("ledger key rotation\n{from}\n{to}\n");
        let note = Note::new(&text, signers.iter().map(|key| key.sign(&text, 0)).collect()).unwrap();
        (from, to, note.to_string())
    }

    fn signed_by(keys: &[&SecretKey]) -> Vec<u8> {
        let text = Checkpoint::new(Origin::new("log.test/a").unwrap(), TreeSize(3), Hash::default()).to_string();
        Note::new(&text, keys.iter().map(|key| key.sign(&text, 0)).collect()).unwrap().to_string().into_bytes()
    }

    #[test]
    fn follows_rotations_forwards_and_retires_keys() {
        let (a, b, c) = (key(1), key(2), key(3));
        for given in [vec![&a], vec![&c, &b, &a], vec![&c]] {
            let logs = given.iter().map(|key| key.verifier().clone()).collect();
            let mut chain = Keychain::new(&Keys { logs, witnesses: Vec::new() });
            for (old, new) in [(&a, &b), (&b, &c)] {
                let (from, to, note) = rotation(old, new, &[old, new]);
                chain.rotate(&from, &to, &note).unwrap();
            }
            assert_eq!(chain.open(&signed_by(&[&c])).unwrap().1, 0);
            assert_eq!(chain.open(&signed_by(&[&c, &b])).unwrap().1, 0);
            assert!(chain.open(&signed_by(&[&b])).is_ok());
            assert!(chain.open(&signed_by(&[&a])).is_err(), "a retired key");
        }
    }

    #[test]
    fn believes_no_rotation_that_both_did_not_sign() {
        let (a, b) = (key(1), key(2));
        let logs = vec![a.verifier().clone()];
        let mut chain = Keychain::new(&Keys { logs, witnesses: Vec::new() });
        for signers in [vec![&a], vec![&b]] {
            let (from, to, note) = rotation(&a, &b, &signers);
            assert!(chain.rotate(&from, &to, &note).is_err());
        }
        let (from, _, note) = rotation(&a, &b, &[&a, &b]);
        assert!(chain.rotate(&from, &from, &note).is_err());
        assert!(chain.open(&signed_by(&[&b])).is_err());
        assert!(chain.open(&signed_by(&[&a])).is_ok());
    }
}
