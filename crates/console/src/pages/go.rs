//! One field over everything that has a name: pages, apps, routes, models, deployments, rules, requests, entries.

use crate::access::Right;
use crate::ask::encoded;
use crate::block::{Block, Field, Filter, Link, Links, Page};
use crate::context::{Context, Trouble};
use crate::index::Index;
use crate::view::MENU;

/// Places that are shown at most.
const MOST: usize = 24;
/// Requests of these.
const REQUESTS: usize = 8;

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
        items.extend(entry(cx, &wanted));
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

/// The console's own pages; all of them where nothing is looked for.
fn places(cx: &Context<'_>, wanted: &str) -> Vec<Link> {
    let named = MENU.map(|(key, path, _)| (cx.t(&format!("menu-{key}")), path));
    let more = [("tab-matrix", "/console/policies/matrix")].map(|(key, path)| (cx.t(key), path));
    let found = named.into_iter().chain(more).filter(|(name, _)| name.to_lowercase().contains(wanted));
    found.map(|(name, path)| link(cx, "page", &name, String::new(), path.to_owned())).collect()
}

/// What the realm declares under a name.
fn declared(cx: &Context<'_>, wanted: &str) -> Vec<Link> {
    let world = cx.world();
    let compiled = cx.around.compiled();
    let by = |param: &str, id: &str| format!("/console/requests?{param}={}", encoded(id));
    let apps =
        world.apps.values().map(|it| ("app", it.id.as_str(), it.organisation.to_string(), by("app", it.id.as_str())));
    let routes = world.routes.keys().map(|id| ("route", id.as_str(), String::new(), by("route", id.as_str())));
    let deployments = world
        .deployments
        .values()
        .map(|it| ("deployment", it.id.as_str(), it.provider.to_string(), by("deployment", it.id.as_str())));
    let models = world.models.values().map(|it| {
        ("model", it.id.as_str(), it.name.clone(), format!("/console/models?models-find={}", encoded(it.id.as_str())))
    });
    let rules = compiled.rules().iter().map(|it| {
        let href = format!("/console/policies/rules/{}", encoded(it.id.as_str()));
        ("rule", it.id.as_str(), it.title.to_string(), href)
    });
    let fits = |name: &str, note: &str| name.to_lowercase().contains(wanted) || note.to_lowercase().contains(wanted);
    let all = apps.chain(routes).chain(deployments).chain(models).chain(rules);
    let found = all.filter(|(_, name, note, _)| fits(name, note));
    found.take(MOST).map(|(kind, name, note, href)| link(cx, kind, name, note, href)).collect()
}

/// Requests whose id holds the text, the youngest first.
async fn requests(cx: &Context<'_>, wanted: &str) -> Result<Vec<Link>, Trouble> {
    let (text, words) = (wanted.to_owned(), cx.words.clone());
    let look = move |index: &Index| -> Vec<(String, String)> {
        let found = index.rows().rev().filter(|row| row.req.to_lowercase().contains(&text));
        let told = |row: &crate::index::Row| {
            format!("{} · {} · {}", row.app, words.word("end", row.end.as_str()), words.time(row.at))
        };
        found.take(REQUESTS).map(|row| (row.req.to_string(), told(row))).collect()
    };
    // Ids are long: what is shorter than this names none.
    if wanted.len() < 3 {
        return Ok(Vec::new());
    }
    let found = cx.ledger(look).await?.value;
    let href = |id: &str| format!("/console/requests/{}", encoded(id));
    Ok(found.into_iter().map(|(id, note)| link(cx, "request", &id, note, href(&id))).collect())
}

/// The entry of a number, for those who may read it.
fn entry(cx: &Context<'_>, wanted: &str) -> Option<Link> {
    let index: u64 = wanted.rsplit('/').next()?.parse().ok()?;
    let there = cx.may(Right::Audit) && index < cx.console.parts.log.head().durable.0;
    there.then(|| {
        link(cx, "entry", &index.to_string(), cx.console.parts.log_id.clone(), format!("/console/ledger/{index}"))
    })
}
