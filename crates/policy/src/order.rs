mod passing;

use std::collections::HashMap;

use realm::DeploymentId;
use realm::world::{Route, Strategy, Target};

pub use passing::{Known, chosen};

/// The order in which a route's targets are tried.
///
/// Lowest priority number first. Among equals, one after the other is drawn with chances in proportion to
/// the weights; targets of weight zero come after the others of their priority, in the order written. The
/// same draw gives the same order; draws spread over all of `u64` give shares in proportion to weights.
///
/// With the strategy `cheapest_passing`, this is what decides among equals: [`chosen`] knows the rest.
///
/// With the strategy `least_loaded`, those of a priority are ordered by the attempts that run there, for their weight;
/// the draw decides among equals.
pub fn order(route: &Route, draw: u64, running: impl Fn(&DeploymentId) -> usize) -> Vec<&Target> {
    let mut ordered = by_priority(&route.targets, draw);
    if route.strategy == Strategy::LeastLoaded {
        // What is left of the draw decides among equals. A share of load is running over weight; ratios are compared
        // without dividing.
        let loads: HashMap<_, _> = ordered.iter().map(|t| (&t.deployment, running(&t.deployment) as u128)).collect();
        ordered.sort_by(|one, other| {
            let share = |of: &Target, by: &Target| loads[&of.deployment] * u128::from(by.weight.max(1));
            one.priority.cmp(&other.priority).then_with(|| share(one, other).cmp(&share(other, one)))
        });
    }
    ordered
}

fn by_priority(targets: &[Target], draw: u64) -> Vec<&Target> {
    let mut left: Vec<&Target> = targets.iter().collect();
    // Stable: ties stay in the order written.
    left.sort_by_key(|target| target.priority);
    let mut chance = Chance(draw);
    let mut ordered = Vec::with_capacity(left.len());
    while let Some(first) = left.first() {
        let group = left.iter().take_while(|target| target.priority == first.priority);
        let total: u64 = group.map(|target| u64::from(target.weight)).sum();
        // A single candidate needs no draw.
        let chosen = if total == 0 { 0 } else { pick(&left, chance.below(total)) };
        ordered.push(left.remove(chosen));
    }
    ordered
}

/// The target in whose share the point falls. The caller keeps `point` below the first group's total weight.
fn pick(left: &[&Target], mut point: u64) -> usize {
    for (index, target) in left.iter().enumerate() {
        let weight = u64::from(target.weight);
        if point < weight {
            return index;
        }
        point -= weight;
    }
    0
}

/// Independent numbers from one draw, by SplitMix64 (public domain, Steele, Lea and Flood 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0..limit`, scaled from all 64 bits so that it is biased by less than `limit / 2^64`.
    fn below(&mut self, limit: u64) -> u64 {
        let scaled = u128::from(self.next()) * u128::from(limit);
        u64::try_from(scaled >> 64).expect("the upper half of a 128-bit product fits 64 bits")
    }
}
