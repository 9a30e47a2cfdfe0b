//! Images that a provider takes as files of their own, uploaded before the request that names them.
//!
//! They are part of the attempt: its intent counts them and its MAC covers them, before any of them leaves. None stays
//! longer than its request: whatever becomes of that, they are destroyed at the provider after it.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use realm::AppId;
use wire::gigachat::{FILES_PATH, Image, delete_path, uploaded};

use crate::cut::CutOff;
use crate::epoch::Place;
use crate::gateway::Shared;
use crate::pipeline::failure::Failure;
use crate::upstream::{Answer, Call, Fault, Held, Provider};

/// The longest answer about a file that is read.
const ANSWER_BYTES_MAX: usize = 64 << 10;
/// How long a file's end may take.
const DELETE_TIMEOUT: Duration = Duration::from_secs(10);

/// What a request holds at a provider until it is over: its turn, and its files.
#[derive(Default)]
pub(crate) struct Stay {
    turn: Held,
    files: Option<Box<Files>>,
}

/// Files at a provider, and what is needed to destroy them.
struct Files {
    shared: Arc<Shared>,
    place: Arc<Place>,
    provider: Arc<Provider>,
    app: AppId,
    request: (String, u32),
    ids: Vec<String>,
}

impl Stay {
    /// One without files.
    pub(crate) fn new(turn: Held) -> Self {
        Self { turn, files: None }
    }

    /// Uploads one more; where the provider refuses it, its refusal.
    ///
    /// # Errors
    /// If there is no answer, or one that makes no sense.
    pub(crate) async fn upload(
        &mut self,
        image: &Image,
        call: &Call<'_>,
        (shared, place, provider): (&Arc<Shared>, &Arc<Place>, &Arc<Provider>),
    ) -> Result<Option<Answer>, Failure> {
        let (kind, body) = image.upload();
        let kind = HeaderValue::from_str(&kind).ok();
        let accept = HeaderValue::from_static("application/json");
        let call = Call { path: FILES_PATH, accept, content_type: kind, ..*call };
        let unsure = Unsure { provider, request: call.request, settled: Cell::new(false) };
        let answer = provider.post(&call, body.into()).await.inspect_err(|fault| unsure.is_nothing_after(fault));
        let answer = answer.map_err(Failure::fault)?;
        if !answer.status.is_success() {
            unsure.is_settled();
            return Ok(Some(answer));
        }
        let status = answer.status.as_u16();
        let told = answer.body.whole(ANSWER_BYTES_MAX).await.map_err(Failure::fault)?;
        let id = uploaded(&told).ok_or_else(|| Failure::invalid(status))?;
        unsure.is_settled();
        let files = self.files.get_or_insert_with(|| {
            let (shared, place, provider) = (shared.clone(), place.clone(), provider.clone());
            let request = (call.request.0.to_owned(), call.request.1);
            Box::new(Files { shared, place, provider, app: call.app.clone(), request, ids: Vec::new() })
        });
        files.ids.push(id);
        Ok(None)
    }

    /// The ids of what was uploaded, in order.
    pub(crate) fn ids(&self) -> &[String] {
        self.files.as_ref().map(|files| files.ids.as_slice()).unwrap_or_default()
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        if let Some(files) = self.files.take() {
            // The turn is kept until they are gone: the provider counts every request.
            let (turn, tasks) = (self.turn.take(), files.shared.tasks.clone());
            tasks.spawn(async move {
                let _turn = turn;
                files.destroy().await;
            });
        }
    }
}

/// An upload of which nobody knows yet what the provider calls it. Whatever ends it before that, somebody must hear of it.
struct Unsure<'a> {
    provider: &'a Provider,
    request: (&'a str, u32),
    settled: Cell<bool>,
}

impl Unsure<'_> {
    fn is_settled(&self) {
        self.settled.set(true);
    }

    /// Where nothing was sent, nothing is there.
    fn is_nothing_after(&self, fault: &Fault) {
        if matches!(fault, Fault::Connect | Fault::NoToken | Fault::CutOff) {
            self.is_settled();
        }
    }
}

impl Drop for Unsure<'_> {
    fn drop(&mut self) {
        if self.settled.get() {
            return;
        }
        let (request, attempt) = self.request;
        tracing::warn!(provider = %self.provider.id, request, attempt, "an image may be at the provider, under a name that it did not say");
    }
}

/// Whether nothing may go to a deployment any more, be it to clear up after a request.
pub(super) fn is_cut_off(shared: &Shared, place: &Place, (app, request): (&AppId, &str)) -> bool {
    let (live, now) = (shared.live.load(), shared.now());
    let drilled = |cut: &Arc<CutOff>| cut.may_take(&place.id, (app, request), now);
    live.suspended.deployments.contains(&place.id)
        || live.suspended.providers.contains(&place.provider_id)
        || live.cut.as_ref().is_some_and(drilled)
}

impl Files {
    async fn destroy(&self) {
        for id in &self.ids {
            // Nothing goes to whom the operator has cut off, not even this.
            let cut_off = is_cut_off(&self.shared, &self.place, (&self.app, &self.request.0));
            if cut_off || !self.destroyed(id).await {
                tracing::warn!(provider = %self.provider.id, file = id, "an uploaded image may still be at the provider");
            }
        }
    }

    async fn destroyed(&self, id: &str) -> bool {
        let path = delete_path(id);
        let accept = HeaderValue::from_static("application/json");
        let (request, now) = ((self.request.0.as_str(), self.request.1), self.shared.now());
        let call = Call { path: &path, accept, content_type: None, app: &self.app, request, now, traced: None };
        let asked = async {
            let answer = self.provider.post(&call, Bytes::new()).await.ok()?;
            let status = answer.status;
            // Read to its end, so that the connection can be used again.
            answer.body.whole(ANSWER_BYTES_MAX).await.ok()?;
            Some(status.is_success() || status == StatusCode::NOT_FOUND)
        };
        tokio::time::timeout(DELETE_TIMEOUT, asked).await.ok().flatten().unwrap_or(false)
    }
}
