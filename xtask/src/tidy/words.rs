//! Words that do not belong in the tree.

use super::Breach;
use super::tree::{File, Tree};

/// A word, where it is looked for, and what to do instead. The halves are joined at run time so that this file
/// does not hold the words it looks for.
const BANNED: [(&str, &str, &str, &str); 15] = [
    (".rs", "to", "do!(", "finish it, or leave it out"),
    (".rs", "unimple", "mented!(", "finish it, or leave it out"),
    (".rs", "#[ign", "ore", "give it a name of its own command, or delete it"),
    ("", "FIX", "ME", "fix it, or open an issue"),
    ("", "XX", "X:", "fix it, or open an issue"),
    ("", "TO", "DO:", "do it, or open an issue"),
    ("", "in a real ", "system", "build the real system"),
    ("", "/ro", "ot/", "a path of somebody's machine"),
    ("", "/wo", "rk/", "a path of somebody's machine"),
    ("", "static.crates", ".io", "the host of a registry"),
    ("", "registry.npm", "js.org", "the host of a registry"),
    ("", "files.python", "hosted.org", "the host of a registry"),
    ("", "deb.deb", "ian.org", "the host of a registry"),
    (".rs", "danger_accept_", "invalid_certs", "verification is never switched off"),
    (".rs", "unbounded_", "channel", "every queue has a stated bound"),
];

/// Files that hold unsafe code, each with its argument inside.
const UNSAFE: [&str; 3] =
    ["crates/cli/src/allocator.rs", "crates/engine/src/child/sys.rs", "crates/plan/src/solve/highs.rs"];

pub fn check(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in &tree.files {
        breaches.extend(banned(file));
    }
    for file in tree.rust() {
        breaches.extend(globs(file));
        breaches.extend(unsafe_code(file));
    }
    breaches
}

fn banned(file: &File) -> Vec<Breach> {
    let mut breaches = Vec::new();
    if file.path.ends_with(".lock") || file.path.ends_with("package-lock.json") {
        return breaches;
    }
    for (ending, left, right, remedy) in BANNED {
        if !file.path.ends_with(ending) {
            continue;
        }
        let word = format!("{left}{right}");
        for (number, _) in file.text.lines().enumerate().filter(|(_, line)| line.contains(&word)) {
            breaches.push(Breach::new(format!("{}:{}", file.path, number + 1), format!("`{word}`: {remedy}")));
        }
    }
    breaches
}

/// `use x::*` hides what a file depends on; a test module may take its parent's names.
fn globs(file: &File) -> Vec<Breach> {
    let is_glob = |line: &str| {
        let line = line.trim_start().trim_start_matches("pub ");
        let allowed = line.contains("prelude::*") || line == "use super::*;";
        line.starts_with("use ") && line.contains("::*") && !allowed
    };
    file.text
        .lines()
        .enumerate()
        .filter(|(_, line)| is_glob(line))
        .map(|(number, _)| Breach::new(format!("{}:{}", file.path, number + 1), "`use …::*`: name what is used"))
        .collect()
}

fn unsafe_code(file: &File) -> Vec<Breach> {
    let word = format!("{}{}", "uns", "afe ");
    let holds = file.text.lines().any(|line| {
        let code = line.split("//").next().unwrap_or_default();
        code.contains(&format!("{word}{{"))
            || code.contains(&format!("{word}fn"))
            || code.contains(&format!("{word}impl"))
    });
    if holds && !UNSAFE.contains(&file.path.as_str()) && !file.path.starts_with("xtask/") {
        return vec![Breach::new(&file.path, "unsafe code: only the listed files hold it, each block argued")];
    }
    Vec::new()
}
