//! A million records of a year, always the same.

use ledger::Log;
use realm::record::{Attempt, End, EnergyFigure, Estimate, Intent, Mac, Outcome, Record, Refusal, Timings, Tokens};
use realm::{AppId, ClassSet, DataClass, DeploymentId, Nano, RouteId, SnapshotId, UnixMs};

use crate::Failed;

pub const APPS: usize = 12;
pub const DEPLOYMENTS: usize = 8;
/// 2026-11-24T12:00:00Z: the last record is of this moment.
pub const END_MS: u64 = 1_795_521_600_000;
/// A year before it begins.
const SPAN_MS: u64 = 360 * 86_400_000;
/// Requests under way at once while the ledger is filled.
const AT_ONCE: u64 = 512;

/// Appends about so many, where there are none yet.
pub async fn fill(log: &Log, records: u64) -> Result<(), Failed> {
    // Most requests leave two records, refused ones one.
    let requests = (records * 20).div_ceil(39);
    if log.head().durable.0 > 1 {
        return Ok(());
    }
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..AT_ONCE {
        let log = log.clone();
        clients.spawn(async move {
            for n in (client..requests).step_by(usize::try_from(AT_ONCE)?) {
                request(&log, n, requests).await?;
            }
            Ok::<_, Failed>(())
        });
    }
    while let Some(ended) = clients.join_next().await {
        ended??;
    }
    Ok(())
}

/// The records of one request: mostly an intent and an outcome.
async fn request(log: &Log, n: u64, all: u64) -> Result<(), Failed> {
    let at = UnixMs(END_MS - SPAN_MS + (SPAN_MS / all.max(1)) * n);
    let dice = mix(n);
    let app = AppId::new(&format!("a{}", dice % APPS as u64))?;
    if dice % 20 == 19 {
        log.append(refusal(n, at, app).to_bytes()).await?;
        return Ok(());
    }
    let deployment = DeploymentId::new(&format!("place-{}", (dice >> 8) % DEPLOYMENTS as u64))?;
    let intent = log.append(intent(n, at, &app, &deployment, dice)?.to_bytes()).await?;
    log.append(outcome(n, at, app, deployment, intent.0, dice)?.to_bytes()).await?;
    Ok(())
}

fn id(n: u64) -> String {
    format!("req-{n:016x}")
}

fn intent(n: u64, at: UnixMs, app: &AppId, deployment: &DeploymentId, dice: u64) -> Result<Record, Failed> {
    let personal = ClassSet::of(DataClass::Personal);
    let redacted = if dice.is_multiple_of(4) { personal } else { ClassSet::EMPTY };
    Ok(Record::Intent(Intent {
        at,
        req: id(n),
        app: app.clone(),
        n: 1,
        dep: deployment.clone(),
        route: RouteId::new("main")?,
        purpose: "letters".into(),
        classes: redacted,
        redacted,
        undeclared: ClassSet::EMPTY,
        located: redacted,
        user_in: None,
        only: None,
        needs: Vec::new(),
        unknown: Vec::new(),
        oblige: Vec::new(),
        exempt: Vec::new(),
        redacted_by: Vec::new(),
        shadow: None,
        snap: SnapshotId([7; 32]),
        bytes: 300,
        mac: Mac("0".repeat(64)),
        user: None,
        dropped: Vec::new(),
        est: Estimate::default(),
        simulated: false,
        mirrors: None,
        ticket: None,
    }))
}

fn outcome(n: u64, at: UnixMs, app: AppId, deployment: DeploymentId, intent: u64, dice: u64) -> Result<Record, Failed> {
    let took_ms = 100 + (dice >> 16) % 4_000;
    let failed = dice % 50 == 7;
    let tokens = Tokens { input: 50 + (dice >> 24) % 900, output: (dice >> 32) % 700, estimated: false };
    Ok(Record::Outcome(Outcome {
        at: UnixMs(at.0 + took_ms),
        req: id(n),
        app,
        route: RouteId::new("main")?,
        end: if failed { End::Error } else { End::Ok },
        code: failed.then(|| "provider_failed".to_owned()),
        attempts: vec![Attempt {
            intent,
            deployment,
            status: Some(200),
            error: None,
            took_ms,
            resumed_from: None,
            feigned: false,
        }],
        tokens,
        cost_nano: Nano(i64::try_from(tokens.input * 100 + tokens.output * 200)?),
        cost_estimated: false,
        energy: EnergyFigure::Declared { j: 0.25 * (dice % 64) as f64 },
        ms: Timings { first_ms: Some(took_ms / 3), total_ms: took_ms },
        rules: if dice % 9 == 1 { vec!["stays".into()] } else { Vec::new() },
        model: None,
        mac: Some(Mac("0".repeat(64))),
        oldest_open: intent,
        simulated: false,
        mirrors: None,
    }))
}

fn refusal(n: u64, at: UnixMs, app: AppId) -> Record {
    Record::Refusal(Refusal {
        at,
        req: id(n),
        app,
        route: None,
        purpose: "letters".into(),
        code: "policy_denied".into(),
        classes: ClassSet::EMPTY,
        located: ClassSet::EMPTY,
        user_in: None,
        only: None,
        needs: Vec::new(),
        rules: vec!["stays".into()],
        unknown: Vec::new(),
        snap: SnapshotId([7; 32]),
        mac: None,
        simulated: false,
        ticket: None,
    })
}

/// The finalizer of `SplitMix64`: a number's bits, well mixed.
fn mix(n: u64) -> u64 {
    let mut z = n.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
