//! What one document says, whatever its form.

use jiff::civil::Date;
use realm::Jurisdiction;
use realm::load::Lang;
use realm::world::{PublishedResult, Stated};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::say::say;

/// What a document says of a model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// What it calls the model.
    pub name: Option<String>,
    /// The developer's jurisdiction.
    pub origin: Option<Jurisdiction>,
    /// Where training data came from.
    pub data_places: Vec<Jurisdiction>,
    /// log10 of the floating-point operations of training.
    pub compute_flop_log10: Option<Decimal>,
    /// What a passport holds.
    pub stated: Stated,
    /// Results that it repeats.
    pub evaluations: Vec<Found>,
    /// The day that it says of itself.
    pub dated: Option<Date>,
}

impl Document {
    /// Takes out the places that a realm does not know: they would stop it from being used.
    pub fn only_places(&mut self, knows: impl Fn(&Jurisdiction) -> bool) -> Vec<Left> {
        let mut left = Vec::new();
        let mut stays = |field: &str, place: &Jurisdiction| {
            let known = knows(place);
            if !known {
                left.push(Left { place: format!("{field} ({place})"), why: Why::Kind });
            }
            known
        };
        self.origin = self.origin.take().filter(|place| stays("origin", place));
        self.data_places.retain(|place| stays("data_places", place));
        self.stated.training_places.retain(|place| stays("training_places", place));
        self.stated.update_channel = self.stated.update_channel.take().filter(|place| stays("update_channel", place));
        left
    }
}

/// A result as a document tells it: not every document says of when it is, and whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// On what.
    pub suite: String,
    /// What was measured.
    pub metric: Option<String>,
    /// The share of right answers, 0 to 1.
    pub score: Decimal,
    /// Of how many questions.
    pub questions: Option<u64>,
    /// When.
    pub date: Option<Date>,
    /// By whom, or where.
    pub source: Option<String>,
}

impl Found {
    /// The result with its day and whose it is, as far as one of both is known.
    pub fn dated(&self, date: Option<Date>, source: &str) -> Option<PublishedResult> {
        Some(PublishedResult {
            suite: self.suite.clone(),
            metric: self.metric.clone(),
            score: self.score,
            questions: self.questions,
            date: self.date.or(date)?,
            source: self.source.clone().unwrap_or_else(|| source.to_owned()),
        })
    }
}

/// Something in a document that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Where it stands, as `model-index[0].results[2].metrics[1]`.
    pub place: String,
    /// Why it was left.
    pub why: Why,
}

/// Why something was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A passport has no field for it.
    Unknown,
    /// It is not of the kind that stands there.
    Kind,
    /// A text, list or number beyond our bounds.
    TooLong,
    /// A result that is no share of right answers.
    NotAShare,
    /// A part of another model of the same document.
    OtherModel,
    /// What is said twice.
    Twice,
}

impl Why {
    /// In words.
    pub fn told(self, lang: Lang) -> String {
        let key = match self {
            Self::Unknown => "passport-left-unknown",
            Self::Kind => "passport-left-kind",
            Self::TooLong => "passport-left-too_long",
            Self::NotAShare => "passport-left-not_a_share",
            Self::OtherModel => "passport-left-other_model",
            Self::Twice => "passport-left-twice",
        };
        say(lang, key)
    }
}
