//! Levels of a distribution from draws.

use super::outcome::LEVELS;

/// The values at [`LEVELS`], between neighbours by their distance. Leaves the values in no particular order.
pub(super) fn levels(values: &mut [f64]) -> Vec<f64> {
    let last = values.len() - 1;
    let places = LEVELS.map(|level| level * last as f64);
    let mut wanted: Vec<usize> = places.iter().flat_map(|at| [*at as usize, (*at as usize + 1).min(last)]).collect();
    wanted.sort_unstable();
    wanted.dedup();
    part(values, 0, &wanted);
    let at = |place: f64| {
        let (below, above) = (values[place as usize], values[(place as usize + 1).min(last)]);
        below + (place - place.floor()) * (above - below)
    };
    places.into_iter().map(at).collect()
}

/// Brings the values of some places to where they would stand if all were sorted: no more sorting than needed.
fn part(values: &mut [f64], offset: usize, wanted: &[usize]) {
    let middle = wanted.len() / 2;
    let Some(place) = wanted.get(middle) else { return };
    let (left, _, right) = values.select_nth_unstable_by(place - offset, f64::total_cmp);
    part(left, offset, &wanted[..middle]);
    part(right, place + 1, &wanted[middle + 1..]);
}

#[cfg(test)]
mod tests {
    use super::levels;
    use crate::draw::Stream;
    use crate::run::outcome::LEVELS;

    #[test]
    fn levels_are_those_of_the_sorted_values() {
        for count in [1usize, 2, 5, 100, 4_321] {
            let stream = Stream::new(4, "levels");
            let mut values: Vec<f64> = (0..count as u64).map(|at| stream.unit(at) * 10.0).collect();
            let mut sorted = values.clone();
            sorted.sort_unstable_by(f64::total_cmp);
            for (level, found) in LEVELS.iter().zip(levels(&mut values)) {
                let at = level * (count - 1) as f64;
                let (below, above) = (at.floor() as usize, at.ceil() as usize);
                let wanted = sorted[below] + (at - at.floor()) * (sorted[above] - sorted[below]);
                assert!((found - wanted).abs() < 1e-12, "{count} {level}: {found} for {wanted}");
            }
        }
    }
}
