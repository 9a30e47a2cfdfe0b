//! What was decided of a request, worked out again: its record says what came of it, not by which rules something was taken out.

use std::sync::Arc;

use policy::{Asked, Compiled, Decision};
use realm::record::Intent;

use super::Desk;

impl Desk<'_> {
    /// The decision under the rules of then, and those rules; none where their snapshot is not kept, or where they do not
    /// come to what was recorded.
    pub fn decided_again(&self, intent: &Intent) -> Option<(Arc<Compiled>, Decision)> {
        let then = if intent.snap == self.snapshot.id {
            self.around.compiled()
        } else {
            self.parts.archive.world(intent.snap)?
        };
        let decision = then.decide(&Asked {
            app: &intent.app,
            deployment: &intent.dep,
            located: intent.located,
            diffuse: intent.classes.minus(intent.located),
            purpose: &intent.purpose,
            user_jurisdiction: intent.user_in.as_ref(),
            date: intent.at.date_in(&then.world().head.timezone),
        });
        (decision.is_permit() && decision.redact == intent.redacted).then_some((then, decision))
    }
}
