//! Parameters of generation: ranges as OpenAI's, and what shapes the answer.

use serde_json::{Map, Value};

use super::schema::Schema;
use crate::child::refusal::Refusal;
use crate::child::sample::Sampling;

const STOPS_MAX: usize = 4;
const STOP_BYTES_MAX: usize = 512;
const BIASES_MAX: usize = 1024;
const GRAMMAR_BYTES_MAX: usize = 64 * 1024;

/// What shape the answer must have.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::child) enum Shape {
    Free,
    Schema(Schema),
    /// GBNF.
    Grammar(String),
}

/// Parameters that were understood.
#[derive(Clone, Debug)]
pub(in crate::child) struct Params {
    pub(in crate::child) sampling: Sampling,
    /// `None`: a random one is taken.
    pub(in crate::child) seed: Option<u64>,
    pub(in crate::child) max_tokens: Option<u32>,
    pub(in crate::child) stops: Vec<String>,
    pub(in crate::child) shape: Shape,
}

impl Params {
    pub(super) fn read(object: &Map<String, Value>) -> Result<Self, Refusal> {
        let get = |name: &str| object.get(name).filter(|v| !v.is_null());
        let number = |name: &str, low: f64, high: f64, default: f32| match get(name) {
            None => Ok(default),
            Some(v) => in_range(name, v, low, high),
        };
        let sampling = Sampling {
            temperature: number("temperature", 0.0, 2.0, 1.0)?,
            top_p: number("top_p", 0.0, 1.0, 1.0)?,
            min_p: number("min_p", 0.0, 1.0, 0.0)?,
            frequency_penalty: number("frequency_penalty", -2.0, 2.0, 0.0)?,
            presence_penalty: number("presence_penalty", -2.0, 2.0, 0.0)?,
            top_k: get("top_k").map_or(Ok(0), |v| count("top_k", v))?,
            logit_bias: get("logit_bias").map_or(Ok(Vec::new()), logit_bias)?,
            seed: 0,
        };
        Ok(Self {
            sampling,
            seed: get("seed").map(seed).transpose()?,
            max_tokens: max_tokens(object)?,
            stops: get("stop").map_or(Ok(Vec::new()), stops)?,
            shape: shape(get("response_format"), get("grammar"))?,
        })
    }
}

fn in_range(name: &str, value: &Value, low: f64, high: f64) -> Result<f32, Refusal> {
    let bad = || Refusal::invalid(name, format!("must be a number from {low} to {high}"));
    let number = value.as_f64().filter(|n| (low..=high).contains(n)).ok_or_else(bad)?;
    #[expect(clippy::cast_possible_truncation, reason = "small ranges; a float's precision suffices")]
    Ok(number as f32)
}

fn count(name: &str, value: &Value) -> Result<u32, Refusal> {
    value
        .as_u64()
        .and_then(|n| u32::try_from(n).ok())
        .ok_or_else(|| Refusal::invalid(name, "must be a whole number, not negative"))
}

/// Any whole number is a seed.
fn seed(value: &Value) -> Result<u64, Refusal> {
    let bits = value.as_u64().or_else(|| value.as_i64().map(i64::cast_unsigned));
    bits.ok_or_else(|| Refusal::invalid("seed", "must be a whole number"))
}

fn max_tokens(object: &Map<String, Value>) -> Result<Option<u32>, Refusal> {
    for name in ["max_completion_tokens", "max_tokens"] {
        if let Some(value) = object.get(name).filter(|v| !v.is_null()) {
            let n = count(name, value)?;
            if n == 0 {
                return Err(Refusal::invalid(name, "must be at least 1"));
            }
            return Ok(Some(n));
        }
    }
    Ok(None)
}

fn stops(value: &Value) -> Result<Vec<String>, Refusal> {
    let one = |v: &Value| match v.as_str() {
        Some(s) if !s.is_empty() && s.len() <= STOP_BYTES_MAX => Ok(s.to_string()),
        Some(s) => {
            let message = format!("each must have 1 to {STOP_BYTES_MAX} bytes, not {}", s.len());
            Err(Refusal::invalid("stop", message))
        }
        None => Err(Refusal::invalid("stop", "must be text, or a list of up to 4 texts")),
    };
    match value {
        Value::Array(items) if items.len() > STOPS_MAX => {
            Err(Refusal::invalid("stop", format!("at most {STOPS_MAX}, not {}", items.len())))
        }
        Value::Array(items) => items.iter().map(one).collect(),
        other => Ok(vec![one(other)?]),
    }
}

fn logit_bias(value: &Value) -> Result<Vec<(u32, f32)>, Refusal> {
    let bad = || Refusal::invalid("logit_bias", "must map token numbers to numbers from -100 to 100");
    let fields = value.as_object().filter(|f| f.len() <= BIASES_MAX).ok_or_else(bad)?;
    fields
        .iter()
        .map(|(token, bias)| {
            let token = token.parse().map_err(|_| bad())?;
            Ok((token, in_range("logit_bias", bias, -100.0, 100.0)?))
        })
        .collect()
}

fn shape(format: Option<&Value>, grammar: Option<&Value>) -> Result<Shape, Refusal> {
    let grammar = match grammar {
        None => None,
        Some(Value::String(text)) if text.len() <= GRAMMAR_BYTES_MAX => Some(text.clone()),
        Some(_) => {
            let message = format!("must be a GBNF grammar of at most {GRAMMAR_BYTES_MAX} bytes");
            return Err(Refusal::invalid("grammar", message));
        }
    };
    let kind = format.map(|f| f.get("type").and_then(Value::as_str).unwrap_or_default());
    let schema = match kind {
        None | Some("text") => None,
        Some("json_object") => Some(Schema::any_object()),
        Some("json_schema") => Some(Schema::read(format)?),
        Some(_) => {
            let message = "type must be text, json_object or json_schema";
            return Err(Refusal::invalid("response_format", message));
        }
    };
    match (schema, grammar) {
        (Some(_), Some(_)) => Err(Refusal::invalid("grammar", "cannot be combined with `response_format`")),
        (Some(schema), None) => Ok(Shape::Schema(schema)),
        (None, Some(grammar)) => Ok(Shape::Grammar(grammar)),
        (None, None) => Ok(Shape::Free),
    }
}
