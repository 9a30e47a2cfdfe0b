//! Pages as HTML, and the same in the forms for programs.

mod stay;

use std::borrow::Cow;

use askama::Template;
use bytes::Bytes;
use http::header::HeaderValue;
use http::{Response, StatusCode};
use serde_json::{Map, Value};

use crate::access::Within;
use crate::ask::{Ask, Form};
use crate::block::{Block, Chart, Filter, Link, Links, Page, Picture};
use crate::context::Trouble;
use crate::table::Table;
use crate::text::Words;
use crate::{access, asset, reply, session};
use api::Guest;

/// The menu: which page, its address, the letter that leads there after `g`.
const MENU: [Entrance; 18] = [
    ("overview", "/console", "o"),
    ("requests", "/console/requests", "r"),
    ("approvals", "/console/approvals", "a"),
    ("obligations", "/console/obligations", "b"),
    ("playground", "/console/playground", "t"),
    ("usage", "/console/usage", "u"),
    ("map", "/console/map", "d"),
    ("drills", "/console/drills", "x"),
    ("ledger", "/console/ledger", "l"),
    ("policies", "/console/policies", "p"),
    ("models", "/console/models", "m"),
    ("keys", "/console/keys", "k"),
    ("people", "/console/people", "e"),
    ("programme", "/console/programme", "n"),
    ("plan", "/console/plan", "c"),
    ("forecast", "/console/forecast", "w"),
    ("realm", "/console/realm", "f"),
    ("system", "/console/system", "s"),
];

/// A page of the menu: its key, its address, the letter that leads there.
pub type Entrance = (&'static str, &'static str, &'static str);

/// An entry of the menu.
struct Entry {
    path: &'static str,
    text: String,
    jump: &'static str,
    here: bool,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Whole<'a> {
    page: &'a Page,
    words: &'a Words,
    ask: &'a Ask,
    lang: &'static str,
    theme: &'static str,
    themes: Vec<(&'static str, String)>,
    /// Whether single keys do something.
    keys: bool,
    style: String,
    icon: String,
    scripts: Vec<String>,
    realm: &'a str,
    visitor: Option<&'a Guest>,
    role: String,
    menu: Vec<Entry>,
    /// Where the visitor may look, where there is a choice: value, text, whether it is this one.
    scopes: Vec<(String, String, bool)>,
    /// Where they look.
    scope: String,
    /// What forms carry.
    token: String,
    /// Where to come back to after the language was changed.
    back: String,
    /// The page without a session in another language.
    other_lang: String,
    /// The table that the page's fields narrow; none where they do something else.
    narrowed: Option<&'static str>,
}

impl Whole<'_> {
    /// What the form of a filter carries besides its fields: the order and the columns that were chosen.
    fn kept(&self, filter: &Filter) -> Vec<(&str, &str)> {
        let fields: Vec<&str> = filter.fields.iter().map(|field| field.name).chain(["page"]).collect();
        let kept = self.narrowed.into_iter().flat_map(|_| self.ask.query.iter());
        let kept = kept.map(|(key, value)| (key.as_str(), value.as_str()));
        kept.filter(|(key, value)| !fields.contains(key) && !value.is_empty()).collect()
    }
}

/// Writes a page in the form that was asked for.
pub fn page(page: &Page, words: &Words, ask: &Ask, visitor: Option<&Guest>, realm: &str) -> Response<Bytes> {
    match ask.form {
        Form::Html => html(page, words, ask, visitor, realm),
        Form::Json => left_off(reply::json(&to_json(page, ask, words)), wanted(page, ask)),
        Form::Csv => match chosen(page, ask) {
            Some(table) => left_off(reply::csv(table.name, whole(table, ask, words).to_csv()), [table].into_iter()),
            None => trouble(&Trouble::NotFound, words, ask, visitor, realm),
        },
    }
}

/// Says how many rows are not in an answer for programs, where some are not.
fn left_off<'a>(mut reply: Response<Bytes>, tables: impl Iterator<Item = &'a Table>) -> Response<Bytes> {
    let left = tables.map(|table| table.total.map_or(0, |total| total.saturating_sub(table.rows.len()))).sum::<usize>();
    if left > 0 {
        reply.headers_mut().insert("x-freehold-left-off", HeaderValue::from(left));
    }
    reply
}

fn html(page: &Page, words: &Words, ask: &Ask, visitor: Option<&Guest>, realm: &str) -> Response<Bytes> {
    let lang = words.lang_tag();
    let themes = ["auto", "light", "dark", "contrast"].map(|theme| (theme, words.t(&format!("theme-{theme}"))));
    let page = &arranged(page, ask, words);
    let whole = Whole {
        page,
        words,
        ask,
        lang,
        theme: ask.theme(),
        themes: themes.to_vec(),
        keys: ask.has_keys(),
        style: asset::style(),
        icon: asset::icon(),
        scripts: asset::scripts(has_charts(page)),
        realm,
        visitor,
        role: visitor.map(|visitor| words.t(&format!("role-{}", visitor.role))).unwrap_or_default(),
        menu: visitor.map(|guest| menu(page, words, guest)).unwrap_or_default(),
        scopes: visitor
            .map(|guest| crate::guest::choices(guest, words))
            .filter(|all| all.len() > 1)
            .unwrap_or_default(),
        scope: visitor.map(|guest| crate::guest::name(&guest.scope, words)).unwrap_or_default(),
        token: session::token_of(ask),
        back: if ask.method == http::Method::GET { ask.with("lang", None) } else { "/console".to_owned() },
        other_lang: ask.with("lang", Some(if lang == "en" { "ru" } else { "en" })),
        narrowed: tables(page).find(|table| table.main && table.narrowed).map(|table| table.name),
    };
    match whole.render() {
        Ok(text) => reply::html(staying(text, visitor)),
        Err(error) => unwritten(&error),
    }
}

/// The page's links and forms within the organisation that it is of, for those who might look at several.
fn staying(text: String, visitor: Option<&Guest>) -> String {
    match visitor.filter(|guest| guest.scopes.len() > 1) {
        Some(guest) => stay::within(&text, api::guest::word(&guest.scope)),
        None => text,
    }
}

fn unwritten(error: &askama::Error) -> Response<Bytes> {
    tracing::error!(%error, "a page cannot be written");
    let mut reply = reply::typed("text/plain; charset=utf-8", Bytes::from_static(b"the page cannot be written\n"));
    *reply.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    reply
}

/// The pages of the menu that somebody may open where they look.
pub fn open_to(guest: &Guest) -> impl Iterator<Item = &'static Entrance> {
    let open = |path: &str| {
        let route = access::find(&http::Method::GET, path.strip_prefix("/console").unwrap_or(path));
        route.is_some_and(|(route, _)| route.is_open(guest.role, &guest.scope))
    };
    MENU.iter().filter(move |(_, path, _)| open(path))
}

fn menu(page: &Page, words: &Words, guest: &Guest) -> Vec<Entry> {
    let entry = |(key, path, jump): &Entrance| {
        let text = words.t(&format!("menu-{key}"));
        Entry { path, text, jump, here: *key == page.menu }
    };
    open_to(guest).map(entry).collect()
}

fn has_charts(page: &Page) -> bool {
    page.blocks.iter().any(|block| matches!(block, Block::Chart(chart) if !chart.is_empty()))
}

/// The page with every table as the query wants it.
fn arranged(page: &Page, ask: &Ask, words: &Words) -> Page {
    let table = |table: Table| if table.main { table } else { table.ordered(ask, words, false) };
    let block = |block: Block| match block {
        Block::Table(it) => Block::Table(table(it)),
        Block::Chart(it) => Block::Chart(Chart { table: table(it.table), ..it }),
        Block::Picture(it) => Block::Picture(Picture { table: table(it.table), ..it }),
        other => other,
    };
    let Page { menu, title, lead, tabs, blocks } = page.clone();
    Page { menu, title, lead, tabs, blocks: blocks.into_iter().map(block).collect() }
}

/// A table for programs: all its rows, in the order and with the columns that the query wants.
fn whole<'a>(table: &'a Table, ask: &Ask, words: &Words) -> Cow<'a, Table> {
    if table.main { Cow::Borrowed(table) } else { Cow::Owned(table.clone().ordered(ask, words, true)) }
}

/// Says why there is no page, and what to do.
pub fn trouble(trouble: &Trouble, words: &Words, ask: &Ask, visitor: Option<&Guest>, realm: &str) -> Response<Bytes> {
    let (status, key) = match trouble {
        Trouble::NotFound => (StatusCode::NOT_FOUND, "trouble-not-found"),
        Trouble::Forbidden => (StatusCode::FORBIDDEN, "trouble-forbidden"),
        Trouble::ElsewhereOnly(Within::Whole) => (StatusCode::FORBIDDEN, "trouble-whole"),
        Trouble::ElsewhereOnly(_) => (StatusCode::FORBIDDEN, "trouble-organisation"),
        Trouble::NoRole => (StatusCode::FORBIDDEN, "trouble-no-role"),
        Trouble::Stale => (StatusCode::FORBIDDEN, "trouble-stale"),
        Trouble::Wrong(_) => (StatusCode::BAD_REQUEST, "trouble-wrong"),
        Trouble::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "trouble-store"),
        Trouble::Ledger(_) => (StatusCode::SERVICE_UNAVAILABLE, "trouble-ledger"),
        Trouble::Gateway(_) => (StatusCode::BAD_GATEWAY, "trouble-gateway"),
        Trouble::Lost(_) => (StatusCode::INTERNAL_SERVER_ERROR, "trouble-lost"),
    };
    if status.is_server_error() {
        tracing::error!(%trouble, path = ask.path, "a page of the console cannot be made");
    }
    let mut reply = match ask.form {
        Form::Html => {
            let lead = words.say(&format!("{key}-help"), &[("why", trouble.to_string())]);
            let blocks = elsewhere(trouble, words, visitor);
            let page = Page { title: words.t(key), lead, blocks, ..Page::default() };
            html(&page, words, ask, visitor, realm)
        }
        _ => reply::json(&serde_json::json!({ "error": trouble.to_string() })),
    };
    *reply.status_mut() = status;
    reply
}

/// Where a page that is of one organisation may be looked at, for somebody who looks at the whole; and the other way round.
fn elsewhere(trouble: &Trouble, words: &Words, visitor: Option<&Guest>) -> Vec<Block> {
    let (Trouble::ElsewhereOnly(within), Some(guest)) = (trouble, visitor) else { return Vec::new() };
    let open = guest.scopes.iter().filter(|scope| within.holds(scope));
    let link = |scope| Link {
        kind: String::new(),
        name: crate::guest::name(scope, words),
        note: String::new(),
        href: format!("/console?organisation={}", crate::ask::encoded(api::guest::word(scope))),
    };
    let items: Vec<Link> = open.map(link).collect();
    if items.is_empty() {
        Vec::new()
    } else {
        vec![Block::Links(Links { title: words.t("choose-scope"), empty: String::new(), items })]
    }
}

fn tables(page: &Page) -> impl Iterator<Item = &Table> {
    page.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Chart(chart) => Some(&chart.table),
        Block::Picture(picture) => Some(&picture.table),
        _ => None,
    })
}

/// The table that `?table=` names; the first where it names none.
fn chosen<'a>(page: &'a Page, ask: &Ask) -> Option<&'a Table> {
    match ask.param("table") {
        Some(name) => tables(page).find(|table| table.name == name),
        None => tables(page).next(),
    }
}

/// Every table of the page, or the one that `?table=` names.
fn wanted<'a>(page: &'a Page, ask: &'a Ask) -> impl Iterator<Item = &'a Table> {
    let named = ask.param("table");
    tables(page).filter(move |table| named.is_none_or(|name| name == table.name))
}

fn to_json(page: &Page, ask: &Ask, words: &Words) -> Value {
    let tables = wanted(page, ask);
    Value::Object(tables.map(|it| (it.name.to_owned(), whole(it, ask, words).to_json())).collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests;
