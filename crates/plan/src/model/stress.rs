//! Rows of what must survive: one hour, the highest of every load and of inference, with something lost.

use super::layout::Stress;
use super::network::Terms;
use super::{Model, Row, Sink, THOUSAND};
use crate::case::{Demand, Lost, Rule};

impl Model<'_> {
    pub(super) fn stress_rows(&self, sink: &mut impl Sink) {
        for stress in &self.columns.stress {
            let policy = &self.case.policies[stress.policy];
            let Rule::Stress { lost, share, margin } = &policy.rule else { continue };
            let hour = StressHour { model: self, stress, k: policy.year, lost, share: *share, margin: *margin };
            hour.balances(sink);
            hour.capacities(sink);
            hour.work(sink);
        }
    }
}

struct StressHour<'m> {
    model: &'m Model<'m>,
    stress: &'m Stress,
    k: usize,
    lost: &'m Lost,
    share: f64,
    margin: f64,
}

impl StressHour<'_> {
    fn is_dark(&self, site: usize) -> bool {
        *self.lost == Lost::Site(site)
    }

    fn balances(&self, sink: &mut impl Sink) {
        let (model, k) = (self.model, self.k);
        let case = model.case;
        for site in (0..case.sites.len()).filter(|site| !self.is_dark(*site)) {
            let mut terms = Terms::new();
            let here = |group: &crate::case::Group| group.site == site;
            let sources = model.sources.iter().zip(&self.stress.output).filter(|(group, _)| here(group));
            terms.extend(sources.map(|(_, column)| (*column, 1.0)));
            let stores = model.stores.iter().zip(&self.stress.store).filter(|(group, _)| here(group));
            terms.extend(stores.map(|(_, column)| (*column, 1.0)));
            for (group, column) in model.lines.iter().zip(&self.stress.flow) {
                if group.site == site {
                    terms.push((*column, -1.0));
                } else if group.kind == site {
                    terms.push((*column, case.lines[group.members[0]].efficiency));
                }
            }
            let pue = case.sites[site].pue.highest(k, model.hours());
            for (pair, column) in model.pairs.iter().zip(&self.stress.used).filter(|(pair, _)| pair.site == site) {
                let mw = pue * case.accelerators[pair.accelerator].power_w / THOUSAND;
                terms.push((*column, -mw * (1.0 + self.margin)));
            }
            let loads = case.loads.iter().filter(|it| it.site == site);
            let peak: f64 = loads.map(|it| it.mw.highest(k, model.hours())).sum();
            let needed = peak * self.share * (1.0 + self.margin);
            sink.row(Row::StressBalance { at: self.stress.policy, site }, needed, f64::INFINITY, &terms);
        }
    }

    /// Firm power of what is left. Rows count groups of sources, then of stores, then lines twice.
    fn capacities(&self, sink: &mut impl Sink) {
        let (model, k, at) = (self.model, self.k, self.stress.policy);
        let case = model.case;
        let mut next = 0;
        let mut most = |column: u32, sign: f64, fixed: f64, mut terms: Terms| {
            terms.insert(0, (column, sign));
            sink.row(Row::StressCapacity { at, group: next }, f64::NEG_INFINITY, fixed, &terms);
            next += 1;
        };
        for (group, column) in model.sources.iter().zip(&self.stress.output) {
            let kind = &case.technologies[group.kind];
            let gone = self.is_dark(group.site) || kind.is_lost(group.kind, self.lost);
            let firm = if gone { 0.0 } else { kind.firm_share };
            let mut terms = Terms::new();
            let fixed = if firm > 0.0 { firm * model.source_mw(group, k, -firm, &mut terms) } else { 0.0 };
            most(*column, 1.0, fixed, terms);
        }
        for (group, column) in model.stores.iter().zip(&self.stress.store) {
            let firm = if self.is_dark(group.site) { 0.0 } else { case.storages[group.kind].firm_share };
            let mut terms = Terms::new();
            let fixed = if firm > 0.0 { firm * model.store_mw(group, k, -firm, &mut terms) } else { 0.0 };
            most(*column, 1.0, fixed, terms);
        }
        for (group, column) in model.lines.iter().zip(&self.stress.flow) {
            let gone = self.is_dark(group.site) || self.is_dark(group.kind);
            let mut terms = Terms::new();
            let fixed = if gone { 0.0 } else { model.line_mw(group, k, -1.0, &mut terms) };
            most(*column, 1.0, fixed, terms.clone());
            let both_ways = case.lines[group.members[0]].both_ways;
            let (fixed, terms) = if both_ways { (fixed, terms) } else { (0.0, Terms::new()) };
            most(*column, -1.0, fixed, terms);
        }
    }

    /// Inference in its highest hour, by accelerators that are left.
    fn work(&self, sink: &mut impl Sink) {
        let (model, k, at) = (self.model, self.k, self.stress.policy);
        let case = model.case;
        for (class, work) in case.classes.iter().enumerate() {
            let Demand::Inference(series) = &work.demand else { continue };
            let pairs = model.pairs.iter().zip(&self.stress.used).filter(|(pair, _)| pair.class == class);
            let pflops = |pair: &super::Pair| case.pflops(pair.accelerator, class, pair.site);
            let terms: Terms = pairs.map(|(pair, column)| (*column, pflops(pair))).collect();
            let needed = self.share * series.highest(k, model.hours()) / THOUSAND;
            sink.row(Row::StressServed { at, class }, needed, f64::INFINITY, &terms);
        }
        for a in 0..case.accelerators.len() {
            let origin = &case.accelerators[a].origin;
            let is_lost = matches!(self.lost, Lost::Origin(lost) if origin.as_ref() == Some(lost));
            for site in 0..case.sites.len() {
                let mine = |pair: &super::Pair| pair.accelerator == a && pair.site == site;
                let pairs = model.pairs.iter().zip(&self.stress.used).filter(|(pair, _)| mine(pair));
                let mut terms: Terms = pairs.map(|(_, column)| (*column, 1.0)).collect();
                if terms.is_empty() {
                    continue;
                }
                let owned = if self.is_dark(site) {
                    0.0
                } else if is_lost {
                    // What stands goes on; what would come in that period does not.
                    self.without_this_year(a, site, &mut terms)
                } else {
                    model.stock(a, site, k, -1.0, &mut terms)
                };
                sink.row(Row::StressWork { at, accelerator: a, site }, f64::NEG_INFINITY, owned, &terms);
            }
        }
    }

    fn without_this_year(&self, a: usize, site: usize, terms: &mut Terms) -> f64 {
        let (model, k) = (self.model, self.k);
        let owned = model.stock(a, site, k, -1.0, terms);
        let this_year = model.columns.units[a][site][k];
        terms.retain(|(column, _)| Some(*column) != this_year);
        owned
    }
}
