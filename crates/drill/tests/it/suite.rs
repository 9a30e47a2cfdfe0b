//! Suites as people write them, answers as models give them, and the two suites that come with the program.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use drill::eval::{Grade, Item, Miss, Suite, last_number};
use realm::load::{Lang, render};

fn parse(text: &str) -> Suite {
    Suite::parse(Path::new("s.jsonl"), text).unwrap_or_else(|all| panic!("{}", render(&all, Lang::En, false)))
}

fn item(expect: &str) -> Item {
    let line = format!(r#"{{"id":"a","kind":"facts","prompt":"What?","expect":{expect}}}"#);
    parse(&line).items.remove(0)
}

fn problems(text: &str) -> Vec<String> {
    let all = Suite::parse(Path::new("s.jsonl"), text).unwrap_err();
    all.iter().map(|it| format!("{} {} {}", it.place(), it.code, it.message(Lang::En))).collect()
}

#[test]
fn every_grader_says_yes_and_no() {
    let exact = Some(Miss::Exact);
    let cases = [
        (r#"{"exact":"Paris"}"#, " Paris\n", None),
        (r#"{"exact":"Paris"}"#, "paris", exact),
        (r#"{"contains":["a","b"]}"#, "b and a", None),
        (r#"{"contains":["a","b"]}"#, "only a", Some(Miss::Contains)),
        (r#"{"regex":"^\\d{4}$"}"#, "1961", None),
        (r#"{"regex":"^\\d{4}$"}"#, "in 1961", Some(Miss::Regex)),
        (r#"{"numeric":{"value":1234.5,"tolerance":"0.5"}}"#, "I get 1,235.", None),
        (r#"{"numeric":{"value":1234.5,"tolerance":"0.5"}}"#, "1,235.1", Some(Miss::Numeric)),
        (r#"{"numeric":{"value":3}}"#, "three", Some(Miss::Numeric)),
        (r#"{"schema":{"type":"object","required":["a"]}}"#, "```json\n{\"a\": 1}\n```", None),
        (r#"{"schema":{"type":"object","required":["a"]}}"#, "{\"b\": 1}", Some(Miss::Schema)),
        (r#"{"schema":{"type":"object"}}"#, "here: {}", Some(Miss::Json)),
        // All must hold.
        (r#"{"contains":["kg"],"numeric":{"value":7}}"#, "7 kg", None),
        (r#"{"contains":["kg"],"numeric":{"value":7}}"#, "7", Some(Miss::Contains)),
    ];
    for (expect, answer, miss) in cases {
        let expected = miss.map_or(Grade::Right, Grade::Wrong);
        assert_eq!(item(expect).grade(answer), expected, "{expect}: {answer}");
    }
    let mut loose = item(r#"{"exact":"Москва","contains":["МОСК"]}"#);
    loose.expect.ignore_case = true;
    assert_eq!(loose.grade("МОСКВА"), Grade::Right);
    let judged = item(r#"{"reference":"It boils.","contains":["boil"]}"#);
    assert_eq!(judged.grade("It boils."), Grade::NeedsJudge);
    assert_eq!(judged.grade("It freezes."), Grade::Wrong(Miss::Contains), "no judge is asked what needs none");
}

#[test]
fn every_problem_has_its_line_and_says_what_was_expected() {
    let text = concat!(
        "{\"id\":\"a\",\"kind\":\"k\",\"prompt\":\"p\",\"expect\":{\"exact\":\"x\"}}\n",
        "\n",
        "{\"id\":\"a\",\"kind\":\"k\",\"prompt\":\"p\",\"expect\":{\"exact\":\"x\"}}\n",
        "not json\n",
        "{\"id\":\"b\",\"kind\":\"k\",\"promt\":\"p\",\"expect\":{}}\n",
        "{\"id\":\"c\",\"kind\":\"k\",\"prompt\":\"p\",\"max_tokens\":0,\"expect\":{\"regex\":\"(\",\"schema\":{\"type\":7}}}\n",
        "{\"id\":\"d\",\"kind\":\"k\",\"prompt\":\"p\",\"expect\":{\"numeric\":{\"tolerance\":1}}}\n",
    );
    let all = problems(text);
    let expected = [
        ("s.jsonl:3:1", "suite.twice"),
        ("s.jsonl:4:2", "suite.syntax"),
        ("s.jsonl:5:1", "suite.missing_field"),
        ("s.jsonl:5:1", "suite.nothing_expected"),
        ("s.jsonl:5:1", "suite.unknown_field"),
        ("s.jsonl:6:1", "suite.wrong_value"),
        ("s.jsonl:6:1", "suite.regex"),
        ("s.jsonl:6:1", "suite.schema"),
        ("s.jsonl:7:1", "suite.missing_field"),
    ];
    for (place, code) in expected {
        assert!(all.iter().any(|it| it.starts_with(&format!("{place} {code} "))), "{place} {code}: {all:#?}");
    }
    assert_eq!(all.len(), expected.len(), "{all:#?}");
    let shown = render(&Suite::parse(Path::new("s.jsonl"), text).unwrap_err(), Lang::Ru, false);
    assert!(shown.contains("возможно, `prompt`?"), "{shown}");
    assert_eq!(problems("\n").len(), 1, "a suite of nothing is none");
}

#[test]
fn the_suites_that_come_with_the_program_are_sound() {
    for name in ["en", "ru"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../evals/{name}.jsonl"));
        let text = std::fs::read_to_string(&path).unwrap();
        let suite = Suite::parse(&path, &text).unwrap_or_else(|all| panic!("{}", render(&all, Lang::En, false)));
        assert_eq!(suite.name, name);
        assert!(suite.items.len() >= 200, "{}", suite.items.len());
        let prompts: BTreeSet<&str> = suite.items.iter().map(|it| it.prompt.as_str()).collect();
        assert_eq!(prompts.len(), suite.items.len(), "no question twice");
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for item in &suite.items {
            *kinds.entry(&item.kind).or_default() += 1;
            for empty in ["", "I do not know.", "Не знаю."] {
                assert_ne!(item.grade(empty), Grade::Right, "{name} {}: {empty:?}", item.id);
            }
            if let Some(exact) = &item.expect.exact {
                assert_eq!(item.grade(exact), Grade::Right, "{name} {}", item.id);
            }
            if let Some(numeric) = item.expect.numeric {
                let said = numeric.value.to_string();
                assert_eq!(last_number(&said, item.digits), Some(numeric.value), "{name} {}", item.id);
            }
        }
        assert!(kinds.len() == 4 && kinds.values().all(|n| *n >= 40), "{kinds:?}");
    }
}
