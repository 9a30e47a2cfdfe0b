//! Live drills: two people, one at a time, and a record of each step.

use realm::record::{Estimate, Record};
use realm::{Nano, UnixMs};
use store::Store;
use store::content::people::Hand;
use store::drill::{Approval, Drill, DrillReport, Ended, How, Mode, PROPOSAL_LASTS_MS, Says, Step, sign};
use testkit::Postgres;

fn drill(id: &str) -> Drill {
    Drill {
        id: id.to_owned(),
        title: "A supplier leaves".to_owned(),
        scenario: "title = \"A supplier leaves\"\n".to_owned(),
        sha256: "ab".repeat(32),
        cuts: "[]".to_owned(),
        mode: Mode::Canary,
        percent: 5,
        minutes: 10,
        reason: "the yearly exercise".to_owned(),
        realm: "cd".repeat(32),
        proposed: Step { by: "ann".to_owned(), at: UnixMs(1_000), signature: "00".to_owned() },
        approved: None,
        until: None,
        started: None,
        ended: None,
    }
}

fn step(by: &str, at: u64) -> Step {
    Step { by: by.to_owned(), at: UnixMs(at), signature: "01".to_owned() }
}

async fn said(store: &Store) -> Vec<String> {
    let pending = store.pending(50).await.unwrap();
    let what = |body: &[u8]| match Record::from_bytes(body).unwrap() {
        Record::Change(change) => format!("{} {} {}", change.what, change.subject, change.by),
        other => panic!("{other:?}"),
    };
    pending.iter().map(|it| what(&it.body)).collect()
}

async fn goes_its_way(store: &Store) {
    let (one, two) = (drill("d1"), drill("d2"));
    begins(store, &one).await;
    goes_on(store, &one, &two).await;
    ends(store, &one, &two).await;
    let shadow = Drill { mode: Mode::Shadow, proposed: Step { at: UnixMs(9_000), ..one.proposed }, ..drill("d3") };
    store.propose_drill(&shadow).await.unwrap();
    assert_eq!(store.drills().await.unwrap().drills[0], shadow);
    spends(store).await;
}

/// However often servers ask, what they are granted together is the budget.
async fn spends(store: &Store) {
    let of = |tokens, cost| Estimate { tokens, cost_nano: Nano(cost) };
    let (slice, budget) = (of(400, 30), of(1_000, 100));
    let ask = |log| store.grant_drill(("d3", log), slice, budget);
    assert_eq!(ask("a").await.unwrap(), slice);
    let asked: [Result<Estimate, _>; 2] = tokio::join!(ask("a"), ask("b")).into();
    let mut granted = asked.map(|it| it.unwrap());
    granted.sort_by_key(|it| it.tokens);
    assert_eq!(granted, [of(200, 30), of(400, 30)]);
    assert_eq!(ask("b").await.unwrap(), of(0, 10));
    assert_eq!(ask("b").await.unwrap(), Estimate::default());
    assert_eq!(store.grant_drill(("d4", "a"), slice, budget).await.unwrap(), slice, "another drill, another budget");
}

/// One person begins nothing, two do.
async fn begins(store: &Store, one: &Drill) {
    store.propose_drill(one).await.unwrap();
    assert!(store.live().await.unwrap().open.drills.is_empty(), "one person begins nothing");
    assert_eq!(store.drills().await.unwrap().drills, std::slice::from_ref(one), "what was written is read back");
    let late = step("bob", 1_001 + PROPOSAL_LASTS_MS);
    assert_eq!(store.approve_drill(one, &late).await.unwrap(), Approval::TooOld);
    let before = store.generation().await.unwrap();
    let until = UnixMs(2_000 + 600_000);
    assert_eq!(store.approve_drill(one, &step("bob", 2_000)).await.unwrap(), Approval::Until(until));
    assert_eq!(store.generation().await.unwrap(), before + 1, "servers see that something changed");
    assert_eq!(store.approve_drill(one, &step("eve", 2_001)).await.unwrap(), Approval::Before);
    let live = store.live().await.unwrap().open.drills.remove(0);
    assert!(live.holds(UnixMs(until.0 - 1)) && !live.holds(until));
}

/// There is one at a time, and what servers say of it is kept.
async fn goes_on(store: &Store, one: &Drill, two: &Drill) {
    store.propose_drill(two).await.unwrap();
    let another = Approval::Another("d1".to_owned());
    assert_eq!(store.approve_drill(two, &step("bob", 3_000)).await.unwrap(), another);
    assert!(store.start_drill(one, "log-a", UnixMs(2_100)).await.unwrap());
    assert!(!store.start_drill(one, "log-b", UnixMs(2_200)).await.unwrap(), "the first start stands");
    for (at, body) in [(2_300, "{}"), (2_400, "{\"a\":1}")] {
        let report = DrillReport { log: "log-a".to_owned(), at: UnixMs(at), body: body.to_owned() };
        store.report_drill("d1", &report).await.unwrap();
        assert_eq!(store.drill_reports("d1").await.unwrap(), [report]);
    }
}

/// Each step is a record, once.
async fn ends(store: &Store, one: &Drill, two: &Drill) {
    let end = |how, by: &str| Ended { at: UnixMs(4_000), how, by: by.to_owned(), why: "enough".to_owned() };
    assert!(store.end_drill(one, &end(How::Guardrail, "serve")).await.unwrap());
    assert!(!store.end_drill(one, &end(How::Aborted, "ann")).await.unwrap(), "the first end stands");
    assert!(store.live().await.unwrap().open.drills.is_empty());
    assert!(matches!(store.approve_drill(two, &step("bob", 5_000)).await.unwrap(), Approval::Until(_)));
    assert!(store.end_drill(two, &end(How::Over, "serve")).await.unwrap());
    let steps = said(store).await;
    assert_eq!(
        steps,
        [
            "drill.propose drill:d1 ann",
            "drill.approve drill:d1 bob",
            "drill.propose drill:d2 ann",
            "drill.start drill:d1 serve",
            "drill.abort drill:d1 serve",
            "drill.approve drill:d2 bob",
            "drill.end drill:d2 serve",
        ]
    );
}

#[tokio::test]
async fn a_drill_goes_its_way_on_a_file() {
    let dir = tempfile::tempdir().unwrap();
    goes_its_way(&Store::open(&dir.path().join("store.db")).await.unwrap()).await;
}

#[tokio::test]
async fn a_drill_goes_its_way_in_a_database() {
    let cluster = Postgres::start().unwrap();
    goes_its_way(&Store::connect(&cluster.url().parse().unwrap()).await.unwrap()).await;
}

#[test]
fn what_is_signed_names_the_scenario_by_its_hash() {
    let hand = Hand::generate().unwrap();
    let (one, other) = (drill("d1"), Drill { sha256: "00".repeat(32), ..drill("d1") });
    assert_ne!(sign(&hand, &one, Says::Proposes), sign(&hand, &other, Says::Proposes));
    assert_ne!(sign(&hand, &one, Says::Proposes), sign(&hand, &one, Says::Approves));
}
