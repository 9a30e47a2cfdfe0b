//! Who may depend on whom, read from `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::Breach;

/// Rooms and the rooms they may use. A new line here is a change of the architecture: say why in the commit.
const MAY_USE: [(&str, &[&str]); 17] = [
    ("realm", &[]),
    ("wire", &[]),
    ("ledger", &[]),
    ("engine", &[]),
    ("policy", &["realm"]),
    ("store", &["realm"]),
    ("gateway", &["realm", "wire", "policy", "ledger", "store"]),
    ("passport", &["realm"]),
    ("report", &["realm"]),
    ("plan", &["realm", "report"]),
    ("api", &["realm", "policy", "ledger", "store", "drill", "passport", "plan", "forecast", "report"]),
    ("console", &["realm", "policy", "ledger", "store", "drill", "api", "passport", "plan", "forecast", "report"]),
    ("drill", &["realm", "policy"]),
    ("forecast", &["realm", "report"]),
    ("testkit", &["realm"]),
    (
        "cli",
        &[
            "realm", "wire", "policy", "ledger", "store", "gateway", "engine", "api", "console", "drill", "passport",
            "plan", "forecast", "report", "testkit",
        ],
    ),
    ("xtask", &[]),
];

/// Crates that must never be reached, however far away.
const MUST_NOT_REACH: [(&str, &[&str]); 11] = [
    ("realm", &["tokio", "hyper", "axum", "sqlx", "reqwest", "highs"]),
    ("wire", &["tokio", "hyper", "axum", "sqlx", "realm"]),
    ("policy", &["tokio", "hyper", "axum", "sqlx", "async-std"]),
    ("ledger", &["hyper", "axum", "sqlx", "realm"]),
    ("api", &["hyper", "axum", "gateway", "wire"]),
    ("console", &["hyper", "axum"]),
    ("passport", &["tokio", "hyper", "policy", "ledger", "store"]),
    ("drill", &["tokio", "hyper", "wire", "ledger", "store"]),
    ("report", &["tokio", "hyper", "axum", "sqlx", "policy", "ledger", "store"]),
    ("plan", &["tokio", "hyper", "axum", "sqlx"]),
    ("forecast", &["tokio", "hyper", "axum", "sqlx", "policy", "ledger", "store"]),
];

/// Licences that may come in with a dependency; one of those offered suffices.
const LICENCES: [&str; 12] = [
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "MIT",
    "MIT-0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "CC0-1.0",
    "MPL-2.0",
    "CDLA-Permissive-2.0",
];

pub fn check(root: &Path) -> Result<Vec<Breach>> {
    let metadata = metadata(root)?;
    let graph = Graph::of(&metadata);
    let mut breaches = Vec::new();
    for room in &graph.rooms {
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| name == room) else {
            breaches.push(Breach::new(room, "not in the table of rooms: add it to xtask/src/tidy/direction.rs"));
            continue;
        };
        for used in graph.direct(room).filter(|used| graph.rooms.contains(*used)) {
            if !allowed.contains(&used) {
                breaches.push(Breach::new(room, format!("must not know `{used}`")));
            }
        }
    }
    for (room, forbidden) in MUST_NOT_REACH {
        let reached = graph.reach(room);
        for name in forbidden.iter().filter(|name| reached.contains(**name)) {
            breaches.push(Breach::new(room, format!("reaches `{name}`: `cargo tree -p {room} -i {name}` shows how")));
        }
    }
    breaches.extend(licences(&metadata));
    Ok(breaches)
}

fn metadata(root: &Path) -> Result<Value> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .context("tidy asks cargo for the graph of crates")?;
    ensure!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn licences(metadata: &Value) -> Vec<Breach> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut breaches = Vec::new();
    for package in packages.iter().filter(|p| !p["source"].is_null()) {
        let licence = package["license"].as_str().unwrap_or("");
        if !acceptable(licence) {
            let name = package["name"].as_str().unwrap_or("?");
            breaches.push(Breach::new(name, format!("licence `{licence}` is not on the list of LICENCES")));
        }
    }
    breaches
}

/// Every part joined by AND must offer, among its ORs, a licence of the list.
fn acceptable(expression: &str) -> bool {
    let flat = expression.replace(['(', ')'], "").replace('/', " OR ");
    flat.split(" AND ").all(|part| part.split(" OR ").any(|one| LICENCES.contains(&one.trim())))
}

struct Graph {
    rooms: BTreeSet<String>,
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// Normal and build dependencies by package name; tests may use what they like.
    fn of(metadata: &Value) -> Self {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
        let names: BTreeMap<String, String> = list(&metadata["packages"])
            .iter()
            .map(|p| (p["id"].as_str().unwrap_or_default().to_owned(), name(p)))
            .collect();
        let members: BTreeSet<String> =
            list(&metadata["workspace_members"]).iter().filter_map(|id| names.get(id.as_str()?).cloned()).collect();
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for node in list(&metadata["resolve"]["nodes"]) {
            let Some(user) = node["id"].as_str().and_then(|id| names.get(id)) else { continue };
            for dep in list(&node["deps"]) {
                let kept = list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev");
                if let Some(used) = dep["pkg"].as_str().and_then(|id| names.get(id)).filter(|_| kept) {
                    uses.entry(user.clone()).or_default().insert(used.clone());
                }
            }
        }
        Self { rooms: members, uses }
    }

    fn direct(&self, room: &str) -> impl Iterator<Item = &str> {
        self.uses.get(room).into_iter().flatten().map(String::as_str)
    }

    fn reach(&self, room: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&str> = self.direct(room).collect();
        while let Some(name) = next.pop() {
            if seen.insert(name) {
                next.extend(self.direct(name));
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::acceptable;

    #[test]
    fn one_of_the_licences_offered_suffices_and_each_of_those_joined_is_needed() {
        assert!(acceptable("MIT OR Apache-2.0"));
        assert!(acceptable("MIT/Apache-2.0"));
        assert!(acceptable("(MIT OR GPL-3.0) AND Unicode-3.0"));
        assert!(!acceptable("MIT AND GPL-3.0"));
        assert!(!acceptable("GPL-3.0-only"));
        assert!(!acceptable(""));
    }
}
