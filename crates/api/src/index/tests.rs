use jiff::tz::TimeZone;
use realm::record::{
    Attempt, Change, End, EnergyFigure, Estimate, Intent, Mac, Outcome, Record, Refusal, Timings, Tokens,
};
use realm::{AppId, ClassSet, DataClass, DeploymentId, Nano, RouteId, SnapshotId, UnixMs};

use super::{Ended, Index, Key, Seen, Wanted};

const NOON: u64 = 1_800_000_000_000;

fn app(n: usize) -> AppId {
    AppId::new(["clinic", "desk", "line"][n % 3]).unwrap()
}

fn intent(n: usize) -> Vec<u8> {
    let intent = Intent {
        at: UnixMs(NOON + n as u64),
        req: format!("req-{n}"),
        app: app(n),
        n: 1,
        dep: DeploymentId::new("one-here").unwrap(),
        route: RouteId::new("main").unwrap(),
        purpose: "letters".into(),
        classes: ClassSet::EMPTY,
        redacted: ClassSet::EMPTY,
        undeclared: ClassSet::EMPTY,
        located: ClassSet::EMPTY,
        user_in: None,
        only: None,
        needs: Vec::new(),
        unknown: Vec::new(),
        oblige: Vec::new(),
        exempt: Vec::new(),
        redacted_by: Vec::new(),
        shadow: None,
        snap: SnapshotId([0; 32]),
        bytes: 1,
        mac: Mac("x".into()),
        user: None,
        dropped: Vec::new(),
        est: Estimate::default(),
        simulated: false,
        mirrors: None,
        ticket: None,
    };
    Record::Intent(intent).to_bytes()
}

fn outcome(n: usize, intent: u64) -> Vec<u8> {
    let deployment = DeploymentId::new("one-here").unwrap();
    let outcome = Outcome {
        at: UnixMs(NOON + n as u64),
        req: format!("req-{n}"),
        app: app(n),
        route: RouteId::new("main").unwrap(),
        end: if n.is_multiple_of(10) { End::Error } else { End::Ok },
        code: None,
        attempts: vec![Attempt {
            intent,
            deployment,
            status: Some(200),
            error: None,
            took_ms: 5,
            resumed_from: None,
            feigned: false,
        }],
        tokens: Tokens { input: n as u64, output: 2, estimated: false },
        cost_nano: Nano(n as i64),
        cost_estimated: false,
        energy: EnergyFigure::Declared { j: 0.5 },
        ms: Timings { first_ms: Some(1), total_ms: 7 },
        rules: Vec::new(),
        model: None,
        mac: None,
        oldest_open: intent,
        simulated: false,
        mirrors: None,
    };
    Record::Outcome(outcome).to_bytes()
}

fn refusal(n: usize) -> Vec<u8> {
    let refusal = Refusal {
        at: UnixMs(NOON + n as u64),
        req: format!("no-{n}"),
        app: app(n),
        route: None,
        purpose: "letters".into(),
        code: "policy_denied".into(),
        classes: ClassSet::EMPTY,
        located: ClassSet::EMPTY,
        user_in: None,
        only: None,
        needs: Vec::new(),
        rules: vec!["strategic-sectors".into()],
        unknown: Vec::new(),
        snap: SnapshotId([0; 32]),
        mac: None,
        simulated: false,
        ticket: None,
    };
    Record::Refusal(refusal).to_bytes()
}

fn everything() -> Wanted {
    Wanted { seen: Seen::All, ..Wanted::default() }
}

#[test]
fn sums_equal_the_records_over_more_than_a_hundred_thousand_and_rows_stay_bounded() {
    const ALL: usize = 60_000;
    let mut index = Index::bounded(TimeZone::UTC, 1_000);
    let (mut at, mut tokens, mut cost, mut failed) = (0u64, 0u64, 0i64, 0u64);
    for n in 0..ALL {
        index.see(at, &intent(n));
        index.see(at + 1, &outcome(n, at));
        index.see(at + 2, &refusal(n));
        at += 3;
        tokens += n as u64;
        cost += n as i64;
        failed += u64::from(n.is_multiple_of(10));
    }
    let total = index.since(UnixMs(NOON).date_in(&TimeZone::UTC), &Seen::All).total();
    assert_eq!((total.requests, total.refused, total.failed), (ALL as u64, ALL as u64, failed));
    assert_eq!((total.tokens_in, total.tokens_out, total.cost), (tokens, 2 * ALL as u64, Nano(cost)));
    assert!((total.energy_j - 0.5 * ALL as f64).abs() < 1e-6);
    assert_eq!(index.rule_use("strategic-sectors", &Seen::All).denied, ALL as u64);

    assert_eq!(index.find(&everything(), None, |all| 0..all).0, 1_000);
    assert_eq!(index.gone(), 2 * ALL as u64 - 1_000);
    assert!(index.row("req-0", &Seen::All).is_none(), "let go");
    let last = index.row(&format!("req-{}", ALL - 1), &Seen::All).unwrap();
    assert_eq!((last.end, last.entries.len(), last.tokens.output), (Ended::Ok, 2, 2));
    assert_eq!(last.decision(), Some("permit"));
    assert_eq!(index.row(&format!("no-{}", ALL - 1), &Seen::All).unwrap().decision(), Some("deny"));
}

#[test]
fn a_request_is_open_until_its_outcome_and_what_is_no_record_is_passed_over() {
    let mut index = Index::new(TimeZone::UTC);
    index.see(0, b"{\"v\":9,\"t\":\"dream\"}");
    index.see(1, b"\xff");
    index.see(2, &intent(7));
    assert_eq!(index.row("req-7", &Seen::All).unwrap().end, Ended::Open);
    index.see(3, &outcome(7, 2));
    assert_eq!(index.row("req-7", &Seen::All).unwrap().entries, [2, 3]);
    assert_eq!(index.find(&everything(), None, |all| 0..all).0, 1);
}

#[test]
fn what_may_not_be_seen_is_in_no_row_and_no_sum() {
    let mut index = Index::new(TimeZone::UTC);
    for n in 0..30 {
        let at = 3 * n as u64;
        index.see(at, &intent(n));
        index.see(at + 1, &outcome(n, at));
        index.see(at + 2, &refusal(n));
    }
    let seen = Seen::Apps(std::sync::Arc::new([app(1)].into()));
    let first = UnixMs(NOON).date_in(&TimeZone::UTC);
    let totals = index.since(first, &seen);
    assert_eq!(totals.apps.keys().collect::<Vec<_>>(), [&app(1)]);
    assert_eq!((totals.total().requests, totals.total().refused, totals.codes["policy_denied"]), (10, 10, 10));
    assert_eq!(
        (index.rule_use("strategic-sectors", &seen).denied, index.hour_at(NOON / 3_600_000, &seen).refused),
        (10, 10)
    );
    let (all, rows) = index.find(&Wanted { seen: seen.clone(), ..Wanted::default() }, None, |all| 0..all);
    assert!(all == 20 && rows.iter().all(|row| row.app == app(1)));
    assert!(index.row("req-1", &seen).is_some() && index.row("req-2", &seen).is_none());
    assert_eq!(index.find(&Wanted::default(), None, |all| 0..all).0, 0, "nobody's where nothing is said");
    let mut counted = Vec::new();
    index.each_in_hour(NOON / 3_600_000, &seen, |of, hour| {
        counted.push((of.app.clone(), of.deployment.map(ToString::to_string), hour.total()));
    });
    counted.sort();
    assert_eq!(counted, [(app(1), None, 10), (app(1), Some("one-here".to_owned()), 10)]);
}

#[test]
fn the_youngest_whose_id_holds_a_text_are_found_among_what_may_be_seen() {
    let mut index = Index::new(TimeZone::UTC);
    for n in 0..30 {
        index.see(2 * n as u64, &refusal(n));
    }
    let found = |seen: Seen, part: &str| {
        let wanted = Wanted { seen, id_part: Some(part.into()), ..Wanted::default() };
        index.youngest(&wanted, 3).iter().map(|row| row.req.to_string()).collect::<Vec<_>>()
    };
    let seen = Seen::Apps(std::sync::Arc::new([app(1)].into()));
    assert_eq!(found(Seen::All, "NO-2"), ["no-29", "no-28", "no-27"]);
    assert_eq!(found(seen.clone(), "no-2"), ["no-28", "no-25", "no-22"]);
    assert_eq!(found(seen, "o-1"), ["no-19", "no-16", "no-13"]);
    assert!(found(Seen::All, "no-200").is_empty() && found(Seen::default(), "no").is_empty());
}

#[test]
fn rows_are_found_and_ordered_as_a_plain_reading_would() {
    let mut index = Index::new(TimeZone::UTC);
    for n in 0..300 {
        let at = 3 * n as u64;
        index.see(at, &intent(n));
        index.see(at + 1, &outcome(n, at));
        index.see(at + 2, &refusal(n));
    }
    let ids = |wanted: &Wanted, order, part: std::ops::Range<usize>| {
        let (all, rows) = index.find(wanted, order, |_| part);
        (all, rows.iter().map(|row| row.req.to_string()).collect::<Vec<_>>())
    };
    let errors = Wanted { end: Some("error".into()), ..everything() };
    assert_eq!(ids(&errors, None, 0..2), (30, vec!["req-290".into(), "req-280".into()]));
    let dear = ids(&everything(), Some((Key::Cost, true)), 0..2);
    assert_eq!(dear, (600, vec!["req-299".into(), "req-298".into()]));
    let cheap = ids(&everything(), Some((Key::Cost, false)), 1..3);
    assert_eq!(cheap.1, ["req-1", "req-2"]);
    assert_eq!(ids(&everything(), Some((Key::Cost, false)), 599..600).1, ["no-0"], "what has no cost comes last");
    let desk = Wanted { apps: Some(["desk".into()].into()), decision: Some("deny".into()), ..everything() };
    assert_eq!(ids(&desk, Some((Key::Request, false)), 0..1), (100, vec!["no-1".into()]));
    let early = Wanted { until: Some(UnixMs(NOON + 2)), rule: Some("strategic-sectors".into()), ..everything() };
    assert_eq!(ids(&early, None, 0..9), (2, vec!["no-1".into(), "no-0".into()]));
    let none = Wanted { route: Some("other".into()), ..everything() };
    assert_eq!(ids(&none, None, 0..9).0, 0);
}

fn change(by: &str, n: usize) -> Vec<u8> {
    let (what, subject, by) = ("account.roles".to_owned(), format!("person:{n}"), by.to_owned());
    Record::Change(Change { at: UnixMs(NOON), what, subject, by, note: None, id: None }).to_bytes()
}

#[test]
fn nobodys_changes_are_hidden_by_anothers_zeal() {
    let mut index = Index::new(TimeZone::UTC);
    for n in 0..150 {
        index.see(n, &change("ann", 0));
    }
    for n in 150..10_000 {
        index.see(n, &change("bob", 1));
    }
    let of = |by: &str| index.changes().filter(|(_, change)| change.by == by).count();
    assert_eq!((of("ann"), of("ann") + of("bob")), (150, 2_000));
    assert_eq!(index.changes().next().unwrap().0, 9_999, "the youngest are there");
}

#[test]
fn a_rule_that_has_something_taken_out_is_counted_and_its_requests_are_found() {
    let mut index = Index::new(TimeZone::UTC);
    let Ok(Record::Intent(mut taken)) = Record::from_bytes(&intent(3)) else { panic!("an intent") };
    taken.redacted = ClassSet::of(DataClass::Personal);
    taken.redacted_by = vec!["transfer".into()];
    index.see(0, &Record::Intent(taken.clone()).to_bytes());
    // A second attempt by the same rule and another.
    taken.n = 2;
    taken.redacted_by.push("other".into());
    index.see(1, &Record::Intent(taken).to_bytes());
    index.see(2, &outcome(3, 0));
    index.see(3, &intent(4));
    assert_eq!((index.rule_use("transfer", &Seen::All).redacted, index.rule_use("other", &Seen::All).redacted), (2, 1));
    let wanted = Wanted { rule: Some("other".to_owned()), decision: Some("redact".to_owned()), ..everything() };
    let (all, rows) = index.find(&wanted, None, |all| 0..all);
    assert_eq!((all, &*rows[0].req, rows[0].redacted_by.len()), (1, "req-3", 2));
}
