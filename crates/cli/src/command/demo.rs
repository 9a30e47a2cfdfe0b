//! `freehold demo`: everything, on an example realm, with stand-in providers and the embedded engine.

pub(crate) mod deleted;
mod people;
mod place;
mod realm_copy;
mod sample;
mod stand_ins;
mod steps;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use console::Guard;
use gateway::Settings;
use realm::UnixMs;
use serde_json::json;
use store::{Role, Roles, Store};
use tokio::net::TcpListener;

use super::{Run, user};
use crate::args::DemoArgs;
use crate::clock::now;
use crate::ended::Ended;
use crate::foreign;
use crate::lang::{Lang, say, tell};
use crate::output;
use crate::serve::{
    Anew, Assembled, Lines, Plan, Signals, Stopped, assemble, bind, may_listen, reachable, render, run_until_stopped,
};
use crate::telemetry;
use deleted::Deleted;
use place::Place;
use stand_ins::StandIns;

/// How long the demo's keys live.
const KEY_TTL_MS: u64 = 30 * 86_400_000;
/// A kept key that ends sooner is replaced.
const KEY_SPARE_MS: u64 = 86_400_000;
/// How long the embedded engine may take to load.
const ENGINE_WAIT: Duration = Duration::from_secs(90);
const DRAIN: Duration = Duration::from_secs(5);

pub(crate) fn run(run: &Run, args: DemoArgs) -> Result<Ended> {
    telemetry::quietly(args.log);
    may_listen(args.listen, false, false)?;
    let runtime = tokio::runtime::Runtime::new().with_context(|| tell("no-runtime", &[]))?;
    runtime.block_on(demo(run, args))?;
    Ok(Ended::Done)
}

async fn demo(run: &Run, args: DemoArgs) -> Result<()> {
    let mut signals = Signals::listen()?;
    let place = Place::choose(args.keep.as_deref())?;
    // Before anything is written or listens: a demo that runs on this directory must not notice.
    let claim = place.data.claim()?;
    let cut_short = place.finish_deleting()?;
    let stand_ins = StandIns::start(&realm_copy::kept(&place)?, run.lang).await?;
    realm_copy::write(&place, &stand_ins, args.model.as_deref())?;
    // Kept here, so that who asks while it begins anew waits and is not sent away.
    let listener = bind(args.listen, true).await?.into_std()?;
    let address = reachable(listener.local_addr()?);
    say_if_moved(args.listen, address, run.lang);
    let tell = Tell { address, place: &place, stand_ins: &stand_ins, real_model: args.model.is_some() };
    let (mut samples, mut deleted, mut first) = (!args.no_samples, cut_short, true);
    loop {
        let plan = plan(&place, claim.try_clone()?, &tell.lines(), run.lang);
        let listener = TcpListener::from_std(listener.try_clone()?)?;
        let round = Round { tell: &tell, first, samples, deleted };
        let Stopped::Anew { by } = round.run(run, plan, listener, &mut signals).await? else { return Ok(()) };
        (samples, deleted, first) = (false, place.delete_log(by)?, false);
    }
}

fn plan(place: &Place, claim: std::fs::File, lines: &Lines, lang: Lang) -> Plan {
    Plan {
        data: place.data.clone(),
        claim,
        realm_dir: place.realm(),
        lang,
        settings: Settings::default(),
        engine_threads: None,
        guard: Guard::Clear,
        page: render(lines).into(),
        collector: None,
        sharing: None,
        anew: Some(Anew::default()),
    }
}

/// From one beginning to the next.
struct Round<'a> {
    tell: &'a Tell<'a>,
    /// Whether nobody was told of the address yet.
    first: bool,
    /// Whether sample requests may be sent.
    samples: bool,
    /// The log that was deleted before.
    deleted: Option<Deleted>,
}

impl Round<'_> {
    async fn run(self, run: &Run, plan: Plan, listener: TcpListener, signals: &mut Signals) -> Result<Stopped> {
        let (lines, place) = (self.tell.lines(), self.tell.place);
        let assembled = assemble(plan).await?;
        if let Some(deleted) = &self.deleted {
            assembled.gateway.record_change(deleted.change()).await?;
            place.deletion_is_told()?;
        }
        let keys = keys(&assembled, &place.read_keys(), self.samples).await?;
        place.write_keys(&keys, &self.tell.stand_ins.received())?;
        listen(&assembled, listener);
        // Nobody who changes their mind has to wait for a model to load.
        let ready = tokio::select! {
            () = signals.stopped() => false,
            () = wait_for_engines(&assembled, run.lang) => true,
        };
        if let Some(deleted) = &self.deleted {
            eprintln!("{}", say(run.lang, "demo-anew", &deleted.args()));
        }
        if ready && self.first {
            self.tell.ready(run, &keys, &lines, &link(&assembled.store, &lines.address).await?)?;
        }
        run_until_stopped(assembled, signals, DRAIN).await
    }
}

/// A key for every app. Where none was kept nobody asked anything yet: some sample requests are sent, if they may be.
async fn keys(
    assembled: &Assembled,
    before: &BTreeMap<String, String>,
    samples: bool,
) -> Result<BTreeMap<String, String>> {
    let keys = let_in(assembled, before).await?;
    if samples && before.is_empty() {
        sample::send(&assembled.gateway, &keys).await;
    }
    Ok(keys)
}

fn listen(assembled: &Assembled, listener: TcpListener) {
    let gateway = assembled.gateway.clone();
    gateway::Tasks::default().spawn(async move {
        if let Err(error) = gateway.serve(listener, None).await {
            tracing::error!(%error, "the listener ended");
        }
    });
}

/// The demo's own way in to the console.
async fn link(store: &Store, address: &str) -> Result<String> {
    super::console::link(store, address, &Roles::everywhere(Role::Admin), &user(), &user()).await
}

/// Whoever asked for a port should know that it is another.
fn say_if_moved(asked: SocketAddr, address: SocketAddr, lang: Lang) {
    if address.port() != asked.port() && asked.port() != 0 {
        let ports = [("taken", asked.port().to_string()), ("used", address.port().to_string())];
        eprintln!("{}", say(lang, "demo-port-taken", &ports));
    }
}

/// A key for every app: the one of before where it still lets in for a while, else a new one.
async fn let_in(assembled: &Assembled, before: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>> {
    let mut keys = BTreeMap::new();
    let soon = UnixMs(now().0 + KEY_SPARE_MS);
    let known = assembled.store.live().await?.keys;
    let lasts = |key: &store::Key| key.expires.is_none_or(|end| end > soon);
    for app in assembled.snapshot.world.apps.keys() {
        let kept = before.get(&place::variable(app.as_str()));
        let lets_in =
            |text: &&String| known.get(&store::hash_key(text)).is_some_and(|key| key.app == *app && lasts(key));
        if let Some(text) = kept.filter(lets_in) {
            keys.insert(app.to_string(), text.clone());
            continue;
        }
        let expires = UnixMs(now().0 + KEY_TTL_MS);
        let key = assembled.store.new_key(app, Some(expires), &user(), now()).await?;
        keys.insert(app.to_string(), key.text);
    }
    // The watcher would find them within a fraction of a second; the first line to try should not have to wait.
    let live = crate::serve::live_of(&assembled.store, &assembled.snapshot.world).await?;
    let live = crate::serve::gateway_live(&live, gateway::Drilled::default());
    assembled.gateway.refresh_live(live);
    Ok(keys)
}

async fn wait_for_engines(assembled: &Assembled, lang: Lang) {
    for (id, handle) in assembled.engines.handles() {
        if let Err(error) = handle.wait_ready(ENGINE_WAIT).await {
            let args = [("id", id.to_string()), ("why", foreign::words(&error, lang))];
            eprintln!("{}", say(lang, "demo-engine-not-ready", &args));
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
        Lines { steps: steps::all(&url, self.place, self.real_model), address: url, demo: true }
    }

    fn ready(&self, run: &Run, keys: &BTreeMap<String, String>, lines: &Lines, link: &str) -> Result<()> {
        let data = self.place.data.path();
        if run.json {
            return output::json(&json!({
                "listen": self.address.to_string(),
                "console": link,
                "data": data,
                "keys": keys,
                "stand_ins": self.stand_ins.addresses(),
            }));
        }
        let args = [
            ("address", lines.address.clone()),
            ("data", data.display().to_string()),
            ("keys", self.place.keys_file().display().to_string()),
            ("console", link.to_owned()),
        ];
        let mut page = format!("\n{}\n", say(run.lang, "demo-ready", &args));
        for (number, step) in lines.steps.iter().enumerate() {
            let indented = step.lines.replace('\n', "\n  ");
            page.push_str(&format!("\n{}. {}\n   {}\n  {indented}\n", number + 1, step.en, step.ru));
        }
        page.push_str(&format!("\n{}\n", say(run.lang, "demo-stops", &args)));
        output::text(&page)
    }
}
