//! Plans and forecasts that somebody asks for here: worked out beside the threads that serve, one at a time, and what came
//! of the last ones. They are of the whole realm, and read nothing but the realm's own folders `plan` and `forecast`.

mod files;
mod track;
mod work;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use forecast::{Difference, Outcome};
use plan::Plan;
use plan::case::Case;
use plan::solve::{Failure, Step};
use plan::why::{InConflict, Why, conflict_text};
use realm::UnixMs;
use realm::load::{Diagnostic, Lang};
use report::Report;
use sha2::{Digest, Sha256};

use crate::desk::Desk;

pub use files::{CaseLies, Lies, MODELS, PLAN, PLANS, RESOLVED, Summary};
pub use track::Track;

/// What is kept: questions with what came of them.
const KEPT_MAX: usize = 20;
/// Most years that something may come later.
pub const LATE_YEARS_MAX: u8 = 15;

/// The plans and forecasts that were asked for since the program began.
#[derive(Clone, Default)]
pub struct Foresights(Arc<Mutex<Vec<Arc<Foresight>>>>);

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// The cheapest plan of a case, by the name of its folder.
    Plan(String),
    /// What a model says, by its path in the folder, without `.toml`.
    Forecast(String),
    /// What a model says with the capacity of a case's plan, as the case is and with something late.
    Both {
        /// The case.
        case: String,
        /// The model.
        model: String,
    },
}

/// A technology that comes later than its case says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// Its id in the case.
    pub technology: String,
    /// By how many years.
    pub years: u8,
}

/// One question and what came of it.
pub struct Foresight {
    /// Made of what it is of: the same question over the same files has the same.
    pub id: String,
    /// What is asked.
    pub question: Question,
    /// With what late, where something is.
    pub late: Option<Late>,
    /// Who asked first.
    pub by: String,
    /// When.
    pub at: UnixMs,
    step: Mutex<Option<Step>>,
    came: OnceLock<Came>,
}

/// What came of a question.
pub enum Came {
    /// A plan, checked, with its case.
    Plan(Box<(Case, Plan)>),
    /// There is no plan, and what stands in the way.
    NoPlan(Box<InTheWay>),
    /// A forecast.
    Forecast(Box<Outcome>),
    /// Two forecasts, one beside the other, and the plans whose capacity they have.
    Difference(Box<Differing>),
    /// What the files say cannot be meant.
    Wrong(Vec<Diagnostic>),
    /// The solver gave up.
    Failed(Failure),
    /// The case is too large to be solved beside a gateway: about so many columns.
    TooLarge(usize),
    /// Its files cannot be read, or the work died.
    Lost(String),
}

/// Two forecasts with the plans that they rest on, each with its case.
pub struct Differing {
    /// What differs.
    pub difference: Difference,
    /// With the case as it is.
    pub before: (Case, Plan),
    /// With something late.
    pub after: (Case, Plan),
}

impl Differing {
    /// In words: what differs, and what both plans cost and do not serve.
    pub fn report(&self, lang: Lang) -> Report {
        let mut report = self.difference.report(lang);
        let [before, after] = [&self.before, &self.after].map(|it| (&it.0, &it.1));
        report.sections.push(plan::said::beside(before, after, lang));
        report
    }
}

/// What stands in the way of every plan of a case.
pub struct InTheWay {
    /// The case.
    pub case: Case,
    /// The smallest set of limits, and from which year on there is a plan; none where no limit alone is in the way.
    pub why: Option<Why>,
    /// Rows that contradict each other, where that is all that can be said.
    pub rows: Vec<InConflict>,
}

impl InTheWay {
    /// In words.
    pub fn to_text(&self, lang: Lang) -> String {
        self.why.as_ref().map_or_else(|| conflict_text(&self.rows, lang), |why| why.to_text(&self.case, lang))
    }
}

/// Why nothing is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoForesight {
    /// There is nothing of that name.
    Nothing,
    /// Nothing may come as late as that, or what comes late is not in the case.
    Late,
    /// One is under way.
    Busy,
}

impl Came {
    /// What it says, in a language; none where there is nothing but why.
    pub fn report(&self, lang: Lang) -> Option<Report> {
        match self {
            Self::Plan(it) => Some(plan::said::report(&it.0, &it.1, lang)),
            Self::Forecast(it) => Some(it.report(lang)),
            Self::Difference(it) => Some(it.report(lang)),
            _ => None,
        }
    }
}

impl Foresight {
    /// How far the work is; none before it began, and of forecasts.
    pub fn step(&self) -> Option<Step> {
        *self.step.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What came of it; none yet where it is under way.
    pub fn came(&self) -> Option<&Came> {
        self.came.get()
    }

    fn say(&self, step: Step) {
        *self.step.lock().unwrap_or_else(PoisonError::into_inner) = Some(step);
    }

    fn end(&self, came: Came) {
        // Only its worker says what came of it.
        let _ = self.came.set(came);
    }
}

impl Foresights {
    /// All, the youngest first.
    pub fn all(&self) -> Vec<Arc<Foresight>> {
        self.held().iter().rev().cloned().collect()
    }

    /// One of them.
    pub fn find(&self, id: &str) -> Option<Arc<Foresight>> {
        self.held().iter().find(|it| it.id == id).cloned()
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Foresight>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a question in; gives the one that is there where it is the same, and tells whether it is new.
    fn admit(&self, asked: Foresight) -> Result<(Arc<Foresight>, bool), NoForesight> {
        let mut all = self.held();
        let failed = |it: &Foresight| matches!(it.came(), Some(Came::Lost(_) | Came::Failed(_)));
        if let Some(found) = all.iter().find(|it| it.id == asked.id && !failed(it)) {
            return Ok((Arc::clone(found), false));
        }
        if all.iter().any(|it| it.came().is_none()) {
            return Err(NoForesight::Busy);
        }
        all.retain(|it| it.id != asked.id);
        if all.len() >= KEPT_MAX {
            all.remove(0);
        }
        let asked = Arc::new(asked);
        all.push(Arc::clone(&asked));
        Ok((asked, true))
    }
}

impl Desk<'_> {
    /// The realm's folder, where plans and forecasts lie; none where the realm is not read from one.
    fn realm_folder(&self) -> Option<PathBuf> {
        self.parts.scenarios.as_ref().and_then(|it| it.parent()).map(PathBuf::from)
    }

    /// The cases and models that lie in the realm's folders.
    ///
    /// # Errors
    /// If reading them dies; what cannot be read is said beside its name.
    pub async fn lies(&self) -> Result<Lies, crate::trouble::Trouble> {
        let Some(folder) = self.realm_folder() else { return Ok(Lies::default()) };
        Ok(tokio::task::spawn_blocking(move || files::found(&folder)).await?)
    }

    /// Begins to work an answer out; one that was worked out over the same files is not begun again.
    ///
    /// # Errors
    /// Why it is not begun.
    pub async fn foresee(&self, question: Question, late: Option<Late>) -> Result<Arc<Foresight>, NoForesight> {
        if late.as_ref().is_some_and(|it| it.years == 0 || it.years > LATE_YEARS_MAX) {
            return Err(NoForesight::Late);
        }
        let folder = self.realm_folder().ok_or(NoForesight::Nothing)?;
        let lies = self.lies().await.map_err(|_| NoForesight::Nothing)?;
        let sha256 = lies.sha256(&question).ok_or(NoForesight::Nothing)?;
        if late.as_ref().is_some_and(|late| !lies.has_technology(&question, &late.technology)) {
            return Err(NoForesight::Late);
        }
        let of = format!("{question:?}\n{late:?}\n{sha256}\n{}", self.today());
        let asked = Foresight {
            id: hex::encode(&Sha256::digest(of)[..6]),
            question,
            late,
            by: self.guest.person.clone(),
            at: self.now,
            step: Mutex::default(),
            came: OnceLock::new(),
        };
        let (asked, is_new) = self.parts.foresights.admit(asked)?;
        if is_new {
            work::begin(folder, self.today(), Arc::clone(&asked));
        }
        Ok(asked)
    }
}
