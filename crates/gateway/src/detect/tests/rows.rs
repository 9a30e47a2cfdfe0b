//! How long a row of texts takes: its length counts, not how many texts and finds are in it.

use std::time::{Duration, Instant};

use bytes::Bytes;
use wire::openai::{Endpoint, Request};

use crate::detect::{Detectors, Scan};

/// A body of so many bytes whose prompts are these texts, over and over.
fn prompts(bytes: usize, texts: &[&str]) -> Request {
    let one: String = texts.iter().map(|text| format!("\"{text}\",")).collect();
    let all = one.repeat(bytes.div_ceil(one.len()));
    let body = format!("{{\"model\":\"m\",\"prompt\":[{}]}}", all.trim_end_matches(','));
    Request::parse(Endpoint::Completions, Bytes::from(body)).unwrap()
}

#[test]
fn ten_mebibytes_of_any_row_take_seconds() {
    let long = format!("{} 4111 1111", "a@bc.de ".repeat(1_000));
    let phones = "+49 30 1234567 ".repeat(200);
    let shapes: [&[&str]; 10] = [
        &["a@", "bc.de"],
        &["a@bc.de", "x@yz.fr"],
        &["a", "@", "b", ".", "de"],
        &["@"],
        &["DE89 3704 0044", "0532 0130 00"],
        &["4111 1111", "1111 1111"],
        &["+49 30", "1234567", "tel"],
        &["4", "1"],
        &[&long, "1111 1111"],
        &[&phones, "a@", "bc.de"],
    ];
    for texts in shapes {
        let request = prompts(10 << 20, texts);
        let started = Instant::now();
        let _ = Scan::of(&Detectors::standard(), &request);
        let took = started.elapsed();
        // Quadratic work takes most of an hour.
        assert!(took < Duration::from_secs(30), "{took:?} for {:.60}", texts[0]);
    }
}

#[test]
fn values_over_many_texts_are_found_in_each_of_them() {
    let request = prompts(3_000, &["a@", "bc.de", "so"]);
    let scan = Scan::of(&Detectors::standard(), &request);
    let mut last = 0;
    for hit in scan.hits() {
        assert!(last <= hit.range.start, "sorted, without overlaps");
        last = hit.range.end;
    }
    let count = |said: &str| scan.hits().iter().filter(|hit| &request.text()[hit.range.clone()] == said).count();
    // Read as one, every second name begins within the domain before it.
    let rows = request.places().len() / 3;
    assert_eq!((count("a@") + count("a"), count("bc.de"), count("so") <= rows), (rows, rows, true));
}
