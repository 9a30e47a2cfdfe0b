use crate::load::table::Table;
use crate::load::url;
use crate::world::Witness;

/// `[[witness]]`.
pub(in crate::load) fn witness(table: &Table<'_>) -> Option<Witness> {
    let id = table.own_id();
    let url = table.require("url", address(table));
    let key = table.require("key", table.shaped("key", "witness_key", is_key));
    Some(Witness { id: id?, url: url?, key: key?.value })
}

/// What is asked and answered is signed and no secret: it needs no TLS.
fn address(table: &Table<'_>) -> Option<String> {
    let url = table.text("url")?;
    let Some(fault) = url::fault(&url.value) else { return Some(url.value) };
    let problem = url.place.error("realm.bad_url").arg("fault", fault);
    table.cx.report(if fault == "userinfo" { problem.without_source() } else { problem.arg("url", url.value) });
    None
}

/// The form that keys of signed notes have: a name, eight hexadecimal digits, the key in base64.
fn is_key(text: &str) -> bool {
    let mut parts = text.splitn(3, '+');
    let (name, hash, key) = (parts.next(), parts.next(), parts.next());
    name.is_some_and(|name| !name.is_empty() && !name.contains(char::is_whitespace))
        && hash.is_some_and(|hash| hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
        && key.is_some_and(|key| {
            !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
        })
}
