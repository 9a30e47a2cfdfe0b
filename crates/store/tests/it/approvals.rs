//! Tickets: enough people, none of them the asker, and one use, on a file and in a database that several servers share.

use realm::record::Record;
use realm::{AppId, ClassSet, DataClass, UnixMs};
use store::Store;
use store::approval::{Asks, Decided, Opened, Saying, State, Ticket};
use testkit::Postgres;

const MINUTE: u64 = 60_000;

fn ticket(id: &str, mac: &str) -> Ticket {
    Ticket {
        id: id.to_owned(),
        app: "clinic".to_owned(),
        req: "req-1".to_owned(),
        mac: mac.to_owned(),
        user: None,
        route: "abroad".to_owned(),
        purpose: "triage".to_owned(),
        classes: ClassSet::of(DataClass::Personal),
        user_in: Some("XA".to_owned()),
        deployments: vec!["far".to_owned()],
        rules: vec![Asks { id: "ask-first".to_owned(), title: "Ask".to_owned(), cite: "Act, 1".to_owned() }],
        needed: 2,
        realm: "cd".repeat(32),
        asked: UnixMs(1_000),
        until: UnixMs(1_000 + 60 * MINUTE),
        words: Vec::new(),
        used: None,
    }
}

fn says(person: &'static str, agrees: bool) -> Saying<'static> {
    Saying { person, names: &[], by: person, agrees, reason: "it is needed" }
}

async fn said(store: &Store) -> Vec<String> {
    let pending = store.pending(50).await.unwrap();
    let what = |body: &[u8]| match Record::from_bytes(body).unwrap() {
        Record::Change(change) => format!("{} {} {}", change.what, change.subject, change.by),
        other => panic!("{other:?}"),
    };
    pending.iter().map(|it| what(&it.body)).collect()
}

async fn say(store: &Store, id: &str, saying: Saying<'_>, at: u64) -> Decided {
    store.say_of_ticket(id, saying, UnixMs(at)).await.unwrap()
}

fn stands(decided: Decided, at: u64) -> State {
    match decided {
        Decided::Said(ticket) => ticket.state(UnixMs(at)),
        other => panic!("{other:?}"),
    }
}

/// Two people agree, and one request goes.
async fn goes_its_way(one: &Store, two: &Store) {
    let asked = ticket("t1", "mac-1");
    assert_eq!(one.open_ticket(&asked, 2).await.unwrap(), Opened::Under(Box::new(asked.clone())));
    assert_eq!(two.ticket("t1").await.unwrap(), Some(asked.clone()), "what was written is read back");
    let again = one.open_ticket(&ticket("t2", "mac-1"), 2).await.unwrap();
    assert_eq!(again, Opened::Under(Box::new(asked)), "the same request keeps its ticket");
    assert!(!one.use_ticket("t1", "req-2", UnixMs(2_000)).await.unwrap(), "nobody has agreed");
    assert_eq!(stands(say(one, "t1", says("ann", true), 2_000).await, 2_000), State::Waiting);
    assert_eq!(say(two, "t1", says("ann", true), 2_001).await, Decided::Before, "one person counts once");
    assert!(!one.use_ticket("t1", "req-2", UnixMs(2_002)).await.unwrap(), "one of two");
    assert_eq!(stands(say(two, "t1", says("bob", true), 3_000).await, 3_000), State::Approved);
    let (at, both) = (UnixMs(4_000), ("req-2", "req-3"));
    let (first, second) = tokio::join!(one.use_ticket("t1", both.0, at), two.use_ticket("t1", both.1, at));
    assert!(first.unwrap() ^ second.unwrap(), "of two servers one uses it");
    assert_eq!(say(one, "t1", says("eve", false), 5_000).await, Decided::Over(State::Used));
    assert_eq!(one.ticket("t1").await.unwrap().unwrap().words.len(), 2);
    let steps = ["approval.agree ticket:t1 ann", "approval.agree ticket:t1 bob", "approval.use ticket:t1 serve"];
    assert_eq!(said(one).await, steps, "each step is a record, once");
}

/// A refusal stands, a time is over, and an app has so many open tickets.
async fn ends_otherwise(store: &Store) {
    for (id, mac) in [("t3", "mac-3"), ("t4", "mac-4")] {
        assert!(matches!(store.open_ticket(&ticket(id, mac), 2).await.unwrap(), Opened::Under(_)));
    }
    let full = store.open_ticket(&ticket("t5", "mac-5"), 2).await.unwrap();
    assert_eq!(full, Opened::Full(ticket("", "").until), "two are open");
    say(store, "t3", says("ann", true), 2_000).await;
    say(store, "t3", says("bob", true), 2_001).await;
    assert_eq!(stands(say(store, "t3", says("ann", false), 2_002).await, 2_002), State::Refused, "ann thought better");
    assert_eq!(say(store, "t3", says("eve", true), 2_003).await, Decided::Over(State::Refused));
    assert!(!store.use_ticket("t3", "req-9", UnixMs(2_004)).await.unwrap());
    assert!(matches!(store.open_ticket(&ticket("t5", "mac-5"), 2).await.unwrap(), Opened::Under(_)), "there is room");
    let over = ticket("", "").until;
    say(store, "t4", says("ann", true), 2_000).await;
    say(store, "t4", says("bob", true), 2_001).await;
    assert!(!store.use_ticket("t4", "req-9", over).await.unwrap(), "its time is over");
    assert_eq!(say(store, "t4", says("eve", true), over.0).await, Decided::Over(State::Expired));
    assert_eq!(say(store, "none", says("eve", true), 1).await, Decided::NoSuch);
    let clinic = [AppId::new("clinic").unwrap()];
    assert_eq!(store.tickets(&clinic).await.unwrap().len(), 4);
    let much_later = Ticket { asked: UnixMs(over.0 + 91 * 1_440 * MINUTE), ..ticket("t6", "mac-6") };
    let much_later = Ticket { until: UnixMs(much_later.asked.0 + MINUTE), ..much_later };
    store.open_ticket(&much_later, 2).await.unwrap();
    assert_eq!(store.tickets(&clinic).await.unwrap(), [much_later], "old ones are forgotten");
}

#[tokio::test]
async fn tickets_go_their_way_on_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.db");
    let (one, two) = (Store::open(&path).await.unwrap(), Store::open(&path).await.unwrap());
    goes_its_way(&one, &two).await;
    ends_otherwise(&one).await;
}

#[tokio::test]
async fn tickets_go_their_way_in_a_database() {
    let cluster = Postgres::start().unwrap();
    let url = cluster.url().parse().unwrap();
    let (one, two) = (Store::connect(&url).await.unwrap(), Store::connect(&url).await.unwrap());
    goes_its_way(&one, &two).await;
    ends_otherwise(&one).await;
}

#[tokio::test]
async fn the_end_user_who_asks_does_not_agree_to_it() {
    let (_dir, store) = crate::fresh().await;
    let app = AppId::new("clinic").unwrap();
    let secret = store.record_secret(&app, UnixMs(1)).await.unwrap();
    let user = Some(store::approval::mac_of_user(&secret, "ann"));
    store.open_ticket(&Ticket { user, ..ticket("t1", "mac") }, 9).await.unwrap();
    let ann = Saying { names: &["Ann Lee", "ann"], ..says("Ann Lee", true) };
    assert_eq!(say(&store, "t1", ann, 2_000).await, Decided::Asker);
    let other = Saying { names: &["Bob", "bob"], ..says("Bob", true) };
    assert!(matches!(say(&store, "t1", other, 2_000).await, Decided::Said(_)));
}
