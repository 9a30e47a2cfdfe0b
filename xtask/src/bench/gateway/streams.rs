//! Many slow streams at once: what the gateway adds to the first word.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::super::process::{Running, start};
use super::super::spread::Figures;
use super::said;
use super::setup::{Bench, STREAMS_PORT, wait_for};

const STREAMS: &str = "512";
const SECONDS: &str = "5";
const ROUNDS: usize = 9;
const ALLOWED_US: f64 = 500.0;

/// Prints what is added to the first word, and whether its median is within two syncs and half a millisecond.
pub fn compare(root: &Path, bench: &Bench, sync_us: f64) -> Result<bool> {
    let cargo = ["build", "--release", "--locked", "-p", "testkit", "--example", "streams"];
    ensure!(Command::new("cargo").args(cargo).current_dir(root).status()?.success(), "the streams cannot be built");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let program = target.join("release/examples/streams");
    let _model: Running = start(Command::new(&program).args(["serve", &STREAMS_PORT.to_string()]))?;
    wait_for(STREAMS_PORT)?;
    let (mut added_p50, mut added_p99) = (Figures::default(), Figures::default());
    let mut streams = 0;
    for _ in 0..ROUNDS {
        let direct = load(&program, &format!("127.0.0.1:{STREAMS_PORT}"), "none")?;
        let (address, key) = bench.slow();
        let through = load(&program, address, key)?;
        added_p50.push(through.p50_us - direct.p50_us);
        added_p99.push(through.p99_us - direct.p99_us);
        streams += through.streams;
    }
    let bound = 2.0 * sync_us + ALLOWED_US;
    let holds = added_p50.median() <= bound;
    println!(
        "\n{STREAMS} streams at 20 ms a word, {streams} of them: added to the first word, p50 {added_p50} µs, p99 {added_p99} µs; bound of p50: 2 × fdatasync + 500 = {bound:.0} µs: {}",
        said(holds)
    );
    Ok(holds)
}

struct Load {
    streams: u64,
    p50_us: f64,
    p99_us: f64,
}

fn load(program: &Path, address: &str, key: &str) -> Result<Load> {
    let output = Command::new(program).args(["load", address, key, STREAMS, SECONDS]).output()?;
    let said: Value = serde_json::from_slice(&output.stdout).context("the clients said nothing")?;
    ensure!(said["broken"] == 0, "streams broke: {said}");
    let number = |name: &str| said[name].as_f64().with_context(|| format!("no {name} in {said}"));
    Ok(Load { streams: said["streams"].as_u64().unwrap_or(0), p50_us: number("p50_us")?, p99_us: number("p99_us")? })
}
