//! From bytes to what they say of a model: three forms, told apart by their content.

mod bag;
mod body;
mod card;
mod cyclonedx;
mod result;
mod spdx;
mod words;
mod yaml;

use std::path::Path;
use std::sync::Arc;

use realm::load::{Diagnostic, Source};
use realm::world::PassportForm;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::document::{Document, Left, Why};
use crate::say::MESSAGES;
pub(crate) use bag::clean;
use bag::{LIST_MAX, Notes};
pub(crate) use words::spdx_licence;

/// More than any document about a model is long.
pub const BYTES_MAX: u64 = 4 << 20;
/// As deep as any of them goes, and shallow enough to walk.
const DEPTH_MAX: usize = 64;

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The form of the document.
    pub form: PassportForm,
    /// What it says.
    pub document: Document,
    /// What of it was not taken over, in the order of the reading.
    pub left: Vec<Left>,
}

/// Reads a document; of several models that it describes, the one of a name.
///
/// # Errors
/// It is too large, no text, no document about a model, or broken: with its file and, where there is one, the place.
pub fn read(path: &Path, bytes: &[u8], component: Option<&str>) -> Result<Read, Vec<Diagnostic>> {
    one(path, bytes, component).map_err(|problem| vec![*problem])
}

type Broken = Box<Diagnostic>;

fn one(path: &Path, bytes: &[u8], component: Option<&str>) -> Result<Read, Broken> {
    let of_file = |code| Diagnostic::error(code, &MESSAGES).in_file(path);
    if bytes.len() as u64 > BYTES_MAX {
        return Err(Box::new(of_file("passport.too_large").arg("most", BYTES_MAX.to_string())));
    }
    let text = std::str::from_utf8(bytes);
    let text = text.map_err(|error| of_file("passport.not_utf8").arg("byte", error.valid_up_to().to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Arc::new(Source { path: path.to_owned(), text: text.to_owned() });
    let notes = Notes::default();
    let is_card = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md"));
    let (form, mut document) = if text.starts_with("---") || (is_card && !text.trim_start().starts_with('{')) {
        (PassportForm::ModelCard, card::read(&source, &notes)?)
    } else {
        let fields = object(&source)?;
        if fields.get("bomFormat").and_then(Value::as_str) == Some("CycloneDX") {
            (PassportForm::CycloneDx, cyclonedx::read(fields, component, &notes, &of_file)?)
        } else if is_spdx(&fields) {
            (PassportForm::Spdx, spdx::read(fields, component, &notes, &of_file)?)
        } else {
            return Err(Box::new(of_file("passport.form")));
        }
    };
    once_each(&mut document, &notes);
    Ok(Read { form, document, left: notes.into_left() })
}

/// A list of a passport holds each of its entries once.
fn once_each(document: &mut Document, notes: &Notes) {
    fn once<T: PartialEq + Clone>(all: &mut Vec<T>, field: &str, notes: &Notes) {
        let mut kept: Vec<T> = Vec::new();
        for one in all.drain(..) {
            if kept.contains(&one) {
                notes.left(field, Why::Twice);
            } else if kept.len() == LIST_MAX {
                notes.left(field, Why::TooLong);
            } else {
                kept.push(one);
            }
        }
        *all = kept;
    }
    let stated = &mut document.stated;
    for (field, all) in [
        ("datasets", &mut stated.datasets),
        ("languages", &mut stated.languages),
        ("inputs", &mut stated.inputs),
        ("outputs", &mut stated.outputs),
    ] {
        once(all, field, notes);
    }
    stated.base_models.iter_mut().for_each(|all| once(all, "base_models", notes));
    once(&mut stated.training_places, "training_places", notes);
    once(&mut document.data_places, "data_places", notes);
    once(&mut stated.weights, "weights", notes);
    once(&mut document.evaluations, "evaluations", notes);
}

fn is_spdx(fields: &Map<String, Value>) -> bool {
    let names = |value: &Value| value.as_str().is_some_and(|context| context.contains("spdx.org/rdf/3."));
    match fields.get("@context") {
        Some(Value::Array(all)) => all.iter().any(names),
        Some(one) => names(one),
        None => false,
    }
}

/// The object that a text is.
fn object(source: &Arc<Source>) -> Result<Map<String, Value>, Broken> {
    let broken = |line: usize, column: usize, why: String| {
        let at = byte_of(&source.text, line, column);
        Box::new(Diagnostic::error("passport.json", &MESSAGES).arg("why", why).at(source, at..at))
    };
    match serde_json::from_str(&source.text) {
        Ok(Value::Object(fields)) if depth_of(&fields) <= DEPTH_MAX => Ok(fields),
        Ok(Value::Object(_)) => Err(broken(1, 1, format!("deeper than {DEPTH_MAX}"))),
        // Neither JSON's beginning nor a card's: what it is, nobody knows.
        _ if !source.text.trim_start().starts_with(['{', '[']) => {
            Err(Box::new(Diagnostic::error("passport.form", &MESSAGES).in_file(&source.path)))
        }
        Ok(_) => Err(broken(1, 1, "no object".to_owned())),
        Err(error) => Err(broken(error.line(), error.column(), error.to_string())),
    }
}

/// How deep a value goes. The parser itself stops at 128, so this ends soon.
fn depth_of(fields: &Map<String, Value>) -> usize {
    let of = |value: &Value| match value {
        Value::Object(fields) => depth_of(fields),
        Value::Array(all) => 1 + all.iter().map(depth_of_value).max().unwrap_or(0),
        _ => 0,
    };
    1 + fields.values().map(of).max().unwrap_or(0)
}

fn depth_of_value(value: &Value) -> usize {
    match value {
        Value::Object(fields) => depth_of(fields),
        Value::Array(all) => 1 + all.iter().map(depth_of_value).max().unwrap_or(0),
        _ => 0,
    }
}

/// The byte of a line and a column, both from 1 and the column in characters; within the text, whatever they are.
fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[start..];
    let within = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
    start + within
}

/// Of several models the one of a name; the others are left.
fn one_of<T>(
    named: Vec<(String, T)>,
    wanted: Option<&str>,
    other: impl Fn(&T),
    of_file: &dyn Fn(&'static str) -> Diagnostic,
) -> Result<(String, T), Broken> {
    let names = named.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    let count = named.len();
    let mut found = None;
    for (name, one) in named {
        if found.is_none() && wanted.map_or(count == 1, |wanted| wanted == name) {
            found = Some((name, one));
        } else {
            other(&one);
        }
    }
    let code = if count == 0 { "passport.no_model" } else { "passport.which_model" };
    // Named without what would end a line.
    let names: String = names.chars().filter(|c| !c.is_control()).take(400).collect();
    found.ok_or_else(|| Box::new(of_file(code).arg("names", names)))
}

/// Whether a passport may hold it as kilowatt-hours.
fn is_energy(kwh: Decimal) -> bool {
    (Decimal::ZERO..=Decimal::from(1_000_000_000_000u64)).contains(&kwh)
}
