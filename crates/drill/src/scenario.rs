//! A scenario: what is cut off or changed, which traffic is asked about, and what is expected, written down before.

mod closing;
mod draft;
mod guardrails;
mod hypothesis;
mod law;
mod names;
mod parse;
mod question;
mod shadow;
pub(crate) mod shape;
mod table;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use policy::Status;
use realm::load::{Diagnostic, Source};
use realm::{EnergySourceId, Jurisdiction};
use rust_decimal::Decimal;

use crate::exposure::report::Report;
use crate::level::{Key, Level};
use crate::power::Left;
use crate::say::MESSAGES;
use crate::window::Window;
pub use closing::Closing;
pub use draft::Draft;
pub use guardrails::{Breach, Guardrails, Seen};
pub use hypothesis::Measure;
pub(crate) use hypothesis::{Expected, Line};
pub(crate) use law::{LawChange, Of, Shown};
pub use shadow::Shadowing;
pub use shape::{Failing, Shape};
pub(crate) use table::moves_the_screen;

/// The table under which suppliers are declared that the realm does not have, as a realm declares them.
pub(crate) const ADDED: &str = "add";

/// A scenario, read from its file.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What people call it.
    pub title: String,
    /// With this, requests draw among targets of the same priority: the same seed gives the same answer.
    pub seed: u64,
    /// In which world the requests are decided again.
    pub base: Base,
    /// Which traffic is asked about.
    pub traffic: Window,
    /// Hours between the word of it and the thing itself, where it says so.
    pub notice_h: Option<u64>,
    /// Who answers for what it finds, and how soon that is to be closed.
    pub closing: Closing,
    /// What ends a live drill before its time, and whom it leaves alone.
    pub guardrails: Guardrails,
    /// How it is run in shadow, where it says so.
    pub shadow: Option<Shadowing>,
    /// What is expected.
    pub(crate) hypothesis: Vec<Line>,
    pub(crate) cuts: Vec<Cut>,
    pub(crate) prices: Vec<PriceChange>,
    pub(crate) laws: Vec<LawChange>,
    pub(crate) gains: Vec<Gain>,
    /// Where suppliers are declared that the realm does not have.
    pub(crate) added: Option<Range<usize>>,
    pub(crate) shown: Vec<Shown>,
    /// Packs that it switches on, once they were looked up.
    supplied: law::Supplied,
    pub(crate) source: Arc<Source>,
}

/// In which world requests are decided again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Each in the snapshot that decided it, changed as the scenario says: nothing else differs.
    Recorded,
    /// In the realm as it is now, changed as the scenario says.
    Realm,
}

/// A value and where it stands in the file.
#[derive(Debug, Clone)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) span: Range<usize>,
}

/// Something that is taken away.
#[derive(Debug, Clone)]
pub(crate) struct Cut {
    /// What; none: everything.
    pub(crate) what: Option<Placed<Wanted>>,
    /// Only for users there, or with their blocs.
    pub(crate) users: Option<Placed<Jurisdiction>>,
    /// Of a source of energy: what is left of it; none: nothing.
    pub(crate) left: Option<Placed<Left>>,
    /// How it fails, where the scenario says it.
    pub(crate) failing: Option<Placed<Failing>>,
}

/// What a cut names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// By its name.
    Key(Key),
    /// Whatever outside home the traffic needs most at a level.
    Largest(Level),
}

/// A provider's prices, times a factor.
#[derive(Debug, Clone)]
pub(crate) struct PriceChange {
    pub(crate) provider: Placed<realm::ProviderId>,
    pub(crate) factor: Decimal,
}

/// A country that joins a bloc.
#[derive(Debug, Clone)]
pub(crate) struct Gain {
    pub(crate) country: Jurisdiction,
    pub(crate) bloc: Placed<Jurisdiction>,
}

impl Scenario {
    /// Whether it names something only by its size, which the traffic has to tell first.
    pub fn needs_exposure(&self) -> bool {
        self.cuts.iter().any(|cut| matches!(&cut.what, Some(Placed { value: Wanted::Largest(_), .. })))
    }

    /// Puts names where the scenario names the largest of a level.
    ///
    /// # Errors
    /// Where the traffic needs nothing outside home at that level.
    pub fn settle(&mut self, exposure: &Report) -> Result<(), Vec<Diagnostic>> {
        for cut in &mut self.cuts {
            let Some(Placed { value, span }) = &mut cut.what else { continue };
            let Wanted::Largest(level) = *value else { continue };
            let Some(key) = largest(exposure, level) else {
                let problem = Diagnostic::error("scenario.no_largest", &MESSAGES).arg("level", level.as_str());
                return Err(vec![problem.at(&self.source, span.clone())]);
            };
            *value = Wanted::Key(key);
        }
        Ok(())
    }

    /// Sources of energy of which something is left.
    pub(crate) fn left(&self) -> BTreeMap<EnergySourceId, Left> {
        let named = |cut: &Cut| match &cut.what {
            Some(Placed { value: Wanted::Key(Key { level: Level::Energy, name: Some(name) }), .. }) => {
                Some((EnergySourceId::new(name).ok()?, cut.left.as_ref()?.value))
            }
            _ => None,
        };
        self.cuts.iter().filter_map(named).collect()
    }

    /// What its cuts take away, in words of its file.
    pub(crate) fn cut_keys(&self) -> impl Iterator<Item = &Key> {
        self.cuts.iter().filter_map(|cut| match &cut.what {
            Some(Placed { value: Wanted::Key(key), .. }) => Some(key),
            _ => None,
        })
    }
}

/// The key of a level, home's own and blocs left out, that the most use by criticality needs; by requests where none is
/// critical or several are equal.
fn largest(exposure: &Report, level: Level) -> Option<Key> {
    let found = exposure.summary.levels.iter().find(|it| it.level == level)?;
    let keys = found.keys.iter().filter(|key| !key.is_home && !key.is_bloc);
    let named = keys.filter_map(|key| Some((key, key.name.as_ref()?)));
    // Of equals the first by name: `max_by` would take the last.
    let most = named.reduce(|most, it| {
        let of = |(key, _): (&crate::exposure::report::Dependence, _)| (key.critical.part, key.requests.part);
        if of(it) > of(most) { it } else { most }
    });
    most.filter(|(key, _)| key.requests.part > 0).map(|(_, name)| Key::new(level, name))
}

/// The status a word stands for.
pub(crate) fn status(word: &str) -> Option<Status> {
    Status::ALL.into_iter().find(|status| status.as_str() == word)
}
