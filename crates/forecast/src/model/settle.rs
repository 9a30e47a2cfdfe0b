//! Puts a model together: formulas become steps, targets and beliefs find their figures.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::head::{WrittenBelief, WrittenFigure, WrittenSeries, WrittenTarget, said};
use super::input::Input;
use super::table::{Placed, Reading};
use super::{Aids, Belief, Capacity, Figure, Model, Sector, Series, Target, Words, sector};
use crate::contract::{Balance, Contract, Span, in_words};
use crate::formula;
use crate::program::{Compiler, Definition, What};
use crate::unit::{Kind, Unit, YEAR_H};

/// A model as written.
pub(super) struct Written<'a> {
    pub(super) inputs: &'a [Input],
    pub(super) series: Vec<WrittenSeries>,
    pub(super) capacity: Option<&'a Capacity>,
    pub(super) sectors: &'a [sector::Written],
    pub(super) contract: Option<&'a Contract>,
    pub(super) figures: Vec<WrittenFigure>,
    pub(super) targets: Vec<WrittenTarget>,
    pub(super) beliefs: Vec<WrittenBelief>,
    pub(super) decision: Option<Placed<String>>,
}

/// Of a class's unit: less is no capacity at all.
const LEAST: f64 = 1e-9;

pub(super) fn settle(reading: &Reading, written: Written<'_>, first_year: i16) -> Option<Model> {
    let (series, definitions) = define(reading, &written);
    let mut compiler = Compiler::new(&definitions);
    // Every formula is looked at, also those that nothing needs: a wrong one is wrong.
    let all: Vec<_> = definitions.iter().map(|it| compiler.name(&it.name, it.span.clone())).collect();
    let node_of = |name: &str| {
        let at = definitions.iter().position(|it| it.name == name)?;
        all[at].as_ref().map(|standing| standing.node)
    };
    let figures: Option<Vec<Figure>> = written.figures.iter().map(|it| settle_figure(it, &node_of)).collect();
    let mut targets = Vec::new();
    for target in &written.targets {
        targets.extend(settle_target(reading, target, &written.figures, &node_of));
    }
    let beliefs: Vec<Belief> =
        written.beliefs.iter().filter_map(|it| settle_belief(reading, it, targets.first(), &node_of)).collect();
    let decision = written.decision.and_then(|it| {
        let found = written.figures.iter().position(|figure| figure.id == it.value);
        if found.is_none() {
            reading.problem("forecast.unknown_name", it.span, &[("name", it.value)]);
        }
        found
    });
    let aids = Aids { share: node_of("capacity.share"), is_power: node_of("capacity.is_power") };
    let sectors = written.sectors.iter().filter_map(|it| settle_sector(it, &node_of)).collect();
    for trouble in compiler.troubles {
        reading.problem(trouble.code, trouble.span, &trouble.args);
    }
    Some(Model {
        id: String::new(),
        title: Words::default(),
        first_year,
        last_year: first_year,
        inputs: Vec::new(),
        correlations: super::Correlations::default(),
        figures: figures?,
        targets,
        beliefs,
        capacity: None,
        sectors,
        decision,
        series,
        aids,
        program: compiler.program,
        source: Arc::clone(&reading.source),
        definitions,
    })
}

fn settle_figure(it: &WrittenFigure, node_of: &dyn Fn(&str) -> Option<usize>) -> Option<Figure> {
    Some(Figure {
        id: it.id.clone(),
        title: it.title.clone(),
        formula: it.formula.text.clone(),
        unit: it.unit.text.clone(),
        contract: it.contract.clone(),
        why: it.why.clone(),
        scale: it.unit.unit.scale,
        node: node_of(&it.id)?,
    })
}

fn settle_sector(it: &sector::Written, node_of: &dyn Fn(&str) -> Option<usize>) -> Option<Sector> {
    Some(Sector {
        id: it.id.clone(),
        title: it.title.clone(),
        curve: it.curve,
        adopted: it.adopted,
        counted: it.counted,
        wanted: node_of(&format!("{}.wanted", it.id))?,
        adoption: node_of(&format!("{}.adoption", it.id))?,
    })
}

fn define(reading: &Reading, written: &Written<'_>) -> (Vec<Series>, Vec<Definition>) {
    let mut made = Made { reading, definitions: Vec::new(), seen: HashSet::new() };
    let mut series: Vec<Series> = Vec::new();
    made.plain("year", YEAR_H, Kind::time());
    for (at, it) in written.inputs.iter().enumerate() {
        made.push(&it.id, What::Input(at), Some(it.kind.clone()), it.contract.clone(), false, 0..0);
    }
    for it in &written.series {
        let what = What::Series(series.len());
        made.push(&it.series.name, what, Some(it.kind.clone()), it.contract.clone(), false, it.span.clone());
        series.push(it.series.clone());
    }
    if let Some(capacity) = written.capacity {
        let kind = |unit: &str| Unit::parse(unit, &[]).ok().map(|unit| unit.kind);
        let all = [
            ("accelerators", "GPU", capacity.years.iter().map(|it| it.accelerators).collect::<Vec<f64>>()),
            ("power", "W", capacity.years.iter().map(|it| it.power_mw * 1e6).collect()),
        ];
        for (name, unit, values) in all {
            let name = format!("capacity.{name}");
            made.push(&name, What::Series(series.len()), kind(unit), None, false, 0..0);
            series.push(Series { name, values });
        }
        for class in sector::classes(written.sectors) {
            let name = format!("capacity.{class}_per_s");
            let values = capacity.years.iter().map(|it| it.per_s.get(class).unwrap_or(&0.0) * capacity.class.scale);
            let values = values.collect();
            made.push(&name, What::Series(series.len()), Some(capacity.class.kind.clone()), None, false, 0..0);
            series.push(Series { name, values });
            // Less than this is nothing: what is divided by it.
            made.plain(&format!("capacity.{class}_least"), LEAST * capacity.class.scale, capacity.class.kind.clone());
        }
    }
    for (name, text, span) in sector::formulas(written.sectors, written.capacity) {
        // What is said of the sectors together holds before and after investment; only the balance differs.
        let balance = match name.as_str() {
            "sectors.value" => Some(Balance::Net),
            "sectors.gross" => Some(Balance::Gross),
            _ => None,
        };
        let contract = balance.zip(written.contract).map(|(balance, it)| Contract { balance, ..it.clone() });
        made.built_in(&name, &text, contract, span);
    }
    for it in &written.figures {
        let what = What::Formula(it.formula.expr.clone());
        made.push(
            &it.id,
            what,
            Some(it.unit.unit.kind.clone()),
            Some(it.contract.clone()),
            false,
            it.formula.span.clone(),
        );
        if it.contract.span == Span::Annual && it.contract.form == crate::contract::Form::Level {
            made.built_in(&total_of(&it.id), &format!("cumulate({})", it.id), None, it.formula.span.clone());
        }
    }
    for it in &written.beliefs {
        let name = format!("belief.{}", it.id);
        made.push(&name, What::Formula(it.formula.expr.clone()), None, None, false, it.formula.span.clone());
        made.built_in(
            &total_of(&name),
            &format!("cumulate(belief.{})", it.id.replace('-', "_")),
            None,
            it.span.clone(),
        );
    }
    (series, made.definitions)
}

/// The name of a figure added up over the years.
fn total_of(name: &str) -> String {
    format!("{name}.total")
}

struct Made<'a> {
    reading: &'a Reading,
    definitions: Vec<Definition>,
    seen: HashSet<String>,
}

impl Made<'_> {
    fn push(
        &mut self,
        name: &str,
        what: What,
        kind: Option<Kind>,
        contract: Option<Contract>,
        is_built_in: bool,
        span: Range<usize>,
    ) {
        // A name that stands twice was said already. In formulas a hyphen would be a minus.
        let name = name.replace('-', "_");
        if self.seen.insert(name.clone()) {
            self.definitions.push(Definition { name, what, kind, contract, is_built_in, span });
        }
    }

    fn plain(&mut self, name: &str, number: f64, kind: Kind) {
        self.push(name, What::Constant(number, kind), None, None, true, 0..0);
    }

    /// A formula of the built-in structure, made of names that the file gives.
    fn built_in(&mut self, name: &str, text: &str, contract: Option<Contract>, span: Range<usize>) {
        match formula::parse(text) {
            Ok(expr) => self.push(name, What::Formula(expr), None, contract, true, span),
            Err(wrong) => {
                let (code, args) = said(wrong.why);
                self.reading.problem(code, span, &args);
            }
        }
    }
}

fn settle_target(
    reading: &Reading,
    target: &WrittenTarget,
    figures: &[WrittenFigure],
    node_of: &dyn Fn(&str) -> Option<usize>,
) -> Option<Target> {
    let Some(at) = figures.iter().position(|it| it.id == target.figure.value) else {
        let near = realm::load::nearest(&target.figure.value, figures.iter().map(|it| it.id.as_str()));
        let near = near.map(|near| ("nearest", near));
        let args: Vec<_> = [("name", target.figure.value.clone())].into_iter().chain(near).collect();
        reading.problem("forecast.unknown_name", target.figure.span.clone(), &args);
        return None;
    };
    let figure = &figures[at];
    let is_open = target.contract.span == Span::Unstated && figure.contract.span == Span::Annual;
    let stated = if is_open { target.contract.over(Span::Annual) } else { target.contract.clone() };
    let unlike = stated.unlike(&figure.contract);
    if !unlike.is_empty() {
        reading.problem("forecast.target_unlike", target.span.clone(), &[("differ", in_words(&unlike))]);
        return None;
    }
    let unit = &target.unit.value.unit;
    let readings = readings((unit, target.at_least), &figure.unit.unit, is_open, &target.figure.value, node_of);
    if readings.is_none() && node_of(&target.figure.value).is_some() {
        let args = [("found", target.unit.value.text.clone()), ("figure", figure.unit.text.clone())];
        reading.problem("forecast.target_unit", target.unit.span.clone(), &args);
    }
    Some(Target {
        id: target.id.clone(),
        figure: at,
        at_least: target.at_least,
        unit: target.unit.value.text.clone(),
        by: target.by,
        contract: target.contract.clone(),
        source: target.source.clone(),
        readings: readings?,
    })
}

/// The ways to read a target, an amount of some unit, against a figure of some unit.
fn readings(
    (target, at_least): (&Unit, f64),
    figure: &Unit,
    is_open: bool,
    name: &str,
    node_of: &dyn Fn(&str) -> Option<usize>,
) -> Option<Vec<super::Reading>> {
    let is_total = target.kind == figure.kind.times(&Kind::time(), 1);
    if target.kind != figure.kind && !(is_open && is_total) {
        return None;
    }
    // An amount a year is an amount and, over a year, the same number of it.
    let one = target.scale;
    let (a_year, in_all) = if is_total { (one / YEAR_H, one) } else { (one, one * YEAR_H) };
    let read = |span, node, scale| super::Reading { span, node, at_least: at_least * scale, scale };
    let mut all = vec![read(Span::Annual, node_of(name)?, a_year)];
    if is_open {
        all.push(read(Span::Cumulative, node_of(&total_of(name))?, in_all));
    }
    Some(all)
}

fn settle_belief(
    reading: &Reading,
    belief: &WrittenBelief,
    target: Option<&Target>,
    node_of: &dyn Fn(&str) -> Option<usize>,
) -> Option<Belief> {
    let Some(target) = target else {
        reading.problem("forecast.belief_alone", belief.span.clone(), &[]);
        return None;
    };
    let unlike = belief.contract.unlike(&target.contract);
    if !unlike.is_empty() && belief.assumes.is_none() {
        reading.problem("forecast.belief_unlike", belief.span.clone(), &[("differ", in_words(&unlike))]);
        return None;
    }
    let name = format!("belief.{}", belief.id.replace('-', "_"));
    let nodes = [node_of(&name)?, node_of(&total_of(&name))?];
    let readings = target
        .readings
        .iter()
        .map(|it| super::Reading { node: if it.span == Span::Cumulative { nodes[1] } else { nodes[0] }, ..*it });
    Some(Belief {
        id: belief.id.clone(),
        source: belief.source.clone(),
        weight: belief.weight,
        assumes: belief.assumes.clone(),
        readings: readings.collect(),
    })
}
