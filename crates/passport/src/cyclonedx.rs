//! A passport as a CycloneDX 1.6 bill of materials. What CycloneDX has no place for stands in properties of ours, so that
//! what is written reads back whole.

use jiff::civil::Date;
use realm::UnixMs;
use realm::world::{Stated, WeightsFile};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::document::{Document, Found};
use crate::read::{clean, spdx_licence};

/// How the names of our properties begin.
pub(crate) const PROPERTY: &str = "freehold:";

/// The names of our properties.
pub(crate) mod property {
    pub(crate) const ORIGIN: &str = "origin";
    pub(crate) const DATA_PLACE: &str = "data_place";
    pub(crate) const COMPUTE: &str = "compute_flop_log10";
    pub(crate) const RELEASED: &str = "released";
    pub(crate) const FROM_NOTHING: &str = "from_nothing";
    pub(crate) const TRAINING_DATA: &str = "training_data";
    pub(crate) const PERSONAL_DATA: &str = "personal_data";
    pub(crate) const TRAINING_PLACE: &str = "training_place";
    pub(crate) const LANGUAGE: &str = "language";
    pub(crate) const UPDATE_CHANNEL: &str = "update_channel";
    pub(crate) const EVALUATION: &str = "evaluation";
}

/// Writes a document as CycloneDX 1.6; `id` names the model where the document does not.
pub fn export(document: &Document, id: &str, at: UnixMs) -> Value {
    let stated = &document.stated;
    let mut component = Map::new();
    let mut put = |key: &str, value: Value| {
        let empty = match &value {
            Value::Null => true,
            Value::Array(all) => all.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        };
        if !empty {
            component.insert(key.to_owned(), value);
        }
    };
    put("type", json!("machine-learning-model"));
    put("bom-ref", json!(format!("model:{id}")));
    put("supplier", supplier(stated));
    put("name", json!(document.name.as_deref().unwrap_or(id)));
    put("version", json!(stated.version));
    put("hashes", hashes(stated.weights.iter().filter(|it| it.file.is_none())));
    put("licenses", licences(stated));
    put("components", files(stated));
    put("pedigree", pedigree(stated));
    let attested = stated.attestation.iter().map(|url| json!({ "type": "attestation", "url": url }));
    put("externalReferences", attested.collect());
    put("modelCard", model_card(document));
    put("properties", properties(document));
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "timestamp": at.to_string(), "component": component },
    })
}

fn supplier(stated: &Stated) -> Value {
    let mut supplier = Map::new();
    supplier.extend(stated.developer.iter().map(|name| ("name".to_owned(), json!(name))));
    if let Some(contact) = &stated.contact {
        let (key, value) = if contact.starts_with("https://") && !contact.contains(char::is_whitespace) {
            ("url", json!([contact]))
        } else if is_mail(contact) {
            ("contact", json!([{ "email": contact }]))
        } else {
            ("contact", json!([{ "name": contact }]))
        };
        supplier.insert(key.to_owned(), value);
    }
    Value::Object(supplier)
}

fn is_mail(text: &str) -> bool {
    let fine = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.+".contains(&b));
    text.split_once('@').is_some_and(|(name, host)| fine(name) && fine(host) && host.contains('.'))
}

fn hashes<'a>(weights: impl Iterator<Item = &'a WeightsFile>) -> Value {
    weights.map(|it| json!({ "alg": "SHA-256", "content": it.sha256 })).collect()
}

fn files(stated: &Stated) -> Value {
    let named = stated.weights.iter().filter_map(|it| Some((it.file.as_ref()?, it)));
    let file = |(name, it): (&String, &WeightsFile)| json!({ "type": "file", "name": name, "hashes": hashes(std::iter::once(it)) });
    named.map(file).collect()
}

/// By its identifier where it has one, else by the name that somebody gave it.
fn licences(stated: &Stated) -> Value {
    let one = |text: &String| match spdx_licence(text) {
        Some(id) => json!({ "license": { "id": id } }),
        None => json!({ "license": { "name": text } }),
    };
    stated.licence.iter().map(one).collect()
}

fn pedigree(stated: &Stated) -> Value {
    let ancestors = stated.base_models.iter().flatten();
    let ancestors: Vec<Value> =
        ancestors.map(|name| json!({ "type": "machine-learning-model", "name": name })).collect();
    if ancestors.is_empty() { Value::Null } else { json!({ "ancestors": ancestors }) }
}

fn model_card(document: &Document) -> Value {
    let stated = &document.stated;
    let mut card = Map::new();
    let formats = |all: &[String]| all.iter().map(|format| json!({ "format": format })).collect::<Vec<_>>();
    let datasets = stated.datasets.iter().map(|name| json!({ "type": "dataset", "name": name })).collect::<Vec<_>>();
    let parameters =
        [("datasets", datasets), ("inputs", formats(&stated.inputs)), ("outputs", formats(&stated.outputs))];
    let parameters = lists(parameters);
    let metric = |it: &Found| {
        let kind = it.metric.as_deref().unwrap_or("accuracy");
        json!({ "type": kind, "value": it.score.to_string(), "slice": it.suite })
    };
    let metrics = lists([("performanceMetrics", document.evaluations.iter().map(metric).collect())]);
    let mut considerations = lists([
        ("useCases", stated.intended_use.iter().map(|text| json!(text)).collect()),
        ("technicalLimitations", stated.limits.iter().map(|text| json!(text)).collect()),
    ]);
    considerations
        .extend(stated.training_energy_kwh.map(|kwh| ("environmentalConsiderations".to_owned(), energy(kwh))));
    let parts =
        [("modelParameters", parameters), ("quantitativeAnalysis", metrics), ("considerations", considerations)];
    for (key, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
        card.insert(key.to_owned(), Value::Object(part));
    }
    Value::Object(card)
}

fn lists<const N: usize>(all: [(&str, Vec<Value>); N]) -> Map<String, Value> {
    let full = all.into_iter().filter(|(_, list)| !list.is_empty());
    full.map(|(key, list)| (key.to_owned(), Value::Array(list))).collect()
}

/// CycloneDX asks whose energy it was: nobody said.
fn energy(kwh: Decimal) -> Value {
    let number: Value = serde_json::from_str(&kwh.normalize().to_string()).unwrap_or(Value::Null);
    let amount = json!({ "value": number, "unit": "kWh" });
    let provider = json!({ "organization": {}, "energySource": "unknown", "energyProvided": amount });
    json!({ "energyConsumptions": [
        { "activity": "training", "energyProviders": [provider], "activityEnergyCost": amount },
    ] })
}

fn properties(document: &Document) -> Value {
    let stated = &document.stated;
    let mut all = Vec::new();
    let mut put = |name: &str, value: String| all.push(json!({ "name": format!("{PROPERTY}{name}"), "value": value }));
    document.origin.iter().for_each(|it| put(property::ORIGIN, it.to_string()));
    document.data_places.iter().for_each(|it| put(property::DATA_PLACE, it.to_string()));
    document.compute_flop_log10.iter().for_each(|it| put(property::COMPUTE, it.to_string()));
    stated.released.iter().for_each(|it| put(property::RELEASED, it.to_string()));
    if stated.base_models.as_ref().is_some_and(Vec::is_empty) {
        put(property::FROM_NOTHING, "true".to_owned());
    }
    stated.training_data.iter().for_each(|it| put(property::TRAINING_DATA, it.clone()));
    stated.personal_data.iter().for_each(|it| put(property::PERSONAL_DATA, it.to_string()));
    stated.training_places.iter().for_each(|it| put(property::TRAINING_PLACE, it.to_string()));
    stated.languages.iter().for_each(|it| put(property::LANGUAGE, it.clone()));
    stated.update_channel.iter().for_each(|it| put(property::UPDATE_CHANNEL, it.to_string()));
    document.evaluations.iter().for_each(|it| put(property::EVALUATION, result_text(it)));
    Value::Array(all)
}

fn result_text(it: &Found) -> String {
    let date = it.date.map(|date| date.to_string());
    json!({
        "suite": it.suite, "metric": it.metric, "score": it.score.to_string(), "questions": it.questions,
        "date": date, "source": it.source,
    })
    .to_string()
}

/// Reads a result back.
pub(crate) fn result_of(text: &str) -> Option<Found> {
    let value: Value = serde_json::from_str(text).ok()?;
    let word = |key: &str| value[key].as_str().and_then(|text| clean(text).ok().flatten());
    let score = Decimal::from_str_exact(value["score"].as_str()?).ok()?;
    Some(Found {
        suite: word("suite")?,
        metric: word("metric"),
        score: (Decimal::ZERO..=Decimal::ONE).contains(&score).then_some(score)?,
        questions: value["questions"].as_u64().filter(|n| (1..=u64::from(u32::MAX)).contains(n)),
        date: word("date").and_then(|date| date.parse::<Date>().ok()),
        source: word("source"),
    })
}
