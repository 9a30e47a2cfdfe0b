//! Which inputs matter: Sobol's indices, the tornado, what must be true, what knowing would be worth.

use serde::Serialize;

use super::boundary::{self, Boundary};
use super::drawing::Drawing;
use super::replicate::{Slice, Tallies, series};
use super::tornado::{self, Bar};
use super::{Settings, estimate};
use crate::contract::Span;
use crate::model::Model;
use crate::normal;
use crate::program::{Machine, Node, Program, Stop};
use crate::sensitivity::{BLOCK, Design, Estimate, Index, Indices, Play, indices};

/// What is sensitive to what.
#[derive(Debug, Clone, Serialize)]
pub struct Sensitivity {
    /// The figure asked about.
    pub figure: String,
    /// The year asked about.
    pub year: i16,
    /// Its unit: the target's, where one is asked about.
    pub unit: String,
    /// The reading of the first target that is asked about: that whose probability is nearest to even odds. One that is
    /// certain or impossible would tell nothing.
    pub reading: Option<Span>,
    /// By input, the total index falling.
    pub inputs: Vec<InputSensitivity>,
    /// By group of inputs that move together, with their correlations. The indices by input set correlations aside.
    pub groups: Vec<(Vec<String>, Index)>,
    /// One input at a time.
    pub tornado: Vec<Bar>,
    /// The figure with every input at its middle.
    pub middle: f64,
    /// What must be true for the first target.
    pub boundary: Option<Boundary>,
    /// Expected gain from knowing everything before deciding, in units of the decision's figure.
    pub perfect_information: Option<Estimate>,
}

/// How much one input matters.
#[derive(Debug, Clone, Serialize)]
pub struct InputSensitivity {
    /// The input.
    pub input: String,
    /// Sobol's indices.
    pub index: Option<Index>,
    /// By how much knowing it would improve Brier's score of the first target.
    pub brier_gain: Estimate,
    /// What knowing it before deciding is worth, in units of the decision's figure.
    pub decision_gain: Option<Estimate>,
}

/// The number asked about: a step at a year, in a program of no more than it needs.
pub(crate) struct Question {
    pub(crate) program: Program,
    node: Node,
    years: std::ops::Range<usize>,
    /// What one unit of the answer is in base units.
    pub(crate) scale: f64,
    pub(crate) figure: usize,
    pub(crate) year: usize,
}

impl Question {
    /// The first target in one of its readings; without targets the first figure in the last year.
    pub(crate) fn of(model: &Model, reading: usize) -> Self {
        let (figure, node, year, scale) = match model.targets.first() {
            Some(target) => {
                let reading = target.readings[reading];
                (target.figure, reading.node, model.year(target.by), reading.scale)
            }
            None => (0, model.figures[0].node, model.years() - 1, model.figures[0].scale),
        };
        let (program, moved) = model.program.only(&[node]);
        let first = if program.remembers() { 0 } else { year };
        Self { program, node: moved[0], years: first..year + 1, scale, figure, year }
    }

    pub(crate) fn depends_on(&self, input: usize) -> bool {
        self.program.inputs[self.node] & (1 << input) != 0
    }
}

/// The answers at points given by normals of all inputs, in units of the figure.
pub(super) fn evaluate(
    model: &Model,
    drawing: &Drawing,
    question: &Question,
    points: &[Vec<f64>],
) -> Result<Vec<f64>, Stop> {
    let mut machine = Machine::new(&question.program, BLOCK);
    let mut answers = Vec::with_capacity(points.len());
    let mut columns = vec![vec![0.0; BLOCK]; model.inputs.len()];
    for some in points.chunks(BLOCK) {
        for (input, column) in columns.iter_mut().enumerate() {
            column.iter_mut().enumerate().for_each(|(row, z)| *z = some[row.min(some.len() - 1)][input]);
        }
        drawing.values(&mut columns);
        machine.run(&columns, &series(model), question.years.clone(), |year, it| {
            if year == question.year {
                answers.extend(it.of(question.node)[..some.len()].iter().map(|it| it / question.scale));
            }
        })?;
    }
    Ok(answers)
}

struct Playing<'a> {
    drawing: &'a Drawing,
    question: &'a Question,
    series: Vec<Vec<f64>>,
    correlated: bool,
}

impl<'a> Play for Playing<'a> {
    type Scratch = Machine<'a>;
    type Error = Stop;

    fn scratch(&self) -> Machine<'a> {
        Machine::new(&self.question.program, BLOCK)
    }

    fn shape(&self, columns: &mut [Vec<f64>]) {
        columns.iter_mut().flatten().for_each(|it| *it = normal::quantile(*it));
        if self.correlated {
            self.drawing.correlate(columns);
        }
        self.drawing.values(columns);
    }

    fn play(&self, machine: &mut Machine<'a>, columns: &[Vec<f64>], results: &mut [f64]) -> Result<(), Stop> {
        machine.run(columns, &self.series, self.question.years.clone(), |year, it| {
            if year == self.question.year {
                results.copy_from_slice(it.of(self.question.node));
            }
        })
    }
}

/// Everything about what matters.
pub(super) fn of(model: &Model, settings: &Settings, tallies: &[Tallies], reading: usize) -> Result<Sensitivity, Stop> {
    let question = Question::of(model, reading);
    let drawing = Drawing::new(model, settings.seed, settings.sampling);
    let asked: Vec<usize> = (0..model.inputs.len())
        .filter(|at| question.depends_on(*at) && !model.inputs[*at].distribution.is_constant())
        .collect();
    let by_input = shared_out(model, settings, &question, &drawing, asked.iter().map(|it| vec![*it]).collect(), false)?;
    let groups: Vec<Vec<usize>> = drawing.groups().cloned().collect();
    let by_group = shared_out(model, settings, &question, &drawing, groups.clone(), true)?;
    let mut inputs: Vec<InputSensitivity> = (0..model.inputs.len())
        .filter(|at| !model.inputs[*at].distribution.is_constant())
        .map(|at| InputSensitivity {
            input: model.inputs[at].id.clone(),
            index: by_input.as_ref().map(|it| found(it, &asked, at)),
            brier_gain: estimate(tallies.iter().map(|it| brier_gain(it, at, reading))),
            decision_gain: model
                .decision
                .map(|figure| estimate(tallies.iter().map(|it| decision_gain(it, at) / model.figures[figure].scale))),
        })
        .collect();
    let weight = |it: &InputSensitivity| it.index.map_or(it.brier_gain.value, |index| index.total.value);
    inputs.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.input.cmp(&b.input)));
    let (tornado, middle) = tornado::bars(model, &drawing, &question)?;
    let most: Vec<usize> = inputs
        .iter()
        .filter_map(|it| asked.iter().copied().find(|at| model.inputs[*at].id == it.input))
        .take(2)
        .collect();
    let boundary = match (model.targets.first(), most.as_slice()) {
        (Some(target), [first, second]) => {
            Some(boundary::find(model, &drawing, &question, target.at_least, [*first, *second])?)
        }
        _ => None,
    };
    let names = |group: &Vec<usize>| group.iter().map(|at| model.inputs[*at].id.clone()).collect();
    Ok(Sensitivity {
        figure: model.figures[question.figure].id.clone(),
        year: model.calendar(question.year),
        unit: model.targets.first().map_or(&model.figures[question.figure].unit, |it| &it.unit).clone(),
        reading: model.targets.first().map(|it| it.readings[reading].span),
        inputs,
        groups: groups.iter().map(names).zip(by_group.map(|it| it.factors).unwrap_or_default()).collect(),
        tornado,
        middle,
        boundary,
        perfect_information: model.decision.map(|figure| {
            estimate(
                tallies
                    .iter()
                    .map(|it| (it.decision[1] - it.decision[0].max(0.0)) / it.draws / model.figures[figure].scale),
            )
        }),
    })
}

fn shared_out(
    model: &Model,
    settings: &Settings,
    question: &Question,
    drawing: &Drawing,
    factors: Vec<Vec<usize>>,
    correlated: bool,
) -> Result<Option<Indices>, Stop> {
    let Some(base) = settings.sobol_base.filter(|_| !factors.is_empty()) else { return Ok(None) };
    let design = Design { factors, inputs: model.inputs.len(), base, seed: settings.seed, threads: settings.threads };
    indices(&Playing { drawing, question, series: series(model), correlated }, &design).map(Some)
}

/// The index of an input; exactly zero for one that the figure does not depend on.
fn found(indices: &Indices, asked: &[usize], input: usize) -> Index {
    const ZERO: Estimate = Estimate { value: 0.0, low: 0.0, high: 0.0 };
    let at = asked.iter().position(|it| *it == input);
    at.map_or(Index { first: ZERO, total: ZERO }, |at| indices.factors[at])
}

/// How much Brier's score would improve on average: the variance, over slices of the input, of the share that reaches.
/// What slices of so many draws differ by chance is taken off.
fn brier_gain(it: &Tallies, input: usize, reading: usize) -> f64 {
    let all = it.reached[reading].draws / it.draws;
    let slices = it.slices[input].iter().filter(|slice| slice.draws > 1.0);
    slices
        .map(|Slice { draws, hits, .. }| {
            let share = hits[reading] / draws;
            draws / it.draws * ((share - all).powi(2) - share * (1.0 - share) / (draws - 1.0))
        })
        .sum()
}

/// The expected gain from deciding by slices of the input rather than once for all.
fn decision_gain(it: &Tallies, input: usize) -> f64 {
    let by_slice: f64 = it.slices[input].iter().map(|it| it.value.max(0.0)).sum();
    (by_slice - it.decision[0].max(0.0)) / it.draws
}
