//! Making a batch of entries durable: one write and one sync, whatever the batch's length.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crate::catalog::Extent;
use crate::context::Context;
use crate::error::{At, Error};
use crate::frame;
use crate::segment::{self, Form, Header};
use crate::storage::{self, Access, File};
use crate::types::{EntryIndex, TreeSize};

/// Room for so many segments there must be before one is prepared ahead.
const SPARE_SEGMENTS_MIN: u64 = 3;
/// The shortest segment made where room is short: it holds the longest entry several times.
const SEGMENT_BYTES_MIN: u64 = 1 << 20;

/// Entries that go to the disk together, as frames whose indexes are not known yet.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    bytes: Vec<u8>,
    /// Where each frame ends.
    ends: Vec<usize>,
}

/// The only one who appends. After an error it must be dropped: what the disk holds is then unknown.
pub(crate) struct Writer {
    context: Arc<Context>,
    tail: Tail,
}

/// The segment that is being filled.
pub(crate) struct Tail {
    pub(crate) file: Arc<dyn File>,
    pub(crate) header: Header,
    /// Where the next frame goes.
    pub(crate) at: u64,
    /// The length of the file.
    pub(crate) limit: u64,
    /// The index of the next entry.
    pub(crate) next: u64,
}

// === impl Batch ===

impl Batch {
    pub(crate) fn push(&mut self, entry: &[u8]) {
        frame::reserve(&mut self.bytes, entry);
        self.ends.push(self.bytes.len());
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Gives the frames away.
    pub(crate) fn take_bytes(&mut self, replacement: Vec<u8>) -> Vec<u8> {
        self.ends.clear();
        std::mem::replace(&mut self.bytes, replacement)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn start(&self, number: usize) -> usize {
        number.checked_sub(1).map_or(0, |before| self.ends[before])
    }
}

// === impl Writer ===

impl Writer {
    pub(crate) fn new(context: Arc<Context>, tail: Tail) -> Self {
        Self { context, tail }
    }

    pub(crate) fn size(&self) -> TreeSize {
        TreeSize(self.tail.next)
    }

    /// Makes a batch durable and returns the index of its first entry.
    pub(crate) fn append(&mut self, batch: &mut Batch) -> Result<EntryIndex, Error> {
        let first = self.tail.next;
        let mut done = 0;
        while done < batch.len() {
            let start = batch.start(done);
            let room = self.tail.limit.saturating_sub(self.tail.at);
            let until = batch.ends.partition_point(|end| *end as u64 <= start as u64 + room);
            if until <= done {
                self.roll()?;
                continue;
            }
            self.write(batch, done, until)?;
            done = until;
        }
        Ok(EntryIndex(first))
    }

    /// Writes and syncs the frames `from..until`, which fit the segment.
    fn write(&mut self, batch: &mut Batch, from: usize, until: usize) -> Result<(), Error> {
        let tail = &mut self.tail;
        let seed = tail.header.seed();
        for number in from..until {
            let range = batch.start(number)..batch.ends[number];
            let back = number - from;
            frame::finish(&mut batch.bytes[range], seed, tail.next + back as u64, back as u32);
        }
        let bytes = &batch.bytes[batch.start(from)..batch.ends[until - 1]];
        let path = || segment::path(&self.context.options.dir, tail.header.first, Form::Raw);
        tail.file.write_at(bytes, tail.at).map_err(|error| Error::storage(&path(), error))?;
        let started = Instant::now();
        tail.file.sync_data().map_err(|error| Error::storage(&path(), error))?;
        self.context.meters.sync_us.record(started.elapsed());
        tail.at += bytes.len() as u64;
        tail.next += (until - from) as u64;
        self.context.catalog.update(tail.header.first.0, |extent| {
            (from..until).for_each(|number| extent.push((batch.ends[number] - batch.start(number)) as u64));
        });
        Ok(())
    }

    fn roll(&mut self) -> Result<(), Error> {
        self.tail = create_segment(&self.context, EntryIndex(self.tail.next))?;
        Ok(())
    }
}

/// Makes the segment that starts at `first`: it has its name only once its header is durable.
pub(crate) fn create_segment(context: &Context, first: EntryIndex) -> Result<Tail, Error> {
    let storage = &*context.storage;
    let inline = context.paths.staging("segment");
    let (file, staged) = match context.take_spare() {
        Some(spare) => spare,
        None => (create_whole(context, &inline, affordable_bytes(context))?, inline),
    };
    let header = Header::new(&context.options.origin, first);
    file.write_at(&header.encode(), 0).at(&staged)?;
    file.sync_data().at(&staged)?;
    let path = segment::path(&context.options.dir, first, Form::Raw);
    storage.rename(&staged, &path).at(&path)?;
    let directory = context.paths.segments();
    storage.sync_dir(&directory).at(&directory)?;
    let limit = file.length().at(&path)?;
    context.catalog.insert(Extent::empty(first.0));
    Ok(Tail { file, header, at: segment::HEADER as u64, limit, next: first.0 })
}

/// Prepares the file that the next segment will be, unless one is ready or room is short: zeros that are on the disk
/// already make a commit cheaper than growing a file does, and that is all they do.
pub(crate) fn prepare_spare(context: &Context) -> Result<(), Error> {
    if context.has_spare() {
        return Ok(());
    }
    let short = free_bytes(context) < context.options.segment_bytes.saturating_mul(SPARE_SEGMENTS_MIN);
    context.set_short_of_room(short);
    if short {
        return Ok(());
    }
    let path = context.next_spare_path();
    let file = create_whole(context, &path, context.options.segment_bytes)?;
    context.put_spare(Some((file, path)));
    Ok(())
}

/// Makes a file of zeros, on the disk; what is not whole does not stay there and take the room.
fn create_whole(context: &Context, path: &Path, bytes: u64) -> Result<Arc<dyn File>, Error> {
    let storage = &*context.storage;
    let made = storage.create(path, bytes, Access::Shared).and_then(|file| file.sync_data().map(|()| file));
    if made.is_err() {
        // The first error is the one to tell.
        let _ = storage::remove_if_there(storage, path);
    }
    made.at(path)
}

/// How long a segment made now may be: whole where there is room for more, else a part of the room, so that the log
/// goes on to the last of it.
fn affordable_bytes(context: &Context) -> u64 {
    let whole = context.options.segment_bytes;
    let free = free_bytes(context);
    if free / 2 >= whole { whole } else { (free / 4).clamp(SEGMENT_BYTES_MIN.min(whole), whole) }
}

fn free_bytes(context: &Context) -> u64 {
    // Who cannot say how much there is, finds out.
    context.storage.free_bytes(&context.paths.state).unwrap_or(u64::MAX)
}
