//! The bytes that leave: the original body, with only what must change changed, in the provider's language.

use std::sync::Arc;

use bytes::Bytes;
use realm::ClassSet;
use wire::Edits;
use wire::gigachat::{Image, Images};
use wire::openai::{Endpoint, LimitName};
use wire::translate::{Back, Unsupported};

use crate::code::Code;
use crate::epoch::Place;
use crate::error::Refused;
use crate::pipeline::Life;
use crate::pipeline::accept::Asked;
use crate::pipeline::classify::Facts;
use crate::redact::{Table, plan};
use crate::upstream::{Dialect, Provider};

/// A body ready to leave, and what restores its answer.
pub(crate) struct Sendable {
    /// Below the provider's prefix.
    pub(crate) path: &'static str,
    /// One; or one for each text, where the provider embeds a text at a time.
    pub(crate) bodies: Vec<Bytes>,
    /// Parameters that the provider cannot express and the realm lets be left out.
    pub(crate) dropped: Vec<String>,
    /// What translates the answer back; none where nothing is translated.
    pub(crate) back: Option<Box<Back>>,
    /// What must be uploaded before.
    pub(crate) images: Option<Box<Images>>,
    /// Known only to this attempt (G5).
    pub(crate) table: Arc<Table>,
}

impl Sendable {
    /// All that leaves, in the order in which it does. Of images that are named in the body, their ids do not count:
    /// the provider gives them.
    pub(crate) fn leaving(&self) -> impl Iterator<Item = &[u8]> {
        let images = self.images.iter().flat_map(|images| images.iter().map(Image::content));
        images.chain(self.bodies.iter().map(|body| body.as_ref()))
    }
}

/// Why nothing can leave to a deployment.
pub(crate) enum Unsendable {
    /// It cannot leave to any.
    Refused(Refused),
    /// This provider cannot express it; another may.
    Unsupported(Unsupported),
}

/// How long an answer may be whose client did not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AnswerLimit {
    /// Of each answer.
    pub(crate) tokens: u64,
    pub(crate) name: LimitName,
}

/// Redacts classes in the original body, names the upstream's model, asks for the usage of a stream, limits the answer
/// where it must be, translates.
///
/// # Errors
/// If a place to be redacted cannot be edited, or the provider cannot express the request: then nothing leaves.
pub(crate) fn redact(
    life: &Life<'_>,
    asked: &Asked<'_>,
    facts: &Facts<'_>,
    classes: ClassSet,
    (place, provider): (&Place, &Provider),
    limit: Option<AnswerLimit>,
) -> Result<Sendable, Unsendable> {
    let (mut edits, table) = match classes.is_empty() {
        true => (Edits::new(), Arc::default()),
        false => {
            let plan = plan(&facts.scan, classes);
            (plan.edits, plan.table)
        }
    };
    asked.request.set_model(&place.upstream_model, &mut edits);
    asked.request.ask_usage(&mut edits);
    if let Some(limit) = limit {
        asked.request.limit_answer(limit.tokens, limit.name, &mut edits);
    }
    let body = edits.apply(asked.request.body()).map_err(|_| {
        let words = "what must be redacted overlaps with a field that must change";
        Unsendable::Refused(Refused::new(Code::InvalidRequest, words))
    })?;
    translate(life, asked.request.endpoint, body, (place, &provider.dialect), table)
}

fn translate(
    life: &Life<'_>,
    endpoint: Endpoint,
    body: Bytes,
    (place, dialect): (&Place, &Dialect),
    table: Arc<Table>,
) -> Result<Sendable, Unsendable> {
    let target = (place.upstream_model.as_str(), place.droppable.as_slice());
    let tokens = life.shared.settings.answer_tokens_default;
    let mut out = dialect.outward(endpoint, body, target, tokens).map_err(Unsendable::Unsupported)?;
    if let Some(back) = &mut out.back {
        back.id = format!("chatcmpl-{}", life.accepted.id);
        back.created = life.shared.now().0 / 1000;
        // Whether the client wants it or not, we meter by it.
        back.wants_usage = true;
    }
    Ok(Sendable { path: out.path, bodies: out.bodies, dropped: out.dropped, back: out.back, images: out.images, table })
}
