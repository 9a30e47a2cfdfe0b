//! Signing in: a link that lets in once becomes a cookie; and how many wrong links one address may try.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::PoisonError;

use api::NAME_CHARS_MAX;
use bytes::Bytes;
use http::header::{HeaderValue, SET_COOKIE};
use http::{HeaderMap, Response, StatusCode};
use realm::UnixMs;
use realm::world::Head;
use sha2::{Digest, Sha256};
use store::{SESSION_MS, Session, Visitor};
use subtle::ConstantTimeEq;

use crate::access::Place;
use crate::ask::{Ask, Form};
use crate::block::{Block, Code, Field, Page};
use crate::console::{Console, Guard};
use crate::context::Trouble;
use crate::text::Words;
use crate::{block, identity, reply, view};

/// The cookie of a session; its name binds it to this host where it can.
const COOKIE: &str = "freehold-console";
const COOKIE_SECURE: &str = "__Host-freehold-console";
/// Wrong links and passwords of one address, or for one account, in a minute.
const TRIES: u32 = 10;
/// Addresses and accounts remembered.
const TRIED_MAX: usize = 4_096;
const MINUTE_MS: u64 = 60_000;

/// Wrong tries by address and by account, within a minute each.
#[derive(Debug, Default)]
pub struct Tries(HashMap<Tried, (UnixMs, u32)>);

/// Who tried, or what was tried.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Tried {
    From(IpAddr),
    Account(String),
}

impl Tried {
    /// Where somebody is: of addresses of version 6 the network of 64 bits, for one subscriber has all of it.
    fn from(peer: IpAddr) -> Self {
        Self::From(match peer.to_canonical() {
            IpAddr::V6(it) => Ipv6Addr::from_bits(it.to_bits() & (u128::MAX << 64)).into(),
            it @ IpAddr::V4(_) => it,
        })
    }
}

impl Tries {
    /// Whether none of these may be tried at all; the answer is how many seconds one should wait.
    fn held_up(&self, tried: &[Tried], now: UnixMs) -> Option<u64> {
        let wait = |one: &Tried| {
            let (since, count) = self.0.get(one)?;
            let over = *count >= TRIES && now.since(*since) < MINUTE_MS;
            over.then(|| (MINUTE_MS - now.since(*since)).div_ceil(1_000).max(1))
        };
        tried.iter().filter_map(wait).max()
    }

    fn failed(&mut self, tried: Vec<Tried>, now: UnixMs) {
        if self.0.len() >= TRIED_MAX {
            self.0.retain(|_, (since, _)| now.since(*since) < MINUTE_MS);
            if self.0.len() >= TRIED_MAX {
                self.0.clear();
            }
        }
        for one in tried {
            let (since, count) = self.0.entry(one).or_insert((now, 0));
            if now.since(*since) >= MINUTE_MS {
                (*since, *count) = (now, 0);
            }
            *count += 1;
        }
    }
}

/// Whether nobody between can read what goes to and fro, so that cookies may be for such ways only.
pub fn is_secure(guard: Guard, headers: &HeaderMap) -> bool {
    let said = || headers.get("x-forwarded-proto").is_some_and(|value| value.as_bytes() == b"https");
    match guard {
        Guard::Clear => false,
        Guard::Tls => true,
        Guard::Proxy => said(),
    }
}

/// The text of the session that a request belongs to.
fn session_text<'a>(console: &Console, ask: &'a Ask) -> Option<&'a str> {
    let secure = is_secure(console.parts.guard, &ask.headers);
    ask.cookie(if secure { COOKIE_SECURE } else { COOKIE }).filter(|text| !text.is_empty())
}

/// Who asks; none where nobody is signed in.
///
/// # Errors
/// If the store cannot be read.
pub async fn visitor(console: &Console, ask: &Ask, now: UnixMs) -> Result<Option<Visitor>, Trouble> {
    match session_text(console, ask) {
        Some(text) => Ok(console.parts.desk.store.visitor(text, now).await?),
        None => Ok(None),
    }
}

/// What forms of a session carry: nobody who does not hold its cookie can make it.
pub fn token(session: &str) -> String {
    let digest = Sha256::new().chain_update(b"freehold form 1\n").chain_update(session).finalize();
    hex::encode(&digest[..16])
}

/// The token of the session that a request belongs to; empty where there is none.
pub fn token_of(ask: &Ask) -> String {
    let text = ask.cookie(COOKIE_SECURE).or_else(|| ask.cookie(COOKIE));
    text.map(token).unwrap_or_default()
}

/// Whether a form is one that this session was shown.
///
/// # Errors
/// It is not.
pub fn check(console: &Console, ask: &Ask) -> Result<(), Trouble> {
    let expected = session_text(console, ask).map(token).unwrap_or_default();
    let given = ask.field("form").unwrap_or_default();
    let same = !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(given.as_bytes()));
    if same { Ok(()) } else { Err(Trouble::Stale) }
}

/// The way in, open to everybody.
pub async fn enter(console: &Console, place: Place, ask: &Ask, words: &Words, head: &Head) -> Response<Bytes> {
    let now = console.parts.clock.now();
    if place == Place::EnterForm {
        return view::page(&door(ask, words, head, ""), words, ask, None, &head.name);
    }
    let name = ask.field("name").filter(|name| !name.is_empty());
    let account = name.map(|name| Tried::Account(name.chars().take(NAME_CHARS_MAX).collect()));
    let tried: Vec<Tried> = [Tried::from(ask.peer)].into_iter().chain(account).collect();
    let held_up = console.tries.lock().unwrap_or_else(PoisonError::into_inner).held_up(&tried, now);
    if let Some(seconds) = held_up {
        return wait(ask, words, head, seconds);
    }
    let entered = match name {
        Some(name) => by_password(console, name, ask.field("password").unwrap_or_default(), now).await,
        None => console.parts.desk.store.enter(ask.field("token").unwrap_or_default(), now).await.map(Came::of),
    };
    match entered {
        Ok(Came::In(session)) => begun(console, ask, &session, reply::see_other("/console"), now).await,
        Ok(Came::Out) => {
            console.tries.lock().unwrap_or_else(PoisonError::into_inner).failed(tried, now);
            let key = if name.is_some() { "enter-wrong-password" } else { "enter-wrong" };
            let mut reply = view::page(&door(ask, words, head, &words.t(key)), words, ask, None, &head.name);
            *reply.status_mut() = StatusCode::FORBIDDEN;
            reply
        }
        Ok(Came::Busy) => wait(ask, words, head, 1),
        Err(error) => view::trouble(&error.into(), words, ask, None, &head.name),
    }
}

/// Gives the browser a session that began.
pub async fn begun(
    console: &Console,
    ask: &Ask,
    session: &Session,
    mut reply: Response<Bytes>,
    now: UnixMs,
) -> Response<Bytes> {
    // Whatever session the browser came with ends: one that somebody planted must not become theirs.
    if let Some(before) = session_text(console, ask) {
        drop(console.parts.desk.store.leave(before, &session.visitor.person, now).await);
    }
    console.parts.desk.index.begin_beside();
    set(&mut reply, &session.text, SESSION_MS / 1_000, is_secure(console.parts.guard, &ask.headers));
    reply
}

/// How many seconds somebody should wait before they try again from where they are; none where they need not.
pub fn held_up(console: &Console, ask: &Ask, now: UnixMs) -> Option<u64> {
    let tries = console.tries.lock().unwrap_or_else(PoisonError::into_inner);
    tries.held_up(&[Tried::from(ask.peer)], now)
}

/// Counts a try from there that failed.
pub fn failed(console: &Console, ask: &Ask, now: UnixMs) {
    console.tries.lock().unwrap_or_else(PoisonError::into_inner).failed(vec![Tried::from(ask.peer)], now);
}

/// What came of trying to enter.
enum Came {
    In(Session),
    Out,
    /// Too many passwords are being tried.
    Busy,
}

impl Came {
    fn of(session: Option<Session>) -> Self {
        session.map_or(Self::Out, Self::In)
    }
}

async fn by_password(console: &Console, name: &str, password: &str, now: UnixMs) -> Result<Came, store::Error> {
    let hash = console.parts.desk.store.password_of(name).await?;
    let password = password.to_owned();
    let right = console.parts.desk.hashing.pass(move || api::password::is_right(&password, hash.as_deref())).await;
    match right {
        Some(true) => console.parts.desk.store.enter_account(name, now).await.map(Came::of),
        Some(false) => Ok(Came::Out),
        None => Ok(Came::Busy),
    }
}

pub fn wait(ask: &Ask, words: &Words, head: &Head, seconds: u64) -> Response<Bytes> {
    let said = words.say("enter-too-often", &[("seconds", seconds.to_string())]);
    let mut reply = view::page(&door(ask, words, head, &said), words, ask, None, &head.name);
    *reply.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    reply.headers_mut().insert("retry-after", HeaderValue::from(seconds));
    reply
}

/// Ends the session.
///
/// # Errors
/// If the store cannot be written.
pub async fn leave(console: &Console, ask: &Ask, person: &str, now: UnixMs) -> Result<Response<Bytes>, Trouble> {
    if let Some(text) = session_text(console, ask) {
        console.parts.desk.store.leave(text, person, now).await?;
    }
    let mut reply = reply::see_other("/console/enter");
    set(&mut reply, "", 0, is_secure(console.parts.guard, &ask.headers));
    Ok(reply)
}

/// What somebody gets who is not signed in: people the way in, programs a refusal.
pub fn ask_to_enter(ask: &Ask, words: &Words, head: &Head) -> Response<Bytes> {
    let mut reply = match ask.form {
        Form::Html => view::page(&door(ask, words, head, &words.t("enter-first")), words, ask, None, &head.name),
        _ => reply::json(&serde_json::json!({ "error": "sign in first: `freehold console link` prints a link" })),
    };
    *reply.status_mut() = StatusCode::UNAUTHORIZED;
    reply
}

fn set(reply: &mut Response<Bytes>, text: &str, seconds: u64, secure: bool) {
    let (name, more) = if secure { (COOKIE_SECURE, "; Secure") } else { (COOKIE, "") };
    let cookie = format!("{name}={text}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{more}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        reply.headers_mut().append(SET_COOKIE, value);
    }
}

/// The page of the way in. A link is used up by the button, not by looking at it.
pub fn door(ask: &Ask, words: &Words, head: &Head, error: &str) -> Page {
    let token = ask.param("token").unwrap_or_default();
    let name = ask.field("name").unwrap_or_default();
    let field = Field {
        name: "token",
        label: words.t("enter-token"),
        value: token.to_owned(),
        kind: if token.is_empty() { "text" } else { "hidden" },
        ..Field::default()
    };
    let by_name = !name.is_empty();
    let form = |title: &str, note: &str, fields: Vec<Field>, error: &str| block::Form {
        title: words.t(title),
        note: words.t(note),
        action: "/console/enter".to_owned(),
        fields,
        button: words.t("enter-button"),
        error: error.to_owned(),
        ..block::Form::default()
    };
    let link = form("enter-link", "enter-note", vec![field], if by_name { "" } else { error });
    let mut blocks = vec![Block::Form(link)];
    // Who came by a link needs nothing else.
    if token.is_empty() {
        let field = |name, label: &str, value: &str, kind| Field {
            name,
            label: words.t(label),
            value: value.to_owned(),
            kind,
            ..Field::default()
        };
        let name = field("name", "enter-name", name, "text");
        let password = field("password", "enter-password", "", "password");
        let error = if by_name { error } else { "" };
        blocks.push(Block::Form(form("enter-account", "enter-account-note", vec![name, password], error)));
        blocks.splice(..0, provider(words, head));
    }
    Page { title: words.t("enter-title"), lead: words.t("enter-lead"), blocks, ..Page::default() }
}

/// The way to the realm's identity provider, where it has one.
fn provider(words: &Words, head: &Head) -> Option<Block> {
    let name = head.sign_in.as_ref()?.name.clone();
    let links = vec![(identity::PATH.to_owned(), words.say("enter-provider", &[("name", name)]))];
    Some(Block::Code(Code { title: words.t("enter-provider-title"), links, ..Code::default() }))
}

#[cfg(test)]
mod tests {
    use super::{Tried, Tries, UnixMs, token};

    #[test]
    fn an_address_that_tries_too_often_waits_out_its_minute() {
        let (mut tries, peer) = (Tries::default(), Tried::from("192.0.2.1".parse().unwrap()));
        let (other, ann) = (Tried::From("192.0.2.2".parse().unwrap()), Tried::Account("ann".into()));
        for _ in 0..10 {
            assert_eq!(tries.held_up(&[peer.clone(), ann.clone()], UnixMs(500)), None);
            tries.failed(vec![peer.clone(), ann.clone()], UnixMs(500));
        }
        assert_eq!(tries.held_up(std::slice::from_ref(&peer), UnixMs(30_500)), Some(30));
        assert_eq!(tries.held_up(std::slice::from_ref(&other), UnixMs(500)), None);
        assert_eq!(tries.held_up(&[other, ann], UnixMs(30_500)), Some(30), "whoever guesses ann's from elsewhere");
        assert_eq!(tries.held_up(&[peer], UnixMs(60_500)), None);
        let at = |text: &str| Tried::from(text.parse().unwrap());
        assert_eq!(at("2001:db8::1"), at("2001:db8::ffff:1:2:3"), "one subscriber's");
        assert_ne!(at("2001:db8::1"), at("2001:db8:0:1::1"));
        assert_eq!(at("::ffff:192.0.2.1"), at("192.0.2.1"));
    }

    #[test]
    fn a_forms_token_tells_nothing_of_the_session() {
        assert_ne!(token("a"), token("b"));
        assert!(!token("secret-of-a-session").contains("secret"));
    }
}
