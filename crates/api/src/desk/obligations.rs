//! What is owed beside the answers: people to be told of requests, and evidence that rules ask for.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use policy::duty::{Shown, shown};
use policy::{EvidenceKey, ObligationKind, Rule};
use realm::{AppId, UnixMs};
use store::notice::Told;

use super::Desk;
use crate::follow::Known;
use crate::index::Owed;
use crate::law::is_open;
use crate::trouble::Trouble;

const HOUR_MS: u64 = 3_600_000;
/// Characters of what shows that somebody was told.
const REFERENCE_CHARS_MAX: usize = 500;

/// A notice that a rule wants given of an app's requests.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The rule.
    pub rule: Arc<Rule>,
    /// Whose requests.
    pub app: AppId,
    /// Those that nobody was told of; none where all were.
    pub owed: Option<Owed>,
    /// When they are due; none where the rule says no hours.
    pub due: Option<UnixMs>,
    /// The last time that it was done.
    pub told: Option<Told>,
}

/// How a notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It is owed, and its time has come.
    Overdue,
    /// It is owed.
    Open,
    /// Nothing is owed any more.
    Done,
}

impl Stands {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Open => "open",
            Self::Done => "done",
        }
    }
}

/// Evidence that rules ask of somebody or something.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What is asked.
    pub key: EvidenceKey,
    /// Of whom, and what the realm says.
    pub shown: Shown,
    /// Rules that bind and ask it.
    pub rules: Vec<Arc<Rule>>,
}

impl Notice {
    /// How it stands at a moment.
    pub fn stands(&self, now: UnixMs) -> Stands {
        match (&self.owed, self.due) {
            (None, _) => Stands::Done,
            (Some(_), Some(due)) if now >= due => Stands::Overdue,
            (Some(_), _) => Stands::Open,
        }
    }
}

impl Desk<'_> {
    /// Notices that rules want of the apps that the answer is of: those that are owed, and those that were given. What is
    /// overdue comes first, then what is due soonest.
    ///
    /// # Errors
    /// If the ledger or the store cannot be read.
    pub async fn notices(&self) -> Result<Known<Vec<Notice>>, Trouble> {
        let told: Vec<Told> = self.told_notices().await?.into_iter().filter(|it| it.undone.is_none()).collect();
        let rules: Vec<Arc<Rule>> = self.notifying();
        let ids: BTreeSet<String> = rules.iter().map(|rule| rule.id.to_string()).collect();
        let mut after: HashMap<(String, AppId), UnixMs> = HashMap::new();
        for it in &told {
            let Ok(app) = AppId::new(&it.app) else { continue };
            let until = after.entry((it.rule.clone(), app)).or_insert(it.through);
            *until = (*until).max(it.through);
        }
        let seen = self.seen();
        let known = self.ledger(move |index| index.owed(&seen, &ids, &after)).await?;
        let mut notices = Vec::new();
        for rule in &rules {
            for app in self.apps().map(|app| &app.id) {
                let owed = known.value.iter().find(|it| it.rule == rule.id.as_str() && it.app == *app).cloned();
                let last = told.iter().find(|it| it.rule == rule.id.as_str() && it.app == app.as_str()).cloned();
                if owed.is_some() || last.is_some() {
                    notices.push(notice(rule, app, owed, last));
                }
            }
        }
        notices.sort_by_key(|it| (it.owed.is_none(), it.due.unwrap_or(UnixMs(u64::MAX)), it.app.clone()));
        Ok(Known { value: notices, read_to: known.read_to, size: known.size })
    }

    /// Rules that want somebody told.
    fn notifying(&self) -> Vec<Arc<Rule>> {
        let compiled = self.around.compiled();
        let all = compiled.rules().iter().filter(|rule| rule.obligation == Some(ObligationKind::Notify));
        all.cloned().collect()
    }

    /// What was told of the apps that the answer is of, and what was taken back; the youngest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn told_notices(&self) -> Result<Vec<Told>, Trouble> {
        let apps: Vec<AppId> = self.apps().map(|app| app.id.clone()).collect();
        Ok(self.parts.store.told_notices(&apps).await?)
    }

    /// Says that somebody told of an app's requests until a moment, as a rule wants it.
    ///
    /// # Errors
    /// There is no such rule or app here, nothing to show it, or the moment is to come.
    pub async fn tell_notice(&self, rule: &str, app: &str, through: UnixMs, reference: &str) -> Result<Told, Trouble> {
        let rule = self.notifying().into_iter().find(|it| it.id.as_str() == rule).ok_or(Trouble::NotFound)?;
        let app = self.app(app)?.id.clone();
        let reference = reference.trim();
        if !(1..=REFERENCE_CHARS_MAX).contains(&reference.chars().count()) {
            let words = format!("what shows it has 1 to {REFERENCE_CHARS_MAX} characters");
            return Err(Trouble::wrong("reference", words));
        }
        if through > self.now {
            return Err(Trouble::wrong("through", "nobody can have told of requests that are to come"));
        }
        let (rule, by) = (rule.id.as_str(), self.by());
        Ok(self.parts.store.tell_notice((rule, &app), through, reference, (&by, self.now)).await?)
    }

    /// Takes it back; false where that was done before.
    ///
    /// # Errors
    /// There is none of that id here.
    pub async fn untell_notice(&self, id: &str) -> Result<bool, Trouble> {
        let found = self.told_notices().await?.into_iter().find(|it| it.id == id).ok_or(Trouble::NotFound)?;
        Ok(self.parts.store.untell_notice(&found.id, (&self.by(), self.now)).await?)
    }

    /// Evidence that rules that bind today ask for, of everybody here that it is asked of; what is not there comes first.
    pub fn evidence_asked(&self) -> Vec<Asked> {
        let (compiled, date) = (self.around.compiled(), self.today());
        let is_in = |subject: &str| is_open(self.world(), &self.guest.scope, subject);
        let mut all = Vec::new();
        for key in compiled.evidence() {
            let asks = |rule: &&Arc<Rule>| rule.binds_on(date) && rule.evidence.contains(key);
            let rules: Vec<Arc<Rule>> = compiled.rules().iter().filter(asks).cloned().collect();
            if rules.is_empty() {
                continue;
            }
            let shown = shown(self.world(), key, date, &is_in);
            all.extend(shown.into_iter().map(|shown| Asked { key: key.clone(), shown, rules: rules.clone() }));
        }
        all.sort_by_key(|it| std::cmp::Reverse(it.shown.met));
        all
    }
}

fn notice(rule: &Arc<Rule>, app: &AppId, owed: Option<Owed>, told: Option<Told>) -> Notice {
    let hours = rule.within_hours.map(|hours| u64::from(hours) * HOUR_MS);
    let due = owed.as_ref().zip(hours).map(|(owed, ms)| UnixMs(owed.first.0.saturating_add(ms)));
    Notice { rule: rule.clone(), app: app.clone(), owed, due, told }
}
