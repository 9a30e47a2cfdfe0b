//! The gateway beside nginx: CPU per request, latency of one connection, memory.

mod flat;
mod latency;
pub(super) mod setup;
mod streams;
mod tensorzero;

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use super::process::{self, cpu_s, rss_peak_mb};
use super::spread::{Figures, verdict};
use setup::{Bench, Target};

/// Interleaved pairs at each number of connections.
const PAIRS: usize = 9;
const SECONDS: u32 = 3;
/// With everything of the gateway on.
const CPU_RATIO_MAX: f64 = 2.5;
const RSS_MB_MAX: f64 = 60.0;

pub fn run(root: &Path) -> Result<ExitCode> {
    if !process::has("nginx") || !process::has("wrk") {
        bail!("this bench needs nginx and wrk: apt-get install nginx-light wrk");
    }
    let bench = Bench::start(root)?;
    println!("gateway: {}", process::machine());
    let other =
        bench.tensorzero().map_or("TensorZero is not installed".to_owned(), |version| format!("TensorZero {version}"));
    println!("{}; {other}; freehold of this tree\n", process::version("nginx", "-v"));
    println!("| connections | nginx µs | freehold µs | ratio, median (least–most) of {PAIRS} | bound | |");
    println!("|---|---|---|---|---|---|");
    let mut holds = true;
    for connections in [32, 512] {
        holds &= row(&bench, connections)?;
    }
    let rss = rss_peak_mb(bench.pid(Target::Freehold))?;
    holds &= rss <= RSS_MB_MAX;
    println!("\nRSS at its peak, with 512 connections: {rss:.1} MB (≤ {RSS_MB_MAX}): {}", said(rss <= RSS_MB_MAX));
    let (within, sync_us) = latency::compare(&bench)?;
    holds &= within;
    holds &= streams::compare(root, &bench, sync_us)?;
    holds &= flat::check(&bench)?;
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// CPU per request at a number of connections, in turns.
fn row(bench: &Bench, connections: u32) -> Result<bool> {
    let [mut peer, mut own, mut ratios, mut other] = std::array::from_fn(|_| Figures::default());
    for _ in 0..PAIRS {
        let nginx_us = cpu_us_per_request(bench, Target::Nginx, connections)?;
        let freehold_us = cpu_us_per_request(bench, Target::Freehold, connections)?;
        peer.push(nginx_us);
        own.push(freehold_us);
        ratios.push(freehold_us / nginx_us);
        if bench.tensorzero().is_some() {
            other.push(cpu_us_per_request(bench, Target::TensorZero, connections)?);
        }
    }
    let verdict = verdict(&ratios, CPU_RATIO_MAX);
    println!("| {connections} | {peer} | {own} | {ratios} | ≤ {CPU_RATIO_MAX} | {verdict} |");
    if bench.tensorzero().is_some() {
        println!("| {connections} | | TensorZero: {other} | | | |");
    }
    Ok(verdict != "FAILS")
}

pub(super) fn said(holds: bool) -> &'static str {
    if holds { "holds" } else { "FAILS" }
}

/// One run of `wrk`: the server's CPU time over the requests it answered.
fn cpu_us_per_request(bench: &Bench, target: Target, connections: u32) -> Result<f64> {
    let run = Driven { pid: bench.pid(target), url: &bench.url(target), script: &bench.script_for(target) };
    let (spent, requests) = run.for_seconds(connections, SECONDS)?;
    Ok(spent * 1e6 / requests)
}

/// A server to be driven by `wrk`.
pub(super) struct Driven<'a> {
    pub(super) pid: u32,
    pub(super) url: &'a str,
    pub(super) script: &'a Path,
}

impl Driven<'_> {
    /// CPU seconds that it spent, and requests that it answered.
    pub(super) fn for_seconds(&self, connections: u32, seconds: u32) -> Result<(f64, f64)> {
        let before = cpu_s(self.pid)?;
        let output = Command::new("wrk")
            .args(["-t1", &format!("-c{connections}"), &format!("-d{seconds}s"), "-s"])
            .arg(self.script)
            .arg(self.url)
            .output()
            .context("cannot run wrk")?;
        let spent = cpu_s(self.pid)? - before;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if text.contains("Non-2xx") || text.contains("Socket errors") {
            bail!("{} did not answer well:\n{text}", self.url);
        }
        let line = text.lines().find(|line| line.contains("requests in")).context("wrk said nothing")?;
        let requests: f64 = line.split_whitespace().next().context("wrk said nothing")?.parse()?;
        Ok((spent, requests))
    }
}
