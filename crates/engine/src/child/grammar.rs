//! Answers of a given shape: JSON schemas and GBNF grammars, enforced token by token.
//!
//! llama.cpp turns schemas into GBNF; reading and following it is ours. Its own follower keeps
//! every way that a text can be read as a list of its own, without a bound: a grammar of 24 lines
//! takes all memory there is, inside a call that nothing can interrupt. Here each step is counted.

mod check;
mod machine;
mod parse;
mod rules;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::sync::Arc;

use machine::{Machine, Spent};

use super::refusal::Refusal;
use super::request::Schema;
pub(super) use vocabulary::Vocabulary;

const SCHEMA_PARAM: &str = "response_format.json_schema";
const GRAMMAR_PARAM: &str = "grammar";

/// Steps that one question (which tokens may come, go on by this one) may take: 0.1 to 0.3 s.
const STEPS_MAX: u64 = 2_000_000;
/// Steps that an answer may take on the whole: so many to begin with, so many more per token.
const STEPS_BEFORE: u64 = 8_000_000;
const STEPS_PER_TOKEN: u64 = 100_000;

/// A grammar and how far the answer has come in it.
pub(super) struct Grammar {
    machine: Machine,
    vocabulary: Arc<Vocabulary>,
    param: &'static str,
    /// Steps that are left.
    left: u64,
}

impl Grammar {
    /// Compiles a JSON schema.
    pub(super) fn of_schema(vocabulary: &Arc<Vocabulary>, schema: &Schema) -> Result<Self, Refusal> {
        for pattern in &schema.patterns {
            if !is_honoured(pattern) {
                let message = format!("the pattern `{pattern}` cannot be honoured (it must be anchored: `^…$`)");
                return Err(Refusal::invalid(SCHEMA_PARAM, message));
            }
        }
        let grammar = llama_cpp_2::json_schema_to_grammar(&schema.text).map_err(|_| {
            let message = "this schema cannot be turned into a grammar (a type, pattern or reference in it)";
            Refusal::invalid(SCHEMA_PARAM, message)
        })?;
        let compiled = Self::compile(vocabulary, &grammar, SCHEMA_PARAM, &|_| None);
        compiled.map_err(|why| Refusal::invalid(SCHEMA_PARAM, format!("the schema makes no usable grammar: {why}")))
    }

    /// Compiles GBNF. `token_of` knows the number of a token by its text.
    pub(super) fn of_gbnf(
        vocabulary: &Arc<Vocabulary>,
        text: &str,
        token_of: &dyn Fn(&str) -> Option<u32>,
    ) -> Result<Self, Refusal> {
        let known = |name: &str| match name.strip_prefix("<[").and_then(|n| n.strip_suffix("]>")) {
            Some(number) => number.parse().ok().filter(|id| *id < vocabulary.len()),
            None => token_of(name),
        };
        Self::compile(vocabulary, text, GRAMMAR_PARAM, &known).map_err(|why| Refusal::invalid(GRAMMAR_PARAM, why))
    }

    fn compile(
        vocabulary: &Arc<Vocabulary>,
        text: &str,
        param: &'static str,
        token_of: parse::TokenOf<'_>,
    ) -> Result<Self, String> {
        let rules = parse::parse(text, token_of)?;
        check::check(&rules)?;
        let machine = Machine::new(rules, STEPS_MAX).map_err(|Spent| too_costly())?;
        Ok(Self { machine, vocabulary: Arc::clone(vocabulary), param, left: STEPS_BEFORE })
    }

    /// Whether `token` may come next.
    pub(super) fn allows(&mut self, token: u32) -> Result<bool, Refusal> {
        self.counted(|machine, vocabulary| {
            if vocabulary.ends().contains(&token) {
                return Ok(machine.may_end());
            }
            if machine.tokens().iter().any(|(id, wanted)| (*id == token) == *wanted) {
                return Ok(true);
            }
            let piece = vocabulary.piece(token);
            Ok(!piece.is_empty() && machine.walk(piece)?.is_some())
        })
    }

    /// `logits` with everything that may not come next at minus infinity.
    pub(super) fn mask(&mut self, logits: &[f32]) -> Result<Vec<f32>, Refusal> {
        self.counted(|machine, vocabulary| {
            let mut out = vec![f32::NEG_INFINITY; logits.len()];
            let mut allow = |token: u32| {
                if let Some((slot, logit)) = out.get_mut(token as usize).zip(logits.get(token as usize)) {
                    *slot = *logit;
                }
            };
            if machine.may_end() {
                vocabulary.ends().iter().for_each(|token| allow(*token));
            }
            for (id, wanted) in machine.tokens() {
                let all = (0..vocabulary.len()).filter(|token| !vocabulary.ends().contains(token));
                all.filter(|token| (*token == id) == wanted).for_each(&mut allow);
            }
            allow_texts(machine, vocabulary, allow)?;
            Ok(out)
        })
    }

    /// Goes on by `token`, which was allowed.
    pub(super) fn accept(&mut self, token: u32) -> Result<(), Refusal> {
        self.left = self.left.saturating_add(STEPS_PER_TOKEN).min(STEPS_BEFORE);
        let went_on = self.counted(|machine, vocabulary| machine.accept(token, vocabulary.piece(token)))?;
        if went_on { Ok(()) } else { Err(Refusal::internal("the grammar lost its way")) }
    }

    /// Does `work` with what steps are left, and takes off what it took.
    fn counted<T>(&mut self, work: impl FnOnce(&mut Machine, &Vocabulary) -> Result<T, Spent>) -> Result<T, Refusal> {
        let allowed = self.left.min(STEPS_MAX);
        let done = self.machine.refuel(allowed).and_then(|()| work(&mut self.machine, &self.vocabulary));
        self.left -= allowed.saturating_sub(self.machine.fuel());
        done.map_err(|Spent| Refusal::invalid(self.param, too_costly()))
    }
}

fn too_costly() -> String {
    format!(
        "following it takes more than {STEPS_MAX} steps for one token, or more than {STEPS_PER_TOKEN} per token in the \
         long run: take out alternatives that match the same text, and optional parts of optional parts"
    )
}

/// Calls `allow` with each token whose text may come next. Tokens that begin alike are looked at
/// together: the text is followed once, and nothing after a byte that cannot come.
fn allow_texts(machine: &mut Machine, vocabulary: &Vocabulary, mut allow: impl FnMut(u32)) -> Result<(), Spent> {
    let mut path = vec![machine.now()];
    // How many bytes cannot come; all that begins with them cannot, either.
    let mut dead = usize::MAX;
    for (token, common) in vocabulary.sorted() {
        if common >= dead {
            continue;
        }
        dead = usize::MAX;
        path.truncate(common + 1);
        for byte in vocabulary.piece(token).get(common..).unwrap_or_default() {
            let Some(state) = path.last().copied() else { break };
            match machine.step(state, *byte)? {
                Some(next) => path.push(next),
                None => {
                    dead = path.len();
                    break;
                }
            }
        }
        if dead == usize::MAX {
            allow(token);
        }
    }
    Ok(())
}

/// The library takes a pattern that it cannot express for any text, without saying so: then its
/// grammar is the one of every such pattern, of one without anchors for instance.
fn is_honoured(pattern: &str) -> bool {
    let convert = |pattern: &str| {
        let schema = serde_json::json!({"type": "string", "pattern": pattern});
        llama_cpp_2::json_schema_to_grammar(&schema.to_string())
    };
    convert(pattern) != convert("no anchors")
}
