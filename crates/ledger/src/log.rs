//! The log that the rest of the program holds: cheap handles on one writer.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::thread;

use tokio::sync::watch;

use crate::context::Context;
use crate::error::{At, Error};
use crate::health::Health;
use crate::keys::{self, KeySource};
use crate::layout::{Resource, TileId};
use crate::life::{self, Shared};
use crate::note::Note;
use crate::options::{Clock, Options};
use crate::proof::{self, TileNodes};
use crate::publish::Published;
use crate::read::{self, Scan};
use crate::receipt::Receipt;
use crate::recover::{self, Recovery};
use crate::storage::{self, Storage};
use crate::tile::{self, Tile};
use crate::tree::leaf_hash;
use crate::types::{EntryIndex, TreeSize};
use crate::{prune, system, witnessed};

/// An open log. Clones are handles on the same one; when the last is dropped, what waits is written and the log closes.
#[derive(Clone)]
pub struct Log(Arc<Handle>);

struct Handle(Arc<Shared>);

/// Where a log stands.
#[derive(Clone, Debug)]
pub struct Head {
    /// How many entries are durable.
    pub durable: TreeSize,
    /// The last published checkpoint.
    pub published: Option<Arc<Published>>,
}

// === impl Log ===

impl Log {
    /// Takes the log's lease, recovers it, and starts its threads.
    ///
    /// # Errors
    /// `Locked` if another process writes it; fatal errors need a person; after the others, trying again is right.
    pub fn open(
        storage: Arc<dyn Storage>,
        options: Options,
        key: KeySource,
        clock: Clock,
    ) -> Result<(Self, Recovery), Error> {
        let context = Arc::new(Context::new(storage, options, clock));
        let (state, lock) = (&context.paths.state, context.paths.lock());
        context.storage.make_dir(state).at(state)?;
        let holder = format!("{}\n", std::process::id());
        let lease = context.storage.lock(&lock, &holder).at(&lock)?.ok_or(Error::Locked(lock))?;
        keys::load(&context, key)?;
        let (core, report) = recover::recover(&context)?;
        let shared = Arc::new(Shared::new(context));
        shared.show(&core);
        let handle = Self(Arc::new(Handle(Arc::clone(&shared))));
        let run = move || life::run(&shared, core, lease);
        let spawned = thread::Builder::new().name("ledger-commit".to_owned()).spawn(run);
        spawned.map_err(|error| Error::Unavailable(error.to_string().into()))?;
        Ok((handle, report))
    }

    fn context(&self) -> &Arc<Context> {
        &self.0.0.context
    }

    // === writing ===

    /// Appends an entry; returns only when it is durable. A caller that stops waiting leaves the entry in the log.
    ///
    /// # Errors
    /// `Unavailable` while storage is in trouble and `Busy` at the queue's bound come at once.
    pub async fn append(&self, entry: impl AsRef<[u8]>) -> Result<EntryIndex, Error> {
        let entry = entry.as_ref();
        self.admit(entry)?;
        let mut ticket = None;
        std::future::poll_fn(|context| match &ticket {
            Some(ticket) => self.0.0.queue.poll(ticket, context.waker()),
            None => match self.0.0.queue.push(entry, context.waker()) {
                Ok(pushed) => {
                    ticket = Some(pushed);
                    Poll::Pending
                }
                Err(error) => Poll::Ready(Err(error)),
            },
        })
        .await
    }

    /// Appends from a thread that may block.
    ///
    /// # Errors
    /// As `append`.
    pub fn append_blocking(&self, entry: &[u8]) -> Result<EntryIndex, Error> {
        self.admit(entry)?;
        self.0.0.append_blocking(entry)
    }

    fn admit(&self, entry: &[u8]) -> Result<(), Error> {
        let max = self.context().options.entry_bytes_max();
        if entry.is_empty() || entry.len() > max {
            return Err(Error::EntryLength { max, found: entry.len() });
        }
        if system::is_system(entry) { Err(Error::Reserved) } else { Ok(()) }
    }

    /// Replaces the signing key by one made of 32 random bytes, with an entry that both keys sign. Blocking. Until the
    /// next start, checkpoints carry both signatures.
    ///
    /// # Errors
    /// After a storage error the rotation goes on at the next housekeeping or start.
    pub fn rotate_key(&self, seed: &[u8; 32]) -> Result<(), Error> {
        let context = self.context();
        let _upkeep = context.upkeep.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let entry = keys::begin_rotation(context, seed)?;
        self.0.0.append_blocking(&entry.encode())?;
        keys::finish_rotation(context)
    }

    /// Removes sealed, published segments below `wanted`, stating `policy` in the log; returns the first index kept.
    ///
    /// # Errors
    /// Whatever storage says.
    pub async fn prune(&self, wanted: EntryIndex, policy: &str) -> Result<EntryIndex, Error> {
        let context = self.context();
        let published = self.head().published.map_or(TreeSize::ZERO, |head| head.size);
        let minimum = prune::boundary(context, wanted, published.0);
        if minimum.0 > context.catalog.minimum() {
            let entry = prune::entry(context, minimum, policy).encode();
            let index = self.0.0.append_blocking(&entry)?;
            self.published_past(index).await?;
            let _upkeep = context.upkeep.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            prune::remove_below(context, minimum)?;
        }
        Ok(minimum)
    }

    /// Writes what waits, publishes it, and frees the lease.
    ///
    /// # Errors
    /// Why the last entries may not be published, if the log was not writable.
    pub async fn close(&self) -> Result<(), Error> {
        let refusal = self.0.0.queue.refusal();
        self.0.0.queue.close();
        // The sender lives in `self`: waiting cannot fail.
        let _ = self.0.0.ended.subscribe().wait_for(|ended| *ended).await;
        match refusal {
            Some(error) if !matches!(error, Error::Closed) => Err(error),
            _ => Ok(()),
        }
    }

    // === reading ===

    /// Returns where the log stands.
    pub fn head(&self) -> Head {
        let durable = TreeSize(self.0.0.durable.load(Ordering::Acquire));
        Head { durable, published: self.0.0.published.borrow().clone() }
    }

    /// Watches the published checkpoint.
    pub fn subscribe(&self) -> watch::Receiver<Option<Arc<Published>>> {
        self.0.0.published.subscribe()
    }

    /// Waits for a published checkpoint that covers an entry.
    ///
    /// # Errors
    /// `NotPublished` if the log ends before.
    pub async fn published_past(&self, index: EntryIndex) -> Result<Arc<Published>, Error> {
        let covers = |head: &Option<Arc<Published>>| head.as_ref().is_some_and(|head| head.size.contains(index));
        let mut published = self.0.0.published.subscribe();
        let mut ended = self.0.0.ended.subscribe();
        let found = tokio::select! {
            found = published.wait_for(covers) => found.ok().and_then(|head| head.clone()),
            _ = ended.wait_for(|ended| *ended) => self.head().published.filter(|head| head.size.contains(index)),
        };
        found.ok_or(Error::NotPublished(index))
    }

    /// Reads a durable entry; `None` if there is none or it was pruned. Blocking.
    ///
    /// # Errors
    /// Whatever storage says; `Damaged` if two readings fail their checksum.
    pub fn read(&self, index: EntryIndex) -> Result<Option<Vec<u8>>, Error> {
        read::entry_at(self.context(), index.0)
    }

    /// Reads the durable entries from `from` on, the ledger's own included. Blocking.
    pub fn scan(&self, from: EntryIndex) -> Scan {
        Scan::new(Arc::clone(self.context()), from)
    }

    /// Makes the proof that a published checkpoint holds an entry: the one that witnesses cosigned last, if it covers the
    /// entry, and else the newest. Blocking.
    ///
    /// # Errors
    /// `NotPublished` until a checkpoint covers it.
    pub fn receipt(&self, index: EntryIndex) -> Result<Receipt, Error> {
        let head = self.head().published.filter(|head| head.size.contains(index));
        let head = head.ok_or(Error::NotPublished(index))?;
        let entry = self.read(index)?.ok_or(Error::NotPublished(index))?;
        let head = self.witnessed(head.size).filter(|known| known.size.contains(index)).map_or(head, Arc::new);
        let mut nodes = TileNodes::new(head.size, |id| published_tile(self.context(), id));
        let proof = proof::inclusion(&mut nodes, index, head.size)?.ok_or(Error::NotPublished(index))?;
        let dir = &self.context().options.dir;
        // What is handed out is checked first: a bad tile must not become a bad receipt.
        proof::verify_inclusion(leaf_hash(&entry), index, head.size, &proof, head.root)
            .map_err(|error| Error::damaged(dir, 0, format!("the tiles do not prove entry {index}: {error}")))?;
        let checkpoint = Note::parse(head.note.as_bytes()).map_err(|error| Error::Key(error.to_string().into()))?;
        Ok(Receipt { extra: Some(entry), index, proof, checkpoint })
    }

    /// The checkpoint that witnesses cosigned. A file that cannot be read costs receipts their cosignatures, not more.
    fn witnessed(&self, at_most: TreeSize) -> Option<Published> {
        let context = self.context();
        let (state, keys) = (&context.paths.state, context.keys());
        match witnessed::load(state, &context.options.origin, &keys.public, at_most) {
            Ok(found) => found.map(|signed| {
                let (size, root) = (signed.checkpoint.size, signed.checkpoint.root);
                Published { size, root, note: signed.note.to_string() }
            }),
            Err(error) => {
                tracing::warn!(%error, "receipts go without cosignatures: what witnesses cosigned cannot be read");
                None
            }
        }
    }

    /// Reads what the log serves under a path of the published form; `None` beyond the checkpoint. Bundles are made
    /// from the segments. Blocking.
    ///
    /// # Errors
    /// Whatever storage says.
    pub fn resource(&self, resource: &Resource) -> Result<Option<Vec<u8>>, Error> {
        let Some(head) = self.head().published else {
            return Ok(None);
        };
        match resource {
            Resource::Checkpoint => Ok(Some(head.note.clone().into_bytes())),
            Resource::Tile(id) if id.exists_at(head.size) => Ok(Some(published_tile(self.context(), *id)?.encode())),
            Resource::Bundle(id) if id.exists_at(head.size) => {
                let first = id.first_entry();
                let entries: Vec<_> = self.scan(first).take(usize::from(id.width)).collect::<Result<_, _>>()?;
                if entries.len() < usize::from(id.width) || entries[0].0 != first {
                    return Ok(None);
                }
                let bundle = tile::encode_bundle(entries.iter().map(|(_, entry)| entry.as_slice()));
                bundle.map(Some).map_err(|error| Error::damaged(&self.context().paths.segments(), 0, error.to_string()))
            }
            _ => Ok(None),
        }
    }

    /// Returns the public key that signs checkpoints now, in its text form.
    pub fn verifier_key(&self) -> String {
        self.context().keys().secret.verifier().to_string()
    }

    /// Returns the published directory.
    pub fn dir(&self) -> &Path {
        &self.context().options.dir
    }

    /// Returns what operators should know.
    pub fn health(&self) -> Health {
        let shared = &self.0.0;
        let (refusal, head) = (shared.queue.refusal(), self.head());
        let unpoisoned = std::sync::PoisonError::into_inner;
        let warning = shared.warning.lock().unwrap_or_else(unpoisoned).clone();
        let space = shared.space.lock().unwrap_or_else(std::sync::PoisonError::into_inner).1;
        let meters = &shared.context.meters;
        Health {
            writable: refusal.is_none(),
            reason: refusal.map(|error| error.to_string()),
            fatal: shared.fatal.load(Ordering::Acquire),
            warning,
            queue_len: shared.queue.len(),
            durable: head.durable,
            published: head.published.map_or(TreeSize::ZERO, |head| head.size),
            recoveries: meters.recoveries.load(Ordering::Relaxed),
            commit_wait_us: meters.wait_us.summary(),
            fdatasync_us: meters.sync_us.summary(),
            space,
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.queue.close();
    }
}

/// Reads a published tile. A partial one may have given way to the full one meanwhile.
fn published_tile(context: &Context, id: TileId) -> Result<Tile, Error> {
    let read = |id: TileId| -> Result<Option<Tile>, Error> {
        let path = context.options.dir.join(id.to_string());
        let bytes = storage::read_all(&*context.storage, &path).at(&path)?;
        let decode = |bytes: Vec<u8>| tile::decode(id, &bytes);
        bytes.map(decode).transpose().map_err(|error| Error::damaged(&path, 0, error.to_string()))
    };
    let found = match read(id)? {
        Some(tile) => Some(tile),
        None => read(id.to_full())?.and_then(|tile| tile.narrowed(id.width)),
    };
    let path = context.options.dir.join(id.to_string());
    found.ok_or_else(|| Error::storage(&path, std::io::ErrorKind::NotFound.into()))
}
