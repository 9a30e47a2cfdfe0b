//! The loaded model: what is needed of it outside of computing.

use std::collections::HashMap;
use std::sync::Arc;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::token::LlamaToken;
use serde_json::{Value, json};

use super::embed::Embedder;
use super::energy::Meter;
use super::grammar::Vocabulary;
use super::sys;
use super::template::Template;
use crate::args::ChildArgs;
use crate::control::Ready;
use crate::error::Error;
use crate::gguf::Header;
use crate::{cpu, gguf, memory};

const PARALLEL_MAX: u32 = 64;
const ENGINE: &str = "llama.cpp (llama-cpp-2 0.1.160)";

/// What the HTTP side knows of the model. Lives as long as the process.
pub(super) struct Model {
    pub(super) llama: &'static LlamaModel,
    pub(super) template: Template,
    pub(super) ready: Ready,
    /// What every answer says about itself.
    pub(super) note: Option<String>,
    pub(super) vocabulary: Arc<Vocabulary>,
    /// How it makes vectors; or why it does not.
    pub(super) embeds: Result<Embeds, &'static str>,
    /// Whether it makes vectors and nothing else.
    pub(super) encodes_only: bool,
    /// Bytes of the longest token: a lower bound on the tokens of a text.
    longest_token_bytes: usize,
}

/// How a model makes vectors of texts.
#[derive(Clone, Debug)]
pub(super) struct Embeds {
    pub(super) dimensions: u32,
    /// Tokens of one text: it is computed in one batch.
    pub(super) tokens_max: u32,
    /// Whether the file says how the rows of a text become one vector; else they are averaged.
    pub(super) pools_itself: bool,
    /// Bytes that its context takes, estimated.
    pub(super) context_bytes: u64,
}

/// A loaded model with what computes.
pub(super) struct Loaded {
    pub(super) model: Model,
    pub(super) context: LlamaContext<'static>,
    pub(super) embedder: Option<Embedder>,
}

/// Checks, loads, and makes a context to compute in.
pub(super) fn load(args: &ChildArgs) -> Result<Loaded, Error> {
    sys::keep_logs();
    let instruction_sets = cpu::compiled_for(&sys::system_info());
    let missing = cpu::missing(&instruction_sets);
    if !missing.is_empty() {
        return Err(Error::Processor(missing.join(", ")));
    }
    if !(1..=PARALLEL_MAX).contains(&args.parallel) {
        let message = format!("--parallel must be from 1 to {PARALLEL_MAX}, not {}", args.parallel);
        return Err(Error::Argument(message));
    }
    let header = gguf::read_file(&args.model).map_err(|source| Error::Model { path: args.model.clone(), source })?;
    let available = memory::available_bytes();
    let context_tokens = memory::context_tokens(&header, args.context_tokens);
    let cells = memory::cells(&header, context_tokens, args.parallel, available);
    memory::Estimate::of(&header, cells, args.parallel).check(available)?;
    let threads = args.threads.unwrap_or_else(cpu::threads_default).max(1);
    let (backend, llama, context) = load_llama(args, cells, threads)?;
    let ready = Ready {
        engine: ENGINE.into(),
        model: name(&header, args),
        architecture: header.architecture.clone(),
        parameters: header.parameters,
        quantisation: header.quantisation.clone(),
        toy: header.toy,
        context_tokens,
        cache_tokens: context.n_ctx(),
        parallel: args.parallel,
        threads,
        instruction_sets,
        energy_method: Meter::system().method().into(),
    };
    eprintln!("{ENGINE}: {} threads, compiled for {}", threads, ready.instruction_sets.join(" "));
    let template = template(llama, &header);
    let note = note(&ready, &template, header.is_encoder());
    let longest_token_bytes = llama.tokens(true).map(|(_, bytes)| bytes.len()).max().unwrap_or(1).max(1);
    let pieces = llama.tokens(false).map(|(token, bytes)| (bytes, llama.vocab().is_eog(token)));
    let vocabulary = Arc::new(Vocabulary::new(pieces));
    let embeds = embeds(llama, &header, context_tokens);
    let embedder = embeds.clone().ok().map(|embeds| Embedder::new(backend, llama, embeds, signed(threads)));
    let encodes_only = header.is_encoder();
    let model = Model { llama, template, ready, note, vocabulary, embeds, encodes_only, longest_token_bytes };
    Ok(Loaded { model, context, embedder })
}

fn embeds(llama: &LlamaModel, header: &Header, context_tokens: u32) -> Result<Embeds, &'static str> {
    if header.pooling == Some(gguf::POOLING_RANK) {
        return Err("this model ranks texts: it makes no vectors of them");
    }
    let tokens_max = memory::embedding_tokens(header, context_tokens);
    Ok(Embeds {
        dimensions: u32::try_from(llama.n_embd_out()).unwrap_or(0),
        tokens_max,
        pools_itself: header.pooling.is_some_and(|pooling| pooling != gguf::POOLING_NONE),
        context_bytes: memory::embedding_bytes(header, tokens_max),
    })
}

fn signed(threads: u32) -> i32 {
    i32::try_from(threads).unwrap_or(1)
}

fn load_llama(
    args: &ChildArgs,
    cells: u64,
    threads: u32,
) -> Result<(&'static LlamaBackend, &'static LlamaModel, LlamaContext<'static>), Error> {
    let failed = |what: &str| Error::Load(format!("{what}: {}", sys::first_error()));
    let backend = LlamaBackend::init().map_err(|e| Error::Load(e.to_string()))?;
    // One model for the whole life of the process: leaking it is owning it, without lifetimes.
    let backend: &'static LlamaBackend = Box::leak(Box::new(backend));
    let mut params = LlamaModelParams::default();
    if cfg!(any(feature = "cuda", feature = "vulkan")) {
        params = params.with_n_gpu_layers(u32::from(u16::MAX));
    }
    let llama =
        LlamaModel::load_from_file(backend, &args.model, &params).map_err(|_| failed("the file was refused"))?;
    let llama: &'static LlamaModel = Box::leak(Box::new(llama));
    let cells = u32::try_from(cells).ok().and_then(std::num::NonZeroU32::new);
    let threads = signed(threads);
    let params = LlamaContextParams::default()
        .with_n_ctx(cells)
        .with_n_batch(memory::BATCH_ROWS_MAX)
        .with_n_ubatch(memory::BATCH_ROWS_MAX)
        .with_n_seq_max(args.parallel)
        .with_n_threads(threads)
        .with_n_threads_batch(threads)
        .with_kv_unified(true)
        .with_no_perf(true);
    let context = llama.new_context(backend, params).map_err(|_| failed("no context"))?;
    Ok((backend, llama, context))
}

fn name(header: &Header, args: &ChildArgs) -> String {
    let stem = || args.model.file_stem().map(|s| s.to_string_lossy().into_owned());
    header.name.clone().filter(|n| !n.is_empty()).or_else(stem).unwrap_or_else(|| "model".into())
}

fn template(llama: &LlamaModel, header: &Header) -> Template {
    let vocabulary = llama.vocab();
    let text = |token: LlamaToken| {
        if token.0 < 0 {
            return String::new();
        }
        String::from_utf8_lossy(&vocabulary.token_to_piece(token, true, None)).into_owned()
    };
    Template::new(header.chat_template.as_deref(), text(vocabulary.bos()), text(vocabulary.eos()))
}

fn note(ready: &Ready, template: &Template, encodes_only: bool) -> Option<String> {
    let mut notes = Vec::new();
    if ready.toy {
        notes.push(format!("a toy of {} parameters: it answers what it was taught, and little else", ready.parameters));
    }
    if template.is_default && !encodes_only {
        notes.push("the model file has no chat template: ChatML is used".into());
    }
    (!notes.is_empty()).then(|| notes.join("; "))
}

impl Model {
    /// What every answer says of the engine, but for its own numbers.
    pub(super) fn about(&self) -> Value {
        let ready = &self.ready;
        json!({
            "engine": ready.engine, "model": ready.model, "parameters": ready.parameters,
            "quantisation": ready.quantisation, "toy": ready.toy, "note": self.note,
            "energy_method": ready.energy_method,
        })
    }

    /// The tokens of a text that is only text: special tokens written in it do not count as such.
    pub(super) fn tokens_of(&self, text: &str) -> Vec<LlamaToken> {
        self.llama.vocab().tokenize(text.as_bytes(), true, false)
    }

    /// Fewest tokens that `text` can have.
    pub(super) fn tokens_at_least(&self, text: &str) -> usize {
        text.len() / self.longest_token_bytes
    }

    /// The tokens of `text`; special tokens written in it count as such.
    pub(super) fn tokenize(&self, text: &str) -> Vec<LlamaToken> {
        self.llama.vocab().tokenize(text.as_bytes(), true, true)
    }

    /// The number of the one token that `text` is, if it is one.
    pub(super) fn token_of(&self, text: &str) -> Option<u32> {
        match self.llama.vocab().tokenize(text.as_bytes(), false, true).as_slice() {
            [token] => u32::try_from(token.0).ok(),
            _ => None,
        }
    }

    /// The vocabulary's size.
    pub(super) fn vocabulary_tokens(&self) -> u32 {
        u32::try_from(self.llama.n_vocab()).unwrap_or(0)
    }
}

/// The bytes of every token that ends up in answers, looked up once each.
#[derive(Default)]
pub(super) struct Pieces {
    known: HashMap<i32, Box<[u8]>>,
}

impl Pieces {
    pub(super) fn of(&mut self, model: &LlamaModel, token: LlamaToken) -> &[u8] {
        self.known.entry(token.0).or_insert_with(|| model.vocab().token_to_piece(token, false, None).into())
    }
}
