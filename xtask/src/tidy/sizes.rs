//! Sizes of files and functions, as ratchets.
//!
//! Hard limits fail. What lies between aim and limit is listed in `xtask/ratchet.toml` with its size today: it may
//! shrink, never grow.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use syn::spanned::Spanned;
use syn::visit::Visit;

use super::Breach;
use super::tree::{File, Tree};

const FILE_AIM: usize = 400;
const FILE_LIMIT: usize = 600;
const FUNCTION_AIM: usize = 40;
const FUNCTION_LIMIT: usize = 70;
const LIB_LIMIT: usize = 80;
const INLINE_TESTS_LIMIT: usize = 150;
const RATCHET: &str = "xtask/ratchet.toml";

/// What is over its aim today.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ratchet {
    /// Files over the aim, with their lines.
    #[serde(default)]
    files: BTreeMap<String, usize>,
    /// How many functions are over the aim, by crate.
    #[serde(default)]
    functions: BTreeMap<String, usize>,
}

struct Measured {
    ratchet: Ratchet,
    breaches: Vec<Breach>,
}

pub fn check(root: &Path, tree: &Tree) -> Result<Vec<Breach>> {
    let text = std::fs::read_to_string(root.join(RATCHET)).context(RATCHET)?;
    let listed: Ratchet = toml::from_str(&text).context(RATCHET)?;
    let Measured { ratchet: found, mut breaches } = measure(tree);
    for (path, lines) in &found.files {
        match listed.files.get(path) {
            None => breaches.push(Breach::new(path, format!("{lines} lines: split it (aim {FILE_AIM})"))),
            Some(most) if lines > most => {
                breaches.push(Breach::new(path, format!("grew from {most} to {lines} lines: it may only shrink")));
            }
            Some(_) => {}
        }
    }
    for (room, count) in &found.functions {
        let most = listed.functions.get(room).copied().unwrap_or(0);
        if *count > most {
            let what = format!("{count} functions over {FUNCTION_AIM} lines, {most} allowed: it may only shrink");
            breaches.push(Breach::new(room, what));
        }
    }
    let gone = listed.files.keys().filter(|path| !found.files.contains_key(*path));
    breaches.extend(gone.map(|path| Breach::new(RATCHET, format!("`{path}` is within its aim: run tidy --update"))));
    Ok(breaches)
}

/// Writes the ratchet as the tree stands.
pub fn write_ratchet(root: &Path, tree: &Tree) -> Result<()> {
    let head = "# What is over its aim today (files: 400 lines, functions: 40). It may only shrink.\n";
    let body = toml::to_string(&measure(tree).ratchet)?;
    std::fs::write(root.join(RATCHET), format!("{head}{body}")).context(RATCHET)
}

fn measure(tree: &Tree) -> Measured {
    let mut measured = Measured { ratchet: Ratchet::default(), breaches: Vec::new() };
    for file in tree.rust() {
        measured.file(file);
    }
    measured
}

impl Measured {
    fn file(&mut self, file: &File) {
        let lines = file.text.lines().count();
        let room = file.path.split('/').take(2).collect::<Vec<_>>().join("/");
        if lines > FILE_LIMIT {
            self.breaches.push(Breach::new(&file.path, format!("{lines} lines: split it (limit {FILE_LIMIT})")));
        } else if lines > FILE_AIM {
            self.ratchet.files.insert(file.path.clone(), lines);
        }
        if file.path.ends_with("src/lib.rs") && lines > LIB_LIMIT {
            let what = format!("{lines} lines: lib.rs holds docs, mod and pub use only (limit {LIB_LIMIT})");
            self.breaches.push(Breach::new(&file.path, what));
        }
        let parsed = match syn::parse_file(&file.text) {
            Ok(parsed) => parsed,
            Err(error) => return self.breaches.push(Breach::new(&file.path, format!("does not parse: {error}"))),
        };
        let mut functions = Functions::default();
        functions.visit_file(&parsed);
        for (name, line, length) in functions.found {
            if length > FUNCTION_LIMIT {
                let place = format!("{}:{line}", file.path);
                self.breaches.push(Breach::new(place, format!("`{name}` has {length} lines (limit {FUNCTION_LIMIT})")));
            } else if length > FUNCTION_AIM {
                *self.ratchet.functions.entry(room.clone()).or_default() += 1;
            }
        }
        if functions.inline_tests > INLINE_TESTS_LIMIT {
            let what = format!("{} lines of inline tests: move them to a file beside it", functions.inline_tests);
            self.breaches.push(Breach::new(&file.path, what));
        }
    }
}

#[derive(Default)]
struct Functions {
    found: Vec<(String, usize, usize)>,
    inline_tests: usize,
}

impl Functions {
    fn note(&mut self, name: &syn::Ident, block: &syn::Block) {
        let (first, last) = (name.span().start().line, block.span().end().line);
        self.found.push((name.to_string(), first, last - first + 1));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.note(&item.sig.ident, &item.block);
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.note(&item.sig.ident, &item.block);
        syn::visit::visit_impl_item_fn(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let is_test = item.ident == "tests" && item.content.is_some();
        if is_test {
            self.inline_tests += item.span().end().line - item.span().start().line;
        }
        syn::visit::visit_item_mod(self, item);
    }
}
