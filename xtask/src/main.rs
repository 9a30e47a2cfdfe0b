//! Chores of the project: `tidy` (the rules of the tree), `bench` and `crash`.
#![forbid(unsafe_code)]

mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

const USAGE: &str = "usage: cargo xtask tidy          the rules of the tree: direction, sizes, words, pages
       cargo xtask tidy --update write the ratchet anew (it may only shrink in review)";

fn main() -> Result<ExitCode> {
    let root = root()?;
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["tidy"] => tidy::run(&root, false),
        ["tidy", "--update"] => tidy::run(&root, true),
        _ => {
            eprintln!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    }
}

/// The project's root: the folder above this crate's.
fn root() -> Result<PathBuf> {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = here.context("run it as `cargo xtask …`")?;
    here.parent().map(PathBuf::from).context("xtask has no parent folder")
}
