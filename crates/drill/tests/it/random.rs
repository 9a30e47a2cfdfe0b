//! Random traffic over the example realm: anything that its apps could have sent, and random scenarios.

use std::sync::Arc;

use drill::{Answered, Facts, Fate, Request};
use policy::Asked;
use proptest::prelude::{Strategy, any, prop};
use realm::record::Tokens;
use realm::{ClassSet, DataClass, DeploymentId, Jurisdiction, Nano, UnixMs};

use crate::support::{NOON, Place};

/// What makes one request; indices are taken modulo what there is.
pub type Seed = (prop::sample::Index, prop::sample::Index, prop::sample::Index, (u8, u8), u8, (u64, u16));

pub fn seeds() -> impl Strategy<Value = Vec<Seed>> {
    let index = || any::<prop::sample::Index>();
    let one = (index(), index(), index(), (0..32u8, 0..32u8), any::<u8>(), (any::<u64>(), any::<u16>()));
    prop::collection::vec(one, 0..60)
}

fn set(bits: u8) -> ClassSet {
    DataClass::ALL.into_iter().filter(|class| ClassSet::of(*class).bits() & bits != 0).collect()
}

/// The request of a seed: decided by the realm's own rules, answered by any deployment that they permit.
pub fn request(place: &Place, (app, route, target, (bits, located), kind, (number, day)): &Seed) -> Request {
    let world = place.compiled.world();
    let app = app.get(&world.apps.values().collect::<Vec<_>>()).to_owned();
    let route = &world.routes[*route.get(&app.routes.iter().collect::<Vec<_>>())];
    let at = UnixMs(NOON.0 + u64::from(day % 400) * 86_400_000);
    let users = [None, Some("XA"), Some("XC"), Some("NORTHERN-UNION")];
    let facts = Facts {
        snapshot: place.snapshot,
        app: app.id.clone(),
        route: Some(route.id.clone()),
        purpose: app.purposes[usize::from(*kind) % app.purposes.len()].clone(),
        classes: set(*bits),
        located: set(bits & located),
        user_in: users[usize::from(kind / 8) % users.len()].map(Jurisdiction::new),
        only: None,
        needs: Vec::new(),
    };
    let open: Vec<(&DeploymentId, ClassSet)> = route
        .targets
        .iter()
        .filter_map(|it| Some((&it.deployment, permitted(place, &facts, &it.deployment, at)?)))
        .collect();
    let fate = match (kind % 16, open.is_empty()) {
        (0, _) => Fate::Failed,
        (1, _) => Fate::Refused,
        (_, true) => Fate::Denied,
        (_, false) => {
            let (deployment, redacted) = target.get(&open);
            let tokens = Tokens { input: u64::from(*day), output: u64::from(*kind), estimated: false };
            let (deployment, cost_nano) = ((*deployment).clone(), Nano(i64::from(*day)));
            let (redacted, took_ms) = (*redacted, u64::from(*kind));
            Fate::Answered(Answered { deployment, redacted, tokens, cost_nano, took_ms, other_model: false })
        }
    };
    Request { at, ended: at, cut: None, number: *number, facts: Arc::new(facts), fate }
}

fn permitted(place: &Place, facts: &Facts, deployment: &DeploymentId, at: UnixMs) -> Option<ClassSet> {
    let decision = place.compiled.decide(&Asked {
        app: &facts.app,
        deployment,
        located: facts.located,
        diffuse: facts.classes.minus(facts.located),
        purpose: &facts.purpose,
        user_jurisdiction: facts.user_in.as_ref(),
        date: at.date_in(&jiff::tz::TimeZone::UTC),
    });
    decision.is_permit().then_some(decision.redact)
}

/// Scenarios that change something, as text.
pub fn scenarios() -> impl Strategy<Value = String> {
    let cuts = [
        "[[cut]]\noperator = \"meridian-north\"\n",
        "[[cut]]\nparent = \"digital-ministry\"\n",
        "[[cut]]\njurisdiction = \"XD\"\naxis = \"provenance\"\n",
        "[[cut]]\njurisdiction = \"NORTHERN-UNION\"\naxis = \"residency\"\nusers = \"XC\"\n",
        "[[cut]]\nusers = \"NORTHERN-UNION\"\n",
        "[[cut]]\ndeployment = \"tiny-here\"\n",
        "[[law]]\nrule = \"strategic-sectors\"\non = false\n",
        "[[law]]\nrule = \"strategic-sectors-amendment\"\nfrom = 2020-01-01\n",
        "[[law]]\nrule = \"transfer-origin\"\non = true\n",
        "[[gain]]\ncountry = \"XA\"\nbloc = \"NORTHERN-UNION\"\n",
    ];
    let some = prop::sample::subsequence(cuts.to_vec(), 1..4);
    (some, any::<u32>()).prop_map(|(parts, seed)| format!("title = \"random\"\nseed = {seed}\n{}", parts.concat()))
}
