//! One provider as used: where, with what credential, how many at a time.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::Full;
use realm::regular;
use realm::world::{self, Credential, Protocol};
use realm::{AppId, ProviderId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::dial::Endpoint;
use super::pool::{Body, Fault, Pool};
use super::tls;
use crate::tasks::Tasks;

/// One provider as used.
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    pool: Pool,
    headers: HeaderMap,
    prefix: String,
    /// The engine is ours: it may know which app asks, and takes turns between them.
    ours: bool,
    places: Option<Arc<Semaphore>>,
}

/// As many requests run at this provider as the realm allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy;

/// The head of a provider's answer, and its body to be read.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its `content-type`.
    pub content_type: Option<HeaderValue>,
    /// Its `retry-after`, in seconds.
    pub retry_after_s: Option<u64>,
    /// Its body.
    pub body: Body,
    /// The place it takes at the provider, until dropped.
    _place: Option<OwnedSemaphorePermit>,
}

/// Where an embedded deployment listens, or where the realm's relative files lie.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings<'a> {
    pub(crate) realm_dir: Option<&'a Path>,
    pub(crate) socket: Option<&'a PathBuf>,
}

impl Provider {
    /// Makes a provider usable: reads its credential and certificates.
    ///
    /// # Errors
    /// In words for `/readyz`, with no secret in them.
    pub(crate) fn new(spec: &world::Provider, around: &Surroundings<'_>, drivers: Tasks) -> Result<Self, String> {
        let problem = |why: String| format!("provider {}: {why}", spec.id);
        let (endpoint, host, prefix) = match spec.protocol {
            Protocol::Embedded => {
                let socket = around.socket.ok_or_else(|| problem("its engine is not running".into()))?;
                (Endpoint::Unix(socket.clone()), HeaderValue::from_static("localhost"), "/v1".to_owned())
            }
            Protocol::Openai => remote(spec, around).map_err(problem)?,
        };
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(HOST, host);
        headers.insert(USER_AGENT, HeaderValue::from_static(concat!("freehold/", env!("CARGO_PKG_VERSION"))));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(credential) = &spec.credential {
            headers.insert(AUTHORIZATION, bearer(credential, around).map_err(problem)?);
        }
        let places = spec.concurrency.map(|most| {
            let most = usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS);
            Arc::new(Semaphore::new(most))
        });
        let pool = Pool::new(endpoint, spec.timeouts, drivers);
        let ours = spec.protocol == Protocol::Embedded;
        Ok(Self { id: spec.id.clone(), pool, headers, prefix, ours, places })
    }

    /// Takes a place at the provider.
    ///
    /// # Errors
    /// If none is free.
    pub(crate) fn place(&self) -> Result<Option<OwnedSemaphorePermit>, Busy> {
        match &self.places {
            None => Ok(None),
            Some(places) => places.clone().try_acquire_owned().map(Some).map_err(|_| Busy),
        }
    }

    /// Posts a body to `/chat/completions` and the like, and waits for the head of the answer.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) async fn post(
        &self,
        path: &str,
        body: Bytes,
        accept: HeaderValue,
        app: &AppId,
        place: Option<OwnedSemaphorePermit>,
    ) -> Result<Answer, Fault> {
        let uri = Uri::try_from([self.prefix.as_str(), path].concat()).map_err(|_| Fault::Connect)?;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().insert(ACCEPT, accept);
        if let Some(app) = HeaderValue::from_str(app.as_str()).ok().filter(|_| self.ours) {
            request.headers_mut().insert("x-freehold-app", app);
        }
        let (head, body) = self.pool.exchange(request).await?.into_parts();
        let mut headers = head.headers;
        let retry_after_s = headers.get(RETRY_AFTER).and_then(|v| v.to_str().ok()).and_then(|v| v.trim().parse().ok());
        let content_type = headers.remove(CONTENT_TYPE);
        Ok(Answer { status: head.status, content_type, retry_after_s, body, _place: place })
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Endpoint, `host` header and path prefix of a provider with a `base_url`.
fn remote(spec: &world::Provider, around: &Surroundings<'_>) -> Result<(Endpoint, HeaderValue, String), String> {
    let url = spec.base_url.as_deref().ok_or("it has no base_url")?;
    let uri: Uri = url.parse().map_err(|_| "its base_url is not a URL")?;
    let authority = uri.authority().ok_or("its base_url names no host")?;
    if authority.as_str().contains('@') {
        return Err("its base_url holds a user name: use `credential`".into());
    }
    // A bare address gets the usual version prefix; a path is taken as it stands.
    let path = uri.path().trim_end_matches('/');
    let prefix = if path.is_empty() { "/v1" } else { path }.to_owned();
    let host = HeaderValue::from_str(authority.as_str()).map_err(|_| "its host is not ASCII")?;
    let name = authority.host();
    let endpoint = match uri.scheme_str() {
        Some("http") => {
            let bare = name.trim_start_matches('[').trim_end_matches(']').to_owned();
            Endpoint::Plain { host: bare, port: authority.port_u16().unwrap_or(80) }
        }
        Some("https") => {
            let file = |path: &PathBuf| resolve(path, around);
            let ca = spec.ca_file.as_ref().map(file);
            let own = spec.client_cert.as_ref().map(file).zip(spec.client_key.as_ref().map(file));
            let own = own.as_ref().map(|(certificate, key)| (certificate.as_path(), key.as_path()));
            let config = tls::client(ca.as_deref(), own).map_err(|e| e.to_string())?;
            Endpoint::tls(name, authority.port_u16().unwrap_or(443), config)?
        }
        _ => return Err("its base_url is neither http nor https".into()),
    };
    Ok((endpoint, host, prefix))
}

fn resolve(path: &Path, around: &Surroundings<'_>) -> PathBuf {
    around.realm_dir.map_or_else(|| path.to_owned(), |dir| dir.join(path))
}

/// A credential stands in one header.
const CREDENTIAL_BYTES_MAX: u64 = 64 << 10;

/// The credential as a header, read once. It is marked sensitive: hyper and http never print it.
fn bearer(credential: &Credential, around: &Surroundings<'_>) -> Result<HeaderValue, String> {
    let text = match credential {
        Credential::Env(name) => std::env::var(name).map_err(|_| format!("environment variable {name} is not set"))?,
        Credential::File(path) => {
            let path = resolve(path, around);
            let bytes = regular::read(&path, CREDENTIAL_BYTES_MAX);
            let bytes = bytes.map_err(|e| format!("credential file {}: {e}", path.display()))?;
            String::from_utf8(bytes).map_err(|_| format!("credential file {}: it is no text", path.display()))?
        }
    };
    let mut value = HeaderValue::from_str(&format!("Bearer {}", text.trim()))
        .map_err(|_| "its credential cannot stand in a header".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}
