//! What may come otherwise: a case under each scenario, the best plan of each, and what it costs to have begun for another.
//!
//! The same decisions are compared everywhere: those ordered before a stated year are held as one scenario's best plan takes them, the
//! rest is planned anew under another; what that costs above the other's own best is the regret.

mod apply;
mod hold;
mod run;
mod told;

use crate::case::{Basis, ByYear, Case, Supplied};
pub use run::{Compared, Outcome, Progress, compare};
pub use told::report;

/// What is otherwise than in the case; everything by the indices of the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The same in Russian.
    pub name_ru: String,
    /// Factors of demand by class.
    pub demand: Vec<(usize, ByYear)>,
    /// Years that technologies take longer, and that come later if they were ordered and do not serve yet.
    pub delays: Vec<(usize, i32)>,
    /// Supply that does not come.
    pub cuts: Vec<Cut>,
    /// Factors of what building a technology and its upkeep cost.
    pub technology: Vec<(usize, f64)>,
    /// Factors of the price of accelerators.
    pub accelerator: Vec<(usize, f64)>,
    /// Factors of the marginal cost of technologies.
    pub energy: Vec<(usize, f64)>,
    /// The same by what they burn.
    pub fuel: Vec<(String, f64)>,
    /// Factors of availability: a drought, a calm.
    pub availability: Vec<(usize, f64)>,
}

/// A share of a supply that does not come, from a year on.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// Of what.
    pub of: Supplied,
    /// From this year on.
    pub from_year: i32,
    /// How much of it is gone.
    pub share: f64,
    /// What that rests on, where the case has no cap of its own.
    pub basis: Basis,
}

/// The id of the case itself among its scenarios.
pub(crate) const AS_WRITTEN: &str = "as-written";

impl Scenario {
    /// One in which everything is as the case has it.
    pub fn unchanged() -> Self {
        Self {
            id: AS_WRITTEN.to_owned(),
            name: "as the case is written".to_owned(),
            name_ru: "как записано в постановке".to_owned(),
            demand: Vec::new(),
            delays: Vec::new(),
            cuts: Vec::new(),
            technology: Vec::new(),
            accelerator: Vec::new(),
            energy: Vec::new(),
            fuel: Vec::new(),
            availability: Vec::new(),
        }
    }
}

impl Cut {
    /// The first year in which the case has no cap of which a share could be taken; where all is gone, none is needed.
    pub(crate) fn uncapped(&self, case: &Case) -> Option<i32> {
        let capped = |k: usize| case.supplies.iter().any(|it| it.year == k && it.of == self.of);
        let years = case.years.iter().enumerate().filter(|(_, it)| it.year >= self.from_year);
        let mut open = years.filter(|(k, _)| !capped(*k)).map(|(_, it)| it.year);
        if self.share < 1.0 { open.next() } else { None }
    }
}
