use std::collections::BTreeMap;
use std::sync::Arc;

use ::drill::report::Destination;
use jiff::civil::date;
use ledger::checkpoint::Checkpoint;
use ledger::note::{Algorithm, SecretKey};
use ledger::proof::{LeafNodes, inclusion, span};
use ledger::tree::{leaf_hash, root_of};
use ledger::types::Hash;
use ledger::{EntryIndex, Origin, TreeSize};
use realm::UnixMs;
use realm::record::Change;
use store::content::people::Hand;
use store::drill::{Ended, How, Mode, Says, Step, sign};

use super::super::{binding, keys_text, make};
use super::*;

const REALM: &str = r#"
[realm]
name = "Test"
home = "XA"
drill_people = [{ name = "ann", key = "@ANN@" }, { name = "bob", key = "@BOB@" }]
[[sector]]
id = "office"
name = "Offices"
[[organisation]]
id = "abroad"
name = "Abroad"
kind = "company"
sector = "office"
jurisdiction = "XB"
[[app]]
id = "desk"
organisation = "abroad"
purposes = ["letters"]
routes = ["main"]
[[model]]
id = "chat"
name = "Chat"
developer = "abroad"
origin = "XB"
weights = "open"
kind = "chat"
[[provider]]
id = "far"
operator = "abroad"
protocol = "openai"
base_url = "http://127.0.0.1:1/v1"
[[deployment]]
id = "one"
model = "chat"
provider = "far"
host = "XB"
[[route]]
id = "main"
deployments = [{ id = "one" }]
"#;

const TEXT: &str = "title = \"Abroad leaves\"\n[[cut]]\noperator = \"abroad\"\n";

/// Writes something untrue.
type Falsify<'a> = &'a dyn Fn(&mut Place);

/// Everything that a bundle is made of, by seed and not by chance.
struct Place {
    log: SecretKey,
    entries: Vec<String>,
    drill: Drill,
    realms: Vec<Arc<Snapshot>>,
    servers: Vec<Server>,
}

impl Place {
    fn new() -> Self {
        let [ann, bob] = [(); 2].map(|()| Hand::generate().unwrap());
        let text = REALM.replace("@ANN@", &ann.public()).replace("@BOB@", &bob.public());
        let mut files = SourceSet::default();
        files.insert("realm.toml", text);
        files.insert("policies/base.cedar", "@id(\"base\")\npermit (principal, action, resource);\n");
        let realm = check(&files, date(2026, 11, 24)).unwrap_or_else(|problems| panic!("{problems:?}")).snapshot;
        let drill = drill(&realm, &ann, &bob);
        let log = SecretKey::from_seed("log.test/a", Algorithm::Ed25519, &[1; 32]).unwrap();
        let destination = Destination { destination: "far".to_owned(), bytes_in: 0, bytes_out: 0, shut: true };
        let server = Server {
            log: "a".to_owned(),
            in_force: UnixMs(3_000),
            settled: true,
            destinations: vec![destination],
            shadow: None,
        };
        Self { log, entries: entries(&drill), drill, realms: vec![realm], servers: vec![server] }
    }

    fn keys(&self) -> Keys {
        Keys { logs: vec![self.log.verifier().clone()], witnesses: Vec::new() }
    }

    fn head(&self, leaves: &[Hash]) -> ledger::note::Note {
        let size = TreeSize(leaves.len() as u64);
        Checkpoint::new(Origin::new("log.test/a").unwrap(), size, root_of(leaves)).sign(&self.log).unwrap()
    }

    /// The bundle as the commands make it: the run without the first entry, then the record that names it.
    fn bundle(&self) -> Bundle {
        let leaves: Vec<Hash> = self.entries.iter().map(|entry| leaf_hash(entry.as_bytes())).collect();
        let size = TreeSize(leaves.len() as u64);
        let proof = span(&mut LeafNodes(&leaves), (EntryIndex(1), EntryIndex(size.0)), size).unwrap().unwrap();
        let run = Run {
            first: 1,
            entries: self.entries[1..].to_vec(),
            proof: proof.into_iter().map(Hash::to_base64).collect(),
            checkpoint: self.head(&leaves).to_string(),
        };
        let mut files = make::files(&self.drill, &run, &self.realms, &self.servers).unwrap();
        files.insert(KEYS.to_owned(), keys_text(&self.keys().logs).into_bytes());
        self.bound(files)
    }

    fn bound(&self, files: BTreeMap<String, Vec<u8>>) -> Bundle {
        let mut bundle = Bundle::new(&self.drill.id, "1.0", files);
        let asked = json!({ "drill": self.drill.id, "manifest": bundle.sha256() }).to_string();
        let entry = Record::Change(binding(&asked, "ann", UnixMs(9_000)).unwrap()).to_bytes();
        let mut leaves: Vec<Hash> = self.entries.iter().map(|entry| leaf_hash(entry.as_bytes())).collect();
        leaves.push(leaf_hash(&entry));
        let index = EntryIndex(leaves.len() as u64 - 1);
        let proof = inclusion(&mut LeafNodes(&leaves), index, TreeSize(index.0 + 1)).unwrap().unwrap();
        let receipt = Receipt { extra: Some(entry), index, proof, checkpoint: self.head(&leaves) };
        bundle.binding = receipt.to_string();
        bundle
    }
}

fn drill(realm: &Snapshot, ann: &Hand, bob: &Hand) -> Drill {
    let cuts = "[{\"level\":\"operator\",\"name\":\"abroad\"}]".to_owned();
    let step = |by: &str, at| Step { by: by.to_owned(), at: UnixMs(at), signature: String::new() };
    let mut drill = Drill {
        id: "d1".to_owned(),
        title: "Abroad leaves".to_owned(),
        scenario: TEXT.to_owned(),
        sha256: hex::encode(Sha256::digest(TEXT)),
        cuts,
        mode: Mode::Full,
        percent: 100,
        minutes: 1,
        reason: "to see".to_owned(),
        realm: realm.id.to_string(),
        proposed: step("ann", 1_000),
        approved: Some(step("bob", 2_000)),
        until: Some(UnixMs(62_000)),
        started: Some(UnixMs(3_000)),
        ended: Some(Ended { at: UnixMs(8_000), how: How::Aborted, by: "ann".to_owned(), why: "enough".to_owned() }),
    };
    drill.proposed.signature = sign(ann, &drill, Says::Proposes);
    drill.until = Some(drill.ends(UnixMs(2_000)));
    let signature = sign(bob, &drill, Says::Approves);
    drill.approved = Some(Step { signature, ..step("bob", 2_000) });
    drill
}

fn entries(drill: &Drill) -> Vec<String> {
    let change = |(what, at, by, words): (&str, u64, &str, &str)| {
        let record = Record::Change(Change {
            at: UnixMs(at),
            what: what.to_owned(),
            subject: "drill:d1".to_owned(),
            by: by.to_owned(),
            note: Some(drill.note(words)),
            id: None,
        });
        String::from_utf8(record.to_bytes()).unwrap()
    };
    let refusal = format!(
        r#"{{"v":1,"t":"refusal","at":4000,"req":"r1","app":"desk","route":"main","purpose":"letters","code":"cut_off","snap":"{}"}}"#,
        drill.realm
    );
    let steps = [
        ("key.new", 1, "ann", ""),
        ("drill.propose", 1_000, "ann", "to see"),
        ("drill.approve", 2_000, "bob", "to see"),
        ("drill.start", 3_000, "serve", "in force by log a"),
    ];
    let mut entries: Vec<String> = steps.into_iter().map(change).collect();
    entries.push(refusal);
    entries.push(change(("drill.abort", 8_000, "ann", "enough")));
    entries
}

/// The parts of a bundle, by name.
type Parts = BTreeMap<String, Vec<u8>>;

#[test]
fn a_bundle_proves_what_happened() {
    let place = Place::new();
    let bytes = place.bundle().to_bytes();
    let verified = verify(&bytes, Some(&place.keys())).unwrap_or_else(|why| panic!("{why:?}"));
    assert_eq!((verified.records, verified.index, verified.own_key), (5, 6, false));
    let Shown::Live(report) = &verified.report else { panic!("a live drill") };
    assert_eq!((report.totals.denied, report.totals.requests), (1, 1));
    assert!(verify(&bytes, None).unwrap().own_key);
    for lang in [Lang::En, Lang::Ru] {
        assert!(verified.text(lang).contains("desk"), "{}", verified.text(lang));
    }
    let other = SecretKey::from_seed("log.test/a", Algorithm::Ed25519, &[2; 32]).unwrap();
    let other = Keys { logs: vec![other.verifier().clone()], witnesses: Vec::new() };
    assert!(matches!(verify(&bytes, Some(&other)), Err(Why::Receipt(_))));
}

#[test]
fn no_byte_can_be_changed_unseen() {
    let place = Place::new();
    let (bytes, keys) = (place.bundle().to_bytes(), place.keys());
    for at in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 1 << (at % 8);
        let why = verify(&bad, Some(&keys)).err();
        assert!(why.is_some(), "byte {at} of {}", bytes.len());
        assert!(!why.unwrap().said(Lang::En).starts_with("bundle-"), "every reason has its words");
    }
    for cut in [1, 10, bytes.len() / 2] {
        assert!(verify(&bytes[..bytes.len() - cut], Some(&keys)).is_err());
    }
}

/// Whoever holds the log's key can have any manifest named; what is in it must still hold together.
#[test]
fn what_the_log_names_must_still_be_true() {
    let place = Place::new();
    let why = |change: &dyn Fn(&mut Parts)| {
        let mut files = place.bundle().files;
        change(&mut files);
        verify(&place.bound(files).to_bytes(), Some(&place.keys())).unwrap_err()
    };
    let replace = |name: &'static str, from: &'static str, to: &'static str| {
        move |files: &mut BTreeMap<String, Vec<u8>>| {
            let text = String::from_utf8(files[name].clone()).unwrap();
            assert!(text.contains(from), "{name}: {text}");
            files.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
        }
    };
    assert!(matches!(why(&replace(make::REPORT, "\"denied\":1", "\"denied\":0")), Why::Recount(_)));
    assert!(matches!(why(&replace(RECORDS, "cut_off", "cut_out")), Why::Records));
    assert!(matches!(why(&replace(DRILL, "to see", "for fun")), Why::Unapproved(_)));
    assert!(matches!(why(&replace(SCENARIO, "Abroad", "Nobody")), Why::Scenario));
    assert!(matches!(why(&replace(SERVERS, "\"bytes_out\":0", "\"bytes_out\":9")), Why::Recount(_)));
    assert!(matches!(why(&|files| drop(files.remove(SERVERS))), Why::File(_)));
    let realm = |files: &mut BTreeMap<String, Vec<u8>>| {
        let name = files.keys().find(|name| name.ends_with("realm.toml")).unwrap().clone();
        let text = String::from_utf8(files[&name].clone()).unwrap().replace("\"Test\"", "\"Best\"");
        files.insert(name, text.into_bytes());
    };
    assert!(matches!(why(&realm), Why::Realm(_)));
}

/// What the store says of times, people and ways goes for nothing beside the records.
#[test]
fn each_step_is_as_its_record_tells() {
    let why = |change: &dyn Fn(&mut Place)| {
        let mut place = Place::new();
        change(&mut place);
        verify(&place.bundle().to_bytes(), Some(&place.keys())).unwrap_err()
    };
    let ended =
        |change: &'static dyn Fn(&mut Ended)| move |place: &mut Place| change(place.drill.ended.as_mut().unwrap());
    let changes: [(&str, Falsify<'_>); 8] = [
        ("drill.start", &|place| place.drill.started = Some(UnixMs(2_500))),
        ("drill.abort", &ended(&|end| end.at = UnixMs(9_000))),
        ("drill.abort", &ended(&|end| end.by = "serve".to_owned())),
        ("drill.abort", &ended(&|end| end.why = "all was well".to_owned())),
        ("drill.abort", &ended(&|end| end.how = How::Guardrail)),
        ("drill.abort", &|place| {
            let again = place.entries.last().unwrap().replace("\"at\":8000", "\"at\":8500");
            place.entries.push(again);
        }),
        ("drill.approve", &|place| place.entries[2] = place.entries[2].replace("1 minutes", "9 minutes")),
        ("drill.propose", &|place| place.entries[1] = place.entries[1].replace("mode full", "mode canary")),
    ];
    for (step, change) in changes {
        let why = why(change);
        assert!(matches!(why, Why::OtherStep(told) if told == step), "{step}: {why:?}");
    }
    assert!(matches!(why(&ended(&|end| end.how = How::Over)), Why::NoStep("drill.end")));
    assert!(matches!(why(&|place| place.drill.until = Some(UnixMs(90_000))), Why::Unapproved(_)));
}
