use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use realm::load::{Diagnostic, Lang, MESSAGES, NoPacks, Severity, load, render, to_json};

use crate::support::{RepositoryPacks, today};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken")
}

fn cases() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir());
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn problems(case: &str) -> Vec<Diagnostic> {
    match load(&folder().join(case), &RepositoryPacks, today()) {
        Err(problems) => problems,
        Ok(loaded) => loaded.warnings,
    }
}

/// Every case beside its golden text. `UPDATE_GOLDEN=1` writes the texts anew; look at the difference.
#[test]
fn broken_realms_read_as_they_should() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let page = render(&problems(&case), Lang::En, false);
        let golden = folder().join(format!("{case}.txt"));
        if update {
            fs::write(&golden, &page).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != page {
            wrong.push(format!("{case} now reads:\n{page}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Nothing is said without its place and what was expected there, in either language.
#[test]
fn every_problem_names_file_line_and_expectation() {
    let cases = cases();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    for case in cases {
        let problems = problems(&case);
        assert!(!problems.is_empty(), "{case} is not broken");
        for problem in &problems {
            let code = problem.code;
            for lang in [Lang::En, Lang::Ru] {
                let text = problem.text(lang);
                assert_ne!(text.message, code, "{case}: no message");
                let expected = text.expected.unwrap_or_else(|| panic!("{case}: {code} expects nothing"));
                let all = format!("{} {expected} {}", text.message, text.help.unwrap_or_default());
                assert!(!all.contains("{$") && !all.contains("{ $"), "{case}: {code} is not filled in: {all}");
            }
            if !matches!(code, "realm.no_realm_file" | "realm.no_head" | "realm.no_pack_file") {
                assert!(problem.line > 0 && problem.column > 0, "{case}: {code} has no place");
            }
            assert_eq!(problem.file.as_os_str().is_empty(), code == "realm.no_realm_file", "{case}: {code}");
        }
    }
}

/// A message that no case brings about is one that nobody has read.
#[test]
fn every_message_has_a_case() {
    // These need a file system that a repository cannot hold; `disk.rs` brings them about.
    let elsewhere = [
        "realm.unreadable",
        "realm.link_outside",
        "realm.not_a_file",
        "realm.lost",
        "realm.too_deep",
        "realm.too_many_files",
        "realm.file_too_large",
    ];
    let mut seen: BTreeSet<String> = elsewhere.map(str::to_owned).into();
    for case in cases() {
        seen.extend(problems(&case).into_iter().map(|problem| problem.code.to_owned()));
    }
    let messages = MESSAGES.en.lines().filter(|line| line.starts_with("realm-"));
    let messages: BTreeSet<_> = messages.map(|line| line.split(' ').next().unwrap().replacen('-', ".", 1)).collect();
    assert_eq!(messages.difference(&seen).collect::<Vec<_>>(), Vec::<&String>::new(), "messages without a case");
    assert_eq!(seen.difference(&messages).collect::<Vec<_>>(), Vec::<&String>::new(), "codes without a message");
}

#[test]
fn secrets_in_a_realm_are_not_repeated() {
    for case in ["credential-in-the-realm", "credential-as-variable", "addresses", "protocol-fields"] {
        let problems = problems(case);
        let page = format!("{}{}", render(&problems, Lang::En, true), to_json(&problems, Lang::Ru));
        assert!(!page.contains("sk-0123456789") && !page.contains("me:secret"), "{case}: {page}");
    }
}

#[test]
fn programs_get_the_same_in_json() {
    let json = to_json(&problems("unknown-fields"), Lang::En);
    let first = &json[0];
    assert_eq!(first["code"], "realm.unknown_field");
    assert_eq!(first["severity"], "error");
    assert_eq!((&first["file"], &first["line"], &first["column"]), (&"apps.toml".into(), &6.into(), &1.into()));
    assert_eq!(first["help"], "did you mean `purposes`?");
}

#[test]
fn warnings_do_not_stop_a_realm() {
    for case in ["plain-http", "unreachable", "expired"] {
        let loaded = load(&folder().join(case), &NoPacks, today()).unwrap();
        assert!(
            !loaded.warnings.is_empty() && loaded.warnings.iter().all(|it| it.severity == Severity::Warning),
            "{case}"
        );
    }
}

#[test]
fn russian_reads_as_russian() {
    let page = render(&problems("unresolved"), Lang::Ru, false);
    assert!(page.contains("может быть, `clinic-group`?"), "{page}");
}
