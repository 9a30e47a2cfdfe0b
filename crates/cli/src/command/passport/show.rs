//! What is known of passports, for people and for programs.

use ::passport::{Said, Sheet};
use anyhow::Result;
use realm::world::{Model, Passport, PassportSource, PublishedResult};
use serde_json::{Value, json};

use super::named;
use crate::command::Run;
use crate::ended::Ended;
use crate::lang::{Lang, say};
use crate::{output, realms};

pub(super) fn ls(run: &Run) -> Result<Ended> {
    let checked = realms::open(&run.realm)?;
    let world = &checked.snapshot.world;
    let all = world.models.values().map(|model| (model, world.passports.get(&model.id)));
    if run.json {
        let one = |(model, passport): (&Model, Option<&Passport>)| head(model, passport, &Sheet::of(model, passport));
        output::json(&all.map(one).collect::<Vec<_>>())?;
        return Ok(Ended::Done);
    }
    let row = |(model, passport): (&Model, Option<&Passport>)| {
        let sheet = Sheet::of(model, passport);
        let last = passport.and_then(|it| it.sources.iter().map(|source| source.taken).max());
        vec![
            model.id.to_string(),
            format!("{}/{}", sheet.present(), sheet.total()),
            format!("{} %", sheet.percent()),
            passport.map_or(0, |it| it.evaluations.len()).to_string(),
            last.map_or_else(|| "–".to_owned(), |date| date.to_string()),
            sheet.gaps().map(passport::Field::as_str).collect::<Vec<_>>().join(" "),
        ]
    };
    let rows: Vec<Vec<String>> = all.map(row).collect();
    output::table(run.lang, &["model", "stated", "share", "results", "document", "missing"], &[1, 2, 3], &rows)?;
    Ok(Ended::Done)
}

pub(super) fn show(run: &Run, id: &str) -> Result<Ended> {
    let checked = realms::open(&run.realm)?;
    let world = &checked.snapshot.world;
    let model = named(world, id)?;
    let passport = world.passports.get(&model.id);
    let sheet = Sheet::of(model, passport);
    if run.json {
        let mut value = head(model, passport, &sheet);
        value["evaluations"] = passport.iter().flat_map(|it| &it.evaluations).map(result).collect();
        value["sources"] = passport.iter().flat_map(|it| &it.sources).map(source).collect();
        output::json(&value)?;
        return Ok(Ended::Done);
    }
    let mut page = statements(run.lang, model, &sheet);
    page.push_str(&documents(run.lang, passport));
    page.push_str(&gaps(run.lang, &sheet));
    output::text(&page)?;
    Ok(Ended::Done)
}

/// What is stated, and where the papers say something else.
fn statements(lang: Lang, model: &Model, sheet: &Sheet) -> String {
    let args = [
        ("name", model.name.clone()),
        ("present", sheet.present().to_string()),
        ("total", sheet.total().to_string()),
        ("percent", sheet.percent().to_string()),
    ];
    let mut page = format!("{}\n\n", say(lang, "passport-head", &args));
    for (field, text, said) in
        sheet.entries.iter().filter_map(|it| Some((it.field, &it.stated.as_ref()?.0, it.stated.as_ref()?.1)))
    {
        let mark = if said == Said::Model { "passport-by-model" } else { "passport-by-papers" };
        let text = text.replace('\n', " ");
        page.push_str(&format!("{}: {text} [{}]\n", field.title(lang), say(lang, mark, &[])));
    }
    for one in &sheet.differences {
        let args = [("field", one.field.title(lang)), ("model", one.model.clone()), ("papers", one.papers.clone())];
        page.push_str(&format!("{}\n", say(lang, "passport-differs", &args)));
    }
    page
}

/// The documents behind it.
fn documents(lang: Lang, passport: Option<&Passport>) -> String {
    let mut page = String::new();
    for it in passport.iter().flat_map(|it| &it.sources) {
        let args = [
            ("kind", it.kind.as_str().to_owned()),
            ("name", it.name.clone()),
            ("sha256", it.sha256.clone()),
            ("taken", it.taken.to_string()),
        ];
        page.push_str(&format!("{}\n", say(lang, "passport-source", &args)));
    }
    page
}

/// What is missing, each with what to do.
pub(super) fn gaps(lang: Lang, sheet: &Sheet) -> String {
    let mut page = String::new();
    for (index, field) in sheet.gaps().enumerate() {
        if index == 0 {
            page.push_str(&format!("\n{}\n", say(lang, "passport-missing", &[])));
        }
        page.push_str(&format!("  {}: {}\n", field.title(lang), field.remedy(lang)));
    }
    page
}

fn head(model: &Model, passport: Option<&Passport>, sheet: &Sheet) -> Value {
    json!({
        "model": model.id, "name": model.name, "completeness": sheet.to_json(),
        "results": passport.map_or(0, |it| it.evaluations.len()),
        "documents": passport.map_or(0, |it| it.sources.len()),
    })
}

fn result(it: &PublishedResult) -> Value {
    json!({
        "known": "published", "suite": it.suite, "metric": it.metric, "score": it.score.to_string(),
        "questions": it.questions, "date": it.date.to_string(), "source": it.source,
    })
}

fn source(it: &PassportSource) -> Value {
    json!({
        "kind": it.kind.as_str(), "name": it.name, "sha256": it.sha256, "taken": it.taken.to_string(),
        "dated": it.dated.map(|date| date.to_string()),
    })
}
