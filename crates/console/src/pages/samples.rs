//! The sample traffic of a demo: said where people look first, and deleted whole where they ask for it.

use api::index::Samples;
use store::{Role, Scope};

use crate::block::{Block, Form, Notice, Page};
use crate::context::{Context, Trouble};

/// Says how much of what is seen is sample traffic; nothing where none is, or where a log is kept.
pub fn notice(cx: &Context<'_>, samples: Samples) -> Option<Notice> {
    if samples.simulated == 0 || !cx.around.may_begin_anew() {
        return None;
    }
    let args = [("count", cx.words.count(samples.simulated))];
    // What all share is deleted by whoever answers for the whole.
    let may = cx.guest.roles.at(&Scope::Whole) == Some(Role::Admin);
    let href = may.then(|| format!("/console/samples?organisation={}", crate::ask::encoded(api::guest::WHOLE)));
    Some(Notice {
        tone: "info",
        word: cx.t("tone-info"),
        text: cx.words.say("samples-held", &args),
        step: Some((cx.t(if may { "samples-step" } else { "samples-whose" }), href)),
    })
}

/// Asks whether it is meant, and says what goes with it.
///
/// # Errors
/// This is no demo, or the ledger cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    if !cx.around.may_begin_anew() {
        return Err(Trouble::NotFound);
    }
    let seen = cx.seen();
    let samples = cx.ledger(move |index| index.samples(&seen)).await?.value;
    if samples.simulated == 0 {
        return Err(Trouble::NotFound);
    }
    let own = samples.all.saturating_sub(samples.simulated);
    let args = [("count", cx.words.count(samples.simulated)), ("own", cx.words.count(own))];
    let form = Form {
        note: cx.words.say("samples-note", &args),
        action: "/console/samples".to_owned(),
        button: cx.t("samples-button"),
        grave: true,
        cancel: Some(("/console".to_owned(), cx.t("cancel"))),
        ..Form::default()
    };
    Ok(Page {
        menu: "overview",
        title: cx.t("samples-title"),
        lead: cx.t("samples-lead"),
        blocks: vec![Block::Form(form)],
        ..Page::default()
    })
}
