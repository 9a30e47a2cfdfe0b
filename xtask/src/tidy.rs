//! The rules of the tree that a tool can hold. A rule enters the guide together with its check here.

mod direction;
mod docs;
mod errors;
mod locales;
mod sizes;
mod stages;
mod tree;
mod words;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

/// One breach of a rule: where, what, and what to do.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breach {
    /// Path from the root, with a line where there is one.
    pub place: String,
    /// What is wrong and what to do.
    pub what: String,
}

impl Breach {
    /// A breach somewhere.
    pub fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

/// Checks every rule; prints each breach.
pub fn run(root: &Path, update: bool) -> Result<ExitCode> {
    let tree = tree::read(root)?;
    if update {
        sizes::write_ratchet(root, &tree)?;
    }
    let mut breaches = Vec::new();
    breaches.extend(direction::check(root)?);
    breaches.extend(sizes::check(root, &tree)?);
    breaches.extend(words::check(&tree));
    breaches.extend(docs::check(root, &tree));
    breaches.extend(errors::check(&tree));
    breaches.extend(stages::check(&tree));
    breaches.extend(locales::check(&tree));
    breaches.sort();
    for breach in &breaches {
        println!("{}: {}", breach.place, breach.what);
    }
    if breaches.is_empty() {
        println!("tidy: {} files, no breach", tree.files.len());
        Ok(ExitCode::SUCCESS)
    } else {
        println!("tidy: {} breaches", breaches.len());
        Ok(ExitCode::FAILURE)
    }
}
