//! A world as the scenario changes it, and whom it takes what away from.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use policy::{Amendment, Compiled};
use realm::{DeploymentId, World};
use rust_decimal::Decimal;

use crate::level::{Key, Level, feeds, is_dark, keys};
use crate::live::takes;
use crate::request::Facts;
use crate::scenario::{Cut, Placed, Scenario, Wanted};

/// A changed world.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    pub(super) compiled: Arc<Compiled>,
    /// Deployments that a cut touches, each with the places of these cuts in the scenario.
    cuts: HashMap<DeploymentId, Vec<usize>>,
    /// Deployments whose price changes.
    factors: HashMap<DeploymentId, Decimal>,
}

impl Changed {
    /// Changes a world. What the scenario names and this world lacks changes nothing here.
    pub(super) fn of(before: &Arc<Compiled>, scenario: &Scenario) -> Self {
        let is_known = |it: &Amendment| before.rule(&it.rule).is_some();
        let laws = scenario.laws.iter().flat_map(|law| law.to.iter().map(|to| (law.rule.value.clone(), *to)));
        let amendments: Vec<Amendment> = laws.map(|(rule, to)| Amendment { rule, to }).filter(is_known).collect();
        let compiled = if amendments.is_empty() && scenario.gains.is_empty() {
            Arc::clone(before)
        } else {
            let mut world = before.world().clone();
            scenario.gains.iter().for_each(|gain| world.admit(&gain.country, &gain.bloc.value));
            // Only rules that are there are amended, so that none can be missing.
            before.amended(world, &amendments).map_or_else(|_| Arc::clone(before), Arc::new)
        };
        let (cuts, factors) = (touched(compiled.world(), scenario), factors(compiled.world(), scenario));
        Self { compiled, cuts, factors }
    }

    /// Whether the scenario takes a deployment away from a request.
    pub(super) fn is_cut(&self, scenario: &Scenario, facts: &Facts, deployment: &DeploymentId) -> bool {
        let touching = self.cuts.get(deployment).into_iter().flatten();
        touching.filter_map(|place| scenario.cuts.get(*place)).any(|cut| self.concerns(cut, facts))
    }

    /// Whether a cut is about the users of a request. Where a record does not say where the user is, the app's own
    /// organisation counts: it is the customer that a supplier sees.
    fn concerns(&self, cut: &Cut, facts: &Facts) -> bool {
        let Some(Placed { value: users, .. }) = &cut.users else { return true };
        let world = self.compiled.world();
        let user = world.customer_in(&facts.app, facts.user_in.as_ref());
        user.is_some_and(|user| world.expand(user).contains(users))
    }

    /// By what the price of a deployment is multiplied.
    pub(super) fn factor(&self, deployment: &DeploymentId) -> Option<Decimal> {
        self.factors.get(deployment).copied()
    }
}

fn touched(world: &World, scenario: &Scenario) -> HashMap<DeploymentId, Vec<usize>> {
    let mut touched: HashMap<DeploymentId, Vec<usize>> = HashMap::new();
    let energy: BTreeSet<&str> = scenario.cut_keys().filter_map(energy_source).collect();
    for deployment in world.deployments.keys() {
        let needed = keys(world, deployment);
        let dark = is_dark(world, deployment, &energy);
        for (place, cut) in scenario.cuts.iter().enumerate() {
            let touches = match &cut.what {
                // Sources carry a site together: what is cut off is looked at together, too.
                Some(Placed { value: Wanted::Key(key), .. }) if key.level == Level::Energy => {
                    takes(Some(key), &needed) || (dark && feeds(world, deployment, key))
                }
                Some(Placed { value: Wanted::Key(key), .. }) => takes(Some(key), &needed),
                // The largest of a level is settled before; one that is not touches nothing.
                Some(Placed { value: Wanted::Largest(_), .. }) => false,
                None => takes(None, &needed),
            };
            if touches {
                touched.entry(deployment.clone()).or_default().push(place);
            }
        }
    }
    touched
}

/// The source that a cut names, where it names one.
fn energy_source(key: &Key) -> Option<&str> {
    key.name.as_deref().filter(|_| key.level == Level::Energy)
}

fn factors(world: &World, scenario: &Scenario) -> HashMap<DeploymentId, Decimal> {
    let mut factors = HashMap::new();
    for change in &scenario.prices {
        for deployment in world.deployments.values().filter(|it| it.provider == change.provider.value) {
            *factors.entry(deployment.id.clone()).or_insert(Decimal::ONE) *= change.factor;
        }
    }
    factors
}
