//! The cheapest that is known to be good enough.

use std::cmp::Ordering;

use realm::world::{App, Otherwise, Quality, Route, Strategy, Target};
use realm::{DeploymentId, Nano, World};

use super::order;

/// What evaluations say of a deployment on a suite: the lower end of the interval of its share of right answers, in
/// millionths; none where nobody evaluated it.
pub type Known<'a> = &'a dyn Fn(&DeploymentId, &str) -> Option<u32>;

/// The targets of a route that may be tried for an app, in the order in which they are.
///
/// With `cheapest_passing`, within a priority: first those that are known to be good enough, the cheapest first, among
/// equals that which takes the least energy, then the smallest model, for accelerators are scarce; then those that nobody
/// evaluated; then those known to be worse. Where the realm refuses what is not known to be good enough, only the first
/// are left. The app's own margin counts before the route's. With every other strategy it is [`order`].
pub fn chosen<'r>(
    (world, route, app): (&World, &'r Route, &App),
    draw: u64,
    running: impl Fn(&DeploymentId) -> usize,
    known: Known<'_>,
) -> Vec<&'r Target> {
    let mut ordered = order(route, draw, running);
    let quality = app.quality.as_ref().or(route.quality.as_ref());
    let Some(quality) = quality.filter(|_| route.strategy == Strategy::CheapestPassing) else { return ordered };
    let standing = |target: &Target| standing(quality, known(&target.deployment, &quality.suite));
    if quality.otherwise == Otherwise::Refuse {
        ordered.retain(|target| standing(target) == Standing::Passes);
    }
    // Stable: what is equal in everything stays as it was drawn.
    ordered.sort_by(|one, other| {
        let first = (one.priority, standing(one)).cmp(&(other.priority, standing(other)));
        first.then_with(|| Takes::of(world, one).compare(&Takes::of(world, other)))
    });
    ordered
}

/// How a deployment stands to a margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Passes,
    Unknown,
    Fails,
}

fn standing(quality: &Quality, low_ppm: Option<u32>) -> Standing {
    match low_ppm {
        None => Standing::Unknown,
        Some(low) if low >= quality.share_min_ppm() => Standing::Passes,
        Some(_) => Standing::Fails,
    }
}

/// What a deployment takes. What nobody knows counts as more than anything that somebody does.
struct Takes {
    /// Of a token of the prompt and one of the answer.
    price: Option<Nano>,
    joules_per_token: Option<f64>,
    parameters: Option<u64>,
}

impl Takes {
    fn of(world: &World, target: &Target) -> Self {
        let deployment = world.deployments.get(&target.deployment);
        Self {
            price: deployment.and_then(|it| it.price).map(|it| it.input_per_token + it.output_per_token),
            joules_per_token: deployment.and_then(|it| it.energy).map(|it| it.j_per_token),
            parameters: deployment.and_then(|it| world.models.get(&it.model)).and_then(|it| it.parameters),
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        fn less<T>(one: Option<T>, other: Option<T>, compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
            match (one, other) {
                (Some(one), Some(other)) => compare(&one, &other),
                (one, other) => one.is_none().cmp(&other.is_none()),
            }
        }
        less(self.price, other.price, Ord::cmp)
            .then_with(|| less(self.joules_per_token, other.joules_per_token, f64::total_cmp))
            .then_with(|| less(self.parameters, other.parameters, Ord::cmp))
    }
}
