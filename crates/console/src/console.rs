//! The console as a whole: what it is made of, and the way of a request through it.

use std::net::IpAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use ledger::Log;
use policy::Compiled;
use realm::snapshot::Snapshot;
use realm::{Clock, DeploymentId};
use store::Store;

use crate::access::{self, Place, Right};
use crate::ask::Ask;
use crate::context::{Context, Trouble};
use crate::follow::Followed;
use crate::guest::Guest;
use crate::lent::Lent;
use crate::password::Gate;
use crate::session::{self, Tries};
use crate::text::Words;
use crate::{asset, change, pages, reply, view};

/// What a console is made of.
pub struct Parts {
    /// Keys, suspensions, links and sessions.
    pub store: Store,
    /// The log that is written now.
    pub log: Log,
    /// Its name in receipts.
    pub log_id: String,
    /// The data directory, for the log's public key and for lines to type.
    pub data: PathBuf,
    /// The program's name, for lines to type.
    pub program: String,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// How the way to the reader is kept from others.
    pub guard: Guard,
}

/// How the way to the reader is kept from others: what it is decides whether cookies are for TLS only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// It is not: this machine only.
    Clear,
    /// By this process.
    Tls,
    /// By a proxy, which says so of each request.
    Proxy,
}

/// What comes of sending a request: the answer, or why there is none.
pub type Sent<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, String>> + Send + 'a>>;

/// What runs around the console, as of the moment of a request.
pub trait Around: Send + Sync {
    /// The realm that decides.
    fn snapshot(&self) -> Arc<Snapshot>;
    /// Its rules.
    fn compiled(&self) -> Arc<Compiled>;
    /// Whether traffic is taken.
    fn ready(&self) -> Ready;
    /// How each deployment does.
    fn places(&self) -> Vec<PlaceState>;
    /// Whether the key of this hash lets in now.
    fn lets_in(&self, key: &[u8; 32]) -> bool;
    /// Sends a request to the gateway as any client would.
    fn send(&self, request: Request<Bytes>) -> Sent<'_>;
}

/// Whether traffic is taken, and what somebody should look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ready {
    /// Why it is not; empty where it is.
    pub reasons: Vec<String>,
    /// What is wrong without stopping everything.
    pub warnings: Vec<String>,
}

/// How a deployment does, as its traffic tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceState {
    /// Which one.
    pub deployment: DeploymentId,
    /// Why nothing can be sent there at all.
    pub trouble: Option<String>,
    /// For how long it is left alone after failures.
    pub wait_ms: Option<u64>,
    /// For how long its operator is left alone, for it refuses for reasons of law.
    pub law_wait_ms: Option<u64>,
    /// Attempts that run there now.
    pub running: usize,
}

/// The pages under `/console`.
pub struct Console {
    pub(crate) parts: Parts,
    pub(crate) index: Followed,
    pub(crate) tries: Mutex<Tries>,
    pub(crate) hashing: Gate,
    pub(crate) lent: Lent,
}

impl Console {
    /// Puts the parts together; nothing is read yet.
    pub fn new(parts: Parts) -> Self {
        let index = Followed::new(parts.log.clone());
        Self { parts, index, tries: Mutex::default(), hashing: Gate::default(), lent: Lent::default() }
    }

    /// Answers a request below `/console`.
    pub async fn answer(&self, around: &dyn Around, peer: IpAddr, request: Request<Bytes>) -> Response<Bytes> {
        let ask = Ask::read(peer, request);
        let secure = session::is_secure(self.parts.guard, &ask.headers);
        let answer = reply::finish(self.routed(around, &ask).await, &ask, secure);
        tracing::debug!(path = ask.path, status = answer.status().as_u16(), "a page of the console");
        answer
    }

    async fn routed(&self, around: &dyn Around, ask: &Ask) -> Response<Bytes> {
        let snapshot = around.snapshot();
        let head = &snapshot.world.head;
        let words = Words { lang: ask.lang(), zone: head.timezone.clone(), currency: head.currency.clone() };
        let now = self.parts.clock.now();
        let found = access::find(&ask.method, &ask.path);
        if let Some((route, named)) = &found
            && route.place == Place::Asset
        {
            return asset::answer(named.first().copied().unwrap_or_default(), ask);
        }
        let visitor = session::visitor(self, ask, now).await;
        let guest = visitor.and_then(|visitor| visitor.map(|it| Guest::of(&it, ask, &snapshot.world)).transpose());
        let Some((route, named)) = found else {
            return view::trouble(&Trouble::NotFound, &words, ask, guest.ok().flatten().as_ref(), &head.name);
        };
        if route.right == Right::Anyone {
            return session::enter(self, route.place, ask, &words, &head.name).await;
        }
        let guest = match guest {
            Ok(Some(guest)) => guest,
            Ok(None) => return session::ask_to_enter(ask, &words, &head.name),
            Err(trouble) => return view::trouble(&trouble, &words, ask, None, &head.name),
        };
        if let Err(trouble) = route.allows(&guest) {
            return view::trouble(&trouble, &words, ask, Some(&guest), &head.name);
        }
        let named = named.into_iter().map(crate::ask::decoded).collect();
        let context = Context { console: self, around, ask, words, guest, now, named, snapshot: snapshot.clone() };
        let answered = match ask.method {
            http::Method::POST => change::answer(&context, route.place).await,
            _ => pages::answer(&context, route.place).await,
        };
        let Context { words, guest, .. } = &context;
        let reply = answered.unwrap_or_else(|trouble| view::trouble(&trouble, words, ask, Some(guest), &head.name));
        // Where the address said what to look at, links and forms go on there.
        if ask.param("organisation").is_some() { crate::guest::remember(reply, &guest.scope) } else { reply }
    }
}
