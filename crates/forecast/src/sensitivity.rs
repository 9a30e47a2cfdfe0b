//! Which inputs make the result uncertain: Sobol's indices by pick and freeze, first order after Saltelli (2010), total
//! after Jansen (1999), with intervals by resampling.

mod resample;

use crate::draw::{DIMENSIONS_MAX, Sobol, Stream};
use crate::parallel;

/// Points that are evaluated together.
pub const BLOCK: usize = 256;
/// Fewest points of a design; it is a power of two.
pub const BASE_MIN: usize = 1_024;
/// Most points of a design, which bounds its memory.
pub const BASE_MAX: usize = 1 << 20;
/// Groups of points among which intervals are resampled.
const GROUPS: usize = 512;

/// A function of inputs, evaluated many points at once.
pub trait Play: Sync {
    /// What a thread keeps between calls.
    type Scratch;
    /// Why it may fail.
    type Error: Send;

    /// A scratch for one thread.
    fn scratch(&self) -> Self::Scratch;

    /// Turns numbers between 0 and 1, a column for each input, into inputs. Inputs of different factors must not mix.
    fn shape(&self, columns: &mut [Vec<f64>]);

    /// The results of a block of points, a column for each input.
    ///
    /// # Errors
    /// Where it has no value.
    fn play(&self, scratch: &mut Self::Scratch, columns: &[Vec<f64>], results: &mut [f64]) -> Result<(), Self::Error>;
}

/// An estimate with its 90 % interval.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The share of a result's variance that one factor accounts for.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Index {
    /// By itself.
    pub first: Estimate,
    /// With all its interactions.
    pub total: Estimate,
}

/// How indices are computed.
#[derive(Debug, Clone)]
pub struct Design {
    /// The inputs of each factor, by number.
    pub factors: Vec<Vec<usize>>,
    /// How many inputs there are, at most half of [`DIMENSIONS_MAX`].
    pub inputs: usize,
    /// Points: a power of two, [`BASE_MIN`] to [`BASE_MAX`]. The function is evaluated (factors + 2) times as often.
    pub base: usize,
    /// Seed.
    pub seed: u64,
    /// Threads; the result does not depend on them.
    pub threads: usize,
}

/// Indices of every factor, and the variance they share out.
#[derive(Debug, Clone, PartialEq)]
pub struct Indices {
    /// By factor.
    pub factors: Vec<Index>,
    /// Mean of the result.
    pub mean: f64,
    /// Variance of the result.
    pub variance: f64,
}

/// Sums over one group of points.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sums {
    pub(crate) a: f64,
    pub(crate) a_squared: f64,
    pub(crate) b: f64,
    pub(crate) b_squared: f64,
    /// For each factor: `Σ b·(ab − a)` and `Σ (a − ab)²`.
    pub(crate) factors: Vec<[f64; 2]>,
}

/// Computes the indices.
///
/// # Errors
/// Where the function has no value.
///
/// # Panics
/// On a base that is not a power of two within its bounds, or too many inputs: models are bounded where they are read.
pub fn indices<P: Play>(play: &P, design: &Design) -> Result<Indices, P::Error> {
    assert!(design.base.is_power_of_two() && (BASE_MIN..=BASE_MAX).contains(&design.base), "the base is bounded");
    assert!(2 * design.inputs <= DIMENSIONS_MAX, "inputs are bounded");
    let points = Points::new(design);
    let centre = points.pilot(play)?;
    let blocks = design.base / BLOCK;
    let work = |worker: &mut Worker<P::Scratch>, block: usize| points.sums(play, worker, block, centre);
    let groups = parallel::each(design.threads, blocks, || points.worker(play), work)?;
    let groups: Vec<Sums> = groups.into_iter().flatten().collect();
    let found = resample::indices(&groups, design.base / groups.len(), Stream::new(design.seed, "resample"));
    Ok(Indices { mean: found.mean + centre, ..found })
}

struct Worker<S> {
    scratch: S,
    a: Vec<Vec<f64>>,
    b: Vec<Vec<f64>>,
    of_a: Vec<f64>,
    of_b: Vec<f64>,
    of_ab: Vec<f64>,
}

struct Points<'a> {
    design: &'a Design,
    sobol: Vec<Sobol>,
    group: usize,
}

impl<'a> Points<'a> {
    fn new(design: &'a Design) -> Self {
        let shake = Stream::new(design.seed, "sensitivity");
        let sobol = (0..2 * design.inputs).map(|dimension| Sobol::new(dimension, Some(shake))).collect();
        Self { design, sobol, group: (design.base / GROUPS).clamp(16, BLOCK) }
    }

    fn worker<P: Play>(&self, play: &P) -> Worker<P::Scratch> {
        let columns = || vec![vec![0.0; BLOCK]; self.design.inputs];
        let results = || vec![0.0; BLOCK];
        Worker {
            scratch: play.scratch(),
            a: columns(),
            b: columns(),
            of_a: results(),
            of_b: results(),
            of_ab: results(),
        }
    }

    fn fill<P: Play>(&self, play: &P, worker: &mut Worker<P::Scratch>, block: usize) {
        for (columns, sobol) in
            [(&mut worker.a, &self.sobol[..self.design.inputs]), (&mut worker.b, &self.sobol[self.design.inputs..])]
        {
            for (column, sobol) in columns.iter_mut().zip(sobol) {
                for (row, number) in column.iter_mut().enumerate() {
                    // The base is at most 2^20.
                    *number = sobol.unit((block * BLOCK + row) as u32);
                }
            }
            play.shape(columns);
        }
    }

    /// About the mean: what sums are taken around, so that a large mean costs no precision.
    fn pilot<P: Play>(&self, play: &P) -> Result<f64, P::Error> {
        let mut worker = self.worker(play);
        self.fill(play, &mut worker, 0);
        play.play(&mut worker.scratch, &worker.a, &mut worker.of_a)?;
        Ok(worker.of_a.iter().sum::<f64>() / BLOCK as f64)
    }

    fn sums<P: Play>(
        &self,
        play: &P,
        worker: &mut Worker<P::Scratch>,
        block: usize,
        centre: f64,
    ) -> Result<Vec<Sums>, P::Error> {
        self.fill(play, worker, block);
        play.play(&mut worker.scratch, &worker.a, &mut worker.of_a)?;
        play.play(&mut worker.scratch, &worker.b, &mut worker.of_b)?;
        worker.of_a.iter_mut().chain(&mut worker.of_b).for_each(|it| *it -= centre);
        let rows = |group: usize| group * self.group..(group + 1) * self.group;
        let squares = |of: &[f64]| of.iter().map(|it| it * it).sum::<f64>();
        let mut groups: Vec<Sums> = (0..BLOCK / self.group)
            .map(|group| {
                let (a, b) = (&worker.of_a[rows(group)], &worker.of_b[rows(group)]);
                Sums {
                    a: a.iter().sum(),
                    a_squared: squares(a),
                    b: b.iter().sum(),
                    b_squared: squares(b),
                    factors: Vec::with_capacity(self.design.factors.len()),
                }
            })
            .collect();
        for factor in &self.design.factors {
            self.swap(worker, factor);
            play.play(&mut worker.scratch, &worker.a, &mut worker.of_ab)?;
            self.swap(worker, factor);
            for (group, sums) in groups.iter_mut().enumerate() {
                sums.factors.push(picked(worker, rows(group), centre));
            }
        }
        Ok(groups)
    }

    /// Exchanges the columns of a factor between the two halves of the design.
    fn swap<S>(&self, worker: &mut Worker<S>, factor: &[usize]) {
        for input in factor {
            std::mem::swap(&mut worker.a[*input], &mut worker.b[*input]);
        }
    }
}

fn picked<S>(worker: &Worker<S>, rows: std::ops::Range<usize>, centre: f64) -> [f64; 2] {
    let mut sums = [0.0; 2];
    for row in rows {
        let (a, b, ab) = (worker.of_a[row], worker.of_b[row], worker.of_ab[row] - centre);
        sums[0] += b * (ab - a);
        sums[1] += (a - ab) * (a - ab);
    }
    sums
}
