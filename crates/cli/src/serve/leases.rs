//! Renews what this server leased of limits that several share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use gateway::lease::{self, Grant, Others};
use gateway::{Gateway, LeaseAsk};
use realm::UnixMs;
use store::{Asked, Given, Held, Pot, Store};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::clock::now;

/// The longest pause between two renewals.
const RENEW_AT_LEAST: Duration = Duration::from_secs(1);
/// The shortest pause, however many ask.
const RENEW_AT_MOST: Duration = Duration::from_millis(20);
/// How long the database may take for a renewal.
const ANSWER_WAIT: Duration = Duration::from_millis(1_500);

/// Who leases, and for how long.
#[derive(Clone)]
pub(crate) struct Leases {
    pub(crate) gateway: Gateway,
    pub(crate) store: Store,
    /// The log that this server writes: its name among the others.
    pub(crate) log: String,
    /// This process, so that no two speak for one log.
    pub(crate) session: String,
    /// Whether the database knows of the session.
    pub(crate) begun: Arc<AtomicBool>,
    pub(crate) lease: Duration,
}

impl Leases {
    /// Renews until told to stop.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let pause = RENEW_AT_LEAST.min(self.lease / 4);
        // By a clock that nobody sets: what was granted is spent until then at the latest.
        let mut end = Instant::now() + self.lease;
        let mut failing = false;
        loop {
            tokio::select! {
                biased;
                _ = stop.changed() => return,
                () = tokio::time::sleep(pause) => {}
                () = self.gateway.lease_wanted() => tokio::time::sleep(RENEW_AT_MOST).await,
            }
            match self.renew().await {
                Ok(asked) => {
                    end = asked + self.lease;
                    failing = false;
                }
                Err(error) => {
                    if Instant::now() >= end {
                        self.gateway.leases_lapsed();
                    }
                    if !std::mem::replace(&mut failing, true) {
                        tracing::error!("leases cannot be renewed: {error:#}");
                    }
                }
            }
        }
    }

    /// Asks once, and takes over what is granted; when it asked.
    pub(crate) async fn renew(&self) -> Result<Instant> {
        let (asked, until) = (Instant::now(), UnixMs(now().0.saturating_add(millis(self.lease))));
        let asks = self.gateway.lease_asks(millis(self.lease));
        match self.exchange(&asks, millis(self.lease), lease::grant).await {
            Ok(grants) if asked.elapsed() < self.lease => {
                self.gateway.leases_granted(&asks, &grants, until);
                Ok(asked)
            }
            Ok(_) => {
                self.gateway.leases_failed();
                anyhow::bail!("the answer came after the lease was over")
            }
            Err(error) => {
                self.gateway.database_silent(&format!("{error:#}"));
                self.gateway.leases_failed();
                Err(error)
            }
        }
    }

    /// Says what was used, exactly, and gives everything else back: nothing runs any more.
    pub(crate) async fn give_back(&self) -> Result<()> {
        self.gateway.leases_lapsed();
        let asks = self.gateway.lease_asks(millis(self.lease));
        let nothing = |ask: &lease::Ask, _: &Others| Grant { granted: ask.used, ..Grant::default() };
        self.exchange(&asks, 0, nothing).await?;
        Ok(())
    }

    async fn exchange(
        &self,
        asks: &[LeaseAsk],
        ttl_ms: u64,
        rule: impl Fn(&lease::Ask, &Others) -> Grant + Send + Sync,
    ) -> Result<Vec<Grant>> {
        let asked: Vec<Asked> = asks.iter().map(row).collect();
        let grants = Mutex::new(Vec::with_capacity(asks.len()));
        let decide = |n: usize, held: Held, live: u32| {
            let Held { granted, used, unmet } = held;
            let grant = rule(&asks[n].ask, &Others { granted, used, unmet, live });
            grants.lock().unwrap_or_else(PoisonError::into_inner).push(grant);
            Given { granted: grant.granted, unmet: grant.unmet }
        };
        let exchanged = async {
            self.store.prepare().await?;
            if !self.begun.load(Ordering::Acquire) {
                self.store.begin_session(&self.log, &self.session).await?;
                self.begun.store(true, Ordering::Release);
            }
            self.store.exchange((&self.log, &self.session), ttl_ms, &asked, decide).await
        };
        timeout(ANSWER_WAIT, exchanged).await.context("it took too long")??;
        Ok(grants.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

fn row(ask: &LeaseAsk) -> Asked {
    let pot = Pot { scope: ask.scope.clone(), kind: ask.kind.as_str(), period: ask.period };
    Asked { pot, used: ask.ask.used, counts_ms: ask.kind.counts_ms() }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
