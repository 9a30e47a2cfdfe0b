//! Who signed a sandbox. A signature that does not fit is a problem; one too few makes it a proposal.

use super::context::Context;
use super::draft::Draft;
use crate::world::Sandbox;

/// Notes who signed which sandbox.
pub(super) fn all(cx: &Context, draft: &mut Draft) {
    let people = draft.head.as_ref().map(|head| head.sandbox_people.clone()).unwrap_or_default();
    for signature in std::mem::take(&mut draft.signatures) {
        let Some(sandbox) = draft.sandboxes.get_mut(&signature.sandbox) else { continue };
        let Some(person) = people.iter().find(|person| person.name == signature.by.value) else {
            let known: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
            let problem = signature.by.place.error("realm.sandbox_signer").arg("by", signature.by.value);
            cx.report(problem.arg("known", if known.is_empty() { "–".to_owned() } else { known.join(", ") }));
            continue;
        };
        if !person.signed(&sandbox.statement(), &signature.text.value) {
            let problem = signature.text.place.error("realm.sandbox_signature").arg("by", person.name.as_str());
            cx.report(problem.arg("sandbox", sandbox.id.as_str()));
        } else if !sandbox.signed_by.contains(&person.name) {
            sandbox.signed_by.push(person.name.clone());
        }
    }
    for sandbox in draft.sandboxes.values().filter(|sandbox| !sandbox.is_approved()) {
        if let Some(place) = cx.place("sandbox", sandbox.id.as_str(), "id") {
            let lacking = Sandbox::SIGNERS - sandbox.signed_by.len();
            cx.report(
                place
                    .warning("realm.sandbox_unsigned")
                    .arg("sandbox", sandbox.id.as_str())
                    .arg("lacking", lacking.to_string()),
            );
        }
    }
}
