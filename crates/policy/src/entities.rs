use std::collections::{BTreeMap, HashMap, HashSet};

use cedar_policy::{Entities, Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression};
use jiff::civil::Date;
use realm::world::{App, Deployment, Evidence, Model, Organisation, Provider, Sector};
use realm::{Jurisdiction, World};

use crate::schema::{EVIDENCE, EvidenceKind};

/// Every entity of a world as rules see it on one day.
///
/// Built from typed values and without a schema on purpose: a fact that nobody knows is simply left out, so
/// that a rule which asks for it errs.
pub(crate) fn entities(world: &World, date: Date) -> Entities {
    let proofs = Proofs::on(world, date);
    let sectors = world.sectors.values().map(sector);
    let organisations = world.organisations.values().map(|it| organisation(it, &proofs));
    let apps = world.apps.values().map(|it| app(world, it, &proofs));
    let models = world.models.values().map(|it| model(world, it, &proofs));
    let providers = world.providers.values().map(|it| provider(it, &proofs));
    let deployments = world.deployments.values().map(|it| deployment(world, it, &proofs));
    let all = sectors.chain(organisations).chain(apps).chain(models).chain(providers).chain(deployments);
    Entities::from_entities(all, None).expect("a world's ids are unique per kind and its parents form no cycle")
}

/// The uid of a thing of the world. Ids may hold nothing that Cedar would have to escape.
pub(crate) fn uid(entity_type: &str, id: &str) -> EntityUid {
    let entity_type: EntityTypeName = entity_type.parse().expect("the schema's type names are Cedar names");
    EntityUid::from_type_name_and_id(entity_type, EntityId::new(id))
}

fn sector(sector: &Sector) -> Entity {
    let attributes = Attributes::default()
        .known("strategic", RestrictedExpression::new_bool(sector.strategic))
        .fact("isic", sector.isic.as_deref().map(text));
    attributes.entity(uid("Sector", sector.id.as_str()), [])
}

fn organisation(organisation: &Organisation, proofs: &Proofs) -> Entity {
    let id = organisation.id.as_str();
    let attributes = Attributes::default()
        .known("kind", text(organisation.kind.as_str()))
        .known("sector", entity("Sector", organisation.sector.as_str()))
        .known("jurisdiction", text(organisation.jurisdiction.as_str()))
        .known("ultimate_parent", entity("Organisation", organisation.ultimate_parent.as_str()))
        .known("controllers", places(&organisation.controllers))
        .known(EVIDENCE, proofs.about(EvidenceKind::Organisation, id));
    // Not in its sector: membership is inherited, and a clinic that a bank owns does not work in finance.
    attributes.entity(uid("Organisation", id), organisation.parent.iter().map(|it| uid("Organisation", it.as_str())))
}

fn app(world: &World, app: &App, proofs: &Proofs) -> Entity {
    let id = app.id.as_str();
    let sector = world.organisations.get(&app.organisation).map(|it| it.sector.as_str());
    let sector = sector.expect("an app's organisation resolves in a checked world");
    let attributes = Attributes::default()
        .known("organisation", entity("Organisation", app.organisation.as_str()))
        .known("sector", entity("Sector", sector))
        .known("purposes", texts(app.purposes.iter().map(String::as_str)))
        .known("risk_tier", text(app.risk_tier.as_str()))
        .known("decision_effect", text(app.decision_effect.as_str()))
        .known("oversight", text(app.oversight.as_str()))
        .fact("overseer", app.overseer.as_deref().map(text))
        .known("criticality", RestrictedExpression::new_long(i64::from(app.criticality)))
        .fact("rto_min", app.rto_min.map(count))
        .known("data_classes", texts(app.data_classes.iter().map(realm::DataClass::as_str)))
        .known(EVIDENCE, proofs.about(EvidenceKind::App, id));
    attributes.entity(uid("App", id), [uid("Organisation", app.organisation.as_str()), uid("Sector", sector)])
}

fn model(world: &World, model: &Model, proofs: &Proofs) -> Entity {
    let id = model.id.as_str();
    let training: Vec<&Jurisdiction> = model.training.data_jurisdictions.iter().collect();
    let trained_in = training.iter().flat_map(|place| world.expand(place)).collect::<Vec<_>>();
    let attributes = Attributes::default()
        .known("developer", entity("Organisation", model.developer.as_str()))
        .known("origin", text(model.origin.as_str()))
        .known("weights", text(model.weights.as_str()))
        .fact("licence", model.licence.as_deref().map(text))
        .known("kind", text(model.kind.as_str()))
        .fact("parameters", model.parameters.map(count))
        .fact("context_tokens", model.context_tokens.map(count))
        .known("languages", texts(model.languages.iter().map(String::as_str)))
        .known("registries", texts(model.registries.iter().map(String::as_str)))
        // No model is trained on nothing: an empty list means that nobody declared it.
        .fact("training_jurisdictions", (!training.is_empty()).then(|| places(&trained_in)))
        .fact("compute_flop_log10", model.training.compute_flop_log10.map(decimal))
        .known(EVIDENCE, proofs.about(EvidenceKind::Model, id));
    attributes.entity(uid("Model", id), [])
}

fn provider(provider: &Provider, proofs: &Proofs) -> Entity {
    let id = provider.id.as_str();
    let attributes = Attributes::default()
        .known("operator", entity("Organisation", provider.operator.as_str()))
        .known("protocol", text(provider.protocol.as_str()))
        .known("access_path", text(provider.access_path.as_str()))
        .known(EVIDENCE, proofs.about(EvidenceKind::Provider, id));
    attributes.entity(uid("Provider", id), [])
}

fn deployment(world: &World, deployment: &Deployment, proofs: &Proofs) -> Entity {
    let id = deployment.id.as_str();
    let supply = world.supply_of(&deployment.id).expect("a deployment's supply resolves in a checked world");
    let (model, provider) = (deployment.model.as_str(), deployment.provider.as_str());
    let attributes = Attributes::default()
        .known("model", entity("Model", model))
        .known("provider", entity("Provider", provider))
        .known("host", text(deployment.host.as_str()))
        .known("residency", places(&world.expand(&deployment.host)))
        .known("control", places(&supply.operator.controllers))
        .known("provenance", places(&world.expand(&supply.model.origin)))
        .known(EVIDENCE, proofs.about(EvidenceKind::Deployment, id));
    attributes.entity(uid("Deployment", id), [uid("Model", model), uid("Provider", provider)])
}

/// The evidence that holds on one day, by what it is about.
struct Proofs<'a>(BTreeMap<&'a str, BTreeMap<&'a str, &'a Evidence>>);

impl<'a> Proofs<'a> {
    fn on(world: &'a World, date: Date) -> Self {
        let mut by_subject: BTreeMap<&str, BTreeMap<&str, &Evidence>> = BTreeMap::new();
        for evidence in world.evidence.iter().filter(|it| it.valid_until.is_none_or(|last| date <= last)) {
            let held = by_subject.entry(&evidence.subject).or_default();
            // Where two hold, the one that holds longer counts: on every day the same, whatever their order.
            match held.get(evidence.key.as_str()) {
                Some(other) if !outlasts(evidence, other) => {}
                _ => {
                    held.insert(&evidence.key, evidence);
                }
            }
        }
        Self(by_subject)
    }

    fn about(&self, kind: EvidenceKind, id: &str) -> RestrictedExpression {
        let subject = format!("{}:{id}", kind.as_str());
        let held = self.0.get(subject.as_str());
        let fields = held.into_iter().flatten().map(|(key, it)| ((*key).to_owned(), text(&it.value)));
        RestrictedExpression::new_record(fields).expect("a map has no key twice")
    }
}

fn outlasts(one: &Evidence, other: &Evidence) -> bool {
    match (one.valid_until, other.valid_until) {
        (None, Some(_)) => true,
        (Some(one), Some(other)) => one > other,
        (_, None) => false,
    }
}

/// Attributes of an entity in the making.
#[derive(Default)]
struct Attributes(HashMap<String, RestrictedExpression>);

impl Attributes {
    fn known(mut self, name: &str, value: RestrictedExpression) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    fn fact(self, name: &str, value: Option<RestrictedExpression>) -> Self {
        match value {
            Some(value) => self.known(name, value),
            None => self,
        }
    }

    fn entity(self, uid: EntityUid, parents: impl IntoIterator<Item = EntityUid>) -> Entity {
        let parents: HashSet<EntityUid> = parents.into_iter().collect();
        Entity::new(uid, self.0, parents).expect("attributes are literals, and decimals are kept in Cedar's range")
    }
}

fn text(value: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_owned())
}

fn texts<'a>(values: impl IntoIterator<Item = &'a str>) -> RestrictedExpression {
    RestrictedExpression::new_set(values.into_iter().map(text))
}

/// A set of places.
pub(crate) fn places<'a>(values: impl IntoIterator<Item = &'a Jurisdiction>) -> RestrictedExpression {
    texts(values.into_iter().map(Jurisdiction::as_str))
}

fn entity(entity_type: &str, id: &str) -> RestrictedExpression {
    RestrictedExpression::new_entity_uid(uid(entity_type, id))
}

/// Counts past Cedar's largest number are held there: a limit in a rule is far below.
fn count(value: u64) -> RestrictedExpression {
    RestrictedExpression::new_long(i64::try_from(value).unwrap_or(i64::MAX))
}

/// A decimal to four places, which is what Cedar holds.
fn decimal(value: rust_decimal::Decimal) -> RestrictedExpression {
    // Cedar's range is that of i64 in ten-thousandths. Decimal logarithms are nowhere near its ends.
    const MOST: i64 = 900_000_000_000_000;
    let most = rust_decimal::Decimal::from(MOST);
    RestrictedExpression::new_decimal(format!("{:.4}", value.round_dp(4).clamp(-most, most)))
}
