//! A CycloneDX bill of materials, 1.5 to 1.7 in JSON, with a component of type `machine-learning-model`.

use std::collections::BTreeMap;

use realm::Jurisdiction;
use realm::load::Diagnostic;
use realm::world::{Stated, WeightsFile};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::bag::{Bag, Notes, date};
use super::words::{is_address, licence, list, modalities, sha256};
use super::{Broken, result};
use crate::cyclonedx::{PROPERTY, property};
use crate::document::{Document, Found, Why};

const VERSIONS: [&str; 3] = ["1.5", "1.6", "1.7"];
const MODEL: &str = "machine-learning-model";

pub(super) fn read(
    fields: Map<String, Value>,
    component: Option<&str>,
    notes: &Notes,
    of_file: &dyn Fn(&'static str) -> Diagnostic,
) -> Result<Document, Broken> {
    let mut bom = Bag::new(notes, "", fields);
    let version = bom.text("specVersion").unwrap_or_default();
    if !VERSIONS.contains(&version.as_str()) {
        return Err(Box::new(of_file("passport.version").arg("version", version)));
    }
    bom.known(&["$schema", "bomFormat", "serialNumber", "version", "dependencies"]);
    let mut document = Document::default();
    let mut models = Vec::new();
    if let Some(mut metadata) = bom.bag("metadata") {
        document.dated = metadata.date("timestamp");
        metadata.known(&["tools"]);
        models.extend(metadata.bag("component"));
        metadata.finish();
    }
    let mut names = Named::new();
    components(&mut bom, &mut models, &mut names, notes);
    bom.finish();
    let model = chosen(models, component, notes, of_file)?;
    of_model(model, &names, &mut document);
    for (name, place, rest) in names.into_values() {
        if document.stated.datasets.contains(&name) {
            rest.finish();
        } else {
            notes.left(place, Why::Unknown);
        }
    }
    Ok(document)
}

/// The components: models, and whatever may be named by reference.
fn components<'n>(bom: &mut Bag<'n>, models: &mut Vec<Bag<'n>>, names: &mut Named<'n>, notes: &Notes) {
    for mut one in bom.bags("components") {
        if one.text("type").as_deref() == Some(MODEL) {
            models.push(one);
            continue;
        }
        let place = one.place().to_owned();
        if let (Some(id), Some(name)) = (one.text("bom-ref"), one.text("name")) {
            names.insert(id, (name, place, one));
        } else {
            notes.left(place, Why::Unknown);
        }
    }
}

type Named<'n> = BTreeMap<String, (String, String, Bag<'n>)>;

/// The one model, or the one of a name.
fn chosen<'n>(
    models: Vec<Bag<'n>>,
    component: Option<&str>,
    notes: &Notes,
    of_file: &dyn Fn(&'static str) -> Diagnostic,
) -> Result<Bag<'n>, Broken> {
    let mut named: Vec<(String, Bag<'n>)> = Vec::new();
    for mut one in models {
        match (one.text("type").as_deref(), one.text("name")) {
            (None | Some(MODEL), name) => named.push((name.unwrap_or_default(), one)),
            _ => notes.left(one.place(), Why::Unknown),
        }
    }
    super::one_of(named, component, |one| notes.left(one.place(), Why::OtherModel), of_file).map(|(name, mut one)| {
        one.put_back("name", name);
        one
    })
}

fn of_model(mut model: Bag<'_>, names: &Named<'_>, document: &mut Document) {
    document.name = model.text("name");
    model.known(&["bom-ref", "mime-type", "scope"]);
    let stated = &mut document.stated;
    stated.version = model.text("version");
    stated.licence = licences(&mut model);
    developer(&mut model, stated);
    hashes(&mut model, None, &mut stated.weights);
    for mut file in model.bags("components") {
        let name = file.text("name");
        file.known(&["type", "bom-ref"]);
        hashes(&mut file, name, &mut stated.weights);
        file.finish();
    }
    references(&mut model, stated);
    let told = properties(&mut model, document);
    if let Some(card) = model.bag("modelCard") {
        model_card(card, names, document, told);
    }
    model.finish();
}

/// Who made it, and whom to write to.
fn developer(model: &mut Bag<'_>, stated: &mut Stated) {
    for key in ["supplier", "manufacturer"] {
        let Some(mut who) = model.bag(key) else { continue };
        let name = who.text("name");
        if stated.developer.is_none() {
            stated.developer = name;
        } else if name.is_some() {
            who.left("name", Why::Twice);
        }
        contact(&mut who, &mut stated.contact);
        who.known(&["bom-ref"]);
        who.finish();
    }
    if let Some(publisher) = model.text("publisher") {
        match stated.developer {
            None => stated.developer = Some(publisher),
            Some(_) => model.left("publisher", Why::Twice),
        }
    }
}

/// What it was made from, and where somebody vouches for it.
fn references(model: &mut Bag<'_>, stated: &mut Stated) {
    for mut one in model.bag("pedigree").into_iter().flat_map(|mut pedigree| {
        let ancestors = pedigree.bags("ancestors");
        pedigree.finish();
        ancestors
    }) {
        stated.base_models.get_or_insert_default().extend(one.text("name"));
        one.known(&["type", "bom-ref"]);
        one.finish();
    }
    for mut one in model.bags("externalReferences") {
        let (kind, url) = (one.text("type"), one.text("url"));
        match (kind.as_deref(), url) {
            (Some("attestation"), Some(url)) if is_address(&url) && stated.attestation.is_none() => {
                stated.attestation = Some(url);
                one.finish();
            }
            _ => model.left(last(one.place()), Why::Unknown),
        }
    }
}

fn last(place: &str) -> &str {
    place.rsplit('.').next().unwrap_or(place)
}

fn licences(model: &mut Bag<'_>) -> Option<String> {
    let mut all = Vec::new();
    for mut one in model.bags("licenses") {
        all.extend(one.text("expression"));
        if let Some(mut of) = one.bag("license") {
            all.extend(of.text("id").or_else(|| of.text("name")));
            of.known(&["acknowledgement", "bom-ref"]);
            of.finish();
        }
        one.known(&["acknowledgement", "bom-ref"]);
        one.finish();
    }
    (!all.is_empty()).then(|| all.into_iter().map(licence).collect::<Vec<_>>().join(" OR "))
}

/// Whom to write to: an address of mail, a name, or a page.
fn contact(who: &mut Bag<'_>, into: &mut Option<String>) {
    for mut person in who.bags("contact") {
        let (mail, name) = (person.text("email"), person.text("name"));
        let found = mail.or(name);
        if into.is_none() {
            *into = found;
        } else if found.is_some() {
            who.left(last(person.place()), Why::Twice);
        }
        person.known(&["bom-ref"]);
        person.finish();
    }
    let pages = who.texts("url");
    match pages.as_slice() {
        [page] if into.is_none() => *into = Some(page.clone()),
        [] => {}
        _ => who.left("url", Why::Twice),
    }
}

fn hashes(of: &mut Bag<'_>, file: Option<String>, into: &mut Vec<WeightsFile>) {
    for mut hash in of.bags("hashes") {
        let is_ours = hash.text("alg").as_deref() == Some("SHA-256");
        match hash.text("content").filter(|_| is_ours).as_deref().and_then(sha256) {
            Some(sha256) => into.push(WeightsFile { file: file.clone(), sha256 }),
            None => of.left(last(hash.place()), Why::Unknown),
        }
        hash.finish();
    }
}

/// Our own properties, by which an export of ours reads back whole. Says whether results are among them.
fn properties(model: &mut Bag<'_>, document: &mut Document) -> bool {
    let mut results = false;
    for mut one in model.bags("properties") {
        let (name, value) = (one.text("name"), one.text("value"));
        let ours = name.as_deref().and_then(|name| name.strip_prefix(PROPERTY)).zip(value);
        let understood = ours.is_some_and(|(name, value)| {
            results |= name == property::EVALUATION;
            ours_of(name, value, document)
        });
        if !understood {
            model.left(last(one.place()), Why::Unknown);
        }
        one.finish();
    }
    results
}

fn ours_of(name: &str, value: String, document: &mut Document) -> bool {
    let stated = &mut document.stated;
    let place = || Jurisdiction::new(&value);
    match name {
        property::ORIGIN => document.origin = Some(place()),
        property::DATA_PLACE => document.data_places.push(place()),
        property::COMPUTE => document.compute_flop_log10 = Decimal::from_str_exact(&value).ok(),
        property::RELEASED => stated.released = date(&value),
        property::FROM_NOTHING => stated.base_models = Some(Vec::new()),
        property::TRAINING_DATA => stated.training_data = Some(value),
        property::PERSONAL_DATA => stated.personal_data = Some(value == "true"),
        property::TRAINING_PLACE => stated.training_places.push(place()),
        property::LANGUAGE => stated.languages.push(value),
        property::UPDATE_CHANNEL => stated.update_channel = Some(place()),
        property::EVALUATION => match crate::cyclonedx::result_of(&value) {
            Some(found) => document.evaluations.push(found),
            None => return false,
        },
        _ => return false,
    }
    true
}

fn model_card(mut card: Bag<'_>, names: &Named<'_>, document: &mut Document, told: bool) {
    card.known(&["bom-ref"]);
    if let Some(parameters) = card.bag("modelParameters") {
        parameters_of(parameters, names, document);
    }
    if let Some(mut analysis) = card.bag("quantitativeAnalysis") {
        for metric in analysis.bags("performanceMetrics") {
            // Our own properties say the same, with day and source.
            if !told {
                performance(metric, &mut analysis, &mut document.evaluations);
            }
        }
        analysis.finish();
    }
    if let Some(mut considerations) = card.bag("considerations") {
        let joined = |texts: Vec<String>| (!texts.is_empty()).then(|| texts.join("\n"));
        let stated = &mut document.stated;
        stated.intended_use = joined(considerations.texts("useCases"));
        stated.limits = joined(considerations.texts("technicalLimitations"));
        if let Some(environment) = considerations.bag("environmentalConsiderations") {
            energy(environment, &mut stated.training_energy_kwh);
        }
        considerations.finish();
    }
    card.finish();
}

fn parameters_of(mut parameters: Bag<'_>, names: &Named<'_>, document: &mut Document) {
    let stated = &mut document.stated;
    for mut set in parameters.bags("datasets") {
        let name = set.text("name");
        let by_name = set.text("ref").map(|id| names.get(&id).map_or(id, |(name, ..)| name.clone()));
        set.known(&["type", "bom-ref"]);
        match name.or(by_name) {
            Some(name) if stated.datasets.contains(&name) => parameters.left(last(set.place()), Why::Twice),
            Some(name) => stated.datasets.push(name),
            None => {}
        }
        set.finish();
    }
    let formats = |bags: Vec<Bag<'_>>| {
        let mut all: Vec<String> = Vec::new();
        for mut one in bags {
            if let Some(format) = one.text("format").filter(|format| !all.contains(format)) {
                all.push(format);
            }
            one.finish();
        }
        all
    };
    stated.inputs = formats(parameters.bags("inputs"));
    stated.outputs = formats(parameters.bags("outputs"));
    if let Some(task) = parameters.text("task") {
        match modalities(&task) {
            Some((inputs, outputs)) if stated.inputs.is_empty() && stated.outputs.is_empty() => {
                (stated.inputs, stated.outputs) = (list(inputs), list(outputs));
            }
            Some(_) => {}
            None => parameters.left("task", Why::Unknown),
        }
    }
    parameters.finish();
}

fn performance(mut metric: Bag<'_>, analysis: &mut Bag<'_>, into: &mut Vec<Found>) {
    let (kind, value, slice) = (metric.text("type"), metric.take("value"), metric.text("slice"));
    let score = value.as_ref().and_then(result::share);
    let counts = kind.as_deref().is_some_and(result::is_share);
    match (slice, score.filter(|_| counts)) {
        (Some(suite), Some(score)) => {
            into.push(Found { suite, metric: kind, score, questions: None, date: None, source: None });
        }
        _ => analysis.left(last(metric.place()), Why::NotAShare),
    }
    metric.finish();
}

/// The energy of training, where it is told in kilowatt-hours.
fn energy(mut environment: Bag<'_>, into: &mut Option<Decimal>) {
    for mut one in environment.bags("energyConsumptions") {
        let activity = one.text("activity");
        let cost = one.bag("activityEnergyCost").and_then(|mut cost| {
            let (value, unit) = (cost.text("value"), cost.text("unit"));
            cost.finish();
            let value = value.filter(|text| text.len() <= 24 && unit.as_deref() == Some("kWh"))?;
            Decimal::from_str_exact(&value).or_else(|_| Decimal::from_scientific(&value)).ok()
        });
        match (activity.as_deref(), cost.filter(|cost| super::is_energy(*cost))) {
            (Some("training"), Some(cost)) if into.is_none() => {
                *into = Some(cost.normalize());
                one.known(&["energyProviders"]);
            }
            _ => environment.left(last(one.place()), Why::Unknown),
        }
        one.finish();
    }
    environment.finish();
}
