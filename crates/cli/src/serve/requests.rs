//! What people ask of the running server because the ledger has one writer.

use anyhow::Result;
use gateway::Journal;
use store::{Answer, Made, Request};

use super::assemble::Assembled;
use crate::clock::now;
use crate::upkeep::{REQUEST, Upkeep};

/// Does what was asked for, one after the other, and answers.
pub(super) async fn carry_out(assembled: &Assembled) -> Result<()> {
    while let Some(request) = assembled.store.take_request(now()).await? {
        let (answer, made) = match perform(assembled, &request).await {
            Ok((answer, made)) => (Ok(answer), made),
            Err(error) => {
                tracing::error!(by = request.by, "what was asked for could not be done: {error:#}");
                (Answer::Err(format!("{error:#}")), None)
            }
        };
        assembled.store.answer(&request, &answer, made, now()).await?;
    }
    Ok(())
}

async fn perform(assembled: &Assembled, request: &Request) -> Result<(String, Option<Made>)> {
    anyhow::ensure!(request.what == REQUEST, "this server does not know how to `{}`", request.what);
    let upkeep: Upkeep = serde_json::from_str(&request.argument)?;
    tracing::info!(?upkeep, by = request.by, "upkeep of the ledger");
    let (done, made) = upkeep.perform(assembled.journal.log_id(), assembled.journal.log()).await?;
    Ok((serde_json::to_string(&done)?, made))
}
