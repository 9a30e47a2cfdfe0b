//! Random worlds and random rules.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::civil::{Date, date};
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof};
use proptest::sample::select;
use realm::DataClass;
use realm::world::{RiskTier, RuleSource, Unknown, World};

use crate::naive::{Acts, Cond, Tree, Which, Who};
use crate::world::{evidence, organisation_id, place, world};

pub const DATES: [Date; 3] = [date(2026, 6, 1), date(2026, 11, 23), date(2027, 2, 1)];

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

pub fn class() -> impl Strategy<Value = DataClass> {
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

pub fn untidy_rule() -> impl Strategy<Value = Tree> {
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
pub fn rules() -> impl Strategy<Value = Vec<Tree>> {
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

pub fn named(rules: Vec<Tree>) -> Vec<Tree> {
    rules.into_iter().enumerate().map(|(index, rule)| Tree { id: format!("r{index}"), ..rule }).collect()
}

pub fn worlds() -> impl Strategy<Value = World> {
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

pub fn with(world: &World, rules: &[Tree]) -> World {
    let text = rules.iter().map(Tree::text).collect();
    let source = RuleSource { path: PathBuf::from("policies/own.cedar"), pack: None, text };
    World { rules: vec![source], ..world.clone() }
}
