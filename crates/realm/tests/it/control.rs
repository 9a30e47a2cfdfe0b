//! Who can compel whom.

use std::collections::BTreeSet;
use std::fmt::Write;

use proptest::prelude::{Strategy, prop, proptest};
use proptest::test_runner::Config;
use realm::load::{Lang, Loaded, SourceSet, check, render};

use crate::support::today;

const HEAD: &str = "[realm]\nname = \"Here\"\nhome = \"XA\"\n[blocs]\nNORTH = [\"XC\", \"XD\"]\n\
                    [[sector]]\nid = \"all\"\nname = \"All\"\n";

#[derive(Debug, Clone)]
struct Written {
    jurisdiction: &'static str,
    /// A later one of the list, so that there is no circle.
    parent: Option<usize>,
    /// Jurisdictions and hundredths.
    owners: Vec<(&'static str, u32)>,
}

fn realm(all: &[Written]) -> Loaded {
    let mut text = HEAD.to_owned();
    for (place, it) in all.iter().enumerate() {
        write!(text, "[[organisation]]\nid = \"o{place}\"\nname = \"O\"\nkind = \"company\"\nsector = \"all\"\n")
            .unwrap();
        writeln!(text, "jurisdiction = \"{}\"", it.jurisdiction).unwrap();
        if let Some(parent) = it.parent {
            writeln!(text, "parent = \"o{parent}\"").unwrap();
        }
        let owners: Vec<_> = it
            .owners
            .iter()
            .map(|(place, share)| {
                format!("{{ jurisdiction = \"{place}\", share = \"{}.{:02}\" }}", share / 100, share % 100)
            })
            .collect();
        writeln!(text, "owners = [{}]", owners.join(", ")).unwrap();
    }
    let mut files = SourceSet::default();
    files.insert("realm.toml", text);
    check(&files, today()).unwrap_or_else(|problems| panic!("{}", render(&problems, Lang::En, false)))
}

fn controllers(all: &[Written], place: usize) -> BTreeSet<String> {
    let loaded = realm(all);
    let id = format!("o{place}");
    loaded.snapshot.world.organisations[id.as_str()].controllers.iter().map(ToString::to_string).collect()
}

/// The same by another way: walk up, and ask of each place whether it or its bloc has a hold.
fn naive(all: &[Written], place: usize) -> BTreeSet<String> {
    let blocs = |place: &str| {
        if matches!(place, "XC" | "XD") { vec![place.to_owned(), "NORTH".to_owned()] } else { vec![place.to_owned()] }
    };
    let mut held = BTreeSet::new();
    let mut next = Some(place);
    while let Some(at) = next {
        held.extend(blocs(all[at].jurisdiction));
        for candidate in ["XA", "XB", "XC", "XD", "NORTH"] {
            let owned = all[at].owners.iter().filter(|(owner, _)| blocs(owner).iter().any(|it| it == candidate));
            if owned.map(|(_, share)| share).sum::<u32>() >= 50 && !all[at].owners.is_empty() {
                held.insert(candidate.to_owned());
            }
        }
        next = all[at].parent;
    }
    held
}

fn set(places: &[&str]) -> BTreeSet<String> {
    places.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn half_is_control_and_less_is_not() {
    let one = |owners: &[(&'static str, u32)]| {
        controllers(&[Written { jurisdiction: "XA", parent: None, owners: owners.to_vec() }], 0)
    };
    assert_eq!(one(&[("XB", 49)]), set(&["XA"]));
    assert_eq!(one(&[("XB", 50)]), set(&["XA", "XB"]));
    assert_eq!(one(&[("XB", 25), ("XB", 25)]), set(&["XA", "XB"]), "two owners of one place");
    assert_eq!(one(&[("XC", 30), ("XD", 20)]), set(&["XA", "NORTH"]), "a bloc together");
    assert_eq!(one(&[("NORTH", 10), ("XD", 40)]), set(&["XA", "NORTH"]));
}

fn chains() -> impl Strategy<Value = Vec<Written>> {
    let places = || prop::sample::select(vec!["XA", "XB", "XC", "XD"]);
    let owners = prop::collection::vec((prop::sample::select(vec!["XA", "XB", "XC", "XD", "NORTH"]), 0..34u32), 0..4);
    let one = (places(), prop::option::of(0..8usize), owners);
    prop::collection::vec(one, 1..8).prop_map(|all| {
        let count = all.len();
        let written = all.into_iter().enumerate().map(|(place, (jurisdiction, step, owners))| Written {
            jurisdiction,
            parent: step.map(|step| place + 1 + step).filter(|parent| *parent < count),
            // Three thirds of at most 33 hundredths stay below the whole.
            owners: owners.into_iter().take(3).collect(),
        });
        written.collect()
    })
}

proptest! {
    #![proptest_config(Config { cases: 100, failure_persistence: None, ..Config::default() })]

    #[test]
    fn control_is_what_a_naive_reader_finds(all in chains()) {
        for place in 0..all.len() {
            assert_eq!(controllers(&all, place), naive(&all, place), "o{place} of {all:?}");
        }
    }
}
