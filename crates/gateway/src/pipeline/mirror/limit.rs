//! How much a mirror may use, and the limit of its answer that makes it so.
//!
//! The budget of a drill holds because nothing is sent that could use more than what is set aside for it: of the question a
//! token for each byte, which no tokeniser passes, and of the answer what its limit says. What is in no text, an image say,
//! is reckoned as for every request.

use wire::openai::{Endpoint, Form, LimitName, UpstreamError, quirks};

use crate::epoch::Place;
use crate::pipeline::Life;
use crate::pipeline::accept::Asked;
use crate::pipeline::admit::{self, Size};
use crate::pipeline::redact::{AnswerLimit, Sendable};
use crate::shadow::Shadow;

/// The limit that a mirror is sent with, where its client gave none: twice what the client's own answer had, for one that
/// is cut short compares with nothing, and at least what any request is reckoned with. `said`: tokens of that answer.
pub(super) fn of(
    life: &Life<'_>,
    (asked, size): (&Asked<'_>, Size),
    (place, said): (&Place, u64),
    shadow: &Shadow,
) -> Option<AnswerLimit> {
    let request = &asked.request;
    if request.max_tokens.is_some() || request.endpoint == Endpoint::Embeddings {
        return None;
    }
    let world = life.epoch.world();
    let model = world.deployments.get(&place.id).and_then(|it| world.models.get(&it.model));
    let room = model.and_then(|it| it.context_tokens).and_then(|all| all.checked_sub(size.input));
    let tokens = tokens(said.div_ceil(request.answers()), life.shared.settings.answer_tokens_default, room);
    Some(AnswerLimit { tokens, name: shadow.run.limit_name(&place.id) })
}

/// As long as twice the client's answer, and no longer than there is room for: some servers refuse a limit that they could
/// not keep.
fn tokens(said: u64, default: u64, room: Option<u64>) -> u64 {
    let wanted = default.max(said.saturating_mul(2));
    wanted.min(room.filter(|room| *room > 0).unwrap_or(wanted))
}

/// What a mirror is reckoned with in its records.
pub(super) fn size(asked: &Asked<'_>, size: Size, limit: Option<AnswerLimit>) -> Size {
    let output = limit.map(|limit| limit.tokens.saturating_mul(asked.request.answers()));
    Size { output: output.unwrap_or(size.output), ..size }
}

/// What it can use at most: what is set aside.
pub(super) fn at_most(asked: &Asked<'_>, sendable: &Sendable, size: Size) -> Size {
    let sent: usize = sendable.bodies.iter().map(bytes::Bytes::len).sum();
    let data = asked.request.places().iter().filter(|place| place.form == Form::Data);
    // Where images are uploaded first, the body holds their names only.
    let data: usize = if sendable.images.is_some() { 0 } else { data.map(|place| place.literal.inner().len()).sum() };
    let texts = sent.saturating_sub(data) as u64;
    Size { input: size.input.max(texts.saturating_add(admit::tokens_of_parts(&asked.request))), ..size }
}

/// Whether a provider refuses the name of the limit that we added, and knows the other.
pub(super) fn is_refused(limit: Option<AnswerLimit>, error: &[u8]) -> bool {
    let sent_older = limit.is_some_and(|limit| limit.name == LimitName::Older);
    sent_older && quirks::wants_newer_limit(&UpstreamError::read(error))
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn there_is_room_for_twice_the_clients_answer_and_within_what_the_model_reads() {
        assert_eq!([tokens(10, 1_024, None), tokens(3_000, 1_024, None)], [1_024, 6_000]);
        assert_eq!([tokens(10, 1_024, Some(700)), tokens(10, 1_024, Some(0))], [700, 1_024]);
        assert_eq!(tokens(u64::MAX, 1_024, None), u64::MAX);
    }
}
