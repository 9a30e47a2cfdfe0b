use jiff::tz::TimeZone;
use realm::record::{Attempt, End, EnergyFigure, Estimate, Intent, Mac, Outcome, Record, Refusal, Timings, Tokens};
use realm::{AppId, ClassSet, DeploymentId, Nano, RouteId, SnapshotId, UnixMs};

use super::{Ended, Index};

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
        needs: Vec::new(),
        unknown: Vec::new(),
        oblige: Vec::new(),
        shadow: None,
        snap: SnapshotId([0; 32]),
        bytes: 1,
        mac: Mac("x".into()),
        user: None,
        dropped: Vec::new(),
        est: Estimate::default(),
        simulated: false,
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
        attempts: vec![Attempt { intent, deployment, status: Some(200), error: None, took_ms: 5, resumed_from: None }],
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
        rules: vec!["strategic-sectors".into()],
        unknown: Vec::new(),
        snap: SnapshotId([0; 32]),
        mac: None,
        simulated: false,
    };
    Record::Refusal(refusal).to_bytes()
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
    let total = index.since(UnixMs(NOON).date_in(&TimeZone::UTC)).total();
    assert_eq!((total.requests, total.refused, total.failed), (ALL as u64, ALL as u64, failed));
    assert_eq!((total.tokens_in, total.tokens_out, total.cost), (tokens, 2 * ALL as u64, Nano(cost)));
    assert!((total.energy_j - 0.5 * ALL as f64).abs() < 1e-6);
    assert_eq!(index.rule_use("strategic-sectors").denied, ALL as u64);

    assert_eq!(index.rows().count(), 1_000);
    assert_eq!(index.gone(), 2 * ALL as u64 - 1_000);
    assert!(index.row("req-0").is_none(), "let go");
    let last = index.row(&format!("req-{}", ALL - 1)).unwrap();
    assert_eq!((last.end, last.entries.len(), last.tokens.output), (Ended::Ok, 2, 2));
    assert_eq!(last.decision(), Some("permit"));
    assert_eq!(index.row(&format!("no-{}", ALL - 1)).unwrap().decision(), Some("deny"));
}

#[test]
fn a_request_is_open_until_its_outcome_and_what_is_no_record_is_passed_over() {
    let mut index = Index::new(TimeZone::UTC);
    index.see(0, b"{\"v\":9,\"t\":\"dream\"}");
    index.see(1, b"\xff");
    index.see(2, &intent(7));
    assert_eq!(index.row("req-7").unwrap().end, Ended::Open);
    index.see(3, &outcome(7, 2));
    assert_eq!(index.row("req-7").unwrap().entries, [2, 3]);
    assert_eq!(index.rows().count(), 1);
}
