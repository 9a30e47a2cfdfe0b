//! The head of a model, its series and the parts of its figures and targets, as written.

use toml::de::DeValue;

use super::input::{Provenance, contract, provenance};
use super::table::{Placed, Table, content, is_id, number};
use super::words::words;
use super::{Measured, Series, Words, YEARS_MAX};
use crate::contract::Contract;
use crate::formula::{self, Expr, Function, Why};
use crate::unit::Kind;

/// The head of a model.
pub(super) struct Head {
    pub(super) id: String,
    pub(super) title: Words,
    pub(super) years: std::ops::RangeInclusive<i16>,
    pub(super) may_repair: bool,
}

pub(super) fn head(table: &Table<'_>) -> Option<Head> {
    let id = table.require(
        "id",
        table.read("id", "file_id", |value| {
            value.as_str().filter(|text| is_id(&text.replace('-', "_"))).map(str::to_owned)
        }),
    );
    let title = table.require("title", words(table, "title"));
    let first = table.require("first_year", table.year("first_year"));
    let last = table.require("last_year", table.year("last_year"));
    let may_repair = table.read("repair_correlations", "flag", DeValue::as_bool).is_some_and(|it| it.value);
    let units = table.read("units", "ids", |value| {
        let list = value.as_array()?;
        list.iter().map(|it| it.get_ref().as_str().filter(|word| is_id(word)).map(str::to_owned)).collect()
    });
    if let Some(units) = units {
        *table.reading.own_units.borrow_mut() = units.value;
    }
    table.finish();
    let (first, last) = (first?, last?);
    let count = i32::from(last.value) - i32::from(first.value) + 1;
    if !(1..=i32::try_from(YEARS_MAX).unwrap_or(i32::MAX)).contains(&count) {
        table.reading.problem("forecast.years", last.span, &[("max", YEARS_MAX.to_string())]);
        return None;
    }
    Some(Head { id: id?.value, title: title?, years: first.value..=last.value, may_repair })
}

/// Values by year, with their unit and where they come from.
pub(super) struct WrittenSeries {
    pub(super) series: Series,
    pub(super) kind: Kind,
    pub(super) contract: Option<Contract>,
    pub(super) span: std::ops::Range<usize>,
    pub(super) _provenance: Provenance,
}

pub(super) fn series(table: &Table<'_>, years: &std::ops::RangeInclusive<i16>) -> Option<WrittenSeries> {
    let id = table.require("id", table.id("id"));
    let unit = table.require("unit", table.unit("unit"));
    let provenance = provenance(table);
    let contract = contract(table);
    let values = table.require("values", table.sub("values"));
    table.finish();
    let (id, unit, values) = (id?, unit?.value.unit, values?);
    if unit.kind.is_money() && contract.is_none() {
        table.reading.problem("forecast.needs_contract", table.span.clone(), &[("name", id.value.clone())]);
    }
    let mut found = vec![None; years.clone().count()];
    for (name, value) in values.entries() {
        let year = name.value.parse::<i16>().ok().filter(|year| years.contains(year));
        let (Some(year), Some(value)) = (year, number(value.get_ref())) else {
            values.wrong(&name.value, "year_value", name.span);
            continue;
        };
        found[usize::try_from(year - years.start()).unwrap_or(0)] = Some(value * unit.scale);
    }
    let lacking = years.clone().zip(&found).find(|(_, value)| value.is_none());
    if let Some((year, _)) = lacking {
        let args = [("name", id.value.clone()), ("year", year.to_string())];
        table.reading.problem("forecast.series_lacks", values.span.clone(), &args);
        return None;
    }
    let series = Series { name: id.value, values: found.into_iter().flatten().collect() };
    Some(WrittenSeries {
        series,
        kind: unit.kind,
        contract: contract.flatten(),
        span: id.span,
        _provenance: provenance?,
    })
}

/// A formula with its text and place.
#[derive(Clone)]
pub(super) struct Formula {
    pub(super) text: String,
    pub(super) expr: Expr,
    pub(super) span: std::ops::Range<usize>,
}

/// Reads the formula of a field.
pub(super) fn formula(table: &Table<'_>, field: &'static str) -> Option<Formula> {
    let written: Placed<String> = table.read(field, "text", |value| value.as_str().map(str::to_owned))?;
    let begin = content(&table.reading.source.text, &written.span);
    match formula::parse(&written.value) {
        Ok(expr) => Some(Formula { text: written.value, expr, span: begin..written.span.end }),
        Err(wrong) => {
            let span = begin + wrong.span.start..begin + wrong.span.end;
            let (code, args) = said(wrong.why);
            table.reading.problem(code, span, &args);
            None
        }
    }
}

/// The code and the words of what is wrong with a formula.
pub(super) fn said(why: Why) -> (&'static str, Vec<(&'static str, String)>) {
    match why {
        Why::Shape => ("forecast.formula", Vec::new()),
        Why::TooLong => ("forecast.formula_long", vec![("max", formula::BYTES_MAX.to_string())]),
        Why::TooDeep => ("forecast.formula_deep", vec![("max", formula::DEPTH_MAX.to_string())]),
        Why::Function(name) => {
            let known = Function::ALL.map(|(name, _, _)| name);
            let near = realm::load::nearest(&name, known).map(|near| ("nearest", near));
            let args = [("name", name), ("functions", known.join(", "))];
            ("forecast.unknown_function", args.into_iter().chain(near).collect())
        }
        Why::Arguments(function, found) => {
            let wanted = Function::ALL.iter().find(|(_, it, _)| *it == function).and_then(|(_, _, count)| *count);
            let wanted = wanted.map_or("≥ 2".to_owned(), |count| count.to_string());
            let args = vec![("name", function.name().to_owned()), ("found", found.to_string()), ("wanted", wanted)];
            ("forecast.arguments", args)
        }
    }
}

/// A figure as written.
pub(super) struct WrittenFigure {
    pub(super) id: String,
    pub(super) title: Option<Words>,
    pub(super) formula: Formula,
    pub(super) unit: Measured,
    pub(super) contract: Contract,
    pub(super) why: Option<Words>,
}

pub(super) fn figure(table: &Table<'_>) -> Option<WrittenFigure> {
    let id = table.require("id", table.id("id"));
    let title = words(table, "title");
    let formula = table.require("formula", formula(table, "formula"));
    let unit = table.require("unit", table.unit("unit"));
    let contract = table.require("contract", contract(table));
    let why = words(table, "why");
    table.finish();
    let (id, unit, contract) = (id?.value, unit?.value, contract??);
    Some(WrittenFigure { id, title, formula: formula?, unit, contract, why })
}

/// A target as written.
pub(super) struct WrittenTarget {
    pub(super) id: String,
    pub(super) figure: Placed<String>,
    pub(super) at_least: f64,
    pub(super) unit: Placed<Measured>,
    pub(super) by: i16,
    pub(super) contract: Contract,
    pub(super) source: Words,
    pub(super) span: std::ops::Range<usize>,
}

pub(super) fn target(table: &Table<'_>, years: &std::ops::RangeInclusive<i16>) -> Option<WrittenTarget> {
    let id = table.require("id", table.id("id"));
    let figure = table.require("figure", table.id("figure"));
    let at_least = table.require("at_least", table.number("at_least"));
    let unit = table.require("unit", table.unit("unit"));
    let by = table.require("by", table.year("by"));
    let contract = table.require("contract", contract(table));
    let source = table.require("source", words(table, "source"));
    table.finish();
    let by = by?;
    if !years.contains(&by.value) {
        let args = [("first", years.start().to_string()), ("last", years.end().to_string())];
        table.reading.problem("forecast.target_year", by.span, &args);
        return None;
    }
    Some(WrittenTarget {
        id: id?.value,
        figure: figure?,
        at_least: at_least?.value,
        unit: unit?,
        by: by.value,
        contract: contract??,
        source: source?,
        span: table.span.clone(),
    })
}

/// A belief as written.
pub(super) struct WrittenBelief {
    pub(super) id: String,
    pub(super) source: Words,
    pub(super) contract: Contract,
    pub(super) formula: Formula,
    pub(super) weight: Option<f64>,
    pub(super) assumes: Option<Words>,
    pub(super) span: std::ops::Range<usize>,
}

pub(super) fn belief(table: &Table<'_>) -> Option<WrittenBelief> {
    let cites = table.text("cites");
    let formula = table.require("formula", formula(table, "formula"));
    let weight = table.number("weight");
    let assumes = words(table, "assumes");
    let own = if table.has("cites") { None } else { Some((table.id("id"), words(table, "source"), contract(table))) };
    if let Some((id, source, contract)) = &own {
        table.require("id", id.as_ref());
        table.require("source", source.as_ref());
        table.require("contract", contract.as_ref());
    }
    table.finish();
    if let Some(weight) = weight.as_ref().filter(|it| it.value < 0.0) {
        table.wrong("weight", "not_negative", weight.span.clone());
    }
    let (id, source, contract) = match (cites, own) {
        (Some(cites), _) => {
            let Some(found) = super::published().iter().find(|it| it.id == cites.value) else {
                let known = super::published().iter().map(|it| it.id.as_str());
                let near = realm::load::nearest(&cites.value, known.clone()).map(|near| ("nearest", near));
                let args = [("name", cites.value.clone()), ("ids", known.collect::<Vec<_>>().join(", "))];
                let args: Vec<_> = args.into_iter().chain(near).collect();
                table.reading.problem("forecast.unknown_belief", cites.span, &args);
                return None;
            };
            (found.id.clone(), found.source.clone(), found.contract.clone())
        }
        (None, Some((id, source, contract))) => (id?.value, source?, contract??),
        (None, None) => return None,
    };
    let weight = weight.map(|it| it.value);
    Some(WrittenBelief { id, source, contract, formula: formula?, weight, assumes, span: table.span.clone() })
}
