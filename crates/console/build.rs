//! Embeds the scripts that `scripts/web` bundled into the folder named by `FREEHOLD_CONSOLE_WEB`. Without it, or with
//! `none`, the console has no scripts, and everything works.
#![expect(clippy::expect_used, reason = "a build that cannot go on stops with its reason")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The bundles, each with its two compressed forms beside it.
const BUNDLES: [&str; 2] = ["console", "chart"];

fn main() {
    println!("cargo:rerun-if-env-changed=FREEHOLD_CONSOLE_WEB");
    let folder = env::var_os("FREEHOLD_CONSOLE_WEB").filter(|folder| !folder.is_empty() && folder != "none");
    let text = match folder.map(PathBuf::from) {
        Some(folder) => BUNDLES.map(|name| embedded(&folder, name)).concat(),
        None => String::new(),
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names OUT_DIR"));
    let list = format!("/// The scripts that were bundled for this build.\nstatic BUNDLES: &[Bundle] = &[\n{text}];\n");
    fs::write(out.join("bundles.rs"), list).expect("OUT_DIR can be written");
}

fn embedded(folder: &Path, name: &str) -> String {
    let mut fields = String::new();
    for (field, ending) in [("body", "js"), ("gzip", "js.gz"), ("brotli", "js.br")] {
        let path = folder.join(format!("{name}.{ending}"));
        println!("cargo:rerun-if-changed={}", path.display());
        assert!(
            path.is_file(),
            "{} is not there: run `scripts/web FOLDER`, or unset FREEHOLD_CONSOLE_WEB for a console without scripts",
            path.display(),
        );
        write!(fields, "{field}: include_bytes!({:?}), ", path.display().to_string()).expect("a string takes it");
    }
    format!("    Bundle {{ name: {name:?}, {fields}}},\n")
}
