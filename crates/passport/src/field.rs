//! The fields that we ask of a passport, and what to do about each that is missing.

use realm::load::Lang;

use crate::say::{MESSAGES, say};

/// A field that a passport should have. Each counts the same: a score that weighs them would hide which is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is its title in the catalogue")]
pub enum Field {
    Developer,
    Origin,
    Licence,
    Version,
    Weights,
    BaseModels,
    TrainingData,
    DataPlaces,
    PersonalData,
    Compute,
    TrainingPlaces,
    Energy,
    Evaluations,
    IntendedUse,
    Limits,
    Languages,
    Modalities,
    Contact,
    UpdateChannel,
    Attestation,
    Document,
}

impl Field {
    /// Every field, in the order in which a passport is read.
    pub const ALL: [Self; 21] = [
        Self::Developer,
        Self::Origin,
        Self::Licence,
        Self::Version,
        Self::Weights,
        Self::BaseModels,
        Self::TrainingData,
        Self::DataPlaces,
        Self::PersonalData,
        Self::Compute,
        Self::TrainingPlaces,
        Self::Energy,
        Self::Evaluations,
        Self::IntendedUse,
        Self::Limits,
        Self::Languages,
        Self::Modalities,
        Self::Contact,
        Self::UpdateChannel,
        Self::Attestation,
        Self::Document,
    ];

    /// Its name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::Origin => "origin",
            Self::Licence => "licence",
            Self::Version => "version",
            Self::Weights => "weights",
            Self::BaseModels => "base_models",
            Self::TrainingData => "training_data",
            Self::DataPlaces => "data_places",
            Self::PersonalData => "personal_data",
            Self::Compute => "compute",
            Self::TrainingPlaces => "training_places",
            Self::Energy => "training_energy",
            Self::Evaluations => "evaluations",
            Self::IntendedUse => "intended_use",
            Self::Limits => "limits",
            Self::Languages => "languages",
            Self::Modalities => "modalities",
            Self::Contact => "contact",
            Self::UpdateChannel => "update_channel",
            Self::Attestation => "attestation",
            Self::Document => "document",
        }
    }

    /// Its name for people.
    pub fn title(self, lang: Lang) -> String {
        say(lang, &format!("passport-field-{}", self.as_str()))
    }

    /// What to do where it is missing.
    pub fn remedy(self, lang: Lang) -> String {
        MESSAGES.text(lang, &format!("passport-field-{}", self.as_str()), &[]).expected.unwrap_or_default()
    }
}
