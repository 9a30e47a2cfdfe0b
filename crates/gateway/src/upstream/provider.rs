//! One provider as used: where, in which language, with what credential, how many at a time.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HOST, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::Full;
use realm::world::{self, Protocol};
use realm::{AppId, ProviderId, UnixMs};
use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use wire::yandexgpt;

use super::address::{Address, Certificates, Surroundings};
use super::credential::Auth;
use super::dial::Endpoint;
use super::dialect::Dialect;
use super::pool::{Body, Fault, Pool};
use super::sockets::Sockets;
use super::token::{NoToken, Tokens};
use crate::tasks::Tasks;

/// The longest body of a refusal that is read and thrown away.
const REFUSAL_BYTES_MAX: usize = 64 << 10;

/// One provider as used.
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// What it speaks.
    pub(crate) dialect: Dialect,
    pool: Pool,
    headers: HeaderMap,
    prefix: String,
    /// Where its operations are asked after, where it answers later.
    operations: Option<Operations>,
    total: Duration,
    auth: Auth,
    /// The engine is ours: it may know which app asks, and takes turns between them.
    ours: bool,
    places: Option<Arc<Semaphore>>,
    guests: Arc<Guests>,
    /// What somebody must set right, for `/readyz`.
    trouble: ArcSwapOption<String>,
}

/// Another address of a provider, for asking after what it does.
struct Operations {
    pool: Pool,
    headers: HeaderMap,
    prefix: String,
}

impl Operations {
    /// None where the provider answers at once. `headers`: of requests to the provider.
    fn of(
        spec: &world::Provider,
        around: &Surroundings<'_>,
        headers: &HeaderMap,
        (drivers, sockets): (&Tasks, &Arc<Sockets>),
    ) -> Result<Option<Self>, String> {
        let Some(url) = &spec.operations_url else { return Ok(None) };
        let address = Address::of(Some(url), "operations_url", Certificates::of(spec), around)?;
        let mut headers = headers.clone();
        headers.insert(HOST, address.host);
        headers.remove(CONTENT_TYPE);
        let pool = Pool::new(address.endpoint, spec.timeouts, drivers.clone(), sockets.clone());
        Ok(Some(Self { pool, headers, prefix: address.path }))
    }
}

/// As many requests run at this provider as the realm allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy;

/// A place at a provider, until dropped; nothing where the realm sets no bound.
pub(crate) type Held = Option<OwnedSemaphorePermit>;

/// Requests that nobody waits for: they run in places that are free, and leave when somebody wants one.
#[derive(Debug)]
struct Guests {
    running: AtomicUsize,
    /// Moves when they must leave.
    leave: watch::Sender<()>,
}

/// A request that nobody waits for, at a provider, until dropped.
#[derive(Debug)]
pub(crate) struct Guest {
    guests: Arc<Guests>,
    leave: watch::Receiver<()>,
}

impl Guest {
    /// Comes back when a request of a client wants the place.
    pub(crate) async fn wanted_away(&mut self) {
        if self.leave.changed().await.is_err() {
            // It holds the sender itself.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.guests.running.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What is common to the requests of one attempt.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    pub(crate) path: &'a str,
    pub(crate) accept: HeaderValue,
    /// Of the body; none means JSON.
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) app: &'a AppId,
    /// Our name of the request, and the number of the attempt.
    pub(crate) request: (&'a str, u32),
    pub(crate) now: UnixMs,
    /// A `traceparent`, where the provider is to have it.
    pub(crate) traced: Option<&'a str>,
}

/// The head of a provider's answer, and its body to be read.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its `content-type`.
    pub content_type: Option<HeaderValue>,
    /// Its `retry-after`, in seconds.
    pub retry_after_s: Option<u64>,
    /// The provider's own name of the request, where it gives requests names that its support asks for.
    pub trace: Option<HeaderValue>,
    /// Its body.
    pub body: Body,
}

impl Provider {
    /// Makes a provider usable: reads its credential and certificates.
    ///
    /// # Errors
    /// In words for `/readyz`, with no secret in them.
    pub(crate) fn new(
        spec: &world::Provider,
        around: &Surroundings<'_>,
        (drivers, sockets): (Tasks, Arc<Sockets>),
    ) -> Result<Self, String> {
        let problem = |why: String| format!("provider {}: {why}", spec.id);
        let dialect = Dialect::of(spec).map_err(problem)?;
        let ours = spec.protocol == Protocol::Embedded;
        let (endpoint, host, prefix) = match ours {
            true => {
                let socket = around.socket.ok_or_else(|| problem("its engine is not running".into()))?;
                (Endpoint::Unix(socket.clone()), HeaderValue::from_static("localhost"), "/v1".to_owned())
            }
            false => {
                let address = Address::of(spec.base_url.as_deref(), "base_url", Certificates::of(spec), around)
                    .map_err(problem)?;
                (address.endpoint, address.host, dialect.prefix(&address.path))
            }
        };
        let mut headers = HeaderMap::with_capacity(12);
        headers.insert(HOST, host);
        headers.insert(http::header::USER_AGENT, super::AGENT);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        dialect.write_headers(&mut headers).map_err(problem)?;
        let auth = Auth::of(spec, &dialect, around, (&drivers, &sockets)).map_err(problem)?;
        let places = spec.concurrency.map(|most| {
            let most = usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS);
            Arc::new(Semaphore::new(most))
        });
        let operations = Operations::of(spec, around, &headers, (&drivers, &sockets)).map_err(problem)?;
        let pool = Pool::new(endpoint, spec.timeouts, drivers, sockets);
        let trouble = ArcSwapOption::empty();
        let guests = Arc::new(Guests { running: AtomicUsize::new(0), leave: watch::channel(()).0 });
        let (id, total) = (spec.id.clone(), Duration::from_millis(spec.timeouts.total_ms));
        Ok(Self { id, dialect, pool, headers, prefix, operations, total, auth, ours, places, guests, trouble })
    }

    /// Takes a place at the provider.
    ///
    /// # Errors
    /// If none is free.
    pub(crate) fn place(&self) -> Result<Held, Busy> {
        match &self.places {
            None => Ok(None),
            Some(places) => {
                let held = places.clone().try_acquire_owned().map_err(|_| Busy)?;
                // Those whom nobody waits for take no part in the count: they leave, and this one never hears of them.
                if places.available_permits() < self.guests.running.load(Ordering::Acquire) {
                    self.guests.leave.send_replace(());
                }
                Ok(Some(held))
            }
        }
    }

    /// Lets in a request that nobody waits for, where there is a place that nobody uses.
    ///
    /// # Errors
    /// If none is free.
    pub(crate) fn guest(&self) -> Result<Guest, Busy> {
        let free = self.places.as_ref().map_or(usize::MAX, |places| places.available_permits());
        let one_more = |running: usize| (running < free).then_some(running + 1);
        self.guests.running.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).map_err(|_| Busy)?;
        Ok(Guest { guests: self.guests.clone(), leave: self.guests.leave.subscribe() })
    }

    /// What somebody must set right: a credential that the provider refuses.
    pub(crate) fn trouble(&self) -> Option<Arc<String>> {
        self.trouble.load_full()
    }

    /// Posts a body and waits for the head of the answer. A token that the provider refuses is replaced by a new one,
    /// and the body goes once more: what was refused unread was not taken.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) async fn post(&self, call: &Call<'_>, body: Bytes) -> Result<Answer, Fault> {
        self.call(call, Some(body)).await
    }

    /// Asks after an operation, and waits for the head of the answer; with tokens as for a post.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) async fn ask(&self, call: &Call<'_>) -> Result<Answer, Fault> {
        self.call(call, None).await
    }

    /// How long an attempt may take.
    pub(crate) fn total(&self) -> Duration {
        self.total
    }

    async fn call(&self, call: &Call<'_>, body: Option<Bytes>) -> Result<Answer, Fault> {
        // Before a token is asked for, which would be a byte too.
        if self.pool.is_shut() {
            return Err(Fault::CutOff);
        }
        let header = self.auth.header(call.now).await.map_err(|no| self.no_token(no))?;
        let used = header.as_ref().map(|(_, value)| value.clone());
        let answer = self.send(call, body.clone(), header).await?;
        let (StatusCode::UNAUTHORIZED, Auth::Tokens(tokens)) = (answer.status, &self.auth) else {
            self.note(answer.status);
            return Ok(answer);
        };
        // In a box: it is rare, and every request would hold its room.
        Box::pin(self.call_anew(call, body, tokens, answer, used)).await
    }

    async fn call_anew(
        &self,
        call: &Call<'_>,
        body: Option<Bytes>,
        tokens: &Tokens,
        refused: Answer,
        used: Option<HeaderValue>,
    ) -> Result<Answer, Fault> {
        // Read to its end, so that the connection can be used again.
        let _ = refused.body.whole(REFUSAL_BYTES_MAX).await;
        let fresh = tokens.other_than(used.as_ref(), call.now).await.map_err(|no| self.no_token(no))?;
        let answer = self.send(call, body, Some((http::header::AUTHORIZATION, fresh))).await?;
        self.note(answer.status);
        Ok(answer)
    }

    async fn send(
        &self,
        call: &Call<'_>,
        body: Option<Bytes>,
        authorization: Option<(HeaderName, HeaderValue)>,
    ) -> Result<Answer, Fault> {
        let (method, (pool, prefix, headers)) = match (&body, &self.operations) {
            (None, Some(it)) => (Method::GET, (&it.pool, &it.prefix, &it.headers)),
            _ => (Method::POST, (&self.pool, &self.prefix, &self.headers)),
        };
        let uri = Uri::try_from([prefix.as_str(), call.path].concat()).map_err(|_| Fault::Connect)?;
        let mut request = Request::new(Full::new(body.unwrap_or_default()));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers.clone();
        let headers = request.headers_mut();
        headers.insert(ACCEPT, call.accept.clone());
        if let Some(kind) = &call.content_type {
            headers.insert(CONTENT_TYPE, kind.clone());
        }
        if let Some((name, value)) = authorization {
            headers.insert(name, value);
        }
        if let Some(app) = HeaderValue::from_str(call.app.as_str()).ok().filter(|_| self.ours) {
            headers.insert("x-freehold-app", app);
        }
        if let Some(traced) = call.traced.and_then(|traced| HeaderValue::from_str(traced).ok()) {
            headers.insert("traceparent", traced);
        }
        let named = self.dialect.request_id_header();
        if let Some(name) = named.clone() {
            headers.insert(name, uuid_of(call.request));
        }
        let (head, body) = pool.exchange(request).await?.into_parts();
        let mut headers = head.headers;
        let trace = named.and_then(|_| yandexgpt::auth::TRACES.iter().find_map(|name| headers.remove(*name)));
        let retry_after_s = headers.get(RETRY_AFTER).and_then(|v| v.to_str().ok()).and_then(|v| v.trim().parse().ok());
        let content_type = headers.remove(CONTENT_TYPE);
        Ok(Answer { status: head.status, content_type, retry_after_s, trace, body })
    }

    /// A refused credential is the operator's matter; any other answer shows that it is good.
    fn note(&self, status: StatusCode) {
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            self.complain(format!("it refuses our credential, or what we ask with it (status {})", status.as_u16()));
        } else if status.is_success() && self.trouble.load().is_some() {
            self.trouble.store(None);
        }
    }

    fn no_token(&self, no: NoToken) -> Fault {
        self.complain(format!("no token for our credential: {}", no.0));
        Fault::NoToken
    }

    fn complain(&self, why: String) {
        let words = format!("provider {}: {why}", self.id);
        if self.trouble.load().as_deref() != Some(&words) {
            tracing::warn!(provider = %self.id, trouble = words, "a credential does not serve");
            self.trouble.store(Some(Arc::new(words)));
        }
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("id", &self.id).finish_non_exhaustive()
    }
}
/// A name for a provider in the form of a random UUID. Who knows our name of the request can compute it again; who does
/// not learns nothing of it.
fn uuid_of((id, attempt): (&str, u32)) -> HeaderValue {
    let hash = Sha256::new().chain_update(id).chain_update(attempt.to_be_bytes()).finalize();
    let mut bytes: [u8; 16] = std::array::from_fn(|at| hash[at]);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex::encode(bytes);
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    HeaderValue::from_str(&parts.join("-")).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::uuid_of;

    #[test]
    fn a_request_has_one_name_for_each_attempt_in_the_form_of_a_random_uuid() {
        let name = |id: &str, attempt: u32| uuid_of((id, attempt)).to_str().unwrap().to_owned();
        let first = name("req-1", 1);
        assert_eq!(first, name("req-1", 1));
        assert!(first != name("req-1", 2) && first != name("req-2", 1));
        let parts: Vec<usize> = first.split('-').map(str::len).collect();
        assert_eq!((parts, &first[14..15]), (vec![8, 4, 4, 4, 12], "4"));
        assert!("89ab".contains(&first[19..20]));
    }
}
