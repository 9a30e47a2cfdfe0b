//! Draws of all inputs: numbers by seed, made normal, made to move together, made values.

use super::Sampling;
use crate::copula::{Matrix, cholesky};
use crate::dist::Sampler;
use crate::draw::{Latin, Sobol, Stream};
use crate::model::Model;
use crate::normal;

/// Inputs ready to be drawn.
#[derive(Debug)]
pub(crate) struct Drawing {
    samplers: Vec<Sampler>,
    scales: Vec<f64>,
    streams: Vec<Stream>,
    /// Inputs that move together, with the triangle that makes them.
    groups: Vec<(Vec<usize>, Matrix)>,
    sampling: Sampling,
    shake: Stream,
}

/// One repetition: so many draws, in an order of its own for every input.
pub(crate) struct Repetition {
    draws: usize,
    order: Order,
}

enum Order {
    Latin(Vec<Latin>),
    Sobol(Vec<Sobol>),
}

impl Drawing {
    pub(crate) fn new(model: &Model, seed: u64, sampling: Sampling) -> Self {
        let matrix = &model.correlations.matrix;
        let groups = components(matrix).into_iter().filter(|group| group.len() > 1);
        let triangle = |group: &Vec<usize>| {
            let part: Matrix = group.iter().map(|i| group.iter().map(|j| matrix[*i][*j]).collect()).collect();
            // What is impossible was repaired or refused where the model was read.
            cholesky(&part)
        };
        Self {
            samplers: model.inputs.iter().map(|it| Sampler::new(&it.distribution)).collect(),
            scales: model.inputs.iter().map(|it| it.scale).collect(),
            streams: model.inputs.iter().map(|it| Stream::new(seed, &it.id)).collect(),
            groups: groups.filter_map(|group| Some((triangle(&group)?, group))).map(|(t, g)| (g, t)).collect(),
            sampling,
            shake: Stream::new(seed, "draws"),
        }
    }

    /// Inputs that move together, more than one in each.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Vec<usize>> {
        self.groups.iter().map(|(group, _)| group)
    }

    pub(crate) fn repetition(&self, number: usize, draws: usize) -> Repetition {
        let number = number as u64;
        let order = match self.sampling {
            Sampling::Latin => Order::Latin(self.streams.iter().map(|it| Latin::new(it.at(number), draws)).collect()),
            Sampling::Sobol => {
                let shake = self.shake.at(number);
                Order::Sobol((0..self.samplers.len()).map(|at| Sobol::new(at, Some(shake))).collect())
            }
        };
        Repetition { draws, order }
    }

    /// Normals of the draws from `start` on that move together as they should, a column for each input.
    pub(crate) fn normals(&self, repetition: &Repetition, start: usize, columns: &mut [Vec<f64>]) {
        for (at, column) in columns.iter_mut().enumerate() {
            if matches!(self.samplers[at], Sampler::Constant(_)) && !self.moves_with_others(at) {
                continue;
            }
            for (row, number) in column.iter_mut().enumerate() {
                // Rows beyond the last draw repeat it; nobody looks at them.
                let draw = (start + row).min(repetition.draws - 1);
                let unit = match &repetition.order {
                    Order::Latin(latin) => latin[at].unit(draw),
                    // A repetition holds at most 65 536 draws.
                    Order::Sobol(sobol) => sobol[at].unit(draw as u32),
                };
                *number = normal::quantile(unit);
            }
        }
        self.correlate(columns);
    }

    /// Whether an input stands in a group: even where it is set to a constant, the others are drawn with it as before.
    fn moves_with_others(&self, input: usize) -> bool {
        self.groups.iter().any(|(group, _)| group.contains(&input))
    }

    /// Makes independent normals move together, from the last of a group on: each needs those before it as they were.
    pub(crate) fn correlate(&self, columns: &mut [Vec<f64>]) {
        for (group, lower) in &self.groups {
            for i in (0..group.len()).rev() {
                let mut mixed = std::mem::take(&mut columns[group[i]]);
                mixed.iter_mut().for_each(|z| *z *= lower[i][i]);
                for j in (0..i).filter(|j| lower[i][*j] != 0.0) {
                    let weight = lower[i][j];
                    mixed.iter_mut().zip(&columns[group[j]]).for_each(|(to, z)| *to += weight * z);
                }
                columns[group[i]] = mixed;
            }
        }
    }

    /// Makes normals values, in base units.
    pub(crate) fn values(&self, columns: &mut [Vec<f64>]) {
        for ((column, sampler), scale) in columns.iter_mut().zip(&self.samplers).zip(&self.scales) {
            sampler.draw(column);
            if *scale != 1.0 {
                column.iter_mut().for_each(|it| *it *= scale);
            }
        }
    }

    /// The value of one input at a normal, in its own unit.
    pub(crate) fn value(&self, input: usize, z: f64) -> f64 {
        self.samplers[input].one(z)
    }
}

/// Groups of inputs between which no correlation stands.
fn components(matrix: &Matrix) -> Vec<Vec<usize>> {
    let mut group_of: Vec<usize> = (0..matrix.len()).collect();
    for i in 0..matrix.len() {
        for j in 0..i {
            if matrix[i][j] != 0.0 && group_of[i] != group_of[j] {
                let (from, to) = (group_of[i].max(group_of[j]), group_of[i].min(group_of[j]));
                group_of.iter_mut().filter(|it| **it == from).for_each(|it| *it = to);
            }
        }
    }
    let all = 0..matrix.len();
    let members = all.clone().map(|group| all.clone().filter(|i| group_of[*i] == group).collect::<Vec<_>>());
    members.filter(|group| !group.is_empty()).collect()
}
