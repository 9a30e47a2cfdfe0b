//! From keys and tensors to what the engine and its pages need to know.

use std::collections::{BTreeMap, HashSet};

use super::Error;
use super::reader::Value;
use super::tensor::Tensor;

/// A checked model header.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Header {
    /// GGUF version.
    pub version: u32,
    /// Architecture, such as `llama`.
    pub architecture: String,
    /// The model's own name, if it has one.
    pub name: Option<String>,
    /// Number of parameters: the elements of all tensors.
    pub parameters: u64,
    /// The type that holds most of the bytes.
    pub quantisation: String,
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes of all tensors.
    pub weight_bytes: u64,
    /// Layers, widths and lengths.
    pub shape: Shape,
    /// The Jinja chat template, if the file has one.
    #[serde(skip)]
    pub chat_template: Option<String>,
    /// How the rows of a text become one vector, if the file says so: llama.cpp's number.
    pub pooling: Option<u32>,
    /// Whether the file says of itself that it is a toy.
    pub toy: bool,
}

/// Rows are not made one vector.
pub const POOLING_NONE: u32 = 0;
/// The model gives one number per text: how well it fits a question.
pub const POOLING_RANK: u32 = 4;

/// Architectures that read a text both ways and write none.
const ENCODERS: &[&str] =
    &["bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2", "jina-bert-v3", "eurobert"];

impl Header {
    /// Whether the model makes vectors and no text.
    pub fn is_encoder(&self) -> bool {
        ENCODERS.contains(&self.architecture.as_str())
    }
}

/// The numbers that decide memory.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Shape {
    /// Tokens that the model was trained to see at once.
    pub context_tokens: u32,
    /// Width of the residual stream.
    pub embedding: u32,
    /// Number of layers.
    pub layers: u32,
    /// Attention heads.
    pub heads: u32,
    /// Key and value heads, the largest of any layer.
    pub kv_heads: u32,
    /// Numbers per key of one head.
    pub key_length: u32,
    /// Numbers per value of one head.
    pub value_length: u32,
    /// Width of the feed-forward layer.
    pub feed_forward: u32,
    /// Size of the vocabulary.
    pub vocabulary: u32,
}

/// Keys as they come.
#[derive(Default)]
pub(super) struct Facts {
    kept: BTreeMap<String, Value>,
    seen: HashSet<String>,
}

/// Suffixes after `<architecture>.`.
const SHAPE_KEYS: &[&str] = &[
    ".context_length",
    ".embedding_length",
    ".block_count",
    ".attention.head_count",
    ".attention.head_count_kv",
    ".attention.key_length",
    ".attention.value_length",
    ".feed_forward_length",
    ".vocab_size",
    ".pooling_type",
];

impl Facts {
    /// Whether the value of `key` must be kept.
    pub(super) fn wants(key: &str) -> bool {
        matches!(
            key,
            "general.architecture"
                | "general.name"
                | "general.alignment"
                | "general.tags"
                | "freehold.toy"
                | "tokenizer.chat_template"
        ) || SHAPE_KEYS.iter().any(|suffix| key.ends_with(suffix))
    }

    pub(super) fn put(&mut self, key: String, value: Value) -> Result<(), Error> {
        if Self::wants(&key) || key == "tokenizer.ggml.tokens" {
            self.kept.insert(key.clone(), value);
        }
        if !self.seen.insert(key.clone()) {
            return Err(Error::Invalid(format!("key `{key}` occurs twice")));
        }
        Ok(())
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.kept.get(key)
    }

    fn text(&self, key: &str) -> Result<Option<String>, Error> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Text(s)) => Ok(Some(s.clone())),
            Some(other) => Err(Error::Invalid(format!("key `{key}` is {other}, not text"))),
        }
    }

    /// A positive number, or the largest of a list with one per layer.
    fn number(&self, key: &str) -> Result<Option<u32>, Error> {
        let bad = |v: &Value| Error::Invalid(format!("key `{key}` is {v}, not a count"));
        let one = |v: &Value| match v {
            Value::Unsigned(n) => u32::try_from(*n).map_err(|_| bad(v)),
            Value::Signed(n) => u32::try_from(*n).map_err(|_| bad(v)),
            other => Err(bad(other)),
        };
        match self.get(key) {
            None => Ok(None),
            Some(Value::List(items)) => {
                let all = items.iter().map(one).collect::<Result<Vec<_>, _>>()?;
                Ok(all.into_iter().max())
            }
            Some(value) => one(value).map(Some),
        }
    }

    pub(super) fn into_header(self, version: u32, file_bytes: u64, tensors: &[Tensor]) -> Result<Header, Error> {
        let architecture = self
            .text("general.architecture")?
            .ok_or_else(|| Error::Invalid("key `general.architecture` is missing".into()))?;
        let shape = self.shape(&architecture)?;
        let sum = |f: fn(&Tensor) -> u64| {
            tensors
                .iter()
                .try_fold(0u64, |sum, t| sum.checked_add(f(t)))
                .ok_or_else(|| Error::Invalid("the tensors are impossibly large".into()))
        };
        let parameters = sum(|t| t.elements)?;
        if parameters == 0 {
            return Err(Error::Invalid("the file holds no tensors".into()));
        }
        let weight_bytes = sum(|t| t.bytes)?;
        if weight_bytes > file_bytes {
            return Err(Error::Invalid("the tensors overlap: together they are larger than the file".into()));
        }
        Ok(Header {
            version,
            name: self.text("general.name")?,
            parameters,
            quantisation: quantisation(tensors),
            file_bytes,
            weight_bytes,
            shape,
            chat_template: self.text("tokenizer.chat_template")?,
            pooling: self.number(&format!("{architecture}.pooling_type"))?,
            toy: self.toy(),
            architecture,
        })
    }

    fn shape(&self, architecture: &str) -> Result<Shape, Error> {
        let optional = |key: &str| self.number(&format!("{architecture}.{key}"));
        let required = |key: &str| {
            optional(key)?
                .filter(|n| *n > 0)
                .ok_or_else(|| Error::Invalid(format!("key `{architecture}.{key}` is missing or zero")))
        };
        let embedding = required("embedding_length")?;
        let heads = required("attention.head_count")?;
        let head = embedding / heads;
        let vocabulary = match self.get("tokenizer.ggml.tokens") {
            Some(Value::Skipped(n)) => u32::try_from(*n).unwrap_or(u32::MAX),
            _ => optional("vocab_size")?.unwrap_or(0),
        };
        if vocabulary == 0 {
            return Err(Error::Invalid("the file has no vocabulary".into()));
        }
        Ok(Shape {
            context_tokens: required("context_length")?,
            embedding,
            layers: required("block_count")?,
            heads,
            kv_heads: optional("attention.head_count_kv")?.unwrap_or(heads),
            key_length: optional("attention.key_length")?.unwrap_or(head),
            value_length: optional("attention.value_length")?.unwrap_or(head),
            feed_forward: optional("feed_forward_length")?.unwrap_or(embedding.saturating_mul(4)),
            vocabulary,
        })
    }

    fn toy(&self) -> bool {
        let tagged = match self.get("general.tags") {
            Some(Value::List(tags)) => tags.iter().any(|t| *t == Value::Text("toy".into())),
            _ => false,
        };
        tagged || self.get("freehold.toy") == Some(&Value::Bool(true))
    }
}

/// The type that holds most bytes.
fn quantisation(tensors: &[Tensor]) -> String {
    let mut bytes: BTreeMap<&str, u64> = BTreeMap::new();
    for tensor in tensors {
        let sum = bytes.entry(tensor.kind.name).or_default();
        *sum = sum.saturating_add(tensor.bytes);
    }
    bytes.into_iter().max_by_key(|(_, n)| *n).map_or_else(String::new, |(name, _)| name.into())
}
