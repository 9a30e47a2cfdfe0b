//! What a document adds to a passport: it fills gaps and contradicts nothing.

use jiff::civil::Date;
use realm::ModelId;
use realm::world::{Passport, PassportSource, PublishedResult, Stated};

use crate::document::Document;

/// A passport with what a document adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The passport as it is now.
    pub passport: Passport,
    /// Fields of the realm's table that the document filled.
    pub added: Vec<&'static str>,
    /// Fields in which the document says something else: the passport's own word stays.
    pub kept: Vec<&'static str>,
    /// The results that are new.
    pub results: Vec<PublishedResult>,
    /// Results that say neither themselves nor by their document of when they are: they are not taken.
    pub undated: usize,
}

/// Adds what a document says to a passport. Results without a day get `date`, or the document's own; those without a
/// source get its name.
pub fn merge(
    before: Option<&Passport>,
    model: &ModelId,
    document: &Document,
    source: PassportSource,
    date: Option<Date>,
) -> Merged {
    let mut passport = before.cloned().unwrap_or_else(|| Passport {
        model: model.clone(),
        stated: Stated::default(),
        evaluations: Vec::new(),
        sources: Vec::new(),
    });
    let (mut added, mut kept) = (Vec::new(), Vec::new());
    fill(&mut passport.stated, &document.stated, &mut added, &mut kept);
    let (mut results, mut undated) = (Vec::new(), 0);
    for found in &document.evaluations {
        match found.dated(date.or(document.dated), &source.name) {
            Some(result) if passport.evaluations.contains(&result) => {}
            Some(result) => {
                passport.evaluations.push(result.clone());
                results.push(result);
            }
            None => undated += 1,
        }
    }
    if !results.is_empty() {
        added.push("evaluations");
    }
    if !passport.sources.iter().any(|it| it.sha256 == source.sha256) {
        passport.sources.push(source);
        added.push("sources");
    }
    Merged { passport, added, kept, results, undated }
}

fn fill(into: &mut Stated, from: &Stated, added: &mut Vec<&'static str>, kept: &mut Vec<&'static str>) {
    macro_rules! each {
        ($($field:ident: $is_none:path),* $(,)?) => {$(
            if !$is_none(&from.$field) && from.$field != into.$field {
                if $is_none(&into.$field) {
                    into.$field = from.$field.clone();
                    added.push(stringify!($field));
                } else {
                    kept.push(stringify!($field));
                }
            }
        )*};
    }
    each! {
        developer: Option::is_none, licence: Option::is_none, version: Option::is_none, released: Option::is_none,
        weights: Vec::is_empty, base_models: Option::is_none, datasets: Vec::is_empty,
        training_data: Option::is_none, personal_data: Option::is_none, training_places: Vec::is_empty,
        training_energy_kwh: Option::is_none, intended_use: Option::is_none, limits: Option::is_none,
        languages: Vec::is_empty, inputs: Vec::is_empty, outputs: Vec::is_empty, contact: Option::is_none,
        update_channel: Option::is_none, attestation: Option::is_none,
    }
}
