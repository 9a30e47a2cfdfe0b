//! Pages as HTML, and the same in the forms for programs.

use askama::Template;
use bytes::Bytes;
use http::header::HeaderValue;
use http::{Response, StatusCode};
use realm::load::Lang;
use serde_json::{Map, Value};

use crate::access::Within;
use crate::ask::{Ask, Form};
use crate::block::{Block, Page};
use crate::context::Trouble;
use crate::guest::Guest;
use crate::table::Table;
use crate::text::Words;
use crate::{access, asset, reply, session};

/// The menu: which page, and its address.
const MENU: [(&str, &str); 12] = [
    ("overview", ""),
    ("requests", "/requests"),
    ("playground", "/playground"),
    ("usage", "/usage"),
    ("map", "/map"),
    ("ledger", "/ledger"),
    ("policies", "/policies"),
    ("models", "/models"),
    ("keys", "/keys"),
    ("people", "/people"),
    ("realm", "/realm"),
    ("system", "/system"),
];

#[derive(Template)]
#[template(path = "page.html")]
struct Whole<'a> {
    page: &'a Page,
    words: &'a Words,
    lang: &'static str,
    theme: &'static str,
    themes: Vec<(&'static str, String)>,
    style: String,
    icon: String,
    realm: &'a str,
    visitor: Option<&'a Guest>,
    role: String,
    /// The menu's entries: address, text, whether it is this one.
    menu: Vec<(String, String, bool)>,
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
    /// The page's tables for programs; none where it has none.
    twins: Option<(String, String)>,
}

/// Writes a page in the form that was asked for.
pub fn page(page: &Page, words: &Words, ask: &Ask, visitor: Option<&Guest>, realm: &str) -> Response<Bytes> {
    match ask.form {
        Form::Html => html(page, words, ask, visitor, realm),
        Form::Json => left_off(reply::json(&to_json(page)), tables(page)),
        Form::Csv => match chosen(page, ask) {
            Some(table) => left_off(reply::csv(table.name, table.to_csv()), [table].into_iter()),
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
    let (lang, other) = match words.lang {
        Lang::En => ("en", "ru"),
        Lang::Ru => ("ru", "en"),
    };
    let themes = ["auto", "light", "dark", "contrast"].map(|theme| (theme, words.t(&format!("theme-{theme}"))));
    let whole = Whole {
        page,
        words,
        lang,
        theme: ask.theme(),
        themes: themes.to_vec(),
        style: asset::style(),
        icon: asset::icon(),
        realm,
        visitor,
        role: visitor.map(|visitor| words.t(&format!("role-{}", visitor.role))).unwrap_or_default(),
        menu: visitor.map(|guest| menu(page, words, guest)).unwrap_or_default(),
        scopes: visitor.map(|guest| guest.choices(words)).filter(|all| all.len() > 1).unwrap_or_default(),
        scope: visitor.map(|guest| crate::guest::name(&guest.scope, words)).unwrap_or_default(),
        token: session::token_of(ask),
        back: if ask.method == http::Method::GET { ask.with("lang", None) } else { "/console".to_owned() },
        other_lang: ask.with("lang", Some(other)),
        twins: tables(page).next().map(|_| (ask.twin("json"), ask.twin("csv"))),
    };
    match whole.render() {
        Ok(text) => reply::html(text),
        Err(error) => {
            tracing::error!(%error, "a page cannot be written");
            let mut reply =
                reply::typed("text/plain; charset=utf-8", Bytes::from_static(b"the page cannot be written\n"));
            *reply.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            reply
        }
    }
}

/// The pages that somebody may open where they look.
fn menu(page: &Page, words: &Words, guest: &Guest) -> Vec<(String, String, bool)> {
    let open = |path: &str| {
        let route = access::find(&http::Method::GET, path);
        route.is_some_and(|(route, _)| route.is_open(guest.role, &guest.scope))
    };
    let entry =
        |(key, path): &(&str, &str)| (format!("/console{path}"), words.t(&format!("menu-{key}")), *key == page.menu);
    MENU.iter().filter(|(_, path)| open(path)).map(entry).collect()
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
            let page = Page { title: words.t(key), lead, ..Page::default() };
            html(&page, words, ask, visitor, realm)
        }
        _ => reply::json(&serde_json::json!({ "error": trouble.to_string() })),
    };
    *reply.status_mut() = status;
    reply
}

fn tables(page: &Page) -> impl Iterator<Item = &Table> {
    page.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Chart(chart) => Some(&chart.table),
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

fn to_json(page: &Page) -> Value {
    Value::Object(tables(page).map(|table| (table.name.to_owned(), table.to_json())).collect::<Map<_, _>>())
}
