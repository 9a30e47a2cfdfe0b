//! The store as its callers see it, on a real file.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod approvals;
mod content;
mod drills;
mod evaluations;
mod notices;
mod shared;
mod visitors;

use realm::record::Record;
use realm::{AppId, UnixMs};
use store::{KeyState, Made, REQUEST_WAIT_MS, Store, Suspendable, hash_key};

async fn fresh() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("store.db")).await.unwrap();
    (dir, store)
}

fn clinic() -> AppId {
    AppId::new("clinic").unwrap()
}

#[tokio::test]
async fn a_key_is_found_by_its_hash_until_it_is_revoked() {
    let (dir, store) = fresh().await;
    let key = store.new_key(&clinic(), Some(UnixMs(5_000)), "ann", UnixMs(1_000)).await.unwrap();
    let live = store.live().await.unwrap();
    assert_eq!(live.keys[&hash_key(&key.text)].app, clinic());
    let listed = store.keys().await.unwrap();
    assert_eq!(listed[0].state(UnixMs(4_999)), KeyState::Active);
    assert_eq!(listed[0].state(UnixMs(5_000)), KeyState::Expired);

    store.revoke_key(&key.id.0, "ann", UnixMs(2_000)).await.unwrap();
    assert!(store.live().await.unwrap().keys.is_empty());
    assert_eq!(store.keys().await.unwrap()[0].state(UnixMs(0)), KeyState::Revoked);
    store.close().await;
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let text = key.text.as_bytes();
        assert!(!bytes.windows(text.len()).any(|w| w == text), "the key's text is in a file of the store");
    }
}

#[tokio::test]
async fn every_change_waits_in_the_outbox_and_counts() {
    let (_dir, store) = fresh().await;
    let before = store.generation().await.unwrap();
    let key = store.new_key(&clinic(), None, "ann", UnixMs(1)).await.unwrap();
    store.suspend(Suspendable::Provider, "meridian", "ann", UnixMs(2)).await.unwrap();
    assert!(!store.suspend(Suspendable::Provider, "meridian", "bob", UnixMs(3)).await.unwrap());
    assert!(store.resume(Suspendable::Provider, "meridian", "bob", UnixMs(4)).await.unwrap());
    assert!(!store.resume(Suspendable::Provider, "meridian", "bob", UnixMs(4)).await.unwrap());
    assert!(store.revoke_key(&key.id.0, "bob", UnixMs(5)).await.unwrap().1);
    let (again, new) = store.revoke_key(&key.id.0, "bob", UnixMs(6)).await.unwrap();
    assert!(!new && again.revoked == Some(UnixMs(5)), "the first end stands");
    assert_eq!(store.generation().await.unwrap(), before + 4);

    let pending = store.pending(10).await.unwrap();
    let what: Vec<String> = pending
        .iter()
        .map(|p| match Record::from_bytes(&p.body).unwrap() {
            Record::Change(change) => {
                assert_eq!(change.id.as_deref(), Some(p.id.as_str()));
                assert!(!String::from_utf8_lossy(&p.body).contains(&key.text));
                format!("{} {} {}", change.what, change.subject, change.by)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let id = &key.id;
    assert_eq!(
        what,
        [
            format!("key.new key:{id} ann"),
            "suspend provider:meridian ann".to_owned(),
            "resume provider:meridian bob".to_owned(),
            format!("key.revoke key:{id} bob"),
        ]
    );
    store.settle(&pending[0].id).await.unwrap();
    assert_eq!(store.pending(10).await.unwrap(), pending[1..]);
}

#[tokio::test]
async fn a_destroyed_secret_is_gone_from_the_file_and_replaced() {
    let (dir, store) = fresh().await;
    let first = store.record_secret(&clinic(), UnixMs(1)).await.unwrap();
    assert_eq!(store.record_secret(&clinic(), UnixMs(2)).await.unwrap(), first);
    let other = AppId::new("other").unwrap();
    assert!(!store.replace_record_secret(&other, "ann", UnixMs(2)).await.unwrap(), "there is none to destroy");
    // Somebody else has it open, as a running server does.
    let server = Store::open(&dir.path().join("store.db")).await.unwrap();
    assert_eq!(server.live().await.unwrap().secrets[&clinic()], first);
    assert!(store.replace_record_secret(&clinic(), "ann", UnixMs(3)).await.unwrap());
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(32).any(|w| w == first.0), "the destroyed secret is still in a file of the store");
    }
    let second = server.live().await.unwrap().secrets[&clinic()].clone();
    assert_ne!(second, first);
    assert_eq!(store.record_secret(&clinic(), UnixMs(5)).await.unwrap(), second);
}

#[tokio::test]
async fn a_request_is_taken_once_answered_and_recorded() {
    let (_dir, store) = fresh().await;
    let id = store.ask(None, ("rotate", ""), "ann", UnixMs(1_000)).await.unwrap();
    assert_eq!(store.answer_of(&id).await.unwrap(), None);
    let taken = store.take_request("one", UnixMs(2_000)).await.unwrap().unwrap();
    assert_eq!((taken.id.as_str(), taken.what.as_str(), taken.by.as_str()), (id.as_str(), "rotate", "ann"));
    assert_eq!(store.take_request("one", UnixMs(2_000)).await.unwrap(), None);
    assert!(!store.withdraw(&id).await.unwrap(), "it has begun");
    let made = Made { what: "ledger.rotate", subject: "log:one".to_owned(), note: None };
    store.answer(&taken, &Ok("key".to_owned()), Some(made), UnixMs(3_000)).await.unwrap();
    assert_eq!(store.answer_of(&id).await.unwrap(), Some(Ok("key".to_owned())));
    let Record::Change(change) = Record::from_bytes(&store.pending(9).await.unwrap()[0].body).unwrap() else {
        panic!("a change")
    };
    assert_eq!((change.what.as_str(), change.by.as_str()), ("ledger.rotate", "ann"));

    let refused = store.ask(None, ("prune", "x"), "ann", UnixMs(5_000)).await.unwrap();
    let taken = store.take_request("one", UnixMs(5_000)).await.unwrap().unwrap();
    store.answer(&taken, &Err("no".to_owned()), None, UnixMs(5_001)).await.unwrap();
    assert_eq!(store.answer_of(&refused).await.unwrap(), Some(Err("no".to_owned())));
    assert_eq!(store.pending(9).await.unwrap().len(), 1, "what was not done is no change");
}

#[tokio::test]
async fn a_request_that_nobody_waits_for_is_not_taken() {
    let (_dir, store) = fresh().await;
    let id = store.ask(None, ("rotate", ""), "ann", UnixMs(1_000)).await.unwrap();
    assert_eq!(store.take_request("one", UnixMs(1_001 + REQUEST_WAIT_MS)).await.unwrap(), None);
    assert!(store.withdraw(&id).await.unwrap());
    assert_eq!(store.take_request("one", UnixMs(1_000)).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_not_there_is_said() {
    let (_dir, store) = fresh().await;
    let missing = store.revoke_key("k0", "ann", UnixMs(1)).await.unwrap_err();
    assert!(missing.to_string().contains("no key `k0`"));
}

#[tokio::test]
async fn two_processes_see_each_others_changes() {
    let (dir, one) = fresh().await;
    let two = Store::open(&dir.path().join("store.db")).await.unwrap();
    let seen = two.generation().await.unwrap();
    one.suspend(Suspendable::App, "clinic", "ann", UnixMs(1)).await.unwrap();
    assert!(two.generation().await.unwrap() > seen);
    assert!(two.live().await.unwrap().suspended.apps.contains("clinic"));
}
