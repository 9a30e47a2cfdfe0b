//! Whose key it is.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError};

use http::HeaderMap;
use http::header::AUTHORIZATION;
use realm::world::App;

use crate::code::Code;
use crate::epoch::Epoch;
use crate::error::Refused;
use crate::gateway::Shared;
use crate::live::{Live, hash_of};

/// The app behind a key.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'e> {
    pub(crate) app: &'e App,
    /// The SHA-256 of its key: to see whether it still stands.
    pub(crate) key: [u8; 32],
}

/// Finds the app of the key that a request carries; it may be suspended, see `in_use`.
///
/// # Errors
/// No key, a wrong, expired or revoked one.
pub(crate) fn authenticate<'e>(
    shared: &Arc<Shared>,
    epoch: &'e Epoch,
    headers: &HeaderMap,
    peer: IpAddr,
) -> Result<Caller<'e>, Refused> {
    let live = shared.live.load();
    let Some(key) = key_of(headers).map(hash_of) else {
        return Err(wrong(shared, headers, peer, "no API key: send `Authorization: Bearer fh_…`"));
    };
    let now = shared.now();
    let app = live.key(&key, now).and_then(|found| epoch.world().apps.get(&found.app));
    // One that is not known here may have been made since, and one that is may have been revoked.
    if let Some(refused) = shared.database.as_ref().and_then(|it| it.keys_unavailable(app.is_some(), now)) {
        return Err(refused);
    }
    let Some(app) = app else {
        return Err(wrong(shared, headers, peer, "the API key is unknown, expired or revoked"));
    };
    Ok(Caller { app, key })
}

/// Whether the app may do anything. Not part of `authenticate`: whose request it is is known, so its refusal is recorded.
///
/// # Errors
/// A suspended app.
pub(crate) fn in_use(shared: &Shared, caller: &Caller<'_>) -> Result<(), Refused> {
    match shared.live.load().suspended.apps.contains(&caller.app.id) {
        true => Err(suspended()),
        false => Ok(()),
    }
}

fn suspended() -> Refused {
    Refused::new(Code::AppSuspended, "the app is suspended")
}

/// Why a key or its app may not go on, if so: asked before each attempt and while one is open.
pub(crate) fn standing(live: &Live, key: &[u8; 32], app: &App, shared: &Shared) -> Option<Refused> {
    if live.key(key, shared.now()).is_none() {
        return Some(Refused::new(Code::InvalidApiKey, "the API key was revoked or has expired"));
    }
    live.suspended.apps.contains(&app.id).then(suspended)
}

fn key_of(headers: &HeaderMap) -> Option<&[u8]> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let (scheme, key) = value.as_bytes().split_at_checked(7)?;
        return scheme.eq_ignore_ascii_case(b"bearer ").then(|| key.trim_ascii());
    }
    headers.get("x-api-key").map(|value| value.as_bytes().trim_ascii())
}

/// Counts a wrong key; who tries too many is told to come later. A right key is never held up by others' wrong ones.
fn wrong(shared: &Shared, headers: &HeaderMap, peer: IpAddr, words: &'static str) -> Refused {
    shared.metrics.failed_authentications.add(1);
    let peer = if shared.settings.behind_proxy { forwarded(headers).unwrap_or(peer) } else { peer };
    let mut peers = shared.peers.lock().unwrap_or_else(PoisonError::into_inner);
    match peers.failed(peer, shared.now()) {
        None => Refused::new(Code::InvalidApiKey, words),
        Some(seconds) => {
            let words = "too many wrong API keys came from this address";
            Refused::new(Code::TooManyFailedAuthentications, words).retry_after(seconds)
        }
    }
}

/// The address that our own proxy saw: the last one, for the client could have written those before.
pub(crate) fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let value = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    value.rsplit(',').next()?.trim().parse().ok()
}
