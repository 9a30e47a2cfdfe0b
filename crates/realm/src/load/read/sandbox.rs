use super::plain;
use crate::load::draft::Signature;
use crate::load::table::Table;
use crate::world::Sandbox;
use crate::{RuleId, ids};

/// `[[sandbox]]`. Whether its signatures fit is seen once the people are known.
pub(in crate::load) fn sandbox(table: &Table<'_>, signatures: &mut Vec<Signature>) -> Option<Sandbox> {
    let id = table.own_id();
    let apps = table.require("apps", table.links("apps"));
    let rules = table.require("rules", table.shaped_texts("rules", "rule", ids::is_id));
    let (from, until) = (table.require("from", table.date("from")), table.require("until", table.date("until")));
    let cite = table.require("cite", table.text("cite"));
    table.not_empty("apps");
    table.not_empty("rules");
    if let (Some(from), Some(until)) = (&from, &until)
        && until.value < from.value
    {
        table.cx.report(until.place.error("realm.ends_before_it_starts").arg("starts", from.value.to_string()));
    }
    let signed = table.subs("signed", "sandbox.signed", |one| {
        let by = one.require("by", one.text("by"));
        let text = one.require("signature", one.shaped("signature", "signature", is_signature));
        Some((by?, text?))
    });
    let id: crate::SandboxId = id?;
    for (by, text) in signed.map(plain).unwrap_or_default() {
        signatures.push(Signature { sandbox: id.clone(), by, text });
    }
    let rules = rules?.value.iter().filter_map(|rule| RuleId::new(rule).ok()).collect();
    Some(Sandbox {
        apps: apps?.value.into_iter().map(plain).collect(),
        rules,
        from: from?.value,
        until: until?.value,
        cite: cite?.value,
        signed_by: Vec::new(),
        id,
    })
}

/// What `freehold sandbox sign` prints: 128 hexadecimal digits.
fn is_signature(text: &str) -> bool {
    text.len() == 128 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}
