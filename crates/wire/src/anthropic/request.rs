//! OpenAI's chat body as a `messages` request.

mod content;
mod conversation;
mod names;
mod sampling;
mod tools;

use super::Options;
use crate::translate::drops::{Drops, unsupported};
use crate::translate::{Back, Outgoing, Target, Unsupported};
use crate::tree::{Tree, map};
use conversation::Conversation;
use names::Names;

/// Translates a chat body.
///
/// # Errors
/// Names the first parameter that the API cannot express and that the realm does not let go.
pub fn request(body: &[u8], target: &Target<'_>, options: &Options) -> Result<Outgoing, Unsupported> {
    let body = Tree::object(body).ok_or_else(|| unsupported("body", "it is not a JSON object"))?;
    let mut drops = Drops::new(target.droppable);
    let tools = tools::read(&body, &mut drops)?;
    sampling::check_others(&body, &mut drops)?;
    let mut names = Names::new(&tools.offered);
    let conversation = Conversation::read(&body, &mut names, &mut drops)?;
    let mut out = map! { "model": target.model, "max_tokens": sampling::max_tokens(&body, options)? };
    if let Some(system) = conversation.system() {
        out.put("system", system);
    }
    out.put("messages", conversation.messages()?);
    tools.write(&mut names, &mut out);
    sampling::write(&body, options, &mut drops, &mut out)?;
    let stream = body.get("stream").is_true();
    if stream {
        out.put("stream", true);
    }
    let back = Back {
        model: target.model.to_owned(),
        legacy_functions: tools.legacy,
        renamed: names.renamed,
        wants_usage: stream && body.get("stream_options").get("include_usage").is_true(),
        ..Back::default()
    };
    Ok(Outgoing { body: out.to_json().into_bytes(), dropped: drops.dropped, back, ..Outgoing::default() })
}
