//! What is kept of content, for how long, and what is left when it goes.

use std::path::Path;

use realm::{AppId, OrganisationId, UnixMs};
use sqlx::{Connection, Executor, SqliteConnection};
use store::content::seal::Identity;
use store::content::{Contents, Expired, Item, KEY_LASTS_MS, Keeper, Parts, ToKeep};
use store::{Error, Store};

const DAY_MS: u64 = 86_400_000;
const SECRET: &[u8] = b"the planted secret of ann";

struct Place {
    dir: tempfile::TempDir,
    store: Store,
    contents: Contents,
    identity: Identity,
}

impl Place {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("store.db")).await.unwrap();
        let contents = Contents::open(&dir.path().join("content.db")).await.unwrap();
        Self { dir, store, contents, identity: Identity::generate() }
    }

    fn keeper(&self) -> Keeper {
        Keeper::new(self.store.clone(), self.contents.clone())
    }

    async fn keep(&self, keeper: &mut Keeper, (app, req): (&str, &str), now: UnixMs) {
        let (app, organisation) = (AppId::new(app).unwrap(), OrganisationId::new("house").unwrap());
        let parts = Parts { at: now, status: 200, request: SECRET, answer: b"an answer", cut: false };
        let public = &self.identity.public();
        let one = ToKeep { app: &app, organisation: &organisation, public, days: 7, req, parts };
        let (kept, errors) = keeper.keep(&[one], now).await;
        assert_eq!((kept, errors.len()), (1, 0), "{errors:?}");
    }

    /// Opens an item as its organisation would; none where its key is gone.
    async fn open(&self, req: &str) -> Option<Item> {
        let (kept, sealed) = self.contents.get(req).await.unwrap()?;
        let key = self.store.content_key(&kept.key_id).await.unwrap().unwrap();
        let data = self.identity.unwrap(key.name(), &key.wrapped.clone()?).unwrap();
        Item::from_bytes(&data.open(key.name(), req, &sealed).unwrap())
    }

    async fn key_of(&self, req: &str) -> String {
        self.contents.get(req).await.unwrap().unwrap().0.key_id
    }
}

/// Whether some bytes stand in any file below a directory.
fn stands_somewhere(dir: &Path, wanted: &[u8]) -> bool {
    std::fs::read_dir(dir).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(wanted.len()).any(|window| window == wanted)
    })
}

#[tokio::test]
async fn what_is_kept_opens_for_its_organisation_and_stands_nowhere_in_clear() {
    let place = Place::new().await;
    let mut keeper = place.keeper();
    place.keep(&mut keeper, ("desk", "req-1"), UnixMs(1)).await;
    place.keep(&mut keeper, ("desk", "req-2"), UnixMs(2)).await;
    place.keep(&mut keeper, ("till", "req-3"), UnixMs(2)).await;
    let item = place.open("req-1").await.unwrap();
    assert_eq!((item.request.as_slice(), item.answer.as_slice()), (SECRET, &b"an answer"[..]));
    assert_eq!(place.key_of("req-1").await, place.key_of("req-2").await);
    assert_ne!(place.key_of("req-1").await, place.key_of("req-3").await, "each app has its own");
    assert!(!stands_somewhere(place.dir.path(), SECRET) && !stands_somewhere(place.dir.path(), b"an answer"));
    // Another process has none of the keys of this one.
    place.keep(&mut place.keeper(), ("desk", "req-4"), UnixMs(3)).await;
    assert_ne!(place.key_of("req-4").await, place.key_of("req-1").await);
    let newest = place.contents.newest(Some("desk"), 2).await.unwrap();
    assert_eq!(newest.iter().map(|kept| kept.req.as_str()).collect::<Vec<_>>(), ["req-4", "req-2"]);
}

#[tokio::test]
async fn a_key_lasts_a_day_and_content_goes_when_its_days_are_over() {
    let place = Place::new().await;
    let mut keeper = place.keeper();
    place.keep(&mut keeper, ("desk", "req-1"), UnixMs(0)).await;
    place.keep(&mut keeper, ("desk", "req-2"), UnixMs(KEY_LASTS_MS - 1)).await;
    place.keep(&mut keeper, ("desk", "req-3"), UnixMs(KEY_LASTS_MS)).await;
    let first = place.key_of("req-1").await;
    assert_eq!(first, place.key_of("req-2").await);
    assert_ne!(first, place.key_of("req-3").await, "a day is over");
    let days = |organisation: &str| (organisation == "house").then_some(7);
    let keeper = place.keeper();
    assert_eq!(keeper.expire(days, UnixMs(7 * DAY_MS)).await.unwrap(), Expired::default(), "not yet");
    let one = keeper.expire(days, UnixMs(7 * DAY_MS + 1)).await.unwrap();
    assert_eq!(one, Expired { items: 1, keys: 0 });
    assert!(place.open("req-1").await.is_none() && place.open("req-2").await.is_some());
    let wrapped = place.store.content_key(&first).await.unwrap().unwrap().wrapped.unwrap();
    let two = keeper.expire(days, UnixMs(8 * DAY_MS + 1)).await.unwrap();
    assert_eq!(two, Expired { items: 2, keys: 1 });
    assert!(place.store.content_key(&first).await.unwrap().unwrap().wrapped.is_none());
    assert!(!stands_somewhere(place.dir.path(), &wrapped), "the key is gone from every file");
    let said = place.store.pending(9).await.unwrap();
    let said = String::from_utf8(said[0].body.clone()).unwrap();
    assert!(said.contains("content.expire") && said.contains("app:desk"), "{said}");
}

#[tokio::test]
async fn a_key_destroyed_beside_the_keeper_is_not_used_again() {
    let place = Place::new().await;
    let mut keeper = place.keeper();
    place.keep(&mut keeper, ("desk", "req-1"), UnixMs(0)).await;
    let first = place.key_of("req-1").await;
    let gone = place
        .store
        .destroy_content_keys("desk", std::slice::from_ref(&first), "content.forget", ("ann", UnixMs(1)))
        .await;
    assert_eq!(gone.unwrap(), 1);
    assert!(place.open("req-1").await.is_none());
    place.keep(&mut keeper, ("desk", "req-2"), UnixMs(2)).await;
    assert_ne!(place.key_of("req-2").await, first);
    assert!(place.open("req-2").await.is_some());
}

/// What a realm says no more does not shorten what it said: not for an app that it dropped, nor for an organisation.
#[tokio::test]
async fn an_organisation_that_is_gone_keeps_for_as_long_as_it_said_last() {
    let place = Place::new().await;
    let mut keeper = place.keeper();
    place.keep(&mut keeper, ("desk", "req-1"), UnixMs(0)).await;
    let after = |days: u64| UnixMs(days * DAY_MS + 1);
    keeper.expire(|_| None, after(6)).await.unwrap();
    assert!(place.open("req-1").await.is_some(), "seven days held when it was sealed");
    keeper.expire(|_| Some(9), after(6)).await.unwrap();
    // Another process, later: the organisation is gone from the realm.
    let keeper = place.keeper();
    assert_eq!(keeper.expire(|_| None, after(8)).await.unwrap(), Expired::default());
    assert!(place.open("req-1").await.is_some(), "nine days were said last");
    assert_eq!(keeper.expire(|_| None, after(9)).await.unwrap(), Expired { items: 1, keys: 0 });
    assert_eq!(keeper.expire(|_| None, after(10)).await.unwrap(), Expired { items: 0, keys: 1 });
}

/// Somebody who reads the store keeps its older states alive: everything else is done, and that is done later.
#[tokio::test]
async fn what_a_reader_holds_up_is_finished_once_it_is_gone() {
    let place = Place::new().await;
    let mut keeper = place.keeper();
    place.keep(&mut keeper, ("desk", "req-1"), UnixMs(0)).await;
    let first = place.key_of("req-1").await;
    let wrapped = place.store.content_key(&first).await.unwrap().unwrap().wrapped.unwrap();
    let reader = reading(&place.dir.path().join("store.db")).await;
    let told = keeper.expire(|_| Some(7), UnixMs(9 * DAY_MS)).await;
    assert!(matches!(told, Err(Error::NotScrubbed)), "{told:?}");
    assert!(place.contents.get("req-1").await.unwrap().is_none(), "what the key sealed is gone");
    assert!(place.store.content_key(&first).await.unwrap().unwrap().wrapped.is_none());
    assert!(stands_somewhere(place.dir.path(), &wrapped), "the reader sees it still");
    assert!(!place.store.scrub_due().await.unwrap());
    reader.close().await.unwrap();
    // Another process, with no key left to destroy.
    let keeper = Keeper::new(Store::open(&place.dir.path().join("store.db")).await.unwrap(), place.contents.clone());
    assert_eq!(keeper.expire(|_| Some(7), UnixMs(9 * DAY_MS)).await.unwrap(), Expired::default());
    assert!(!stands_somewhere(place.dir.path(), &wrapped), "nothing of it is left");
    assert!(place.store.scrub_due().await.unwrap());
}

/// A connection in the middle of reading the store as it is now.
async fn reading(path: &Path) -> SqliteConnection {
    let mut reader = SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
    reader.execute("BEGIN").await.unwrap();
    reader.fetch_one("SELECT count(*) FROM content_key").await.unwrap();
    reader
}

/// What was on its way while its key was destroyed is swept away.
#[tokio::test]
async fn items_of_a_destroyed_key_go_with_the_next_look() {
    let place = Place::new().await;
    let mut keeper = place.keeper();
    place.keep(&mut keeper, ("desk", "req-1"), UnixMs(0)).await;
    let first = place.key_of("req-1").await;
    let destroyed = place.store.destroy_content_keys("desk", &[first], "content.forget", ("ann", UnixMs(1))).await;
    assert_eq!(destroyed.unwrap(), 1);
    assert_eq!(keeper.expire(|_| Some(7), UnixMs(2)).await.unwrap(), Expired { items: 1, keys: 0 });
    assert!(place.contents.get("req-1").await.unwrap().is_none());
}
