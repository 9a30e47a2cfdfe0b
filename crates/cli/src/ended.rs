//! How a command ended, and what the shell is told: 0 done, 1 answered "no", 2 wrong use or input, 3 failed,
//! 4 could not tell.

use std::path::Path;
use std::process::ExitCode;

use realm::load::{Diagnostic, render};
use serde_json::{Value, json};

use crate::foreign;
use crate::lang::{Lang, of_environment, path_arg, say, tell};
use crate::{output, realms};

/// How a command that did not fail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Done; or the answer is yes.
    Done,
    /// The answer is no: denied, not verified.
    No,
    /// Neither yes nor no: what would tell is not here, or gave up.
    Untold,
}

/// Wrong use or input: the message says what to do about it.
#[derive(Debug)]
pub(crate) struct Wrong(pub(crate) String);

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

/// Wrong use or input, in the language of this run.
pub(crate) fn wrong(key: &str, args: &[(&'static str, String)]) -> anyhow::Error {
    Wrong(tell(key, args)).into()
}

/// A file that somebody named and that cannot be read.
pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> anyhow::Error {
    let why = foreign::io(error, of_environment());
    wrong("cannot-read-why", &[path_arg(path), ("why", why)])
}

/// A realm that cannot be used.
#[derive(Debug)]
pub(crate) struct Problems(pub(crate) Vec<Diagnostic>);

impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&tell("realm-problems", &[]))
    }
}

impl std::error::Error for Problems {}

/// Problems of the input that were shown already.
#[derive(Debug)]
pub(crate) struct Shown;

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&tell("realm-problems", &[]))
    }
}

impl std::error::Error for Shown {}

/// Tells the person, the program that asked for JSON, and the shell.
pub(crate) fn report(result: anyhow::Result<Ended>, as_json: bool, lang: Lang) -> ExitCode {
    let error = match result {
        Ok(Ended::Done) => return ExitCode::SUCCESS,
        Ok(Ended::No) => return ExitCode::from(1),
        Ok(Ended::Untold) => return ExitCode::from(4),
        Err(error) => error,
    };
    let problems = error.downcast_ref::<Problems>();
    let is_use = error.is::<Wrong>() || error.is::<Shown>() || problems.is_some();
    let message = foreign::chain(&error, lang);
    if let Some(Problems(problems)) = problems {
        eprint!("{}", render(problems, lang, output::colour()));
        eprintln!("{}", realms::summary(problems, lang));
    } else if !error.is::<Shown>() {
        eprintln!("{} {message}", say(lang, "error-prefix", &[]));
    }
    if as_json && !error.is::<Shown>() {
        let problems = problems.map(|Problems(problems)| realms::json(problems, lang));
        // A program that cannot be told still reads the exit status.
        let _ = output::json(&json!({ "error": of(is_use, &message, problems) }));
    }
    ExitCode::from(if is_use { 2 } else { 3 })
}

fn of(is_use: bool, message: &str, problems: Option<Value>) -> Value {
    let mut error = json!({ "kind": if is_use { "usage" } else { "failure" }, "message": message });
    if let Some(problems) = problems {
        error["problems"] = problems;
    }
    error
}
