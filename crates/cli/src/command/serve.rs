//! `freehold serve`.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use console::Guard;
use gateway::Settings;
use serde_json::json;
use store::{Role, Roles, Store};

use super::console::link as console_link;
use super::{Run, user};
use crate::args::ServeArgs;
use crate::data::DataDir;
use crate::ended::{Ended, wrong};
use crate::lang::{path_arg, say, tell};
use crate::output;
use crate::serve::{
    Lines, Plan, Sharing, Signals, assemble, bind, may_listen, reachable, render, run_until_stopped, tls,
};
use crate::telemetry;

pub(crate) fn run(run: &Run, args: ServeArgs) -> Result<Ended> {
    telemetry::start(args.log);
    may_listen(args.listen, args.tls_cert.is_some(), args.behind_proxy)?;
    let tls = tls(args.tls_cert.as_deref(), args.tls_key.as_deref())?;
    let runtime = tokio::runtime::Runtime::new().with_context(|| tell("no-runtime", &[]))?;
    runtime.block_on(async {
        let mut signals = Signals::listen()?;
        let data = DataDir::new(&run.data);
        data.create()?;
        let claim = claim(&data)?;
        let listener = bind(args.listen, false).await?;
        let address = listener.local_addr()?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let assembled = assemble(Plan {
            data,
            claim,
            realm_dir: run.realm.clone(),
            lang: run.lang,
            settings: Settings { behind_proxy: args.behind_proxy, ..Settings::default() },
            engine_threads: args.engine_threads,
            sharing: run.database.clone().map(|url| Sharing { url, key_cache: args.key_cache, lease: args.lease }),
            guard: guard(tls.is_some(), args.behind_proxy),
            page: render(&Lines::of_service(&format!("{scheme}://{address}"))).into(),
            anew: None,
            collector: args.otlp.map(|url| (url, args.otlp_share)),
        })
        .await?;
        let gateway = assembled.gateway.clone();
        gateway::Tasks::default().spawn(async move {
            if let Err(error) = gateway.serve(listener, tls).await {
                tracing::error!(%error, "the listener ended");
            }
        });
        tell_address(run, &assembled.store, scheme, address).await?;
        tracing::info!(%address, data = %run.data.display(), "serving");
        run_until_stopped(assembled, &mut signals, Duration::from_secs(args.drain_s)).await?;
        anyhow::Ok(())
    })?;
    Ok(Ended::Done)
}

/// Nobody serves what a demo is about to delete.
fn claim(data: &DataDir) -> Result<std::fs::File> {
    let mark = super::demo::deleted::mark(data);
    if mark.exists() {
        return Err(wrong("data-being-deleted", &[path_arg(data.path()), ("mark", mark.display().to_string())]));
    }
    data.claim()
}

/// How the way to the console's readers is kept.
fn guard(has_tls: bool, behind_proxy: bool) -> Guard {
    match (has_tls, behind_proxy) {
        (true, _) => Guard::Tls,
        (false, true) => Guard::Proxy,
        (false, false) => Guard::Clear,
    }
}

/// Says where it serves, and how to sign in.
async fn tell_address(run: &Run, store: &Store, scheme: &str, address: SocketAddr) -> Result<()> {
    let link = first_link(store, &format!("{scheme}://{}", reachable(address)), run.json).await;
    if run.json {
        output::json(&json!({ "listen": address.to_string(), "data": run.data, "console": link }))?;
    } else if let Some(link) = link {
        eprintln!("{}", say(run.lang, "console-link", &[("link", link)]));
    }
    Ok(())
}

/// A link for whoever starts the server, where it is read at once: a service's output is kept, and the link lets in.
async fn first_link(store: &Store, url: &str, json: bool) -> Option<String> {
    if !json && !std::io::stderr().is_terminal() {
        return None;
    }
    let made = console_link(store, url, &Roles::everywhere(Role::Admin), &user(), &user()).await;
    made.map_err(|error| tracing::warn!("no link to the console could be made: {error:#}")).ok()
}
