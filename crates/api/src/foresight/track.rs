//! The track record: forecasts that were frozen in the data directory, what the ledger says of them, and what happened.

use std::path::{Path, PathBuf};

use forecast::record::{Frozen, Resolved, Scores, scores, sha256};
use jiff::civil::Date;
use realm::load::Diagnostic;
use realm::regular;

use super::files::{MODELS, RESOLVED};
use crate::desk::Desk;
use crate::trouble::Trouble;

/// The folder of the data directory.
const FROZEN: &str = "forecasts";
/// Files that are looked at.
const FILES_MAX: usize = 1_000;
/// Bytes of one.
const BYTES_MAX: u64 = 4 << 20;

/// What was said, and how it fared.
pub struct Track {
    /// Frozen forecasts by hash, the youngest day first, each with its entry in the ledger where the last changes hold it.
    pub frozen: Vec<(String, Frozen, Option<u64>)>,
    /// Files that are not what their names say.
    pub changed: Vec<String>,
    /// How they fared; none while files and ledger differ; or what is wrong with the file that says what happened.
    pub scores: Result<Option<Scores>, Vec<Diagnostic>>,
}

impl Desk<'_> {
    /// Frozen forecasts and how they fared by the realm's `forecast/resolved.toml`.
    ///
    /// # Errors
    /// If the ledger cannot be read, or reading files dies.
    pub async fn track_record(&self) -> Result<Track, Trouble> {
        let (folder, realm, today) = (self.parts.data.join(FROZEN), self.realm_folder(), self.today());
        let mut track = tokio::task::spawn_blocking(move || read(&folder, realm.as_deref(), today)).await?;
        let hashes: Vec<String> = track.frozen.iter().map(|it| format!("sha256 {}", it.0)).collect();
        let known = self.ledger(move |index| {
            let of = |hash: &String| {
                let mut all = index.changes();
                all.find(|(_, it)| it.what == "forecast.freeze" && it.note.as_ref() == Some(hash)).map(|it| it.0)
            };
            hashes.iter().map(of).collect::<Vec<_>>()
        });
        for (it, entry) in track.frozen.iter_mut().zip(known.await?.value) {
            it.2 = entry;
        }
        // Who could put in, or leave out, what suits them would be good at everything.
        if !track.changed.is_empty() || track.frozen.iter().any(|it| it.2.is_none()) {
            track.scores = track.scores.map(|_| None);
        }
        Ok(track)
    }
}

fn read(folder: &Path, realm: Option<&Path>, today: Date) -> Track {
    let (mut frozen, mut changed) = (Vec::new(), Vec::new());
    for path in files(folder) {
        let name = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default().to_owned();
        let bytes = regular::read(&path, BYTES_MAX).unwrap_or_default();
        let sha256 = sha256(&bytes);
        match Frozen::from_bytes(&bytes).filter(|_| name.ends_with(&sha256)) {
            Some(it) => frozen.push((sha256, it, None)),
            None => changed.push(name),
        }
    }
    frozen.sort_by(|a, b| (&b.1.at, &a.1.id, &a.0).cmp(&(&a.1.at, &b.1.id, &b.0)));
    let resolved = realm.map_or(Ok(Vec::new()), |realm| resolved(realm, today));
    let all: Vec<Frozen> = frozen.iter().map(|it| it.1.clone()).collect();
    Track { frozen, changed, scores: resolved.map(|it| Some(scores(&all, &it))) }
}

/// What happened; nothing where the realm has no such file.
fn resolved(realm: &Path, today: Date) -> Result<Vec<Resolved>, Vec<Diagnostic>> {
    let path = realm.join(MODELS).join(format!("{RESOLVED}.toml"));
    let Ok(bytes) = regular::read(&path, BYTES_MAX) else { return Ok(Vec::new()) };
    Resolved::parse(&path, &String::from_utf8_lossy(&bytes), today)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(found) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = found.take(FILES_MAX).filter_map(|it| Some(it.ok()?.path()));
    let mut paths: Vec<PathBuf> = paths.filter(|it| it.extension().is_some_and(|it| it == "json")).collect();
    paths.sort();
    paths
}
