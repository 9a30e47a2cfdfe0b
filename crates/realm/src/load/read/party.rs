use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::quality::quality;
use super::{budget, limits, plain};
use crate::load::context::{At, Link};
use crate::load::nearest::nearest;
use crate::load::table::Table;
use crate::world::{
    App, Approvals, DecisionEffect, Evidence, Organisation, OrganisationKind, Oversight, Owner, RiskTier, Sector,
};
use crate::{OrganisationId, ids};

/// `[[sector]]`.
pub(in crate::load) fn sector(table: &Table<'_>) -> Option<Sector> {
    let id = table.own_id();
    let name = table.require("name", table.text("name"));
    let strategic = table.flag("strategic").is_some_and(plain);
    let isic = table.shaped("isic", "isic", is_isic).map(plain);
    Some(Sector { id: id?, name: name?.value, strategic, isic })
}

/// A section's letter, a division's two digits, or both.
fn is_isic(code: &str) -> bool {
    let digits = code.trim_start_matches(|c: char| ('A'..='V').contains(&c));
    code.len() - digits.len() <= 1
        && digits.bytes().all(|b| b.is_ascii_digit())
        && matches!((code.len() - digits.len(), digits.len()), (1, 0) | (_, 2..=4))
}

/// `[[organisation]]`.
pub(in crate::load) fn organisation(table: &Table<'_>) -> Option<Organisation> {
    let id: Option<OrganisationId> = table.own_id();
    let name = table.require("name", table.text("name"));
    let kind = table.require("kind", table.word("kind", KINDS));
    let sector = table.require("sector", table.link("sector"));
    let jurisdiction = table.require("jurisdiction", table.jurisdiction("jurisdiction"));
    let parent = table.link("parent").map(plain);
    let owners = owners(table);
    let budget = budget(table, "organisation.budget");
    let limits = limits(table, "organisation.limits");
    let content = super::content::content_key(table);
    let id = id?;
    Some(Organisation {
        // Derived once all organisations are known.
        ultimate_parent: id.clone(),
        controllers: BTreeSet::new(),
        id,
        name: name?.value,
        kind: kind?.value,
        sector: sector?.value,
        jurisdiction: jurisdiction?.value,
        parent,
        owners,
        budget,
        limits,
        content,
    })
}

const KINDS: &[(&str, OrganisationKind)] = &[
    ("public", OrganisationKind::Public),
    ("company", OrganisationKind::Company),
    ("university", OrganisationKind::University),
    ("hospital", OrganisationKind::Hospital),
    ("association", OrganisationKind::Association),
];

fn owners(table: &Table<'_>) -> Vec<Owner> {
    let owners = table.subs("owners", "organisation.owners", |owner| {
        let jurisdiction = owner.require("jurisdiction", owner.jurisdiction("jurisdiction"));
        let share = owner.require("share", owner.decimal("share", Decimal::ZERO..=Decimal::ONE));
        Some(Owner { jurisdiction: jurisdiction?.value, share: share?.value })
    });
    let Some(At { value: owners, place }) = owners else { return Vec::new() };
    let sum: Decimal = owners.iter().map(|owner| owner.share).sum();
    if sum > Decimal::ONE {
        table.cx.report(place.error("realm.shares_exceed_one").arg("sum", sum.normalize().to_string()));
    }
    owners
}

/// `[[app]]`.
pub(in crate::load) fn app(table: &Table<'_>) -> Option<App> {
    let id = table.own_id();
    let organisation = table.require("organisation", table.link("organisation"));
    let purposes = table.require("purposes", table.shaped_texts("purposes", "purpose", ids::is_id));
    let routes = table.require("routes", table.links("routes"));
    table.not_empty("purposes");
    table.not_empty("routes");
    let risk_tier = table.word("risk_tier", RISK_TIERS);
    let decision_effect = table.word("decision_effect", DECISION_EFFECTS);
    let oversight = table.word("oversight", OVERSIGHTS);
    let overseer = table.text("overseer").map(plain);
    let criticality = table.whole("criticality", 0..=3).map_or(0, plain);
    let rto_min = table.whole("rto_min", 0..=super::MOST).map(plain);
    let data_classes = table.classes("data_classes").unwrap_or_default();
    let asserts_user = table.flag("asserts_user").is_some_and(plain);
    let budget = budget(table, "app.budget");
    let limits = limits(table, "app.limits");
    let content = table.word("content", super::content::WORDS).map(plain);
    let quality = quality(table, "app.quality");
    let approvals = approvals(table);
    Some(App {
        id: id?,
        organisation: organisation?.value,
        purposes: purposes?.value,
        risk_tier: risk_tier.map_or(RiskTier::Minimal, plain),
        decision_effect: decision_effect.map_or(DecisionEffect::None, plain),
        oversight: oversight.map_or(Oversight::None, plain),
        overseer,
        criticality: u8::try_from(criticality).unwrap_or(u8::MAX),
        rto_min,
        data_classes,
        asserts_user,
        routes: routes?.value.into_iter().map(plain).collect(),
        budget,
        limits,
        content,
        quality,
        approvals,
    })
}

/// `approvals` and `approval_hours` of an app.
fn approvals(table: &Table<'_>) -> Approvals {
    let hours = table.whole("approval_hours", 1..=Approvals::HOURS_MAX).map_or(Approvals::HOURS, plain);
    match table.word("approvals", &[("refuse", false), ("ticket", true)]) {
        Some(At { value: true, .. }) => Approvals::Ticket { hours },
        _ => Approvals::Refuse,
    }
}

const RISK_TIERS: &[(&str, RiskTier)] = &[
    ("minimal", RiskTier::Minimal),
    ("limited", RiskTier::Limited),
    ("high", RiskTier::High),
    ("prohibited", RiskTier::Prohibited),
];

const DECISION_EFFECTS: &[(&str, DecisionEffect)] =
    &[("none", DecisionEffect::None), ("assists", DecisionEffect::Assists), ("decides", DecisionEffect::Decides)];

const OVERSIGHTS: &[(&str, Oversight)] =
    &[("none", Oversight::None), ("on_loop", Oversight::OnLoop), ("in_loop", Oversight::InLoop)];

/// What evidence may be about, and where such a thing is declared.
const SUBJECTS: &[&str] = &["app", "organisation", "model", "provider", "deployment"];

/// `[[evidence]]`.
pub(in crate::load) fn evidence(table: &Table<'_>) -> Option<At<Evidence>> {
    let subject = table.require("subject", table.text("subject"));
    let key = table.require("key", table.shaped("key", "evidence_key", is_key));
    let value = table.require("value", table.text("value"));
    let source = table.text("source").map(plain);
    let valid_until = table.date("valid_until");
    if let Some(until) = valid_until.as_ref().filter(|until| until.value < table.cx.today) {
        let problem = until.place.warning("realm.expired_evidence").arg("date", until.value.to_string());
        table.cx.report(problem.arg("today", table.cx.today.to_string()));
    }
    let subject = subject?;
    resolve_subject(table, &subject);
    let evidence = Evidence {
        subject: subject.value,
        key: key?.value,
        value: value?.value,
        source,
        valid_until: valid_until.map(plain),
    };
    Some(At { value: evidence, place: subject.place })
}

fn resolve_subject(table: &Table<'_>, subject: &At<String>) {
    let known = |kind: &str| SUBJECTS.iter().copied().find(|known| *known == kind);
    match subject.value.split_once(':') {
        Some((kind, id)) if known(kind).is_some() && ids::is_id(id) => {
            let kind = known(kind).unwrap_or_default();
            table.cx.links.borrow_mut().push(Link { kind, id: id.to_owned(), place: subject.place.clone() });
        }
        parts => {
            let near = parts.and_then(|(kind, _)| nearest(kind, SUBJECTS.iter().copied()));
            let problem = subject.place.error("realm.bad_subject").arg("subject", &*subject.value);
            table.cx.report(problem.arg("kinds", SUBJECTS.join(", ")).arg_if("nearest", near));
        }
    }
}

fn is_key(key: &str) -> bool {
    (1..=64).contains(&key.len())
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
