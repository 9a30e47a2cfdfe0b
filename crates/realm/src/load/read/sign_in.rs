use super::provider::credential;
use super::{path, plain};
use crate::load::table::Table;
use crate::load::url;
use crate::world::{Claim, SignIn};

/// `[realm.sign_in]`.
pub(super) fn sign_in(table: &Table<'_>) -> Option<SignIn> {
    let name = table.require("name", table.text("name"));
    let issuer = table.require("issuer", protected(table, "issuer"));
    let client_id = table.require("client_id", table.text("client_id"));
    let console_url = table.require("console_url", protected(table, "console_url"));
    Some(SignIn {
        client_secret: credential(table, "client_secret"),
        claim: table.word("claim", &Claim::ALL).map_or(Claim::Email, plain),
        hosts: table.shaped_texts("hosts", "host", is_host).map(plain).unwrap_or_default(),
        ca_file: path(table, "ca_file"),
        name: name?.value,
        issuer: issuer?,
        client_id: client_id?.value,
        console_url: console_url?.trim_end_matches('/').to_owned(),
    })
}

/// Whoever could change what is said there could say who somebody is: without TLS on this machine only. An issuer's name
/// may end in a slash, which belongs to it.
fn protected(table: &Table<'_>, field: &'static str) -> Option<String> {
    let found = table.text(field)?;
    let fault = url::fault(found.value.strip_suffix('/').unwrap_or(&found.value));
    if let Some(fault) = fault {
        let problem = found.place.error("realm.bad_url").arg("fault", fault);
        table.cx.report(if fault == "userinfo" { problem.without_source() } else { problem.arg("url", found.value) });
        return None;
    }
    if url::is_exposed(&found.value) {
        table.cx.report(found.place.error("realm.plain_sign_in").arg("url", found.value));
        return None;
    }
    Some(found.value)
}

fn is_host(text: &str) -> bool {
    url::fault(&format!("https://{text}")).is_none() && !text.contains('/')
}
