//! What stands where and when: groups of vintages that share one dispatch, capacity, availability, who serves what.

use std::collections::BTreeMap;

use super::{Accelerator, Case, Lost, Size, Supplied, Technology};

/// Vintages that share one dispatch variable: of one kind at one site, or between the same two sites.
#[derive(Debug, Clone)]
pub struct Group {
    /// Site index; of a line, where it begins.
    pub site: usize,
    /// Index of the technology or storage; of a line, the site where it ends.
    pub kind: usize,
    /// Indices of the vintages.
    pub members: Vec<usize>,
}

/// Bits of numbers that lines must share to share a flow.
type LineKey = (usize, usize, bool, u64, u64);

impl Case {
    /// Sources by site and technology.
    pub fn source_groups(&self) -> Vec<Group> {
        group(self.sources.iter().map(|it| (it.site, it.kind)))
    }

    /// Stores by site and storage.
    pub fn store_groups(&self) -> Vec<Group> {
        group(self.stores.iter().map(|it| (it.site, it.kind)))
    }

    /// Lines by ends and behaviour.
    pub fn line_groups(&self) -> Vec<Group> {
        let mut found: BTreeMap<LineKey, Vec<usize>> = BTreeMap::new();
        for (at, line) in self.lines.iter().enumerate() {
            let bits = (line.efficiency.to_bits(), line.marginal_cost_per_mwh.to_bits());
            found.entry((line.from, line.to, line.both_ways, bits.0, bits.1)).or_default().push(at);
        }
        found.into_iter().map(|((site, kind, ..), members)| Group { site, kind, members }).collect()
    }

    /// Whether a vintage of sources serves in `k`.
    pub fn source_serves(&self, at: usize, k: usize) -> bool {
        let it = &self.sources[at];
        self.serves(k, it.in_service, it.life_years)
    }

    /// Whether a vintage of stores serves in `k`.
    pub fn store_serves(&self, at: usize, k: usize) -> bool {
        let it = &self.stores[at];
        self.serves(k, it.in_service, it.life_years)
    }

    /// Whether what a kind of store holds is carried through the year, over several runs of hours.
    pub fn is_linked(&self, kind: usize) -> bool {
        self.storages[kind].linked && self.hours.starts.len() > 1
    }

    /// Share of what is stored at the beginning of an hour that is left at its end.
    pub fn kept(&self, kind: usize, t: usize) -> f64 {
        (1.0 - self.storages[kind].standing_loss_per_h).powf(self.hours.step_h[t])
    }

    /// Whether a line serves in `k`.
    pub fn line_serves(&self, at: usize, k: usize) -> bool {
        let it = &self.lines[at];
        self.serves(k, it.in_service, it.life_years)
    }

    /// Share of units bought in year index `v` that are left in year index `k`; 0 outside their life.
    pub fn units_left(&self, accelerator: &Accelerator, bought: i32, k: usize) -> f64 {
        if !self.serves(k, bought, accelerator.life_years) {
            return 0.0;
        }
        (1.0 - accelerator.failure_rate_per_year).powi(self.years[k].year - bought)
    }

    /// Units of before that are left at a site in `k`.
    pub fn units_owned(&self, a: usize, site: usize, k: usize) -> f64 {
        let kind = &self.accelerators[a];
        let here = kind.existing.iter().filter(|it| it.site == site);
        here.map(|it| it.units * self.units_left(kind, it.bought, k)).sum()
    }

    /// Useful PFLOP/s of a unit for a class at a site; 0: it does not serve it there.
    pub fn pflops(&self, a: usize, class: usize, site: usize) -> f64 {
        let (kind, work) = (&self.accelerators[a], &self.classes[class]);
        let serves = work.sites[site] && kind.memory_gb >= work.memory_gb_min;
        if serves { kind.pflops[class] } else { 0.0 }
    }

    /// Whether any of a kind may stand at a site: new ones, or some that stand already.
    pub fn may_stand(&self, a: usize, site: usize) -> bool {
        let kind = &self.accelerators[a];
        kind.sites[site] || kind.existing.iter().any(|it| it.site == site)
    }

    /// Share of a technology's capacity at a site that is there.
    pub fn availability(&self, technology: usize, site: usize, k: usize, t: usize) -> f64 {
        let kind = &self.technologies[technology];
        let share = kind.availability[site].at(k, t);
        let here = kind.outages.iter().filter(|it| it.site.is_none_or(|at| at == site));
        here.filter(|it| it.year == k && it.hours.contains(&t)).fold(share, |left, out| left * (1.0 - out.share))
    }

    /// Whether all who can withhold a technology at a site are home.
    pub fn is_home(&self, technology: usize, site: usize) -> bool {
        let control = &self.technologies[technology].control;
        if control.is_empty() {
            return self.sites[site].jurisdiction.as_ref().is_some_and(|it| self.home.contains(it));
        }
        control.iter().all(|it| self.home.contains(it))
    }

    /// Whether a supply cap counts a kind.
    pub fn supplied(&self, of: &Supplied, a: usize) -> bool {
        match of {
            Supplied::Accelerator(kind) => *kind == a,
            Supplied::Origin(origin) => self.accelerators[a].origin.as_ref() == Some(origin),
        }
    }
}

impl Technology {
    /// Whether a loss takes it away everywhere.
    pub fn is_lost(&self, index: usize, lost: &Lost) -> bool {
        match lost {
            Lost::Nothing | Lost::Site(_) => false,
            Lost::Technology(at) => *at == index,
            Lost::Origin(origin) => self.control.contains(origin),
        }
    }
}

impl Size {
    /// MW that stand already.
    pub fn fixed(self) -> f64 {
        match self {
            Self::Fixed(mw) => mw,
            Self::Build { .. } => 0.0,
        }
    }

    /// Whether there is something to decide.
    pub fn is_built(self) -> bool {
        matches!(self, Self::Build { .. })
    }
}

fn group(keys: impl Iterator<Item = (usize, usize)>) -> Vec<Group> {
    let mut found: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (at, key) in keys.enumerate() {
        found.entry(key).or_default().push(at);
    }
    found.into_iter().map(|((site, kind), members)| Group { site, kind, members }).collect()
}
