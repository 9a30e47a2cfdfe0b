//! The witness protocol, every answer of it, and both sides talking.

use std::convert::Infallible;
use std::io;

use ledger::checkpoint::{Checkpoint, Keys, Signed};
use ledger::note::{Note, SecretKey};
use ledger::proof::{LeafNodes, consistency};
use ledger::tree::{leaf_hash, root_of};
use ledger::verify::Remember;
use ledger::witness::client::{self, Answer};
use ledger::witness::{Persist, Response, SIZE_MEDIA_TYPE, StateFile, Witness, monitoring_id};
use ledger::{Hash, Origin, TreeSize};

use crate::fixture::{ORIGIN, entry, log_key, origin, witness_key};

const NOW: u64 = 1_700_000_000;

/// Keeps in memory; fails when told to.
#[derive(Default)]
struct Memory {
    broken: bool,
    saved: Remember,
}

impl Persist for &mut Memory {
    fn save(&mut self, seen: &Remember) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other("broken"));
        }
        self.saved = seen.clone();
        Ok(())
    }
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&entry(n))).collect()
}

fn note(count: u64, key: &SecretKey) -> Note {
    let origin = Origin::new(key.verifier().name()).unwrap();
    Checkpoint::new(origin, TreeSize(count), root_of(&leaves(count))).sign(key).unwrap()
}

fn body(old: u64, new: u64) -> String {
    let leaves = leaves(new);
    let request = client::request(TreeSize(old), &note(new, &log_key()), &mut LeafNodes(&leaves)).unwrap();
    request.unwrap().to_string()
}

fn witness<P: Persist>(persist: P) -> Witness<P> {
    Witness::new(witness_key(1), vec![log_key().verifier().clone()], Remember::default(), persist).unwrap()
}

fn ask<P: Persist>(witness: &mut Witness<P>, body: &str) -> Response {
    witness.handle("POST", "/add-checkpoint", body.as_bytes(), NOW)
}

#[test]
fn cosigns_what_continues_and_nothing_else() {
    let mut memory = Memory::default();
    let mut witness = witness(&mut memory);
    assert_eq!(ask(&mut witness, &body(0, 5)).status, 200);
    let conflict = ask(&mut witness, &body(0, 9));
    assert_eq!(
        (conflict.status, conflict.content_type, conflict.body.as_slice()),
        (409, SIZE_MEDIA_TYPE, b"5\n".as_slice())
    );
    assert_eq!(ask(&mut witness, &body(5, 9)).status, 200);
    assert_eq!(ask(&mut witness, &body(9, 9)).status, 200, "the same again gets a newer cosignature");
    assert_eq!(ask(&mut witness, &body(5, 9)).body, b"9\n");

    let fork = Checkpoint::new(origin(), TreeSize(9), Hash([1; 32])).sign(&log_key()).unwrap();
    assert_eq!(ask(&mut witness, &format!("old 9\n\n{fork}")).status, 422);
    let fork = Checkpoint::new(origin(), TreeSize(12), Hash([1; 32])).sign(&log_key()).unwrap();
    let proof = consistency(&mut LeafNodes(&leaves(12)), TreeSize(9), TreeSize(12)).unwrap().unwrap();
    let lines: String = proof.iter().map(|hash| hash.to_base64() + "\n").collect();
    assert_eq!(ask(&mut witness, &format!("old 9\n{lines}\n{fork}")).status, 422);
    assert_eq!(ask(&mut witness, &format!("old 9\n\n{}", note(12, &log_key()))).status, 422);
    assert_eq!(ask(&mut witness, &body(9, 12)).status, 200);
    assert_eq!(memory.saved.head(&origin()).unwrap().0, TreeSize(12));
}

#[test]
fn refuses_as_the_protocol_says() {
    let mut memory = Memory::default();
    let mut witness = witness(&mut memory);
    let good = body(0, 5);
    let stranger = SecretKey::from_seed("log.test/b", log_key().verifier().algorithm(), &[8; 32]).unwrap();
    let thief = SecretKey::from_seed(ORIGIN, log_key().verifier().algorithm(), &[8; 32]).unwrap();
    let mut broken = note(5, &log_key()).to_string();
    let at = broken.rfind('=').unwrap() - 20;
    broken.replace_range(at..=at, if &broken[at..=at] == "A" { "B" } else { "A" });
    let too_long: String = (0..64).map(|_| Hash([0; 32]).to_base64() + "\n").collect();
    for (body, status) in [
        (format!("old 0\n\n{}", note(5, &stranger)), 404),
        (format!("old 0\n\n{}", note(5, &thief)), 403),
        (format!("old 0\n\n{broken}"), 403),
        (format!("old 6\n\n{}", note(5, &log_key())), 400),
        (format!("old 0\nAAAA\n\n{}", note(5, &log_key())), 400),
        (format!("old 0\n{too_long}\n{}", note(5, &log_key())), 400),
        (format!("old 0\n{}\n\n{}", Hash([0; 32]).to_base64(), note(5, &log_key())), 422),
        (format!("old 00\n\n{}", note(5, &log_key())), 400),
        (format!("old -1\n\n{}", note(5, &log_key())), 400),
        (format!("size 0\n\n{}", note(5, &log_key())), 400),
        ("old 0\n\nnothing\n".to_owned(), 400),
        (String::new(), 400),
        (good.replacen(ORIGIN, "log.test/c", 1), 404),
    ] {
        let answer = ask(&mut witness, &body);
        assert_eq!(answer.status, status, "{body}\n{}", String::from_utf8_lossy(&answer.body));
    }
    assert_eq!(witness.handle("GET", "/add-checkpoint", b"", NOW).status, 405);
    assert_eq!(witness.handle("POST", "/elsewhere", good.as_bytes(), NOW).status, 404);
    assert!(witness.seen().head(&origin()).is_none());
    assert_eq!(ask(&mut witness, &good).status, 200);
    assert!(Witness::new(log_key(), Vec::new(), Remember::default(), StateFile("x".into())).is_err());
}

#[test]
fn remembers_before_it_answers() {
    let mut memory = Memory { broken: true, ..Memory::default() };
    let mut broken = witness(&mut memory);
    let answer = ask(&mut broken, &body(0, 5));
    assert_eq!(answer.status, 500);
    assert!(!String::from_utf8_lossy(&answer.body).contains('\u{2014}'), "no cosignature leaves");
    assert!(broken.seen().head(&origin()).is_none());

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("witness");
    let mut first = witness(StateFile(path.clone()));
    assert_eq!(ask(&mut first, &body(0, 5)).status, 200);
    drop(first);
    let seen = Remember::load(&path).unwrap();
    let mut second = Witness::new(witness_key(1), vec![log_key().verifier().clone()], seen, StateFile(path)).unwrap();
    assert_eq!(ask(&mut second, &body(0, 9)).body, b"5\n");
    assert_eq!(ask(&mut second, &body(5, 9)).status, 200);

    let shown = second.handle("GET", &format!("/{}/checkpoint", monitoring_id(&origin())), b"", NOW);
    let keys = Keys { logs: vec![log_key().verifier().clone()], witnesses: vec![second.verifier().clone()] };
    let signed = Signed::open(&shown.body, &keys).unwrap();
    assert_eq!((signed.checkpoint.size, signed.witnesses[0].time_s, signed.unknown), (TreeSize(9), Some(NOW), 0));
    assert_eq!(second.handle("GET", "/00/checkpoint", b"", NOW).status, 404);
}

/// The log starts from nothing it knows, learns the witness's size, and ends with a witnessed checkpoint.
#[test]
fn log_and_witness_agree_in_two_rounds() {
    let mut memory = Memory::default();
    let mut witness = witness(&mut memory);
    assert_eq!(ask(&mut witness, &body(0, 40)).status, 200);
    let (leaves, mut current) = (leaves(100), note(100, &log_key()));
    let known = [witness.verifier().clone()];
    let mut old = TreeSize(0);
    let mut rounds = 0;
    let lines = loop {
        rounds += 1;
        let request = client::request(old, &current, &mut LeafNodes(&leaves)).unwrap().unwrap();
        let answer = ask(&mut witness, &request.to_string());
        match client::judge(&current, answer.status, &answer.body, &known).unwrap() {
            Answer::Knows(size) => old = size,
            Answer::Cosigned(lines) => break lines,
        }
    };
    assert_eq!((rounds, lines.len()), (2, 1));
    lines.into_iter().for_each(|line| current.add(line));
    let keys = Keys { logs: vec![log_key().verifier().clone()], witnesses: known.to_vec() };
    assert_eq!(Signed::open(current.to_string().as_bytes(), &keys).unwrap().witnesses.len(), 1);
}

#[test]
fn the_log_believes_only_its_witnesses() {
    let current = note(5, &log_key());
    let known = [witness_key(1).verifier().clone()];
    let right = witness_key(1).sign(current.text(), NOW).to_string();
    let stranger = witness_key(2).sign(current.text(), NOW).to_string();
    let other = witness_key(1).sign(note(6, &log_key()).text(), NOW).to_string();
    let judge = |status: u16, body: &str| client::judge(&current, status, body.as_bytes(), &known);
    assert!(matches!(judge(200, &(stranger.clone() + &right)), Ok(Answer::Cosigned(lines)) if lines.len() == 1));
    for body in [stranger.as_str(), other.as_str(), "", "\n", "hello\n", right.trim_end()] {
        assert!(judge(200, body).is_err(), "{body:?}");
    }
    assert_eq!(judge(409, "7\n"), Ok(Answer::Knows(TreeSize(7))));
    for body in ["7", "07\n", "-7\n", "many\n"] {
        assert!(judge(409, body).is_err(), "{body:?}");
    }
    assert!(matches!(judge(500, "sorry"), Err(client::Error::Refused { status: 500, .. })));
    let beyond = client::request(TreeSize(9), &current, &mut LeafNodes(&leaves(5)));
    assert_eq!(beyond, Ok::<_, client::RequestError<Infallible>>(None));
}
