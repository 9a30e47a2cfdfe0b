//! The console and the control API beside the gateway: they see the gateway through a small window of their own.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use api::{Around, Heard, Opened, PlaceState, Ready, Saved};
use bytes::Bytes;
use console::{Console, Guard, Parts};
use gateway::{Annex, Begin, Gateway, Journal, Wait};
use http::header::{HOST, HeaderValue};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use policy::Compiled;
use realm::snapshot::Snapshot;
use realm::world::{Credential, SignIn};
use tokio::sync::mpsc;

use super::anew::Anew;
use super::assemble::Assembled;
use super::identity::{self, Turns};
use super::saving::Saving;
use crate::clock::SystemClock;
use crate::packs::Near;
use crate::realms::KeptSnapshots;

/// The console and the control API, as the gateway hands requests to them.
struct Beside {
    console: Console,
    anew: Option<Anew>,
    turns: Turns,
    saving: Saving,
}

/// The gateway, as the console sees it.
struct Seen<'a> {
    gateway: &'a Gateway,
    anew: Option<&'a Anew>,
    turns: &'a Turns,
    saving: &'a Saving,
}

/// Lets the console answer below `/console`, and the control API below `/api/v1`.
pub(super) fn mount(assembled: &Assembled, guard: Guard) {
    let console = Console::new(Parts {
        desk: api::Parts {
            packs: Arc::new(Near(absolute(&assembled.realm_dir))),
            scenarios: Some(absolute(&assembled.realm_dir).join("drills")),
            ..api::Parts::new(
                assembled.store.clone(),
                assembled.journal.log().clone(),
                assembled.journal.log_id().to_owned(),
                absolute(assembled.data.path()),
                Arc::new(KeptSnapshots::new(assembled.data.snapshots())),
            )
        },
        program: std::env::args().next().unwrap_or_else(|| "freehold".to_owned()),
        clock: Arc::new(SystemClock),
        guard,
    });
    let saving = Saving::new(assembled.store.clone(), assembled.data.clone());
    let anew = assembled.anew.clone();
    assembled.gateway.annex(Arc::new(Beside { console, anew, turns: Turns::default(), saving }));
}

/// A path that stays the same wherever the process goes.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

impl Annex for Beside {
    fn answer<'a>(
        &'a self,
        gateway: &'a Gateway,
        peer: IpAddr,
        request: Request<Bytes>,
        begin: &'a Begin,
    ) -> Wait<'a, Response<Bytes>> {
        let Self { console, anew, turns, saving } = self;
        let seen = Seen { gateway, anew: anew.as_ref(), turns, saving };
        Box::pin(async move {
            if request.uri().path().starts_with(api::v1::PATH) {
                let parts = console.parts();
                return api::v1::respond(&parts.desk, &seen, &*parts.clock, request, begin).await;
            }
            console.answer(&seen, peer, request, Some(begin)).await
        })
    }
}

/// Bytes on their way to or from the gateway.
const PIPE_BYTES: usize = 64 << 10;
/// The longest answer that is waited for, in bytes.
const ANSWER_BYTES_MAX: usize = 4 << 20;

/// Parts of an answer that wait for a slow page.
const PARTS_AHEAD: usize = 16;

/// Opens a request over a connection of its own, within this process; its parts are carried over in a task beside.
async fn opened(gateway: Gateway, mut request: Request<Bytes>) -> Result<Response<mpsc::Receiver<Bytes>>, String> {
    let (near, far) = tokio::io::duplex(PIPE_BYTES);
    gateway.serve_within(far);
    let failed = |error: hyper::Error| error.to_string();
    let (mut client, connection) = http1::handshake(TokioIo::new(near)).await.map_err(failed)?;
    let tasks = gateway::Tasks::default();
    // Whoever waits below hears of its end.
    tasks.spawn(async move { drop(connection.await) });
    request.headers_mut().insert(HOST, HeaderValue::from_static("localhost"));
    let (head, mut body) = client.send_request(request.map(Full::new)).await.map_err(failed)?.into_parts();
    let (parts, rest) = mpsc::channel(PARTS_AHEAD);
    tasks.spawn(async move {
        // The connection lives as long as its client.
        let _client = client;
        while let Some(Ok(frame)) = body.frame().await {
            if let Ok(bytes) = frame.into_data()
                && parts.send(bytes).await.is_err()
            {
                break;
            }
        }
    });
    Ok(Response::from_parts(head, rest))
}

/// Sends a request the same way, and waits for the end of its answer.
pub(crate) async fn sent(gateway: Gateway, request: Request<Bytes>) -> Result<(), String> {
    let mut rest = opened(gateway, request).await?.into_body();
    let mut bytes = 0;
    while let Some(part) = rest.recv().await {
        bytes += part.len();
        if bytes > ANSWER_BYTES_MAX {
            return Err(format!("an answer of more than {ANSWER_BYTES_MAX} bytes"));
        }
    }
    Ok(())
}

impl Around for Seen<'_> {
    fn snapshot(&self) -> Arc<Snapshot> {
        self.gateway.snapshot()
    }

    fn compiled(&self) -> Arc<Compiled> {
        self.gateway.compiled()
    }

    fn ready(&self) -> Ready {
        let gateway::Readiness { reasons, warnings, .. } = self.gateway.ready();
        Ready { reasons, warnings }
    }

    fn places(&self) -> Vec<PlaceState> {
        let state = |place: gateway::PlaceState| PlaceState {
            deployment: place.deployment,
            trouble: place.trouble,
            wait_ms: place.wait_ms,
            law_wait_ms: place.law_wait_ms,
            running: place.running,
        };
        self.gateway.places().into_iter().map(state).collect()
    }

    fn lets_in(&self, key: &[u8; 32]) -> bool {
        self.gateway.lets_in(key)
    }

    fn may_begin_anew(&self) -> bool {
        self.anew.is_some()
    }

    fn begin_anew(&self, by: &str) {
        if let Some(anew) = self.anew {
            anew.ask(by);
        }
    }

    fn backup(&self) -> Saved {
        self.saving.make()
    }

    fn ask_provider(&self, provider: &SignIn, request: Request<Vec<u8>>) -> Heard {
        Box::pin(self.turns.clone().ask(provider.clone(), request))
    }

    fn secret(&self, from: &Credential) -> Result<String, String> {
        identity::secret(from)
    }

    fn open(&self, request: Request<Bytes>) -> Opened<'_> {
        Box::pin(opened(self.gateway.clone(), request))
    }
}
