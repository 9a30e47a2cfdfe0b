//! Processes under measurement, by what the kernel says of them.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// A child that is killed when dropped.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a program that says nothing.
pub fn start(command: &mut Command) -> Result<Running> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    Ok(Running(child.with_context(|| format!("cannot start {command:?}"))?))
}

/// CPU seconds (user and system) of a process and all its children, so far.
pub fn cpu_s(pid: u32) -> Result<f64> {
    let mut ticks = own_ticks(pid)?;
    for entry in std::fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(other) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        if parent(other) == Some(pid) {
            // A child may end while it is looked at.
            ticks += own_ticks(other).unwrap_or(0);
        }
    }
    // The kernel's USER_HZ is 100 on every architecture that Debian has.
    Ok(ticks as f64 / 100.0)
}

fn stat(pid: u32) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid}"))?;
    let after_name = text.rsplit_once(')').map(|(_, rest)| rest).unwrap_or(&text);
    Ok(after_name.split_whitespace().map(str::to_owned).collect())
}

fn own_ticks(pid: u32) -> Result<u64> {
    let fields = stat(pid)?;
    // utime and stime are fields 14 and 15 of proc(5); the list begins with field 3.
    Ok(fields[11].parse::<u64>()? + fields[12].parse::<u64>()?)
}

fn parent(pid: u32) -> Option<u32> {
    stat(pid).ok()?.get(1)?.parse().ok()
}

/// The most resident memory that the process ever had, in MB.
pub fn rss_peak_mb(pid: u32) -> Result<f64> {
    memory_mb(pid, "VmHWM:")
}

/// The resident memory of the process now, in MB.
pub fn rss_mb(pid: u32) -> Result<f64> {
    memory_mb(pid, "VmRSS:")
}

fn memory_mb(pid: u32, what: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(what)).context("the kernel does not say")?;
    let kb: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kb / 1024.0)
}

/// The machine, for the head of a table.
pub fn machine() -> String {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name\t: ")).unwrap_or("unknown processor");
    let cores = cpuinfo.lines().filter(|line| line.starts_with("processor")).count();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("?").to_owned();
    format!("{cores} × {model}, load {load} at the start")
}

/// The first line that a program prints for its version.
pub fn version(program: &str, flag: &str) -> String {
    let output = Command::new(program).arg(flag).output();
    let text = output.map(|o| [o.stdout, o.stderr].concat()).unwrap_or_default();
    String::from_utf8_lossy(&text).lines().next().unwrap_or("unknown").to_owned()
}

/// Whether a program is there.
pub fn has(program: &str) -> bool {
    ["/usr/bin", "/usr/sbin", "/usr/local/bin"].iter().any(|dir| Path::new(dir).join(program).exists())
}
