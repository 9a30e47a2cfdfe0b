use proptest::prelude::*;

use super::{Algorithm, Error, KeyError, Note, SIGNATURES_MAX, SecretKey, Signature, VerifierKey};
use crate::cosignature;

fn key(name: &str, algorithm: Algorithm, seed: u8) -> SecretKey {
    SecretKey::from_seed(name, algorithm, &[seed; 32]).unwrap()
}

fn signed(text: &str, keys: &[&SecretKey]) -> Note {
    Note::new(text, keys.iter().map(|key| key.sign(text, 99)).collect()).unwrap()
}

#[test]
fn verifies_the_note_and_key_of_the_go_implementation() {
    // The example key and note that Go's sumdb/note documents.
    let peter = VerifierKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let line = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
    let note = Note::parse(format!("{text}\n{line}\n").as_bytes()).unwrap();
    assert_eq!(note.text(), text);
    assert_eq!(note.verify(std::slice::from_ref(&peter)).unwrap()[0].name, "PeterNeumann");
    assert_eq!(peter.to_string(), "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    let secret =
        SecretKey::parse("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz").unwrap();
    assert_eq!(secret.verifier(), &peter);
    assert_eq!(secret.sign(text, 0).to_string(), format!("{line}\n"));
}

#[test]
fn unknown_keys_are_ignored_and_known_ones_must_be_right() {
    let text = "hello\n\nblank lines may stand in the text\n";
    let (a, b) = (key("a.test", Algorithm::Ed25519, 1), key("b.test", Algorithm::CosignatureV1, 2));
    let note = signed(text, &[&a, &b]);
    let known = |keys: &[&SecretKey]| keys.iter().map(|key| key.verifier().clone()).collect::<Vec<_>>();
    assert_eq!(note.verify(&known(&[&a])).unwrap().len(), 1);
    assert_eq!(note.verify(&known(&[&b])).unwrap()[0].time_s, Some(99));
    assert_eq!(note.verify(&known(&[&a, &b])).unwrap().len(), 2);
    assert_eq!(note.unknown(&known(&[&b])).count(), 1);
    assert_eq!(note.verify(&known(&[&key("a.test", Algorithm::Ed25519, 3)])), Err(Error::NoKnownKey));
    // The same 32 bytes under another statement are another key.
    assert_eq!(note.verify(&known(&[&key("b.test", Algorithm::Ed25519, 2)])), Err(Error::NoKnownKey));
    let mut forged = note.clone();
    forged.signatures[1].bytes[7] ^= 1;
    assert!(forged.verify(&known(&[&a])).is_ok());
    let error = forged.verify(&known(&[&a, &b]));
    assert_eq!(error, Err(Error::BadSignature { name: "b.test".into(), key: b.verifier().id() }));
}

#[test]
fn holds_to_the_limits() {
    let text = "hello\n";
    let log = key("a.test", Algorithm::Ed25519, 1);
    let many = |count: u32| {
        let strangers =
            (1..count).map(|n| Signature { name: format!("s{n}"), key: super::KeyId(n), bytes: vec![0; 2420] });
        strangers.chain([log.sign(text, 0)]).collect::<Vec<_>>()
    };
    let note = Note::new(text, many(SIGNATURES_MAX as u32)).unwrap();
    assert_eq!(note.verify(&[log.verifier().clone()]).unwrap().len(), 1);
    assert_eq!(Note::new(text, many(SIGNATURES_MAX as u32 + 1)), Err(Error::TooLong));
    assert_eq!(Note::parse(&vec![b'a'; super::NOTE_BYTES_MAX + 1]), Err(Error::TooLong));
}

#[test]
fn refuses_what_is_no_note() {
    let line = "\u{2014} a AAAAAAA=";
    assert!(Note::parse(format!("t\n\n{line}\n").as_bytes()).is_ok());
    for (bytes, error) in [
        (format!("t\n\n{line}"), Error::NoSignatures),
        (format!("t\n{line}\n"), Error::NoSignatures),
        ("t\n\n".into(), Error::NoSignatures),
        ("t\n\n\n".into(), Error::NoSignatures),
        (format!("t\r\n\n{line}\n"), Error::NotText(1)),
        (format!("\u{0}t\n\n{line}\n"), Error::NotText(0)),
        (format!("t\n\n{line}\nx\n"), Error::SignatureLine(2)),
        ("t\n\n- a AAAAAAA=\n".into(), Error::SignatureLine(1)),
        ("t\n\n\u{2014} a AAAAAA==\n".into(), Error::SignatureLine(1)),
        ("t\n\n\u{2014} a AAAAAAB=\n".into(), Error::SignatureLine(1)),
        ("t\n\n\u{2014} a+b AAAAAAA=\n".into(), Error::SignatureLine(1)),
        ("t\n\n\u{2014}  AAAAAAA=\n".into(), Error::SignatureLine(1)),
        ("t\n\n\u{2014} a\u{a0}b AAAAAAA=\n".into(), Error::SignatureLine(1)),
    ] {
        assert_eq!(Note::parse(bytes.as_bytes()).map(|_| ()), Err(error), "{bytes:?}");
    }
    assert_eq!(Note::parse(b"t\xff\n\n").map(|_| ()), Err(Error::NotText(1)));
}

#[test]
fn refuses_what_is_no_key() {
    let good = key("a.test", Algorithm::Ed25519, 1).verifier().to_string();
    assert!(VerifierKey::parse(&good).is_ok());
    let other_id = good.replacen('+', "+0", 1);
    for (text, error) in [
        (other_id.as_str(), KeyError::Malformed),
        ("a.test+00000000", KeyError::Malformed),
        ("a.test+00000000+BgAA", KeyError::UnknownType(cosignature::ML_DSA_44_TYPE)),
        ("a.test+00000000+AQAA", KeyError::Malformed),
        ("a.test+00000000+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", KeyError::Weak),
        ("+00000000+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::Name(String::new())),
    ] {
        assert_eq!(VerifierKey::parse(text).map(|_| ()), Err(error), "{text}");
    }
    let secret = key("a.test", Algorithm::CosignatureV1, 9);
    assert_eq!(SecretKey::parse(&secret.expose()).unwrap().verifier(), secret.verifier());
    assert!(!format!("{secret:?}").contains(&secret.expose()[30..]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// With all keys known, no byte of a note can change unnoticed.
    #[test]
    fn every_flipped_bit_is_noticed(text in "[a-zé \n]{0,60}", at: prop::sample::Index, bit in 0u8..8) {
        let text = format!("{text}\n");
        let (a, b) = (key("a.test", Algorithm::Ed25519, 1), key("b.test", Algorithm::CosignatureV1, 2));
        let keys = [a.verifier().clone(), b.verifier().clone()];
        let note = signed(&text, &[&a, &b]);
        let mut bytes = note.to_string().into_bytes();
        prop_assert_eq!(Note::parse(&bytes).unwrap(), note);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let believed = Note::parse(&bytes).is_ok_and(|note| {
            note.verify(&keys).is_ok_and(|signatures| signatures.len() == 2) && note.unknown(&keys).count() == 0
        });
        prop_assert!(!believed, "byte {at}");
    }
}
