//! Setting aside what a request may use.

use jiff::civil::Date;
use realm::record::Estimate;
use realm::{Nano, UnixMs};
use tokio::time::{Duration, Instant, timeout_at};
use wire::openai::{Endpoint, Form, Request};

use crate::code::Code;
use crate::epoch::{AppUse, Place};
use crate::error::Refused;
use crate::gateway::Shared;
use crate::limits::{self, Month, Reservation, Short};
use crate::pipeline::accept::Asked;
use crate::settings::Settings;

/// Bytes of text to a token, at least: tokenisers of today average four in English and more than three elsewhere.
const BYTES_PER_TOKEN: u64 = 3;
/// Tokens of what cannot be read as text, each: an upper figure of common vision models.
const TOKENS_PER_PART: u64 = 1_600;
/// Tokens of a chat's frame around the texts.
const TOKENS_OF_FRAME: u64 = 16;

/// How long a request waits for a share of a limit that others share.
const SHARE_WAIT: Duration = Duration::from_millis(500);

/// How much a request can use, at most as far as anyone can tell beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) input: u64,
    pub(crate) output: u64,
}

/// Estimates a request.
pub(crate) fn size(asked: &Asked<'_>, settings: &Settings) -> Size {
    let request = &asked.request;
    let texts = request.places().iter().filter(|place| !matches!(place.form, Form::Key | Form::Data));
    let bytes: usize = texts.map(|place| place.literal.inner().len()).sum();
    let input = tokens_of(bytes as u64) + tokens_of_parts(request) + TOKENS_OF_FRAME;
    let output = match request.endpoint {
        Endpoint::Embeddings => 0,
        Endpoint::Chat | Endpoint::Completions => {
            let each = request.max_tokens.unwrap_or(settings.answer_tokens_default);
            each.saturating_mul(request.answers())
        }
    };
    Size { input, output }
}

/// Tokens of what a request holds that is no text.
pub(crate) fn tokens_of_parts(request: &Request) -> u64 {
    let parts = request.unscannable;
    (u64::from(parts.images) + u64::from(parts.audio) + u64::from(parts.files)) * TOKENS_PER_PART
}

/// Tokens of so many bytes of text, rather too many than too few.
pub(crate) fn tokens_of(bytes: u64) -> u64 {
    bytes.div_ceil(BYTES_PER_TOKEN)
}

impl Size {
    /// What is set aside for an attempt at a deployment.
    pub(crate) fn at(self, place: &Place) -> Estimate {
        Estimate { tokens: self.input.saturating_add(self.output), cost_nano: place.cost(self.input, self.output) }
    }
}

/// Sets aside what the request may use. Only where limits are shared does it ever wait.
///
/// # Errors
/// A limit or a budget that the request would pass, or a share that cannot be had.
pub(crate) async fn admit(
    shared: &Shared,
    asked: &Asked<'_>,
    app: &AppUse,
    size: Size,
    date: Date,
) -> Result<Reservation, Refused> {
    let scopes = [&app.organisation, &app.app, &asked.route_use.limited];
    let reserve = || limits::reserve(scopes, wanted(shared, asked, size, date));
    match reserve() {
        Ok(reservation) => Ok(reservation),
        // In a box: its room is not held by every request.
        Err(short) => Box::pin(later(shared, date, reserve, short)).await,
    }
}

/// Sets aside what the rest of an answer may use, beyond what is left of what was set aside for the whole.
///
/// # Errors
/// A limit or a budget that the request would pass, or a share that cannot be had.
pub(crate) async fn more(
    shared: &Shared,
    asked: &Asked<'_>,
    app: &AppUse,
    (size, date): (Size, Date),
    (used_tokens, used_cost): (u64, Nano),
    held: &mut Reservation,
) -> Result<(), Refused> {
    let scopes = [&app.organisation, &app.app, &asked.route_use.limited];
    let (held_tokens, held_cost) = held.amount();
    let mut reserve = || {
        let rest = wanted(shared, asked, size, date);
        let tokens = rest.tokens.saturating_add(used_tokens).saturating_sub(held_tokens);
        let cost = Nano((rest.cost + used_cost).0.saturating_sub(held_cost.0).max(0));
        limits::reserve_more(scopes, held, limits::Asked { tokens, cost, requests: 0, ..rest })
    };
    match reserve() {
        Ok(()) => Ok(()),
        Err(short) => later(shared, date, reserve, short).await,
    }
}

/// What a request asks of the organisation, the app and the route.
fn wanted(shared: &Shared, asked: &Asked<'_>, size: Size, date: Date) -> limits::Asked {
    let route = asked.route_use;
    limits::Asked {
        at: shared.now(),
        month: Month::of(date),
        tokens: size.input.saturating_add(size.output),
        cost: route.dearest_input.times(size.input) + route.dearest_output.times(size.output),
        requests: 1,
    }
}

/// Waits a moment for a larger share, where limits are shared and one may come; else refuses.
async fn later<T>(
    shared: &Shared,
    date: Date,
    mut reserve: impl FnMut() -> Result<T, Short>,
    mut short: Short,
) -> Result<T, Refused> {
    let end = Instant::now() + SHARE_WAIT;
    while let Some(database) = shared.database.as_ref().filter(|it| short.leased && !short.exhausted && it.answers()) {
        let mut renewals = database.renewals();
        // A share that came just now told nobody who was not waiting yet.
        match reserve() {
            Ok(reserved) => return Ok(reserved),
            Err(still) => short = still,
        }
        if timeout_at(end, renewals.changed()).await.is_err() {
            break;
        }
    }
    Err(refused(shared, short, date))
}

fn refused(shared: &Shared, short: Short, date: Date) -> Refused {
    let silent = shared.database.as_ref().is_some_and(|database| !database.answers());
    if short.leased && !short.exhausted && silent {
        let words = format!("the share of `{}` is used up, and the database that gives shares is silent", short.limit);
        return Refused::new(Code::LimitsUnavailable, words).retry_after(1);
    }
    let words = match (short.code, short.leased && !short.exhausted) {
        (_, true) => format!("other gateways hold what is left of `{}`", short.limit),
        (Code::BudgetExceeded, _) => "the budget of this month does not cover the request".to_owned(),
        _ => format!("the limit `{}` is reached", short.limit),
    };
    let seconds = short.retry_after_s.unwrap_or_else(|| until_next_month(shared, shared.now(), date));
    Refused::new(short.code, words).retry_after(seconds.max(1))
}

fn until_next_month(shared: &Shared, now: UnixMs, date: Date) -> u64 {
    let zone = &shared.epoch.load().world().head.timezone.clone();
    let next = date.last_of_month().tomorrow().ok().and_then(|first| first.to_zoned(zone.clone()).ok());
    next.map_or(60, |first| {
        let first_ms = u64::try_from(first.timestamp().as_millisecond()).unwrap_or(0);
        UnixMs(first_ms).since(now).div_ceil(1000)
    })
}
