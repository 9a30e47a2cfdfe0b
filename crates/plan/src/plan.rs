//! A plan: what is built, bought and done, in the units of the case; and how it is kept on disk.

mod capacity;
mod columns;
mod hourly;
mod short;
mod store;
mod unserved;
mod written;

use std::collections::BTreeMap;

use crate::case::{Case, Item, Plant};
use crate::model::{MILLION, Model, THOUSAND};
pub use capacity::to_csv as capacity_csv;
pub(crate) use hourly::tracks;
pub(crate) use store::copied;
pub use store::{PlanError, Telling, extend, put_case, read, writable, write, write_report, write_told};
pub use unserved::{NotServed, Unmet, Whose};

/// A plan. Everything is by the index that the case gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Discounted cost in the case's currency, without what stands already.
    pub objective: f64,
    /// What no plan can be cheaper than; absent where nothing is whole: then the objective itself.
    pub bound: Option<f64>,
    /// MW by vintage, what stands already included.
    pub sources: Vec<f64>,
    /// The same of stores.
    pub stores: Vec<f64>,
    /// The same of lines.
    pub lines: Vec<f64>,
    /// MW of halls built, by site and year.
    pub halls: Vec<Vec<f64>>,
    /// Units bought, by accelerator, site and year.
    pub units: Vec<Vec<Vec<f64>>>,
    /// Millions paid, by budget and item.
    pub paid: Vec<BTreeMap<Item, f64>>,
    /// Everything by hour; hours of one year after another. Absent: nothing of it serves at all.
    pub hourly: BTreeMap<Track, Vec<f64>>,
    /// PFLOP-hours of training that are not done, by class and year; nothing of other classes.
    pub untrained: Vec<Vec<f64>>,
    /// The hour of each policy that something must survive.
    pub stress: BTreeMap<usize, BTreeMap<Track, f64>>,
    /// Discounted money that one more unit of a limit would save, by the limit's name; limits of law are never in it. With whole modules, of
    /// the linear rest, the modules held where they are.
    pub prices: BTreeMap<String, f64>,
}

/// Something that goes on by the hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Track {
    /// MW of a technology at a site.
    Output {
        /// Site index.
        site: usize,
        /// Technology index.
        kind: usize,
    },
    /// MW into a store.
    Charge {
        /// Site index.
        site: usize,
        /// Storage index.
        kind: usize,
    },
    /// MW out of a store.
    Discharge {
        /// Site index.
        site: usize,
        /// Storage index.
        kind: usize,
    },
    /// MWh at the end of an hour.
    Stored {
        /// Site index.
        site: usize,
        /// Storage index.
        kind: usize,
    },
    /// MW that enter lines at their beginning.
    Flow {
        /// Index of the first of the lines that share it.
        line: usize,
    },
    /// Units that do a class of work.
    Used {
        /// Accelerator index.
        accelerator: usize,
        /// Site index.
        site: usize,
        /// Class index.
        class: usize,
    },
    /// Inference that is not served, in the unit of its demand.
    Unserved {
        /// Class index.
        class: usize,
    },
    /// MW of a load that are not served.
    Shed {
        /// Index of the load.
        load: usize,
    },
}

impl Plan {
    /// From a point of the model, its values by column.
    pub(crate) fn of(model: &Model<'_>, values: &[f64], bound: Option<f64>) -> Self {
        let (case, columns) = (model.case, &model.columns);
        let at = |column: u32| values[column as usize];
        let mw = |column: &Option<(u32, f64)>, fixed: f64| column.map_or(fixed, |(column, mw)| mw * at(column));
        let sources = columns.source.iter().zip(&case.sources).map(|(column, it)| mw(column, it.size.fixed()));
        let stores = columns.store.iter().zip(&case.stores).map(|(column, it)| mw(column, it.size.fixed()));
        let lines = columns.line.iter().zip(&case.lines).map(|(column, it)| mw(column, it.size.fixed()));
        let units = |column: &Option<u32>| column.map_or(0.0, |column| THOUSAND * at(column));
        let paid = columns.paid.iter().map(|paid| {
            let items = Item::ALL.into_iter().zip(paid);
            items.filter_map(|(item, column)| column.map(|column| (item, at(column)))).collect()
        });
        let cost: f64 = columns.cost.iter().zip(values).map(|(cost, value)| cost * value).sum();
        Self {
            objective: cost * MILLION,
            bound: bound.map(|bound| bound * MILLION),
            sources: sources.collect(),
            stores: stores.collect(),
            lines: lines.collect(),
            halls: columns.hall.iter().map(|it| it.iter().map(|it| it.map_or(0.0, at)).collect()).collect(),
            units: columns
                .units
                .iter()
                .map(|it| it.iter().map(|it| it.iter().map(units).collect()).collect())
                .collect(),
            paid: paid.collect(),
            hourly: hourly::of(model, values),
            untrained: unserved::untrained(model, values),
            stress: hourly::stress_of(model, values),
            prices: BTreeMap::new(),
        }
    }

    /// How far the plan may be from the best one, as a share of its cost.
    pub fn gap(&self) -> f64 {
        self.bound.map_or(0.0, |bound| ((self.objective - bound) / self.objective.abs().max(1e-9)).max(0.0))
    }

    /// Units of an accelerator at a site that are left in a year.
    pub fn units_standing(&self, case: &Case, accelerator: usize, site: usize, k: usize) -> f64 {
        let kind = &case.accelerators[accelerator];
        let bought = (0..=k).map(|v| self.units[accelerator][site][v] * case.units_left(kind, case.years[v].year, k));
        case.units_owned(accelerator, site, k) + bought.sum::<f64>()
    }

    /// MW of a plant at a site that serve in a year.
    pub fn standing(&self, case: &Case, plant: Plant, site: usize, k: usize) -> f64 {
        let (list, sizes, kind) = match plant {
            Plant::Source(kind) => (&case.sources, &self.sources, kind),
            Plant::Store(kind) => (&case.stores, &self.stores, kind),
        };
        let mine = list.iter().zip(sizes).filter(|(it, _)| it.site == site && it.kind == kind);
        mine.filter(|(it, _)| case.serves(k, it.in_service, it.life_years)).map(|(_, mw)| mw).sum()
    }
}
