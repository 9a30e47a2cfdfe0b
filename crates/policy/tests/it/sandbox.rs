//! An experimental regime sets rules aside for some apps, for some days, and nothing else.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use policy::{Denial, Verdict};
use realm::world::Sandbox;
use realm::{DataClass, RuleId, SandboxId, World};

use crate::deciding::{Question, compiled};
use crate::world::{BASE, app_id, classes, law, with_rules};

const STAYS: &str = "forbid (principal, action == Action::\"infer\", resource) when { principal.sector.strategic };";
const HIDE: &str =
    "forbid (principal, action == Action::\"disclose\", resource) when { context.class == \"personal\" };";

fn sandboxed(rules: &str, of: &[&str], signed_by: &[&str]) -> World {
    let mut world = with_rules(BASE, rules);
    let sandbox = Sandbox {
        id: SandboxId::new("trial").expect("an id"),
        apps: vec![app_id("clinic")],
        rules: of.iter().map(|id| RuleId::new(id).expect("an id")).collect(),
        from: date(2026, 11, 1),
        until: date(2026, 11, 30),
        cite: "Order 12".to_owned(),
        signed_by: signed_by.iter().map(|&name| name.to_owned()).collect(),
    };
    world.sandboxes = BTreeMap::from([(sandbox.id.clone(), sandbox)]);
    world
}

#[test]
fn a_rule_is_set_aside_from_the_first_through_the_last_day_and_said_to_be() {
    let compiled = compiled(&sandboxed(&law("stays", STAYS), &["stays"], &["ann", "bob"]));
    let on = |date: Date| Question { date, ..Question::default() }.ask(&compiled);
    for (day, exempt) in
        [(date(2026, 10, 31), false), (date(2026, 11, 1), true), (date(2026, 11, 30), true), (date(2026, 12, 1), false)]
    {
        let decision = on(day);
        let verdict = if exempt { Verdict::Permit } else { Verdict::Deny(Denial::PolicyDenied) };
        assert_eq!((decision.verdict, decision.exempt.len()), (verdict, usize::from(exempt)), "{day}");
        if exempt {
            assert_eq!(decision.exempt[0].rule.id.as_str(), "stays");
            assert_eq!(decision.to_json()["exempt"][0]["sandbox"], "trial");
        }
    }
    // Two days on which nothing else changes are not one day.
    assert_ne!(compiled.same_as(date(2026, 11, 30)), compiled.same_as(date(2026, 12, 1)));
}

#[test]
fn one_signature_exempts_nobody_and_another_rule_still_binds() {
    let rules = format!("{}{}", law("stays", STAYS), law("stays-too", STAYS));
    for (of, signed_by) in [(&["stays", "stays-too"][..], &["ann"][..]), (&["stays"], &["ann", "bob"])] {
        let decision = Question::default().ask(&compiled(&sandboxed(&rules, of, signed_by)));
        assert_eq!(decision.verdict, Verdict::Deny(Denial::PolicyDenied), "{of:?} {signed_by:?}");
    }
}

#[test]
fn what_would_be_taken_out_stays_in_and_what_is_unknown_is_no_doubt() {
    let doubt = "forbid (principal, action == Action::\"infer\", resource) when { principal.overseer == \"Ada\" };";
    let rules = format!("{}{}", law("hide", HIDE), law("doubt", doubt));
    let located = classes(&[DataClass::Personal]);
    let ask = |of: &[&str]| {
        Question { located, ..Question::default() }.ask(&compiled(&sandboxed(&rules, of, &["ann", "bob"])))
    };
    let both = ask(&["hide", "doubt"]);
    assert_eq!((both.verdict, both.redact.is_empty(), both.unknown.len()), (Verdict::Permit, true, 0));
    assert_eq!(both.exempt.iter().map(|it| it.rule.id.as_str()).collect::<Vec<_>>(), ["hide"]);
    assert_eq!(ask(&["hide"]).verdict, Verdict::Deny(Denial::Unknown));
}

#[test]
fn a_duty_that_is_set_aside_is_named_too() {
    let label = law("label", "@obligation(\"label\") forbid (principal, action == Action::\"oblige\", resource);");
    let ask = |of: &[&str]| Question::default().ask(&compiled(&sandboxed(&label, of, &["ann", "bob"])));
    let free = ask(&["label"]);
    assert_eq!((free.obligations.len(), free.exempt[0].rule.id.as_str()), (0, "label"));
}

#[test]
fn a_sandbox_names_rules_that_forbid() {
    for (named, near) in [("stay", Some("stays")), ("base", None)] {
        let problems = policy::compile(&sandboxed(&law("stays", STAYS), &[named], &["ann", "bob"])).unwrap_err();
        assert_eq!(problems[0].code, "policy.sandbox_rule");
        let told = problems[0].args.iter().find(|(name, _)| *name == "nearest").map(|(_, value)| value.as_str());
        assert_eq!(told, near, "{named}");
    }
}
