//! The stages of a request are named alike in the code, in the crate's graph and in ARCHITECTURE.md.

use std::collections::BTreeSet;

use super::Breach;
use super::tree::Tree;

const STAGES: [&str; 12] = [
    "accept",
    "authenticate",
    "admit",
    "classify",
    "decide",
    "redact",
    "intent",
    "upstream",
    "restore",
    "outcome",
    "settle",
    "respond",
];
const FOLDER: &str = "crates/gateway/src/pipeline/";

pub fn check(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let files: BTreeSet<&str> = tree
        .files
        .iter()
        .filter_map(|f| f.path.strip_prefix(FOLDER))
        .filter_map(|rest| rest.split(['/', '.']).next())
        .collect();
    for stage in STAGES {
        if !files.contains(stage) {
            breaches.push(Breach::new(FOLDER, format!("the stage `{stage}` has no file of its name")));
        }
        for page in ["ARCHITECTURE.md", "crates/gateway/README.md"] {
            let graph = tree.text(page).map(mermaid).unwrap_or_default();
            if !graph.contains(stage) {
                breaches.push(Breach::new(page, format!("its graph does not name the stage `{stage}`")));
            }
        }
    }
    breaches
}

/// The text of a page's mermaid blocks.
fn mermaid(page: &str) -> String {
    page.split("```mermaid").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}
