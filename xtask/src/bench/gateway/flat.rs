//! Memory over many requests: it must not grow.

use std::process::Command;

use anyhow::{Context, Result};

use super::super::process::rss_mb;
use super::said;
use super::setup::{Bench, Target};

const REQUESTS: u64 = 300_000;
/// After so many, everything that is kept for good is there.
const WARM_UP: u64 = 30_000;
/// Growth within this is the allocator's.
const GROWTH_MAX: f64 = 1.1;

/// Prints resident memory before and after 300,000 requests, and whether it is flat.
pub fn check(bench: &Bench) -> Result<bool> {
    let pid = bench.pid(Target::Freehold);
    drive(bench, WARM_UP)?;
    let before = rss_mb(pid)?;
    let sent = drive(bench, REQUESTS)?;
    let after = rss_mb(pid)?;
    let holds = after <= before * GROWTH_MAX;
    println!("\nRSS after {WARM_UP} requests {before:.1} MB, after {sent} more {after:.1} MB: {}", said(holds));
    Ok(holds)
}

/// Sends at least so many requests by 32 connections.
fn drive(bench: &Bench, at_least: u64) -> Result<u64> {
    let mut sent = 0;
    while sent < at_least {
        let mut wrk = Command::new("wrk");
        let output =
            wrk.args(["-t1", "-c32", "-d5s", "-s"]).arg(bench.script()).arg(bench.url(Target::Freehold)).output();
        let output = output.context("cannot run wrk")?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().find(|line| line.contains("requests in")).context("wrk said nothing")?;
        sent += line.split_whitespace().next().context("wrk said nothing")?.parse::<u64>()?;
    }
    Ok(sent)
}
