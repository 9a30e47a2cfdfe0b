//! What the rooms below say in English, in the language of this run. What is not known here stays as they say it.

use std::error::Error;
use std::io::ErrorKind;

use ledger::note;
use ledger::{AcceptError, checkpoint, proof, receipt};

use crate::lang::{Lang, say};

/// An error with everything that led to it, outermost first.
pub(crate) fn chain(error: &anyhow::Error, lang: Lang) -> String {
    let mut told = String::new();
    for cause in error.chain() {
        let said = words(cause, lang);
        // Some errors repeat what they come from.
        if !told.is_empty() && told.ends_with(&said) {
            continue;
        }
        if !told.is_empty() {
            told.push_str(": ");
        }
        told.push_str(&said);
    }
    told
}

/// One error in the language of this run.
pub(crate) fn words(error: &(dyn Error + 'static), lang: Lang) -> String {
    let known = None
        .or_else(|| error.downcast_ref().map(|error| ledger(error, lang)))
        .or_else(|| error.downcast_ref().map(|error| receipt(error, lang)))
        .or_else(|| error.downcast_ref().map(|error| signed(error, lang)))
        .or_else(|| error.downcast_ref().map(|error| note(error, lang)))
        .or_else(|| error.downcast_ref().map(|error| accept(error, lang)))
        .or_else(|| error.downcast_ref().map(|error| store(error, lang)))
        .or_else(|| error.downcast_ref().map(|error| engine(error, lang)))
        .or_else(|| error.downcast_ref().map(|error| failure(error, lang)))
        .or_else(|| error.downcast_ref().map(|error| io(error, lang)));
    known.unwrap_or_else(|| error.to_string())
}

fn text(value: impl ToString) -> String {
    value.to_string()
}

/// What the system says of a file or a port.
pub(crate) fn io(error: &std::io::Error, lang: Lang) -> String {
    let key = match error.kind() {
        ErrorKind::NotFound => "io-not-found",
        ErrorKind::PermissionDenied => "io-denied",
        ErrorKind::AlreadyExists => "io-exists",
        ErrorKind::AddrInUse => "io-address-in-use",
        ErrorKind::ConnectionRefused => "io-refused",
        ErrorKind::StorageFull => "io-full",
        ErrorKind::IsADirectory => "io-directory",
        _ => return error.to_string(),
    };
    say(lang, key, &[])
}

fn ledger(error: &ledger::Error, lang: Lang) -> String {
    use ledger::Error as Log;
    let (key, args) = match error {
        Log::Unavailable(why) => ("ledger-unavailable", vec![("why", text(why))]),
        Log::Busy => ("ledger-busy", vec![]),
        Log::Closed => ("ledger-closed", vec![]),
        Log::Locked(path) => ("ledger-locked", vec![("path", text(path.display()))]),
        Log::RolledBack { signed, found } => {
            ("ledger-rolled-back", vec![("signed", text(signed)), ("found", text(found))])
        }
        Log::HeadMissing { head, found } => {
            ("ledger-head-missing", vec![("head", text(head.display())), ("found", text(found))])
        }
        Log::Diverged { size, signed, found } => {
            ("ledger-diverged", vec![("size", text(size)), ("signed", text(signed)), ("found", text(found))])
        }
        Log::Damaged { path, at, what } => {
            ("ledger-damaged", vec![("path", text(path.display())), ("at", text(at)), ("what", text(what))])
        }
        Log::NotPublished(index) => ("ledger-not-published", vec![("index", text(index))]),
        Log::Storage { path, source } => return format!("{}: {}", path.display(), io(source, lang)),
        Log::EntryLength { .. } | Log::Reserved | Log::Key(_) => return error.to_string(),
    };
    say(lang, key, &args)
}

fn accept(error: &AcceptError, lang: Lang) -> String {
    let (key, args) = match error {
        AcceptError::Log(error) => return ledger(error, lang),
        AcceptError::NotMissing(path) => ("accept-not-missing", vec![("path", text(path.display()))]),
        AcceptError::NothingSigned(path) => ("accept-nothing-signed", vec![("path", text(path.display()))]),
        AcceptError::OtherSize { found, named } => {
            ("accept-other-size", vec![("found", text(found)), ("named", text(named))])
        }
    };
    say(lang, key, &args)
}

fn receipt(error: &receipt::Error, lang: Lang) -> String {
    let (key, args) = match error {
        receipt::Error::TooLong => ("receipt-too-long", vec![]),
        receipt::Error::Line(line) => ("receipt-line", vec![("line", text(line))]),
        receipt::Error::Checkpoint(error) => return signed(error, lang),
        receipt::Error::Proof(proof::Error::OutOfRange) => ("proof-out-of-range", vec![]),
        receipt::Error::Proof(proof::Error::Length) => ("proof-length", vec![]),
        receipt::Error::Proof(proof::Error::Root) => ("proof-root", vec![]),
        receipt::Error::NoEntry => ("receipt-no-entry", vec![]),
        receipt::Error::OtherEntry => ("receipt-other-entry", vec![]),
    };
    say(lang, key, &args)
}

fn signed(error: &checkpoint::Error, lang: Lang) -> String {
    match error {
        checkpoint::Error::Note(error) => note(error, lang),
        checkpoint::Error::Line(line) => say(lang, "checkpoint-line", &[("line", text(line))]),
        checkpoint::Error::Unsigned(origin) => say(lang, "checkpoint-unsigned", &[("origin", text(origin))]),
    }
}

fn note(error: &note::Error, lang: Lang) -> String {
    let (key, args) = match error {
        note::Error::NoSignatures => ("note-no-signatures", vec![]),
        note::Error::SignatureLine(line) => ("note-signature-line", vec![("line", text(line))]),
        note::Error::BadSignature { name, .. } => ("note-bad-signature", vec![("name", text(name))]),
        note::Error::NoKnownKey => ("note-no-known-key", vec![]),
        _ => return error.to_string(),
    };
    say(lang, key, &args)
}

fn store(error: &store::Error, lang: Lang) -> String {
    use store::Error as Db;
    let (key, args) = match error {
        Db::Open { path, source } => ("store-open", vec![("path", text(path.display())), ("why", text(source))]),
        Db::Migrate(why) => ("store-migrate", vec![("why", text(why))]),
        Db::Query(why) => ("store-query", vec![("why", text(why))]),
        Db::Unreachable(why) => ("store-unreachable", vec![("why", text(why))]),
        Db::Superseded(log) => ("store-superseded", vec![("log", text(log))]),
        Db::Url(_) => ("database-url-wrong", vec![]),
        Db::TooMuchSaid(bytes) => ("store-too-much-said", vec![("bytes", text(bytes))]),
        Db::NotScrubbed => ("store-not-scrubbed", vec![]),
        Db::Content(_) => ("content-no-key", vec![]),
        Db::Random(why) => ("no-randomness", vec![("why", text(why))]),
        Db::NoSuchKey(_) | Db::Corrupt { .. } => return error.to_string(),
    };
    say(lang, key, &args)
}

fn engine(error: &engine::Error, lang: Lang) -> String {
    use engine::Error as Run;
    let (key, args) = match error {
        Run::Model { path, source } => ("engine-model", vec![("path", text(path.display())), ("why", text(source))]),
        Run::Memory(why) => ("engine-memory", vec![("why", text(why))]),
        Run::NotBuilt => ("engine-not-built", vec![]),
        Run::Load(why) => ("engine-load", vec![("why", text(why))]),
        Run::Process(why) | Run::Failed(why) => ("engine-failed", vec![("why", text(why))]),
        Run::NotReady { waited_ms, state } => {
            ("engine-not-ready", vec![("ms", text(waited_ms)), ("state", text(state))])
        }
        Run::OtherHash { file, expected, found } => {
            let args = vec![("file", text(file)), ("expected", text(expected)), ("found", text(found))];
            ("engine-other-hash", args)
        }
        Run::UnknownModel(id) => ("engine-unknown-model", vec![("id", text(id))]),
        Run::Io { what, source } => return format!("{what}: {}", io(source, lang)),
        Run::Processor(_) | Run::Argument(_) => return error.to_string(),
    };
    say(lang, key, &args)
}

fn failure(error: &ledger::verify::Failure, lang: Lang) -> String {
    match error {
        ledger::verify::Failure::Found(found) => finding(found, lang),
        ledger::verify::Failure::Io { path, source } => format!("{path}: {}", io(source, lang)),
    }
}

/// Where a log does not hold, and why.
pub(crate) fn finding(found: &ledger::verify::Finding, lang: Lang) -> String {
    let mut place = found.path.clone();
    if let Some(at) = found.byte_offset {
        place.push_str(&say(lang, "finding-byte", &[("at", text(at))]));
    }
    if let Some(index) = found.index {
        place.push_str(&say(lang, "finding-entry", &[("index", text(index))]));
    }
    format!("{place}: {}", what(&found.what, lang))
}

/// The ledger's own words for what is wrong at a place, where they are always the same.
fn what(text: &str, lang: Lang) -> String {
    let key = match text {
        "the file is missing" => "found-file-missing",
        "the tile is missing" => "found-tile-missing",
        "the bundle is missing" => "found-bundle-missing",
        "the segment is missing" => "found-segment-missing",
        "this file does not belong to a log" => "found-not-of-a-log",
        "this file does not belong to a published log" => "found-not-of-a-published-log",
        "the tile lies beyond the entries of the log" => "found-tile-beyond",
        "the bundle lies beyond the checkpoint" => "found-bundle-beyond",
        "the sealed and the raw form of the segment differ" => "found-forms-differ",
        _ => return text.to_owned(),
    };
    say(lang, key, &[])
}
