//! Putting an app, a provider or a deployment out of use and back: asked first.

use realm::{AppId, DeploymentId, ProviderId, World};
use store::Suspendable;

use crate::block::{Block, Form, Page};
use crate::context::{Context, Trouble};

/// What a path names, as far as it is there; what is suspended already may be gone from the realm.
///
/// # Errors
/// It is neither in the realm nor, where that will do, suspended.
pub async fn suspendable(cx: &Context<'_>, suspended_will_do: bool) -> Result<(Suspendable, String), Trouble> {
    // An app's path names the kind itself: it is one organisation's, the others are of the whole.
    if let [id] = cx.named.as_slice() {
        return cx.app(id).map(|app| (Suspendable::App, app.id.to_string()));
    }
    let [kind, id] = cx.named.as_slice() else { return Err(Trouble::NotFound) };
    let kinds = [Suspendable::Provider, Suspendable::Deployment];
    let kind = kinds.into_iter().find(|one| one.as_str() == kind).ok_or(Trouble::NotFound)?;
    let mut known = is_in(cx.world(), kind, id);
    if !known && suspended_will_do {
        known = cx.console.parts.store.suspensions().await?.iter().any(|it| it.kind == kind && it.id == *id);
    }
    if known { Ok((kind, id.clone())) } else { Err(Trouble::NotFound) }
}

fn is_in(world: &World, kind: Suspendable, id: &str) -> bool {
    match kind {
        Suspendable::App => AppId::new(id).is_ok_and(|id| world.apps.contains_key(&id)),
        Suspendable::Provider => ProviderId::new(id).is_ok_and(|id| world.providers.contains_key(&id)),
        Suspendable::Deployment => DeploymentId::new(id).is_ok_and(|id| world.deployments.contains_key(&id)),
    }
}

/// Asks whether it is meant, and says what it does.
///
/// # Errors
/// There is nothing of that name.
pub async fn page(cx: &Context<'_>, resume: bool) -> Result<Page, Trouble> {
    let (kind, id) = suspendable(cx, resume).await?;
    let verb = if resume { "resume" } else { "suspend" };
    let args = [("id", id.clone()), ("kind", cx.words.word("kind", kind.as_str()))];
    let back = if kind == Suspendable::App { "/console/keys" } else { "/console/models" };
    let form = Form {
        note: cx.words.say(&format!("{verb}-note-{kind}"), &args),
        action: format!("/console/{verb}/{kind}/{}", crate::ask::encoded(&id)),
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
