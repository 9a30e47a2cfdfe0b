use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Result;
use serde_json::json;
use store::content::people::Hand;
use store::content::seal::Identity;

use super::Run;
use crate::args::KeygenArgs;
use crate::ended::{Ended, wrong};
use crate::foreign;
use crate::lang::{path_arg, say};
use crate::output;

/// Makes a private key into a new file that its owner alone can read, and says the public one.
pub(super) fn run(run: &Run, args: &KeygenArgs) -> Result<Ended> {
    let (public, private) = if args.person {
        let hand = Hand::generate()?;
        (hand.public(), hand.to_text())
    } else {
        let identity = Identity::generate();
        (identity.public(), identity.to_text())
    };
    write_new(&args.out, private.as_bytes())
        .map_err(|e| wrong("cannot-write-why", &[path_arg(&args.out), ("why", foreign::io(&e, run.lang))]))?;
    if run.json {
        output::json(&json!({ "public": public, "file": args.out }))?;
    } else {
        output::text(&format!("{public}\n"))?;
        let key = if args.person { "content-keygen-person" } else { "content-keygen" };
        eprintln!("{}", say(run.lang, key, &[path_arg(&args.out)]));
    }
    Ok(Ended::Done)
}

/// A key that lies there already is never replaced: what it opens would be lost.
pub(in crate::command) fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
