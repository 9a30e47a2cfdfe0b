//! `freehold demo`: everything, on an example realm, with stand-in providers and the embedded engine.

mod place;
mod realm_copy;
mod stand_ins;
mod steps;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use gateway::Settings;
use realm::UnixMs;
use serde_json::json;

use super::{Run, user};
use crate::args::DemoArgs;
use crate::clock::now;
use crate::ended::Ended;
use crate::output;
use crate::serve::{Assembled, Lines, Plan, Signals, assemble, bind, may_listen, reachable, render, run_until_stopped};
use crate::telemetry;
use place::Place;
use stand_ins::StandIns;

/// How long the demo's keys live.
const KEY_TTL_MS: u64 = 30 * 86_400_000;
/// How long the embedded engine may take to load.
const ENGINE_WAIT: Duration = Duration::from_secs(90);
const DRAIN: Duration = Duration::from_secs(5);

pub(crate) fn run(run: &Run, args: DemoArgs) -> Result<Ended> {
    telemetry::quietly(args.log);
    may_listen(args.listen, false, false)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(demo(run, args))?;
    Ok(Ended::Done)
}

async fn demo(run: &Run, args: DemoArgs) -> Result<()> {
    let mut signals = Signals::listen()?;
    let place = Place::choose(args.keep.as_deref())?;
    let stand_ins = StandIns::start(&place).await?;
    realm_copy::write(&place, &stand_ins, args.model.as_deref())?;
    let listener = bind(args.listen, true).await?;
    let address = reachable(listener.local_addr()?);
    if !run.json && address.port() != args.listen.port() && args.listen.port() != 0 {
        eprintln!("Port {} is taken; using {}.", args.listen.port(), address.port());
    }
    let tell = Tell { address, place: &place, stand_ins: &stand_ins, real_model: args.model.is_some() };
    let lines = tell.lines();
    let assembled = assemble(Plan {
        data: place.data.clone(),
        realm_dir: place.realm(),
        lang: run.lang,
        settings: Settings::default(),
        engine_threads: None,
        page: render(&lines).into(),
    })
    .await?;
    let keys = keys(&assembled).await?;
    place.write_keys(&keys)?;
    let gateway = assembled.gateway.clone();
    gateway::Tasks::default().spawn(async move {
        if let Err(error) = gateway.serve(listener, None).await {
            tracing::error!(%error, "the listener ended");
        }
    });
    // Nobody who changes their mind has to wait for a model to load.
    let ready = tokio::select! {
        () = signals.stopped() => false,
        () = wait_for_engines(&assembled, run.json) => true,
    };
    if ready {
        tell.ready(run.json, &keys, &lines)?;
    }
    run_until_stopped(assembled, signals, DRAIN).await
}

/// A new key for every app.
async fn keys(assembled: &Assembled) -> Result<BTreeMap<String, String>> {
    let mut keys = BTreeMap::new();
    for app in assembled.snapshot.world.apps.keys() {
        let expires = UnixMs(now().0 + KEY_TTL_MS);
        let key = assembled.store.new_key(app, Some(expires), &user(), now()).await?;
        keys.insert(app.to_string(), key.text);
    }
    // The watcher would find them within a fraction of a second; the first line to try should not have to wait.
    let (live, _) = crate::serve::live_of(&assembled.store, &assembled.snapshot.world).await?;
    assembled.gateway.refresh_live(live);
    Ok(keys)
}

async fn wait_for_engines(assembled: &Assembled, quiet: bool) {
    for (id, handle) in assembled.engines.handles() {
        if let Err(error) = handle.wait_ready(ENGINE_WAIT).await {
            eprintln!("The embedded engine of `{id}` is not ready: {error}");
        } else if let Some(ready) = handle.status().engine.filter(|_| !quiet) {
            tracing::info!(deployment = %id, ?ready, "the embedded engine is ready");
        }
    }
}

/// What the demo says of itself.
struct Tell<'a> {
    address: SocketAddr,
    place: &'a Place,
    stand_ins: &'a StandIns,
    real_model: bool,
}

impl Tell<'_> {
    fn lines(&self) -> Lines {
        let url = format!("http://{}", self.address);
        Lines { steps: steps::all(&url, self.place, self.stand_ins, self.real_model), address: url, demo: true }
    }

    fn ready(&self, as_json: bool, keys: &BTreeMap<String, String>, lines: &Lines) -> Result<()> {
        let data = self.place.data.path();
        if as_json {
            return output::json(&json!({
                "listen": self.address.to_string(),
                "console": lines.address,
                "data": data,
                "keys": keys,
                "stand_ins": self.stand_ins.addresses(),
            }));
        }
        let mut page = format!("\nFreehold is ready: {}\nData (kept): {}\n", lines.address, data.display());
        page.push_str(&format!("\nKeys, for the lines below:\n  . {}\n", self.place.keys_file().display()));
        for (number, step) in lines.steps.iter().enumerate() {
            let indented = step.lines.replace('\n', "\n  ");
            page.push_str(&format!("\n{}. {}\n   {}\n  {indented}\n", number + 1, step.en, step.ru));
        }
        page.push_str("\nCtrl-C stops it; the data directory stays.\n");
        output::text(&page)
    }
}
