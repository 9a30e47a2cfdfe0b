//! OpenAI's chat body as a `messages` request.

mod content;
mod conversation;
mod names;
mod sampling;
mod tools;

use super::Options;
use super::tree::{Tree, map};
use crate::translate::{Back, Outgoing, Target, Unsupported};
use conversation::Conversation;
use names::Names;

/// Translates a chat body.
///
/// # Errors
/// Names the first parameter that the API cannot express and that the realm does not let go.
pub fn request(body: &[u8], target: &Target<'_>, options: &Options) -> Result<Outgoing, Unsupported> {
    let body = Tree::object(body).ok_or_else(|| unsupported("body", "it is not a JSON object"))?;
    let mut refusals = Refusals { droppable: target.droppable, dropped: Vec::new() };
    let tools = tools::read(&body, &mut refusals)?;
    sampling::check_others(&body, &mut refusals)?;
    let mut names = Names::new(&tools.offered);
    let conversation = Conversation::read(&body, &mut names, &mut refusals)?;
    let mut out = map! { "model": target.model, "max_tokens": sampling::max_tokens(&body, options)? };
    if let Some(system) = conversation.system() {
        out.put("system", system);
    }
    out.put("messages", conversation.messages()?);
    tools.write(&mut names, &mut out);
    sampling::write(&body, options, &mut refusals, &mut out)?;
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
    Ok(Outgoing { body: out.to_json().into_bytes(), dropped: refusals.dropped, back })
}

pub(super) fn unsupported(field: &str, why: &str) -> Unsupported {
    Unsupported { field: field.to_owned(), why: why.to_owned() }
}

/// Decides what happens to what cannot be expressed.
pub(super) struct Refusals<'a> {
    pub(super) droppable: &'a [String],
    pub(super) dropped: Vec<String>,
}

impl Refusals<'_> {
    /// Lets a parameter go where the realm allows it.
    pub(super) fn refuse(&mut self, field: &str, why: &str) -> Result<(), Unsupported> {
        if !self.droppable.iter().any(|name| name == field) {
            return Err(unsupported(field, why));
        }
        if !self.dropped.iter().any(|name| name == field) {
            self.dropped.push(field.to_owned());
        }
        Ok(())
    }
}
