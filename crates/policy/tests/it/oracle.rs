//! Random worlds and random rules: `policy` says what the naive reader says, remembered or not, in any order.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::{Date, date};
use policy::{Asked, Decision, Memo, Verdict, compile};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof};
use proptest::sample::select;
use proptest::{option, prop_assert, prop_assert_eq, proptest};
use realm::world::{RiskTier, RuleSource, Unknown, World};
use realm::{ClassSet, DataClass, Jurisdiction};

use crate::deciding::compiled;
use crate::naive::{Acts, Cond, Reading, Tree, Which, Who, read};
use crate::world::{evidence, organisation_id, place, world};

const DATES: [Date; 3] = [date(2026, 6, 1), date(2026, 11, 23), date(2027, 2, 1)];

fn atom() -> impl Strategy<Value = Cond> {
    prop_oneof![
        Just(Cond::Strategic),
        select(&["minimal", "high"][..]).prop_map(Cond::Risk),
        (0u8..4).prop_map(Cond::CriticalFrom),
        select(&["XA", "XC", "NORD"][..]).prop_map(Cond::HostedIn),
        Just(Cond::HostedAtHome),
        select(&["XA", "XC"][..]).prop_map(Cond::CompelledBy),
        select(&["work", "triage"][..]).prop_map(Cond::Purpose),
        class().prop_map(Cond::Class),
        select(&DATES[..]).prop_map(Cond::Since),
        select(&["Ada", "Grace"][..]).prop_map(Cond::Overseer),
        (0u64..40).prop_map(Cond::BackWithin),
        select(&["XB", "XC"][..]).prop_map(Cond::UserFrom),
        select(&["XA", "NORD"][..]).prop_map(Cond::UserWithin),
        Just(Cond::Licence("mit")),
        select(&["none", "clauses"][..]).prop_map(Cond::ProviderProof),
        select(&["none", "done"][..]).prop_map(Cond::AppProof),
    ]
}

fn class() -> impl Strategy<Value = DataClass> {
    select(&[DataClass::Internal, DataClass::Personal, DataClass::Secret][..])
}

fn cond() -> impl Strategy<Value = Cond> {
    atom().prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 2..4).prop_map(Cond::And),
            2 => prop::collection::vec(inner.clone(), 2..4).prop_map(Cond::Or),
            1 => inner.prop_map(|it| Cond::Not(Box::new(it))),
        ]
    })
}

/// Any condition, or often enough one class alone: what `disclose` takes out is then what `infer` would forbid.
fn condition() -> impl Strategy<Value = Cond> {
    prop_oneof![3 => cond(), 2 => class().prop_map(Cond::Class)]
}

fn untidy_rule() -> impl Strategy<Value = Tree> {
    let acts = select(&[Acts::Any, Acts::Both, Acts::Infer, Acts::Disclose][..]);
    let who =
        select(&[Who::Anyone, Who::Anyone, Who::App("clinic"), Who::Sector("health"), Who::Organisation("travel")][..]);
    let which = select(
        &[Which::Any, Which::Any, Which::Deployment("far"), Which::Provider("engine"), Which::Model("birch")][..],
    );
    let dates = (option::weighted(0.2, select(&DATES[..])), option::weighted(0.2, select(&DATES[..])));
    (
        prop::bool::weighted(0.3),
        acts,
        who,
        which,
        condition(),
        option::weighted(0.3, cond()),
        prop::bool::weighted(0.2),
        dates,
    )
        .prop_map(|(permit, acts, who, which, when, unless, draft, (from, until))| {
            let id = String::new();
            let until = until.filter(|last| from.is_none_or(|first| first <= *last));
            Tree { id, permit, acts, who, which, when, unless, draft, from, until }
        })
}

/// Up to eight rules, with a base permit more often than not.
fn rules() -> impl Strategy<Value = Vec<Tree>> {
    let base = Tree {
        id: String::new(),
        permit: true,
        acts: Acts::Any,
        who: Who::Anyone,
        which: Which::Any,
        when: Cond::CriticalFrom(0),
        unless: None,
        draft: false,
        from: None,
        until: None,
    };
    (prop::bool::weighted(0.8), prop::collection::vec(untidy_rule().prop_map(Tree::tidy), 0..8))
        .prop_map(move |(with_base, rules)| named(with_base.then(|| base.clone()).into_iter().chain(rules).collect()))
}

fn named(rules: Vec<Tree>) -> Vec<Tree> {
    rules.into_iter().enumerate().map(|(index, rule)| Tree { id: format!("r{index}"), ..rule }).collect()
}

fn worlds() -> impl Strategy<Value = World> {
    let people = (option::of(select(&["Ada", "Grace"][..])), option::of(0u64..40), any::<bool>(), 0u8..4);
    let places = (select(&["XA", "XB", "XC"][..]), option::of(Just("mit")), any::<bool>());
    let proof =
        (select(&["provider:meridian", "provider:engine", "app:clinic"][..]), select(&["none", "clauses", "done"][..]));
    let proofs = prop::collection::vec((proof, option::of(select(&DATES[..]))), 0..4);
    (people, places, proofs, any::<bool>(), any::<bool>()).prop_map(|(people, places, proofs, flag, parent)| {
        let mut world = world();
        for app in world.apps.values_mut() {
            app.overseer = people.0.map(str::to_owned);
            app.rto_min = people.1;
            app.risk_tier = if people.2 { RiskTier::High } else { RiskTier::Minimal };
            app.criticality = people.3;
        }
        for deployment in world.deployments.values_mut().filter(|it| it.id.as_str() == "far") {
            deployment.host = place(places.0);
        }
        for model in world.models.values_mut() {
            model.licence = places.1.map(str::to_owned);
        }
        for organisation in world.organisations.values_mut() {
            if places.2 && organisation.id.as_str() == "state-cloud" {
                organisation.controllers.insert(place("XC"));
            }
            if parent && organisation.id.as_str() == "hospital" {
                organisation.parent = Some(organisation_id("travel"));
            }
        }
        let key = |subject: &str| if subject.starts_with("app") { "assessment" } else { "safeguard" };
        // Two rows of the same key that end together say nothing certain; a realm may not have them.
        let mut seen = BTreeSet::new();
        let rows = proofs.iter().filter(|((subject, _), last)| seen.insert((*subject, *last)));
        world.evidence = rows.map(|((subject, value), last)| evidence(subject, key(subject), value, *last)).collect();
        world.head.unknown = if flag { Unknown::Flag } else { Unknown::Deny };
        world
    })
}

fn with(world: &World, rules: &[Tree]) -> World {
    let text = rules.iter().map(Tree::text).collect();
    let source = RuleSource { path: PathBuf::from("policies/own.cedar"), pack: None, text };
    World { rules: vec![source], ..world.clone() }
}

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
