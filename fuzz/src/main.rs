//! One fuzzing binary; `FUZZ_TARGET` names what it tries. Every target is a property, not only the absence of panics.
#![no_main]

mod bytes;
mod streams;
mod texts;

use std::sync::OnceLock;

type Target = fn(&[u8]);

/// Every target, by name: `cargo xtask fuzz` runs each.
const TARGETS: &[(&str, Target)] = &[
    ("sse", streams::sse),
    ("streams", streams::translated),
    ("events-for-anthropic", streams::for_anthropic),
    ("events-for-responses", streams::for_responses),
    ("answers", texts::answers),
    ("requests", texts::requests),
    ("redaction", texts::redaction),
    ("realm", texts::realm),
    ("rules", texts::rules),
    ("passports", texts::passports),
    ("records", bytes::records),
    ("ledger", bytes::ledger),
    ("gguf", bytes::gguf),
];

fn target() -> Target {
    static CHOSEN: OnceLock<Target> = OnceLock::new();
    *CHOSEN.get_or_init(|| {
        let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
        let found = TARGETS.iter().find(|(known, _)| *known == name);
        let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
        found.unwrap_or_else(|| panic!("FUZZ_TARGET must be one of {}", names.join(", "))).1
    })
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| target()(data));
