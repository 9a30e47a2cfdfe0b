//! From the bytes of records to requests.

use drill::{Fate, Reader, Recorded, Unread};
use realm::record::{
    Attempt, End, EnergyFigure, Estimate, Intent, Mac, Mirrors, Outcome, Record, Refusal, Timings, Tokens,
};
use realm::{ClassSet, DataClass, Jurisdiction, Nano, SnapshotId, UnixMs};

use crate::support::{classes, id};

fn intent(n: u32, dep: &str) -> Intent {
    Intent {
        at: UnixMs(1_000 + u64::from(n)),
        req: "req-1".into(),
        app: id("tourism"),
        n,
        dep: id(dep),
        route: id("best"),
        purpose: "bookings".into(),
        classes: classes(&[DataClass::Personal, DataClass::Secret]),
        redacted: ClassSet::of(DataClass::Personal),
        undeclared: ClassSet::EMPTY,
        located: ClassSet::of(DataClass::Personal),
        user_in: Some(Jurisdiction::new("XC")),
        only: None,
        needs: vec!["stream".into()],
        unknown: Vec::new(),
        oblige: Vec::new(),
        exempt: Vec::new(),
        redacted_by: Vec::new(),
        shadow: None,
        snap: SnapshotId([1; 32]),
        bytes: 1,
        mac: Mac(String::new()),
        user: None,
        dropped: Vec::new(),
        est: Estimate::default(),
        simulated: false,
        mirrors: None,
        ticket: None,
    }
}

fn outcome(attempts: &[(u64, &str)], end: End) -> Outcome {
    let attempt = |(intent, deployment): &(u64, &str)| Attempt {
        intent: *intent,
        deployment: id(deployment),
        status: Some(200),
        error: None,
        took_ms: 40,
        resumed_from: None,
        feigned: false,
    };
    Outcome {
        at: UnixMs(9_000),
        req: "req-1".into(),
        app: id("tourism"),
        route: id("best"),
        end,
        code: None,
        attempts: attempts.iter().map(attempt).collect(),
        tokens: Tokens { input: 5, output: 6, estimated: false },
        cost_nano: Nano(77),
        cost_estimated: false,
        energy: EnergyFigure::Unknown,
        ms: Timings::default(),
        rules: Vec::new(),
        model: Some("another".into()),
        mac: None,
        oldest_open: 0,
        simulated: false,
        mirrors: None,
    }
}

#[test]
fn an_outcome_is_joined_with_its_attempts() {
    let mut reader = Reader::default();
    let first = Record::Intent(intent(1, "meridian-large-abroad")).to_bytes();
    let second = Record::Intent(intent(2, "republic-8b-home")).to_bytes();
    assert!(reader.see(10, &first).unwrap().is_none() && reader.see(11, &second).unwrap().is_none());
    let end = outcome(&[(10, "meridian-large-abroad"), (11, "republic-8b-home")], End::Ok);
    let request = reader.see(12, &Record::Outcome(end).to_bytes()).unwrap().unwrap();
    assert_eq!(request.at, UnixMs(1_001), "what was decided at the first attempt");
    assert_eq!(request.facts.user_in, Some(Jurisdiction::new("XC")));
    assert_eq!(request.facts.located, ClassSet::of(DataClass::Personal));
    let Fate::Answered(answered) = request.fate else { panic!("answered") };
    assert_eq!(answered.deployment, id("republic-8b-home"));
    assert_eq!((answered.tokens.total(), answered.cost_nano, answered.took_ms), (11, Nano(77), 40));
    assert!(answered.other_model);
    assert_eq!(reader.unread(), Unread::default());
}

/// A mirror of a drill in shadow is in nothing that is counted of requests, and is told to who asks.
#[test]
fn a_mirror_is_nobodys_request() {
    let mut reader = Reader::default();
    let mirrors = || Some(Mirrors { drill: "d1".into(), req: "req-1".into() });
    let begun = Intent { req: "mir-1".into(), mirrors: mirrors(), ..intent(1, "republic-8b-home") };
    reader.see(10, &Record::Intent(begun).to_bytes()).unwrap();
    let end = Outcome { req: "mir-1".into(), mirrors: mirrors(), ..outcome(&[(10, "republic-8b-home")], End::Ok) };
    assert!(reader.see(11, &Record::Outcome(end).to_bytes()).unwrap().is_none());
    let mirror = reader.take_mirror().unwrap();
    assert_eq!((mirror.drill.as_str(), mirror.of.as_str()), ("d1", "req-1"));
    let (mut recorded, mut of_another) = (Recorded::default(), Recorded::default());
    recorded.see("d1", &mirror);
    of_another.see("d2", &mirror);
    assert_eq!(recorded, Recorded { mirrors: 1, answered: 1, tokens: 11, cost_nano: Nano(77) });
    assert_eq!(of_another, Recorded::default());
    // One that was given up is no answer; what it used is used.
    let begun = Intent { req: "mir-2".into(), mirrors: mirrors(), ..intent(1, "republic-8b-home") };
    reader.see(12, &Record::Intent(begun).to_bytes()).unwrap();
    let end =
        Outcome { req: "mir-2".into(), mirrors: mirrors(), ..outcome(&[(12, "republic-8b-home")], End::ClientClosed) };
    assert!(reader.see(13, &Record::Outcome(end).to_bytes()).unwrap().is_none());
    recorded.see("d1", &reader.take_mirror().unwrap());
    assert_eq!(recorded, Recorded { mirrors: 2, answered: 1, tokens: 22, cost_nano: Nano(154) });
    assert!(reader.take_mirror().is_none() && reader.unread() == Unread::default());
}

#[test]
fn what_has_no_end_or_no_beginning_is_counted() {
    let mut reader = Reader::default();
    reader.see(3, &Record::Intent(intent(1, "republic-8b-home")).to_bytes()).unwrap();
    // Another log: its third entry is another one.
    reader.next_log();
    let orphan = outcome(&[(3, "republic-8b-home")], End::Ok);
    assert!(reader.see(4, &Record::Outcome(orphan).to_bytes()).unwrap().is_none());
    assert_eq!(reader.unread(), Unread { left_open: 1, orphans: 1 });
    assert!(reader.see(5, b"no record").is_err());
}

#[test]
fn a_refusal_by_rules_is_told_from_another_one() {
    let mut reader = Reader::default();
    let refusal = |code: &str| Refusal {
        at: UnixMs(5),
        req: "req-2".into(),
        app: id("clinic"),
        route: Some(id("abroad")),
        purpose: "triage".into(),
        code: code.into(),
        classes: ClassSet::EMPTY,
        located: ClassSet::EMPTY,
        user_in: None,
        only: None,
        needs: Vec::new(),
        rules: Vec::new(),
        unknown: Vec::new(),
        snap: SnapshotId([1; 32]),
        mac: None,
        simulated: false,
        ticket: None,
    };
    for (code, is_denial) in [("policy_denied", true), ("no_permit", true), ("no_deployment_available", false)] {
        let request = reader.see(1, &Record::Refusal(refusal(code)).to_bytes()).unwrap().unwrap();
        assert_eq!(matches!(request.fate, Fate::Denied), is_denial, "{code}");
    }
}
