//! The console as a whole: what it is made of, and the way of a request through it.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use api::{Around, Begin, Desk};
use bytes::Bytes;
use http::{Request, Response};
use realm::Clock;

use crate::access::{self, Place, Right};
use crate::ask::Ask;
use crate::context::{Context, Trouble};
use crate::identity::Described;
use crate::lent::Lent;
use crate::session::{self, Tries};
use crate::text::Words;
use crate::{asset, change, guest, identity, pages, reply, view};

/// What a console is made of.
pub struct Parts {
    /// What it shares with the control API.
    pub desk: api::Parts,
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

/// The pages under `/console`.
pub struct Console {
    pub(crate) parts: Parts,
    pub(crate) tries: Mutex<Tries>,
    pub(crate) lent: Lent,
    pub(crate) described: Described,
}

impl Console {
    /// What it is made of.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Puts the parts together; nothing is read yet.
    pub fn new(parts: Parts) -> Self {
        Self { parts, tries: Mutex::default(), lent: Lent::default(), described: Described::default() }
    }

    /// Answers a request below `/console`.
    /// Where an answer may come in parts and does, its head and its parts go out by `begin`, and what is given here is
    /// nothing.
    pub async fn answer(
        &self,
        around: &dyn Around,
        peer: IpAddr,
        request: Request<Bytes>,
        begin: Option<&Begin>,
    ) -> Response<Bytes> {
        let ask = Ask::read(peer, request);
        let secure = session::is_secure(self.parts.guard, &ask.headers);
        let answer = reply::finish(self.routed(around, &ask, begin).await, &ask, secure);
        tracing::debug!(path = ask.path, status = answer.status().as_u16(), "a page of the console");
        answer
    }

    async fn routed(&self, around: &dyn Around, ask: &Ask, begin: Option<&Begin>) -> Response<Bytes> {
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
        let guest = visitor.and_then(|visitor| visitor.map(|it| guest::of(&it, ask, &snapshot.world)).transpose());
        let Some((route, named)) = found else {
            return view::trouble(&Trouble::NotFound, &words, ask, guest.ok().flatten().as_ref(), &head.name);
        };
        if route.right == Right::Anyone {
            return match route.place {
                Place::SignIn => identity::begin(self, around, ask, &words, head).await,
                Place::SignedIn => identity::back(self, around, ask, &words, head).await,
                place => session::enter(self, place, ask, &words, head).await,
            };
        }
        let guest = match guest {
            Ok(Some(guest)) => guest,
            Ok(None) => return session::ask_to_enter(ask, &words, head),
            Err(trouble) => return view::trouble(&trouble, &words, ask, None, &head.name),
        };
        if let Err(trouble) = route.allows(&guest) {
            return view::trouble(&trouble.into(), &words, ask, Some(&guest), &head.name);
        }
        let named = named.into_iter().map(api::rights::decoded).collect();
        let desk = Desk { parts: &self.parts.desk, around, snapshot: snapshot.clone(), guest, now, way: "the console" };
        let context = Context { desk, console: self, ask, words, named, begin };
        let answered = match ask.method {
            http::Method::POST => change::answer(&context, route.place).await,
            _ => pages::answer(&context, route.place).await,
        };
        let (words, guest) = (&context.words, &context.guest);
        let reply = answered.unwrap_or_else(|trouble| view::trouble(&trouble, words, ask, Some(guest), &head.name));
        // Where the address said what to look at, links and forms go on there.
        if ask.param("organisation").is_some() { guest::remember(reply, &guest.scope) } else { reply }
    }
}
