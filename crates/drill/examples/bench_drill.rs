//! Measures a desk drill over a real ledger: processor time and the most memory held.
//!
//! `cargo run --release -p drill --example bench_drill -- write DIR [RECORDS]`
//! `cargo run --release -p drill --example bench_drill -- replay DIR`
//!
//! The traffic is made by a seeded generator: the apps of the example realm over a year of hours, by their routes, with
//! classes found now and then, answered where the realm's own rules let it go, or refused.

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use drill::{Desk, Reader, Scenario};
use jiff::civil::date;
use ledger::note::{Algorithm, SecretKey};
use ledger::storage::Disk;
use ledger::{Core, KeySource, Options, Origin, system, verify};
use policy::{Asked, Compiled, Memo};
use realm::load::{Lang, SourceSet, check, render};
use realm::record::{Attempt, End, EnergyFigure, Estimate, Intent, Mac, Outcome, Record, Refusal, Timings, Tokens};
use realm::world::{App, Route};
use realm::{ClassSet, DataClass, Nano, RouteId, SnapshotId, UnixMs};

const SCENARIO: &str = "title = \"bench\"\n[[cut]]\nparent = \"meridian-group\"\n[[law]]\nrule = \
                        \"strategic-sectors-amendment\"\nfrom = 2020-01-01\n[hypothesis]\nsurvival_share_min = \"0.5\"\n";
/// The first of January 2026.
const BEGIN_MS: u64 = 1_767_225_600_000;
const YEAR_MS: u64 = 365 * 86_400_000;
const BATCH: usize = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let dir = Path::new(arguments.get(1).ok_or("which directory?")?);
    match arguments[0].as_str() {
        "write" => write(dir, arguments.get(2).map_or(Ok(1_000_000), |text| text.parse())?),
        "replay" => replay(dir),
        other => Err(format!("no measurement is named {other}").into()),
    }
}

/// The example realm, compiled.
fn republic() -> Result<(SnapshotId, Arc<Compiled>), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = SourceSet::default();
    for (folder, below) in [
        ("examples/republic", ""),
        ("examples/republic/policies", "policies"),
        ("packs/strategic-sectors", "packs/strategic-sectors"),
    ] {
        for entry in std::fs::read_dir(root.join(folder))? {
            let path = entry?.path();
            if let Some(name) = path.file_name().filter(|_| path.is_file() && !path.ends_with("README.md")) {
                files.insert(Path::new(below).join(name), std::fs::read(&path)?);
            }
        }
    }
    let shown = |problems: Vec<realm::load::Diagnostic>| render(&problems, Lang::En, false);
    let loaded = check(&files, date(2026, 11, 23)).map_err(shown)?;
    let compiled = policy::compile(&loaded.snapshot.world).map_err(shown)?;
    Ok((loaded.snapshot.id, Arc::new(compiled)))
}

fn options(dir: &Path) -> Result<(Options, PathBuf), Box<dyn Error>> {
    let options = Options::new(dir, "bench", Origin::new("bench.test/log")?);
    let log = options.dir.clone();
    Ok((options, log))
}

// === write ===

fn write(dir: &Path, records: u64) -> Result<(), Box<dyn Error>> {
    let (options, _) = options(dir)?;
    let key = SecretKey::from_seed("bench.test/log", Algorithm::Ed25519, &[1; 32])?;
    let clock: ledger::Clock = Arc::new(|| BEGIN_MS);
    let (mut core, _) = Core::open(Arc::new(Disk), options, KeySource::Given(key), clock)?;
    let (snapshot, compiled) = republic()?;
    let mut traffic = Traffic { snapshot, memo: Memo::new(compiled, 1 << 16), chance: 1, written: 0, first: 1 };
    let mut batch: Vec<Vec<u8>> = Vec::with_capacity(BATCH + 2);
    while traffic.written < records {
        traffic.request(records, &mut batch);
        if batch.len() >= BATCH {
            append(&mut core, &mut batch)?;
        }
    }
    append(&mut core, &mut batch)?;
    core.publish()?;
    println!("{} records written", traffic.written);
    Ok(())
}

fn append(core: &mut Core, batch: &mut Vec<Vec<u8>>) -> Result<(), Box<dyn Error>> {
    let entries: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
    core.append(&entries)?;
    batch.clear();
    Ok(())
}

/// Traffic in the making; the index of the first entry is one, for a log begins with an entry of its own.
struct Traffic {
    snapshot: SnapshotId,
    memo: Memo,
    chance: u64,
    written: u64,
    first: u64,
}

impl Traffic {
    fn draw(&mut self, below: u64) -> u64 {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.chance >> 33) % below
    }

    /// The records of one request.
    fn request(&mut self, records: u64, batch: &mut Vec<Vec<u8>>) {
        let compiled = Arc::clone(self.memo.compiled());
        let world = compiled.world();
        let apps: Vec<&App> = world.apps.values().collect();
        let app = apps[self.draw(apps.len() as u64) as usize];
        let routes: Vec<&RouteId> = app.routes.iter().collect();
        let route = &world.routes[routes[self.draw(routes.len() as u64) as usize]];
        let classes = match self.draw(4) {
            0 => ClassSet::of(DataClass::Personal),
            1 => ClassSet::of(DataClass::Internal),
            _ => ClassSet::EMPTY,
        };
        let at = UnixMs(BEGIN_MS + self.written * (YEAR_MS / records.max(1)));
        let req = format!("req-{:016x}", self.written.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let draw = self.draw(1 << 30) << 30;
        let permitted = self.permitted(app, route, (classes, at), draw);
        let about = About { at, req, app, route: &route.id, classes };
        match permitted {
            Some((deployment, redacted)) => {
                let intent = self.intent(&about, &deployment, redacted);
                let outcome = self.outcome(&about, &deployment);
                batch.extend([intent, outcome].map(|record| record.to_bytes()));
                self.written += 2;
            }
            None => {
                batch.push(self.refusal(&about).to_bytes());
                self.written += 1;
            }
        }
    }

    /// The first deployment in a draw's order that the rules let such a request go to, and what is taken out for it.
    fn permitted(&self, app: &App, route: &Route, (classes, at): (ClassSet, UnixMs), draw: u64) -> Option<Way> {
        policy::order(route, draw, |_| 0).into_iter().find_map(|target| {
            let asked = Asked {
                app: &app.id,
                deployment: &target.deployment,
                located: classes,
                diffuse: ClassSet::EMPTY,
                purpose: &app.purposes[0],
                user_jurisdiction: None,
                date: at.date_in(&jiff::tz::TimeZone::UTC),
            };
            let decision = self.memo.decide(&asked);
            decision.is_permit().then(|| (target.deployment.clone(), decision.redact))
        })
    }

    fn intent(&self, about: &About<'_>, deployment: &realm::DeploymentId, redacted: ClassSet) -> Record {
        Record::Intent(Intent {
            at: about.at,
            req: about.req.clone(),
            app: about.app.id.clone(),
            n: 1,
            dep: deployment.clone(),
            route: about.route.clone(),
            purpose: about.app.purposes[0].clone(),
            classes: about.classes,
            redacted,
            undeclared: about.classes.minus(about.app.data_classes),
            located: about.classes,
            user_in: None,
            only: None,
            needs: vec!["stream".to_owned()],
            unknown: Vec::new(),
            oblige: vec!["label-answers".into()],
            exempt: Vec::new(),
            redacted_by: Vec::new(),
            shadow: None,
            snap: self.snapshot,
            bytes: 1_432,
            mac: mac(),
            user: None,
            dropped: Vec::new(),
            est: Estimate { tokens: 1_500, cost_nano: Nano(4_125_000) },
            simulated: true,
            mirrors: None,
            ticket: None,
        })
    }

    fn outcome(&mut self, about: &About<'_>, deployment: &realm::DeploymentId) -> Record {
        let tokens = Tokens { input: 200 + self.draw(800), output: 50 + self.draw(400), estimated: false };
        let took_ms = 200 + self.draw(3_000);
        let intent = self.first + self.written;
        let deployment = deployment.clone();
        let attempt =
            Attempt { intent, deployment, status: Some(200), error: None, took_ms, resumed_from: None, feigned: false };
        Record::Outcome(Outcome {
            at: UnixMs(about.at.0 + took_ms),
            req: about.req.clone(),
            app: about.app.id.clone(),
            route: about.route.clone(),
            end: End::Ok,
            code: None,
            attempts: vec![attempt],
            tokens,
            cost_nano: Nano(i64::try_from(tokens.total()).unwrap_or(0) * 300),
            cost_estimated: false,
            energy: EnergyFigure::Declared { j: 1.2 },
            ms: Timings { first_ms: Some(120), total_ms: took_ms },
            rules: Vec::new(),
            model: None,
            mac: Some(mac()),
            oldest_open: intent,
            simulated: true,
            mirrors: None,
        })
    }

    fn refusal(&self, about: &About<'_>) -> Record {
        Record::Refusal(Refusal {
            at: about.at,
            req: about.req.clone(),
            app: about.app.id.clone(),
            route: Some(about.route.clone()),
            purpose: about.app.purposes[0].clone(),
            code: "policy_denied".to_owned(),
            classes: about.classes,
            located: about.classes,
            user_in: None,
            only: None,
            needs: vec!["stream".to_owned()],
            rules: vec!["strategic-sectors".into()],
            unknown: Vec::new(),
            snap: self.snapshot,
            mac: Some(mac()),
            simulated: true,
            ticket: None,
        })
    }
}

type Way = (realm::DeploymentId, ClassSet);

/// What the records of a request say alike.
struct About<'a> {
    at: UnixMs,
    req: String,
    app: &'a App,
    route: &'a RouteId,
    classes: ClassSet,
}

fn mac() -> Mac {
    Mac("q0vKx2cQmVnX1f4GdJ8nqk3o2Yw5rB7tHs9uLzEiPaM".to_owned())
}

// === replay ===

fn replay(dir: &Path) -> Result<(), Box<dyn Error>> {
    let (options, log) = options(dir)?;
    let (snapshot, compiled) = republic()?;
    let archive = HashMap::from([(snapshot, compiled)]);
    let scenario =
        Scenario::parse(Path::new("bench.toml"), SCENARIO).map_err(|problems| render(&problems, Lang::En, false))?;
    let (began, cpu_before) = (Instant::now(), cpu_s());
    let (mut reader, mut desk, mut count) = (Reader::default(), Desk::new(&archive, None, &scenario), 0u64);
    let mut broken = None;
    verify::entries(&log, &options.origin, |index, entry| {
        if !system::is_system(entry) {
            count += 1;
            match reader.see(index.0, entry) {
                Ok(request) => request.iter().for_each(|request| desk.see(request)),
                Err(error) => broken = Some(error),
            }
        }
        Ok(())
    })?;
    if let Some(error) = broken {
        return Err(error.into());
    }
    let report = desk.finish(reader.unread()).map_err(|problems| render(&problems, Lang::En, false))?;
    let (cpu, wall) = (cpu_s() - cpu_before, began.elapsed().as_secs_f64());
    println!("| records | CPU s | wall s | peak MiB | answered | unchanged | moved | stopped |");
    println!("|---|---|---|---|---|---|---|---|");
    let drill::report::Counts { answered, unchanged, moved, stopped, .. } = report.totals;
    println!("| {count} | {cpu:.2} | {wall:.2} | {} | {answered} | {unchanged} | {moved} | {stopped} |", peak_mib()?);
    if reader.unread() != drill::Unread::default() || answered != unchanged + moved + stopped {
        return Err("the counts do not add up".into());
    }
    Ok(())
}

/// User and system time of this process so far, in seconds.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) / 100.0
}

/// The most memory that was resident at once, in mebibytes.
fn peak_mib() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1_024)
}
