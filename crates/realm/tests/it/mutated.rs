//! Whatever stands in a realm's files, checking it ends in an answer.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use proptest::prelude::{Strategy, any, prop, proptest};
use proptest::test_runner::Config;
use realm::load::{Lang, SourceSet, check, render, to_json};

use crate::support::{root, today};

static REPUBLIC: LazyLock<SourceSet> = LazyLock::new(|| {
    let mut files = SourceSet::default();
    for (from, to) in [("examples/republic", ""), ("examples/republic/policies", "policies"), ("packs", "packs")] {
        for entry in walk(&root().join(from)) {
            let path = PathBuf::from(to).join(entry.strip_prefix(root().join(from)).unwrap());
            files.insert(path, fs::read(entry).unwrap());
        }
    }
    files
});

fn walk(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[derive(Debug, Clone)]
enum Edit {
    Cut { at: usize },
    Remove { at: usize, count: usize },
    Put { at: usize, what: Vec<u8> },
    Copy { at: usize, count: usize, to: usize },
}

fn edits() -> impl Strategy<Value = Vec<(usize, Edit)>> {
    let words = prop::sample::select(vec![
        "[",
        "]",
        "[[",
        "{",
        "}",
        "\"",
        "'",
        "\n",
        "=",
        ",",
        ".",
        "#",
        "0",
        "-1",
        "1e9",
        "true",
        "nan",
        "é",
        "\u{0}",
        "\u{feff}",
        "id = \"x\"\n",
        "[[app]]\n",
        "[realm]\n",
        "[realm.ledger]\n",
        "2026-02-30",
        "\"\"\"",
    ]);
    let put = (any::<usize>(), words).prop_map(|(at, word)| Edit::Put { at, what: word.as_bytes().to_vec() });
    let bytes =
        (any::<usize>(), prop::collection::vec(any::<u8>(), 1..4)).prop_map(|(at, what)| Edit::Put { at, what });
    let cut = any::<usize>().prop_map(|at| Edit::Cut { at });
    let remove = (any::<usize>(), 1..40usize).prop_map(|(at, count)| Edit::Remove { at, count });
    let copy = (any::<usize>(), 1..200usize, any::<usize>()).prop_map(|(at, count, to)| Edit::Copy { at, count, to });
    let edit = prop::strategy::Union::new_weighted(vec![
        (4, put.boxed()),
        (1, bytes.boxed()),
        (1, cut.boxed()),
        (3, remove.boxed()),
        (2, copy.boxed()),
    ]);
    prop::collection::vec((any::<usize>(), edit), 1..5)
}

fn apply(bytes: &mut Vec<u8>, edit: Edit) {
    let place = |at: usize| at % (bytes.len() + 1);
    match edit {
        Edit::Cut { at } => bytes.truncate(place(at)),
        Edit::Remove { at, count } => {
            let from = place(at);
            let to = (from + count).min(bytes.len());
            bytes.drain(from..to);
        }
        Edit::Put { at, what } => {
            let at = place(at);
            bytes.splice(at..at, what);
        }
        Edit::Copy { at, count, to } => {
            let (from, to) = (place(at), place(to));
            let piece = bytes[from..(from + count).min(bytes.len())].to_vec();
            bytes.splice(to..to, piece);
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 150, failure_persistence: None, ..Config::default() })]

    #[test]
    fn checking_never_panics(edits in edits()) {
        let mut files = REPUBLIC.clone();
        for (file, edit) in edits {
            let count = files.files.len();
            if let Some(bytes) = files.files.values_mut().nth(file % count) {
                apply(bytes, edit);
            }
        }
        let problems = match check(&files, today()) {
            Ok(loaded) => loaded.warnings,
            Err(problems) => problems,
        };
        for problem in &problems {
            assert_ne!(problem.text(Lang::En).message, problem.code);
        }
        render(&problems, Lang::Ru, true);
        to_json(&problems, Lang::En);
    }
}

#[test]
fn untouched_it_loads() {
    let loaded = check(&REPUBLIC, today()).unwrap();
    assert!(loaded.warnings.is_empty());
    let read = crate::support::loaded(&root().join("examples/republic"));
    assert_eq!(loaded.snapshot.id, read.snapshot.id, "files as values and files of a directory are the same realm");
}
