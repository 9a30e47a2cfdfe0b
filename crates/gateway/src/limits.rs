//! Limits and budgets: counters in memory, reserved before a request and settled after it.
//!
//! Three scopes count each request: the organisation, the app and the route. A reservation holds all three locks,
//! so it is granted whole or not at all and no interleaving of requests passes a limit. The counters are rebuilt
//! from the ledger at start (`usage::fold`). Where several gateways share a database, each spends only the share that
//! it leased there (`lease`); a counter then has a ceiling below its limit.
//!
//! - Requests and tokens: at most the limit in any 60 seconds. The window is 61 buckets of one second, so a
//!   request is let in up to a second later than the strict limit would, never earlier.
//! - Money: a calendar month in the realm's time zone. Reserved is the estimate of prompt and answer at the dearest
//!   price of the route. A request charges the month in which it ends.
//! - An attempt that got no answer costs nothing; one that was cut, timed out or left by its client after its bytes
//!   had gone is charged its prompt and what was seen of the answer, marked estimated.

pub mod lease;
mod scope;
mod share;
mod shared;
mod window;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use realm::world::{Budget, Limits};
use realm::{AppId, Nano, OrganisationId, RouteId, UnixMs};

pub use scope::{Asked, Month, Scope, Short};
pub use share::Kind;
pub use shared::{Held, LeaseAsk};

/// Where the limits are shared: wakes whoever renews the leases.
pub(crate) type Leasing = Arc<tokio::sync::Notify>;

/// The counters of every scope. They outlive reloads.
#[derive(Debug, Default)]
pub struct Counters {
    organisations: Mutex<HashMap<OrganisationId, Arc<Scope>>>,
    apps: Mutex<HashMap<AppId, Arc<Scope>>>,
    routes: Mutex<HashMap<RouteId, Arc<Scope>>>,
    leasing: Option<Leasing>,
}

/// What one scope allows, as declared.
#[derive(Debug, Clone, Copy, Default)]
pub struct Allowed {
    /// Rates.
    pub limits: Limits,
    /// Money.
    pub budget: Budget,
}

/// A scope and what it allows in one epoch.
#[derive(Debug, Clone)]
pub struct Limited {
    scope: Arc<Scope>,
    allowed: Allowed,
}

/// What a request holds until it ends. Dropping it without settling gives everything back.
#[derive(Debug)]
pub struct Reservation {
    scopes: [Arc<Scope>; 3],
    asked: Asked,
    settled: bool,
}

// === impl Counters ===

impl Counters {
    /// Counters whose limits hold for several gateways together, or for this one alone.
    pub fn new(leasing: Option<Leasing>) -> Self {
        Self { leasing, ..Self::default() }
    }

    /// The scope of an organisation.
    pub fn organisation(&self, id: &OrganisationId, allowed: Allowed) -> Limited {
        Limited { scope: get(&self.organisations, id, self.leasing.as_ref()), allowed }
    }

    /// The scope of an app.
    pub fn app(&self, id: &AppId, allowed: Allowed) -> Limited {
        Limited { scope: get(&self.apps, id, self.leasing.as_ref()), allowed }
    }

    /// The scope of a route.
    pub fn route(&self, id: &RouteId, allowed: Allowed) -> Limited {
        Limited { scope: get(&self.routes, id, self.leasing.as_ref()), allowed }
    }
}

fn get<K: Clone + Eq + Hash>(scopes: &Mutex<HashMap<K, Arc<Scope>>>, id: &K, leasing: Option<&Leasing>) -> Arc<Scope> {
    let mut scopes = scopes.lock().unwrap_or_else(PoisonError::into_inner);
    scopes.entry(id.clone()).or_insert_with(|| Arc::new(Scope::new(leasing))).clone()
}

// === impl Limited ===

impl Limited {
    /// Adds what the ledger says was used, at start.
    pub fn restore(&self, month: Month, spent: Nano, recent: impl IntoIterator<Item = (UnixMs, u64)>) {
        let mut state = self.scope.lock();
        state.restore(month, spent, recent);
    }
}

/// Reserves in the organisation, the app and the route, in this order; all or nothing.
///
/// # Errors
/// The first limit that the request would pass, and when to come again.
pub fn reserve(scopes: [&Limited; 3], asked: Asked) -> Result<Reservation, Short> {
    take(scopes, &asked, asked.at)?;
    let scopes = scopes.map(|limited| limited.scope.clone());
    Ok(Reservation { scopes, asked, settled: false })
}

/// Reserves more for a request that runs: in its scopes, all or nothing. `more.at` is now.
///
/// # Errors
/// The first limit that the request would pass; it keeps what it had.
pub fn reserve_more(scopes: [&Limited; 3], held: &mut Reservation, more: Asked) -> Result<(), Short> {
    // It counts where the request does, and is taken away there.
    take(scopes, &more, held.asked.at)?;
    held.asked.tokens = held.asked.tokens.saturating_add(more.tokens);
    held.asked.cost = held.asked.cost + more.cost;
    Ok(())
}

fn take(scopes: [&Limited; 3], asked: &Asked, at: UnixMs) -> Result<(), Short> {
    let [first, second, third] = scopes;
    // Always organisation, app, route: the order of kinds is the order of locks, so two requests cannot wait for
    // each other.
    let mut held: [MutexGuard<'_, scope::State>; 3] = [first.scope.lock(), second.scope.lock(), third.scope.lock()];
    let checked = held.iter_mut().zip(scopes).try_for_each(|(state, limited)| state.check(&limited.allowed, asked));
    if let Err(short) = checked {
        if short.leased {
            // All at once: a share that waits for another one in vain would go back meanwhile.
            held.iter_mut().zip(scopes).for_each(|(state, limited)| state.need(&limited.allowed, asked));
        }
        return Err(short);
    }
    for state in &mut held {
        state.take(&Asked { at, ..*asked });
    }
    Ok(())
}

// === impl Reservation ===

impl Reservation {
    /// The tokens and the money that are set aside.
    pub fn amount(&self) -> (u64, Nano) {
        (self.asked.tokens, self.asked.cost)
    }

    /// Replaces the estimate by what was used, and charges the month of `now`.
    pub fn settle(mut self, now: UnixMs, month: Month, tokens: u64, cost: Nano) {
        self.settled = true;
        for scope in &self.scopes {
            scope.lock().settle(&self.asked, now, month, tokens, cost);
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if !self.settled {
            for scope in &self.scopes {
                scope.lock().give_back(&self.asked);
            }
        }
    }
}

#[cfg(test)]
mod tests;
