//! `freehold eval run`: asks a suite's questions of a running server, grades the answers, keeps the result.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ::drill::eval::{Grade, Item, JUDGE_TOKENS, Suite, question};
use anyhow::{Result, anyhow};
use realm::{AppId, SnapshotId, World};
use store::evaluation::Evaluation;

use super::ask::{Heard, Question, Server};
use super::kept::{Head, JudgeLine, Kept, Line};
use super::known::{Outcome, evaluation, graded};
use super::target::Target;
use super::{kept, read, records, show};
use crate::args::EvalRunArgs;
use crate::command::effect::Effect;
use crate::command::{Run, block_on};
use crate::data::DataDir;
use crate::ended::{Ended, Problems, wrong};
use crate::lang::say;
use crate::realms::{self, Checked, archived};

/// Reasons for which questions have no answer that are said.
const FAILED_SHOWN: usize = 5;

pub(super) fn run(run: &Run, args: &EvalRunArgs) -> Result<Ended> {
    let suite = Suite::parse(&args.suite, &read(&args.suite)?).map_err(Problems)?;
    if let Some(item) = suite.needs_judge().next().filter(|_| args.judge.is_none()) {
        return Err(wrong("eval-needs-judge", &[("id", item.id.clone())]));
    }
    let data = run.existing_data()?;
    let checked = realms::open(&run.realm)?;
    let plan = Plan::of(run, args, &data, &checked, &suite)?;
    let id = args.resume.clone().map_or_else(Evaluation::new_id, Ok)?;
    let kept = match &args.resume {
        Some(id) => Kept::resume(&data, id, &plan.head)?,
        None => Kept::begin(&data, &id, &plan.head)?,
    };
    if let Some(before) = args.resume.as_deref().map(|id| before(run, &data, id)).transpose()?.flatten() {
        show::result(run, &before, Some(&suite), None)?;
        return Ok(Ended::Done);
    }
    let failed = plan.ask_all(&suite, &kept, args.concurrency)?;
    if !failed.is_empty() {
        return unfinished(run, &id, &failed);
    }
    keep(run, &plan, (&data, &checked), &suite, &id)
}

/// The result of a run that had all its answers before.
fn before(run: &Run, data: &DataDir, id: &str) -> Result<Option<Evaluation>> {
    block_on(async { Ok(run.store(data).await?.evaluation(id).await?) })
}

/// Grades what was answered, keeps the result and shows it.
fn keep(run: &Run, plan: &Plan, (data, checked): (&DataDir, &Checked), suite: &Suite, id: &str) -> Result<Ended> {
    let answers = kept::read(&kept::path_of(data, id))?.map(|(_, answers)| answers).unwrap_or_default();
    let lines: Vec<&Line> = suite.items.iter().filter_map(|item| answers.get(&item.id)).collect();
    let outcome = plan.outcome(run, data, checked, &lines)?;
    let evaluation = evaluation(id, suite, &plan.head, &graded(suite, &lines), &outcome)?;
    let effect = block_on(async {
        let store = run.store(data).await?;
        store.keep_evaluation(&evaluation).await?;
        Effect::of(data, &store).await
    })?;
    show::result(run, &evaluation, Some(suite), Some(effect.word()))?;
    Ok(Ended::Done)
}

/// What is asked of whom.
struct Plan {
    server: Server,
    target: Target,
    head: Head,
}

impl Plan {
    fn of(run: &Run, args: &EvalRunArgs, data: &DataDir, checked: &Checked, suite: &Suite) -> Result<Self> {
        let world = &checked.snapshot.world;
        let app = app_of(run, data, &args.key)?;
        let app = world.apps.get(&app).ok_or_else(|| wrong("eval-key-unknown", &[]))?;
        let target = Target::of(world, app, args)?;
        if let Some(judge) = &args.judge {
            Target::route(app, judge)?;
        }
        let head = Head {
            suite: suite.name.clone(),
            sha256: suite.sha256.clone(),
            app: app.id.to_string(),
            model: target.model.clone(),
            route: target.route.clone(),
            deployment: target.deployment.as_ref().map(ToString::to_string),
            judge: args.judge.clone(),
        };
        Ok(Self { server: Server::new(&args.url, &args.key), target, head })
    }

    /// Asks what was not answered before; questions without an answer, with what was said instead.
    fn ask_all(&self, suite: &Suite, kept: &Kept, at_once: u16) -> Result<Vec<(String, String)>> {
        let open: Vec<&Item> = suite.items.iter().filter(|item| !kept.before.contains_key(&item.id)).collect();
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let failed = Mutex::new(Vec::new());
        let shown = std::io::stderr().is_terminal();
        let work = || -> Result<()> {
            while let Some(item) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
                match self.ask(item) {
                    Ok(line) => kept.line(&line)?,
                    Err(why) => failed.lock().map_err(|_| anyhow!("–"))?.push((item.id.clone(), why)),
                }
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                if shown {
                    eprint!("\r{}/{}", kept.before.len() + done, suite.items.len());
                }
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..at_once).map(|_| scope.spawn(work)).collect();
            workers.into_iter().try_for_each(|worker| worker.join().unwrap_or(Ok(())))
        })?;
        if shown {
            eprintln!();
        }
        Ok(failed.into_inner().unwrap_or_default())
    }

    fn ask(&self, item: &Item) -> Result<Line, String> {
        let system = item.system.as_deref();
        let asked = Question { model: &self.target.model, system, prompt: &item.prompt, max_tokens: item.max_tokens };
        let Heard { text, request, deployment, took_ms } = self.server.ask(&asked)?;
        if let Some(wanted) = self.target.deployment.as_ref().filter(|it| it.as_str() != deployment) {
            return Err(format!("{deployment} ≠ {wanted}"));
        }
        let judge = match (item.grade(&text), &self.head.judge) {
            (Grade::NeedsJudge, Some(route)) => Some(self.judge(route, item, &text)?),
            _ => None,
        };
        Ok(Line { item: item.id.clone(), answer: text, request, deployment, ms: took_ms, judge })
    }

    fn judge(&self, route: &str, item: &Item, answer: &str) -> Result<JudgeLine, String> {
        let prompt = question(item, answer);
        let asked = Question { model: route, system: None, prompt: &prompt, max_tokens: JUDGE_TOKENS };
        let Heard { text, request, .. } = self.server.ask(&asked)?;
        Ok(JudgeLine { answer: text, request })
    }

    /// What the records say of the answers: who gave them, in which realm, at what cost.
    fn outcome(&self, run: &Run, data: &DataDir, checked: &Checked, lines: &[&Line]) -> Result<Outcome> {
        let places: BTreeSet<&str> = lines.iter().map(|line| line.deployment.as_str()).collect();
        let [place] = places.iter().copied().collect::<Vec<_>>()[..] else {
            let places = places.into_iter().collect::<Vec<_>>().join(", ");
            return Err(wrong("eval-several", &[("places", places)]));
        };
        let requests = |judge: bool| -> BTreeSet<String> {
            let of = |line: &&Line| {
                if judge { line.judge.as_ref().map(|it| it.request.clone()) } else { Some(line.request.clone()) }
            };
            lines.iter().filter_map(of).collect()
        };
        let publish = Duration::from_millis(checked.snapshot.world.head.ledger.publish_ms);
        let found = records::of(data, (&requests(false), &requests(true)), publish)?;
        let Some(snapshot) = found.snapshot else {
            return Err(wrong("eval-no-records", &[("data", data.path().display().to_string())]));
        };
        // What whoever stands at the address says of it counts for nothing beside the records.
        if found.places.iter().any(|it| it.as_str() != place) {
            let places = found.places.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            return Err(wrong("eval-several", &[("places", places)]));
        }
        let world = world_of(data, checked, snapshot);
        let world = world.as_deref().map_or(&checked.snapshot.world, |it| &it.world);
        let model = model_at(world, place)
            .ok_or_else(|| wrong("eval-no-records", &[("data", run.data.display().to_string())]))?;
        Ok(Outcome {
            by: crate::command::user(),
            at: crate::clock::now(),
            currency: world.head.currency.clone(),
            simulated: found.simulated || model.1,
            model: model.0,
            place: place.to_owned(),
            snapshot,
            found,
        })
    }
}

/// The model of a deployment, and whether its provider only stands in for one.
fn model_at(world: &World, place: &str) -> Option<(realm::ModelId, bool)> {
    let deployment = world.deployments.values().find(|it| it.id.as_str() == place)?;
    let simulated = world.providers.get(&deployment.provider).is_some_and(|it| it.simulated);
    Some((deployment.model.clone(), simulated))
}

fn world_of(data: &DataDir, checked: &Checked, id: SnapshotId) -> Option<std::sync::Arc<realm::Snapshot>> {
    if checked.snapshot.id == id { None } else { archived(&data.snapshots(), id) }
}

/// The app that a key lets in.
fn app_of(run: &Run, data: &DataDir, key: &str) -> Result<AppId> {
    let live = block_on(async { Ok(run.store(data).await?.live().await?) })?;
    let found = live.keys.get(&store::hash_key(key)).map(|key| key.app.clone());
    found.ok_or_else(|| wrong("eval-key-unknown", &[]))
}

/// Says which questions have no answer, and how to go on. Nothing is kept as a result: one of some questions would not
/// be one of the suite.
fn unfinished(run: &Run, id: &str, failed: &[(String, String)]) -> Result<Ended> {
    if run.json {
        let failed: Vec<_> = failed.iter().map(|(id, why)| serde_json::json!({ "id": id, "why": why })).collect();
        crate::output::json(&serde_json::json!({ "id": id, "unfinished": true, "failed": failed }))?;
        return Ok(Ended::No);
    }
    // Most fail for one reason: each is said once, with where it came first.
    let mut reasons: Vec<(&str, &str, usize)> = Vec::new();
    for (item, why) in failed {
        match reasons.iter_mut().find(|(_, said, _)| said == why) {
            Some((_, _, count)) => *count += 1,
            None => reasons.push((item, why, 1)),
        }
    }
    for (item, why, count) in reasons.into_iter().take(FAILED_SHOWN) {
        let args = [("id", item.to_owned()), ("why", why.to_owned()), ("more", (count - 1).to_string())];
        eprintln!("{}", say(run.lang, "eval-failed", &args));
    }
    let args = [("id", id.to_owned()), ("count", failed.len().to_string())];
    eprintln!("{}", say(run.lang, "eval-unfinished", &args));
    Ok(Ended::No)
}
