use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use proptest::test_runner::Config;
use realm::record::{
    Attempt, Change, End, EnergyFigure, Estimate, Intent, Mac, Outcome, Record, RecordError, Refusal, Shadow, Timings,
    Tokens,
};
use realm::{ClassSet, DataClass, Jurisdiction, Nano, SnapshotId, UnixMs};

use crate::fixtures::{SNAPSHOT, change, fullest, id, mac, mirrors, typical};
use crate::support::root;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/v1").join(format!("{name}.json"))
}

/// Bytes of the first version are read and written for ever: never write these files anew, add others.
#[test]
fn first_version_stays_as_it_is() {
    for (name, record) in fullest().into_iter().chain(typical()) {
        let path = golden(name);
        if std::env::var_os("WRITE_FIRST_VERSION").is_some() && !path.exists() {
            fs::write(&path, record.to_bytes()).unwrap();
        }
        let bytes = fs::read(&path).unwrap();
        assert_eq!(Record::from_bytes(&bytes).unwrap(), record, "{name}");
        assert_eq!(String::from_utf8(record.to_bytes()).unwrap(), String::from_utf8(bytes).unwrap(), "{name}");
    }
}

#[test]
fn a_typical_record_is_short() {
    for (name, record) in typical() {
        let length = record.to_bytes().len();
        assert!(length <= 600, "{name}: {length} bytes");
    }
}

#[test]
fn joules_are_written_to_a_thousandth() {
    let energy = EnergyFigure::Measured { j: 0.1 + 0.2 };
    assert_eq!(serde_json::to_string(&energy).unwrap(), r#"{"m":"measured","j":0.3}"#);
}

#[test]
fn what_is_no_record_of_ours_says_so() {
    for bytes in ["{\"v\":2,\"t\":\"intent\"}", "{\"v\":1,\"t\":\"sealed\"}", "{\"t\":\"outcome\",\"v\":7,\"x\":{}}"] {
        assert!(matches!(Record::from_bytes(bytes.as_bytes()), Err(RecordError::Unknown { .. })), "{bytes}");
    }
    for bytes in ["", "{}", "[]", "{\"v\":1,\"t\":\"intent\"}", "{\"v\":1,\"t\":\"int", "\u{0}"] {
        assert!(matches!(Record::from_bytes(bytes.as_bytes()), Err(RecordError::Json(_))), "{bytes}");
    }
}

/// The order of keys is ours to choose and not ours to demand; later additions to a version are passed over.
#[test]
fn order_and_additions_do_not_matter() {
    let bytes = change_with("{\"t\":\"change\",\"later\":[1],\"v\":1,");
    assert_eq!(Record::from_bytes(&bytes).unwrap(), Record::Change(change()));
}

fn change_with(head: &str) -> Vec<u8> {
    let text = String::from_utf8(Record::Change(change()).to_bytes()).unwrap();
    text.replacen("{\"v\":1,\"t\":\"change\",", head, 1).into_bytes()
}

/// The guide explains every key there is.
#[test]
fn the_guide_spells_every_key_out() {
    let guide = fs::read_to_string(root().join("docs/ledger-records.md")).unwrap();
    for (name, record) in fullest() {
        let value: serde_json::Value = serde_json::from_slice(&record.to_bytes()).unwrap();
        let mut keys = BTreeSet::new();
        collect(&value, &mut keys);
        let missing: Vec<_> = keys.iter().filter(|key| !guide.contains(&format!("| `{key}` |"))).collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
    }
}

fn collect(value: &serde_json::Value, keys: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                keys.insert(key.clone());
                collect(value, keys);
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| collect(value, keys)),
        _ => {}
    }
}

fn ids() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9-]{0,63}"
}

fn classes() -> impl Strategy<Value = ClassSet> {
    prop::collection::vec(prop::sample::select(DataClass::ALL.to_vec()), 0..5).prop_map(|all| all.into_iter().collect())
}

fn hits() -> impl Strategy<Value = Vec<Arc<str>>> {
    prop::collection::vec(ids().prop_map(Arc::from), 0..4)
}

fn maybe_mac() -> impl Strategy<Value = Option<Mac>> {
    prop::option::of("[A-Za-z0-9+/]{43}".prop_map(Mac))
}

fn intents() -> impl Strategy<Value = Record> {
    let who = (any::<u64>(), any::<String>(), ids(), any::<u32>(), ids(), ids(), any::<String>());
    let what = (classes(), classes(), classes(), hits(), hits(), prop::option::of((any::<bool>(), hits())));
    let sent = (any::<[u8; 32]>(), any::<u64>(), maybe_mac(), any::<u64>(), any::<i64>(), any::<bool>());
    (who, what, sent).prop_map(|(who, what, sent)| {
        Record::Intent(Intent {
            at: UnixMs(who.0),
            req: who.1,
            app: id(&who.2),
            n: who.3,
            dep: id(&who.4),
            route: id(&who.5),
            purpose: who.6,
            classes: what.0,
            redacted: what.1,
            undeclared: what.2,
            located: what.1,
            user_in: sent.2.as_ref().map(|_| Jurisdiction::new("XA")),
            only: sent.2.as_ref().map(|_| id(&who.4)),
            needs: Vec::new(),
            unknown: what.3,
            exempt: what.4.clone(),
            redacted_by: what.4.clone(),
            oblige: what.4,
            shadow: what.5.clone().map(|(deny, rules)| Shadow { deny, rules }),
            snap: SnapshotId(sent.0),
            bytes: sent.1,
            mac: mac(),
            user: sent.2,
            dropped: what.5.iter().flat_map(|_| ["seed".to_owned()]).collect(),
            est: Estimate { tokens: sent.3, cost_nano: Nano(sent.4) },
            simulated: sent.5,
            mirrors: sent.5.then(mirrors),
            ticket: None,
        })
    })
}

fn attempts() -> impl Strategy<Value = Attempt> {
    let error = prop::option::of("[a-z_]{1,20}");
    (any::<u64>(), ids(), prop::option::of(any::<u16>()), error, any::<u64>()).prop_map(
        |(intent, deployment, status, error, took_ms)| Attempt {
            intent,
            deployment: id(&deployment),
            status,
            error,
            took_ms,
            resumed_from: (took_ms % 2 == 0).then_some(1),
            feigned: took_ms % 3 == 0,
        },
    )
}

fn energies() -> impl Strategy<Value = EnergyFigure> {
    prop_oneof![
        (0..1_000_000_000_000u64).prop_map(|mj| EnergyFigure::Measured { j: mj as f64 / 1000.0 }),
        (0..1_000_000_000_000u64).prop_map(|mj| EnergyFigure::Declared { j: mj as f64 / 1000.0 }),
        Just(EnergyFigure::Unknown),
    ]
}

fn outcomes() -> impl Strategy<Value = Record> {
    let ends = prop::sample::select(vec![End::Ok, End::Error, End::ClientClosed, End::Unknown]);
    let who = (any::<u64>(), any::<String>(), ids(), ids(), ends, prop::option::of("[a-z_]{1,30}"));
    let what = (prop::collection::vec(attempts(), 0..4), any::<(u64, u64, bool)>(), any::<(i64, bool)>(), energies());
    let rest = (any::<(Option<u64>, u64)>(), hits(), any::<Option<String>>(), maybe_mac(), any::<(u64, bool)>());
    (who, what, rest).prop_map(|(who, what, rest)| {
        Record::Outcome(Outcome {
            at: UnixMs(who.0),
            req: who.1,
            app: id(&who.2),
            route: id(&who.3),
            end: who.4,
            code: who.5,
            attempts: what.0,
            tokens: Tokens { input: what.1.0, output: what.1.1, estimated: what.1.2 },
            cost_nano: Nano(what.2.0),
            cost_estimated: what.2.1,
            energy: what.3,
            ms: Timings { first_ms: rest.0.0, total_ms: rest.0.1 },
            rules: rest.1,
            model: rest.2,
            mac: rest.3,
            oldest_open: rest.4.0,
            simulated: rest.4.1,
            mirrors: rest.4.1.then(mirrors),
        })
    })
}

fn refusals() -> impl Strategy<Value = Record> {
    let who = (any::<u64>(), any::<String>(), ids(), prop::option::of(ids()), any::<String>(), "[a-z_]{1,30}");
    (who, classes(), hits(), hits(), maybe_mac(), any::<bool>()).prop_map(
        |(who, classes, rules, unknown, mac, simulated)| {
            Record::Refusal(Refusal {
                at: UnixMs(who.0),
                req: who.1,
                app: id(&who.2),
                route: who.3.as_deref().map(id),
                purpose: who.4,
                code: who.5,
                classes,
                located: classes,
                user_in: who.3.as_ref().map(|_| Jurisdiction::new("XB")),
                only: who.3.as_deref().map(id),
                needs: who.3.iter().flat_map(|_| ["tools".to_owned()]).collect(),
                rules,
                unknown,
                snap: SNAPSHOT,
                mac,
                simulated,
                ticket: None,
            })
        },
    )
}

fn changes() -> impl Strategy<Value = Record> {
    any::<(u64, String, String, String, Option<String>, Option<String>)>().prop_map(
        |(at, what, subject, by, note, id)| Record::Change(Change { at: UnixMs(at), what, subject, by, note, id }),
    )
}

proptest! {
    #![proptest_config(Config { cases: 200, failure_persistence: None, ..Config::default() })]

    #[test]
    fn what_is_written_is_read(record in prop_oneof![intents(), outcomes(), refusals(), changes()]) {
        assert_eq!(Record::from_bytes(&record.to_bytes()).unwrap(), record);
    }

    #[test]
    fn anything_can_be_asked(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0..700usize) {
        let _ = Record::from_bytes(&bytes);
        for (_, record) in fullest() {
            let whole = record.to_bytes();
            assert!(cut >= whole.len() || Record::from_bytes(&whole[..cut]).is_err());
        }
    }
}
