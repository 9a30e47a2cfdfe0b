//! A passport as realm text. What people wrote in the file, and their comments, stays.

use realm::ModelId;
use realm::world::{Passport, PublishedResult, WeightsFile};
use toml_edit::{Array, ArrayOfTables, Date, Datetime, DocumentMut, InlineTable, Item, Table, Value};

/// A file that holds something else than a passport of the model, or none that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unwritable;

/// Writes fields of a passport, and those alone, into the text of a file that may hold the passport already.
///
/// # Errors
/// The text is no TOML, or its `passport` is no list of tables.
pub fn write(before: &str, passport: &Passport, fields: &[&str]) -> Result<String, Unwritable> {
    let mut file: DocumentMut = before.parse().map_err(|_| Unwritable)?;
    let tables = file.entry("passport").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let tables = tables.as_array_of_tables_mut().ok_or(Unwritable)?;
    let id = passport.model.as_str();
    let of_model = |table: &Table| table.get("model").and_then(Item::as_str) == Some(id);
    if !tables.iter().any(of_model) {
        let mut table = Table::new();
        table.insert("model", id.into());
        tables.push(table);
    }
    let table = tables.iter_mut().find(|table| of_model(table)).ok_or(Unwritable)?;
    for field in fields {
        if let Some(value) = value(passport, field) {
            table.insert(field, Item::Value(value));
        }
    }
    Ok(file.to_string())
}

/// Whether the text of a file holds the passport of a model.
pub fn holds(text: &str, model: &ModelId) -> bool {
    let Ok(file) = text.parse::<DocumentMut>() else { return false };
    let tables = file.get("passport").and_then(Item::as_array_of_tables);
    tables.is_some_and(|tables| {
        tables.iter().any(|table| table.get("model").and_then(Item::as_str) == Some(model.as_str()))
    })
}

fn value(passport: &Passport, field: &str) -> Option<Value> {
    let it = &passport.stated;
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    Some(match field {
        "developer" => text(&it.developer)?,
        "licence" => text(&it.licence)?,
        "version" => text(&it.version)?,
        "released" => day(it.released?),
        "weights" => lines(it.weights.iter().map(weights)),
        "base_models" => words(it.base_models.as_ref()?),
        "datasets" => words(&it.datasets),
        "training_data" => text(&it.training_data)?,
        "personal_data" => it.personal_data?.into(),
        "training_places" => words(&it.training_places),
        "training_energy_kwh" => it.training_energy_kwh?.to_string().into(),
        "intended_use" => text(&it.intended_use)?,
        "limits" => text(&it.limits)?,
        "languages" => words(&it.languages),
        "inputs" => words(&it.inputs),
        "outputs" => words(&it.outputs),
        "contact" => text(&it.contact)?,
        "update_channel" => it.update_channel.as_ref()?.as_str().into(),
        "attestation" => text(&it.attestation)?,
        "evaluations" => lines(passport.evaluations.iter().map(result)),
        "sources" => lines(passport.sources.iter().map(|it| {
            let mut table = InlineTable::new();
            table.insert("kind", it.kind.as_str().into());
            table.insert("name", it.name.as_str().into());
            table.insert("sha256", it.sha256.as_str().into());
            table.insert("taken", day(it.taken));
            table.extend(it.dated.map(|date| ("dated", day(date))));
            table
        })),
        _ => return None,
    })
}

fn weights(it: &WeightsFile) -> InlineTable {
    let mut table = InlineTable::new();
    table.extend(it.file.as_deref().map(|file| ("file", Value::from(file))));
    table.insert("sha256", it.sha256.as_str().into());
    table
}

fn result(it: &PublishedResult) -> InlineTable {
    let mut table = InlineTable::new();
    table.insert("suite", it.suite.as_str().into());
    table.extend(it.metric.as_deref().map(|metric| ("metric", Value::from(metric))));
    table.insert("score", it.score.to_string().into());
    // A reader of ours holds no more than this many.
    table.extend(it.questions.and_then(|n| i64::try_from(n).ok()).map(|n| ("questions", Value::from(n))));
    table.insert("date", day(it.date));
    table.insert("source", it.source.as_str().into());
    table
}

fn day(date: jiff::civil::Date) -> Value {
    let part = |n: i8| u8::try_from(n).unwrap_or_default();
    let date =
        Date { year: u16::try_from(date.year()).unwrap_or_default(), month: part(date.month()), day: part(date.day()) };
    Datetime { date: Some(date), time: None, offset: None }.into()
}

fn words<T: ToString>(all: &[T]) -> Value {
    Value::Array(all.iter().map(ToString::to_string).collect::<Array>())
}

/// One table a line.
fn lines(all: impl Iterator<Item = InlineTable>) -> Value {
    let mut list = Array::new();
    for mut table in all {
        table.fmt();
        let mut value = Value::InlineTable(table);
        value.decor_mut().set_prefix("\n    ");
        list.push_formatted(value);
    }
    list.set_trailing_comma(true);
    list.set_trailing("\n");
    Value::Array(list)
}
