//! Keys made and ended, apps and suppliers put out of use and back. Each leaves a record with the person's name.

use bytes::Bytes;
use realm::{AppId, DeploymentId, ProviderId, UnixMs, World};
use store::{Made, NewKey, Suspendable};
use tokio::sync::mpsc;

use super::Desk;
use crate::index::Seen;
use crate::trouble::Trouble;

const DAY_MS: u64 = 86_400_000;
/// How long a new key may live, in days.
const DAYS_MAX: u64 = 3_650;

impl Desk<'_> {
    /// Makes a key of an app that lives for some days; its text is told this once. Tells also when it ends.
    ///
    /// # Errors
    /// The app is none of the organisation's, or nobody lets a key live so long.
    pub async fn new_key(&self, app: &str, days: u64) -> Result<(NewKey, UnixMs), Trouble> {
        let app = self.app(app)?.id.clone();
        if !(1..=DAYS_MAX).contains(&days) {
            return Err(Trouble::wrong("days", format!("a key lives from 1 to {DAYS_MAX} days, not {days}")));
        }
        let expires = UnixMs(self.now.0.saturating_add(days * DAY_MS));
        Ok((self.parts.store.new_key(&app, Some(expires), &self.by(), self.now).await?, expires))
    }

    /// Ends a key of the organisation's; ending one twice changes nothing.
    ///
    /// # Errors
    /// There is none of that id here.
    pub async fn revoke_key(&self, id: &str) -> Result<(), Trouble> {
        self.key(id).await?;
        match self.parts.store.revoke_key(id, &self.by(), self.now).await {
            Ok(_) => Ok(()),
            Err(store::Error::NoSuchKey(_)) => Err(Trouble::NotFound),
            Err(other) => Err(other.into()),
        }
    }

    /// Whether there is such a thing to suspend; where it is to be resumed, being suspended is enough, for it may be gone
    /// from the realm. An app is one organisation's.
    ///
    /// # Errors
    /// There is not.
    pub async fn suspendable(&self, kind: Suspendable, id: &str, resume: bool) -> Result<(), Trouble> {
        if kind == Suspendable::App {
            return self.app(id).map(|_| ());
        }
        let mut known = is_in(self.world(), kind, id);
        if !known && resume {
            known = self.parts.store.suspensions().await?.iter().any(|it| it.kind == kind && it.id == id);
        }
        if known { Ok(()) } else { Err(Trouble::NotFound) }
    }

    /// Has the log deleted whole, with what it keeps of prompts and answers, and everything begun anew. That cannot be
    /// undone.
    ///
    /// # Errors
    /// This is no demo, or there are none: a log is kept.
    pub async fn delete_samples(&self) -> Result<(), Trouble> {
        if !self.around.may_begin_anew() || self.ledger(|index| index.samples(&Seen::All)).await?.value.simulated == 0 {
            return Err(Trouble::NotFound);
        }
        self.around.begin_anew(&self.by());
        Ok(())
    }

    /// Has a backup made; what is in it is on its way when this returns. The ledger says who asked, before anything is read.
    ///
    /// # Errors
    /// One is being made already, or something is in its way.
    pub async fn backup(&self) -> Result<mpsc::Receiver<Bytes>, Trouble> {
        let made = Made { what: "backup.make", subject: self.parts.log_id.clone(), note: None };
        self.parts.store.record_made(made, &self.by(), self.now).await?;
        Ok(self.around.backup().await?)
    }

    /// Under which name a backup is kept.
    pub fn backup_name(&self) -> String {
        format!("freehold-{}-{}.tar", self.parts.log_id, self.today())
    }

    /// Puts something out of use; twice is once.
    ///
    /// # Errors
    /// There is nothing of that name here.
    pub async fn suspend(&self, kind: Suspendable, id: &str) -> Result<(), Trouble> {
        self.suspendable(kind, id, false).await?;
        self.parts.store.suspend(kind, id, &self.by(), self.now).await?;
        Ok(())
    }

    /// Puts it back; twice is once.
    ///
    /// # Errors
    /// There is nothing of that name here.
    pub async fn resume(&self, kind: Suspendable, id: &str) -> Result<(), Trouble> {
        self.suspendable(kind, id, true).await?;
        self.parts.store.resume(kind, id, &self.by(), self.now).await?;
        Ok(())
    }
}

fn is_in(world: &World, kind: Suspendable, id: &str) -> bool {
    match kind {
        Suspendable::App => AppId::new(id).is_ok_and(|id| world.apps.contains_key(&id)),
        Suspendable::Provider => ProviderId::new(id).is_ok_and(|id| world.providers.contains_key(&id)),
        Suspendable::Deployment => DeploymentId::new(id).is_ok_and(|id| world.deployments.contains_key(&id)),
    }
}
