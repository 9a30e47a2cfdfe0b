//! How inputs move together: a Gaussian copula with rank correlations.

mod eigen;

use eigen::symmetric;

/// A square matrix by rows.
pub type Matrix = Vec<Vec<f64>>;

/// The least eigenvalue a repaired matrix keeps, so that it can be factored.
const EIGENVALUE_MIN: f64 = 1e-8;
/// Rounds of alternating projections; they end long before.
const ROUNDS_MAX: usize = 500;

/// The correlation of the normals under which ranks (Spearman) are correlated so: `2 sin(π·rank/6)`.
pub fn pearson_of_rank(rank: f64) -> f64 {
    2.0 * (std::f64::consts::PI * rank / 6.0).sin()
}

/// The rank correlation (Spearman) of normals that are correlated so.
pub fn rank_of_pearson(pearson: f64) -> f64 {
    6.0 / std::f64::consts::PI * (pearson / 2.0).asin()
}

/// Kendall's correlation of normals that are correlated so.
pub fn kendall_of_pearson(pearson: f64) -> f64 {
    2.0 / std::f64::consts::PI * pearson.asin()
}

/// The lower triangle whose square the matrix is; `None` where there is none: the correlations contradict each other.
pub fn cholesky(matrix: &Matrix) -> Option<Matrix> {
    let n = matrix.len();
    let mut lower = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            let left = matrix[i][j] - sum;
            if i == j {
                if left <= 1e-12 {
                    return None;
                }
                lower[i][i] = left.sqrt();
            } else {
                lower[i][j] = left / lower[j][j];
            }
        }
    }
    Some(lower)
}

/// The nearest matrix of correlations to one that is impossible: alternating projections after Higham (2002).
pub fn repaired(matrix: &Matrix) -> Matrix {
    let n = matrix.len();
    let mut nearest = matrix.clone();
    let mut correction = vec![vec![0.0; n]; n];
    for _ in 0..ROUNDS_MAX {
        let shifted = combine(&nearest, &correction, -1.0);
        let positive = lifted(&shifted, EIGENVALUE_MIN);
        correction = combine(&positive, &shifted, -1.0);
        let mut next = positive;
        (0..n).for_each(|i| next[i][i] = 1.0);
        let moved = largest_change(&next, &nearest);
        nearest = next;
        if moved < 1e-10 {
            break;
        }
    }
    // The last projection set the diagonal; lift once more and scale, so that it is surely possible.
    let lifted = lifted(&nearest, 2.0 * EIGENVALUE_MIN);
    (0..n).map(|i| (0..n).map(|j| lifted[i][j] / (lifted[i][i] * lifted[j][j]).sqrt()).collect()).collect()
}

/// The largest difference between entries of two matrices.
pub fn largest_change(a: &Matrix, b: &Matrix) -> f64 {
    let pairs = a.iter().flatten().zip(b.iter().flatten());
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

fn combine(a: &Matrix, b: &Matrix, factor: f64) -> Matrix {
    a.iter().zip(b).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + factor * b).collect()).collect()
}

/// The nearest matrix whose eigenvalues are no smaller than this.
fn lifted(matrix: &Matrix, least: f64) -> Matrix {
    let n = matrix.len();
    let (values, vectors) = symmetric(matrix);
    let entry = |i: usize, j: usize| (0..n).map(|k| vectors[i][k] * values[k].max(least) * vectors[j][k]).sum();
    (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Matrix, cholesky, largest_change, repaired};

    fn three(a: f64, b: f64, c: f64) -> Matrix {
        vec![vec![1.0, a, b], vec![a, 1.0, c], vec![b, c, 1.0]]
    }

    #[test]
    fn what_is_possible_stays_and_what_is_not_moves_no_further_than_it_must() {
        let possible = three(0.5, 0.3, -0.2);
        assert!(cholesky(&possible).is_some());
        assert!(largest_change(&possible, &repaired(&possible)) < 1e-6);
        let impossible = three(0.9, 0.9, -0.9);
        assert!(cholesky(&impossible).is_none());
        let repaired = repaired(&impossible);
        assert!(cholesky(&repaired).is_some());
        // By symmetry the nearest has equal entries, and those of a matrix of rank two are one half.
        for (i, j, sign) in [(0, 1, 1.0), (0, 2, 1.0), (1, 2, -1.0)] {
            assert!((repaired[i][j] - 0.5 * sign).abs() < 1e-4, "{repaired:?}");
        }
        assert!((0..3).all(|i| (repaired[i][i] - 1.0).abs() < 1e-12));
    }
}
