//! `freehold serve`.

use std::time::Duration;

use anyhow::{Context, Result};
use gateway::Settings;
use serde_json::json;

use super::Run;
use crate::args::ServeArgs;
use crate::data::DataDir;
use crate::ended::Ended;
use crate::lang::tell;
use crate::output;
use crate::serve::{Lines, Plan, Sharing, Signals, assemble, bind, may_listen, render, run_until_stopped, tls};
use crate::telemetry;

pub(crate) fn run(run: &Run, args: ServeArgs) -> Result<Ended> {
    telemetry::start(args.log);
    may_listen(args.listen, args.tls_cert.is_some(), args.behind_proxy)?;
    let tls = tls(args.tls_cert.as_deref(), args.tls_key.as_deref())?;
    let runtime = tokio::runtime::Runtime::new().with_context(|| tell("no-runtime", &[]))?;
    runtime.block_on(async {
        let signals = Signals::listen()?;
        let data = DataDir::new(&run.data);
        data.create()?;
        let claim = data.claim()?;
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
            page: render(&Lines::of_service(&format!("{scheme}://{address}"))).into(),
            collector: args.otlp.map(|url| (url, args.otlp_share)),
        })
        .await?;
        let gateway = assembled.gateway.clone();
        let tasks = gateway::Tasks::default();
        tasks.spawn(async move {
            if let Err(error) = gateway.serve(listener, tls).await {
                tracing::error!(%error, "the listener ended");
            }
        });
        if run.json {
            output::json(&json!({ "listen": address.to_string(), "data": run.data }))?;
        }
        tracing::info!(%address, data = %run.data.display(), "serving");
        run_until_stopped(assembled, signals, Duration::from_secs(args.drain_s)).await
    })?;
    Ok(Ended::Done)
}
