//! A model's passport: what of our fields is stated, where, and what is missing.

use ::passport::Sheet;
use realm::ModelId;
use realm::load::Lang;
use realm::world::{PassportSource, PublishedResult};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{ErrorBody, json};
use super::call::Call;
use super::routes::{Answered, Scope};
use crate::trouble::Trouble;

/// A passport as it stands.
#[derive(Serialize, ToSchema)]
pub struct PassportSheet {
    pub model: String,
    pub name: String,
    /// How many of the fields that a passport should have are stated.
    pub present: usize,
    /// How many there are.
    pub total: usize,
    /// The share that is stated, rounded down: 100 is all.
    pub percent: usize,
    pub stated: Vec<Statement>,
    /// What is missing.
    pub gaps: Vec<Gap>,
    /// Where the papers say something else than the realm declares; rules ask the realm.
    pub differences: Vec<Differs>,
    /// Results that the passport repeats.
    pub evaluations: Vec<PassportResult>,
    /// The documents it was taken from.
    pub sources: Vec<SourceInfo>,
}

/// A field that is stated.
#[derive(Serialize, ToSchema)]
pub struct Statement {
    pub field: &'static str,
    pub value: String,
    /// `model`: in the realm's `[[model]]`; `passport`: in its `[[passport]]`.
    pub stands_in: &'static str,
}

/// A field that is missing.
#[derive(Serialize, ToSchema)]
pub struct Gap {
    pub field: &'static str,
    pub title: String,
    /// What to do.
    pub remedy: String,
}

/// Two statements that differ.
#[derive(Serialize, ToSchema)]
pub struct Differs {
    pub field: &'static str,
    pub model: String,
    pub papers: String,
}

/// A result that somebody published.
#[derive(Serialize, ToSchema)]
pub struct PassportResult {
    pub suite: String,
    pub metric: Option<String>,
    /// The share of right answers, 0 to 1, in digits.
    pub score: String,
    pub questions: Option<u64>,
    #[schema(format = Date)]
    pub date: String,
    pub source: String,
}

/// A document that a passport was taken from.
#[derive(Serialize, ToSchema)]
pub struct SourceInfo {
    /// `model-card`, `cyclonedx`, `spdx` or `paper`.
    pub kind: &'static str,
    pub name: String,
    pub sha256: String,
    #[schema(format = Date)]
    pub taken: String,
    /// The day that it says of itself.
    #[schema(format = Date)]
    pub dated: Option<String>,
}

impl PassportResult {
    fn of(it: &PublishedResult) -> Self {
        Self {
            suite: it.suite.clone(),
            metric: it.metric.clone(),
            score: it.score.to_string(),
            questions: it.questions,
            date: it.date.to_string(),
            source: it.source.clone(),
        }
    }
}

impl SourceInfo {
    fn of(it: &PassportSource) -> Self {
        Self {
            kind: it.kind.as_str(),
            name: it.name.clone(),
            sha256: it.sha256.clone(),
            taken: it.taken.to_string(),
            dated: it.dated.map(|date| date.to_string()),
        }
    }
}

/// One model's passport, with what is missing and what to do about it.
#[utoipa::path(get, path = "/api/v1/models/{model}/passport", tag = "supply",
    params(("model" = String, Path, description = "Its id"), Scope), responses(
    (status = 200, body = PassportSheet), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) fn get_passport(call: &Call<'_>) -> Answered {
    call.plain()?;
    let world = call.desk.world();
    let id = ModelId::new(call.name()).map_err(|_| Trouble::NotFound)?;
    let model = world.models.get(&id).ok_or(Trouble::NotFound)?;
    let passport = world.passports.get(&id);
    let sheet = Sheet::of(model, passport);
    let gap = |field: ::passport::Field| Gap {
        field: field.as_str(),
        title: field.title(Lang::En),
        remedy: field.remedy(Lang::En),
    };
    let stated = sheet.entries.iter().filter_map(|it| {
        let (value, said) = it.stated.clone()?;
        Some(Statement { field: it.field.as_str(), value, stands_in: said.as_str() })
    });
    let differs = |it: &::passport::Difference| Differs {
        field: it.field.as_str(),
        model: it.model.clone(),
        papers: it.papers.clone(),
    };
    Ok(json(&PassportSheet {
        model: id.to_string(),
        name: model.name.clone(),
        present: sheet.present(),
        total: sheet.total(),
        percent: sheet.percent(),
        stated: stated.collect(),
        gaps: sheet.gaps().map(gap).collect(),
        differences: sheet.differences.iter().map(differs).collect(),
        evaluations: passport.iter().flat_map(|it| &it.evaluations).map(PassportResult::of).collect(),
        sources: passport.iter().flat_map(|it| &it.sources).map(SourceInfo::of).collect(),
    }))
}
