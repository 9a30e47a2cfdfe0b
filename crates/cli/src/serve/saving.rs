//! Backups that somebody downloads: made in a directory of their own beside everything else, sent as one file.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use api::{Saved, Unsaved};
use bytes::Bytes;
use store::Store;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, mpsc};

use crate::data::DataDir;
use crate::lang::tell;
use crate::saved::{Aside, copied, file};

/// Bytes that go out at a time.
const PART_BYTES: usize = 256 << 10;
/// Parts that wait for a slow reader.
const PARTS_AHEAD: usize = 4;
/// How long a reader may take nothing, before it is left.
const STALLED: Duration = Duration::from_secs(60);

/// Makes them, one at a time.
#[derive(Clone)]
pub(super) struct Saving {
    store: Store,
    data: DataDir,
    turn: Arc<Semaphore>,
}

impl Saving {
    /// Of a data directory and its store. What a killed process left of one goes: it holds secrets.
    pub(super) fn new(store: Store, data: DataDir) -> Self {
        drop(std::fs::remove_dir_all(data.outgoing()));
        Self { store, data, turn: Arc::new(Semaphore::new(1)) }
    }

    /// Makes one; tells of it once it is verified and its first bytes are on their way.
    pub(super) fn make(&self) -> Saved {
        let Self { store, data, turn } = self.clone();
        Box::pin(async move {
            let turn = turn.try_acquire_owned().map_err(|_| Unsaved::Busy)?;
            let aside = made(&store, &data).await.map_err(|error| Unsaved::Failed(format!("{error:#}")))?;
            let (parts, rest) = mpsc::channel(PARTS_AHEAD);
            tokio::task::spawn_blocking(move || {
                let _turn = turn;
                let to = BufWriter::with_capacity(PART_BYTES, Parts(parts));
                if let Err(error) = file::pack(&aside.0, data.path(), to) {
                    tracing::warn!(error = format!("{error:#}"), "a backup was not sent whole");
                }
            });
            Ok(rest)
        })
    }
}

/// A verified copy of store and logs.
async fn made(store: &Store, data: &DataDir) -> Result<Aside> {
    let target = DataDir::new(&data.outgoing());
    drop(std::fs::remove_dir_all(target.path()));
    target.create()?;
    let (aside, store, data) = (Aside(target.path().to_owned()), store.clone(), data.clone());
    // Files are read and written all the while.
    let work = move || Handle::current().block_on(copied(&store, &data, &target, false));
    tokio::task::spawn_blocking(work).await??;
    Ok(aside)
}

/// What is written goes out in parts.
struct Parts(mpsc::Sender<Bytes>);

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = Handle::current().block_on(self.0.send_timeout(Bytes::copy_from_slice(bytes), STALLED));
        sent.map_err(|_| io::Error::other(tell("backup-nobody-reads", &[])))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
