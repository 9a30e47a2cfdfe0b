//! Putting an app, a provider or a deployment out of use and back: asked first.

use store::Suspendable;

use crate::block::{Block, Form, Page};
use crate::context::{Context, Trouble};

/// What a path names. An app's path names the kind itself: it is one organisation's, the others are of the whole.
///
/// # Errors
/// It names no kind that there is.
pub fn named<'a>(cx: &'a Context<'_>) -> Result<(Suspendable, &'a str), Trouble> {
    match cx.named.as_slice() {
        [id] => Ok((Suspendable::App, id)),
        [kind, id] => {
            let kinds = [Suspendable::Provider, Suspendable::Deployment];
            let kind = kinds.into_iter().find(|one| one.as_str() == kind).ok_or(Trouble::NotFound)?;
            Ok((kind, id))
        }
        _ => Err(Trouble::NotFound),
    }
}

/// Asks whether it is meant, and says what it does.
///
/// # Errors
/// There is nothing of that name.
pub async fn page(cx: &Context<'_>, resume: bool) -> Result<Page, Trouble> {
    let (kind, id) = named(cx)?;
    cx.suspendable(kind, id, resume).await?;
    let verb = if resume { "resume" } else { "suspend" };
    let args = [("id", id.to_owned()), ("kind", cx.words.word("kind", kind.as_str()))];
    let back = if kind == Suspendable::App { "/console/keys" } else { "/console/models" };
    let form = Form {
        note: cx.words.say(&format!("{verb}-note-{kind}"), &args),
        action: format!("/console/{verb}/{kind}/{}", crate::ask::encoded(id)),
        button: cx.words.say(&format!("{verb}-button"), &args),
        grave: !resume,
        cancel: Some((back.to_owned(), cx.t("cancel"))),
        ..Form::default()
    };
    Ok(Page {
        menu: if kind == Suspendable::App { "keys" } else { "models" },
        title: cx.words.say(&format!("{verb}-title"), &args),
        lead: cx.t(&format!("{verb}-undo")),
        blocks: vec![Block::Form(form)],
        ..Page::default()
    })
}
