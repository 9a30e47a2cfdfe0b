//! What people change here. Each needs the form's token, and leaves a record with the person's name.

use bytes::Bytes;
use http::Response;
use http::header::{HeaderValue, SET_COOKIE};
use store::Suspendable;

use crate::access::Place;
use crate::ask::back;
use crate::block::{Block, Code, Page};
use crate::context::{Context, Trouble};
use crate::pages::{approvals, forecast, live, named, obligations, people, plan, playground, studio, system};
use crate::{guest, reply, session, view};

/// How long a new key may live, in days.
pub const TTL_DAYS: [u64; 4] = [1, 30, 90, 365];

/// Does what a form asks for.
///
/// # Errors
/// Why it was not done.
pub async fn answer(cx: &Context<'_>, place: Place) -> Result<Response<Bytes>, Trouble> {
    session::check(cx.console, cx.ask)?;
    match place {
        Place::Leave => session::leave(cx.console, cx.ask, &cx.guest.person, cx.now).await,
        Place::Settings => Ok(settings(cx)),
        Place::KeyNew => key_new(cx).await,
        Place::Revoke => {
            cx.revoke_key(cx.name()).await?;
            Ok(reply::see_other("/console/keys"))
        }
        Place::Suspend | Place::Resume => suspend(cx, place).await,
        Place::Try => playground::send(cx).await,
        Place::DrillBegin => studio::begin(cx).await,
        Place::LiveDrillEnd => live::end(cx).await,
        Place::PersonAdd => people::add(cx).await,
        Place::Remove => people::remove(cx).await,
        Place::Agree | Place::Refuse => approvals::say(cx, place == Place::Agree).await,
        Place::Tell => obligations::tell(cx).await,
        Place::Untell => obligations::undo(cx).await,
        Place::Samples => {
            cx.desk.delete_samples().await?;
            Ok(reply::see_other("/console"))
        }
        Place::PlanBegin => plan::begin(cx).await,
        Place::ForecastBegin => forecast::begin(cx).await,
        Place::Backup => system::backup(cx).await,
        Place::Close | Place::Open => people::close(cx, place == Place::Close).await,
        _ => Err(Trouble::NotFound),
    }
}

/// Language, theme, single keys and the organisation last looked at are the browser's, not the person's: they stay in
/// cookies.
fn settings(cx: &Context<'_>) -> Response<Bytes> {
    const YEAR_S: u64 = 365 * 86_400;
    let mut reply = reply::see_other(&back(cx.ask.field("back").unwrap_or_default()));
    let themes = &["auto", "light", "dark", "contrast"][..];
    let choices = [("lang", &["en", "ru"][..]), ("theme", themes), ("keys", &["on", "off"][..])];
    for (name, allowed) in choices {
        let wanted = cx.ask.field(name).and_then(|wanted| allowed.iter().find(|one| **one == wanted));
        let cookie = wanted.map(|value| format!("freehold-{name}={value}; Path=/; Max-Age={YEAR_S}; SameSite=Strict"));
        if let Some(value) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
            reply.headers_mut().append(SET_COOKIE, value);
        }
    }
    let wanted = cx.ask.field("organisation");
    let scope = wanted.and_then(|wanted| cx.guest.scopes.iter().find(|one| api::guest::word(one) == wanted));
    match scope {
        // What was open in one organisation may not be there in another.
        Some(scope) => guest::remember(reply::see_other("/console"), scope),
        None => reply,
    }
}

/// Makes a key and shows it, this once.
async fn key_new(cx: &Context<'_>) -> Result<Response<Bytes>, Trouble> {
    let named = cx.ask.field("app").unwrap_or_default();
    let app = cx.app(named).map(|app| app.id.clone());
    let app = app.map_err(|_| Trouble::Wrong(cx.words.say("key-no-app", &[("app", named.to_owned())])))?;
    let days = cx.ask.field("days").and_then(|days| days.parse().ok()).filter(|days| TTL_DAYS.contains(days));
    let days: u64 = days.ok_or_else(|| Trouble::Wrong(cx.t("key-no-days")))?;
    let (key, expires) = cx.desk.new_key(app.as_str(), days).await?;
    let args = [("id", key.id.to_string()), ("app", app.to_string()), ("until", cx.words.time(expires))];
    let code = Code {
        title: cx.words.say("key-made-title", &args),
        note: cx.words.say("key-made-note", &args),
        text: key.text,
        links: vec![("/console/keys".to_owned(), cx.t("key-made-back"))],
        ..Code::default()
    };
    let page = Page {
        menu: "keys",
        title: cx.t("key-made"),
        lead: cx.words.say("key-made-lead", &args),
        blocks: vec![Block::Code(code)],
        ..Page::default()
    };
    Ok(view::page(&page, &cx.words, cx.ask, Some(&cx.guest), &cx.world().head.name))
}

async fn suspend(cx: &Context<'_>, place: Place) -> Result<Response<Bytes>, Trouble> {
    let (kind, id) = named(cx)?;
    if place == Place::Suspend {
        cx.desk.suspend(kind, id).await?;
    } else {
        cx.desk.resume(kind, id).await?;
    }
    Ok(reply::see_other(if kind == Suspendable::App { "/console/keys" } else { "/console/models" }))
}
