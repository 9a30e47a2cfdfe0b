//! Loading a realm and compiling its rules, with every problem shown.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use policy::Compiled;
use realm::load::{Diagnostic, Lang, Loaded, MESSAGES, Severity, load, render, to_json};
use realm::snapshot::Snapshot;

use crate::clock::now;
use crate::ended::Shown;
use crate::output;
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
    let checked = std::thread::scope(|scope| {
        let work = std::thread::Builder::new().name("realm".to_owned()).stack_size(STACK_BYTES);
        work.spawn_scoped(scope, || check_here(dir)).ok()?.join().ok()
    });
    checked.unwrap_or_else(|| Err(vec![Diagnostic::error("realm.lost", &MESSAGES)]))
}

fn check_here(dir: &Path) -> Result<Checked, Vec<Diagnostic>> {
    let Loaded { snapshot, warnings } = load(dir, &BuiltIn, today())?;
    match policy::compile(&snapshot.world) {
        Ok(compiled) => Ok(Checked { snapshot, compiled: Arc::new(compiled), warnings }),
        Err(problems) => Err(warnings.into_iter().chain(problems).collect()),
    }
}

/// The same, with the problems shown to the person who asked.
pub(crate) fn open(dir: &Path, lang: Lang) -> anyhow::Result<Checked> {
    check(dir).map_err(|problems| {
        eprint!("{}", render(&problems, lang, output::colour()));
        eprintln!("{}", summary(&problems, lang));
        Shown.into()
    })
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
