//! Answers of a given shape: JSON schemas and GBNF grammars, enforced token by token.

use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token::data::LlamaTokenData;
use llama_cpp_2::token::data_array::LlamaTokenDataArray;

use super::refusal::Refusal;
use super::request::Schema;

/// Brackets that may be open at once: the parser of grammars recurses.
const NESTING_MAX: usize = 64;

const SCHEMA_PARAM: &str = "response_format.json_schema";

/// A grammar and how far the answer has come in it.
pub(super) struct Grammar {
    sampler: LlamaSampler,
}

impl Grammar {
    /// Compiles a JSON schema.
    pub(super) fn of_schema(model: &LlamaModel, schema: &Schema) -> Result<Self, Refusal> {
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
        Self::compile(model, &grammar).map_err(|why| Refusal::invalid(SCHEMA_PARAM, why))
    }

    /// Compiles GBNF.
    pub(super) fn of_gbnf(model: &LlamaModel, text: &str) -> Result<Self, Refusal> {
        if nesting(text) > NESTING_MAX {
            let message = format!("more than {NESTING_MAX} brackets are open at once");
            return Err(Refusal::invalid("grammar", message));
        }
        Self::compile(model, text).map_err(|why| Refusal::invalid("grammar", why))
    }

    fn compile(model: &LlamaModel, text: &str) -> Result<Self, String> {
        // The library's own words on what is wrong went to the log.
        let sampler =
            LlamaSampler::grammar(model, text, "root").map_err(|e| format!("the grammar does not compile ({e})"))?;
        Ok(Self { sampler })
    }

    /// Whether `token` may come next.
    pub(super) fn allows(&mut self, token: u32) -> bool {
        let mut one = LlamaTokenDataArray::new(vec![candidate(token, 0.0)], false);
        one.apply_sampler(&mut self.sampler);
        one.data.first().is_some_and(|c| c.logit().is_finite())
    }

    /// `logits` with everything that may not come next at minus infinity.
    pub(super) fn mask(&mut self, logits: &[f32]) -> Vec<f32> {
        let all = (0u32..).zip(logits).map(|(token, logit)| candidate(token, *logit));
        let mut all = LlamaTokenDataArray::new(all.collect(), false);
        all.apply_sampler(&mut self.sampler);
        let mut out = vec![f32::NEG_INFINITY; logits.len()];
        for data in &all.data {
            if let Some(slot) = usize::try_from(data.id().0).ok().and_then(|i| out.get_mut(i)) {
                *slot = data.logit();
            }
        }
        out
    }

    /// Goes on by `token`, which was allowed.
    pub(super) fn accept(&mut self, token: u32) -> Result<(), Refusal> {
        self.sampler
            .try_accept(LlamaToken(token.cast_signed()))
            .map_err(|e| Refusal::internal(format!("the grammar lost its way: {e}")))
    }
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

fn candidate(token: u32, logit: f32) -> LlamaTokenData {
    LlamaTokenData::new(LlamaToken(token.cast_signed()), logit, 0.0)
}

/// The most round brackets open at once, quoted ones included: a bound, not a parse.
fn nesting(text: &str) -> usize {
    let mut open = 0usize;
    let mut most = 0;
    for byte in text.bytes() {
        match byte {
            b'(' => open += 1,
            b')' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

#[cfg(test)]
mod tests {
    #[test]
    fn nesting_counts_what_is_open() {
        assert_eq!(super::nesting("root ::= ((\"a\") | (\"b\"))"), 2);
        assert_eq!(super::nesting(&"(".repeat(1000)), 1000);
        assert_eq!(super::nesting("))(("), 2);
    }
}
