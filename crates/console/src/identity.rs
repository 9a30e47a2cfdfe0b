//! Signing in with an identity provider's word (OpenID Connect): who somebody is, it says; what they may do stands in the
//! account of that name here.
//!
//! What a sign-in must remember until the browser is back lies in a cookie of that browser, so that any server of several
//! takes it up.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use api::Around;
use bytes::Bytes;
use chrono::DateTime;
use http::header::{HeaderValue, REFRESH, SET_COOKIE};
use http::{Response, StatusCode};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AsyncHttpClient, AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, SubjectIdentifier, TokenResponse,
};
use realm::UnixMs;
use realm::world::{Claim, Head, SignIn};
use subtle::ConstantTimeEq;

use crate::ask::Ask;
use crate::block::{Block, Code, Page};
use crate::console::Console;
use crate::text::Words;
use crate::{reply, session, view};

/// Where it begins.
pub const PATH: &str = "/console/sign-in";
/// Where the provider sends the browser back to.
const BACK: &str = "/console/sign-in/back";
/// The cookie of a sign-in that is under way.
const COOKIE: &str = "freehold-sign-in";
/// How long somebody may take at the provider.
const UNDER_WAY_S: u64 = 600;
/// How long a provider's description is believed.
const DESCRIBED_MS: u64 = 600_000;
/// Its keys are asked for again after so long at the earliest, where one is not among them.
const KEYS_MS: u64 = 30_000;

/// What a provider said of itself, its keys included, and when.
#[derive(Default)]
pub struct Described(Mutex<Option<(SignIn, UnixMs, Arc<CoreProviderMetadata>)>>);

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The provider did not answer, or not so that it can be believed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unheard(String);

/// Why nobody came in.
enum Out {
    /// The operator should look: the provider or what the realm says of it.
    Provider(String),
    /// The browser came back with what does not belong to it, or too late.
    Strayed,
    /// The provider's word is no account here.
    Nobody(String),
    /// They were sent back without one.
    Denied(String),
}

/// Sends the browser to the provider.
pub async fn begin(console: &Console, around: &dyn Around, ask: &Ask, words: &Words, head: &Head) -> Response<Bytes> {
    let Some(sign_in) = &head.sign_in else {
        return view::trouble(&crate::context::Trouble::NotFound, words, ask, None, &head.name);
    };
    let provider = Provider { around, sign_in };
    let client = match provider.described(&console.described, console.parts.clock.now(), DESCRIBED_MS).await {
        Ok(described) => provider.client(&described),
        Err(error) => Err(error),
    };
    let client = match client {
        Ok(client) => client,
        Err(error) => return refused(Out::Provider(error.0), ask, words, head),
    };
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let asked =
        client.authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random);
    let scope = if sign_in.claim == Claim::Email { "email" } else { "profile" };
    let (url, state, nonce) = asked.add_scope(Scope::new(scope.to_owned())).set_pkce_challenge(challenge).url();
    // Where a browser is sent is no less protected than where the realm says that the provider is.
    let scheme = sign_in.issuer.split(':').next().unwrap_or("https");
    if url.scheme() != scheme {
        let why = format!("its authorization_endpoint is no {scheme} address: {url}");
        return refused(Out::Provider(why), ask, words, head);
    }
    let kept = format!("{}.{}.{}", state.secret(), nonce.secret(), verifier.secret());
    remember(console, ask, reply::see_other(url.as_str()), &kept, UNDER_WAY_S)
}

/// Takes up a browser that the provider sent back.
pub async fn back(console: &Console, around: &dyn Around, ask: &Ask, words: &Words, head: &Head) -> Response<Bytes> {
    let Some(sign_in) = &head.sign_in else {
        return view::trouble(&crate::context::Trouble::NotFound, words, ask, None, &head.name);
    };
    let now = console.parts.clock.now();
    if let Some(seconds) = session::held_up(console, ask, now) {
        return session::wait(ask, words, head, seconds);
    }
    let store = &console.parts.desk.store;
    let entered = match named(console, &Provider { around, sign_in }, ask, now).await {
        Ok(name) => match store.enter_account(&name, now).await {
            Ok(Some(session)) => Ok(session),
            Ok(None) => Err(Out::Nobody(name)),
            Err(error) => return view::trouble(&error.into(), words, ask, None, &head.name),
        },
        Err(out) => Err(out),
    };
    let reply = match entered {
        // The browser sends the new cookie along only where a page of this console leads, not where the provider did.
        Ok(session) => session::begun(console, ask, &session, entered_page(ask, words, head), now).await,
        Err(out) => {
            // Only what a provider vouched for and is nobody here was a try; the rest may be an accident, or another page's doing.
            if matches!(out, Out::Nobody(_)) {
                session::failed(console, ask, now);
            }
            refused(out, ask, words, head)
        }
    };
    // What was remembered serves once.
    remember(console, ask, reply, "", 0)
}

/// The page that leads on by itself.
fn entered_page(ask: &Ask, words: &Words, head: &Head) -> Response<Bytes> {
    let links = vec![("/console".to_owned(), words.t("entered-go-on"))];
    let blocks = vec![Block::Code(Code { links, ..Code::default() })];
    let page = Page { title: words.t("entered-title"), blocks, ..Page::default() };
    let mut reply = view::page(&page, words, ask, None, &head.name);
    reply.headers_mut().insert(REFRESH, HeaderValue::from_static("0; url=/console"));
    reply
}

/// The name that the provider vouches for.
async fn named(console: &Console, provider: &Provider<'_>, ask: &Ask, now: UnixMs) -> Result<String, Out> {
    let kept: Vec<&str> = ask.cookie(COOKIE).unwrap_or_default().split('.').collect();
    let (&[state, nonce, verifier], Some(given)) = (kept.as_slice(), ask.param("state")) else {
        return Err(Out::Strayed);
    };
    if !bool::from(state.as_bytes().ct_eq(given.as_bytes())) {
        return Err(Out::Strayed);
    }
    let Some(code) = ask.param("code") else {
        return Err(Out::Denied(ask.param("error_description").or(ask.param("error")).unwrap_or_default().to_owned()));
    };
    let held = Came { code: code.to_owned(), nonce: nonce.to_owned(), verifier: verifier.to_owned() };
    provider.vouched(&console.described, held, now).await.map_err(|error| Out::Provider(error.0))
}

/// What claims say of somebody: two types of one shape.
macro_rules! said {
    ($claims:expr) => {
        Said {
            email: $claims.email().filter(|_| $claims.email_verified() == Some(true)).map(|it| it.to_string()),
            username: $claims.preferred_username().map(|it| it.to_string()),
            subject: $claims.subject().to_string(),
        }
    };
}

/// What a browser came back with.
struct Came {
    code: String,
    nonce: String,
    verifier: String,
}

/// An identity provider, and the way to it.
struct Provider<'a> {
    around: &'a dyn Around,
    sign_in: &'a SignIn,
}

/// A future of another crate, named so that it may move between threads.
type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl<'c> AsyncHttpClient<'c> for Provider<'_> {
    type Error = Unheard;
    type Future = Boxed<'static, Result<HttpResponse, Unheard>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let asked = self.around.ask_provider(self.sign_in, request);
        Box::pin(async move { asked.await.map_err(Unheard) })
    }
}

impl Provider<'_> {
    /// What it says of itself, at most so old.
    async fn described(
        &self,
        described: &Described,
        now: UnixMs,
        at_most_ms: u64,
    ) -> Result<Arc<CoreProviderMetadata>, Unheard> {
        let kept = described.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let fits = |(of, at, _): &(SignIn, UnixMs, _)| of == self.sign_in && now.since(*at) <= at_most_ms;
        if let Some((_, _, metadata)) = kept.filter(fits) {
            return Ok(metadata);
        }
        let issuer = IssuerUrl::new(self.sign_in.issuer.clone()).map_err(|error| Unheard(error.to_string()))?;
        let found: Boxed<'_, _> = Box::pin(CoreProviderMetadata::discover_async(issuer, self));
        let found = found.await;
        let found = Arc::new(found.map_err(|error| Unheard(told(&error)))?);
        let kept = (self.sign_in.clone(), now, Arc::clone(&found));
        *described.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(found)
    }

    fn client(&self, described: &CoreProviderMetadata) -> Result<Client, Unheard> {
        let secret = self.sign_in.client_secret.as_ref().map(|from| self.around.secret(from)).transpose();
        let secret = secret.map_err(Unheard)?.map(ClientSecret::new);
        let back = RedirectUrl::new(format!("{}{BACK}", self.sign_in.console_url));
        let back = back.map_err(|error| Unheard(error.to_string()))?;
        let id = ClientId::new(self.sign_in.client_id.clone());
        let ways = described.token_endpoint_auth_methods_supported();
        let basic = ways.is_none_or(|ways| ways.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let client = CoreClient::from_provider_metadata(described.clone(), id, secret).set_redirect_uri(back);
        Ok(client.set_auth_type(if basic { AuthType::BasicAuth } else { AuthType::RequestBody }))
    }

    /// Exchanges what the browser brought for the provider's word, checks that, and finds the name in it.
    async fn vouched(&self, kept: &Described, came: Came, now: UnixMs) -> Result<String, Unheard> {
        let described = self.described(kept, now, DESCRIBED_MS).await?;
        let client = self.client(&described)?;
        let exchange = client.exchange_code(AuthorizationCode::new(came.code)).map_err(|e| Unheard(told(&e)))?;
        let exchange = exchange.set_pkce_verifier(PkceCodeVerifier::new(came.verifier));
        let token: Boxed<'_, _> = Box::pin(exchange.request_async(self));
        let token = token.await.map_err(|error| Unheard(told(&error)))?;
        let word = token.id_token().ok_or_else(|| Unheard("it sent no ID token".to_owned()))?;
        let nonce = Nonce::new(came.nonce);
        let at = DateTime::from_timestamp_millis(i64::try_from(now.0).unwrap_or(i64::MAX)).unwrap_or_default();
        let fresh;
        let checked = match word.claims(&client.id_token_verifier().set_time_fn(|| at), &nonce) {
            // It may have signed with a key that is younger than its description here.
            Err(_) => {
                fresh = self.client(&*self.described(kept, now, KEYS_MS).await?)?;
                word.claims(&fresh.id_token_verifier().set_time_fn(|| at), &nonce)
            }
            right => right,
        };
        let claims = checked.map_err(|error| Unheard(told(&error)))?;
        let said = said!(claims);
        match said.name(self.sign_in.claim) {
            Some(name) => Ok(name),
            None => self.told_when_asked(&client, token.access_token(), claims.subject()).await,
        }
    }

    /// The name, as the provider tells it to who has its token: many put such things into no token.
    async fn told_when_asked(
        &self,
        client: &Client,
        token: &AccessToken,
        subject: &SubjectIdentifier,
    ) -> Result<String, Unheard> {
        let asked = client.user_info(token.clone(), Some(subject.clone())).map_err(|error| Unheard(told(&error)))?;
        let info: Boxed<'_, Result<CoreUserInfoClaims, _>> = Box::pin(asked.request_async(self));
        let info = info.await.map_err(|error| Unheard(told(&error)))?;
        let name = said!(info).name(self.sign_in.claim);
        name.ok_or_else(|| Unheard("it tells no verified name of the kind asked for".to_owned()))
    }
}

/// What a provider says of somebody.
struct Said {
    /// Verified ones only.
    email: Option<String>,
    username: Option<String>,
    subject: String,
}

impl Said {
    fn name(&self, claim: Claim) -> Option<String> {
        match claim {
            Claim::Email => self.email.clone(),
            Claim::PreferredUsername => self.username.clone(),
            Claim::Subject => Some(self.subject.clone()),
        }
    }
}

/// An error with what is behind it.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut behind = error.source();
    while let Some(one) = behind {
        text.push_str(": ");
        text.push_str(&one.to_string());
        behind = one.source();
    }
    text
}

/// The way in again, with what went wrong. What is the operator's to mend stands in the server's log.
fn refused(out: Out, ask: &Ask, words: &Words, head: &Head) -> Response<Bytes> {
    let (status, said) = match out {
        Out::Provider(why) => {
            tracing::error!(why, "an identity provider's word could not be had");
            (StatusCode::BAD_GATEWAY, words.t("enter-provider-failed"))
        }
        Out::Strayed => (StatusCode::FORBIDDEN, words.t("enter-strayed")),
        Out::Nobody(name) => (StatusCode::FORBIDDEN, words.say("enter-nobody", &[("name", name)])),
        Out::Denied(why) => {
            tracing::info!(why, "an identity provider sent somebody back without its word");
            (StatusCode::FORBIDDEN, words.t("enter-denied"))
        }
    };
    let mut reply = view::page(&session::door(ask, words, head, &said), words, ask, None, &head.name);
    *reply.status_mut() = status;
    reply
}

/// Keeps a text in the browser for the way to the provider and back, or takes it away. It must come along when the
/// provider sends the browser back, so it is not for this site's own pages only.
fn remember(console: &Console, ask: &Ask, mut reply: Response<Bytes>, text: &str, seconds: u64) -> Response<Bytes> {
    let more = if session::is_secure(console.parts.guard, &ask.headers) { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={text}; Path={PATH}; Max-Age={seconds}; HttpOnly; SameSite=Lax{more}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        reply.headers_mut().append(SET_COOKIE, value);
    }
    reply
}
