//! The realms made from public announcements: what their pages say that the law says there.

use jiff::civil::{Date, date};
use policy::{Compiled, Decision, Denial, Verdict};
use realm::{ClassSet, DataClass};

use crate::deciding::Question;
use crate::republic::example;
use crate::world::classes;

/// A realm and what is particular to it.
struct Real {
    compiled: Compiled,
    /// Served by somebody whom another country can compel.
    abroad: &'static str,
    /// Keeps personal data from going there in clear.
    transfer: &'static str,
    /// A draft that would deny letters to citizens, and its first day.
    draft: (&'static str, Date),
    /// At home.
    home: [&'static str; 2],
}

fn all() -> [Real; 2] {
    [
        Real {
            compiled: example("ru-2030"),
            abroad: "deepseek-abroad",
            transfer: "ru-cross-border",
            draft: ("ru-ai-trusted", date(2027, 9, 1)),
            home: ["gigachat-max-cloud", "t-pro-own"],
        },
        Real {
            compiled: example("eu-2030"),
            abroad: "gpt-abroad",
            transfer: "gdpr-transfer",
            draft: ("aia-register", date(2027, 12, 2)),
            home: ["mistral-medium-cloud", "eurollm-own"],
        },
    ]
}

fn names(decision: &Decision, rule: &str) -> bool {
    let rules = decision.rules.iter().map(|it| it.id.as_str());
    rules.chain(decision.unknown.iter().map(|it| it.rule.id.as_str())).any(|it| it == rule)
}

#[test]
fn the_most_critical_apps_are_served_at_home_only() {
    for real in all() {
        let abroad = Question { app: "triage", deployment: real.abroad, ..Question::default() }.ask(&real.compiled);
        assert_eq!(abroad.verdict, Verdict::Deny(Denial::PolicyDenied), "{}", real.abroad);
        assert!(names(&abroad, "critical-stays-home"), "{}", real.abroad);
        let diffuse = classes(&[DataClass::Personal, DataClass::Special]);
        let question = Question { app: "triage", deployment: real.home[0], diffuse, ..Question::default() };
        assert_eq!(question.ask(&real.compiled).verdict, Verdict::Permit, "{}", real.home[0]);
    }
}

#[test]
fn personal_data_goes_abroad_only_without_its_names() {
    for real in all() {
        let personal = classes(&[DataClass::Personal]);
        let question = || Question { app: "passenger-desk", deployment: real.abroad, ..Question::default() };
        let located = Question { located: personal, ..question() }.ask(&real.compiled);
        assert_eq!((located.verdict, located.redact), (Verdict::Permit, personal), "{}", real.abroad);
        let diffuse = Question { diffuse: personal, ..question() }.ask(&real.compiled);
        assert!(!diffuse.is_permit() && names(&diffuse, real.transfer), "{}", real.abroad);
    }
}

#[test]
fn secrets_stay_with_operators_of_home() {
    for real in all() {
        for (deployment, permitted) in [(real.home[1], true), (real.abroad, false)] {
            let diffuse = ClassSet::of(DataClass::Secret);
            let question = Question { app: "line-faults", deployment, diffuse, ..Question::default() };
            assert_eq!(question.ask(&real.compiled).is_permit(), permitted, "{deployment}");
        }
    }
}

#[test]
fn what_is_only_expected_runs_in_shadow() {
    for real in all() {
        let (rule, date) = real.draft;
        let question = Question { app: "citizen-letters", deployment: real.home[0], date, ..Question::default() };
        let decision = question.ask(&real.compiled);
        assert_eq!(decision.verdict, Verdict::Permit, "{rule}");
        let shadow = decision.shadow.expect("the draft would deny");
        assert!(shadow.deny && shadow.rules.iter().any(|it| it.id.as_str() == rule), "{rule}");
    }
}
