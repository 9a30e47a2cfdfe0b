//! The log as a sequence of calls, without threads: what the simulator drives is what production runs.

use std::sync::Arc;

use crate::commit::{self, Batch, Writer};
use crate::context::Context;
use crate::error::{At, Error};
use crate::keys::{self, KeySource};
use crate::options::{Clock, Options};
use crate::publish::{Published, Publisher};
use crate::recover::{self, Recovery};
use crate::storage::Storage;
use crate::types::{EntryIndex, TreeSize};
use crate::{keep, prune, read};

/// A recovered log. After any error it must be dropped: only recovery may go on.
pub struct Core {
    context: Arc<Context>,
    writer: Writer,
    publisher: Publisher,
}

// === impl Core ===

impl Core {
    pub(crate) fn new(context: Arc<Context>, writer: Writer, publisher: Publisher) -> Self {
        Self { context, writer, publisher }
    }

    /// Loads the keys and recovers. The caller holds the lease.
    ///
    /// # Errors
    /// Fatal ones need a person; after the others, calling again is right.
    pub fn open(
        storage: Arc<dyn Storage>,
        options: Options,
        key: KeySource,
        clock: Clock,
    ) -> Result<(Self, Recovery), Error> {
        let context = Arc::new(Context::new(storage, options, clock));
        let state = &context.paths.state;
        context.storage.make_dir(state).at(state)?;
        recover::remove_leftovers(&context)?;
        keys::load(&context, key)?;
        recover::recover(&context)
    }

    pub(crate) fn into_parts(self) -> (Writer, Publisher) {
        (self.writer, self.publisher)
    }

    /// Makes entries durable, in one batch, and returns the index of the first.
    ///
    /// # Errors
    /// Whatever storage says; then none of the entries is acknowledged.
    pub fn append(&mut self, entries: &[&[u8]]) -> Result<EntryIndex, Error> {
        let mut batch = Batch::default();
        entries.iter().for_each(|entry| batch.push(entry));
        let first = self.writer.append(&mut batch)?;
        self.publisher.absorb(batch.bytes());
        Ok(first)
    }

    /// Publishes a checkpoint over everything durable.
    ///
    /// # Errors
    /// Whatever storage says.
    pub fn publish(&mut self) -> Result<Option<Arc<Published>>, Error> {
        self.publisher.publish()
    }

    /// Compresses the oldest full segment, if any, and reports whether it did.
    ///
    /// # Errors
    /// Whatever storage says.
    pub fn seal(&mut self) -> Result<bool, Error> {
        let published = self.publisher.head().map_or(TreeSize::ZERO, |head| head.size);
        let Some(sealed) = keep::seal_next(&self.context, published, &|| false)? else {
            return Ok(false);
        };
        self.append(&[&sealed.entry().encode()])?;
        self.publish()?;
        keep::finish(&self.context, sealed)?;
        Ok(true)
    }

    /// Prepares the next segment.
    ///
    /// # Errors
    /// Whatever storage says.
    pub fn prepare(&mut self) -> Result<(), Error> {
        commit::prepare_spare(&self.context)
    }

    /// Removes sealed segments below `wanted` and returns the first index kept.
    ///
    /// # Errors
    /// Whatever storage says.
    pub fn prune(&mut self, wanted: EntryIndex, policy: &str) -> Result<EntryIndex, Error> {
        let published = self.publisher.head().map_or(TreeSize::ZERO, |head| head.size);
        let minimum = prune::boundary(&self.context, wanted, published.0);
        if minimum.0 > self.context.catalog.minimum() {
            self.append(&[&prune::entry(&self.context, minimum, policy).encode()])?;
            self.publish()?;
            prune::remove_below(&self.context, minimum)?;
        }
        Ok(minimum)
    }

    /// Replaces the signing key by one made of 32 random bytes.
    ///
    /// # Errors
    /// Whatever storage says; then the next `finish_rotation` or open goes on.
    pub fn rotate(&mut self, seed: &[u8; 32]) -> Result<(), Error> {
        let entry = keys::begin_rotation(&self.context, seed)?;
        self.append(&[&entry.encode()])?;
        keys::finish_rotation(&self.context)
    }

    /// Goes on with a rotation that a crash interrupted.
    ///
    /// # Errors
    /// Whatever storage says.
    pub fn finish_rotation(&mut self) -> Result<(), Error> {
        if let Some(entry) = keys::pending_rotation(&self.context)? {
            self.append(&[&entry.encode()])?;
            keys::finish_rotation(&self.context)?;
        }
        Ok(())
    }

    /// Returns how many entries are durable.
    pub fn size(&self) -> TreeSize {
        self.writer.size()
    }

    /// Returns the last checkpoint.
    pub fn published(&self) -> Option<&Arc<Published>> {
        self.publisher.head()
    }

    /// Reads the entries from an index on.
    pub fn scan(&self, from: EntryIndex) -> read::Scan {
        read::Scan::new(Arc::clone(&self.context), from)
    }
}
