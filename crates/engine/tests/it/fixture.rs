//! Writes small GGUF files: a llama of random weights with a byte-level vocabulary, and, for the
//! header tests, anything else.

pub const ENDOFTEXT: u32 = 257;
pub const IM_START: &str = "<|im_start|>";
pub const IM_END: &str = "<|im_end|>";
pub const CHATML: &str = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n\
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

const ALIGNMENT: usize = 32;

/// A metadata value.
#[derive(Clone)]
pub enum Meta {
    U32(u32),
    F32(f32),
    Bool(bool),
    Text(String),
    Texts(Vec<String>),
    I32s(Vec<i32>),
}

/// A file in the making.
#[derive(Clone)]
pub struct Gguf {
    pub version: u32,
    pub meta: Vec<(String, Meta)>,
    /// Name, dimensions, 32-bit floats.
    pub tensors: Vec<(String, Vec<u64>, Vec<f32>)>,
}

impl Gguf {
    pub fn set(&mut self, key: &str, value: Meta) {
        self.meta.retain(|(k, _)| k != key);
        self.meta.push((key.into(), value));
    }

    pub fn remove(&mut self, key: &str) {
        self.meta.retain(|(k, _)| k != key);
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut out = b"GGUF".to_vec();
        out.extend(self.version.to_le_bytes());
        out.extend((self.tensors.len() as u64).to_le_bytes());
        out.extend((self.meta.len() as u64).to_le_bytes());
        for (key, value) in &self.meta {
            push_text(&mut out, key);
            push_meta(&mut out, value);
        }
        let mut data = Vec::new();
        for (name, dimensions, numbers) in &self.tensors {
            push_text(&mut out, name);
            out.extend((dimensions.len() as u32).to_le_bytes());
            out.extend(dimensions.iter().flat_map(|n| n.to_le_bytes()));
            out.extend(0u32.to_le_bytes());
            out.extend((data.len() as u64).to_le_bytes());
            data.extend(numbers.iter().flat_map(|x| x.to_le_bytes()));
            data.resize(data.len().next_multiple_of(ALIGNMENT), 0);
        }
        out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
        out.extend(data);
        out
    }
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}

fn push_meta(out: &mut Vec<u8>, value: &Meta) {
    let list = |out: &mut Vec<u8>, kind: u32, n: usize| {
        out.extend(9u32.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend((n as u64).to_le_bytes());
    };
    match value {
        Meta::U32(n) => {
            out.extend(4u32.to_le_bytes());
            out.extend(n.to_le_bytes());
        }
        Meta::F32(x) => {
            out.extend(6u32.to_le_bytes());
            out.extend(x.to_le_bytes());
        }
        Meta::Bool(b) => {
            out.extend(7u32.to_le_bytes());
            out.push(u8::from(*b));
        }
        Meta::Text(text) => {
            out.extend(8u32.to_le_bytes());
            push_text(out, text);
        }
        Meta::Texts(texts) => {
            list(out, 8, texts.len());
            texts.iter().for_each(|t| push_text(out, t));
        }
        Meta::I32s(numbers) => {
            list(out, 5, numbers.len());
            out.extend(numbers.iter().flat_map(|n| n.to_le_bytes()));
        }
    }
}

/// The characters that stand for the 256 bytes in byte-level vocabularies.
fn byte_characters() -> Vec<String> {
    let plain = |b: u32| (33..=126).contains(&b) || (161..=172).contains(&b) || (174..=255).contains(&b);
    let mut next = 256;
    (0..256u32)
        .map(|b| {
            let code = if plain(b) {
                b
            } else {
                next += 1;
                next - 1
            };
            char::from_u32(code).expect("a letter").to_string()
        })
        .collect()
}

/// Numbers from -1 to 1 that only depend on the seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 40) as f32 / (1u64 << 23) as f32) - 1.0
    }
}

/// A llama of two layers and random weights: it babbles bytes, the same ones every time.
pub fn babbler() -> Gguf {
    const WIDTH: u64 = 64;
    const FEED: u64 = 96;
    const KV: u64 = 32;
    let mut tokens = byte_characters();
    tokens.push("he".into());
    tokens.extend(["<|endoftext|>".into(), IM_START.into(), IM_END.into()]);
    let vocabulary = tokens.len() as u64;
    let mut types = vec![1; 257];
    types.extend([3, 3, 3]);
    let text = |s: &str| Meta::Text(s.into());
    let meta: Vec<(&str, Meta)> = vec![
        ("general.architecture", text("llama")),
        ("general.name", text("babbler")),
        ("general.tags", Meta::Texts(vec!["toy".into()])),
        ("llama.context_length", Meta::U32(256)),
        ("llama.embedding_length", Meta::U32(WIDTH as u32)),
        ("llama.block_count", Meta::U32(2)),
        ("llama.feed_forward_length", Meta::U32(FEED as u32)),
        ("llama.attention.head_count", Meta::U32(4)),
        ("llama.attention.head_count_kv", Meta::U32(2)),
        ("llama.attention.layer_norm_rms_epsilon", Meta::F32(1e-5)),
        ("llama.rope.dimension_count", Meta::U32(16)),
        ("llama.vocab_size", Meta::U32(vocabulary as u32)),
        ("tokenizer.ggml.model", text("gpt2")),
        ("tokenizer.ggml.pre", text("gpt-2")),
        ("tokenizer.ggml.tokens", Meta::Texts(tokens)),
        ("tokenizer.ggml.token_type", Meta::I32s(types)),
        ("tokenizer.ggml.merges", Meta::Texts(vec!["h e".into()])),
        ("tokenizer.ggml.bos_token_id", Meta::U32(ENDOFTEXT)),
        ("tokenizer.ggml.eos_token_id", Meta::U32(259)),
        ("tokenizer.ggml.add_bos_token", Meta::Bool(false)),
        ("tokenizer.chat_template", text(CHATML)),
    ];
    let meta = meta.into_iter().map(|(k, v)| (k.to_string(), v)).collect();
    let mut random = Random(42);
    let mut tensors = Vec::new();
    let mut add = |name: String, dimensions: &[u64], scale: f32| {
        let n = dimensions.iter().product::<u64>();
        let numbers = (0..n).map(|_| if scale == 0.0 { 1.0 } else { random.next() * scale }).collect();
        tensors.push((name, dimensions.to_vec(), numbers));
    };
    add("token_embd.weight".into(), &[WIDTH, vocabulary], 1.0);
    for layer in 0..2 {
        let name = |part: &str| format!("blk.{layer}.{part}.weight");
        add(name("attn_norm"), &[WIDTH], 0.0);
        add(name("attn_q"), &[WIDTH, WIDTH], 0.3);
        add(name("attn_k"), &[WIDTH, KV], 0.3);
        add(name("attn_v"), &[WIDTH, KV], 0.3);
        add(name("attn_output"), &[WIDTH, WIDTH], 0.3);
        add(name("ffn_norm"), &[WIDTH], 0.0);
        add(name("ffn_gate"), &[WIDTH, FEED], 0.3);
        add(name("ffn_up"), &[WIDTH, FEED], 0.3);
        add(name("ffn_down"), &[FEED, WIDTH], 0.3);
    }
    add("output_norm.weight".into(), &[WIDTH], 0.0);
    add("output.weight".into(), &[WIDTH, vocabulary], 0.5);
    Gguf { version: 3, meta, tensors }
}

/// Width of the [`encoder`]'s vectors.
pub const ENCODER_WIDTH: usize = 32;

const ENCODER_FEED: u64 = 64;
const ENCODER_PLACES: u64 = 48;

/// A BERT of one layer that adds nothing to what it is given: a text's rows are the normalised sums of the
/// embeddings of its tokens, of their places and of the first type, so that a test can compute them too.
pub fn encoder(pooling: u32) -> Gguf {
    const WIDTH: u64 = ENCODER_WIDTH as u64;
    let (meta, vocabulary) = encoder_meta(pooling);
    let (mut random, mut tensors) = (Random(7), Vec::new());
    let mut add = |name: &str, dimensions: &[u64], value: Option<f32>| {
        let numbers = (0..dimensions.iter().product::<u64>()).map(|_| value.unwrap_or_else(|| random.next())).collect();
        tensors.push((name.to_owned(), dimensions.to_vec(), numbers));
    };
    add("token_embd.weight", &[WIDTH, vocabulary], None);
    add("token_types.weight", &[WIDTH, 2], None);
    add("position_embd.weight", &[WIDTH, ENCODER_PLACES], None);
    for norm in ["token_embd_norm", "blk.0.attn_output_norm", "blk.0.layer_output_norm"] {
        add(&format!("{norm}.weight"), &[WIDTH], Some(1.0));
        add(&format!("{norm}.bias"), &[WIDTH], Some(0.0));
    }
    for part in ["attn_q", "attn_k", "attn_v", "attn_output"] {
        let value = (part == "attn_output").then_some(0.0);
        add(&format!("blk.0.{part}.weight"), &[WIDTH, WIDTH], value);
        add(&format!("blk.0.{part}.bias"), &[WIDTH], Some(0.0));
    }
    add("blk.0.ffn_up.weight", &[WIDTH, ENCODER_FEED], None);
    add("blk.0.ffn_up.bias", &[ENCODER_FEED], Some(0.0));
    add("blk.0.ffn_down.weight", &[ENCODER_FEED, WIDTH], Some(0.0));
    add("blk.0.ffn_down.bias", &[WIDTH], Some(0.0));
    Gguf { version: 3, meta, tensors }
}

/// What the encoder's file says of itself, and the size of its vocabulary.
fn encoder_meta(pooling: u32) -> (Vec<(String, Meta)>, u64) {
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map(String::from);
    let words = ["one", "two", "three", "four"].map(|word| format!("\u{2581}{word}"));
    let tokens: Vec<String> = special.into_iter().chain(words).collect();
    let vocabulary = tokens.len() as u64;
    let text = |s: &str| Meta::Text(s.into());
    let meta: Vec<(&str, Meta)> = vec![
        ("general.architecture", text("bert")),
        ("general.name", text("encoder")),
        ("bert.context_length", Meta::U32(ENCODER_PLACES as u32)),
        ("bert.embedding_length", Meta::U32(ENCODER_WIDTH as u32)),
        ("bert.block_count", Meta::U32(1)),
        ("bert.feed_forward_length", Meta::U32(ENCODER_FEED as u32)),
        ("bert.attention.head_count", Meta::U32(4)),
        ("bert.attention.layer_norm_epsilon", Meta::F32(1e-12)),
        ("bert.attention.causal", Meta::Bool(false)),
        ("bert.pooling_type", Meta::U32(pooling)),
        ("tokenizer.ggml.model", text("bert")),
        ("tokenizer.ggml.tokens", Meta::Texts(tokens)),
        ("tokenizer.ggml.token_type", Meta::I32s(vec![3, 2, 3, 3, 3, 1, 1, 1, 1])),
        ("tokenizer.ggml.token_type_count", Meta::U32(2)),
        ("tokenizer.ggml.padding_token_id", Meta::U32(0)),
        ("tokenizer.ggml.unknown_token_id", Meta::U32(1)),
        ("tokenizer.ggml.cls_token_id", Meta::U32(2)),
        ("tokenizer.ggml.bos_token_id", Meta::U32(2)),
        ("tokenizer.ggml.seperator_token_id", Meta::U32(3)),
        ("tokenizer.ggml.eos_token_id", Meta::U32(3)),
        ("tokenizer.ggml.mask_token_id", Meta::U32(4)),
    ];
    (meta.into_iter().map(|(k, v)| (k.to_string(), v)).collect(), vocabulary)
}
