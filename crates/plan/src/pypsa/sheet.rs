//! One folder of PyPSA's CSV files: components with the defaults that PyPSA leaves out, and series by snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const BYTES_MAX: u64 = 2 << 30;

/// Something that a case cannot say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The file.
    pub file: String,
    /// Line from 1; 0: the file as a whole.
    pub line: usize,
    /// The component's name.
    pub name: String,
    /// The field, and why, as a word that never changes.
    pub field: String,
    /// The value that was found.
    pub found: String,
}

/// A component as written.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) file: String,
    pub(super) line: usize,
    fields: BTreeMap<String, String>,
}

pub(super) struct Folder {
    dir: PathBuf,
    pub(super) refused: Vec<Refused>,
    ids: BTreeMap<String, String>,
}

impl Folder {
    pub(super) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), refused: Vec::new(), ids: BTreeMap::new() }
    }

    pub(super) fn refuse(&mut self, row: &Row, field: &str, found: impl ToString) {
        let (file, line, name) = (row.file.clone(), row.line, row.name.clone());
        self.refused.push(Refused { file, line, name, field: field.to_owned(), found: found.to_string() });
    }

    fn text(&mut self, file: &str) -> Option<String> {
        let path = self.dir.join(file);
        if !path.exists() {
            return None;
        }
        let read = realm::regular::read(&path, BYTES_MAX).map_err(|error| error.to_string());
        match read.and_then(|bytes| String::from_utf8(bytes).map_err(|error| error.to_string())) {
            Ok(text) => Some(text),
            Err(found) => {
                let (file, name, field) = (file.to_owned(), String::new(), "unreadable".to_owned());
                self.refused.push(Refused { file, line: 0, name, field, found });
                None
            }
        }
    }

    /// Rows of a file; none where PyPSA wrote no such file. The first column is the name.
    pub(super) fn rows(&mut self, file: &str) -> Vec<Row> {
        let Some(text) = self.text(file) else { return Vec::new() };
        let mut lines = text.lines();
        let header = cells(lines.next().unwrap_or_default());
        let mut rows = Vec::new();
        for (at, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
            let cells = cells(line);
            let name = cells.first().cloned().unwrap_or_default();
            let row = Row {
                name,
                file: file.to_owned(),
                line: at + 2,
                fields: header.iter().cloned().zip(cells.iter().cloned()).collect(),
            };
            if cells.len() != header.len() {
                self.refuse(&row, "cells", cells.len());
                continue;
            }
            rows.push(row);
        }
        rows
    }

    /// A table of series as it stands: header and rows of cells.
    pub(super) fn table(&mut self, file: &str) -> Option<(Vec<String>, Vec<Vec<String>>)> {
        let text = self.text(file)?;
        let mut lines = text.lines().filter(|line| !line.is_empty());
        let header = cells(lines.next()?);
        Some((header, lines.map(cells).collect()))
    }

    /// Files of this folder.
    pub(super) fn files(&self) -> BTreeSet<String> {
        let entries = std::fs::read_dir(&self.dir).into_iter().flatten().flatten();
        entries.map(|it| it.file_name().to_string_lossy().into_owned()).collect()
    }

    /// An id of ours for a name of theirs: the same for the same name, another for another.
    pub(super) fn id(&mut self, kind: &str, name: &str) -> String {
        let key = format!("{kind}\0{name}");
        if let Some(id) = self.ids.get(&key) {
            return id.clone();
        }
        let plain: String = name
            .chars()
            .map(|it| it.to_ascii_lowercase())
            .map(|it| if it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_' { it } else { '-' })
            .collect();
        let plain = plain.trim_start_matches(['-', '_']).to_owned();
        let plain = if plain.is_empty() { "x".to_owned() } else { plain };
        let taken = |id: &str| self.ids.iter().any(|(key, it)| key.starts_with(&format!("{kind}\0")) && it == id);
        let mut id = plain.clone();
        let mut next = 2;
        while taken(&id) {
            id = format!("{plain}-{next}");
            next += 1;
        }
        self.ids.insert(key, id.clone());
        id
    }
}

impl Row {
    pub(super) fn text(&self, field: &str) -> &str {
        self.fields.get(field).map_or("", |it| it.as_str())
    }

    pub(super) fn flag(&self, field: &str) -> bool {
        matches!(self.text(field), "True" | "true" | "1" | "1.0")
    }

    /// A number, or PyPSA's default where it is left out; infinities and NaN as PyPSA writes them.
    pub(super) fn number(&self, folder: &mut Folder, field: &str, default: f64) -> f64 {
        match self.text(field) {
            "" => default,
            text => text.parse().unwrap_or_else(|_| {
                folder.refuse(self, field, text);
                default
            }),
        }
    }

    /// Fields that are written and hold something.
    pub(super) fn written(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().filter(|(_, value)| !value.is_empty()).map(|(field, value)| (field.as_str(), value.as_str()))
    }
}

/// Cells of a line; quotes as Python's csv writes them.
fn cells(line: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.trim_end_matches('\r').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                if let Some(last) = found.last_mut() {
                    last.push('"');
                }
            }
            '"' => quoted = !quoted,
            ',' if !quoted => found.push(String::new()),
            other => {
                if let Some(last) = found.last_mut() {
                    last.push(other);
                }
            }
        }
    }
    found
}
