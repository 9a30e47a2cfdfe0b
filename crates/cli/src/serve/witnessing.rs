//! Has the log's head cosigned by the realm's witnesses, while it grows and beside everything else.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use anyhow::{Context, Result};
use gateway::Gateway;
use realm::snapshot::Snapshot;

use crate::command::{Opened, Witness, cosign, is_cosigned};
use crate::data::DataDir;
use crate::lang::tell;

/// The thread that asks, from outside. It ends when this is dropped, after what it is about.
pub(crate) struct Witnessing(Sender<Arc<Snapshot>>);

/// The thread itself.
struct Asker {
    data: DataDir,
    log_id: String,
    gateway: Gateway,
    snapshot: Arc<Snapshot>,
    /// Witnesses of whom something may have been said.
    named: BTreeSet<String>,
}

impl Witnessing {
    /// Starts it.
    pub(crate) fn start(data: &DataDir, log_id: &str, gateway: &Gateway, snapshot: Arc<Snapshot>) -> Result<Self> {
        let (follow, followed) = channel();
        let (data, log_id, gateway) = (data.clone(), log_id.to_owned(), gateway.clone());
        let asker = Asker { data, log_id, gateway, snapshot, named: BTreeSet::new() };
        let thread = std::thread::Builder::new().name("witnesses".to_owned());
        thread.spawn(move || asker.run(&followed)).with_context(|| tell("no-thread", &[]))?;
        Ok(Self(follow))
    }

    /// Another realm names the witnesses.
    pub(crate) fn follow(&self, snapshot: Arc<Snapshot>) {
        // A thread that is gone has said why.
        let _ = self.0.send(snapshot);
    }
}

impl Asker {
    fn run(mut self, followed: &Receiver<Arc<Snapshot>>) {
        loop {
            self.round();
            let wait = Duration::from_secs(self.snapshot.world.head.ledger.witness_s);
            match followed.recv_timeout(wait) {
                Ok(snapshot) => self.snapshot = snapshot,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Asks every witness for the head that is published now, and says of each on `/readyz` whether it cosigned.
    fn round(&mut self) {
        let declared = self.snapshot.world.witnesses.values();
        let declared: Vec<_> =
            declared.map(|it| (format!("witness {}", it.id), Witness::new(&it.url, &it.key))).collect();
        let names: BTreeSet<String> = declared.iter().map(|(name, _)| name.clone()).collect();
        for gone in std::mem::replace(&mut self.named, names).difference(&self.named) {
            self.gateway.notice(gone, None);
        }
        let (mut asked, mut usable) = (Vec::new(), Vec::new());
        for (name, witness) in &declared {
            match witness {
                Ok(witness) => {
                    asked.push(name);
                    usable.push(witness);
                }
                Err(error) => self.gateway.notice(name, Some(format!("{error:#}"))),
            }
        }
        if usable.is_empty() {
            return;
        }
        match self.ask(&usable) {
            Ok(None) => asked.iter().for_each(|name| self.gateway.notice(name, None)),
            Ok(Some(became)) => asked.iter().zip(became).for_each(|(name, became)| {
                self.gateway.notice(name, became.err().map(|error| format!("{error:#}")));
            }),
            Err(error) => asked.iter().for_each(|name| self.gateway.notice(name, Some(format!("{error:#}")))),
        }
    }

    /// What became of each; none where all of them have cosigned this head before.
    fn ask(&self, witnesses: &[&Witness]) -> Result<Option<Vec<Result<()>>>> {
        let log = Opened::choose(&self.data, Some(&self.log_id))?;
        let kept = self.data.witnessed(&self.log_id);
        if is_cosigned(&log, &kept, witnesses)? {
            return Ok(None);
        }
        cosign(&log, &kept, witnesses).map(Some)
    }
}
