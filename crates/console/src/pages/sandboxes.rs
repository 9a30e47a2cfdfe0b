//! Who is exempt from which rules for how long, and who signed.

use realm::world::Sandbox;
use serde_json::json;

use super::policies::today;
use crate::ask::encoded;
use crate::context::Context;
use crate::table::{Cell, Table, columns};

/// Those of the apps that the page is of; none where there is none.
pub fn table(cx: &Context<'_>) -> Option<Table> {
    let ours = |sandbox: &&Sandbox| sandbox.apps.iter().any(|app| cx.app(app.as_str()).is_ok());
    let rows: Vec<_> = cx.world().sandboxes.values().filter(ours).map(|it| row(cx, it)).collect();
    (!rows.is_empty()).then(|| Table {
        name: "sandboxes",
        title: cx.t("sandboxes"),
        note: cx.t("sandboxes-note"),
        columns: columns(&cx.words, "sandbox state apps rules from until signed cite"),
        rows,
        ..Table::default()
    })
}

fn row(cx: &Context<'_>, sandbox: &Sandbox) -> Vec<Cell> {
    let state = sandbox.state(today(cx));
    let tone = match state {
        "on" => "good",
        "proposed" => "warn",
        _ => "quiet",
    };
    let apps: Vec<&str> =
        sandbox.apps.iter().filter(|app| cx.app(app.as_str()).is_ok()).map(|app| app.as_str()).collect();
    // Across organisations no app is named.
    let apps = if cx.is_whole() {
        Cell::of(cx.words.count(apps.len() as u64), json!(apps.len()))
    } else {
        Cell::of(apps.join(", "), json!(apps))
    };
    let rules: Vec<&str> = sandbox.rules.iter().map(|rule| rule.as_str()).collect();
    let first = rules.first().map(|rule| format!("/console/policies/rules/{}", encoded(rule)));
    let named = Cell::of(rules.join(", "), json!(rules));
    let signed = if sandbox.signed_by.is_empty() {
        Cell::none()
    } else {
        Cell::of(sandbox.signed_by.join(", "), json!(sandbox.signed_by))
    };
    vec![
        Cell::code(sandbox.id.as_str()),
        Cell::of(cx.words.word("sandbox", state), state).tone(tone),
        apps,
        if rules.len() == 1 { first.map_or(named.clone(), |href| named.to(href)) } else { named },
        Cell::code(sandbox.from.to_string()),
        Cell::code(sandbox.until.to_string()),
        signed,
        Cell::text(sandbox.cite.as_str()),
    ]
}
