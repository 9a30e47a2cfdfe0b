use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{Organisation, World, expand};
use crate::Jurisdiction;

/// Where the organisation and each of its parents are registered, and every place whose owners hold at least
/// half of one of them together; each with its blocs. Owners of one bloc are summed as the bloc.
pub(crate) fn controllers(
    chain: &[&Organisation],
    blocs: &BTreeMap<Jurisdiction, BTreeSet<Jurisdiction>>,
) -> BTreeSet<Jurisdiction> {
    let half = Decimal::new(5, 1);
    let mut all = BTreeSet::new();
    for organisation in chain {
        all.append(&mut expand(blocs, &organisation.jurisdiction));
        let mut shares: BTreeMap<Jurisdiction, Decimal> = BTreeMap::new();
        for owner in &organisation.owners {
            for place in expand(blocs, &owner.jurisdiction) {
                *shares.entry(place).or_default() += owner.share;
            }
        }
        all.extend(shares.into_iter().filter(|(_, share)| *share >= half).map(|(place, _)| place));
    }
    all
}

impl World {
    /// Lets a country into a bloc, and works out anew who can compel whom. A bloc that is not there changes nothing.
    pub fn admit(&mut self, country: &Jurisdiction, bloc: &Jurisdiction) {
        let Some(members) = self.blocs.get_mut(bloc) else { return };
        members.insert(country.clone());
        let derived: Vec<_> = self.organisations.values().map(|it| controllers(&self.chain(it), &self.blocs)).collect();
        for (organisation, controllers) in self.organisations.values_mut().zip(derived) {
            organisation.controllers = controllers;
        }
    }

    /// An organisation and its parents up to the last. A checked world has no circle of them.
    fn chain<'a>(&'a self, first: &'a Organisation) -> Vec<&'a Organisation> {
        let parent = |it: &&'a Organisation| it.parent.as_ref().and_then(|parent| self.organisations.get(parent));
        std::iter::successors(Some(first), parent).take(self.organisations.len()).collect()
    }
}
