//! What people ask of the running server: to say that it has taken their change over, and what only the one writer of
//! the ledger may do.

use anyhow::Result;
use gateway::Journal;
use store::{Answer, Made, Request};

use super::assemble::Assembled;
use super::outbox::relay;
use super::watch::take_over_live;
use crate::clock::now;
use crate::command::binding;
use crate::upkeep::{BIND, FOLLOW, Followed, REQUEST, Upkeep};

/// Does what was asked for, one after the other, and answers.
pub(super) async fn carry_out(assembled: &mut Assembled) -> Result<()> {
    while let Some(request) = assembled.store.take_request(assembled.journal.log_id(), now()).await? {
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

async fn perform(assembled: &mut Assembled, request: &Request) -> Result<(String, Option<Made>)> {
    if request.what == FOLLOW {
        return Ok((serde_json::to_string(&follow(assembled).await?)?, None));
    }
    if request.what == BIND {
        let change = binding(&request.argument, &request.by, now())?;
        return Ok((assembled.gateway.record_change(change).await?.to_string(), None));
    }
    anyhow::ensure!(request.what == REQUEST, "this server does not know how to `{}`", request.what);
    let upkeep: Upkeep = serde_json::from_str(&request.argument)?;
    tracing::info!(by = request.by, "upkeep of the ledger: {upkeep}");
    let (done, made) = upkeep.perform(assembled.journal.log_id(), assembled.journal.log()).await?;
    Ok((serde_json::to_string(&done)?, made))
}

/// Whoever asks changed the store before, so what is in force after this holds the change, and so does the ledger.
async fn follow(assembled: &mut Assembled) -> Result<Followed> {
    take_over_live(assembled).await?;
    let entries = match relay(&assembled.store, &assembled.gateway, assembled.journal.log_id()).await {
        Ok(()) => Some(assembled.journal.log().head().durable.0),
        Err(error) => {
            tracing::warn!("a change is in force and waits in the store for the ledger: {error:#}");
            None
        }
    };
    Ok(Followed { entries })
}
