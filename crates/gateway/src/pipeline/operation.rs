//! Chat that takes its time: the provider names an operation at once, and is asked after it until it is over.
//!
//! The deployment may be at work all the while, so an operation that nobody waits for any more is cancelled there.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use realm::AppId;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use wire::yandexgpt::{Operation, operation, paths};

use crate::code::Code;
use crate::epoch::Place;
use crate::gateway::Shared;
use crate::pipeline::failure::Failure;
use crate::pipeline::uploads::is_cut_off;
use crate::upstream::{Answer, Call, Fault, Provider};

/// The longest wait between two questions, in first waits.
const PAUSES_MAX: u32 = 10;
/// How long a cancellation may take, and how long its answer may be.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(10);
const CANCEL_BYTES_MAX: usize = 64 << 10;

/// How an operation ended; each with what the provider said of it.
pub(super) enum Over {
    /// With an answer.
    Answered(Bytes),
    /// With an error, which is like a refusal with this status.
    Refused(StatusCode, Bytes),
}

/// Whose operations are waited for.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    pub(super) shared: &'a Arc<Shared>,
    pub(super) place: &'a Arc<Place>,
    pub(super) provider: &'a Arc<Provider>,
}

/// Waits until an operation is over. `begun`: what the provider said when it began. Dropped before, it cancels it.
///
/// # Errors
/// If it makes no sense, is no longer known, or takes longer than an attempt may.
pub(super) async fn over(begun: Bytes, call: &Call<'_>, asker: Asker<'_>, most: usize) -> Result<Over, Failure> {
    let total = asker.provider.total();
    let waiting = asker.wait(begun, call, most);
    timeout(total, waiting).await.unwrap_or_else(|_| Err(Failure::fault(Fault::Timeout)))
}

impl Asker<'_> {
    async fn wait(self, begun: Bytes, call: &Call<'_>, most: usize) -> Result<Over, Failure> {
        let first = self.shared.settings.operation_pause;
        let (mut told, mut pause, mut running) = (begun, first, None::<Unfinished>);
        loop {
            match operation(&told) {
                Operation::Running { id } if running.is_none() => running = Some(Unfinished::new(id, call, self)?),
                Operation::Running { .. } => {}
                Operation::Done(_) => {
                    settled(running);
                    return Ok(Over::Answered(told));
                }
                Operation::Failed(failure) => {
                    settled(running);
                    let status = StatusCode::from_u16(failure.class.status()).unwrap_or(StatusCode::BAD_GATEWAY);
                    return Ok(Over::Refused(status, told));
                }
                Operation::Malformed => return Err(Failure::invalid(200)),
            }
            let Some(known) = &running else { return Err(Failure::invalid(200)) };
            told = match self.ask(&known.path, call, (&mut pause, first), most).await? {
                Some(told) => told,
                None => {
                    settled(running);
                    return Err(expired());
                }
            };
        }
    }

    /// Asks until there is word of it; none where the provider knows it no longer. A provider that is busy or out of
    /// reach for a while is asked again: it may be at work all the same.
    async fn ask(
        self,
        path: &str,
        call: &Call<'_>,
        (pause, first): (&mut Duration, Duration),
        most: usize,
    ) -> Result<Option<Bytes>, Failure> {
        loop {
            sleep(*pause).await;
            *pause = longer(*pause, first);
            let asked = self.provider.ask(&Call { path, now: self.shared.now(), ..call.clone() }).await;
            let status = match &asked {
                Ok(answer) => answer.status,
                Err(fault) if passes(*fault) => continue,
                Err(fault) => return Err(Failure { may_have_cost: true, ..Failure::fault(*fault) }),
            };
            match (status, asked) {
                (StatusCode::NOT_FOUND, _) => return Ok(None),
                (_, Ok(Answer { body, .. })) if status.is_success() => {
                    return body.whole(most).await.map(Some).map_err(Failure::fault);
                }
                (StatusCode::TOO_MANY_REQUESTS, _) => {}
                _ if status.is_server_error() => {}
                _ => return Err(unanswered(status)),
            }
        }
    }
}

/// A trouble of the connection, which the next one may not have.
fn passes(fault: Fault) -> bool {
    matches!(fault, Fault::Connect | Fault::ConnectTimeout | Fault::Timeout | Fault::Broken)
}

/// Half as long again each time, up to a bound.
fn longer(pause: Duration, first: Duration) -> Duration {
    (pause * 3 / 2).min(first * PAUSES_MAX)
}

fn expired() -> Failure {
    let words = "the provider no longer knows the operation: its answer was kept no longer, or it was removed there";
    let failure = Failure::of_deployment(Code::UpstreamError, words);
    Failure { status: Some(404), may_have_cost: true, ..failure }
}

fn unanswered(status: StatusCode) -> Failure {
    let words = format!("the provider answered with status {} when asked after the operation", status.as_u16());
    let failure = Failure::of_deployment(Code::UpstreamError, words);
    Failure { status: Some(status.as_u16()), may_have_cost: true, ..failure }
}

/// An operation that may still run at the provider: it is cancelled when nobody waits for it any more.
struct Unfinished {
    path: String,
    cancel: Option<Cancel>,
}

struct Cancel {
    path: String,
    shared: Arc<Shared>,
    place: Arc<Place>,
    provider: Arc<Provider>,
    app: AppId,
    request: (String, u32),
}

/// It is over: nothing is there to be cancelled.
fn settled(running: Option<Unfinished>) {
    if let Some(mut running) = running {
        running.cancel = None;
    }
}

impl Unfinished {
    fn new(id: String, call: &Call<'_>, asker: Asker<'_>) -> Result<Self, Failure> {
        let paths = paths::operation(&id).zip(paths::cancel(&id));
        let (path, cancel) = paths.ok_or_else(|| Failure::invalid(200))?;
        let (shared, place, provider) = (asker.shared.clone(), asker.place.clone(), asker.provider.clone());
        let (app, request) = (call.app.clone(), (call.request.0.to_owned(), call.request.1));
        Ok(Self { path, cancel: Some(Cancel { path: cancel, shared, place, provider, app, request }) })
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(cancel) = self.cancel.take() {
            let tasks = cancel.shared.tasks.clone();
            tasks.spawn(async move { cancel.run().await });
        }
    }
}

impl Cancel {
    async fn run(&self) {
        // Nothing goes to whom the operator has cut off, not even this.
        let (app, request) = (&self.app, (self.request.0.as_str(), self.request.1));
        let cut_off = is_cut_off(&self.shared, &self.place, (app, request.0));
        if cut_off || !self.asked(request).await {
            tracing::warn!(provider = %self.provider.id, request = request.0, attempt = request.1, "an operation that nobody waits for may still run at the provider");
        }
    }

    async fn asked(&self, request: (&str, u32)) -> bool {
        let (accept, now) = (HeaderValue::from_static("application/json"), self.shared.now());
        let call = Call { path: &self.path, accept, content_type: None, app: &self.app, request, now, traced: None };
        let by = Instant::now() + CANCEL_TIMEOUT;
        let asked = async {
            let answer = self.provider.ask(&call).await.ok()?;
            let status = answer.status;
            // Read to its end, so that the connection can be used again.
            answer.body.whole(CANCEL_BYTES_MAX).await.ok()?;
            Some(status.is_success() || status == StatusCode::NOT_FOUND)
        };
        timeout_at(by, asked).await.ok().flatten().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::longer;

    #[test]
    fn questions_become_rarer_up_to_a_bound() {
        let first = Duration::from_secs(1);
        let pauses: Vec<u128> = std::iter::successors(Some(first), |pause| Some(longer(*pause, first)))
            .take(8)
            .map(|pause| pause.as_millis())
            .collect();
        assert_eq!(pauses, [1_000, 1_500, 2_250, 3_375, 5_062, 7_593, 10_000, 10_000]);
    }
}
