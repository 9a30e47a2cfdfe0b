use jiff::civil::date;
use passport::{Document, Found, export};
use proptest::option;
use proptest::prelude::{Just, Strategy, any, proptest};
use proptest::{collection, prop_assert_eq, prop_oneof};
use realm::world::{Stated, WeightsFile};
use realm::{Jurisdiction, UnixMs};
use rust_decimal::Decimal;

use crate::support::read_as;

fn words() -> impl Strategy<Value = String> {
    "[A-Za-zЖ0-9][A-Za-zж0-9 ,.\"\n]{0,20}[A-Za-z0-9]"
}

fn list() -> impl Strategy<Value = Vec<String>> {
    collection::btree_set(words(), 0..4).prop_map(|all| all.into_iter().collect())
}

fn places() -> impl Strategy<Value = Vec<Jurisdiction>> {
    collection::btree_set(prop_oneof![Just("XA"), Just("XB"), Just("NORD")], 0..3)
        .prop_map(|all| all.into_iter().map(Jurisdiction::new).collect())
}

fn weights() -> impl Strategy<Value = Vec<WeightsFile>> {
    let one = collection::btree_map(words(), "[0-9a-f]{64}", 0..3);
    (option::of("[0-9a-f]{64}"), one).prop_map(|(plain, named)| {
        let plain = plain.into_iter().map(|sha256| WeightsFile { file: None, sha256 });
        plain.chain(named.into_iter().map(|(file, sha256)| WeightsFile { file: Some(file), sha256 })).collect()
    })
}

fn found() -> impl Strategy<Value = Found> {
    let day = option::of((2000i16..2100, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| date(y, m, d)));
    let parts = (words(), option::of(words()), 0i64..=1_000, option::of(1u64..1_000_000), day, option::of(words()));
    parts.prop_map(|(suite, metric, score, questions, date, source)| Found {
        suite,
        metric,
        score: Decimal::new(score, 3),
        questions,
        date,
        source,
    })
}

fn contact() -> impl Strategy<Value = String> {
    prop_oneof![words(), Just("a.b@c.example".to_owned()), Just("https://x.example/me".to_owned())]
}

fn stated() -> impl Strategy<Value = Stated> {
    let text = || option::of(words());
    let licence = option::of(prop_oneof![Just("MIT".to_owned()), words()]);
    let one = (text(), licence, text(), option::of(Just(date(2026, 5, 1))), weights(), option::of(list()), list());
    let two = (text(), option::of(any::<bool>()), places(), option::of(0i64..10_000_000), text(), text(), list());
    let channel = option::of(Just(Jurisdiction::new("XB")));
    let three = (list(), list(), option::of(contact()), channel, option::of(Just("https://x.example/a".to_owned())));
    (one, two, three).prop_map(|(one, two, three)| Stated {
        developer: one.0,
        licence: one.1,
        version: one.2,
        released: one.3,
        weights: one.4,
        base_models: one.5,
        datasets: one.6,
        training_data: two.0,
        personal_data: two.1,
        training_places: two.2,
        training_energy_kwh: two.3.map(|n| Decimal::new(n, 2).normalize()),
        intended_use: two.4,
        limits: two.5,
        languages: two.6,
        inputs: three.0,
        outputs: three.1,
        contact: three.2,
        update_channel: three.3,
        attestation: three.4,
    })
}

fn document() -> impl Strategy<Value = Document> {
    let results = collection::vec(found(), 0..3);
    let compute = option::of((0i64..400).prop_map(|n| Decimal::new(n, 1)));
    let parts = (words(), option::of(Just(Jurisdiction::new("XC"))), places(), compute, stated(), results);
    parts.prop_map(|(name, origin, data_places, compute_flop_log10, stated, mut evaluations)| {
        evaluations.dedup();
        Document {
            name: Some(name),
            origin,
            data_places,
            compute_flop_log10,
            stated,
            evaluations,
            dated: Some(date(2026, 11, 26)),
        }
    })
}

proptest! {
    /// What is written for others reads back whole, and nothing of it is strange to us.
    #[test]
    fn what_is_exported_reads_back(document in document()) {
        let bom = export(&document, "m", UnixMs(1_795_651_200_000)).to_string();
        let read = read_as("bom.json", bom.as_bytes()).unwrap();
        prop_assert_eq!(&read.document, &document);
        prop_assert_eq!(read.left, vec![]);
    }
}
