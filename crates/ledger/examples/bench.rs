//! Measures the log beside raw group commit on the same disk in the same run, and recovery of a large log.
//!
//! `cargo run --release -p ledger --example bench -- append DIR [SECONDS] [PAIRS] [IN_FLIGHT]`
//! `cargo run --release -p ledger --example bench -- recover DIR [ENTRIES]`
//!
//! Raw group commit is what any log must do: the same queue, one writer, one write and one `fdatasync` per batch into a
//! zero-filled file, entries framed by length and checksum; no tree, no signature, no tiles, no compression.

use std::error::Error;
use std::fs::File;
use std::future::Future;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use ledger::storage::Disk;
use ledger::{Core, KeySource, Log, Options, Origin};

const ENTRY_BYTES: usize = 500;
const IN_FLIGHT: [usize; 3] = [1, 32, 512];

type Failed = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: f64| arguments.get(at).map_or(Ok(default), |text| text.parse());
    let dir = arguments.get(1).ok_or("which directory?")?;
    match arguments[0].as_str() {
        "append" => append(Path::new(dir), number(2, 1.0)?, number(3, 9.0)? as usize, number(4, 0.0)? as usize),
        "recover" => recover(tempfile::tempdir_in(dir)?.path(), number(2, 1e6)? as u64),
        other => Err(format!("no measurement is named {other}").into()),
    }
}

// === append ===

/// What one run of one kind gave.
#[derive(Default)]
struct Run {
    records_per_s: f64,
    /// User and system time per record, callers included, in microseconds.
    cpu_us: f64,
    /// Records that went to the disk together, on average.
    per_flush: f64,
    /// What each append took, in microseconds.
    taken_us: Vec<u64>,
}

fn append(dir: &Path, seconds: f64, pairs: usize, in_flight: usize) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    println!(
        "| in flight | raw records/s | log records/s | log / raw, median | least to most | raw CPU us | log CPU us | log records/flush | log p50 ms | log p99 ms |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for in_flight in IN_FLIGHT.into_iter().filter(|known| in_flight == 0 || *known == in_flight) {
        // Files removed between two runs slow down the making of the next ones, so they stay until the end.
        let scratch = tempfile::tempdir_in(dir)?;
        let (mut raws, mut logs) = (Vec::new(), Vec::new());
        for pair in 0..pairs {
            // Each order as often: whoever comes second finds another disk.
            for turn in 0..2 {
                let place = scratch.path().join(format!("{pair}-{turn}"));
                std::fs::create_dir(&place)?;
                if (turn + pair) % 2 == 0 {
                    raws.push(run_raw(&runtime, &place, in_flight, seconds)?);
                } else {
                    logs.push(run_log(&runtime, &place, in_flight, seconds)?);
                }
            }
        }
        row(in_flight, &raws, &logs);
    }
    Ok(())
}

fn row(in_flight: usize, raws: &[Run], logs: &[Run]) {
    let sorted = |values: &mut dyn Iterator<Item = f64>| {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let median = |runs: &[Run], what: fn(&Run) -> f64| sorted(&mut runs.iter().map(what))[runs.len() / 2];
    let ratios = sorted(&mut raws.iter().zip(logs).map(|(raw, log)| log.records_per_s / raw.records_per_s));
    let taken_ms = sorted(&mut logs.iter().flat_map(|run| &run.taken_us).map(|us| *us as f64 / 1e3));
    let quantile_ms = |q: usize| taken_ms.get(taken_ms.len() * q / 100).copied().unwrap_or_default();
    println!(
        "| {in_flight} | {:.0} | {:.0} | {:.2} | {:.2} to {:.2} | {:.2} | {:.2} | {:.1} | {:.2} | {:.2} |",
        median(raws, |run| run.records_per_s),
        median(logs, |run| run.records_per_s),
        ratios[ratios.len() / 2],
        ratios[0],
        ratios[ratios.len() - 1],
        median(raws, |run| run.cpu_us),
        median(logs, |run| run.cpu_us),
        median(logs, |run| run.per_flush),
        quantile_ms(50),
        quantile_ms(99),
    );
}

/// Keeps `in_flight` callers busy.
async fn drive<F: Future<Output = ()> + Send + 'static>(
    in_flight: usize,
    seconds: f64,
    append: impl Fn() -> F + Clone + Send + Sync + 'static,
) -> Run {
    let (done, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let mut callers = tokio::task::JoinSet::new();
    let (started, cpu_before) = (Instant::now(), cpu_s());
    for _ in 0..in_flight {
        let (append, done, stop) = (append.clone(), Arc::clone(&done), Arc::clone(&stop));
        callers.spawn(async move {
            let mut taken_us = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let began = Instant::now();
                append().await;
                taken_us.push(began.elapsed().as_micros() as u64);
                done.fetch_add(1, Ordering::Relaxed);
            }
            taken_us
        });
    }
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    let records = done.load(Ordering::Relaxed) as f64;
    let (records_per_s, cpu_us) = (records / started.elapsed().as_secs_f64(), (cpu_s() - cpu_before) * 1e6 / records);
    stop.store(true, Ordering::Relaxed);
    Run { records_per_s, cpu_us, per_flush: 0.0, taken_us: callers.join_all().await.into_iter().flatten().collect() }
}

fn options(dir: &Path) -> Result<Options, Failed> {
    Ok(Options::new(dir, "bench", Origin::new("bench.example/log")?))
}

fn run_log(runtime: &tokio::runtime::Runtime, dir: &Path, in_flight: usize, seconds: f64) -> Result<Run, Failed> {
    let key = KeySource::Stored { seed_if_new: [1; 32] };
    let (log, _) = Log::open(Arc::new(Disk), options(dir)?, key, Arc::new(|| 0))?;
    runtime.block_on(async {
        let (entry, handle) = (entry(), log.clone());
        let append = move || {
            let (log, entry) = (handle.clone(), entry.clone());
            async move {
                log.append(&entry).await.expect("the disk of a benchmark works");
            }
        };
        let (before, mut measured) = (log.health(), drive(in_flight, seconds, append).await);
        log.close().await?;
        let after = log.health();
        let flushes = after.fdatasync_us.count - before.fdatasync_us.count;
        measured.per_flush = (after.durable.0 - before.durable.0) as f64 / flushes.max(1) as f64;
        Ok(measured)
    })
}

/// An entry like a record: text that compresses like one.
fn entry() -> Arc<[u8]> {
    let tail: String = (0..ENTRY_BYTES - 40).map(|n| char::from(b'a' + (n * n % 26) as u8)).collect();
    let mut entry = format!(r#"{{"v":1,"t":"outcome","x":"{tail}"}}"#).into_bytes();
    entry.resize(ENTRY_BYTES, b' ');
    entry.into()
}

// === raw group commit ===

const RAW_FILE_BYTES: usize = 128 << 20;

#[derive(Default)]
struct Raw {
    state: Mutex<RawState>,
    wake: Condvar,
}

#[derive(Default)]
struct RawState {
    bytes: Vec<u8>,
    group: Arc<RawGroup>,
    asleep: bool,
    closing: bool,
}

#[derive(Default)]
struct RawGroup {
    done: AtomicBool,
    wakers: Mutex<Vec<Waker>>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().expect("no thread of a benchmark panics with a lock")
}

impl Raw {
    fn push(&self, entry: &[u8], waker: &Waker) -> (Arc<RawGroup>, usize) {
        let mut state = lock(&self.state);
        let length = entry.len() as u32;
        state.bytes.extend_from_slice(&length.to_le_bytes());
        state.bytes.extend_from_slice(&crc32c::crc32c(entry).to_le_bytes());
        state.bytes.extend_from_slice(entry);
        let group = Arc::clone(&state.group);
        let mut wakers = lock(&group.wakers);
        wakers.push(waker.clone());
        let number = wakers.len() - 1;
        drop(wakers);
        if std::mem::take(&mut state.asleep) {
            self.wake.notify_all();
        }
        (group, number)
    }

    async fn append(&self, entry: &[u8]) {
        let mut pushed: Option<(Arc<RawGroup>, usize)> = None;
        std::future::poll_fn(|context| {
            let Some((group, number)) = &pushed else {
                pushed = Some(self.push(entry, context.waker()));
                return Poll::Pending;
            };
            let mut wakers = lock(&group.wakers);
            if group.done.load(Ordering::Acquire) {
                return Poll::Ready(());
            }
            wakers[*number].clone_from(context.waker());
            Poll::Pending
        })
        .await;
    }

    fn commit(&self, file: &File) {
        let (mut bytes, mut at) = (Vec::new(), 0);
        loop {
            let mut state = lock(&self.state);
            while state.bytes.is_empty() {
                if state.closing {
                    return;
                }
                state.asleep = true;
                state = self.wake.wait(state).expect("no thread of a benchmark panics with a lock");
            }
            std::mem::swap(&mut state.bytes, &mut bytes);
            let group = std::mem::take(&mut state.group);
            drop(state);
            if at + bytes.len() > RAW_FILE_BYTES {
                at = 0;
            }
            file.write_all_at(&bytes, at as u64).expect("the disk of a benchmark works");
            file.sync_data().expect("the disk of a benchmark works");
            at += bytes.len();
            bytes.clear();
            group.done.store(true, Ordering::Release);
            let wakers = std::mem::take(&mut *lock(&group.wakers));
            wakers.into_iter().for_each(Waker::wake);
        }
    }
}

fn run_raw(runtime: &tokio::runtime::Runtime, dir: &Path, in_flight: usize, seconds: f64) -> Result<Run, Failed> {
    let file = File::options().create_new(true).read(true).write(true).open(dir.join("raw"))?;
    file.write_all_at(&vec![0; RAW_FILE_BYTES], 0)?;
    file.sync_all()?;
    let raw = Arc::new(Raw::default());
    std::thread::scope(|scope| {
        scope.spawn(|| raw.commit(&file));
        let (entry, handle) = (entry(), Arc::clone(&raw));
        let append = move || {
            let (raw, entry) = (Arc::clone(&handle), Arc::clone(&entry));
            async move { raw.append(&entry).await }
        };
        let run = runtime.block_on(drive(in_flight, seconds, append));
        lock(&raw.state).closing = true;
        raw.wake.notify_all();
        Ok(run)
    })
}

// === recover ===

/// Writes a log, leaves it as a crash does, and measures what opening it costs.
fn recover(dir: &Path, entries: u64) -> Result<(), Failed> {
    let open = || -> Result<_, Failed> {
        let key = KeySource::Stored { seed_if_new: [1; 32] };
        Ok(Core::open(Arc::new(Disk), options(dir)?, key, Arc::new(|| 0))?)
    };
    let (mut core, _) = open()?;
    let entry = entry();
    let batch = vec![&*entry; 500];
    for number in 0..entries / 500 {
        core.append(&batch)?;
        // The last second's worth stays unpublished, as when the power goes.
        if number % 100 == 0 && number * 500 + 50_000 < entries {
            core.publish()?;
        }
    }
    drop(core);
    for what in ["with an unpublished end", "clean"] {
        let (started, cpu) = (Instant::now(), cpu_s());
        let (core, report) = open()?;
        let unpublished = report.size.0 - report.signed.0;
        println!(
            "recovery of {} entries, {what} ({unpublished} unpublished): {:.2} CPU s, {:.2} s",
            core.size(),
            cpu_s() - cpu,
            started.elapsed().as_secs_f64(),
        );
    }
    // Worst case: every tile of the right edge is gone.
    std::fs::remove_dir_all(dir.join("ledger/bench/tile"))?;
    let (started, cpu) = (Instant::now(), cpu_s());
    let (core, report) = open()?;
    let (cpu_s, wall_s) = (cpu_s() - cpu, started.elapsed().as_secs_f64());
    assert!(report.rebuilt_tiles, "removed tiles were not missed");
    println!("recovery of {} entries without any tile: {cpu_s:.2} CPU s, {wall_s:.2} s", core.size());
    Ok(())
}

/// User and system time of this process so far, from `/proc`, in ticks of 10 ms.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks =
        |n: usize| after_name.split_whitespace().nth(n).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}
