//! A model's passport as it stands: what of our fields somebody stated, where, and what is missing.

use realm::World;
use realm::world::{Model, Passport, PublishedResult, Stated};
use serde::Serialize;
use serde_json::{Value, json};

use crate::document::{Document, Found};
use crate::field::Field;

/// Where a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// In the realm's `[[model]]`.
    Model,
    /// In its `[[passport]]`.
    Passport,
}

impl Said {
    /// The word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Passport => "passport",
        }
    }
}

/// One of our fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub field: Field,
    /// What is stated, and where; none: a gap.
    pub stated: Option<(String, Said)>,
}

/// Two statements that differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Of which field.
    pub field: Field,
    /// What the realm declares; that is what rules ask.
    pub model: String,
    /// What the papers say.
    pub papers: String,
}

/// A passport as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Each of our fields, in order.
    pub entries: Vec<Entry>,
    /// Where the papers say something else than the realm.
    pub differences: Vec<Difference>,
}

impl Sheet {
    /// What is known of a model.
    pub fn of(model: &Model, passport: Option<&Passport>) -> Self {
        let entry = |field| {
            let declared = declared(model, field).map(|text| (text, Said::Model));
            let papers = || passport.and_then(|it| papers(it, field)).map(|text| (text, Said::Passport));
            Entry { field, stated: declared.or_else(papers) }
        };
        let differences = passport.map(|it| differences(model, &Document::of_passport(it))).unwrap_or_default();
        Self { entries: Field::ALL.into_iter().map(entry).collect(), differences }
    }

    /// What a document alone says of our fields.
    pub fn of_document(document: &Document) -> Self {
        let entry = |field| {
            let own = match field {
                Field::Origin => document.origin.as_ref().map(ToString::to_string),
                Field::DataPlaces => list(&document.data_places),
                Field::Compute => document.compute_flop_log10.map(|log| format!("10^{log} FLOP")),
                // A document is not its own source.
                Field::Document => None,
                Field::Evaluations => some(&document.evaluations, results_found),
                _ => stated(&document.stated, field),
            };
            Entry { field, stated: own.map(|text| (text, Said::Passport)) }
        };
        Self { entries: Field::ALL.into_iter().map(entry).collect(), differences: Vec::new() }
    }

    /// How many of our fields are stated.
    pub fn present(&self) -> usize {
        self.entries.iter().filter(|it| it.stated.is_some()).count()
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.entries.len()
    }

    /// The share that is stated, in percent, rounded down: a hundred is all.
    pub fn percent(&self) -> usize {
        self.present() * 100 / self.total().max(1)
    }

    /// What is missing.
    pub fn gaps(&self) -> impl Iterator<Item = Field> {
        self.entries.iter().filter(|it| it.stated.is_none()).map(|it| it.field)
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let stated = |it: &Entry| {
            let (text, said) = it.stated.as_ref()?;
            Some(json!({ "field": it.field.as_str(), "value": text, "stands_in": said.as_str() }))
        };
        let differs = |it: &Difference| json!({ "field": it.field.as_str(), "model": it.model, "papers": it.papers });
        json!({
            "present": self.present(),
            "total": self.total(),
            "percent": self.percent(),
            "stated": self.entries.iter().filter_map(stated).collect::<Vec<_>>(),
            "gaps": self.gaps().map(Field::as_str).collect::<Vec<_>>(),
            "differences": self.differences.iter().map(differs).collect::<Vec<_>>(),
        })
    }
}

/// What the realm declares of a model itself.
fn declared(model: &Model, field: Field) -> Option<String> {
    match field {
        Field::Developer => Some(model.developer.to_string()),
        Field::Origin => Some(model.origin.to_string()),
        Field::Licence => model.licence.clone(),
        Field::Languages => list(&model.languages),
        Field::DataPlaces => list(&model.training.data_jurisdictions),
        Field::Compute => model.training.compute_flop_log10.map(|log| format!("10^{log} FLOP")),
        _ => None,
    }
}

/// What a passport states.
fn papers(passport: &Passport, field: Field) -> Option<String> {
    match field {
        Field::Evaluations => some(&passport.evaluations, results),
        Field::Document => some(&passport.sources, |all| {
            all.iter()
                .map(|it| format!("{} {}, {}", it.kind.as_str(), it.name, it.taken))
                .collect::<Vec<_>>()
                .join("; ")
        }),
        _ => stated(&passport.stated, field),
    }
}

fn stated(it: &Stated, field: Field) -> Option<String> {
    match field {
        Field::Developer => it.developer.clone(),
        Field::Licence => it.licence.clone(),
        Field::Version => it.version.clone().map(|version| match it.released {
            Some(date) => format!("{version}, {date}"),
            None => version,
        }),
        Field::Weights => some(&it.weights, |all| {
            let one = |it: &realm::world::WeightsFile| match &it.file {
                Some(file) => format!("{file} {}", it.sha256),
                None => it.sha256.clone(),
            };
            all.iter().map(one).collect::<Vec<_>>().join(", ")
        }),
        Field::BaseModels => it.base_models.as_ref().map(|all| list(all).unwrap_or_else(|| "[]".to_owned())),
        Field::TrainingData => match (list(&it.datasets), &it.training_data) {
            (Some(sets), Some(text)) => Some(format!("{sets}. {text}")),
            (sets, text) => sets.or_else(|| text.clone()),
        },
        Field::PersonalData => it.personal_data.map(|used| if used { "yes" } else { "no" }.to_owned()),
        Field::TrainingPlaces => list(&it.training_places),
        Field::Energy => it.training_energy_kwh.map(|kwh| format!("{kwh} kWh")),
        Field::IntendedUse => it.intended_use.clone(),
        Field::Limits => it.limits.clone(),
        Field::Languages => list(&it.languages),
        Field::Modalities => list(&it.inputs).zip(list(&it.outputs)).map(|(from, to)| format!("{from} → {to}")),
        Field::Contact => it.contact.clone(),
        Field::UpdateChannel => it.update_channel.as_ref().map(ToString::to_string),
        Field::Attestation => it.attestation.clone(),
        Field::Origin | Field::DataPlaces | Field::Compute | Field::Evaluations | Field::Document => None,
    }
}

fn results(all: &[PublishedResult]) -> String {
    let one = |it: &PublishedResult| format!("{} {} ({}, {})", it.suite, it.score, it.source, it.date);
    all.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn results_found(all: &[Found]) -> String {
    all.iter().map(|it| format!("{} {}", it.suite, it.score)).collect::<Vec<_>>().join("; ")
}

fn some<T>(all: &[T], told: impl Fn(&[T]) -> String) -> Option<String> {
    (!all.is_empty()).then(|| told(all))
}

fn list<T: ToString>(all: &[T]) -> Option<String> {
    some(all, |all| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}

/// Where a document says something else than the realm declares.
pub fn differences(model: &Model, document: &Document) -> Vec<Difference> {
    let said = [
        (Field::Licence, model.licence.clone(), document.stated.licence.clone()),
        (Field::Origin, Some(model.origin.to_string()), document.origin.as_ref().map(ToString::to_string)),
        (Field::DataPlaces, list(&model.training.data_jurisdictions), list(&document.data_places)),
        (
            Field::Compute,
            model.training.compute_flop_log10.map(|log| log.normalize().to_string()),
            document.compute_flop_log10.map(|log| log.normalize().to_string()),
        ),
    ];
    let differs = |(field, model, papers): (Field, Option<String>, Option<String>)| {
        let (model, papers) = (model?, papers?);
        (model != papers).then_some(Difference { field, model, papers })
    };
    said.into_iter().filter_map(differs).collect()
}

impl Document {
    /// The whole of what is known of a model, to be written out.
    pub fn of(world: &World, model: &Model) -> Self {
        let mut document = world.passports.get(&model.id).map(Self::of_passport).unwrap_or_default();
        document.name = Some(model.name.clone());
        document.origin = Some(model.origin.clone());
        document.data_places.clone_from(&model.training.data_jurisdictions);
        document.compute_flop_log10 = model.training.compute_flop_log10;
        let stated = &mut document.stated;
        let developer = world.organisations.get(&model.developer);
        stated.developer = stated.developer.take().or_else(|| developer.map(|it| it.name.clone()));
        stated.licence = model.licence.clone().or(stated.licence.take());
        if !model.languages.is_empty() {
            stated.languages.clone_from(&model.languages);
        }
        document
    }

    fn of_passport(passport: &Passport) -> Self {
        let found = |it: &PublishedResult| Found {
            suite: it.suite.clone(),
            metric: it.metric.clone(),
            score: it.score,
            questions: it.questions,
            date: Some(it.date),
            source: Some(it.source.clone()),
        };
        Self {
            stated: passport.stated.clone(),
            evaluations: passport.evaluations.iter().map(found).collect(),
            ..Self::default()
        }
    }
}
