//! Measures what each page costs when the ledger holds a million records, and that pages say what a plain recount says.
//!
//! `cargo run --release -p console --example bench_console -- DIR [RECORDS] [RUNS]`
//!
//! The ledger is a real one on the disk of DIR, made once and used again. CPU is that of the whole process, all threads,
//! as the kernel counts it; nothing else runs in it while a page is made. Each page is asked for anew every time.

mod cpu;
mod pages;
mod recount;
mod sample;

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use pages::{PAGES, Site};

type Failed = Box<dyn Error + Send + Sync>;

/// What a page may cost, in milliseconds of CPU.
const CPU_MS_MAX: f64 = 100.0;

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let dir = arguments.first().ok_or("which directory?")?;
    let records: u64 = arguments.get(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let runs: usize = arguments.get(2).map_or(Ok(11), |text| text.parse())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    runtime.block_on(measure(Path::new(dir), records, runs))
}

async fn measure(dir: &Path, records: u64, runs: usize) -> Result<(), Failed> {
    let site = Site::open(dir).await?;
    sample::fill(&site.log, records).await?;
    let before = (Instant::now(), cpu::ms()?, cpu::resident_mb()?);
    let cookie = site.enter().await?;
    site.caught_up(&cookie).await?;
    let (cpu, memory) = (cpu::ms()? - before.1, cpu::resident_mb()? - before.2);
    println!(
        "{} entries read from the start in {:.1} s, {:.0} ms of CPU, {memory:.0} MB of memory\n",
        site.log.head().durable.0,
        before.0.elapsed().as_secs_f64(),
        cpu
    );
    println!("| page | CPU ms, median (least–most) of {runs} | ≤ {CPU_MS_MAX} | kB |");
    println!("|---|---|---|---|");
    let (mut holds, (request, entry)) = (true, site.some_request(&cookie).await?);
    for page in PAGES {
        let page = &page.replace("/@", &format!("/{request}")).replace("/#", &format!("/{entry}"));
        let (mut taken, mut bytes) = (Vec::with_capacity(runs), 0);
        // The first is not counted: it makes what the process makes once.
        for run in 0..=runs {
            let begun = cpu::ms()?;
            bytes = site.get(page, &cookie).await?.len();
            if run > 0 {
                taken.push(cpu::ms()? - begun);
            }
        }
        taken.sort_by(f64::total_cmp);
        let (median, least, most) = (taken[runs / 2], taken[0], taken[runs - 1]);
        let within = median <= CPU_MS_MAX;
        holds &= within;
        let said = if within { "holds" } else { "FAILS" };
        println!("| `{page}` | {median:.1} ({least:.1}–{most:.1}) | {said} | {} |", bytes / 1_000);
    }
    recount::compare(&site, &cookie).await?;
    site.log.close().await?;
    if holds { Ok(()) } else { Err("a page costs more than it may".into()) }
}
