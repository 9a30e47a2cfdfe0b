//! Writes a log of N entries of B bytes and verifies it, raw and sealed; prints processor seconds.
//!
//! `cargo run --release -p ledger --example verify_speed -- 1000000 500`

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use ledger::checkpoint::Keys;
use ledger::note::{Algorithm, SecretKey};
use ledger::storage::Disk;
use ledger::{Core, KeySource, Options, Origin, verify};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let count: u64 = arguments.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let bytes: usize = arguments.next().map_or(Ok(500), |text| text.parse())?;
    let data = tempfile::tempdir()?;
    let origin = Origin::new("speed.test/log")?;
    let key = SecretKey::from_seed(origin.as_str(), Algorithm::Ed25519, &[1; 32])?;
    let keys = Keys { logs: vec![key.verifier().clone()], witnesses: Vec::new() };
    let options = Options::new(data.path(), "a", origin);
    let dir = options.dir.clone();
    let clock: ledger::Clock = Arc::new(|| 0);
    let (mut core, _) = Core::open(Arc::new(Disk), options, KeySource::Given(key), clock)?;
    timed("append", count, || write(&mut core, count, bytes))?;
    timed("verify raw", count, || check(&dir, &keys))?;
    timed("seal", count, || {
        while core.seal()? {}
        core.publish()?;
        Ok(())
    })?;
    timed("verify sealed", count, || check(&dir, &keys))
}

/// Entries look like records: a changing head, a constant tail.
fn write(core: &mut Core, count: u64, bytes: usize) -> Result<(), Box<dyn Error>> {
    let tail: String = (0..bytes.saturating_sub(60)).map(|n| char::from(b'a' + (n * 7 % 26) as u8)).collect();
    for start in (0..count).step_by(1000) {
        let batch: Vec<String> = (start..count.min(start + 1000))
            .map(|n| {
                format!(
                    r#"{{"v":1,"t":"outcome","n":{n},"h":"{:016x}","x":"{tail}"}}"#,
                    n.wrapping_mul(0x9e37_79b9_7f4a_7c15)
                )
            })
            .collect();
        let batch: Vec<&[u8]> = batch.iter().map(String::as_bytes).collect();
        core.append(&batch)?;
    }
    core.publish()?;
    Ok(())
}

fn check(dir: &Path, keys: &Keys) -> Result<(), Box<dyn Error>> {
    let options = verify::Options { keys: keys.clone(), ..verify::Options::default() };
    let report = verify::log_dir(dir, &options)?;
    println!("  {} entries, {} files, {} bytes", report.size, report.files, report.bytes);
    Ok(())
}

fn timed(what: &str, count: u64, run: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let (wall, cpu) = (Instant::now(), cpu_s());
    run()?;
    let (wall_s, cpu_s) = (wall.elapsed().as_secs_f64(), cpu_s() - cpu);
    println!("{what}: {cpu_s:.2} CPU s, {wall_s:.2} s, {:.2} us of CPU per entry", cpu_s * 1e6 / count as f64);
    Ok(())
}

/// User and system time of this process so far, from `/proc`, in ticks of 10 ms.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks =
        |n: usize| after_name.split_whitespace().nth(n).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}
