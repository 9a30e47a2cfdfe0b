//! The store in a real PostgreSQL: the same behaviour as on a file, and what only several servers need.

use realm::record::Record;
use realm::{AppId, UnixMs};
use store::{Asked, DatabaseUrl, Error, Given, Held, KeyState, Made, Pot, Store, Suspendable, hash_key};
use testkit::Postgres;

fn cluster() -> (Postgres, DatabaseUrl) {
    let cluster = Postgres::start().unwrap();
    let url = cluster.url().parse().unwrap();
    (cluster, url)
}

fn clinic() -> AppId {
    AppId::new("clinic").unwrap()
}

#[tokio::test]
async fn keys_secrets_suspensions_and_requests_behave_as_on_a_file() {
    let (_cluster, url) = cluster();
    let (one, two) = (Store::connect(&url).await.unwrap(), Store::connect(&url).await.unwrap());
    let key = one.new_key(&clinic(), Some(UnixMs(5_000)), "ann", UnixMs(1_000)).await.unwrap();
    let lasting = one.new_key(&clinic(), None, "ann", UnixMs(1_001)).await.unwrap();
    assert_eq!(two.live().await.unwrap().keys[&hash_key(&key.text)].expires, Some(UnixMs(5_000)));
    assert_eq!(two.live().await.unwrap().keys[&hash_key(&lasting.text)].expires, None);
    let before = one.generation().await.unwrap();
    assert!(two.revoke_key(&key.id.0, "bob", UnixMs(2_000)).await.unwrap().1);
    assert_eq!(one.generation().await.unwrap(), before + 1);
    assert_eq!(one.keys().await.unwrap()[0].state(UnixMs(0)), KeyState::Revoked);
    assert!(one.suspend(Suspendable::App, "clinic", "ann", UnixMs(3)).await.unwrap());
    assert!(!two.suspend(Suspendable::App, "clinic", "bob", UnixMs(4)).await.unwrap());
    assert!(two.live().await.unwrap().suspended.apps.contains("clinic"));
    assert!(two.resume(Suspendable::App, "clinic", "bob", UnixMs(5)).await.unwrap());

    // Both at once: one secret.
    let (app, now) = (clinic(), UnixMs(1));
    let (first, same) = tokio::join!(one.record_secret(&app, now), two.record_secret(&app, now));
    let first = first.unwrap();
    assert_eq!(first, same.unwrap());
    assert!(one.replace_record_secret(&clinic(), "ann", UnixMs(6)).await.unwrap());
    assert_ne!(two.record_secret(&clinic(), UnixMs(7)).await.unwrap(), first);

    let id = one.ask(Some("log-b"), ("rotate", ""), "ann", UnixMs(1_000)).await.unwrap();
    assert_eq!(one.take_request("log-a", UnixMs(1_001)).await.unwrap(), None, "another server is asked");
    let taken = two.take_request("log-b", UnixMs(1_001)).await.unwrap().unwrap();
    let made = Made { what: "ledger.rotate", subject: "log:b".to_owned(), note: None };
    two.answer(&taken, &Ok("key".to_owned()), Some(made), UnixMs(1_002)).await.unwrap();
    assert_eq!(one.answer_of(&id).await.unwrap(), Some(Ok("key".to_owned())));
}

#[tokio::test]
async fn a_change_goes_to_one_ledger_and_to_another_only_after_a_silence() {
    let (_cluster, url) = cluster();
    let (one, two) = (Store::connect(&url).await.unwrap(), Store::connect(&url).await.unwrap());
    for app in ["a", "b", "c"] {
        one.suspend(Suspendable::App, app, "ann", UnixMs(1)).await.unwrap();
    }
    let (now, later) = (UnixMs(100_000), UnixMs(170_000));
    let (first, second) = tokio::join!(one.take_pending("one", now, 9), two.take_pending("two", now, 9));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.len() + second.len(), 3, "each goes to one of them");
    let taker = if first.is_empty() { "two" } else { "one" };
    let other = if taker == "one" { "two" } else { "one" };
    assert_eq!(one.take_pending(taker, now, 9).await.unwrap().len(), first.len().max(second.len()), "its own again");
    assert_eq!(two.take_pending(other, later, 9).await.unwrap().len(), 3, "the first fell silent");
    let change = Record::from_bytes(&first.iter().chain(&second).next().unwrap().body).unwrap();
    assert!(matches!(change, Record::Change(_)));
}

fn asked(used: i64, counts_ms: Option<u64>) -> Vec<Asked> {
    let pot = |kind| Pot { scope: "app:clinic".to_owned(), kind, period: 7 };
    vec![Asked { pot: pot("money"), used, counts_ms }, Asked { pot: pot("requests"), used: 0, counts_ms: Some(0) }]
}

#[tokio::test]
async fn leases_add_up_whoever_asks_at_the_same_time() {
    let (_cluster, url) = cluster();
    let store = Store::connect(&url).await.unwrap();
    let names: Vec<String> = (0..8).map(|n| format!("log-{n}")).collect();
    for name in &names {
        store.begin_session(name, "s").await.unwrap();
    }
    let mut turns = tokio::task::JoinSet::new();
    for name in names.clone() {
        let store = store.clone();
        turns.spawn(async move {
            for used in 1..20 {
                let rule = |_: usize, held: Held, _: u32| Given { granted: (100 - held.granted).min(used), unmet: 0 };
                let given = store.exchange((&name, "s"), 60_000, &asked(used, None), rule).await.unwrap();
                assert_eq!(given.len(), 2);
            }
        });
    }
    turns.join_all().await;
    let seen = std::sync::Mutex::new((Held::default(), 0));
    let look = |n: usize, held: Held, live: u32| {
        if n == 0 {
            *seen.lock().unwrap() = (held, live);
        }
        Given::default()
    };
    store.exchange(("log-0", "s"), 60_000, &asked(0, None), look).await.unwrap();
    let (held, live) = *seen.lock().unwrap();
    assert!(held.granted <= 100 && held.granted >= 80, "{held:?}");
    assert_eq!(live, 8);
    assert_eq!(store.live_replicas().await.unwrap().len(), 8);
}

#[tokio::test]
async fn a_rate_comes_back_after_its_lease_and_money_only_by_word() {
    let (_cluster, url) = cluster();
    let store = Store::connect(&url).await.unwrap();
    let all = |_: usize, _: Held, _: u32| Given { granted: 60, unmet: 5 };
    store.exchange(("gone", "s"), 1, &asked(10, None), all).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let seen = std::sync::Mutex::new(Vec::new());
    let look = |_: usize, held: Held, _: u32| {
        seen.lock().unwrap().push(held);
        Given::default()
    };
    store.exchange(("here", "s"), 1_000, &asked(0, None), look).await.unwrap();
    let money = Held { granted: 60, used: 10, unmet: 0 };
    assert_eq!(*seen.lock().unwrap(), [money, Held::default()], "the rate counts no more");
    assert_eq!(store.live_replicas().await.unwrap(), ["here"]);
    store.exchange(("gone", "s"), 0, &asked(12, None), |_, _, _| Given { granted: 12, unmet: 0 }).await.unwrap();
    seen.lock().unwrap().clear();
    store.exchange(("here", "s"), 1_000, &asked(0, None), look).await.unwrap();
    assert_eq!(seen.lock().unwrap()[0], Held { granted: 12, used: 12, unmet: 0 });
}

#[tokio::test]
async fn one_process_speaks_for_a_log() {
    let (_cluster, url) = cluster();
    let store = Store::connect(&url).await.unwrap();
    let nothing = |_: usize, _: Held, _: u32| Given::default();
    store.begin_session("log", "old").await.unwrap();
    store.exchange(("log", "old"), 60_000, &asked(0, None), nothing).await.unwrap();
    store.begin_session("log", "new").await.unwrap();
    store.exchange(("log", "new"), 60_000, &asked(0, None), nothing).await.unwrap();
    let told = store.exchange(("log", "old"), 60_000, &asked(0, None), nothing).await.unwrap_err();
    assert!(matches!(told, Error::Superseded(_)), "{told}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_told_soon_and_without_its_password() {
    let url: DatabaseUrl = "postgres://ann:s3cret@127.0.0.1:1/none".parse().unwrap();
    let begun = std::time::Instant::now();
    let said = format!("{:?}", Store::connect(&url).await.unwrap_err());
    assert!(!said.contains("s3cret"), "{said}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(10));
}

#[tokio::test]
async fn content_keys_and_openings_behave_as_on_a_file() {
    use store::content::seal::Identity;
    use store::content::{KnownBy, Opening};

    let (_cluster, url) = cluster();
    let (one, two) = (Store::connect(&url).await.unwrap(), Store::connect(&url).await.unwrap());
    let (identity, house) = (Identity::generate(), realm::OrganisationId::new("house").unwrap());
    let (key, data) = one.new_content_key(&clinic(), &house, &identity.public(), UnixMs(1)).await.unwrap();
    let sealed = data.seal(key.name(), "req-1", b"text").unwrap();
    let found = two.content_keys().await.unwrap().remove(0);
    assert_eq!(found, key);
    let opened = identity.unwrap(found.name(), found.wrapped.as_ref().unwrap()).unwrap();
    assert_eq!(&**opened.open(found.name(), "req-1", &sealed).unwrap(), b"text");

    let mut opening = Opening::new("req-1", ("clinic", "house"), "a reason", "ann", UnixMs(2)).unwrap();
    opening.asked_signature = vec![1; 64];
    let known_by = KnownBy { realm: "0123456789ab", keys: &["ed25519:00"] };
    one.ask_opening(&opening, known_by).await.unwrap();
    assert!(two.agree_opening(&opening, ("bob", &[2; 64]), known_by, UnixMs(3)).await.unwrap());
    assert!(!one.agree_opening(&opening, ("eve", &[3; 64]), known_by, UnixMs(3)).await.unwrap(), "the first stands");
    one.note_opened(&opening, known_by, ("root", UnixMs(4))).await.unwrap();
    let listed = two.openings().await.unwrap().remove(0);
    assert_eq!((listed.agreed, listed.opened), (Some(("bob".to_owned(), vec![2; 64])), Some(UnixMs(4))));

    assert_eq!(
        two.destroy_content_keys("clinic", std::slice::from_ref(&key.id), "content.forget", ("ann", UnixMs(5)))
            .await
            .unwrap(),
        1
    );
    assert!(one.content_keys().await.unwrap().is_empty());
    assert_eq!(one.content_key(&key.id).await.unwrap().unwrap().wrapped, None);
}
