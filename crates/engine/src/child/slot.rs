//! One request in work: how much of its prompt is read, what its answer is so far.

use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;

use super::model::Pieces;
use super::outbox::{Done, Finish};
use super::plan::Need;
use super::prompt::Job;
use super::refusal::Refusal;
use super::sample::Sampler;
use super::text::TextOut;

/// A request with a sequence in the cache.
pub(super) struct Slot {
    pub(super) job: Job,
    /// Its sequence in the cache.
    pub(super) sequence: i32,
    /// Tokens of the prompt given to the model.
    fed: usize,
    /// Tokens in the cache.
    position: i32,
    /// The last token of the answer, not yet given to the model.
    next: Option<LlamaToken>,
    generated: u32,
    text: TextOut,
    sampler: Sampler,
    /// The row of the batch whose logits are this slot's next token.
    pub(super) row: Option<i32>,
    /// Rows in the present energy window.
    pub(super) window_rows: u32,
    pub(super) cpu_s: f64,
    pub(super) energy_j: Option<f64>,
}

impl Slot {
    pub(super) fn new(mut job: Job, sequence: i32) -> Self {
        let text = TextOut::new(std::mem::take(&mut job.stops));
        let sampler = Sampler::new(job.sampling.clone());
        Self {
            job,
            sequence,
            fed: 0,
            position: 0,
            next: None,
            generated: 0,
            text,
            sampler,
            row: None,
            window_rows: 0,
            cpu_s: 0.0,
            energy_j: None,
        }
    }

    pub(super) fn need(&self) -> Need {
        match self.next {
            Some(_) => Need::Answer,
            None => Need::Prompt { left: self.job.prompt.len() - self.fed },
        }
    }

    /// The next `rows` tokens with their positions, and whether the last one's logits are needed.
    pub(super) fn rows(&mut self, rows: usize) -> (Vec<(LlamaToken, i32)>, bool) {
        let tokens: Vec<LlamaToken> = match self.next.take() {
            Some(token) => vec![token],
            None => {
                let tokens = self.job.prompt[self.fed..self.fed + rows].to_vec();
                self.fed += rows;
                tokens
            }
        };
        let placed = tokens.into_iter().zip(self.position..).collect::<Vec<_>>();
        self.position += i32::try_from(placed.len()).unwrap_or(0);
        self.window_rows += u32::try_from(placed.len()).unwrap_or(0);
        (placed, self.fed == self.job.prompt.len())
    }

    /// Takes the next token from `logits` into the answer. `Some`: the answer is over.
    pub(super) fn take_logits(&mut self, logits: &[f32], model: &LlamaModel, pieces: &mut Pieces) -> Option<Finish> {
        let token = match self.choose(logits) {
            Ok(Some(token)) => token,
            // A complete grammar allows the tokens that end an answer; here nothing is allowed.
            Ok(None) if has_end(model) => return Some(Finish::Failed(dead_end())),
            Ok(None) => return Some(self.finish("stop")),
            Err(refusal) => return Some(Finish::Failed(refusal)),
        };
        let token = LlamaToken(token.cast_signed());
        self.generated += 1;
        if model.vocab().is_eog(token) {
            return Some(self.finish("stop"));
        }
        if let Err(refusal) = self.accept(token) {
            return Some(Finish::Failed(refusal));
        }
        let shown = self.text.push(pieces.of(model, token));
        self.job.writer.push(&shown);
        if self.text.is_stopped() {
            return Some(self.finish("stop"));
        }
        if self.generated >= self.job.tokens_max {
            return Some(self.finish("length"));
        }
        self.next = Some(token);
        None
    }

    fn choose(&mut self, logits: &[f32]) -> Result<Option<u32>, Refusal> {
        let first = self.sampler.choose(logits);
        let (Some(token), Some(grammar)) = (first, &mut self.job.grammar) else {
            return match first {
                Some(token) => Ok(Some(token)),
                None => Err(Refusal::internal("the model's numbers are broken (no finite logit)")),
            };
        };
        // Most tokens that a model likes are right; asking about all of them is slow.
        if grammar.allows(token)? {
            return Ok(Some(token));
        }
        let masked = grammar.mask(logits)?;
        Ok(self.sampler.choose(&masked))
    }

    fn accept(&mut self, token: LlamaToken) -> Result<(), Refusal> {
        self.sampler.accept(token.0.cast_unsigned());
        match &mut self.job.grammar {
            Some(grammar) => grammar.accept(token.0.cast_unsigned()),
            None => Ok(()),
        }
    }

    fn finish(&mut self, reason: &'static str) -> Finish {
        let rest = self.text.finish();
        self.job.writer.push(&rest);
        Finish::Done(Done {
            reason,
            prompt_tokens: u32::try_from(self.job.prompt.len()).unwrap_or(u32::MAX),
            completion_tokens: self.generated,
            cpu_s: self.cpu_s,
            energy_j: self.energy_j,
        })
    }
}

/// Whether the vocabulary has a token that ends an answer.
fn has_end(model: &LlamaModel) -> bool {
    let vocabulary = model.vocab();
    vocabulary.eos().0 >= 0 || vocabulary.eot().0 >= 0
}

fn dead_end() -> Refusal {
    Refusal::invalid("grammar", "no token of this model can continue the answer as the grammar wants")
}
