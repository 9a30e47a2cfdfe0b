//! A child's stderr into our log, with bounds: on the length of a line and on lines per second.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::Instant;

const LINE_BYTES_MAX: usize = 2048;
const LINES_PER_SECOND: u32 = 50;

/// Rust's own words after a failed allocation or a panic, which would hide the line that says so.
const EPILOGUE: [&str; 2] = ["skipping backtrace printing", "note: run with `RUST_BACKTRACE"];

/// Lines let through in the present second.
#[derive(Debug)]
struct Rate {
    since: Instant,
    passed: u32,
    dropped: u64,
}

impl Rate {
    /// Whether a line may pass; and how many were dropped in the second before, when one ends.
    fn pass(&mut self, now: Instant) -> (bool, u64) {
        let mut report = 0;
        if now.duration_since(self.since) >= Duration::from_secs(1) {
            report = std::mem::take(&mut self.dropped);
            self.since = now;
            self.passed = 0;
        }
        if self.passed < LINES_PER_SECOND {
            self.passed += 1;
            return (true, report);
        }
        self.dropped += 1;
        (false, report)
    }
}

/// Logs `input` until it ends; returns its last line that says something.
pub(super) async fn forward(mut input: impl AsyncRead + Unpin, pid: u32) -> String {
    let mut rate = Rate { since: Instant::now(), passed: 0, dropped: 0 };
    let mut last = String::new();
    let mut line = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let n = match input.read(&mut chunk).await {
            Ok(0) | Err(_) => break,
            Ok(n) => n,
        };
        for &byte in &chunk[..n] {
            if byte == b'\n' {
                emit(&line, pid, &mut rate, &mut last);
                line.clear();
            } else if line.len() < LINE_BYTES_MAX {
                line.push(byte);
            }
        }
    }
    emit(&line, pid, &mut rate, &mut last);
    last
}

fn emit(line: &[u8], pid: u32, rate: &mut Rate, last: &mut String) {
    let text = String::from_utf8_lossy(line);
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    if !EPILOGUE.iter().any(|words| text.starts_with(words)) {
        *last = text.to_string();
    }
    let (pass, dropped) = rate.pass(Instant::now());
    if dropped > 0 {
        tracing::warn!(target: "engine", pid, dropped, "engine log lines dropped");
    }
    if !pass {
        return;
    }
    if text.contains("ERROR") || text.contains("error") || text.contains("ASSERT") {
        tracing::warn!(target: "engine", pid, "{text}");
    } else {
        tracing::debug!(target: "engine", pid, "{text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn keeps_the_last_words_and_cuts_long_lines() {
        let input = format!("first\n{}\nGGML_ASSERT(x) failed\n\n", "y".repeat(100_000));
        assert_eq!(forward(input.as_bytes(), 1).await, "GGML_ASSERT(x) failed");
        let long = "y".repeat(100_000);
        assert_eq!(forward(long.as_bytes(), 1).await.len(), LINE_BYTES_MAX);
    }

    #[test]
    fn drops_and_counts_above_the_rate() {
        let start = Instant::now();
        let mut rate = Rate { since: start, passed: 0, dropped: 0 };
        let passed = (0..200).filter(|_| rate.pass(start).0).count();
        assert_eq!(passed, 50);
        assert_eq!(rate.pass(start + Duration::from_secs(1)), (true, 150));
    }
}
