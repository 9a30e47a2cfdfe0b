//! Who gives out tokens: what is asked of it, and how its reply is read.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use realm::UnixMs;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};
use wire::gigachat::oauth::{self, FailureKind};
use wire::yandexgpt::iam::{self, KeyFile};
use wire::yandexgpt::{self, Class};

use super::credential::sensitive;
use crate::secret::Secret;

/// Who gives out tokens, and for what.
pub(super) enum Issuer {
    /// Sber's: for an authorization key.
    Gigachat { key: Secret<String>, scope: &'static str },
    /// Yandex's: for a text signed with a service account's key.
    YandexKey { file: KeyFile, pair: Box<RsaKeyPair> },
    /// Yandex's: for a person's OAuth token.
    YandexOauth(Secret<String>),
}

/// A token, and its times.
pub(super) struct Issued {
    /// For `authorization`.
    pub(super) header: HeaderValue,
    /// No call begins with it from then on.
    pub(super) until: UnixMs,
    /// From then on a new one is asked for aside.
    pub(super) renew_at: UnixMs,
}

/// Why there is no token.
#[derive(Debug, Clone)]
pub(super) struct Trouble {
    /// For the operator; it quotes no secret.
    pub(super) words: String,
    /// Somebody must set something right; else it may pass by itself.
    pub(super) lasts: bool,
}

impl Issuer {
    /// Asks with a service account's key.
    ///
    /// # Errors
    /// If it is no key of RSA.
    pub(super) fn yandex_key(file: KeyFile) -> Result<Self, String> {
        let pair = RsaKeyPair::from_pkcs8(file.private_key()).map_err(|e| format!("its credential: {e}"))?;
        Ok(Self::YandexKey { file, pair: Box::new(pair) })
    }

    /// The request for a token.
    pub(super) fn request(&self, now: UnixMs) -> Result<(HeaderMap, Vec<u8>), Trouble> {
        let random = SystemRandom::new();
        let no_random = |_| Trouble::passing("the system gives no random bytes");
        match self {
            Self::Gigachat { key, scope } => {
                let mut drawn = [0; 16];
                random.fill(&mut drawn).map_err(no_random)?;
                let asked = oauth::token_request(key.expose(), scope, &oauth::rquid(drawn));
                let mut headers = HeaderMap::new();
                for (name, text) in &asked.headers {
                    let value =
                        sensitive(text).ok_or_else(|| Trouble::lasting("its credential cannot stand in a header"))?;
                    headers.insert(HeaderName::from_static(name), value);
                }
                Ok((headers, asked.body.into_bytes()))
            }
            Self::YandexKey { file, pair } => {
                let input = file.signing_input(now.0 / 1000);
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PSS_SHA256, &random, input.as_bytes(), &mut signature).map_err(no_random)?;
                Ok((json(), iam::exchange_jwt(&iam::jwt(&input, &signature))))
            }
            Self::YandexOauth(token) => Ok((json(), iam::exchange_oauth(token.expose()))),
        }
    }

    /// Reads the reply.
    pub(super) fn read(&self, status: u16, body: &[u8], now: UnixMs) -> Result<Issued, Trouble> {
        let senseless = || Trouble::passing("the token endpoint's answer makes no sense");
        match (self, status) {
            (Self::Gigachat { .. }, 200..=299) => {
                let token = oauth::Token::read(body).ok_or_else(senseless)?;
                let until = match token.expires_at_ms {
                    0 => u64::MAX,
                    at => at.saturating_sub(oauth::MARGIN_MS),
                };
                let renew_at = token.refresh_at_ms(now.0).unwrap_or(u64::MAX);
                issued(&token.authorization(), until, renew_at)
            }
            (Self::Gigachat { .. }, _) => {
                let failure = oauth::failure(status, body);
                Err(Trouble { words: failure.message, lasts: failure.kind == FailureKind::Configuration })
            }
            (_, 200..=299) => {
                let token = iam::Token::read(body).ok_or_else(senseless)?;
                let renew_at = token.renew_s(now.0 / 1000).saturating_mul(1000);
                issued(&format!("Bearer {}", token.token), token.expires_s.saturating_mul(1000), renew_at)
            }
            _ => {
                let failure = yandexgpt::error(status, body);
                let passes = matches!(failure.class, Class::Unavailable | Class::RateWindow | Class::Concurrency);
                Err(Trouble { words: failure.error.message, lasts: !passes })
            }
        }
    }
}

impl Trouble {
    pub(super) fn passing(words: &str) -> Self {
        Self { words: words.to_owned(), lasts: false }
    }

    fn lasting(words: &str) -> Self {
        Self { words: words.to_owned(), lasts: true }
    }
}

fn issued(authorization: &str, until_ms: u64, renew_at_ms: u64) -> Result<Issued, Trouble> {
    let header = sensitive(authorization).ok_or_else(|| Trouble::passing("the token cannot stand in a header"))?;
    Ok(Issued { header, until: UnixMs(until_ms), renew_at: UnixMs(renew_at_ms) })
}

fn json() -> HeaderMap {
    let json = HeaderValue::from_static("application/json");
    HeaderMap::from_iter([(CONTENT_TYPE, json.clone()), (ACCEPT, json)])
}
