use rust_decimal::Decimal;

use super::{MOST, plain, texts};
use crate::ModelId;
use crate::load::context::{At, Item};
use crate::load::table::Table;
use crate::world::{Passport, PassportForm, PassportSource, PublishedResult, Stated, WeightsFile};

/// `[[passport]]`. One a model: a second one has been reported.
pub(in crate::load) fn passport(table: &Table<'_>) -> Option<Passport> {
    let model: Option<At<ModelId>> = table.require("model", table.link("model"));
    if let Some(model) = &model {
        let item = Item { place: table.place(), fields: [("id".to_owned(), model.place.span.clone())].into() };
        table.cx.declare("passport", model.value.as_str(), &model.place, item);
    }
    let stated = stated(table);
    let evaluations = table.subs("evaluations", "passport.evaluations", evaluation).map(plain);
    let sources = table.subs("sources", "passport.sources", source).map(plain);
    Some(Passport {
        model: model?.value,
        stated,
        evaluations: evaluations.unwrap_or_default(),
        sources: sources.unwrap_or_default(),
    })
}

fn stated(table: &Table<'_>) -> Stated {
    let text = |field| table.text(field).map(plain);
    Stated {
        developer: text("developer"),
        licence: text("licence"),
        version: text("version"),
        released: table.date("released").map(plain),
        weights: table.subs("weights", "passport.weights", weights).map(plain).unwrap_or_default(),
        base_models: table.texts("base_models").map(|all| all.value.into_iter().map(plain).collect()),
        datasets: texts(table, "datasets"),
        training_data: text("training_data"),
        personal_data: table.flag("personal_data").map(plain),
        training_places: table.jurisdictions("training_places").unwrap_or_default(),
        training_energy_kwh: table.decimal("training_energy_kwh", Decimal::ZERO..=Decimal::from(MOST)).map(plain),
        intended_use: text("intended_use"),
        limits: text("limits"),
        languages: texts(table, "languages"),
        inputs: texts(table, "inputs"),
        outputs: texts(table, "outputs"),
        contact: text("contact"),
        update_channel: table.jurisdiction("update_channel").map(plain),
        attestation: table.shaped("attestation", "address", is_address).map(plain),
    }
}

fn weights(table: &Table<'_>) -> Option<WeightsFile> {
    let file = table.text("file").map(plain);
    let sha256 = table.require("sha256", table.shaped("sha256", "sha256", is_sha256));
    Some(WeightsFile { file, sha256: sha256?.value })
}

fn evaluation(table: &Table<'_>) -> Option<PublishedResult> {
    let suite = table.require("suite", table.text("suite"));
    let metric = table.text("metric").map(plain);
    let score = table.require("score", table.decimal("score", Decimal::ZERO..=Decimal::ONE));
    let questions = table.whole("questions", 1..=u64::from(u32::MAX)).map(plain);
    let date = table.require("date", table.date("date"));
    let source = table.require("source", table.text("source"));
    Some(PublishedResult {
        suite: suite?.value,
        metric,
        score: score?.value,
        questions,
        date: date?.value,
        source: source?.value,
    })
}

fn source(table: &Table<'_>) -> Option<PassportSource> {
    let kind = table.require("kind", table.word("kind", &PassportForm::ALL));
    let name = table.require("name", table.text("name"));
    let sha256 = table.require("sha256", table.shaped("sha256", "sha256", is_sha256));
    let taken = table.require("taken", table.date("taken"));
    let dated = table.date("dated").map(plain);
    Some(PassportSource { kind: kind?.value, name: name?.value, sha256: sha256?.value, taken: taken?.value, dated })
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty()) && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}
