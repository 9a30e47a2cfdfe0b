use jiff::tz::TimeZone;
use proptest::prelude::*;
use realm::record::{Attempt, End, EnergyFigure, Estimate, Intent, Mac, Outcome, Record, Timings, Tokens};
use realm::{AppId, ClassSet, DeploymentId, Nano, RouteId, SnapshotId, UnixMs};

use super::fold;
use crate::recover::Orphans;

const NOW: UnixMs = UnixMs(1_780_000_000_000);

fn intent(req: usize, n: u32, cost: i64) -> Record {
    Record::Intent(Intent {
        at: NOW,
        req: format!("r{req}"),
        app: AppId::new(["clinic", "bank"][req % 2]).unwrap(),
        n,
        dep: DeploymentId::new("d").unwrap(),
        route: RouteId::new("best").unwrap(),
        purpose: "triage".into(),
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
        mac: Mac(String::new()),
        user: None,
        dropped: Vec::new(),
        est: Estimate { tokens: 10, cost_nano: Nano(cost) },
        simulated: false,
        mirrors: None,
        ticket: None,
    })
}

fn outcome(req: usize, attempts: &[u64], at: UnixMs, cost: i64) -> Record {
    let attempt = |i: &u64| Attempt {
        intent: *i,
        deployment: DeploymentId::new("d").unwrap(),
        status: Some(200),
        error: None,
        took_ms: 1,
        resumed_from: None,
        feigned: false,
    };
    Record::Outcome(Outcome {
        at,
        req: format!("r{req}"),
        app: AppId::new(["clinic", "bank"][req % 2]).unwrap(),
        route: RouteId::new("best").unwrap(),
        end: End::Ok,
        code: None,
        attempts: attempts.iter().map(attempt).collect(),
        tokens: Tokens { input: 1, output: 2, estimated: false },
        cost_nano: Nano(cost),
        cost_estimated: false,
        energy: EnergyFigure::Unknown,
        ms: Timings::default(),
        rules: Vec::new(),
        model: None,
        mac: None,
        oldest_open: 0,
        simulated: false,
        mirrors: None,
    })
}

/// What a drill in shadow repeats is charged to nobody's limits, whether its end is known or not.
#[test]
fn mirrors_are_nobodys_use() {
    let mirrors = || Some(realm::record::Mirrors { drill: "d1".into(), req: "r0".into() });
    let (Record::Intent(begun), Record::Outcome(ended)) = (intent(0, 1, 9), outcome(0, &[0], NOW, 5)) else {
        panic!("an intent and an outcome")
    };
    let (begun, ended) = (Intent { mirrors: mirrors(), ..begun }, Outcome { mirrors: mirrors(), ..ended });
    let begun = Record::Intent(begun).to_bytes();
    let log = [begun.clone(), Record::Outcome(ended).to_bytes(), begun, intent(1, 1, 3).to_bytes()];
    let usage = fold(log.iter().enumerate().map(|(i, e)| (i as u64, e.as_slice())), TimeZone::UTC, NOW);
    assert_eq!((usage.spent.into_values().collect::<Vec<_>>(), usage.recent.len()), (vec![Nano(3)], 1));
}

#[test]
fn only_the_month_asked_for_counts() {
    let old = UnixMs(NOW.0 - 40 * 86_400_000);
    let log = [intent(0, 1, 9).to_bytes(), outcome(0, &[0], old, 5).to_bytes(), outcome(2, &[], NOW, 7).to_bytes()];
    let usage = fold(log.iter().enumerate().map(|(i, e)| (i as u64, e.as_slice())), TimeZone::UTC, NOW);
    assert_eq!(usage.spent.into_values().collect::<Vec<_>>(), [Nano(7)]);
    assert_eq!(usage.recent.len(), 1);
}

proptest! {
    /// For any prefix of any interleaving: what recovery would append changes nothing in the counters, it closes
    /// every request once, and a second recovery finds nothing.
    #[test]
    fn folding_orphans_equals_closing_them(steps in prop::collection::vec((0usize..5, any::<bool>(), 1i64..50), 0..60)) {
        let mut log: Vec<Record> = Vec::new();
        let mut open: Vec<Vec<u64>> = vec![Vec::new(); 5];
        for (req, retry, cost) in steps {
            let index = log.len() as u64;
            let attempts = &mut open[req];
            if attempts.is_empty() || (retry && attempts.len() < 3) {
                attempts.push(index);
                log.push(intent(req, attempts.len() as u32, cost));
            } else {
                log.push(outcome(req, &std::mem::take(attempts), NOW, cost));
            }
        }
        let mut orphans = Orphans::default();
        let bytes = |log: &[Record]| log.iter().map(Record::to_bytes).collect::<Vec<_>>();
        for (index, record) in log.iter().enumerate() { orphans.see(index as u64, record.clone()); }
        let before = bytes(&log);
        let closing = orphans.close(NOW);
        prop_assert_eq!(closing.len(), open.iter().filter(|attempts| !attempts.is_empty()).count());
        log.extend(closing.into_iter().map(Record::Outcome));
        let after = bytes(&log);
        let folded = |log: &[Vec<u8>]| {
            let mut usage = fold(log.iter().enumerate().map(|(i, e)| (i as u64, e.as_slice())), TimeZone::UTC, NOW);
            usage.recent.sort_by(|a, b| (&a.1, a.3).cmp(&(&b.1, b.3)));
            usage
        };
        prop_assert_eq!(folded(&before), folded(&after));
        let mut again = Orphans::default();
        for (index, record) in log.iter().enumerate() { again.see(index as u64, record.clone()); }
        prop_assert!(again.close(NOW).is_empty());
    }
}
