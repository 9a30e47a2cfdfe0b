use std::sync::Arc;

use realm::record::{
    Attempt, Change, End, EnergyFigure, Estimate, Intent, Mac, Mirrors, Outcome, Record, Refusal, Shadow, Timings,
    Tokens,
};
use realm::{ClassSet, DataClass, Jurisdiction, Nano, SnapshotId, UnixMs};

pub fn id<T: realm::ids::Id>(text: &str) -> T {
    T::from_text(text).unwrap()
}

pub fn mac() -> Mac {
    Mac("q0vKx2cQmVnX1f4GdJ8nqk3o2Yw5rB7tHs9uLzEiPaM".to_owned())
}

pub fn rules(ids: &[&str]) -> Vec<Arc<str>> {
    ids.iter().map(|id| Arc::from(*id)).collect()
}

pub const AT: UnixMs = UnixMs(1_793_491_200_123);
pub const SNAPSHOT: SnapshotId = SnapshotId([0xa7; 32]);

pub fn intent() -> Intent {
    Intent {
        at: AT,
        req: "0192f3a4-7c1e-7b52-9d8e-1f2a3b4c5d6e".to_owned(),
        app: id("tourism"),
        n: 1,
        dep: id("meridian-large-abroad"),
        route: id("abroad"),
        purpose: "visitor-questions".to_owned(),
        classes: ClassSet::of(DataClass::Personal),
        redacted: ClassSet::of(DataClass::Personal),
        undeclared: ClassSet::EMPTY,
        located: ClassSet::EMPTY,
        user_in: None,
        only: None,
        needs: vec!["stream".to_owned()],
        unknown: Vec::new(),
        oblige: rules(&["label-answers"]),
        exempt: Vec::new(),
        redacted_by: Vec::new(),
        shadow: None,
        snap: SNAPSHOT,
        bytes: 1_432,
        mac: mac(),
        user: None,
        dropped: Vec::new(),
        est: Estimate { tokens: 1_500, cost_nano: Nano(4_125_000) },
        simulated: false,
        mirrors: None,
        ticket: None,
    }
}

pub fn outcome() -> Outcome {
    Outcome {
        at: AT,
        req: "0192f3a4-7c1e-7b52-9d8e-1f2a3b4c5d6e".to_owned(),
        app: id("tourism"),
        route: id("best"),
        end: End::Ok,
        code: None,
        attempts: vec![
            attempt(81_234, "meridian-large-abroad", 503, (Some("upstream_error"), 212)),
            attempt(81_240, "republic-8b-home", 200, (None, 1_840)),
        ],
        tokens: Tokens { input: 412, output: 256, estimated: false },
        cost_nano: Nano(236_000),
        cost_estimated: false,
        energy: EnergyFigure::Declared { j: 801.6 },
        ms: Timings { first_ms: Some(340), total_ms: 2_060 },
        rules: Vec::new(),
        model: None,
        mac: Some(mac()),
        oldest_open: 81_231,
        simulated: false,
        mirrors: None,
    }
}

pub fn refusal() -> Refusal {
    Refusal {
        at: AT,
        req: "0192f3a4-7c1e-7b52-9d8e-1f2a3b4c5d6e".to_owned(),
        app: id("clinic"),
        route: Some(id("abroad")),
        purpose: "triage".to_owned(),
        code: "policy_denied".to_owned(),
        classes: ClassSet::of(DataClass::Special).with(DataClass::Personal),
        located: ClassSet::EMPTY,
        user_in: None,
        only: None,
        needs: Vec::new(),
        rules: rules(&["strategic-sectors"]),
        unknown: Vec::new(),
        snap: SNAPSHOT,
        mac: Some(mac()),
        simulated: false,
        ticket: None,
    }
}

pub fn change() -> Change {
    Change {
        at: AT,
        what: "key.new".to_owned(),
        subject: "key:k7d2m9".to_owned(),
        by: "operator".to_owned(),
        note: Some("app:clinic, until 2027-02-01".to_owned()),
        id: Some("31".to_owned()),
    }
}

pub fn mirrors() -> Mirrors {
    Mirrors { drill: "d1a2b3c4d5".to_owned(), req: "req-00a1b2c3d4e5f607".to_owned() }
}

/// Records in which every field is written.
pub fn fullest() -> [(&'static str, Record); 12] {
    let full_intent = Intent {
        undeclared: ClassSet::of(DataClass::Secret),
        unknown: rules(&["transfer-safeguard"]),
        shadow: Some(Shadow { deny: true, rules: rules(&["strategic-sectors-amendment"]) }),
        user: Some(mac()),
        simulated: true,
        ..intent()
    };
    let translated_intent = Intent { dropped: vec!["seed".to_owned()], ..full_intent.clone() };
    let full_outcome = Outcome {
        code: Some("upstream_timeout".to_owned()),
        end: End::Error,
        tokens: Tokens { input: 412, output: 0, estimated: true },
        cost_estimated: true,
        rules: rules(&["secret-stays-home"]),
        model: Some("meridian-large-2026-10".to_owned()),
        simulated: true,
        ..outcome()
    };
    let mut resumed_outcome = outcome();
    resumed_outcome.attempts[1].resumed_from = Some(1);
    let full_refusal = Refusal { unknown: rules(&["transfer-safeguard"]), simulated: true, ..refusal() };
    [
        ("intent-mirror", Record::Intent(Intent { mirrors: Some(mirrors()), ..intent() })),
        ("outcome-mirror", Record::Outcome(Outcome { mirrors: Some(mirrors()), ..outcome() })),
        ("intent-ticket", Record::Intent(Intent { ticket: Some("t0a1b2c3d4e5f6a7b".to_owned()), ..intent() })),
        ("refusal-ticket", Record::Refusal(waiting())),
        ("intent-replayable", Record::Intent(replayable_intent(&full_intent))),
        ("refusal-replayable", Record::Refusal(replayable_refusal(&full_refusal))),
        ("intent-full", Record::Intent(full_intent)),
        ("intent-translated", Record::Intent(translated_intent)),
        ("outcome-full", Record::Outcome(full_outcome)),
        ("outcome-resumed", Record::Outcome(resumed_outcome)),
        ("refusal-full", Record::Refusal(full_refusal)),
        ("change-full", Record::Change(change())),
    ]
}

fn waiting() -> Refusal {
    Refusal { ticket: Some("t0a1b2c3d4e5f6a7b".to_owned()), code: "approval_pending".to_owned(), ..refusal() }
}

fn replayable_intent(full: &Intent) -> Intent {
    Intent {
        located: ClassSet::of(DataClass::Personal),
        user_in: Some(Jurisdiction::new("XC")),
        only: Some(id("meridian-large")),
        ..full.clone()
    }
}

fn replayable_refusal(full: &Refusal) -> Refusal {
    Refusal {
        located: ClassSet::of(DataClass::Personal),
        user_in: Some(Jurisdiction::new("NORTHERN-UNION")),
        only: Some(id("meridian-large")),
        needs: vec!["tools".to_owned()],
        ..full.clone()
    }
}

pub fn typical() -> [(&'static str, Record); 3] {
    [
        ("intent", Record::Intent(intent())),
        ("outcome", Record::Outcome(outcome())),
        ("refusal", Record::Refusal(refusal())),
    ]
}

fn attempt(intent: u64, deployment: &str, status: u16, (error, took_ms): (Option<&str>, u64)) -> Attempt {
    let (deployment, error) = (id(deployment), error.map(str::to_owned));
    Attempt { intent, deployment, status: Some(status), error, took_ms, resumed_from: None, feigned: false }
}
