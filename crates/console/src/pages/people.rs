//! People with accounts: who may do what here. An administrator of an organisation gives roles in it, one of the whole
//! gives roles in the whole, and opens and closes accounts.

use api::NAME_CHARS_MAX;
use api::guest::word;
use bytes::Bytes;
use http::Response;
use store::{Account, Role};

use super::requests::time;
use crate::ask::encoded;
use crate::block::{Block, Code, Field, Form, Page};
use crate::context::{Context, Trouble};
use crate::guest::name as scope_name;
use crate::table::{Cell, Table, columns};
use crate::{reply, view};

/// The page.
///
/// # Errors
/// If the store cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let accounts = cx.people().await?;
    let blocks = vec![Block::Form(new(cx, "", "")), Block::Table(listed(cx, &accounts))];
    let args = [("scope", scope_name(&cx.guest.scope, &cx.words))];
    Ok(Page {
        menu: "people",
        title: cx.t("menu-people"),
        lead: cx.words.say("people-lead", &args),
        blocks,
        ..Page::default()
    })
}

fn new(cx: &Context<'_>, name: &str, error: &str) -> Form {
    let roles = Role::ALL.map(|role| (role.to_string(), cx.t(&format!("role-{role}"))));
    let who =
        Field { name: "name", label: cx.t("col-person"), value: name.to_owned(), kind: "text", ..Field::default() };
    let role = Field {
        name: "role",
        label: cx.t("col-role"),
        value: "viewer".into(),
        choices: roles.into(),
        kind: "text",
        ..Field::default()
    };
    let args = [("scope", scope_name(&cx.guest.scope, &cx.words))];
    Form {
        title: cx.t("person-new"),
        note: cx.words.say("person-new-note", &args),
        action: "/console/people".to_owned(),
        fields: vec![who, role],
        button: cx.t("person-new-button"),
        error: error.to_owned(),
        ..Form::default()
    }
}

fn listed(cx: &Context<'_>, accounts: &[Account]) -> Table {
    let words = &cx.words;
    let link = |account: &Account, verb: &str| {
        let href = format!("/console/people/{}/{verb}", encoded(&account.name));
        Cell { text: cx.t(&format!("person-{verb}-link")), href: Some(href), ..Cell::default() }
    };
    let row = |account: &Account| {
        let role = account.roles.at(&cx.guest.scope);
        let (state, tone) = if account.disabled.is_some() { ("closed", "quiet") } else { ("open", "good") };
        let verb = if account.disabled.is_some() { "open" } else { "close" };
        vec![
            Cell::text(account.name.as_str()),
            role.map_or_else(Cell::none, |role| Cell::of(cx.t(&format!("role-{role}")), role.as_str())),
            Cell::of(words.word("account", state), state).tone(tone),
            time(account.created, words),
            if role.is_some() { link(account, "remove") } else { Cell::default() },
            if cx.is_whole() { link(account, verb) } else { Cell::default() },
        ]
    };
    let table = Table {
        name: "people",
        title: cx.t("people"),
        note: cx.t("people-note"),
        empty: cx.t("people-none"),
        columns: columns(words, "person role state created action account"),
        rows: accounts.iter().map(row).collect(),
        ..Table::default()
    };
    table.arranged(cx.ask, words, cx.whole())
}

/// Gives somebody a role in the scope; makes an account where there is none, and shows its password, this once.
///
/// # Errors
/// The name or the role cannot be meant.
pub async fn add(cx: &Context<'_>) -> Result<Response<Bytes>, Trouble> {
    let name = cx.ask.field("name").unwrap_or_default();
    let wrong = |text: String| Trouble::Wrong(text);
    if !api::is_name(name) {
        return Err(wrong(cx.words.say("person-no-name", &[("most", NAME_CHARS_MAX.to_string())])));
    }
    let role: Role = cx.ask.field("role").unwrap_or_default().parse().map_err(wrong)?;
    let given = cx.give(name, role).await;
    let Some(text) = given.map_err(|trouble| said(cx, trouble))? else {
        return Ok(reply::see_other("/console/people"));
    };
    Ok(shown(cx, name, text))
}

/// What went wrong, in the reader's words.
fn said(cx: &Context<'_>, trouble: api::Trouble) -> Trouble {
    match trouble {
        api::Trouble::Taken => Trouble::Wrong(cx.t("person-taken")),
        api::Trouble::Anothers => Trouble::Wrong(cx.t("person-anothers")),
        api::Trouble::Busy => Trouble::Wrong(cx.t("person-busy")),
        api::Trouble::InEach => {
            let args = [("scope", word(&cx.guest.scope).to_owned())];
            Trouble::Wrong(cx.words.say("person-in-each", &args))
        }
        other => other.into(),
    }
}

fn shown(cx: &Context<'_>, name: &str, password: String) -> Response<Bytes> {
    let args = [("name", name.to_owned())];
    let code = Code {
        title: cx.words.say("person-made-title", &args),
        note: cx.t("person-made-note"),
        text: password,
        links: vec![("/console/people".to_owned(), cx.t("person-made-back"))],
        ..Code::default()
    };
    let (title, blocks) = (cx.t("person-made"), vec![Block::Code(code)]);
    let page = Page { menu: "people", title, blocks, ..Page::default() };
    view::page(&page, &cx.words, cx.ask, Some(&cx.guest), &cx.world().head.name)
}

fn asked(cx: &Context<'_>, account: &Account, verb: &str) -> Page {
    let args = [("name", account.name.clone()), ("scope", scope_name(&cx.guest.scope, &cx.words))];
    let form = Form {
        note: cx.words.say(&format!("person-{verb}-note"), &args),
        action: format!("/console/people/{}/{verb}", encoded(&account.name)),
        button: cx.t(&format!("person-{verb}-button")),
        grave: verb != "open",
        cancel: Some(("/console/people".to_owned(), cx.t("cancel"))),
        ..Form::default()
    };
    let title = cx.words.say(&format!("person-{verb}-title"), &args);
    Page { menu: "people", title, blocks: vec![Block::Form(form)], ..Page::default() }
}

/// Asks whether a role should really be taken.
///
/// # Errors
/// There is no such account here.
pub async fn remove_form(cx: &Context<'_>) -> Result<Page, Trouble> {
    Ok(asked(cx, &cx.person(cx.name()).await?, "remove"))
}

/// Takes the role in the scope.
///
/// # Errors
/// There is no such account here, or its role is one in each organisation.
pub async fn remove(cx: &Context<'_>) -> Result<Response<Bytes>, Trouble> {
    cx.take(cx.name()).await.map_err(|trouble| said(cx, trouble))?;
    Ok(reply::see_other("/console/people"))
}

/// Asks whether an account should really be closed, or opened again.
///
/// # Errors
/// There is no such account.
pub async fn close_form(cx: &Context<'_>, close: bool) -> Result<Page, Trouble> {
    Ok(asked(cx, &cx.person(cx.name()).await?, if close { "close" } else { "open" }))
}

/// Closes an account, which ends its sessions, or opens it again.
///
/// # Errors
/// There is no such account.
pub async fn close(cx: &Context<'_>, close: bool) -> Result<Response<Bytes>, Trouble> {
    cx.desk.close(cx.name(), close).await?;
    Ok(reply::see_other("/console/people"))
}
