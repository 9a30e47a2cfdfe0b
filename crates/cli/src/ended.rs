//! How a command ended, and what the shell is told: 0 done, 1 answered "no", 2 wrong use or input, 3 failed.

use std::process::ExitCode;

use crate::lang::{Lang, say};

/// How a command that did not fail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Done; or the answer is yes.
    Done,
    /// The answer is no: denied, not verified.
    No,
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

/// Problems of the input that were shown already.
#[derive(Debug)]
pub(crate) struct Shown;

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("problems were found")
    }
}

impl std::error::Error for Shown {}

/// Tells the person and the shell.
pub(crate) fn report(result: anyhow::Result<Ended>, lang: Lang) -> ExitCode {
    match result {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::No) => ExitCode::from(1),
        Err(error) if error.is::<Shown>() => ExitCode::from(2),
        Err(error) => {
            eprintln!("{} {error:#}", say(lang, "error-prefix", &[]));
            ExitCode::from(if error.is::<Wrong>() { 2 } else { 3 })
        }
    }
}
