//! Making what is durable public: tiles, then the signed head, then the checkpoint.
//!
//! Stage, compare-and-swap, publish, discard: full tiles are durable before the head that needs them is signed; the
//! head is durable in the private directory before anybody sees it; partial tiles need not be durable, because recovery
//! makes them again. Nothing here runs before the entries are on the disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::checkpoint::{Checkpoint, Keys, Signed};
use crate::context::Context;
use crate::error::{At, Error};
use crate::frame;
use crate::layout::{self, TileId};
use crate::note::Note;
use crate::storage::{self, Access, File};
use crate::tile::{Edge, Tile};
use crate::tree::leaf_hash;
use crate::types::{Hash, TreeSize};

/// So many full tiles are written before the first of them is synced: that sync then takes all of them to the disk, and
/// the others find little left to do. Each is an open file meanwhile.
const TILES_TOGETHER: usize = 64;

/// A checkpoint that was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// How many entries it covers.
    pub size: TreeSize,
    /// The root over them.
    pub root: Hash,
    /// The signed note.
    pub note: String,
}

/// The only one who signs. After an error it must be dropped, as the writer.
pub(crate) struct Publisher {
    context: Arc<Context>,
    edge: Edge,
    /// Tiles that became full and are not on the disk yet.
    full: Vec<Tile>,
    /// The size that this publisher wrote tiles for last; `None` at first, when a life before may have left any.
    published_tiles: Option<TreeSize>,
    head: Option<Arc<Published>>,
}

/// Reads a signed checkpoint and checks its signature; `None` if there is none.
pub(crate) fn load(context: &Context, path: &Path) -> Result<Option<Published>, Error> {
    let read = || -> Result<Option<Result<Published, String>>, Error> {
        let bytes = storage::read_all(&*context.storage, path).at(path)?;
        Ok(bytes.map(|bytes| parse(context, &bytes)))
    };
    let mut found = read()?;
    // A bit may flip on the way: look again before complaining.
    for _ in 1..storage::READINGS {
        if matches!(found, Some(Err(_))) {
            found = read()?;
        }
    }
    let wrong = |why: String| Error::Key(format!("{}: {why}", path.display()).into());
    found.transpose().map_err(wrong)
}

fn parse(context: &Context, bytes: &[u8]) -> Result<Published, String> {
    let known = Keys { logs: context.keys().public.clone(), witnesses: Vec::new() };
    let signed = Signed::open(bytes, &known).map_err(|error| error.to_string())?;
    if signed.checkpoint.origin != context.options.origin {
        return Err(format!("this is a checkpoint of {}", signed.checkpoint.origin));
    }
    let note = String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string())?;
    Ok(Published { size: signed.checkpoint.size, root: signed.checkpoint.root, note })
}

// === impl Publisher ===

impl Publisher {
    pub(crate) fn new(context: Arc<Context>, edge: Edge, head: Option<Arc<Published>>) -> Self {
        Self { context, edge, full: Vec::new(), published_tiles: None, head }
    }

    /// Takes durable frames into the tree.
    pub(crate) fn absorb(&mut self, frames: &[u8]) {
        frame::entries(frames).for_each(|entry| self.absorb_leaf(leaf_hash(entry)));
    }

    pub(crate) fn absorb_leaf(&mut self, leaf: Hash) {
        self.edge.push(leaf, |tile| self.full.push(tile));
    }

    /// Takes back tiles that may be missing on the disk.
    pub(crate) fn rewrite(&mut self, full: Vec<Tile>) {
        self.full = full;
    }

    pub(crate) fn head(&self) -> Option<&Arc<Published>> {
        self.head.as_ref()
    }

    /// Publishes everything absorbed so far; `None` if that is published already.
    pub(crate) fn publish(&mut self) -> Result<Option<Arc<Published>>, Error> {
        if self.head.as_ref().is_some_and(|head| head.size >= self.edge.size()) {
            return Ok(None);
        }
        self.write_tiles()?;
        self.published_tiles = Some(self.edge.size());
        let head = Arc::new(self.sign()?);
        self.swap_head(&head)?;
        self.put_checkpoint()?;
        Ok(Some(head))
    }

    /// Writes the tiles of the present size: full ones durably, partial ones as they are.
    pub(crate) fn write_tiles(&mut self) -> Result<(), Error> {
        let mut touched = BTreeSet::new();
        for tiles in self.full.chunks(TILES_TOGETHER) {
            let written: Result<Vec<_>, _> = tiles.iter().map(|tile| self.write_tile(tile, &mut touched)).collect();
            for (tile, file) in tiles.iter().zip(written?) {
                file.sync_data().at(&self.path(tile.id))?;
            }
        }
        for tile in self.edge.partials() {
            self.write_tile(&tile, &mut BTreeSet::new())?;
        }
        // A partial tile may go once the full one is there.
        for tile in self.full.iter().filter(|tile| self.may_have_partials(tile.id)) {
            self.discard_partials(tile.id)?;
        }
        for dir in &touched {
            self.context.storage.sync_dir(dir).at(dir)?;
        }
        self.full.clear();
        Ok(())
    }

    /// Whether a full tile was written before with fewer hashes: of each level, only the one that was last then.
    fn may_have_partials(&self, id: TileId) -> bool {
        let last = |size| layout::hashes_at(id.level, size) / layout::TILE_WIDTH;
        self.published_tiles.is_none_or(|size| id.number == last(size))
    }

    /// Writes a tile, not durably.
    fn write_tile(&self, tile: &Tile, touched: &mut BTreeSet<PathBuf>) -> Result<Arc<dyn File>, Error> {
        let path = self.path(tile.id);
        let storage = &*self.context.storage;
        if let Some(dir) = path.parent().filter(|dir| !touched.contains(*dir)) {
            storage.make_dir(dir).at(dir)?;
            touched.insert(dir.to_owned());
        }
        let file = storage.create(&path, 0, Access::Shared).at(&path)?;
        file.write_at(&tile.encode(), 0).at(&path)?;
        if tile.id.is_full() {
            file.begin_sync().at(&path)?;
        }
        Ok(file)
    }

    fn path(&self, id: TileId) -> PathBuf {
        self.context.options.dir.join(id.to_string())
    }

    /// The directory of the partial tiles that precede a full one.
    fn partials_dir(&self, id: TileId) -> PathBuf {
        let narrow = self.path(TileId { width: 1, ..id });
        narrow.parent().map(Path::to_owned).unwrap_or(narrow)
    }

    fn discard_partials(&self, id: TileId) -> Result<(), Error> {
        let dir = self.partials_dir(id);
        let names = self.context.storage.list(&dir).at(&dir)?;
        for name in &names {
            storage::remove_if_there(&*self.context.storage, &dir.join(name)).at(&dir)?;
        }
        if !names.is_empty() {
            self.context.storage.sync_dir(&dir).at(&dir)?;
        }
        storage::remove_if_there(&*self.context.storage, &dir).at(&dir)
    }

    /// Makes every partial tile of the right edge what it must be: they are the only published files that a crash tears.
    pub(crate) fn repair_partials(&self) -> Result<(), Error> {
        let storage = &*self.context.storage;
        for tile in self.edge.partials() {
            let dir = self.partials_dir(tile.id);
            let names = storage.list(&dir).at(&dir)?;
            let widths =
                names.iter().filter_map(|name| name.parse().ok().filter(|width| *width > 0)).chain([tile.id.width]);
            for narrow in widths.collect::<BTreeSet<u16>>().into_iter().filter_map(|width| tile.narrowed(width)) {
                let path = self.path(narrow.id);
                if storage::read_all(storage, &path).at(&path)?.is_none_or(|found| found != narrow.encode()) {
                    self.write_tile(&narrow, &mut BTreeSet::new())?;
                }
            }
        }
        Ok(())
    }

    fn sign(&self) -> Result<Published, Error> {
        let (size, root) = (self.edge.size(), self.edge.root());
        let text = Checkpoint::new(self.context.options.origin.clone(), size, root).to_string();
        let keys = self.context.keys();
        let signers = [Some(&keys.secret), keys.outgoing.as_ref()];
        let signatures = signers.into_iter().flatten().map(|key| key.sign(&text, 0)).collect();
        let note = Note::new(&text, signatures).map_err(|error| Error::Key(error.to_string().into()))?;
        Ok(Published { size, root, note: note.to_string() })
    }

    /// Replaces the last signed head, if it is still the one that this publisher knows.
    fn swap_head(&mut self, head: &Arc<Published>) -> Result<(), Error> {
        let path = self.context.paths.head();
        let stored = storage::read_all(&*self.context.storage, &path).at(&path)?;
        let known = self.head.as_ref().map(|head| head.note.as_bytes());
        if stored.as_deref() != known {
            // Recovery re-reads everything and says what this means.
            return Err(Error::storage(&path, std::io::Error::other("the signed head is not the one written last")));
        }
        self.put_head(head)
    }

    pub(crate) fn put_head(&mut self, head: &Arc<Published>) -> Result<(), Error> {
        let (staging, path) = (self.context.paths.staging("head"), self.context.paths.head());
        storage::replace(&*self.context.storage, &staging, &path, head.note.as_bytes(), Access::Shared).at(&path)?;
        self.head = Some(Arc::clone(head));
        Ok(())
    }

    /// Shows the signed head to the world.
    pub(crate) fn put_checkpoint(&self) -> Result<(), Error> {
        let Some(head) = &self.head else {
            return Ok(());
        };
        let (staging, path) = (self.context.paths.staging("checkpoint"), self.context.paths.checkpoint());
        storage::replace(&*self.context.storage, &staging, &path, head.note.as_bytes(), Access::Shared).at(&path)
    }
}
