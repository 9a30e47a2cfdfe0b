//! The plain way to the same sums: every entry read as JSON and added up.

use std::collections::BTreeMap;

use ledger::EntryIndex;
use serde_json::Value;

use crate::Failed;
use crate::pages::Site;

/// Requests, refusals and tokens of an app.
type Sums = BTreeMap<String, (u64, u64, u64)>;

/// Compares the year's usage page, organisation by organisation, with a recount.
pub async fn compare(site: &Site, cookie: &str) -> Result<(), Failed> {
    let log = site.log.clone();
    let plain = tokio::task::spawn_blocking(move || recount(&log)).await??;
    let mut told = Sums::new();
    for organisation in ["house-0", "house-1", "house-2"] {
        let path = format!("/console/usage.json?by=app&from=2025-01-01&organisation={organisation}");
        let page: Value = serde_json::from_str(&site.get(&path, cookie).await?)?;
        for row in page["usage"].as_array().ok_or("no rows")? {
            let number = |name: &str| row[name].as_u64().unwrap_or(0);
            let tokens = number("tokens_in") + number("tokens_out");
            let app = row["app"].as_str().unwrap_or_default().to_owned();
            told.insert(app, (number("requests"), number("refused"), tokens));
        }
    }
    let requests: u64 = plain.values().map(|sums| sums.0 + sums.1).sum();
    if plain == told {
        println!("\nThe usage pages say what a recount of {requests} requests says, app by app.");
        return Ok(());
    }
    Err(format!("the pages say {told:?}, a recount says {plain:?}").into())
}

fn recount(log: &ledger::Log) -> Result<Sums, Failed> {
    let mut sums = Sums::new();
    for found in log.scan(EntryIndex(0)) {
        let (_, entry) = found?;
        let Ok(record) = serde_json::from_slice::<Value>(&entry) else { continue };
        let sum = match record["t"].as_str() {
            Some("outcome" | "refusal") => {
                sums.entry(record["app"].as_str().unwrap_or_default().to_owned()).or_default()
            }
            _ => continue,
        };
        if record["t"] == "refusal" {
            sum.1 += 1;
        } else {
            sum.0 += 1;
            let token = |name: &str| record["tokens"][name].as_u64().unwrap_or(0);
            sum.2 += token("in") + token("out");
        }
    }
    Ok(sums)
}
