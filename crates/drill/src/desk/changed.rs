//! A world as the scenario changes it, and whom it takes what away from.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use policy::Compiled;
use realm::load::{Diagnostic, extend};
use realm::world::Evidence;
use realm::{DeploymentId, World};
use rust_decimal::Decimal;

use crate::deep::deep;
use crate::level::{Key, Level, feeds, is_dark, keys};
use crate::live::takes;
use crate::power::{self, Dimmed, dim};
use crate::request::Facts;
use crate::scenario::{ADDED, Cut, Failing, Placed, Scenario, Wanted};

/// A changed world.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    pub(super) compiled: Arc<Compiled>,
    /// Deployments that a cut touches, each with the places of these cuts in the scenario.
    cuts: HashMap<DeploymentId, Vec<usize>>,
    /// Deployments whose price changes.
    factors: HashMap<DeploymentId, Decimal>,
    /// Sites that cannot draw what they may, and can draw something.
    pub(super) dimmed: Vec<Dimmed>,
}

impl Changed {
    /// Changes a world. What the scenario names and this world lacks changes nothing here.
    ///
    /// # Errors
    /// A law that a realm could not have.
    pub(super) fn of(before: &Arc<Compiled>, scenario: &Scenario) -> Result<Self, Vec<Diagnostic>> {
        let law = deep(|| scenario.law_in(before))
            .unwrap_or_else(|| Err(scenario.lost()))?
            .map_or_else(|| Arc::clone(before), Arc::new);
        let amendments = scenario.amendments(&law);
        let dimmed = dimmed(law.world(), scenario);
        let is_as_supplied = scenario.gains.is_empty() && scenario.added.is_none() && dimmed.is_empty();
        let is_same = amendments.is_empty() && scenario.shown.is_empty() && is_as_supplied;
        let compiled = if is_same {
            law
        } else {
            let mut world = match scenario.added {
                None => law.world().clone(),
                Some(_) => extend(law.world(), &scenario.source, ADDED)?,
            };
            scenario.gains.iter().for_each(|gain| world.admit(&gain.country, &gain.bloc.value));
            scenario.shown.iter().for_each(|shown| show(&mut world, &shown.evidence));
            dim(&mut world, &dimmed);
            // Only rules that are there are amended, so that none can be missing.
            law.amended(world, &amendments).map_or(law, Arc::new)
        };
        Ok(Self::with(compiled, scenario))
    }

    /// A world whose law stays as it is.
    pub(super) fn with(compiled: Arc<Compiled>, scenario: &Scenario) -> Self {
        let dimmed = dimmed(compiled.world(), scenario);
        let (cuts, factors) = (touched(compiled.world(), scenario, &dimmed), factors(compiled.world(), scenario));
        Self { compiled, cuts, factors, dimmed }
    }

    /// Whether the scenario takes a deployment away from a request.
    pub(super) fn is_cut(&self, scenario: &Scenario, facts: &Facts, deployment: &DeploymentId) -> bool {
        let touching = self.cuts.get(deployment).into_iter().flatten();
        touching.filter_map(|place| scenario.cuts.get(*place)).any(|cut| self.concerns(cut, facts))
    }

    /// How a deployment fails that the scenario takes away from a request; none where a cut says nothing of that.
    pub(super) fn failing(&self, scenario: &Scenario, facts: &Facts, deployment: &DeploymentId) -> Option<Failing> {
        let touching = self.cuts.get(deployment).into_iter().flatten();
        let cuts = touching.filter_map(|place| scenario.cuts.get(*place)).filter(|cut| self.concerns(cut, facts));
        let failing: Option<Vec<Failing>> = cuts.map(|cut| Some(cut.failing.as_ref()?.value)).collect();
        failing?.into_iter().next()
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

/// A fact in place of what was known of the same.
fn show(world: &mut World, evidence: &Evidence) {
    world.evidence.retain(|it| (&it.subject, &it.key) != (&evidence.subject, &evidence.key));
    world.evidence.push(evidence.clone());
}

/// Sites that are not carried by what is left of sources of which something is.
fn dimmed(world: &World, scenario: &Scenario) -> Vec<Dimmed> {
    let left = scenario.left();
    let named: BTreeSet<&str> = scenario.cut_keys().filter_map(energy_source).collect();
    let is_out = |name: &&str| !left.keys().any(|id| id.as_str() == *name);
    power::dimmed(world, &left, &named.into_iter().filter(is_out).collect())
}

fn touched(world: &World, scenario: &Scenario, dimmed: &[Dimmed]) -> HashMap<DeploymentId, Vec<usize>> {
    let mut touched: HashMap<DeploymentId, Vec<usize>> = HashMap::new();
    let energy: BTreeSet<&str> = scenario.cut_keys().filter_map(energy_source).collect();
    let left = scenario.left();
    for deployment in world.deployments.keys() {
        let needed = keys(world, deployment);
        let dark = is_dark(world, deployment, &energy);
        let site = world.deployments.get(deployment).and_then(|it| it.site.as_ref());
        let by_share = site.is_some_and(|site| world.sources_of(site).any(|it| left.contains_key(&it.id)));
        let is_out = dimmed.iter().any(|it| Some(&it.site) == site && it.given_mw.is_zero());
        for (place, cut) in scenario.cuts.iter().enumerate() {
            let touches = match &cut.what {
                // Of a site that is reckoned by what is left, only one to which nothing comes is lost.
                Some(Placed { value: Wanted::Key(key), .. }) if key.level == Level::Energy && by_share => {
                    is_out && feeds(world, deployment, key)
                }
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
            let so_far = factors.entry(deployment.id.clone()).or_insert(Decimal::ONE);
            // Several changes of one price multiply, to a thousand million at most: beyond it no sum of money would be one.
            *so_far = so_far.saturating_mul(change.factor).min(Decimal::from(1_000_000_000_u32));
        }
    }
    factors
}
