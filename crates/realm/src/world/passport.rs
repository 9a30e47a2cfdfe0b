use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::{Jurisdiction, ModelId};

/// What papers say of a model, beside what the realm itself declares of it. It informs people and decides nothing: a rule
/// asks the `[[model]]` table and evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passport {
    /// Of which model.
    pub model: ModelId,
    /// What is stated.
    pub stated: Stated,
    /// Results that somebody published.
    pub evaluations: Vec<PublishedResult>,
    /// The documents it was taken from.
    pub sources: Vec<PassportSource>,
}

/// Statements about a model. What nobody stated is none, or an empty list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stated {
    /// The developer, as documents call it.
    pub developer: Option<String>,
    /// Licence of the weights.
    pub licence: Option<String>,
    /// Which edition of the model.
    pub version: Option<String>,
    /// When it came out.
    pub released: Option<Date>,
    /// Files of weights and their hashes.
    pub weights: Vec<WeightsFile>,
    /// What it was made from; an empty list says: from nothing.
    pub base_models: Option<Vec<String>>,
    /// Data sets it was trained on, by name.
    pub datasets: Vec<String>,
    /// Where training data came from, in words.
    pub training_data: Option<String>,
    /// Whether personal data was trained on.
    pub personal_data: Option<bool>,
    /// Where it was trained.
    pub training_places: Vec<Jurisdiction>,
    /// What training took, in kilowatt-hours.
    pub training_energy_kwh: Option<Decimal>,
    /// What it is meant for.
    pub intended_use: Option<String>,
    /// What it cannot do and is not for.
    pub limits: Option<String>,
    /// Languages, as tags.
    pub languages: Vec<String>,
    /// What goes in: `text`, `image`, `audio`, …
    pub inputs: Vec<String>,
    /// What comes out.
    pub outputs: Vec<String>,
    /// Whom to write to.
    pub contact: Option<String>,
    /// From where new versions come.
    pub update_channel: Option<Jurisdiction>,
    /// Where somebody vouches for the weights: an address.
    pub attestation: Option<String>,
}

/// A file of weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightsFile {
    /// Its name, where it is one of several.
    pub file: Option<String>,
    /// Its SHA-256, 64 hexadecimal digits.
    pub sha256: String,
}

/// A result that somebody published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedResult {
    /// On what.
    pub suite: String,
    /// What was measured, as `accuracy`.
    pub metric: Option<String>,
    /// The share of right answers, 0 to 1.
    pub score: Decimal,
    /// Of how many questions, where that is said.
    pub questions: Option<u64>,
    /// When.
    pub date: Date,
    /// By whom, or where.
    pub source: String,
}

/// A document that a passport was taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassportSource {
    /// Its form.
    pub kind: PassportForm,
    /// Its file's name.
    pub name: String,
    /// Its SHA-256.
    pub sha256: String,
    /// The day it was taken over.
    pub taken: Date,
    /// The day that it says of itself.
    pub dated: Option<Date>,
}

/// Forms of documents about models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassportForm {
    /// A model card of Hugging Face.
    ModelCard,
    /// A CycloneDX bill of materials with a model card.
    CycloneDx,
    /// An SPDX 3.0 document with the AI profile.
    Spdx,
    /// Something that people read.
    Paper,
}

impl PassportForm {
    /// Each, with the word of realm files.
    pub const ALL: [(&str, Self); 4] =
        [("model-card", Self::ModelCard), ("cyclonedx", Self::CycloneDx), ("spdx", Self::Spdx), ("paper", Self::Paper)];

    /// The word of realm files.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, form)| *form == self).map_or("", |(word, _)| word)
    }
}
