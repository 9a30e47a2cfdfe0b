//! Packs opened alone: their texts, their cases, and whether the cases notice a change.

use std::fs;
use std::path::{Path, PathBuf};

use policy::Status;
use policy::pack::{Diff, Folder, Opened, diff, open, test};
use realm::load::{Diagnostic, Lang, Severity, SourceSet};

use crate::world::{BASE, TODAY};

fn shipped() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("the folder is there"));
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().into_string().expect("the folder is there")).collect();
    names.sort();
    names
}

fn read(dir: &Path, id: &str) -> Folder {
    let mut folder = Folder { id: id.to_owned(), ..Folder::default() };
    for name in names(dir) {
        if dir.join(&name).is_dir() {
            for inner in names(&dir.join(&name)) {
                folder.files.insert(
                    format!("{name}/{inner}"),
                    fs::read(dir.join(&name).join(&inner)).expect("the folder is there"),
                );
            }
        } else {
            folder.files.insert(name.clone(), fs::read(dir.join(&name)).expect("the folder is there"));
        }
    }
    folder
}

fn opened(folder: &Folder) -> Opened {
    open(folder, TODAY).unwrap_or_else(|problems| panic!("{}", places(&problems).join("\n")))
}

fn places(problems: &[Diagnostic]) -> Vec<String> {
    let one = |problem: &Diagnostic| format!("{} {} {}", problem.place(), problem.code, problem.message(Lang::En));
    problems.iter().map(one).collect()
}

/// A pack of one rule, with texts and the cases given.
fn law(cases: &str) -> Folder {
    let rule = "@id(\"stays\") @title(\"It stays\") @cite(\"Act 1\") @status(\"in_force\") @from(\"2026-01-01\") @until(\"2026-12-31\") \
                @verified_on(\"2026-11-01\")\nforbid (principal, action == Action::\"infer\", resource)\n\
                when { resource.host != \"XA\" && principal.overseer == \"Ada\" };\n";
    let text = "stays = It stays\n    .plain = It stays here.\n    .remedy = Stay.\n";
    let manifest = "id = \"law\"\ntitle = \"Law\"\nversion = \"1\"\n";
    let files =
        [("pack.toml", manifest), ("rules.cedar", rule), ("en.ftl", text), ("ru.ftl", text), ("cases/all.toml", cases)];
    let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    Folder { id: "law".to_owned(), files: files.into_iter().collect() }
}

fn edited(folder: &Folder, name: &str, from: &str, to: &str) -> Folder {
    let mut folder = folder.clone();
    let text = String::from_utf8(folder.files[name].clone()).expect("the file is text");
    assert!(text.contains(from), "{name} holds `{from}`");
    folder.files.insert(name.to_owned(), text.replace(from, to).into_bytes());
    folder
}

const CASES: &str = r#"
[[case]]
rule = "stays"
name = "abroad, watched by Ada"
deployment = { host = "XC" }
app = { overseer = "Ada" }
on = { 2025-12-31 = "shadow", 2026-01-01 = "fail", 2026-12-31 = "fail", 2027-01-01 = "shadow" }
[[case]]
rule = "stays"
name = "at home"
like = "abroad, watched by Ada"
deployment = { host = "XA" }
expect = "pass"
[[case]]
rule = "stays"
name = "watched by another"
like = "abroad, watched by Ada"
app = { overseer = "Bob" }
expect = "pass"
[[case]]
rule = "stays"
name = "watched by nobody knows whom"
like = "abroad, watched by Ada"
app = { overseer = "" }
expect = "unknown"
"#;

#[test]
fn every_pack_that_ships_is_good() {
    let mut tried = 0;
    for id in names(&shipped()) {
        let opened = opened(&read(&shipped().join(&id), &id));
        assert!(opened.warnings.is_empty(), "{id}: {}", places(&opened.warnings).join("\n"));
        let report = test(&opened, TODAY);
        assert!(report.is_good(), "{}", report.to_text(Lang::En));
        assert!(
            report.rules.iter().all(|rule| rule.mutants >= 4),
            "each rule was changed: {}",
            report.to_text(Lang::En)
        );
        tried += report.rules.len();
        let duties = opened.compiled.duties();
        assert!(!report.rules.is_empty() || !duties.is_empty(), "{id} says something");
        for duty in duties {
            assert!(!duty.evidence.is_empty(), "{id}/{}: something would show it", duty.id);
        }
    }
    assert!(tried > 30, "packs were found");
}

/// A realm may live under all of them: no id stands twice, and the evidence of one is not another's.
#[test]
fn all_packs_that_ship_go_together() {
    let base = include_str!("../../src/pack/base.toml");
    let single = ["realm", "blocs"];
    let mut realm = String::new();
    for line in base.lines() {
        let head = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).filter(|it| !single.contains(it));
        let table = head.map(|it| if ["developer", "operator", "parent"].contains(&it) { "organisation" } else { it });
        realm.push_str(&table.map_or_else(|| line.to_owned(), |table| format!("[[{table}]]")));
        realm.push('\n');
        if line == "[realm]" {
            let ids: Vec<String> = names(&shipped()).iter().map(|id| format!("{id:?}")).collect();
            realm.push_str(&format!("packs = [{}]\n", ids.join(", ")));
        } else if line == "[blocs]" {
            realm.push_str("EEA = [\"XA\"]\nEXPORT-DENIED = [\"XC\"]\n");
        }
    }
    let mut files = SourceSet::default();
    files.insert("realm.toml", realm);
    files.insert("policies/base.cedar", BASE);
    for id in names(&shipped()) {
        for (name, bytes) in read(&shipped().join(&id), &id).files {
            files.insert(format!("packs/{id}/{name}"), bytes);
        }
    }
    let loaded =
        realm::load::check(&files, TODAY).unwrap_or_else(|problems| panic!("{}", places(&problems).join("\n")));
    let kept = |(path, _): &(PathBuf, Vec<u8>)| path.ends_with("en.ftl") || path.ends_with("catalogue.toml");
    assert!(loaded.snapshot.files.iter().any(kept), "what people are told is part of the snapshot");
    assert!(!loaded.snapshot.files.iter().any(|(path, _)| path.iter().any(|name| name == "cases")));
    let compiled = policy::compile(&loaded.snapshot.world);
    let compiled = compiled.unwrap_or_else(|problems| panic!("{}", places(&problems).join("\n")));
    assert!(compiled.warnings().is_empty(), "{}", places(compiled.warnings()).join("\n"));
    assert!(compiled.rules().iter().all(|rule| rule.pack.is_none() || rule.texts.is_some()));
}

/// A rule or duty that binds says when somebody compared it with its text.
#[test]
fn what_binds_was_read() {
    for id in names(&shipped()) {
        let opened = opened(&read(&shipped().join(&id), &id));
        let rules = opened.compiled.rules().iter().filter(|rule| rule.pack.is_some());
        for rule in rules.filter(|rule| rule.status == Status::InForce) {
            assert!(rule.verified_on.is_some() && opened.pack.verified_on.is_some(), "{}", rule.id);
        }
        if opened.compiled.duties().iter().any(|duty| duty.status == Status::InForce) {
            assert!(opened.pack.verified_on.is_some(), "{id}");
        }
    }
}

#[test]
fn the_framework_that_ships_has_eight_objectives_and_scores_by_them() {
    let opened = opened(&read(&shipped().join("cloud-sovereignty"), "cloud-sovereignty"));
    let weights: Vec<String> =
        opened.compiled.frameworks()[0].objectives.iter().map(|it| format!("{} {}", it.id, it.weight)).collect();
    let wanted = ["SOV-1 15", "SOV-2 10", "SOV-3 10", "SOV-4 15", "SOV-5 20", "SOV-6 15", "SOV-7 10", "SOV-8 5"];
    assert_eq!(weights, wanted);
}

#[test]
fn cases_that_show_everything_are_good_and_each_that_is_left_out_is_missed() {
    let report = test(&opened(&law(CASES)), TODAY);
    assert!(report.is_good(), "{}", report.to_text(Lang::En));
    assert_eq!((report.rules[0].tried, report.rules[0].failed.len()), (7, 0));
    let missing = |from: &str, to: &str| {
        let report = test(&opened(&edited(&law(CASES), "cases/all.toml", from, to)), TODAY);
        report.rules[0].missing.iter().map(|it| it.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(missing("2025-12-31 = \"shadow\", ", ""), ["day_before"]);
    assert_eq!(missing("2026-01-01 = \"fail\", ", "2026-05-05 = \"fail\", "), ["first_day"]);
    assert_eq!(missing(", 2026-12-31 = \"fail\", 2027-01-01 = \"shadow\"", ""), ["last_day", "day_after"]);
    let none = test(&opened(&law("")), TODAY);
    assert!(!none.is_good() && none.rules[0].missing.len() == 7, "{}", none.to_text(Lang::En));
}

#[test]
fn a_case_that_expects_something_else_fails_with_what_was_found() {
    let wrong = edited(&law(CASES), "cases/all.toml", "expect = \"unknown\"", "expect = \"pass\"");
    let report = test(&opened(&wrong), TODAY);
    let failed = &report.rules[0].failed[0];
    assert_eq!((failed.expected.as_str(), failed.found.as_str()), ("pass", "unknown"));
    assert_eq!((failed.fact.as_deref(), failed.line), (Some("principal.overseer"), 20));
    assert!(report.to_text(Lang::Ru).contains("principal.overseer"));
    let broken = edited(&law(CASES), "cases/all.toml", "host = \"XA\"", "hst = \"XA\"");
    assert!(!test(&opened(&broken), TODAY).broken.is_empty(), "a world that does not load is said");
    let spare = law(&format!("{CASES}\n[[case]]\nrule = \"goes\"\nname = \"no such rule\"\nexpect = \"pass\"\n"));
    assert_eq!(test(&opened(&spare), TODAY).broken[0].why, "no rule `goes`");
}

#[test]
fn a_change_that_no_case_notices_is_said() {
    // Without the two cases that pass, nobody notices if a condition is left out.
    let weak = CASES.replacen("deployment = { host = \"XA\" }\n", "deployment = { host = \"XC\" }\n", 1);
    let weak = weak.replacen("expect = \"pass\"", "expect = \"fail\"", 1);
    let report = test(&opened(&law(&weak)), TODAY);
    assert!(report.rules[0].failed.is_empty() && !report.is_good());
    assert!(report.rules[0].unnoticed.iter().any(|change| change.contains("true && ")), "{}", report.to_text(Lang::En));
}

#[test]
fn texts_are_complete_in_both_languages_and_of_rules_that_are_there() {
    let problems = |name: &str, from: &str, to: &str| {
        let problems = open(&edited(&law(CASES), name, from, to), TODAY).err().unwrap_or_default();
        problems.iter().map(|it| format!("{}:{} {}", it.file.display(), it.line, it.code)).collect::<Vec<_>>()
    };
    assert_eq!(problems("ru.ftl", "    .remedy = Stay.\n", ""), ["packs/law/rules.cedar:1 policy.text_missing"]);
    assert_eq!(
        problems("en.ftl", "stays = It stays", "stays = It goes"),
        ["packs/law/rules.cedar:1 policy.text_title"]
    );
    let spare = problems("ru.ftl", "stays = ", "stay = ");
    assert_eq!(spare, ["packs/law/ru.ftl:1 policy.text_spare", "packs/law/rules.cedar:1 policy.text_missing"]);
    assert_eq!(problems("en.ftl", ".plain", ".plane")[0], "packs/law/en.ftl:2 policy.text_part");
    assert_eq!(problems("ru.ftl", "Stay.", "Stay { $here }."), ["packs/law/ru.ftl:3 policy.text_variable"]);
    let broken = problems("en.ftl", "    .plain = ", "}plain ");
    assert!(
        broken.iter().any(|it| it.starts_with("packs/law/en.ftl:") && it.ends_with("policy.text_syntax")),
        "{broken:?}"
    );
    let twice = problems("ru.ftl", "    .remedy = Stay.\n", "    .remedy = Stay.\nstays = Again\n");
    assert_eq!(twice[0], "packs/law/ru.ftl:4 policy.text_twice");
    let mut half = law(CASES);
    half.files.remove("ru.ftl");
    assert_eq!(open(&half, TODAY).unwrap_err()[0].code, "policy.no_texts");
}

/// Fluent's parser goes down by the stack: a text of brackets would end the process, and with it the gateway.
#[test]
fn a_text_of_brackets_is_refused_before_anything_goes_down_into_it() {
    let folder = read(&shipped().join("strategic-sectors"), "strategic-sectors");
    let text = String::from_utf8(folder.files["en.ftl"].clone()).unwrap();
    let mut bad = folder.clone();
    bad.files.insert("en.ftl".into(), format!("{text}\nzzz = {}", "{".repeat(200_000)).into_bytes());
    let problems = places(&open(&bad, TODAY).unwrap_err());
    assert!(problems.iter().any(|it| it.contains("text_variable")), "{}", problems.join("\n"));
}

#[test]
fn a_pack_of_the_first_form_has_no_texts_and_may_still_be_used() {
    let mut first = law(CASES);
    first.files.remove("ru.ftl");
    first.files.remove("en.ftl");
    let opened = opened(&first);
    assert_eq!((opened.warnings[0].code, opened.warnings[0].severity), ("policy.no_texts", Severity::Warning));
    assert_eq!(test(&opened, TODAY).rules[0].missing[0].as_str(), "texts");
}

#[test]
fn cases_are_read_with_every_problem_in_its_line() {
    let text = "[[case]]\nrule = \"stays\"\nname = \"a\"\nexpct = \"pass\"\n[[case]]\nrule = 1\nlike = \"b\"\nexpect = \"psas\"\n[[cases]]\n";
    let problems = open(&law(text), TODAY).unwrap_err();
    let found: Vec<String> = problems.iter().map(|it| format!("{} {}", it.line, it.code)).collect();
    for wanted in [
        "4 policy.toml_unknown",
        "1 policy.case_days",
        "6 policy.toml_value",
        "5 policy.toml_missing",
        "7 policy.case_like",
        "8 policy.toml_word",
        "9 policy.toml_unknown",
    ] {
        assert!(found.contains(&wanted.to_owned()), "{wanted} is not among {found:?}");
    }
    for problem in &problems {
        for lang in [Lang::En, Lang::Ru] {
            let text = problem.text(lang);
            assert!(text.message != problem.code && !text.message.contains("{ $"), "{text:?}");
        }
    }
}

#[test]
fn two_versions_differ_in_what_was_changed() {
    let was = law(CASES);
    let mut is = edited(&was, "rules.cedar", "2026-12-31", "2027-12-31");
    is = edited(&is, "rules.cedar", "resource.host != \"XA\"", "resource.host == \"XC\"");
    is = edited(&is, "ru.ftl", "Stay.", "Leave.");
    is = edited(&is, "pack.toml", "\"1\"", "\"2\"");
    let found: Diff = diff(&opened(&was), &opened(&is));
    let changed: Vec<&str> = found.changed[0].1.iter().map(|change| change.what.as_str()).collect();
    assert_eq!((found.is.as_str(), found.changed[0].0.as_str()), ("law 2", "stays"));
    assert_eq!(changed, ["until", "text", "remedy (ru)"]);
    let renamed = edited(
        &edited(&edited(&was, "rules.cedar", "(\"stays\")", "(\"goes\")"), "en.ftl", "stays =", "goes ="),
        "ru.ftl",
        "stays =",
        "goes =",
    );
    let found = diff(&opened(&was), &opened(&renamed));
    assert_eq!((found.added, found.removed), (vec!["goes".to_owned()], vec!["stays".to_owned()]));
    assert!(diff(&opened(&was), &opened(&was)).is_empty());
}
