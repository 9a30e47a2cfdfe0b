//! Trying a route as an app: the request goes through the gateway like any client's, with a key of the app, so limits,
//! rules, redaction and records hold. Works by plain forms; what was said so far travels in the form.

use bytes::Bytes;
use http::{Request, Response};
use realm::world::App;
use serde_json::{Value, json};

use super::coming::Coming;
use super::request;
use crate::ask::encoded;
use crate::block::{Block, Code, Field, Form, Notice, Notices, Page};
use crate::context::{Context, Trouble};
use crate::{lent, reply, session, view};

/// Bytes of a conversation that a form carries on.
const SAID_BYTES_MAX: usize = 24 << 10;
/// Tokens of one answer.
const ANSWER_TOKENS_MAX: u32 = 1_024;

/// What somebody wants to try.
struct Wanted<'a> {
    app: &'a App,
    route: String,
    /// What was said so far, and now.
    said: Vec<Value>,
}

/// The empty page.
pub fn page(cx: &Context<'_>) -> Page {
    let route = cx.ask.param("route").unwrap_or_default();
    let form = form(cx, cx.ask.param("app").unwrap_or_default(), route, &[]);
    whole(cx, vec![Block::Form(form)])
}

fn whole(cx: &Context<'_>, blocks: Vec<Block>) -> Page {
    let (title, lead) = (cx.t("menu-playground"), cx.t("playground-lead"));
    Page { menu: "playground", title, lead, blocks, ..Page::default() }
}

fn form(cx: &Context<'_>, app: &str, route: &str, said: &[Value]) -> Form {
    let apps = cx.apps().map(|app| (app.id.to_string(), app.id.to_string())).collect();
    let routes: std::collections::BTreeSet<&str> =
        cx.apps().flat_map(|app| app.routes.iter().map(realm::RouteId::as_str)).collect();
    let routes = routes.into_iter().map(|id| (id.to_owned(), id.to_owned())).collect();
    let choice = |name: &'static str, value: &str, choices| Field {
        name,
        label: cx.words.say(&format!("col-{name}"), &[]),
        value: value.to_owned(),
        choices,
        kind: "text",
        ..Field::default()
    };
    let text = Field { name: "text", label: cx.t("playground-text"), kind: "long", ..Field::default() };
    let mut fields = vec![choice("app", app, apps), choice("route", route, routes), text];
    if !said.is_empty() {
        let value = Value::Array(said.to_vec()).to_string();
        fields.push(Field { name: "said", value, kind: "hidden", ..Field::default() });
    }
    Form {
        title: cx.t(if said.is_empty() { "playground-try" } else { "playground-go-on" }),
        note: cx.t("playground-note"),
        action: "/console/playground".to_owned(),
        fields,
        button: cx.t("playground-send"),
        cancel: (!said.is_empty()).then(|| ("/console/playground".to_owned(), cx.t("playground-anew"))),
        ..Form::default()
    }
}

/// Sends what the form says, and shows what came back with what was decided and what it took; an answer as it comes, where
/// that may be.
///
/// # Errors
/// The form cannot be meant; the store, the ledger or the gateway fails.
pub async fn send(cx: &Context<'_>) -> Result<Response<Bytes>, Trouble> {
    let wanted = wanted(cx)?;
    let mut coming = asked(cx, &wanted).await?;
    let Some(begin) = cx.begin.filter(|_| coming.status.is_success()) else {
        coming.wait().await;
        let page = answered(cx, wanted, &coming, &coming.said()).await?;
        return Ok(written(cx, &page));
    };
    // The page is made twice around a mark: what stands before the answer goes out at once, what stands after it at the end.
    let first = whole(cx, conversation(cx, &wanted.said, shown(cx, &coming, MARK)));
    let (head, body) = written(cx, &first).into_parts();
    let secure = session::is_secure(cx.console.parts.guard, &cx.ask.headers);
    let parts = begin(reply::finish(Response::from_parts(head, Bytes::new()), cx.ask, secure).map(|_| ()));
    let send = |text: String| async { drop(parts.send(Bytes::from(text)).await) };
    send(around_mark(&body).0).await;
    loop {
        let next = tokio::select! {
            // Who left asks for nothing more.
            () = parts.closed() => return Ok(Response::default()),
            next = coming.next() => next,
        };
        let Some(text) = next else { break };
        send(escaped(&text)).await;
    }
    let last = match answered(cx, wanted, &coming, MARK).await {
        Ok(page) => around_mark(written(cx, &page).body()).1,
        Err(error) => format!("</code></pre><p class=\"error\" role=\"alert\">{}</p>", escaped(&error.to_string())),
    };
    send(last).await;
    Ok(Response::default())
}

/// Stands for an answer that is still to come; no page holds it otherwise, and no escaping changes it.
const MARK: &str = "\u{e000}answer\u{e001}";

/// What a page holds before the mark and after it.
fn around_mark(page: &[u8]) -> (String, String) {
    let text = String::from_utf8_lossy(page);
    let (before, after) = text.split_once(MARK).unwrap_or((&text, ""));
    (before.to_owned(), after.to_owned())
}

/// Foreign text as a page shows it.
fn escaped(text: &str) -> String {
    askama::filters::escape(text, askama::filters::Html).map(|it| it.to_string()).unwrap_or_default()
}

fn written(cx: &Context<'_>, page: &Page) -> Response<Bytes> {
    view::page(page, &cx.words, cx.ask, Some(&cx.guest), &cx.world().head.name)
}

/// The page with an answer that is whole, or with a mark in its place.
async fn answered(cx: &Context<'_>, wanted: Wanted<'_>, came: &Coming, text: &str) -> Result<Page, Trouble> {
    let mut said = wanted.said;
    let mut blocks = conversation(cx, &said, shown(cx, came, text));
    if let Some(why) = &came.cut {
        let notice = Notice { tone: "bad", word: cx.t("tone-bad"), text: why.clone(), step: None };
        blocks.push(Block::Notices(Notices {
            title: cx.t("playground-cut"),
            empty: String::new(),
            items: vec![notice],
        }));
    }
    if came.status.is_success() && came.cut.is_none() {
        said.push(json!({ "role": "assistant", "content": came.text }));
    } else {
        // What was refused is not said again with the next try.
        said.pop();
    }
    if let Some(id) = &came.request {
        blocks.extend(request::beside(cx, id).await?);
    }
    if Value::Array(said.clone()).to_string().len() > SAID_BYTES_MAX {
        said.clear();
    }
    blocks.push(Block::Form(form(cx, wanted.app.id.as_str(), &wanted.route, &said)));
    Ok(whole(cx, blocks))
}

fn wanted<'a>(cx: &'a Context<'_>) -> Result<Wanted<'a>, Trouble> {
    let field = |name: &str| cx.ask.field(name).unwrap_or_default();
    let no_app = |_| Trouble::Wrong(cx.words.say("key-no-app", &[("app", field("app").to_owned())]));
    let app = cx.app(field("app")).map_err(no_app)?;
    if field("text").is_empty() {
        return Err(Trouble::Wrong(cx.t("playground-no-text")));
    }
    let mut said: Vec<Value> = match field("said") {
        "" => Vec::new(),
        text => serde_json::from_str(text).map_err(|_| Trouble::Stale)?,
    };
    // The form came back from a browser: only turns of a conversation go on.
    let is_turn = |turn: &Value| {
        matches!(turn["role"].as_str(), Some("user" | "assistant"))
            && turn["content"].is_string()
            && turn.as_object().is_some_and(|it| it.len() == 2)
    };
    if !said.iter().all(is_turn) {
        return Err(Trouble::Stale);
    }
    said.push(json!({ "role": "user", "content": field("text") }));
    Ok(Wanted { app, route: field("route").to_owned(), said })
}

async fn asked(cx: &Context<'_>, wanted: &Wanted<'_>) -> Result<Coming, Trouble> {
    let key = lent::key(cx, &wanted.app.id).await?;
    let body =
        json!({ "model": wanted.route, "messages": wanted.said, "max_tokens": ANSWER_TOKENS_MAX, "stream": true });
    let request = Request::post("/v1/chat/completions")
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()));
    let request = request.map_err(|error| Trouble::Wrong(error.to_string()))?;
    Ok(Coming::of(cx.around.open(request).await.map_err(Trouble::Gateway)?))
}

fn shown(cx: &Context<'_>, came: &Coming, text: &str) -> Code {
    let title = cx.t(if came.status.is_success() { "playground-answer" } else { "playground-refused" });
    let link = |id: &String| {
        (format!("/console/requests/{}", encoded(id)), cx.words.say("request-title", &[("id", id.clone())]))
    };
    Code {
        title,
        text: text.to_owned(),
        links: came.request.iter().map(link).collect(),
        prose: true,
        ..Code::default()
    }
}

/// What was said so far, and the answer.
fn conversation(cx: &Context<'_>, said: &[Value], answer: Code) -> Vec<Block> {
    let turn = |turn: &Value| Code {
        title: cx.t(if turn["role"] == "user" { "playground-you" } else { "playground-answer" }),
        text: turn["content"].as_str().unwrap_or_default().to_owned(),
        prose: true,
        ..Code::default()
    };
    said.iter().map(turn).chain([answer]).map(Block::Code).collect()
}
