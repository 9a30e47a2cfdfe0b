//! The `freehold` binary: wiring, signals, telemetry.
#![forbid(unsafe_code)]

fn main() -> anyhow::Result<()> {
    Ok(())
}
