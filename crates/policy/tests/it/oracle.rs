//! Random worlds and random rules: `policy` says what the naive reader says, remembered or not, in any order.

use std::collections::BTreeSet;
use std::sync::Arc;

use policy::{Asked, Decision, Memo, Verdict, compile};
use proptest::prelude::{ProptestConfig, Strategy, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};
use realm::world::{Unknown, World};
use realm::{ClassSet, Jurisdiction};

use crate::deciding::compiled;
use crate::naive::{Acts, Cond, Reading, Tree, read};
use crate::random::{DATES, class, named, rules, untidy_rule, with, worlds};
use crate::world::{place, world};

/// Every app, deployment, date and some users, with the classes given.
fn questions<'a>(world: &'a World, sets: &'a [(ClassSet, ClassSet)], users: &'a [Jurisdiction]) -> Vec<Asked<'a>> {
    let mut all = Vec::new();
    for app in world.apps.keys() {
        for deployment in world.deployments.keys() {
            for (index, (located, diffuse)) in sets.iter().enumerate() {
                let purpose = ["work", "triage"][index % 2];
                let user_jurisdiction = users.get(index % (users.len() + 1));
                let date = DATES[index % DATES.len()];
                let (located, diffuse) = (*located, *diffuse);
                all.push(Asked { app, deployment, located, diffuse, purpose, user_jurisdiction, date });
            }
        }
    }
    all
}

fn sets() -> impl Strategy<Value = Vec<(ClassSet, ClassSet)>> {
    let set = || prop::collection::vec(class(), 0..3).prop_map(|it| it.into_iter().collect::<ClassSet>());
    prop::collection::vec((set(), set()), 5)
}

fn reading(decision: &Decision) -> Reading {
    let ids = |rules: &[Arc<policy::Rule>]| rules.iter().map(|it| it.id.as_str().to_owned()).collect::<Vec<_>>();
    let mut unknown: Vec<_> =
        decision.unknown.iter().map(|it| (it.rule.id.as_str().to_owned(), it.fact.clone())).collect();
    unknown.sort();
    let mut all: BTreeSet<_> = decision.disclosures.iter().flat_map(|it| ids(&it.rules)).collect();
    all.extend(ids(&decision.rules));
    Reading {
        verdict: decision.verdict,
        redact: decision.redact,
        rules: ids(&decision.rules),
        all_rules: all.into_iter().collect(),
        unknown,
    }
}

fn users() -> [Jurisdiction; 2] {
    [place("XB"), place("XC")]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Remembered = decided = read naively; and the shadow is what all rules together would say.
    #[test]
    fn decisions_are_what_the_naive_reader_reads(world in worlds(), rules in rules(), sets in sets()) {
        let compiled = Arc::new(compiled(&with(&world, &rules)));
        let memo = Memo::new(Arc::clone(&compiled), 64);
        let users = users();
        for asked in questions(&world, &sets, &users) {
            let decision = compiled.decide(&asked);
            let binding: Vec<&Tree> = rules.iter().filter(|it| it.binds_on(asked.date)).collect();
            let expected = read(&world, &binding, &asked);
            prop_assert_eq!(&reading(&decision), &expected, "{:?}", asked);
            prop_assert_eq!(decision.residual, asked.located.union(asked.diffuse).minus(expected.redact));
            for _ in 0..2 {
                prop_assert_eq!(&*memo.decide(&asked), &decision);
            }
            let all = read(&world, &rules.iter().collect::<Vec<_>>(), &asked);
            let soft = |id: &String| rules.iter().any(|it| it.id == *id && !it.binds_on(asked.date));
            let part: Vec<String> = all.all_rules.iter().filter(|it| soft(it)).cloned().collect();
            let doubt: Vec<_> = all.unknown.iter().filter(|(id, _)| soft(id)).cloned().collect();
            match &decision.shadow {
                None => prop_assert!(part.is_empty() && doubt.is_empty(), "{:?} {:?}", part, doubt),
                Some(shadow) => {
                    prop_assert_eq!((shadow.deny, shadow.redact), (all.verdict != Verdict::Permit, all.redact));
                    let ids: Vec<_> = shadow.rules.iter().map(|it| it.id.as_str().to_owned()).collect();
                    prop_assert_eq!(ids, part);
                    prop_assert_eq!(shadow.unknown.len(), doubt.len());
                }
            }
        }
    }

    /// A forbid that errs is named wherever it errs, and where the realm denies in doubt it lets nothing in clear
    /// that it might forbid.
    #[test]
    fn an_erring_forbid_never_passes_silently(world in worlds(), rules in rules(), sets in sets()) {
        let compiled = compiled(&with(&world, &rules));
        let users = users();
        for asked in questions(&world, &sets, &users) {
            let decision = compiled.decide(&asked);
            let binding: Vec<&Tree> = rules.iter().filter(|it| it.binds_on(asked.date)).collect();
            let expected = read(&world, &binding, &asked);
            prop_assert_eq!(decision.unknown.len(), expected.unknown.len());
            if world.head.unknown == Unknown::Deny {
                for doubt in &decision.unknown {
                    let without: Vec<&Tree> = binding.iter().copied().filter(|it| it.id != doubt.rule.id.as_str()).collect();
                    let freer = read(&world, &without, &asked);
                    let stricter = !decision.is_permit() || decision.redact.union(freer.redact) == decision.redact;
                    prop_assert!(stricter, "{:?}", asked);
                    let cleared = asked.located.union(asked.diffuse).is_empty();
                    prop_assert!(!cleared || !decision.is_permit(), "infer in doubt passes: {:?}", asked);
                }
            }
        }
    }

    /// Neither the order of the rules nor what shadow rules say changes an answer.
    #[test]
    fn order_and_shadow_change_nothing(world in worlds(), rules in rules(), sets in sets(), turn in 0usize..8) {
        let mut turned = rules.clone();
        let length = turned.len().max(1);
        turned.rotate_left(turn % length);
        turned.reverse();
        let hard: Vec<Tree> = rules.iter().filter(|it| !it.draft).cloned().collect();
        let (one, other, hard) =
            (compiled(&with(&world, &rules)), compiled(&with(&world, &turned)), compiled(&with(&world, &hard)));
        let users = users();
        for asked in questions(&world, &sets, &users) {
            let decision = reading(&one.decide(&asked));
            let sorted = |mut it: Reading| { it.rules.sort(); it };
            prop_assert_eq!(sorted(decision.clone()), sorted(reading(&other.decide(&asked))));
            prop_assert_eq!(decision, reading(&hard.decide(&asked)));
        }
    }

    /// A forbid more never permits more: no denial becomes a permit, no class that was taken out goes in clear.
    ///
    /// Redaction is what keeps this from being trivial: a class that a new forbid takes out is hidden from `infer`.
    /// A denial may then become a permit, of less. That is wanted; so with a class present it holds for what goes.
    #[test]
    fn a_forbid_more_never_permits_more(world in worlds(), rules in rules(), extra in untidy_rule(), sets in sets()) {
        let mut more = rules.clone();
        more.push(Tree { permit: false, draft: false, from: None, until: None, ..extra }.tidy());
        let more = named(more);
        let (before, after) = (compiled(&with(&world, &rules)), compiled(&with(&world, &more)));
        let users = users();
        for asked in questions(&world, &sets, &users) {
            let (before, after) = (before.decide(&asked), after.decide(&asked));
            if after.is_permit() {
                prop_assert!(before.is_permit() || after.redact != before.redact, "{:?}", asked);
                prop_assert_eq!(after.redact.union(before.redact), after.redact, "{:?}", asked);
            }
        }
    }

    /// The lint refuses exactly the forbids in which something always known stands after a fact.
    #[test]
    fn the_lint_is_what_tidying_changes(rule in untidy_rule()) {
        let acts = if matches!(rule.acts, Acts::Any | Acts::Both) { Acts::Infer } else { rule.acts };
        let rule = Tree { id: "x".to_owned(), permit: false, unless: None, acts, ..rule };
        let world = World { rules: with(&world(), std::slice::from_ref(&rule)).rules, ..world() };
        let refused = compile(&world).is_err();
        prop_assert_eq!(refused, !same_order(&rule.when, &rule.when.clone().tidy()), "{}", rule.text());
    }
}

/// Whether tidying only flattened.
fn same_order(one: &Cond, tidied: &Cond) -> bool {
    fn leaves(cond: &Cond, into: &mut Vec<String>) {
        match cond {
            Cond::And(parts) | Cond::Or(parts) => parts.iter().for_each(|it| leaves(it, into)),
            Cond::Not(part) => leaves(part, into),
            atom => into.push(format!("{atom:?}")),
        }
    }
    let (mut a, mut b) = (Vec::new(), Vec::new());
    leaves(one, &mut a);
    leaves(tidied, &mut b);
    a == b
}
