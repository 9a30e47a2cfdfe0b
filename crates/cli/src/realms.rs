//! Loading a realm and compiling its rules, with every problem shown.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use policy::Compiled;
use realm::SnapshotId;
use realm::load::{Diagnostic, Lang, Loaded, MESSAGES, Severity, load, load_archived, to_json};
use realm::snapshot::Snapshot;
use realm::world::RuleSource;

use crate::clock::now;
use crate::ended::{Problems, wrong};
use crate::lang::path_arg;
use crate::packs::BuiltIn;

/// A realm that may be used, and what somebody should look at nevertheless.
pub(crate) struct Checked {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) compiled: Arc<Compiled>,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// Today in UTC: what "expired" is measured against before the realm's own time zone is known.
pub(crate) fn today() -> Date {
    now().date_in(&jiff::tz::TimeZone::UTC)
}

/// The stack of the thread that checks: a known one, whoever asks. What files may nest is bounded well below it.
const STACK_BYTES: usize = 16 << 20;

/// Reads, checks and compiles; all problems at once. A panic is a problem like any other: a server keeps what it has.
pub(crate) fn check(dir: &Path) -> Result<Checked, Vec<Diagnostic>> {
    aside(|| check_here(dir)).unwrap_or_else(|| Err(vec![Diagnostic::error("realm.lost", &MESSAGES)]))
}

fn check_here(dir: &Path) -> Result<Checked, Vec<Diagnostic>> {
    let Loaded { snapshot, warnings } = load(dir, &BuiltIn, today()).map_err(|mut problems| {
        // What the rules are about is not known, but how they are written can be told in the same run.
        problems.extend(policy::without_world(&rules_in(dir)));
        problems
    })?;
    match policy::compile(&snapshot.world) {
        Ok(compiled) => Ok(Checked { snapshot, compiled: Arc::new(compiled), warnings }),
        Err(problems) => Err(warnings.into_iter().chain(problems).collect()),
    }
}

/// The realm's own rules as far as they can be read; what cannot was said by whoever loaded it.
fn rules_in(dir: &Path) -> Vec<RuleSource> {
    let folder = Path::new("policies");
    let Ok(entries) = std::fs::read_dir(dir.join(folder)) else { return Vec::new() };
    let mut sources = Vec::new();
    for entry in entries.flatten() {
        let path = folder.join(entry.file_name());
        let is_rule = path.extension().is_some_and(|extension| extension == "cedar");
        if is_rule && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let text = std::fs::read_to_string(entry.path());
            sources.extend(text.into_iter().map(|text| RuleSource { path: path.clone(), pack: None, text }));
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// The snapshots beside a ledger, read when somebody asks for one.
pub(crate) struct KeptSnapshots(PathBuf);

impl KeptSnapshots {
    /// Those in a directory.
    pub(crate) fn new(dir: PathBuf) -> Self {
        Self(dir)
    }
}

impl drill::Archive for KeptSnapshots {
    /// One that does not hold what its name stands for is none.
    fn world(&self, id: SnapshotId) -> Option<Arc<Compiled>> {
        let compiled = aside(|| policy::compile(&read_archived(&self.0, id)?.world).ok());
        compiled.flatten().map(Arc::new)
    }
}

/// A snapshot that is kept; none where it is missing or not what its name stands for.
pub(crate) fn archived(snapshots: &Path, id: SnapshotId) -> Option<Arc<Snapshot>> {
    aside(|| read_archived(snapshots, id)).flatten()
}

fn read_archived(snapshots: &Path, id: SnapshotId) -> Option<Arc<Snapshot>> {
    let snapshot = load_archived(&snapshots.join(id.to_string()), today()).ok()?.snapshot;
    (snapshot.id == id).then_some(snapshot)
}

/// Does work on a thread whose stack is known. A panic gives nothing.
pub(crate) fn aside<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("realm".to_owned()).stack_size(STACK_BYTES);
        thread.spawn_scoped(scope, work).ok()?.join().ok()
    })
}

/// The same for a command: a directory that is not there is said in one line, for the name is what is wrong.
pub(crate) fn open(dir: &Path) -> anyhow::Result<Checked> {
    there(dir)?;
    check(dir).map_err(|problems| Problems(problems).into())
}

/// Fails where there is no realm at all, saying how to name or make one.
pub(crate) fn there(dir: &Path) -> anyhow::Result<()> {
    let is_missing = std::fs::metadata(dir).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
    if is_missing { Err(wrong("realm-none", &[path_arg(dir)])) } else { Ok(()) }
}

/// One line of how many problems there are.
pub(crate) fn summary(problems: &[Diagnostic], lang: Lang) -> String {
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    let args = [("errors", errors.to_string()), ("warnings", (problems.len() - errors).to_string())];
    crate::lang::say(lang, "check-summary", &args)
}

/// Problems for programs.
pub(crate) fn json(problems: &[Diagnostic], lang: Lang) -> serde_json::Value {
    to_json(problems, lang)
}
