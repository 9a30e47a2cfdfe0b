//! Partition around medoids: of many points, some that stand for all, so that the sum of distances to them is small.
//!
//! Greedy first choice, then swaps until none helps (Kaufman and Rousseeuw's PAM); begun anew from random choices by a seed, and
//! the best is kept. Same points and seed, same answer.

/// Random beginnings beside the greedy one.
const BEGINNINGS: usize = 16;

/// `count` medoids among points, ascending; `distance[a][b]` between points. A count of no less than the points takes them all.
pub(super) fn medoids(distance: &[Vec<f64>], count: usize, seed: u64) -> Vec<usize> {
    let points = distance.len();
    if count >= points {
        return (0..points).collect();
    }
    let mut state = seed;
    let mut best = swapped(distance, greedy(distance, count));
    for _ in 0..BEGINNINGS {
        let begun = swapped(distance, random(points, count, &mut state));
        if cost(distance, &begun) < cost(distance, &best) * (1.0 - 1e-12) {
            best = begun;
        }
    }
    best.sort_unstable();
    best
}

/// The medoid that is nearest to a point; of equals, the first.
pub(super) fn nearest(distance: &[Vec<f64>], medoids: &[usize], point: usize) -> usize {
    let mut best = medoids[0];
    for medoid in medoids {
        if distance[point][*medoid] < distance[point][best] {
            best = *medoid;
        }
    }
    best
}

fn cost(distance: &[Vec<f64>], medoids: &[usize]) -> f64 {
    (0..distance.len()).map(|point| distance[point][nearest(distance, medoids, point)]).sum()
}

/// One after another, whichever lowers the cost most.
fn greedy(distance: &[Vec<f64>], count: usize) -> Vec<usize> {
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < count {
        let left = (0..distance.len()).filter(|it| !chosen.contains(it));
        let with = |it: usize| cost(distance, &[chosen.as_slice(), &[it]].concat());
        let best = left.map(|it| (it, with(it))).min_by(|a, b| a.1.total_cmp(&b.1));
        let Some((best, _)) = best else { break };
        chosen.push(best);
    }
    chosen
}

/// Swaps a medoid for another point while that helps, the best swap first.
fn swapped(distance: &[Vec<f64>], mut chosen: Vec<usize>) -> Vec<usize> {
    let mut now = cost(distance, &chosen);
    loop {
        let mut best = (now * (1.0 - 1e-12), None);
        for at in 0..chosen.len() {
            for point in (0..distance.len()).filter(|it| !chosen.contains(it)) {
                let mut other = chosen.clone();
                other[at] = point;
                let then = cost(distance, &other);
                if then < best.0 {
                    best = (then, Some((at, point)));
                }
            }
        }
        let (then, Some((at, point))) = best else { return chosen };
        chosen[at] = point;
        now = then;
    }
}

/// Distinct points by a seed.
fn random(points: usize, count: usize, state: &mut u64) -> Vec<usize> {
    let mut all: Vec<usize> = (0..points).collect();
    for at in 0..count {
        let rest = points - at;
        #[expect(clippy::cast_possible_truncation, reason = "smaller than the number of points")]
        let pick = (next(state) % rest as u64) as usize;
        all.swap(at, at + pick);
    }
    all.truncate(count);
    all
}

/// SplitMix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::{cost, medoids};

    /// Points on a line.
    fn line(places: &[f64]) -> Vec<Vec<f64>> {
        places.iter().map(|a| places.iter().map(|b| (a - b).abs()).collect()).collect()
    }

    #[test]
    fn each_cluster_gets_its_middle() {
        let distance = line(&[0.0, 1.0, 2.0, 50.0, 51.0, 52.0, 90.0]);
        assert_eq!(medoids(&distance, 3, 1), [1, 4, 6]);
    }

    #[test]
    fn the_best_choice_is_found_where_all_can_be_tried() {
        let places: Vec<f64> = (0..9).map(|it| f64::from(it * it * 7 % 31)).collect();
        let distance = line(&places);
        let found = cost(&distance, &medoids(&distance, 2, 7));
        let pairs = (0..9).flat_map(|a| (a + 1..9).map(move |b| [a, b]));
        let least = pairs.map(|pair| cost(&distance, &pair)).fold(f64::INFINITY, f64::min);
        assert!((found - least).abs() < 1e-12, "{found} {least}");
    }
}
