//! The law packs that come with the program.

use std::borrow::Cow;

use include_dir::{Dir, include_dir};
use realm::load::PackSource;

static PACKS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../packs");

/// Packs inside the binary.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BuiltIn;

impl PackSource for BuiltIn {
    fn ids(&self) -> Vec<String> {
        PACKS.dirs().map(|dir| dir.path().to_string_lossy().into_owned()).collect()
    }

    fn files(&self, id: &str) -> Vec<(String, Cow<'static, [u8]>)> {
        let Some(dir) = PACKS.get_dir(id) else { return Vec::new() };
        let inner = dir.dirs().flat_map(Dir::files);
        let named = dir.files().chain(inner).filter_map(|file| {
            let name = file.path().strip_prefix(dir.path()).ok()?.to_string_lossy().into_owned();
            Some((name, Cow::Borrowed(file.contents())))
        });
        named.collect()
    }
}
