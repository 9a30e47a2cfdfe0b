//! No byte of a log's directory, and no file of it, can change unnoticed; and the finding says where.

use std::fs;
use std::path::Path;

use ledger::layout::{self, TileId};
use ledger::verify::{self, Failure, Finding, Report};

use crate::fixture::{Written, finding, options};

/// A log with sealed and raw segments, a full tile, partial tiles of two sizes, and a zero tail.
fn log() -> Written {
    let mut log = Written::new();
    log.append(200);
    log.core.publish().unwrap();
    log.append(130);
    log.core.publish().unwrap();
    while log.core.seal().unwrap() {}
    log.core.publish().unwrap();
    log
}

fn with_bytes(path: &Path, bytes: &[u8], check: impl FnOnce() -> Result<Report, Failure>) -> Result<Report, Failure> {
    let good = fs::read(path).unwrap();
    fs::write(path, bytes).unwrap();
    let result = check();
    fs::write(path, good).unwrap();
    result
}

/// What a finding about a flipped byte must say.
fn assert_says_where(finding: &Finding, file: &str, at: usize, size: usize) {
    assert_eq!(finding.path, file, "flipped byte {at} of {file}: {finding}");
    if TileId::parse(file).is_some() {
        assert_eq!(finding.byte_offset, Some(at as u64), "{finding}");
        assert!(finding.index.is_some(), "{finding}");
    } else if file.ends_with(".log") {
        let offset = finding.byte_offset.unwrap() as usize;
        assert!(offset <= at && at < size, "byte {at}: {finding}");
        assert!(finding.index.is_some(), "{finding}");
    }
}

#[test]
fn every_flipped_byte_is_found_where_it_is() {
    let log = log();
    let report = log.verify().unwrap();
    assert!(report.size.0 > 330 && report.uncovered == 0, "{report:?}");
    let files = log.files();
    assert_eq!(report.files as usize, files.len());
    for kind in ["checkpoint", ".log", ".zst", "tile/0/000", "tile/0/001.p/", "tile/1/000.p/1"] {
        assert!(files.iter().any(|file| file == kind || file.ends_with(kind) || file.starts_with(kind)), "{kind}");
    }
    let mut flips = 0;
    for (n, file) in files.iter().enumerate() {
        let path = log.dir().join(file);
        let good = fs::read(&path).unwrap();
        // Every byte of small files; of larger ones every seventh, another residue in each file, and the ends.
        let stride = if good.len() <= 512 { 1 } else { 7 };
        let strided = (n % stride..good.len()).step_by(stride);
        for at in strided.chain(good.len() - 16..good.len()) {
            let mut bad = good.clone();
            bad[at] ^= 1 << (at % 8);
            let found = finding(with_bytes(&path, &bad, || log.verify()));
            assert_says_where(&found, file, at, good.len());
            flips += 1;
        }
    }
    assert!(flips > 2000, "{flips}");
    assert_eq!(log.verify().unwrap(), report);
}

#[test]
fn every_cut_lengthened_removed_or_added_file_is_found() {
    let log = log();
    let size = log.verify().unwrap().size;
    for file in log.files() {
        let path = log.dir().join(&file);
        let good = fs::read(&path).unwrap();
        let zero_tail = file.ends_with(".log");
        let shorter = with_bytes(&path, &good[..good.len() - 1], || log.verify());
        let longer = with_bytes(&path, &[good.as_slice(), &[0]].concat(), || log.verify());
        // A zero more or less in a raw segment's unwritten rest says nothing; every other length is fixed.
        for result in [shorter, longer] {
            assert!(if zero_tail { result.is_ok() } else { finding(result).path == file }, "{file}");
        }
        assert!(with_bytes(&path, &[good.as_slice(), b"x"].concat(), || log.verify()).is_err(), "{file}");
        fs::remove_file(&path).unwrap();
        let removed = log.verify();
        let older = TileId::parse(&file).is_some_and(|id| !id.is_full() && !layout::tiles(size).any(|now| now == id));
        if older {
            removed.expect("partial tiles of earlier checkpoints may go");
        } else {
            let found = finding(removed);
            assert!(found.path == file || file.starts_with("segments/"), "{file}: {found}");
        }
        fs::write(&path, good).unwrap();
    }
    for stray in
        ["x", "tile/0/002", "tile/0/001.p/255", "tile/5/000.p/1", "segments/x", "segments/1.log", "tile/entries/000"]
    {
        let path = log.dir().join(stray);
        fs::write(&path, b"")
            .or_else(|_| fs::create_dir_all(path.parent().unwrap()).and_then(|()| fs::write(&path, b"")))
            .unwrap();
        assert_eq!(finding(log.verify()).path, stray);
        fs::remove_file(&path).unwrap();
        let _ = fs::remove_dir(path.parent().unwrap());
    }
    std::os::unix::fs::symlink("/dev/zero", log.dir().join("link")).unwrap();
    assert_eq!(finding(log.verify()).path, "link");
    fs::remove_file(log.dir().join("link")).unwrap();
    log.verify().unwrap();
}

#[test]
fn a_forged_entry_with_a_right_checksum_is_found() {
    let mut log = Written::new();
    log.append(40);
    log.core.publish().unwrap();
    let file = log.files().into_iter().find(|file| file.ends_with(".log")).unwrap();
    let path = log.dir().join(&file);
    let good = fs::read(&path).unwrap();
    let parsed = ledger::segment::parse(&good).unwrap();
    let (header, target) = (parsed.header, parsed.entries[17].as_ptr() as usize - good.as_ptr() as usize);
    let (start, length) = (target - ledger::frame::HEADER, ledger::frame::length(parsed.entries[17].len()));
    let mut bad = good.clone();
    bad[target] ^= 1;
    let frame = &mut bad[start..start + length];
    let back = u32::from_le_bytes(frame[16..20].try_into().unwrap());
    ledger::frame::finish(frame, header.seed(), 17, back);
    assert!(ledger::segment::parse(&bad).is_ok(), "the forged segment is well formed");
    let found = finding(with_bytes(&path, &bad, || log.verify()));
    assert_eq!(found.index.map(|index| index.0), Some(17), "{found}");
}

#[test]
fn what_lies_beyond_the_checkpoint_may_be_torn_only_in_a_live_log() {
    let mut log = Written::new();
    log.append(20);
    log.core.publish().unwrap();
    log.append(9);
    let report = log.verify().unwrap();
    assert_eq!(report.uncovered, 9);
    let file = log.files().into_iter().find(|file| file.ends_with(".log")).unwrap();
    let path = log.dir().join(&file);
    let mut bytes = fs::read(&path).unwrap();
    let last =
        ledger::segment::parse(&bytes).unwrap().entries.last().unwrap().as_ptr() as usize - bytes.as_ptr() as usize;
    bytes[last] ^= 1;
    let live = || verify::log_dir(&log.dir(), &ledger::verify::Options { live: true, ..options() });
    assert_eq!(live().unwrap().uncovered, 9);
    assert_eq!(finding(with_bytes(&path, &bytes, || log.verify())).path, file);
    let torn = with_bytes(&path, &bytes, live).unwrap();
    assert_eq!((torn.size, torn.uncovered), (report.size, 8));
    // The next publication has begun: its tiles are half written.
    let next = log.dir().join("tile/0/000.p/30");
    fs::write(&next, [0; 40]).unwrap();
    assert_eq!(live().unwrap().size, report.size);
    assert_eq!(finding(log.verify()).path, "tile/0/000.p/30");
    fs::remove_file(next).unwrap();
    let covered = ledger::segment::parse(&fs::read(&path).unwrap()).unwrap().entries.len() - 12;
    let mut bytes = fs::read(&path).unwrap();
    let early = ledger::segment::parse(&bytes).unwrap().entries[covered].as_ptr() as usize - bytes.as_ptr() as usize;
    bytes[early] ^= 1;
    assert_eq!(finding(with_bytes(&path, &bytes, live)).path, file);
}

#[test]
fn a_directory_that_no_log_has_is_found_even_if_it_is_empty() {
    let log = log();
    for name in ["notes", "segments/more", "tile/notes", "tile/0/x001y"] {
        let path = log.dir().join(name);
        fs::create_dir_all(&path).unwrap();
        let found = finding(verify::log_dir(&log.dir(), &options()));
        assert_eq!(found.path, name, "{found}");
        fs::remove_dir(&path).unwrap();
    }
}
