//! The yardstick: the library's decode call and an argmax, nothing else.

use std::num::NonZeroU32;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::token::LlamaToken;
use rustix::time::{ClockId, clock_gettime};

use crate::{Cost, PARALLEL, Plan, prompt};

pub(crate) struct Bare {
    context: LlamaContext<'static>,
    plan: Plan,
}

impl Bare {
    /// Loads the model with the parameters that the engine uses.
    pub(crate) fn load(plan: &Plan) -> Result<Self, String> {
        let mut backend = LlamaBackend::init().map_err(|e| e.to_string())?;
        backend.void_logs();
        let backend: &'static LlamaBackend = Box::leak(Box::new(backend));
        let model = LlamaModel::load_from_file(backend, &plan.model, &LlamaModelParams::default())
            .map_err(|e| e.to_string())?;
        let model: &'static LlamaModel = Box::leak(Box::new(model));
        let parallel = PARALLEL.into_iter().max().unwrap_or(1);
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(parallel * (plan.prompt + plan.tokens + 1)))
            .with_n_batch(engine::memory::BATCH_ROWS_MAX)
            .with_n_ubatch(engine::memory::BATCH_ROWS_MAX)
            .with_n_seq_max(parallel)
            .with_n_threads(1)
            .with_n_threads_batch(1)
            .with_kv_unified(true)
            .with_no_perf(true);
        let context = model.new_context(backend, params).map_err(|e| e.to_string())?;
        Ok(Self { context, plan: plan.clone() })
    }

    /// `parallel` answers, computed together.
    pub(crate) fn run(&mut self, parallel: u32) -> Result<Cost, String> {
        self.context.clear_kv_cache();
        let mut batch = LlamaBatch::new(engine::memory::BATCH_ROWS_MAX as usize, 1);
        let began = cpu_s();
        let mut next = Vec::new();
        for sequence in 0..parallel {
            batch.clear();
            let tokens = prompt(sequence, self.plan.prompt);
            for (i, token) in tokens.iter().enumerate() {
                let last = i + 1 == tokens.len();
                add(&mut batch, *token, i32::try_from(i).unwrap_or(0), sequence, last)?;
            }
            self.context.decode(&mut batch).map_err(|e| e.to_string())?;
            next.push(argmax(self.context.get_logits_ith(batch.n_tokens() - 1)));
        }
        for step in 1..self.plan.tokens {
            batch.clear();
            let position = (self.plan.prompt + step - 1).cast_signed();
            for (sequence, token) in (0..).zip(&next) {
                add(&mut batch, *token, position, sequence, true)?;
            }
            self.context.decode(&mut batch).map_err(|e| e.to_string())?;
            for (row, token) in (0..).zip(&mut next) {
                *token = argmax(self.context.get_logits_ith(row));
            }
        }
        Ok(Cost { tokens: u64::from(parallel * self.plan.tokens), cpu_s: cpu_s() - began })
    }
}

fn add(batch: &mut LlamaBatch, token: u32, position: i32, sequence: u32, logits: bool) -> Result<(), String> {
    batch.add(LlamaToken(token.cast_signed()), position, &[sequence.cast_signed()], logits).map_err(|e| e.to_string())
}

/// As fast as it can be written: several running maxima, then the place of the largest.
fn argmax(logits: &[f32]) -> u32 {
    let mut lanes = [f32::NEG_INFINITY; 16];
    let chunks = logits.chunks_exact(16);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = if *x > *lane { *x } else { *lane };
        }
    }
    let best = lanes.iter().chain(rest).fold(f32::NEG_INFINITY, |a, b| if *b > a { *b } else { a });
    let place = logits.iter().position(|x| x.total_cmp(&best).is_eq());
    place.and_then(|i| u32::try_from(i).ok()).unwrap_or(0)
}

fn cpu_s() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let whole = u32::try_from(time.tv_sec).unwrap_or(0);
    f64::from(whole) + f64::from(u32::try_from(time.tv_nsec).unwrap_or(0)) / 1e9
}
