//! What this process used, as the kernel says.

use crate::Failed;

/// CPU time of all threads so far, in milliseconds. Threads that ended are not in it: none does while a page is made.
pub fn ms() -> Result<f64, Failed> {
    let mut sum_ns = 0u64;
    for thread in std::fs::read_dir("/proc/self/task")? {
        let text = std::fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        sum_ns += text.split_whitespace().next().and_then(|ns| ns.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(sum_ns as f64 / 1e6)
}

/// Resident memory, in MB.
pub fn resident_mb() -> Result<f64, Failed> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("the kernel does not say")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
}
