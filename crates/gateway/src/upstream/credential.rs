//! What proves to a provider who we are: read once, never printed.

use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use realm::UnixMs;
use realm::regular;
use realm::world::{self, Credential};
use wire::yandexgpt::auth::{self, Kind};
use wire::yandexgpt::iam::KeyFile;
use wire::{anthropic, gigachat};

use super::address::{Address, Certificates, Surroundings};
use super::dialect::Dialect;
use super::issuer::Issuer;
use super::pool::Pool;
use super::sockets::Sockets;
use super::token::{NoToken, Tokens};
use crate::secret::Secret;
use crate::tasks::Tasks;

/// A credential is a line, or a key file of a few.
const CREDENTIAL_BYTES_MAX: u64 = 64 << 10;

/// How requests are authorised.
pub(super) enum Auth {
    /// Not at all, or by the certificate of the connection.
    None,
    /// By a header that stays.
    Fixed(HeaderName, HeaderValue),
    /// By tokens that are asked for and expire.
    Tokens(Arc<Tokens>),
}

impl Auth {
    /// Reads the credential of a provider.
    ///
    /// # Errors
    /// In words, with no secret in them.
    pub(super) fn of(
        spec: &world::Provider,
        dialect: &Dialect,
        around: &Surroundings<'_>,
        connecting: (&Tasks, &Arc<Sockets>),
    ) -> Result<Self, String> {
        let Some(credential) = &spec.credential else { return Ok(Self::None) };
        let text = read(credential, around)?;
        let text = text.trim();
        let tokens = |issuer| tokens(issuer, spec, around, connecting);
        match dialect {
            Dialect::Openai => fixed(AUTHORIZATION, &format!("Bearer {text}")),
            Dialect::Anthropic(_) => fixed(HeaderName::from_static(anthropic::KEY_HEADER), text),
            Dialect::Gigachat => {
                let scope = spec.scope.unwrap_or_default().as_str();
                let key = match text.split_once(':') {
                    Some((id, secret)) => gigachat::oauth::key_of(id, secret),
                    None => text.to_owned(),
                };
                tokens(Issuer::Gigachat { key: Secret::new(key), scope })
            }
            Dialect::Yandex { .. } | Dialect::YandexCompatible(_) if text.starts_with('{') => {
                let key = KeyFile::read(text.as_bytes()).map_err(|problem| format!("its credential: {problem}"))?;
                tokens(Issuer::yandex_key(key)?)
            }
            Dialect::Yandex { .. } | Dialect::YandexCompatible(_) => {
                match (Kind::of(text), auth::authorization(text)) {
                    (Kind::OAuthToken, _) => tokens(Issuer::YandexOauth(Secret::new(text.to_owned()))),
                    (_, Some(value)) => fixed(AUTHORIZATION, &value),
                    (_, None) => Err(UNFIT.to_owned()),
                }
            }
        }
    }

    /// The header of a call that begins now.
    ///
    /// # Errors
    /// If a token is needed and cannot be had.
    pub(super) async fn header(&self, now: UnixMs) -> Result<Option<(HeaderName, HeaderValue)>, NoToken> {
        Ok(match self {
            Self::None => None,
            Self::Fixed(name, value) => Some((name.clone(), value.clone())),
            // In a box: most providers have none, and every request would hold its room.
            Self::Tokens(tokens) => Some((AUTHORIZATION, Box::pin(tokens.usable(now)).await?)),
        })
    }
}

const UNFIT: &str = "its credential cannot stand in a header";

fn fixed(name: HeaderName, text: &str) -> Result<Auth, String> {
    Ok(Auth::Fixed(name, sensitive(text).ok_or(UNFIT)?))
}

/// A header that hyper and http never print.
pub(super) fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn tokens(
    issuer: Issuer,
    spec: &world::Provider,
    around: &Surroundings<'_>,
    (drivers, sockets): (&Tasks, &Arc<Sockets>),
) -> Result<Auth, String> {
    let address = Address::of(spec.auth_url.as_deref(), "auth_url", Certificates::of(spec), around)?;
    let pool = Pool::new(address.endpoint, spec.timeouts, drivers.clone(), sockets.clone());
    Ok(Auth::Tokens(Arc::new(Tokens::new(issuer, pool, (address.host, address.path), drivers.clone()))))
}

fn read(credential: &Credential, around: &Surroundings<'_>) -> Result<String, String> {
    match credential {
        Credential::Env(name) => std::env::var(name).map_err(|_| format!("environment variable {name} is not set")),
        Credential::File(path) => {
            let path = around.file(path);
            let bytes = regular::read(&path, CREDENTIAL_BYTES_MAX);
            let bytes = bytes.map_err(|e| format!("credential file {}: {e}", path.display()))?;
            String::from_utf8(bytes).map_err(|_| format!("credential file {}: it is no text", path.display()))
        }
    }
}
