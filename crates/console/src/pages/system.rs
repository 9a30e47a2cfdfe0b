//! The program itself: its version, whether it takes traffic and why not, where things lie, and the lines for its care.

use bytes::Bytes;
use http::Response;
use store::{Role, Scope};

use crate::block::{Block, Code, Fact, Facts, Form, Notice, Notices, Page};
use crate::context::{Context, Trouble};
use crate::{reply, session};

/// The page.
///
/// # Errors
/// If the store cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let ready = cx.around.ready();
    let notice = |tone: &'static str, text: &String| Notice {
        tone,
        word: cx.t(&format!("tone-{tone}")),
        text: text.clone(),
        step: None,
    };
    let reasons = ready.reasons.iter().map(|text| notice("bad", text));
    let items = reasons.chain(ready.warnings.iter().map(|text| notice("warn", text))).collect();
    let ready = Notices { title: cx.t("system-ready"), empty: cx.t("system-is-ready"), items };
    let mut blocks = vec![Block::Notices(ready), Block::Facts(facts(cx).await?)];
    if cx.guest.roles.at(&Scope::Whole) == Some(Role::Admin) {
        blocks.push(Block::Form(download(cx)));
    }
    blocks.push(Block::Code(care(cx)));
    Ok(Page { menu: "system", title: cx.t("menu-system"), lead: cx.t("system-lead"), blocks, ..Page::default() })
}

async fn facts(cx: &Context<'_>) -> Result<Facts, Trouble> {
    let parts = cx.parts;
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let code = |name: &str, value: String| Fact { code: true, ..fact(name, value) };
    let accounts = parts.store.accounts().await?;
    let open = accounts.iter().filter(|account| account.disabled.is_none()).count() as u64;
    let store = if parts.store.is_shared() { "PostgreSQL" } else { "SQLite" };
    let items = vec![
        code("system-version", env!("CARGO_PKG_VERSION").to_owned()),
        code("system-data", parts.data.display().to_string()),
        code("ledger-name", parts.log_id.clone()),
        fact("system-store", store.to_owned()),
        Fact { href: Some("/console/realm".to_owned()), code: true, ..fact("realm-snapshot", cx.snapshot.id.short()) },
        fact("system-accounts", cx.words.count(open)),
    ];
    Ok(Facts { title: cx.t("system-facts"), large: false, items })
}

/// Asks for everything in one file.
fn download(cx: &Context<'_>) -> Form {
    let shared = cx.parts.store.is_shared();
    Form {
        title: cx.t("system-backup"),
        note: cx.t(if shared { "system-backup-shared" } else { "system-backup-note" }),
        action: "/console/system/backup".to_owned(),
        button: cx.t("system-backup-button"),
        ..Form::default()
    }
}

/// Makes a backup and sends it as a file, as it comes.
///
/// # Errors
/// One is being made already, or something is in its way: nothing has gone out then.
pub async fn backup(cx: &Context<'_>) -> Result<Response<Bytes>, Trouble> {
    let mut rest = cx.desk.backup().await.map_err(|trouble| match trouble {
        api::Trouble::Busy => Trouble::Wrong(cx.t("system-backup-busy")),
        api::Trouble::Unsaved(why) => Trouble::Wrong(cx.words.say("system-backup-failed", &[("why", why)])),
        other => other.into(),
    })?;
    let head = reply::file(reply::typed("application/x-tar", Bytes::new()), &cx.desk.backup_name());
    let secure = session::is_secure(cx.console.parts.guard, &cx.ask.headers);
    let parts = cx.begin.map(|begin| begin(reply::finish(head, cx.ask, secure).map(|_| ())));
    while let Some(bytes) = rest.recv().await
        && let Some(parts) = &parts
        && parts.send(bytes).await.is_ok()
    {}
    Ok(Response::default())
}

/// Copying goes on while it runs; bringing back begins a log of its own.
fn care(cx: &Context<'_>) -> Code {
    let (program, data) = (&cx.console.parts.program, cx.parts.data.display());
    let text = format!(
        "{program} backup BACKUP.tar --data {data}\n{program} restore BACKUP.tar --data NEW\n{program} ledger verify {data}"
    );
    Code { title: cx.t("system-care"), note: cx.t("system-care-note"), text, ..Code::default() }
}
