//! One field over everything that has a name: pages, apps, routes, models, deployments, rules, requests, entries.

use std::ops::RangeInclusive;

use crate::access::Right;
use crate::ask::encoded;
use crate::block::{Block, Field, Filter, Link, Links, Page};
use crate::context::{Context, Trouble};
use crate::view::open_to;
use api::index::{Row, Wanted};

/// Places that are shown at most.
const MOST: usize = 24;
/// Requests of these.
const REQUESTS: usize = 8;
/// Bytes of a text that requests are looked for by. Ids are long: what is shorter names none; no id is longer.
const PART: RangeInclusive<usize> = 3..=128;

/// The page.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let wanted = cx.ask.param("q").unwrap_or_default().trim().to_lowercase();
    let mut items = places(cx, &wanted);
    if !wanted.is_empty() {
        items.extend(declared(cx, &wanted));
        items.extend(requests(cx, &wanted).await?);
        items.extend(entry(cx, &wanted).await?);
    }
    items.truncate(MOST);
    let value = cx.ask.param("q").unwrap_or_default().to_owned();
    let field = Field { name: "q", label: cx.t("go-field"), value, kind: "search", ..Field::default() };
    let filter = Filter { action: cx.ask.here(), fields: vec![field], clear: None };
    let empty = cx.words.say("go-none", &[("q", cx.ask.param("q").unwrap_or_default().to_owned())]);
    let links = Links { title: cx.t("go-found"), empty, items };
    let blocks = vec![Block::Filter(filter), Block::Links(links)];
    Ok(Page { menu: "go", title: cx.t("go-title"), lead: cx.t("go-lead"), blocks, ..Page::default() })
}

fn link(cx: &Context<'_>, kind: &str, name: &str, note: String, href: String) -> Link {
    Link { kind: cx.t(&format!("go-{kind}")), name: name.to_owned(), note, href }
}

/// The console's own pages that are open here; all of them where nothing is looked for.
fn places(cx: &Context<'_>, wanted: &str) -> Vec<Link> {
    let named = open_to(&cx.guest).map(|(key, path, _)| (cx.t(&format!("menu-{key}")), *path));
    let more = [
        ("tab-matrix", "/console/policies/matrix"),
        ("tab-packs", "/console/packs"),
        ("tab-exposure", "/console/exposure"),
    ]
    .map(|(key, path)| (cx.t(key), path));
    let found = named.chain(more).filter(|(name, _)| name.to_lowercase().contains(wanted));
    found.map(|(name, path)| link(cx, "page", &name, String::new(), path.to_owned())).collect()
}

/// What the realm declares under a name: of one organisation with its own apps, of the whole without any.
fn declared(cx: &Context<'_>, wanted: &str) -> Vec<Link> {
    let world = cx.world();
    let compiled = cx.around.compiled();
    // Of the whole there are sums only.
    let page = if cx.is_whole() { "usage" } else { "requests" };
    let by = |param: &str, id: &str| format!("/console/{page}?{param}={}", encoded(id));
    let apps = cx.apps().filter(|_| !cx.is_whole());
    let apps = apps.map(|it| ("app", it.id.as_str(), it.organisation.to_string(), by("app", it.id.as_str())));
    let routes = world.routes.keys().map(|id| ("route", id.as_str(), String::new(), by("route", id.as_str())));
    let deployments = world
        .deployments
        .values()
        .map(|it| ("deployment", it.id.as_str(), it.provider.to_string(), by("deployment", it.id.as_str())));
    let models = world
        .models
        .values()
        .map(|it| ("model", it.id.as_str(), it.name.clone(), format!("/console/models/{}", encoded(it.id.as_str()))));
    let rules = compiled.rules().iter().map(|it| {
        let href = format!("/console/policies/rules/{}", encoded(it.id.as_str()));
        ("rule", it.id.as_str(), it.title.to_string(), href)
    });
    let packs =
        compiled.world().packs.values().map(|it| {
            ("pack", it.id.as_str(), it.title.clone(), format!("/console/packs/{}", encoded(it.id.as_str())))
        });
    let fits = |name: &str, note: &str| name.to_lowercase().contains(wanted) || note.to_lowercase().contains(wanted);
    let all = apps.chain(routes).chain(deployments).chain(models).chain(rules).chain(packs);
    let found = all.filter(|(_, name, note, _)| fits(name, note));
    found.take(MOST).map(|(kind, name, note, href)| link(cx, kind, name, note, href)).collect()
}

/// Requests whose id holds the text, the youngest first; of the whole there are none to see.
async fn requests(cx: &Context<'_>, wanted: &str) -> Result<Vec<Link>, Trouble> {
    if cx.is_whole() || !PART.contains(&wanted.len()) {
        return Ok(Vec::new());
    }
    let wanted = Wanted { seen: cx.seen(), id_part: Some(wanted.to_owned()), ..Wanted::default() };
    let found = cx.ledger(move |index| index.youngest(&wanted, REQUESTS)).await?.value;
    let told =
        |row: &Row| format!("{} · {} · {}", row.app, cx.words.word("end", row.end.as_str()), cx.words.time(row.at));
    let href = |id: &str| format!("/console/requests/{}", encoded(id));
    Ok(found.iter().map(|row| link(cx, "request", &row.req, told(row), href(&row.req))).collect())
}

/// The entry of a number, for those who may read it where they look.
async fn entry(cx: &Context<'_>, wanted: &str) -> Result<Option<Link>, Trouble> {
    let index = wanted.rsplit('/').next().and_then(|number| number.parse::<u64>().ok());
    let Some(index) = index.filter(|_| cx.may(Right::Audit)) else { return Ok(None) };
    if index >= cx.parts.log.head().durable.0 || cx.entry(index).await?.is_none() {
        return Ok(None);
    }
    let (name, log) = (index.to_string(), cx.parts.log_id.clone());
    Ok(Some(link(cx, "entry", &name, log, format!("/console/ledger/{index}"))))
}
