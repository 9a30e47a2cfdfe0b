//! Reads texts, a line each, as JSON strings, and writes what detectors find in each: `cargo xtask bench detect` asks it.
//! With `--time FILE`, it says instead how long the whole file takes, scanned as one text.

use std::io::{BufRead, Write};

use gateway::detect::{Detectors, Span};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let detectors = Detectors::standard();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, file] = arguments.as_slice()
        && flag == "--time"
    {
        return time(&detectors, &std::fs::read_to_string(file)?);
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let text: String = serde_json::from_str(&line?)?;
        let spans: Vec<Value> = detectors.find(&text).iter().map(|span| said(&text, span)).collect();
        writeln!(out, "{}", json!(spans))?;
    }
    Ok(())
}

fn said(text: &str, span: &Span) -> Value {
    json!({ "kind": span.kind.as_str(), "class": span.class.as_str(), "text": &text[span.range.clone()] })
}

/// The fastest of a few runs, which other work on the machine disturbs least.
fn time(detectors: &Detectors, text: &str) -> Result<(), Box<dyn std::error::Error>> {
    let (mut best, mut found) = (u128::MAX, 0);
    for _ in 0..7 {
        let start = std::time::Instant::now();
        found = detectors.find(text).len();
        best = best.min(start.elapsed().as_micros());
    }
    println!("{}", json!({ "us": u64::try_from(best)?, "bytes": text.len(), "found": found }));
    Ok(())
}
