//! Tokens that expire: asked for when first needed, by one request for all, and anew before they end.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use http::header::{HOST, USER_AGENT};
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::Full;
use realm::UnixMs;
use tokio::sync::Mutex;

use super::issuer::{Issued, Issuer, Trouble};
use super::pool::Pool;
use crate::tasks::Tasks;

/// The longest reply of a token endpoint.
const REPLY_BYTES_MAX: usize = 64 << 10;
/// How long nobody asks again after a trouble that may pass by itself.
const AGAIN_MS: u64 = 1_000;
/// And after one that somebody must set right: providers lock out who keeps asking with a wrong key.
const AGAIN_LASTING_MS: u64 = 15_000;

/// No token can be had; the operator is told why.
#[derive(Debug, Clone)]
pub(super) struct NoToken(pub(super) String);

/// The tokens of one provider.
pub(super) struct Tokens {
    issuer: Issuer,
    pool: Pool,
    host: HeaderValue,
    path: String,
    held: ArcSwapOption<Issued>,
    /// Whose turn it is to ask; with it, the last trouble.
    turn: Arc<Mutex<Option<Lately>>>,
    drivers: Tasks,
}

/// A trouble, and until when nobody asks again.
struct Lately {
    trouble: Trouble,
    until: UnixMs,
}

impl Tokens {
    pub(super) fn new(issuer: Issuer, pool: Pool, (host, path): (HeaderValue, String), drivers: Tasks) -> Self {
        Self { issuer, pool, host, path, held: ArcSwapOption::empty(), turn: Arc::default(), drivers }
    }

    /// A token that a call may begin with.
    ///
    /// # Errors
    /// If there is none and none can be had.
    pub(super) async fn usable(self: &Arc<Self>, now: UnixMs) -> Result<HeaderValue, NoToken> {
        match self.held.load_full().filter(|held| now < held.until) {
            Some(held) => {
                if now >= held.renew_at {
                    self.renew_aside(now);
                }
                Ok(held.header.clone())
            }
            None => self.other_than(None, now).await,
        }
    }

    /// Another token than the one that the provider has just refused.
    ///
    /// # Errors
    /// If none can be had.
    pub(super) async fn other_than(&self, refused: Option<&HeaderValue>, now: UnixMs) -> Result<HeaderValue, NoToken> {
        let mut lately = self.turn.lock().await;
        // Who waited finds what the one before them brought.
        let good = |held: &Arc<Issued>| now < held.until && Some(&held.header) != refused;
        if let Some(held) = self.held.load_full().filter(good) {
            return Ok(held.header.clone());
        }
        self.ask(&mut lately, now).await.map(|held| held.header.clone()).map_err(|trouble| NoToken(trouble.words))
    }

    /// Asks in a task of its own, unless somebody asks already.
    fn renew_aside(self: &Arc<Self>, now: UnixMs) {
        let Ok(mut lately) = self.turn.clone().try_lock_owned() else { return };
        let this = self.clone();
        self.drivers.spawn(async move {
            if let Err(trouble) = this.ask(&mut lately, now).await {
                tracing::warn!(trouble = trouble.words, "a token could not be renewed; the one before is still good");
            }
        });
    }

    async fn ask(&self, lately: &mut Option<Lately>, now: UnixMs) -> Result<Arc<Issued>, Trouble> {
        if let Some(lately) = lately.as_ref().filter(|lately| now < lately.until) {
            return Err(lately.trouble.clone());
        }
        match self.exchange(now).await {
            Ok(issued) => {
                let issued = Arc::new(issued);
                self.held.store(Some(issued.clone()));
                *lately = None;
                Ok(issued)
            }
            Err(trouble) => {
                let wait = if trouble.lasts { AGAIN_LASTING_MS } else { AGAIN_MS };
                *lately = Some(Lately { trouble: trouble.clone(), until: UnixMs(now.0.saturating_add(wait)) });
                Err(trouble)
            }
        }
    }

    async fn exchange(&self, now: UnixMs) -> Result<Issued, Trouble> {
        let (mut headers, body) = self.issuer.request(now)?;
        headers.insert(HOST, self.host.clone());
        headers.insert(USER_AGENT, super::AGENT);
        let mut request = Request::new(Full::new(Bytes::from(body)));
        *request.method_mut() = Method::POST;
        let path = if self.path.is_empty() { "/" } else { &self.path };
        *request.uri_mut() = Uri::try_from(path).map_err(|_| Trouble::passing("its auth_url has no path"))?;
        *request.headers_mut() = headers;
        let failed = |fault: super::Fault| Trouble::passing(&format!("the token endpoint: {fault}"));
        let (head, body) = self.pool.exchange(request).await.map_err(failed)?.into_parts();
        let body = body.whole(REPLY_BYTES_MAX).await.map_err(failed)?;
        self.issuer.read(head.status.as_u16(), &body, now)
    }
}
