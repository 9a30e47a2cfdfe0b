//! English and Russian have the same messages, with the same arguments.

use std::collections::{BTreeMap, BTreeSet};

use super::Breach;
use super::tree::Tree;

pub fn check(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for english in tree.files.iter().filter(|f| f.path.ends_with("/en.ftl")) {
        let path = english.path.replace("/en.ftl", "/ru.ftl");
        let Some(russian) = tree.text(&path) else {
            breaches.push(Breach::new(&english.path, "has no ru.ftl beside it"));
            continue;
        };
        let (left, right) = (messages(&english.text), messages(russian));
        for key in left.keys().filter(|key| !right.contains_key(*key)) {
            breaches.push(Breach::new(&path, format!("lacks `{key}`")));
        }
        for (key, arguments) in &right {
            match left.get(key) {
                None => breaches.push(Breach::new(&path, format!("`{key}` is not in en.ftl"))),
                Some(expected) if expected != arguments => {
                    breaches.push(Breach::new(&path, format!("`{key}` takes other arguments than in en.ftl")));
                }
                Some(_) => {}
            }
        }
    }
    breaches
}

/// Message keys, each with the variables it names.
fn messages(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            key = line.split_once('=').map(|(name, _)| name.trim().to_owned());
        }
        if let Some(key) = &key {
            let named = line.split('$').skip(1).map(|rest| {
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect::<String>()
            });
            all.entry(key.clone()).or_default().extend(named);
        }
    }
    all
}
