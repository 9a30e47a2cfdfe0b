//! From a request to a job: template, tokens, limits, grammar. Runs beside the server's thread,
//! because long texts take their time.

use llama_cpp_2::token::LlamaToken;

use super::embed;
use super::grammar::Grammar;
use super::model::Model;
use super::outbox::Writer;
use super::refusal::Refusal;
use super::request::{Ask, Input, Shape};
use super::sample::Sampling;

/// What the scheduler is given to do.
pub(super) enum Work {
    Answer(Box<Job>),
    Vectors(embed::Job),
}

/// A request as the scheduler wants it.
pub(super) struct Job {
    /// Who asks: turns are fair between apps.
    pub(super) app: String,
    pub(super) prompt: Vec<LlamaToken>,
    pub(super) tokens_max: u32,
    pub(super) sampling: Sampling,
    pub(super) stops: Vec<String>,
    pub(super) grammar: Option<Grammar>,
    pub(super) writer: Writer,
}

impl Job {
    /// Cells of the cache that it may come to need.
    pub(super) fn cells(&self) -> u64 {
        self.prompt.len() as u64 + u64::from(self.tokens_max)
    }
}

/// Makes the job for `ask`; `random` is its seed if it brings none.
pub(super) fn prepare(model: &Model, ask: Ask, app: String, random: u64, writer: Writer) -> Result<Job, Refusal> {
    if model.encodes_only {
        let message = "this model makes embeddings and no answers: ask it at `/v1/embeddings`";
        return Err(Refusal::new(400, "unsupported_parameter", message));
    }
    let context = model.ready.context_tokens;
    let prompt = tokens(model, ask.input)?;
    let length = u32::try_from(prompt.len()).unwrap_or(u32::MAX);
    if length >= context {
        return Err(Refusal::too_long(u64::from(length), false, context));
    }
    let grammar = match &ask.params.shape {
        Shape::Free => None,
        Shape::Schema(schema) => Some(Grammar::of_schema(&model.vocabulary, schema)?),
        Shape::Grammar(text) => Some(Grammar::of_gbnf(&model.vocabulary, text, &|name| model.token_of(name))?),
    };
    let room = context - length;
    Ok(Job {
        app,
        prompt,
        tokens_max: ask.params.max_tokens.map_or(room, |n| n.min(room)),
        sampling: Sampling { seed: ask.params.seed.unwrap_or(random), ..ask.params.sampling },
        stops: ask.params.stops,
        grammar,
        writer,
    })
}

fn tokens(model: &Model, input: Input) -> Result<Vec<LlamaToken>, Refusal> {
    let text = match input {
        Input::Tokens(tokens) => return known_tokens(model, "prompt", &tokens),
        Input::Text(text) => text,
        Input::Chat(messages) => model.template.render(&messages)?,
    };
    let least = model.tokens_at_least(&text);
    if least >= model.ready.context_tokens as usize {
        return Err(Refusal::too_long(least as u64, true, model.ready.context_tokens));
    }
    let tokens = model.tokenize(&text);
    if tokens.is_empty() {
        return Err(Refusal::invalid("prompt", "is empty"));
    }
    Ok(tokens)
}

/// Token numbers that the model knows; `param` is where they stand.
pub(super) fn known_tokens(model: &Model, param: &str, tokens: &[u32]) -> Result<Vec<LlamaToken>, Refusal> {
    let vocabulary = model.vocabulary_tokens();
    tokens
        .iter()
        .map(|token| match i32::try_from(*token) {
            Ok(id) if *token < vocabulary => Ok(LlamaToken(id)),
            _ => Err(Refusal::invalid(param, format!("there is no token {token}"))),
        })
        .collect()
}
