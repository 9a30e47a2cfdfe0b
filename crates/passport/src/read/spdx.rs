//! An SPDX 3.0 document in JSON-LD with an element of type `ai_AIPackage`.

use std::collections::{BTreeMap, BTreeSet};

use realm::load::Diagnostic;
use realm::world::WeightsFile;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::bag::{Bag, Notes};
use super::words::{licence, sha256};
use super::{Broken, result};
use crate::document::{Document, Found, Why};

/// What holds a document together and says nothing of a model.
const STRUCTURE: [&str; 6] = ["CreationInfo", "SpdxDocument", "software_Sbom", "Bom", "Bundle", "Tool"];

/// An element: its type, its name, its licence where it is one.
struct Element<'n> {
    kind: String,
    name: Option<String>,
    expression: Option<String>,
    bag: Bag<'n>,
}

/// A relation from one element to others.
struct Relation {
    kind: String,
    from: String,
    to: Vec<String>,
    place: String,
}

struct Graph<'n> {
    notes: &'n Notes,
    elements: BTreeMap<String, Element<'n>>,
    relations: Vec<Relation>,
    /// Elements that something was taken from.
    used: BTreeSet<String>,
}

pub(super) fn read(
    fields: Map<String, Value>,
    component: Option<&str>,
    notes: &Notes,
    of_file: &dyn Fn(&'static str) -> Diagnostic,
) -> Result<Document, Broken> {
    let mut whole = Bag::new(notes, "", fields);
    whole.known(&["@context"]);
    let mut document = Document::default();
    let mut graph = Graph { notes, elements: BTreeMap::new(), relations: Vec::new(), used: BTreeSet::new() };
    let mut models = Vec::new();
    for one in whole.bags("@graph") {
        graph.take(one, &mut models, &mut document);
    }
    whole.finish();
    let other = |(_, bag): &(String, Bag<'_>)| notes.left(bag.place(), Why::OtherModel);
    let (name, (id, model)) = super::one_of(models, component, other, of_file)?;
    document.name = Some(name).filter(|name| !name.is_empty());
    graph.model(model, &id, &mut document);
    graph.related(&id, &mut document);
    graph.finish();
    Ok(document)
}

impl<'n> Graph<'n> {
    fn take(&mut self, mut bag: Bag<'n>, models: &mut Vec<(String, (String, Bag<'n>))>, document: &mut Document) {
        let kind = bag.text("type").unwrap_or_default();
        let id = bag.text("spdxId").or_else(|| bag.text("@id"));
        bag.known(&["creationInfo"]);
        match (kind.as_str(), id) {
            ("CreationInfo", _) => document.dated = document.dated.or_else(|| bag.date("created")),
            ("Relationship", _) => self.relations.push(Relation {
                kind: bag.text("relationshipType").unwrap_or_default(),
                from: bag.text("from").unwrap_or_default(),
                to: bag.texts("to"),
                place: bag.place().to_owned(),
            }),
            ("ai_AIPackage", id) => {
                let name = bag.text("name").unwrap_or_default();
                models.push((name, (id.unwrap_or_default(), bag)));
            }
            (_, Some(id)) if !self.elements.contains_key(&id) => {
                let (name, expression) = (bag.text("name"), bag.text("simplelicensing_licenseExpression"));
                self.elements.insert(id, Element { kind, name, expression, bag });
            }
            (kind, _) if STRUCTURE.contains(&kind) => {}
            _ => self.notes.left(bag.place(), Why::Unknown),
        }
    }

    /// The name of an element that is referred to; its id where it has none.
    fn name_of(&mut self, id: &str) -> String {
        self.used.insert(id.to_owned());
        self.elements.get(id).and_then(|it| it.name.clone()).unwrap_or_else(|| id.to_owned())
    }

    fn model(&mut self, mut model: Bag<'n>, id: &str, document: &mut Document) {
        let stated = &mut document.stated;
        stated.version = model.text("software_packageVersion");
        stated.released = model.date("releaseTime");
        let (supplier, makers) = (model.texts("suppliedBy"), model.texts("originatedBy"));
        if let Some(maker) = makers.first().or(supplier.first()) {
            stated.developer = Some(self.name_of(maker));
        }
        for other in makers.iter().chain(&supplier).skip(1) {
            if Some(other) != makers.first().or(supplier.first()) {
                self.notes.left(format!("{} ({other})", model.at("suppliedBy")), Why::Twice);
            }
        }
        for mut hash in model.bags("verifiedUsing") {
            let is_ours = hash.text("algorithm").as_deref() == Some("sha256");
            match hash.text("hashValue").filter(|_| is_ours).as_deref().and_then(sha256) {
                Some(sha256) => stated.weights.push(WeightsFile { file: None, sha256 }),
                None => self.notes.left(hash.place(), Why::Unknown),
            }
            hash.known(&["type"]);
            hash.finish();
        }
        stated.training_data = model.text("ai_informationAboutTraining");
        stated.intended_use = model.text("ai_informationAboutApplication");
        stated.limits = model.text("ai_limitation");
        stated.personal_data = match model.text("ai_useSensitivePersonalInformation").as_deref() {
            Some("yes") => Some(true),
            Some("no") => Some(false),
            None | Some("noAssertion") => None,
            Some(_) => {
                model.left("ai_useSensitivePersonalInformation", Why::Kind);
                None
            }
        };
        stated.training_energy_kwh = self.energy(&mut model);
        self.metrics(&mut model, id, document);
        model.known(&["software_primaryPurpose"]);
        model.finish();
    }

    /// What training took, where it is told in kilowatt-hours.
    fn energy(&self, model: &mut Bag<'n>) -> Option<Decimal> {
        let mut energy = model.bag("ai_energyConsumption")?;
        let mut sum = None;
        for mut one in energy.bags("ai_trainingEnergyConsumption") {
            let unit = one.text("ai_energyUnit");
            let amount = one.text("ai_energyQuantity").filter(|text| text.len() <= 24);
            let amount = amount.and_then(|text| Decimal::from_str_exact(&text).ok());
            let amount = amount.filter(|_| unit.as_deref() == Some("kilowattHour"));
            match amount.and_then(|amount| sum.unwrap_or(Decimal::ZERO).checked_add(amount)) {
                Some(amount) if super::is_energy(amount) => sum = Some(amount.normalize()),
                _ => self.notes.left(one.place(), Why::Unknown),
            }
            one.known(&["type"]);
            one.finish();
        }
        energy.known(&["type"]);
        energy.finish();
        sum
    }

    /// Results, on the data set that the model was tested on.
    fn metrics(&mut self, model: &mut Bag<'n>, id: &str, document: &mut Document) {
        let tested = self.targets("testedOn", id);
        let suite = tested.iter().map(|id| self.name_of(id)).collect::<Vec<_>>().join(", ");
        for mut one in model.bags("ai_metric") {
            let (key, value) = (one.text("key"), one.take("value"));
            let score = value.as_ref().and_then(result::share);
            match key.filter(|key| result::is_share(key)).zip(score) {
                Some((metric, score)) => document.evaluations.push(Found {
                    suite: if suite.is_empty() { metric.clone() } else { suite.clone() },
                    metric: Some(metric),
                    score,
                    questions: None,
                    date: document.dated,
                    source: None,
                }),
                None => self.notes.left(one.place(), Why::NotAShare),
            }
            one.known(&["type"]);
            one.finish();
        }
    }

    /// Where the relations of a kind lead from an element; each is taken.
    fn targets(&mut self, kind: &str, from: &str) -> Vec<String> {
        let (ours, others) =
            std::mem::take(&mut self.relations).into_iter().partition(|it| it.kind == kind && it.from == from);
        self.relations = others;
        ours.into_iter().flat_map(|it: Relation| it.to).collect()
    }

    fn related(&mut self, id: &str, document: &mut Document) {
        for set in self.targets("trainedOn", id) {
            let name = self.name_of(&set);
            if !document.stated.datasets.contains(&name) {
                document.stated.datasets.push(name);
            }
        }
        let mut bases = self.targets("descendantOf", id);
        let (ours, others) = std::mem::take(&mut self.relations)
            .into_iter()
            .partition(|it| it.kind == "ancestorOf" && it.to.iter().any(|to| to == id));
        self.relations = others;
        bases.extend(ours.into_iter().map(|it: Relation| it.from));
        for base in bases {
            let name = self.name_of(&base);
            let all = document.stated.base_models.get_or_insert_default();
            if !all.contains(&name) {
                all.push(name);
            }
        }
        // What somebody concluded says the same again, or is a finding of theirs and not the developer's word.
        let declared = self.targets("hasDeclaredLicense", id);
        let concluded = self.targets("hasConcludedLicense", id);
        let all = if declared.is_empty() { concluded } else { declared };
        let named: Vec<String> = all.iter().map(|id| self.licence_of(id)).collect();
        document.stated.licence = (!named.is_empty()).then(|| named.join(" OR "));
    }

    fn licence_of(&mut self, id: &str) -> String {
        self.used.insert(id.to_owned());
        let expression = self.elements.get(id).and_then(|it| it.expression.clone().or(it.name.clone()));
        let listed = || id.strip_prefix("https://spdx.org/licenses/").unwrap_or(id).to_owned();
        licence(expression.unwrap_or_else(listed))
    }

    /// Lists what nobody asked for.
    fn finish(self) {
        for relation in &self.relations {
            self.notes.left(&relation.place, Why::Unknown);
        }
        for (id, mut element) in self.elements {
            if self.used.contains(&id) {
                element.bag.known(&["simplelicensing_licenseListVersion"]);
                element.bag.finish();
            } else if !STRUCTURE.contains(&element.kind.as_str()) {
                self.notes.left(element.bag.place(), Why::Unknown);
            }
        }
    }
}
