//! Vectors of texts: what a client asks, and the work that it makes.
//!
//! One text is computed at a time, in turn with the batches of answers, so that a long list delays a stream by one
//! text and not by all of them.

mod answer;
mod compute;

use llama_cpp_2::token::LlamaToken;
use serde_json::{Map, Value};
use tokio::sync::oneshot;

use super::model::Model;
use super::prompt::known_tokens;
use super::refusal::Refusal;
pub(super) use answer::render;
pub(super) use compute::Embedder;

/// Texts of one request.
const TEXTS_MAX: usize = 2048;

/// A request for vectors.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ask {
    texts: Vec<Text>,
    /// Vectors as base64 of little-endian 32-bit floats instead of numbers.
    pub(super) base64: bool,
    dimensions: Option<u64>,
}

/// One text.
#[derive(Clone, Debug, PartialEq)]
enum Text {
    Words(String),
    Tokens(Vec<u32>),
}

/// A request as the scheduler wants it.
pub(super) struct Job {
    pub(super) app: String,
    texts: Vec<Vec<LlamaToken>>,
    vectors: Vec<Vec<f32>>,
    pub(super) cpu_s: f64,
    pub(super) energy_j: Option<f64>,
    reply: oneshot::Sender<Result<Made, Refusal>>,
}

/// The vectors of one request, and what they took.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) vectors: Vec<Vec<f32>>,
    pub(super) prompt_tokens: usize,
    pub(super) cpu_s: f64,
    pub(super) energy_j: Option<f64>,
}

impl Ask {
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let object: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|e| Refusal::new(400, "invalid_json", format!("the body is not a JSON object: {e}")))?;
        let base64 = match object.get("encoding_format") {
            None | Some(Value::Null) => false,
            Some(Value::String(name)) if name == "float" => false,
            Some(Value::String(name)) if name == "base64" => true,
            Some(_) => return Err(Refusal::invalid("encoding_format", "must be `float` or `base64`")),
        };
        let dimensions = match object.get("dimensions") {
            None | Some(Value::Null) => None,
            Some(n) => Some(n.as_u64().ok_or_else(|| Refusal::invalid("dimensions", "must be a count"))?),
        };
        Ok(Self { texts: texts(object.get("input"))?, base64, dimensions })
    }
}

fn texts(input: Option<&Value>) -> Result<Vec<Text>, Refusal> {
    let bad = || {
        Refusal::invalid("input", "must be a text, a list of texts, a list of token numbers, or a list of such lists")
    };
    let texts = match input {
        None | Some(Value::Null) => return Err(Refusal::invalid("input", "is missing")),
        Some(Value::String(words)) => vec![Text::Words(words.clone())],
        Some(Value::Array(items)) if items.first().is_some_and(Value::is_number) => {
            vec![tokens(items).ok_or_else(bad)?]
        }
        Some(Value::Array(items)) => {
            let one = |item: &Value| match item {
                Value::String(words) => Some(Text::Words(words.clone())),
                Value::Array(numbers) => tokens(numbers),
                _ => None,
            };
            items.iter().map(one).collect::<Option<Vec<_>>>().ok_or_else(bad)?
        }
        Some(_) => return Err(bad()),
    };
    let empty = |text: &Text| matches!(text, Text::Words(words) if words.is_empty());
    if texts.is_empty() || texts.len() > TEXTS_MAX {
        return Err(Refusal::invalid("input", format!("must hold 1 to {TEXTS_MAX} texts, not {}", texts.len())));
    }
    match texts.iter().position(empty) {
        Some(number) => Err(Refusal::invalid("input", format!("text {number} is empty"))),
        None => Ok(texts),
    }
}

fn tokens(items: &[Value]) -> Option<Text> {
    let one = |item: &Value| u32::try_from(item.as_u64()?).ok();
    let numbers = items.iter().map(one).collect::<Option<Vec<_>>>()?;
    (!numbers.is_empty()).then_some(Text::Tokens(numbers))
}

/// Makes the job for `ask`, which must fit the model.
pub(super) fn prepare(
    model: &Model,
    ask: Ask,
    app: String,
    reply: oneshot::Sender<Result<Made, Refusal>>,
) -> Result<Job, Refusal> {
    let embeds = model.embeds.as_ref().map_err(|why| Refusal::new(400, "unsupported_parameter", *why))?;
    if let Some(wanted) = ask.dimensions.filter(|wanted| *wanted != u64::from(embeds.dimensions)) {
        let message =
            format!("this model's vectors have {} dimensions and cannot be cut to {wanted}", embeds.dimensions);
        return Err(Refusal::invalid("dimensions", message));
    }
    let read = |(number, text): (usize, Text)| -> Result<Vec<LlamaToken>, Refusal> {
        let tokens = match text {
            // What a text says of special tokens is its content here.
            Text::Words(words) if model.tokens_at_least(&words) <= embeds.tokens_max as usize => {
                model.tokens_of(&words)
            }
            Text::Words(words) => return Err(too_long(number, model.tokens_at_least(&words), embeds.tokens_max)),
            Text::Tokens(numbers) => known_tokens(model, "input", &numbers)?,
        };
        if tokens.len() > embeds.tokens_max as usize {
            return Err(too_long(number, tokens.len(), embeds.tokens_max));
        }
        (!tokens.is_empty())
            .then_some(tokens)
            .ok_or_else(|| Refusal::invalid("input", format!("text {number} is empty")))
    };
    let texts = ask.texts.into_iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(Job { app, vectors: Vec::with_capacity(texts.len()), texts, cpu_s: 0.0, energy_j: None, reply })
}

fn too_long(number: usize, tokens: usize, most: u32) -> Refusal {
    let message = format!("text {number} has {tokens} tokens or more, this model embeds at most {most} at once");
    Refusal { param: Some("input".into()), ..Refusal::new(400, "context_length_exceeded", message) }
}

impl Job {
    /// Whether nobody wants the answer any more.
    pub(super) fn is_gone(&self) -> bool {
        self.reply.is_closed()
    }

    /// The text that comes next.
    pub(super) fn next(&self) -> Option<&[LlamaToken]> {
        self.texts.get(self.vectors.len()).map(Vec::as_slice)
    }

    /// Takes the vector of the next text; gives itself back while there are more.
    pub(super) fn put(mut self, vector: Result<Vec<f32>, Refusal>) -> Option<Self> {
        match vector {
            Ok(vector) => self.vectors.push(vector),
            Err(refusal) => {
                // A client that left needs no answer.
                let _ = self.reply.send(Err(refusal));
                return None;
            }
        }
        if self.next().is_some() {
            return Some(self);
        }
        let prompt_tokens = self.texts.iter().map(Vec::len).sum();
        let made = Made { vectors: self.vectors, prompt_tokens, cpu_s: self.cpu_s, energy_j: self.energy_j };
        let _ = self.reply.send(Ok(made));
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: Value) -> Result<Ask, Refusal> {
        Ask::read(body.to_string().as_bytes())
    }

    #[test]
    fn every_shape_of_input_is_read() {
        let words = |words: &str| Text::Words(words.into());
        let texts = |input: Value| read(json!({ "input": input })).map(|ask| ask.texts);
        assert_eq!(texts(json!("a")), Ok(vec![words("a")]));
        assert_eq!(texts(json!(["a", "b"])), Ok(vec![words("a"), words("b")]));
        assert_eq!(texts(json!([1, 2])), Ok(vec![Text::Tokens(vec![1, 2])]));
        assert_eq!(texts(json!([[1], [2]])), Ok(vec![Text::Tokens(vec![1]), Text::Tokens(vec![2])]));
    }

    #[test]
    fn what_is_no_input_is_refused_by_name() {
        for input in
            [json!(null), json!(""), json!([]), json!(["a", ""]), json!([[]]), json!([1, "a"]), json!(1), json!([-1])]
        {
            let refusal = read(json!({ "input": input })).unwrap_err();
            assert_eq!((refusal.status, refusal.param.as_deref()), (400, Some("input")), "{input}");
        }
        let param = |body: Value| read(body).unwrap_err().param;
        assert_eq!(param(json!({"input": "a", "encoding_format": "hex"})).as_deref(), Some("encoding_format"));
        assert_eq!(param(json!({"input": "a", "dimensions": "3"})).as_deref(), Some("dimensions"));
    }
}
