//! Nothing that a stranger sends makes a reader panic: garbage, and right inputs with bytes changed, cut or added.

use ledger::checkpoint::Keys;
use ledger::layout::{CHECKPOINT, Resource};
use ledger::note::{Note, SecretKey, VerifierKey};
use ledger::policy_file::Policy;
use ledger::receipt::Receipt;
use ledger::verify::{self, Remember};
use ledger::witness::Request;
use ledger::{Hash, tile};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::fixture::{Published, Written, log_key, options};

/// Reads bytes as everything that they could be.
fn read_as_everything(bytes: &[u8]) {
    let keys = Keys { logs: vec![log_key().verifier().clone()], witnesses: Vec::new() };
    let _ = Note::parse(bytes).map(|note| note.verify(&keys.logs));
    let _ = Receipt::parse(bytes).map(|receipt| receipt.verify(None, &keys));
    let _ = Request::parse(bytes);
    let _ = Policy::parse(bytes);
    let _ = Remember::parse(bytes);
    let _ = tile::decode_bundle(bytes);
    let _ = ledger::segment::parse(bytes);
    let _ = ledger::seal::unpack(bytes);
    let _ = ledger::system::parse(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = (VerifierKey::parse(text).is_ok(), SecretKey::parse(text).is_ok());
        let _ = (Resource::parse(text), Hash::from_base64(text));
    }
}

/// One right input of each kind.
fn right_inputs() -> Vec<Vec<u8>> {
    let note = Published::numbered(5).note();
    let proof = vec![Hash([1; 32]); 3];
    let receipt =
        Receipt { extra: Some(b"entry".to_vec()), index: ledger::EntryIndex(2), proof, checkpoint: note.clone() };
    let mut seen = Remember::default();
    seen.update(&note).unwrap();
    let mut log = Written::new();
    log.append(150);
    log.core.publish().unwrap();
    log.core.seal().unwrap();
    let stored = log.files().into_iter().filter(|file| file.starts_with("segments/"));
    let mut inputs: Vec<Vec<u8>> = stored.map(|file| std::fs::read(log.dir().join(file)).unwrap()).collect();
    inputs.extend(
        [
            note.to_string(),
            receipt.to_string(),
            format!("old 3\n{}\n\n{note}", Hash([2; 32]).to_base64()),
            seen.to_string(),
            format!("log {}\nquorum none\n", log_key().verifier()),
            log_key().expose(),
            "tile/0/x001/067.p/5".to_owned(),
        ]
        .map(String::into_bytes),
    );
    inputs
}

#[test]
fn readers_survive_changed_inputs() {
    let inputs = right_inputs();
    inputs.iter().for_each(|input| read_as_everything(input));
    let changes = (0..inputs.len(), any::<prop::sample::Index>(), any::<u8>(), 0..4u8);
    let config = ProptestConfig::with_cases(800);
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let result = runner.run(&changes, |(which, at, byte, how)| {
        let mut bytes = inputs[which].clone();
        let at = at.index(bytes.len());
        match how {
            0 => bytes[at] = byte,
            1 => bytes.truncate(at),
            2 => bytes.insert(at, byte),
            _ => drop(bytes.remove(at)),
        }
        read_as_everything(&bytes);
        Ok(())
    });
    result.unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn readers_survive_garbage(bytes in vec(any::<u8>(), 0..200)) {
        read_as_everything(&bytes);
    }

    #[test]
    fn the_verifier_survives_garbage_files(which: prop::sample::Index, bytes in vec(any::<u8>(), 0..80), list: bool) {
        let mut published = Published::numbered(3);
        published.can_list = list;
        let path = published.files.keys().nth(which.index(published.files.len())).unwrap().clone();
        let same = published.files.insert(path.clone(), bytes.clone()) == Some(bytes);
        prop_assert!(same || verify::published(&published, &options()).is_err(), "{path}");
    }

    #[test]
    fn no_claimed_size_is_believed(size: u64, root in any::<[u8; 32]>(), list: bool) {
        let mut published = Published::numbered(3);
        published.can_list = list;
        published.sign(ledger::TreeSize(size), Hash(root));
        let found = crate::fixture::finding(published.verify());
        prop_assert!(found.path == CHECKPOINT || found.path.starts_with("tile/"));
    }
}
