//! The OpenAI-compatible surface, brought to OpenAI's own form.
//!
//! Out: the model becomes a URI, `max_completion_tokens` `max_tokens`, `developer` `system`. Of its own models the
//! provider documents which parameters they take; any other is refused for them, or left out where that is allowed,
//! since the provider would ignore it in silence. Models of others get what the client said, null values and what
//! only describes the request aside (the same list as for the native protocol). `functions` are refused: `tools`
//! say the same.
//!
//! Back: `finish_reason` is absent where it should be null and comes in any case of letters; usage comes with
//! `choices: []` or beside an empty choice, wanted or not; a piece that ends with `content_filter` holds a whole
//! text in place of the one before, not a piece; deltas are empty or missing; calls lack ids or indexes.

mod answer;
mod embeddings;
mod request;
mod stream;

pub use answer::answer;
pub use embeddings::{embeddings_answer, embeddings_request};
pub use request::request;
pub use stream::Stream;
