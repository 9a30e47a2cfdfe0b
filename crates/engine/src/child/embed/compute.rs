//! Computing the vector of a text: a context of its own, made when the first one is asked for.

use std::num::NonZeroU32;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::{LlamaContextParams, LlamaPoolingType};
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;

use super::super::model::Embeds;
use super::super::refusal::Refusal;
use super::super::sys;
use crate::memory;

/// Makes vectors; owned by the thread that computes.
pub(in super::super) struct Embedder {
    backend: &'static LlamaBackend,
    model: &'static LlamaModel,
    embeds: Embeds,
    threads: i32,
    made: Option<(LlamaContext<'static>, LlamaBatch<'static>)>,
}

impl Embedder {
    pub(in super::super) fn new(
        backend: &'static LlamaBackend,
        model: &'static LlamaModel,
        embeds: Embeds,
        threads: i32,
    ) -> Self {
        Self { backend, model, embeds, threads, made: None }
    }

    /// The vector of a text, of length 1.
    pub(in super::super) fn vector(&mut self, tokens: &[LlamaToken]) -> Result<Vec<f32>, Refusal> {
        let (context, batch) = match &mut self.made {
            Some(made) => made,
            None => self.made.insert(make(self.backend, self.model, &self.embeds, self.threads)?),
        };
        let failed = |why: String| Refusal::internal(format!("computing the vector failed: {why}"));
        context.clear_kv_cache();
        batch.clear();
        for (token, position) in tokens.iter().zip(0..) {
            // Pooling needs every row.
            batch.add(*token, position, &[0], true).map_err(|e| failed(e.to_string()))?;
        }
        context.decode(batch).map_err(|e| failed(e.to_string()))?;
        let vector = context.embeddings_seq_ith(0).map_err(|e| failed(e.to_string()))?;
        unit(vector).ok_or_else(|| failed("the model's numbers are broken".into()))
    }
}

fn make(
    backend: &'static LlamaBackend,
    model: &'static LlamaModel,
    embeds: &Embeds,
    threads: i32,
) -> Result<(LlamaContext<'static>, LlamaBatch<'static>), Refusal> {
    let (needed, available) = (embeds.context_bytes, memory::available_bytes());
    if needed > available {
        let message = format!("embeddings need about {} MiB, {} MiB are available", needed >> 20, available >> 20);
        return Err(Refusal::new(503, "overloaded", message));
    }
    let pooling = if embeds.pools_itself { LlamaPoolingType::Unspecified } else { LlamaPoolingType::Mean };
    let params = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(embeds.tokens_max))
        .with_n_batch(embeds.tokens_max)
        .with_n_ubatch(embeds.tokens_max)
        .with_n_seq_max(1)
        .with_n_threads(threads)
        .with_n_threads_batch(threads)
        .with_embeddings(true)
        .with_pooling_type(pooling)
        .with_no_perf(true);
    let failed = |_| Refusal::internal(format!("no context for embeddings: {}", sys::first_error()));
    let context = model.new_context(backend, params).map_err(failed)?;
    Ok((context, LlamaBatch::new(embeds.tokens_max as usize, 1)))
}

/// The vector in its direction, of length 1; `None` if it has none.
fn unit(vector: &[f32]) -> Option<Vec<f32>> {
    let length = vector.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
    #[expect(clippy::cast_possible_truncation, reason = "back to what the model computes in")]
    let scaled = || vector.iter().map(|x| (f64::from(*x) / length) as f32).collect();
    (length.is_finite() && length > 0.0).then(scaled)
}
