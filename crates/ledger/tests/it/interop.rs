//! Programs of other authors and languages agree: Go's checksum database code and a Python program without libraries.
//!
//! Needs what `scripts/setup test` installs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ledger::layout::CHECKPOINT;
use ledger::proof::{LeafNodes, inclusion};
use ledger::receipt::Receipt;
use ledger::tree::leaf_hash;
use ledger::{EntryIndex, Hash, export};

use crate::fixture::{Written, log_key};

/// A published log, one of its receipts, and the two programs.
struct Bench {
    dir: tempfile::TempDir,
    go: PathBuf,
}

fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify")
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let go = dir.path().join("verify-go");
        let modules = std::env::var_os("GOPATH").unwrap_or_else(|| "/usr/share/gocode".into());
        let mut build = Command::new("go");
        build.args(["build", "-o"]).arg(&go).arg(tools().join("main.go"));
        build.env("GO111MODULE", "off").env("GOPATH", modules).env("GOCACHE", dir.path().join("cache"));
        assert!(build.status().unwrap().success(), "the Go verifier does not build");
        Self { dir, go }
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("log")
    }

    fn receipt(&self) -> PathBuf {
        self.dir.path().join("entry.tlog-proof")
    }

    /// Reports what each program says, and prints it for whoever reads a failure.
    fn verdicts(&self) -> [bool; 2] {
        let run = |mut command: Command| {
            command.arg(self.log()).arg(log_key().verifier().to_string()).arg(self.receipt());
            let output = command.output().unwrap();
            println!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            output.status.success()
        };
        let mut python = Command::new("python3");
        python.arg(tools().join("verify.py"));
        [run(python), run(Command::new(&self.go))]
    }

    /// Flips a bit in the middle of a file for one pair of verdicts.
    fn verdicts_without(&self, path: &Path) -> [bool; 2] {
        let good = fs::read(path).unwrap();
        let mut bad = good.clone();
        bad[good.len() / 2] ^= 4;
        fs::write(path, bad).unwrap();
        let verdicts = self.verdicts();
        fs::write(path, good).unwrap();
        verdicts
    }
}

#[test]
fn go_and_python_accept_the_log_and_refuse_every_forgery() {
    let bench = Bench::new();
    // Three tile levels, the upper two partial.
    let mut log = Written::with_segments_of(1 << 20);
    log.append(66_000);
    log.core.publish().unwrap();
    let entries: Vec<(EntryIndex, Vec<u8>)> = log.core.scan(EntryIndex(0)).map(Result::unwrap).collect();
    let given = entries.iter().cloned().map(Ok::<_, export::Error>);
    let head = export::published(&bench.log(), log.note(), given).unwrap();
    let leaves: Vec<Hash> = entries.iter().map(|(_, entry)| leaf_hash(entry)).collect();
    let index = EntryIndex(54_321);
    let proof = inclusion(&mut LeafNodes(&leaves), index, head.size).unwrap().unwrap();
    let extra = Some(entries[index.0 as usize].1.clone());
    let receipt = Receipt { extra, index, proof, checkpoint: log.note() };
    fs::write(bench.receipt(), receipt.to_string()).unwrap();

    assert_eq!(bench.verdicts(), [true, true]);
    for forged in [CHECKPOINT, "tile/entries/100", "tile/0/100", "tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"] {
        assert_eq!(bench.verdicts_without(&bench.log().join(forged)), [false, false], "{forged}");
    }
    assert_eq!(bench.verdicts_without(&bench.receipt()), [false, false]);
}

#[test]
fn the_script_runs_both() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Written::new();
    log.append(300);
    log.core.publish().unwrap();
    let entries = log.core.scan(EntryIndex(0)).map(|entry| Ok::<_, export::Error>(entry.unwrap()));
    export::published(&dir.path().join("log"), log.note(), entries).unwrap();
    let mut script = Command::new(tools().join("run.sh"));
    script.arg(dir.path().join("log")).arg(log_key().verifier().to_string());
    let output = script.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("python: ok: log.test/a") && said.contains("go: ok: log.test/a"), "{said}");
}
