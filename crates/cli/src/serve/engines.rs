//! Embedded engines: one supervised child for each embedded deployment.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use engine::{Config, Handle, Limits, State, Supervisor};
use realm::world::{ADDED_MODEL, DEMO_TINY, Protocol};
use realm::{DeploymentId, World};

use crate::data::{DataDir, write_synced};
use crate::lang::{path_arg, tell};

/// The project's own toy model. It answers what it was taught about Freehold and says that it is a toy.
static DEMO_TINY_GGUF: &[u8] = include_bytes!("../../assets/demo-tiny.gguf");

/// Requests that one engine computes at the same time.
const PARALLEL: u32 = 8;

/// The engines that run.
#[derive(Debug)]
pub(crate) struct Engines {
    running: HashMap<DeploymentId, (PathBuf, Handle)>,
    exe: PathBuf,
    run_dir: PathBuf,
    threads: Option<u32>,
    /// Of which something was told.
    told: HashSet<DeploymentId>,
}

impl Engines {
    pub(crate) fn new(data: &DataDir, threads: Option<u32>) -> Result<Self> {
        let exe = std::env::current_exe().with_context(|| tell("no-program-path", &[]))?;
        Ok(Self { running: HashMap::new(), exe, run_dir: data.run(), threads, told: HashSet::new() })
    }

    /// Starts what a world needs and is not there, stops what it no longer names; says where each listens.
    pub(crate) fn follow(
        &mut self,
        world: &World,
        realm_dir: &Path,
        data: &DataDir,
    ) -> Result<HashMap<DeploymentId, PathBuf>> {
        let mut wanted = HashMap::new();
        for deployment in world.deployments.values() {
            let embedded = world.providers.get(&deployment.provider).is_some_and(|p| p.protocol == Protocol::Embedded);
            if let Some(file) = deployment.weights_file.as_ref().filter(|_| embedded) {
                wanted.insert(deployment.id.clone(), locate(file, realm_dir, data)?);
            }
        }
        let mut started = Vec::new();
        for (id, model) in &wanted {
            if self.running.get(id).is_none_or(|(file, _)| file != model) {
                let handle = self.start(model).with_context(|| tell("engine-no-start", &[("id", id.to_string())]))?;
                started.push((id.clone(), (model.clone(), handle)));
            }
        }
        // Nothing is stopped before everything new could be started: a refused realm must not cost the old one.
        self.running.retain(|id, (file, _)| wanted.get(id) == Some(file));
        self.running.extend(started);
        Ok(self.running.iter().map(|(id, (_, handle))| (id.clone(), handle.socket_path().to_owned())).collect())
    }

    fn start(&self, model: &Path) -> Result<Handle> {
        Ok(Supervisor::start(Config {
            exe: self.exe.clone(),
            args: vec!["engine".into()],
            model: model.to_owned(),
            context_tokens: None,
            parallel: PARALLEL,
            threads: self.threads,
            run_dir: self.run_dir.clone(),
            limits: Limits::default(),
        })?)
    }

    /// What somebody should know of each engine that is or was there; none where it is well.
    pub(crate) fn notices(&mut self) -> Vec<(String, Option<String>)> {
        let gone = self.told.iter().filter(|id| !self.running.contains_key(*id)).map(|id| (about(id), None));
        let there = self.running.iter().map(|(id, (_, handle))| (about(id), trouble(&handle.status().state)));
        let notices = gone.chain(there).collect();
        self.told = self.running.keys().cloned().collect();
        notices
    }

    /// The engines by deployment.
    pub(crate) fn handles(&self) -> impl Iterator<Item = (&DeploymentId, &Handle)> {
        self.running.iter().map(|(id, (_, handle))| (id, handle))
    }

    /// Stops all of them.
    pub(crate) async fn shutdown(self) {
        for (_, (_, handle)) in self.running {
            handle.shutdown().await;
        }
    }
}

fn about(id: &DeploymentId) -> String {
    format!("engine of {id}")
}

/// Why an engine does not answer; none where it does.
fn trouble(state: &State) -> Option<String> {
    match state {
        State::Ready | State::Stopped => None,
        State::Starting => Some("its model is being loaded".to_owned()),
        State::BackingOff { reason, .. } => Some(format!("it ended and will be started again: {reason}")),
        State::Failed { reason } => Some(format!("given up: {reason}")),
    }
}

/// The file that `weights_file` means: the toy, a registered model, or a path relative to the realm.
fn locate(named: &Path, realm_dir: &Path, data: &DataDir) -> Result<PathBuf> {
    let text = named.to_string_lossy();
    if text == DEMO_TINY {
        return unpack(data);
    }
    if let Some(hash) = text.strip_prefix(ADDED_MODEL) {
        let entry = engine::models::find(data.path(), hash)?;
        return Ok(engine::models::path(data.path(), &entry));
    }
    Ok(if named.is_absolute() { named.to_owned() } else { realm_dir.join(named) })
}

/// llama.cpp reads files, so the toy is written out once.
fn unpack(data: &DataDir) -> Result<PathBuf> {
    let path = data.run().join("demo-tiny.gguf");
    let there = std::fs::metadata(&path).is_ok_and(|found| found.len() == DEMO_TINY_GGUF.len() as u64);
    if !there {
        make_private(&data.run())?;
        write_synced(&path, DEMO_TINY_GGUF)?;
    }
    Ok(path)
}

fn make_private(dir: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.with_context(|| tell("cannot-make", &[path_arg(dir)]))
}
