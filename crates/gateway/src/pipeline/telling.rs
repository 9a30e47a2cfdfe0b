//! What a trace will tell of a request, gathered while it lives. Without tracing there is nothing of this.

use realm::UnixMs;
use realm::record::Outcome;
use wire::openai::Endpoint;

use crate::code::Code;
use crate::epoch::Place;
use crate::pipeline::Life;
use crate::pipeline::accept::Accepted;
use crate::trace::{Attempted, Story, TraceContext, header, model_name};

/// What is known so far.
pub(crate) struct Telling {
    context: TraceContext,
    began: UnixMs,
    attempts: Vec<Attempted>,
    /// Why the answer ended.
    pub(crate) finish: Option<&'static str>,
}

impl Telling {
    pub(super) fn new(context: TraceContext, began: UnixMs) -> Self {
        Self { context, began, attempts: Vec::new(), finish: None }
    }

    /// An attempt begins; the header that places what the provider does below it.
    pub(super) fn attempt(&mut self, accepted: &Accepted, place: &Place, span_id: u64) -> Option<String> {
        self.attempts.push(Attempted {
            span_id,
            after: accepted.started.elapsed(),
            took: std::time::Duration::ZERO,
            deployment: place.id.clone(),
            provider: place.provider_id.clone(),
            model: place.upstream_model.clone(),
            answered_by: None,
            status: None,
            error: None,
            tokens: None,
            finish: None,
        });
        place.traced.then(|| header(&self.context, span_id))
    }

    /// How the attempts ended, as their record says it.
    pub(super) fn ended(&mut self, accepted: &Accepted, outcome: &Outcome) {
        for (told, attempt) in self.attempts.iter_mut().zip(&outcome.attempts) {
            told.took = std::time::Duration::from_millis(attempt.took_ms);
            told.status = attempt.status;
            told.error.clone_from(&attempt.error);
        }
        // The record counts milliseconds; the last attempt ends now.
        if let Some(last) = self.attempts.last_mut() {
            last.took = accepted.started.elapsed().saturating_sub(last.after);
        }
        if let Some(last) = self.attempts.last_mut().filter(|last| last.error.is_none()) {
            last.tokens = Some((outcome.tokens.input, outcome.tokens.output));
            let asked = Some(last.model.clone());
            last.answered_by = outcome.model.as_deref().map_or(asked, model_name);
            last.finish = self.finish;
        }
    }

    fn story(self, life: &Life<'_>, code: Option<Code>) -> Story {
        let (path, operation) = match life.accepted.endpoint {
            Endpoint::Chat => ("/v1/chat/completions", "chat"),
            Endpoint::Completions => ("/v1/completions", "text_completion"),
            Endpoint::Embeddings => ("/v1/embeddings", "embeddings"),
        };
        Story {
            context: self.context,
            began: self.began,
            took: life.accepted.started.elapsed(),
            path,
            operation,
            req: life.accepted.id.clone(),
            app: life.caller.app.id.clone(),
            route: life.route.clone(),
            code: code.map_or("ok", Code::as_str),
            status: code.map_or(200, |code| code.status().as_u16()),
            attempts: self.attempts,
        }
    }
}

impl Life<'_> {
    /// Notes how its attempts ended.
    pub(crate) fn note_attempts(&mut self, outcome: &Outcome) {
        if let Some(telling) = &mut self.telling {
            telling.ended(self.accepted, outcome);
        }
    }

    /// Tells the request's story, which is over.
    pub(crate) fn tell(&mut self, code: Option<Code>) {
        if let Some(telling) = self.telling.take() {
            self.shared.tell(telling.story(self, code));
        }
    }
}
