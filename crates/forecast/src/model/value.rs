//! Distributions as files write them: `3`, `"10 to 100"`, `{ pert = [0, 3, 10] }`, `{ mixture = […] }`.

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::table::{Reading, Table, number};
use crate::dist::{Distribution, Error};

/// Deepest nesting of mixtures.
const DEPTH_MAX: usize = 4;
/// Most parts of a mixture, and most fitted quantiles.
const PARTS_MAX: usize = 64;

type Made = Result<Distribution, Error>;

/// Makes a distribution of its list of numbers.
type Of = fn(&[f64]) -> Made;

/// Words, how many numbers follow, and what they make.
const BY_NUMBERS: [(&str, usize, Of); 6] = [
    ("normal", 2, |n| Distribution::normal(n[0], n[1])),
    ("lognormal", 2, |n| Distribution::lognormal(n[0], n[1])),
    ("uniform", 2, |n| Distribution::uniform(n[0], n[1])),
    ("pert", 3, |n| Distribution::pert(n[0], n[1], n[2])),
    ("beta", 2, |n| Distribution::beta(n[0], n[1], 0.0, 1.0)),
    ("beta_between", 4, |n| Distribution::beta(n[0], n[1], n[2], n[3])),
];

/// A distribution; what is none was said.
pub(super) fn distribution(reading: &Reading, value: &Spanned<DeValue<'_>>) -> Option<Distribution> {
    within(reading, value, 0)
}

/// A distribution as a command line writes it: a number or `low to high`.
pub(super) fn of_text(text: &str) -> Option<Distribution> {
    if let Ok(number) = text.trim().parse::<f64>() {
        return number.is_finite().then_some(Distribution::Constant(number));
    }
    interval(text)?.ok()
}

fn within(reading: &Reading, value: &Spanned<DeValue<'_>>, depth: usize) -> Option<Distribution> {
    let made = match value.get_ref() {
        DeValue::String(text) => interval(text),
        DeValue::Table(fields) => return of_table(reading, value, fields, depth),
        plain => number(plain).map(|number| Ok(Distribution::Constant(number))),
    };
    settled(reading, value, made)
}

/// Says why something is no distribution.
fn settled(reading: &Reading, value: &Spanned<DeValue<'_>>, made: Option<Made>) -> Option<Distribution> {
    let code = match made {
        Some(Ok(distribution)) => return Some(distribution),
        None => "forecast.no_distribution",
        Some(Err(Error::NotFinite)) => "forecast.not_finite",
        Some(Err(Error::NotInOrder)) => "forecast.not_in_order",
        Some(Err(Error::NotPositive)) => "forecast.not_positive",
        Some(Err(Error::ModeOutside)) => "forecast.mode_outside",
        Some(Err(Error::ShapeOutside)) => "forecast.shape_outside",
        Some(Err(Error::NotRising)) => "forecast.not_rising",
        Some(Err(Error::NoWeights)) => "forecast.no_weights",
    };
    reading.problem(code, value.span(), &[]);
    None
}

fn interval(text: &str) -> Option<Made> {
    let (low, high) = text.split_once(" to ")?;
    let number = |text: &str| text.trim().replace('_', "").parse::<f64>().ok();
    Some(Distribution::interval_90(number(low)?, number(high)?))
}

fn of_table(
    reading: &Reading,
    value: &Spanned<DeValue<'_>>,
    fields: &DeTable<'_>,
    depth: usize,
) -> Option<Distribution> {
    let mut entries = fields.iter();
    let (Some((name, inner)), None) = (entries.next(), entries.next()) else { return settled(reading, value, None) };
    let name = name.get_ref().as_ref();
    if let Some((_, count, of)) = BY_NUMBERS.iter().find(|(word, _, _)| *word == name) {
        let numbers = inner.get_ref().as_array().and_then(|list| numbers(list));
        return settled(reading, value, numbers.filter(|it| it.len() == *count).map(|it| of(&it)));
    }
    match name {
        "constant" => settled(reading, value, number(inner.get_ref()).map(|it| Ok(Distribution::Constant(it)))),
        "quantiles" => settled(reading, value, inner.get_ref().as_table().and_then(quantiles)),
        "mixture" if depth < DEPTH_MAX => mixture(reading, value, inner, depth),
        _ => settled(reading, value, None),
    }
}

fn numbers(list: &DeArray<'_>) -> Option<Vec<f64>> {
    list.iter().map(|it| number(it.get_ref())).collect()
}

fn quantiles(fields: &DeTable<'_>) -> Option<Made> {
    let pair = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
        Some((key.get_ref().parse::<f64>().ok()?, number(value.get_ref())?))
    };
    let mut points = fields.iter().map(pair).collect::<Option<Vec<_>>>()?;
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    (points.len() <= PARTS_MAX).then(|| Distribution::quantiles(&points))
}

fn mixture(
    reading: &Reading,
    value: &Spanned<DeValue<'_>>,
    inner: &Spanned<DeValue<'_>>,
    depth: usize,
) -> Option<Distribution> {
    let Some(list) = inner.get_ref().as_array().filter(|list| list.len() <= PARTS_MAX) else {
        return settled(reading, value, None);
    };
    let mut parts = Vec::new();
    for item in list.iter() {
        let DeValue::Table(fields) = item.get_ref() else { return settled(reading, item, None) };
        let table = Table::new(reading, "mixture", item.span(), fields);
        let weight = table.require("weight", table.number("weight"));
        let part = table.require("value", table.get("value").map(|value| within(reading, value, depth + 1)));
        table.finish();
        parts.push((weight?.value, part??));
    }
    settled(reading, value, Some(Distribution::mixture(parts)))
}
