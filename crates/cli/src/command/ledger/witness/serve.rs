//! Runs a witness: one key, the logs it is told of, and what it saw, durable before each answer.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use ledger::note::{Algorithm, SecretKey};
use ledger::verify::Remember;
use ledger::witness::{REQUEST_BYTES_MAX, StateFile, Witness};
use serde_json::json;

use super::super::super::Run;
use super::super::public_key;
use crate::clock::now;
use crate::ended::{Ended, wrong};
use crate::lang::{path_arg, tell};
use crate::output;
use crate::serve::{Signals, bind};
use crate::telemetry::{self, LogFormat};

type Shared = Arc<Mutex<Witness<StateFile>>>;

const HEADER_READ: Duration = Duration::from_secs(10);

pub(super) fn run(run: &Run, listen: SocketAddr, name: &str, state: &Path, log_keys: &[String]) -> Result<Ended> {
    telemetry::start(LogFormat::Text);
    let logs = log_keys.iter().map(|text| public_key(text)).collect::<Result<Vec<_>>>()?;
    std::fs::create_dir_all(state).with_context(|| tell("cannot-make", &[path_arg(state)]))?;
    let seen_file = state.join("seen");
    let seen = Remember::load(&seen_file).with_context(|| tell("cannot-read", &[path_arg(&seen_file)]))?;
    let witness = Witness::new(key(state, name)?, logs, seen, StateFile(seen_file))?;
    let vkey = witness.verifier().to_string();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let signals = Signals::listen()?;
        let listener = bind(listen, false).await?;
        let address = listener.local_addr()?;
        if run.json {
            output::json(&json!({ "listen": address.to_string(), "key": vkey }))?;
        } else {
            let args = [("name", name.to_owned()), ("address", address.to_string()), ("key", vkey)];
            output::text(&format!("{}\n", tell("witness-ready", &args)))?;
        }
        accept_until_stopped(listener, signals, Arc::new(Mutex::new(witness))).await
    })?;
    Ok(Ended::Done)
}

async fn accept_until_stopped(listener: tokio::net::TcpListener, mut signals: Signals, witness: Shared) -> Result<()> {
    let connections = gateway::Tasks::default();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted.context("cannot accept a connection")?.0,
            () = signals.stopped() => return Ok(()),
        };
        let witness = Arc::clone(&witness);
        connections.spawn(async move {
            let answer = service_fn(move |request| respond(Arc::clone(&witness), request));
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(HEADER_READ);
            if let Err(error) = http.serve_connection(TokioIo::new(stream), answer).await {
                tracing::debug!(%error, "a connection ended");
            }
        });
    }
}

async fn respond(witness: Shared, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, REQUEST_BYTES_MAX).collect().await else {
        let mut refused = Response::new(Full::new(Bytes::from_static(b"the request is too long or was cut off\n")));
        *refused.status_mut() = StatusCode::BAD_REQUEST;
        return Ok(refused);
    };
    let body = body.to_bytes();
    // The state is written and synced before the answer, so this blocks; requests are rare and one at a time.
    let answer = witness.lock().unwrap_or_else(PoisonError::into_inner).handle(
        head.method.as_str(),
        head.uri.path(),
        &body,
        now().0 / 1_000,
    );
    tracing::info!(method = %head.method, path = head.uri.path(), status = answer.status, "answered");
    let mut response = Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(answer.content_type));
    Ok(response)
}

/// The witness's key, made on first use, readable by its owner only.
fn key(state: &Path, name: &str) -> Result<SecretKey> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let path = state.join("key");
    if let Ok(text) = std::fs::read_to_string(&path) {
        let key = SecretKey::parse(text.trim()).with_context(|| path.display().to_string())?;
        if key.verifier().name() != name {
            let owner = ("name", key.verifier().name().to_string());
            return Err(wrong("witness-other-name", &[path_arg(&path), owner]));
        }
        return Ok(key);
    }
    let mut seed = [0u8; 32];
    getrandom::fill(&mut seed).map_err(|e| anyhow::anyhow!(tell("no-randomness", &[("why", e.to_string())])))?;
    let key = SecretKey::from_seed(name, Algorithm::CosignatureV1, &seed)
        .map_err(|e| wrong("option-wrong", &[("option", "--name".to_owned()), ("why", e.to_string())]))?;
    let mut options = std::fs::OpenOptions::new();
    let made = options.create_new(true).write(true).mode(0o600).open(&path);
    let written = made.and_then(|mut file| {
        file.write_all(format!("{}\n", key.expose()).as_bytes())?;
        file.sync_all()
    });
    written.with_context(|| tell("cannot-write", &[path_arg(&path)]))?;
    Ok(key)
}
