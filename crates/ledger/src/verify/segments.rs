//! Reads the segments of a log's directory, strictly, and says where one is wrong.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::source::Counted;
use super::{Failure, Finding};
use crate::seal::{Table, unpack_run};
use crate::segment::{self, Form};
use crate::types::{EntryIndex, Origin};

/// The segments that are there: for each first entry, the forms it is stored in.
#[derive(Debug, Default)]
pub(super) struct Segments(BTreeMap<u64, Vec<Form>>);

/// The stored file of a sealed segment.
pub(super) struct SealedFile {
    pub(super) path: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    pub(super) end: u64,
}

// === impl Segments ===

impl Segments {
    /// Takes a path if it is a segment's.
    pub(super) fn take(&mut self, path: &str) -> bool {
        let name = path.strip_prefix(segment::DIRECTORY).and_then(|rest| rest.strip_prefix('/'));
        let Some((first, form)) = name.and_then(segment::parse_file_name) else {
            return false;
        };
        self.0.entry(first.0).or_default().push(form);
        true
    }

    /// Returns the first entry that is stored.
    pub(super) fn first(&self) -> Option<EntryIndex> {
        self.0.keys().next().copied().map(EntryIndex)
    }

    /// Shows every entry in order to `each`; returns what was found sealed.
    ///
    /// With `whole_until`, damage in the last segment beyond that index ends the walk instead of being a finding.
    pub(super) fn walk(
        &self,
        source: &Counted<'_>,
        origin: &Origin,
        whole_until: Option<EntryIndex>,
        mut each: impl FnMut(&[u8]) -> Result<(), Failure>,
    ) -> Result<BTreeMap<u64, SealedFile>, Failure> {
        let mut sealed = BTreeMap::new();
        let mut next = self.first().unwrap_or_default().0;
        for (first, forms) in &self.0 {
            if *first != next {
                let what = format!("the segment starts at entry {first}, and the one before ends at {next}");
                return Err(Finding::new(path(*first, forms[0]), what).entry(EntryIndex(next)).into());
            }
            let last = self.0.range(first + 1..).next().is_none();
            let loose = whole_until.filter(|_| last);
            let stored = Stored::read(source, *first, forms, &mut sealed)?;
            let entries = stored.parse(origin, loose)?;
            next = first + entries.len() as u64;
            entries.into_iter().try_for_each(&mut each)?;
            if let Some(file) = sealed.get_mut(first) {
                file.end = next;
            }
        }
        Ok(sealed)
    }
}

/// A segment's bytes as written, zero tail included if it is stored.
struct Stored {
    path: String,
    first: u64,
    raw: Vec<u8>,
}

// === impl Stored ===

impl Stored {
    fn read(
        source: &Counted<'_>,
        first: u64,
        forms: &[Form],
        sealed: &mut BTreeMap<u64, SealedFile>,
    ) -> Result<Self, Failure> {
        let mut found: Option<Self> = None;
        // A log that is being written may seal the segment between listing and reading it.
        let vanished = |form: &Form| if *form == Form::Raw { Form::Sealed } else { Form::Raw };
        for form in forms {
            let here = match source.read(&path(first, *form))? {
                Some(bytes) => (*form, bytes),
                None => (vanished(form), source.need(&path(first, vanished(form)))?),
            };
            let stored = Self::of(first, here, sealed)?;
            match &found {
                // Both forms exist between the sealing and the removal of the raw file.
                Some(other) if !other.begins_alike(&stored) => {
                    return Err(Finding::new(stored.path, "the sealed and the raw form of the segment differ").into());
                }
                Some(_) => (),
                None => found = Some(stored),
            }
        }
        Ok(found.ok_or_else(|| Finding::new(path(first, Form::Raw), "the segment is missing"))?)
    }

    fn of(first: u64, (form, bytes): (Form, Vec<u8>), sealed: &mut BTreeMap<u64, SealedFile>) -> Result<Self, Failure> {
        let path = path(first, form);
        if form == Form::Raw {
            return Ok(Self { path, first, raw: bytes });
        }
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let raw = unpack(&path, &bytes)?;
        sealed.insert(first, SealedFile { path: path.clone(), bytes: bytes.len() as u64, sha256, end: first });
        Ok(Self { path, first, raw })
    }

    /// Reports whether two forms hold the same frames; the raw one may have a zero tail.
    fn begins_alike(&self, other: &Self) -> bool {
        let shared = self.raw.len().min(other.raw.len());
        let rest = [&self.raw[shared..], &other.raw[shared..]];
        self.raw[..shared] == other.raw[..shared] && rest.iter().all(|rest| rest.iter().all(|byte| *byte == 0))
    }

    fn parse(&self, origin: &Origin, whole_until: Option<EntryIndex>) -> Result<Vec<&[u8]>, Failure> {
        match segment::parse(&self.raw) {
            Ok(segment) => {
                if segment.header != segment::Header::new(origin, EntryIndex(self.first)) {
                    let what = "the segment belongs to another log or place";
                    return Err(Finding::new(&self.path, what).at(0).entry(EntryIndex(self.first)).into());
                }
                Ok(segment.entries)
            }
            Err(error) => {
                let before = segment::parse(&self.raw[..error.at as usize]).map(|segment| segment.entries);
                let before = before.unwrap_or_default();
                let index = EntryIndex(self.first + before.len() as u64);
                if whole_until.is_some_and(|whole| index >= whole) {
                    return Ok(before);
                }
                Err(Finding::new(&self.path, error.what).at(error.at).entry(index).into())
            }
        }
    }
}

fn path(first: u64, form: Form) -> String {
    format!("{}/{}", segment::DIRECTORY, segment::file_name(EntryIndex(first), form))
}

/// Unpacks a sealed file and says which run is damaged.
fn unpack(path: &str, stored: &[u8]) -> Result<Vec<u8>, Failure> {
    let footer_at = stored.len().saturating_sub(Table::FOOTER);
    let wrong = |at: usize, what: &str| Failure::from(Finding::new(path, what).at(at as u64));
    let table_bytes = Table::length(&stored[footer_at..]).map_err(|error| wrong(footer_at, &error.to_string()))?;
    let table_at =
        stored.len().checked_sub(table_bytes).ok_or_else(|| wrong(footer_at, "the seek table is too long"))?;
    let table = Table::decode(&stored[table_at..]).map_err(|error| wrong(table_at, &error.to_string()))?;
    if table.end() != table_at as u64 {
        return Err(wrong(table_at, "the runs do not fill the file"));
    }
    let mut raw = Vec::new();
    for (at, length, raw_length) in table.runs() {
        let at = at as usize;
        let run = unpack_run(&stored[at..at + length as usize]).map_err(|error| wrong(at, &error.to_string()))?;
        if run.len() != raw_length as usize {
            return Err(wrong(at, "a compressed run has another length than the table says"));
        }
        raw.extend_from_slice(&run);
    }
    Ok(raw)
}
