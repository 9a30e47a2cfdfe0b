//! One model's passport: how complete it is, what is missing and what to do, and the documents behind it.

use ::passport::{Entry, Field, Said, Sheet};
use realm::ModelId;
use realm::world::{Passport, PassportSource, PublishedResult};
use rust_decimal::prelude::ToPrimitive;

use crate::ask::encoded;
use crate::block::{Block, Fact, Facts, Page};
use crate::context::{Context, Trouble};
use crate::table::{Cell, Table, columns};

/// The page of the model that the path names.
///
/// # Errors
/// The realm has none of that id.
pub fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let id = ModelId::new(cx.name()).map_err(|_| Trouble::NotFound)?;
    let model = cx.world().models.get(&id).ok_or(Trouble::NotFound)?;
    let passport = cx.world().passports.get(&id);
    let sheet = Sheet::of(model, passport);
    let blocks = vec![
        facts(cx, &sheet, passport),
        Block::Table(gaps(cx, &sheet)),
        Block::Table(stated(cx, &sheet)),
        Block::Table(differences(cx, &sheet)),
        Block::Table(results(cx, passport)),
        Block::Table(sources(cx, passport)),
    ];
    Ok(Page { menu: "models", title: model.name.clone(), lead: cx.t("passport-lead"), blocks, ..Page::default() })
}

/// How much is stated, as a table's cell that leads to the page.
pub(super) fn completeness(cx: &Context<'_>, model: &realm::world::Model) -> Cell {
    let sheet = Sheet::of(model, cx.world().passports.get(&model.id));
    let href = format!("/console/models/{}", encoded(model.id.as_str()));
    let part = format!("{} / {}", sheet.present(), sheet.total());
    Cell::of(percent(&sheet), sheet.percent()).note(part).to(href).tone(tone(&sheet))
}

fn percent(sheet: &Sheet) -> String {
    format!("{} %", sheet.percent())
}

/// Half of it is little enough to look at.
fn tone(sheet: &Sheet) -> &'static str {
    if sheet.percent() < 50 { "warn" } else { "" }
}

fn facts(cx: &Context<'_>, sheet: &Sheet, passport: Option<&Passport>) -> Block {
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let last = passport.and_then(|it| it.sources.iter().map(|source| source.taken).max());
    let part = [("present", sheet.present().to_string()), ("total", sheet.total().to_string())];
    let complete =
        Fact { note: cx.words.say("passport-part", &part), tone: tone(sheet), ..fact("col-complete", percent(sheet)) };
    let items = vec![
        complete,
        fact("passport-gaps", cx.words.count(sheet.gaps().count() as u64)),
        fact("col-taken", last.map_or_else(|| "–".to_owned(), |date| date.to_string())),
    ];
    Block::Facts(Facts { items, large: true, title: String::new() })
}

fn name(cx: &Context<'_>, field: Field) -> Cell {
    Cell::of(field.title(cx.words.lang), field.as_str())
}

fn gaps(cx: &Context<'_>, sheet: &Sheet) -> Table {
    Table {
        name: "gaps",
        title: cx.t("passport-gaps"),
        note: cx.t("passport-gaps-note"),
        empty: cx.t("passport-gaps-none"),
        columns: columns(&cx.words, "field todo"),
        rows: sheet.gaps().map(|field| vec![name(cx, field), Cell::text(field.remedy(cx.words.lang))]).collect(),
        ..Table::default()
    }
}

fn stated(cx: &Context<'_>, sheet: &Sheet) -> Table {
    let row = |it: &Entry| {
        let (text, said) = it.stated.as_ref()?;
        let word = if *said == Said::Model { "model" } else { "papers" };
        Some(vec![
            name(cx, it.field),
            Cell::text(text.as_str()),
            Cell::of(cx.words.word("stands", word), said.as_str()),
        ])
    };
    Table {
        name: "stated",
        title: cx.t("passport-stated"),
        empty: cx.t("passport-stated-none"),
        columns: columns(&cx.words, "field stated stands_in"),
        rows: sheet.entries.iter().filter_map(row).collect(),
        ..Table::default()
    }
}

fn differences(cx: &Context<'_>, sheet: &Sheet) -> Table {
    let rows = sheet.differences.iter();
    Table {
        name: "differences",
        title: cx.t("passport-differences"),
        note: cx.t("passport-differences-note"),
        empty: cx.t("passport-differences-none"),
        columns: columns(&cx.words, "field realm papers"),
        rows: rows
            .map(|it| vec![name(cx, it.field), Cell::text(it.model.as_str()), Cell::text(it.papers.as_str())])
            .collect(),
        ..Table::default()
    }
}

fn results(cx: &Context<'_>, passport: Option<&Passport>) -> Table {
    let row = |it: &PublishedResult| {
        let share = it.score.to_f64().unwrap_or_default();
        vec![
            Cell::text(it.suite.as_str()).note(it.metric.clone().unwrap_or_default()),
            Cell::of(format!("{} %", cx.words.tenth(share * 100.0)), share),
            it.questions.map_or_else(Cell::none, |n| Cell::of(cx.words.count(n), n)),
            Cell::text(it.date.to_string()),
            Cell::text(it.source.as_str()),
        ]
    };
    Table {
        name: "results",
        title: cx.t("passport-results"),
        note: cx.t("passport-results-note"),
        empty: cx.t("passport-results-none"),
        columns: columns(&cx.words, "suite #score #questions published source"),
        rows: passport.iter().flat_map(|it| &it.evaluations).map(row).collect(),
        ..Table::default()
    }
}

fn sources(cx: &Context<'_>, passport: Option<&Passport>) -> Table {
    let row = |it: &PassportSource| {
        vec![
            Cell::text(it.name.as_str()),
            Cell::of(cx.words.word("form", it.kind.as_str()), it.kind.as_str()),
            Cell::code(it.sha256.as_str()),
            Cell::text(it.taken.to_string()),
            it.dated.map_or_else(Cell::none, |date| Cell::text(date.to_string())),
        ]
    };
    Table {
        name: "sources",
        title: cx.t("passport-sources"),
        note: cx.t("passport-sources-note"),
        empty: cx.t("passport-sources-none"),
        columns: columns(&cx.words, "document form sha256 taken dated"),
        rows: passport.iter().flat_map(|it| &it.sources).map(row).collect(),
        ..Table::default()
    }
}
