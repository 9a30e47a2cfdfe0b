//! How deep a rule goes: at the bound it is compiled, asked and dropped on the two MiB of stack that a thread of the
//! server has, as this test's own; beyond it is refused with its place. Without the bound the process ends.

use policy::compile;

use crate::deciding::Question;
use crate::world::with_rules;

fn rule(condition: &str) -> String {
    format!("@id(\"deep\")\npermit (principal, action, resource)\nwhen {{ {condition} }};\n")
}

/// Brackets or links `n` deep.
const SHAPES: [fn(usize) -> String; 11] = [
    |n| format!("{}true{}", "(".repeat(n), ")".repeat(n)),
    |n| format!("{}{} == []", "[".repeat(n), "]".repeat(n)),
    |n| format!("{}1{} == 1", "{a: ".repeat(n), "}".repeat(n)),
    |n| format!("{}true", "true && ".repeat(n)),
    |n| format!("{}true", "false || ".repeat(n)),
    |n| format!("{}0 == 0", "0 + ".repeat(n)),
    |n| format!("{}0 == 0", "1 * ".repeat(n)),
    |n| format!("{}true", "if false then true else ".repeat(n)),
    |n| format!("{}true", "!".repeat(n)),
    |n| format!("context{} == 1", "[\"a\"]".repeat(n)),
    |n| format!("context{}() == 1", ".a".repeat(n)),
];

#[test]
fn a_rule_at_its_bound_harms_nobody() {
    for shape in SHAPES {
        for depth in [3, 40, 900] {
            let world = with_rules(&rule(&shape(depth)), "");
            if let Ok(compiled) = compile(&world) {
                let _ = Question::default().ask(&compiled);
            }
        }
    }
}

#[test]
fn a_rule_beyond_it_is_refused_with_its_place() {
    for shape in SHAPES {
        for depth in [1_001, 200_000] {
            let problems = compile(&with_rules(&rule(&shape(depth)), "")).unwrap_err();
            let [problem] = &problems[..] else { panic!("{problems:?}") };
            assert!(matches!(problem.code, "policy.too_deep" | "policy.too_long"), "{problem:?}");
            assert_eq!((problem.file.to_str(), problem.line), (Some("policies/own.cedar"), 3));
            assert!(problem.column > 48, "{problem:?}");
        }
    }
    let clauses = rule("true").replace(';', &format!("{};", "when { true } ".repeat(100_000)));
    assert_eq!(compile(&with_rules(&clauses, "")).unwrap_err()[0].code, "policy.too_long");
}
