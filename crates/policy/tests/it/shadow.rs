//! Rules that do not bind are evaluated beside those that do.

use jiff::civil::date;
use policy::{Denial, Verdict};
use realm::DataClass;

use crate::deciding::{Question, compiled};
use crate::world::{BASE, classes, evidence, law, with_rules};

const RULE: &str = "forbid (principal, action == Action::\"infer\", resource) when { principal.sector.strategic };";

#[test]
fn a_draft_or_voluntary_rule_never_blocks() {
    for status in ["draft", "voluntary"] {
        let text = law("soft", RULE).replace("in_force", status);
        let decision = Question::default().ask(&compiled(&with_rules(BASE, &text)));
        assert_eq!(decision.verdict, Verdict::Permit);
        let shadow = decision.shadow.expect("it has something to say");
        assert!(shadow.deny && shadow.rules[0].id.as_str() == "soft");
    }
}

#[test]
fn a_rule_binds_from_its_first_through_its_last_day() {
    let text = law("dated", RULE).replace("@from(\"2026-01-01\")", "@from(\"2026-12-01\") @until(\"2026-12-31\")");
    let compiled = compiled(&with_rules(BASE, &text));
    let on = |date| Question { date, ..Question::default() }.ask(&compiled);
    for (day, binds) in
        [(date(2026, 11, 30), false), (date(2026, 12, 1), true), (date(2026, 12, 31), true), (date(2027, 1, 1), false)]
    {
        let decision = on(day);
        let verdict = if binds { Verdict::Deny(Denial::PolicyDenied) } else { Verdict::Permit };
        assert_eq!((decision.verdict, decision.shadow.is_some()), (verdict, !binds), "{day}");
    }
}

#[test]
fn a_shadow_rule_without_a_part_is_silent() {
    let text = law("soft", RULE).replace("in_force", "draft");
    let decision = Question { app: "desk", ..Question::default() }.ask(&compiled(&with_rules(BASE, &text)));
    assert_eq!(decision.shadow, None);
}

#[test]
fn the_shadow_says_what_would_be_redacted_and_what_is_unknown() {
    let hide = "forbid (principal, action == Action::\"disclose\", resource) when { context.class == \"personal\" };";
    let doubt = "forbid (principal, action == Action::\"infer\", resource) when { principal.overseer == \"Ada\" };";
    let text = format!("{}{}", law("hide", hide), law("doubt", doubt)).replace("in_force", "draft");
    let located = classes(&[DataClass::Personal]);
    let decision = Question { located, ..Question::default() }.ask(&compiled(&with_rules(BASE, &text)));
    assert_eq!((decision.verdict, decision.redact.is_empty()), (Verdict::Permit, true));
    assert!(decision.unknown.is_empty(), "a doubt of a shadow rule is the shadow's");
    let shadow = decision.shadow.expect("two rules speak");
    assert_eq!(shadow.redact, located);
    assert_eq!(shadow.rules.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["hide"]);
    assert_eq!(shadow.unknown[0].fact, "principal.overseer");
    assert!(shadow.deny, "in doubt this realm denies");
}

#[test]
fn a_permit_that_has_ended_permits_no_more() {
    let own = "@id(\"base\") @until(\"2026-11-01\") permit (principal, action, resource);";
    let decision = Question::default().ask(&compiled(&with_rules(own, "")));
    assert_eq!(decision.verdict, Verdict::Deny(Denial::NoPermit));
    assert!(!decision.shadow.expect("it would permit").deny);
}

/// What a day needs is made when the first day of its stretch is asked for: whichever that is, it is the same.
#[test]
fn a_day_does_not_depend_on_the_day_asked_first() {
    let proof = "@evidence(\"provider.exit_plan\") forbid (principal, action, resource) \
                 when { resource.provider.evidence.exit_plan == \"none\" };";
    let dated = law("dated", RULE).replace("@from(\"2026-01-01\")", "@from(\"2026-12-05\") @until(\"2026-12-20\")");
    let mut world = with_rules(BASE, &format!("{dated}{}", law("proof", proof)));
    world.evidence = vec![evidence("provider:meridian", "exit_plan", "tested", Some(date(2026, 12, 10)))];
    let (upwards, downwards) = (compiled(&world), compiled(&world));
    let days: Vec<_> = (1..=31).map(|day| date(2026, 12, day)).collect();
    let ask = |compiled, date| Question { date, ..Question::default() }.ask(compiled);
    let up: Vec<_> = days.iter().map(|day| ask(&upwards, *day)).collect();
    let mut down: Vec<_> = days.iter().rev().map(|day| ask(&downwards, *day)).collect();
    down.reverse();
    assert_eq!(up, down);
    let denied: Vec<i8> = days.iter().zip(&up).filter(|(_, it)| !it.is_permit()).map(|(day, _)| day.day()).collect();
    assert_eq!(denied, (5..=31).collect::<Vec<_>>(), "by the dated rule from the 5th, in doubt from the 11th");
}
