//! How much memory a model will take, by formula, against how much there is.
//!
//! An estimate: weights as stored, the key-value cache in 16-bit floats, and scratch buffers by
//! the widths of the largest layers. Backends add their own; the tests hold it to the right side.

use std::fs;
use std::path::Path;

use crate::gguf::Header;

/// Rows that one batch may hold; scratch buffers grow with it.
pub const BATCH_ROWS_MAX: u32 = 256;
const FLOAT_BYTES: u64 = 4;
const CACHE_NUMBER_BYTES: u64 = 2;
/// Program, tokenizer tables and allocator slack.
const FIXED_BYTES: u64 = 48 << 20;
/// Bytes per vocabulary entry of the tokenizer's tables, generously.
const VOCABULARY_ENTRY_BYTES: u64 = 200;

/// Estimated bytes by purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Estimate {
    /// The weights.
    pub weights_bytes: u64,
    /// Keys and values of all cells.
    pub cache_bytes: u64,
    /// Scratch of one batch, tokenizer tables, the program.
    pub compute_bytes: u64,
}

impl Estimate {
    /// Estimates for `header` with room for `cells` tokens in the cache.
    pub fn of(header: &Header, cells: u64, parallel: u32) -> Self {
        let shape = &header.shape;
        let per_row = u64::from(shape.embedding) * 8 + u64::from(shape.feed_forward) * 3 + u64::from(shape.vocabulary);
        let scratch = u64::from(BATCH_ROWS_MAX).saturating_mul(per_row) * FLOAT_BYTES;
        let outputs = u64::from(parallel) * u64::from(shape.vocabulary) * FLOAT_BYTES;
        Self {
            weights_bytes: header.weight_bytes,
            cache_bytes: cells.saturating_mul(cache_bytes_per_token(header)),
            compute_bytes: scratch
                .saturating_add(outputs)
                .saturating_add(u64::from(shape.vocabulary) * VOCABULARY_ENTRY_BYTES)
                .saturating_add(FIXED_BYTES),
        }
    }

    /// All of it.
    pub fn total_bytes(&self) -> u64 {
        self.weights_bytes.saturating_add(self.cache_bytes).saturating_add(self.compute_bytes)
    }

    /// Says whether it fits into `available_bytes`.
    ///
    /// # Errors
    /// A sentence with both numbers and what may be lowered.
    pub fn check(&self, available_bytes: u64) -> Result<(), crate::Error> {
        if self.total_bytes() <= available_bytes {
            return Ok(());
        }
        Err(crate::Error::Memory(format!(
            "about {} MiB are needed ({} weights, {} cache, {} scratch; an estimate), {} MiB are \
             available: take a smaller model, fewer context tokens or fewer parallel requests",
            mib(self.total_bytes()),
            mib(self.weights_bytes),
            mib(self.cache_bytes),
            mib(self.compute_bytes),
            mib(available_bytes),
        )))
    }
}

fn mib(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

/// Bytes that one token takes in the cache, over all layers.
pub fn cache_bytes_per_token(header: &Header) -> u64 {
    let shape = &header.shape;
    let head = u64::from(shape.key_length) + u64::from(shape.value_length);
    u64::from(shape.layers)
        .saturating_mul(u64::from(shape.kv_heads))
        .saturating_mul(head)
        .saturating_mul(CACHE_NUMBER_BYTES)
}

/// Most tokens of one request: what was asked for, else 4096; never more than the model was
/// trained for.
pub fn context_tokens(header: &Header, wanted: Option<u32>) -> u32 {
    const DEFAULT_MAX: u32 = 4096;
    wanted.unwrap_or(DEFAULT_MAX).min(header.shape.context_tokens).max(1)
}

/// Tokens of one text to make a vector of, at most: it is computed in one batch, and models that also write have a
/// large vocabulary for every row of it.
pub fn embedding_tokens(header: &Header, context_tokens: u32) -> u32 {
    const ENCODER: u32 = 2048;
    const WRITER: u32 = 512;
    context_tokens.min(if header.is_encoder() { ENCODER } else { WRITER })
}

/// Estimated bytes that vectors of texts of so many tokens take beside answers.
pub fn embedding_bytes(header: &Header, tokens: u32) -> u64 {
    let (shape, tokens) = (&header.shape, u64::from(tokens));
    let per_row = u64::from(shape.embedding) * 8 + u64::from(shape.feed_forward) * 3 + u64::from(shape.vocabulary);
    let attention = u64::from(shape.heads).saturating_mul(tokens * tokens);
    let scratch = per_row.saturating_mul(tokens).saturating_add(attention).saturating_mul(FLOAT_BYTES);
    scratch.saturating_add(tokens.saturating_mul(cache_bytes_per_token(header)))
}

/// How many cells the cache gets: enough for every parallel request's whole context if memory
/// allows it, else what fits, but never less than one whole context.
pub fn cells(header: &Header, context_tokens: u32, parallel: u32, available_bytes: u64) -> u64 {
    let wanted = u64::from(context_tokens) * u64::from(parallel);
    let without = Estimate::of(header, 0, parallel).total_bytes();
    // Half of what is left: the cache should not be what drives the machine into swap.
    let room = available_bytes.saturating_sub(without) / 2;
    let fits = room / cache_bytes_per_token(header).max(1);
    wanted.min(fits.max(u64::from(context_tokens)))
}

/// Bytes that a child may take for itself, other than by mapping files: what is estimated for a
/// cache with room for all, stacks, and a margin. `None`: no limit can be told, because drivers of
/// graphics cards map at will.
pub fn limit_bytes(
    header: &Header,
    context_tokens: u32,
    parallel: u32,
    threads: u32,
    margin_bytes: u64,
) -> Option<u64> {
    const STACKS_BYTES: u64 = 128 << 20;
    const THREAD_BYTES: u64 = 8 << 20;
    let cells = u64::from(context_tokens).saturating_mul(u64::from(parallel));
    let estimate = Estimate::of(header, cells, parallel).total_bytes();
    let stacks = STACKS_BYTES.saturating_add(THREAD_BYTES.saturating_mul(u64::from(threads)));
    let vectors = embedding_bytes(header, embedding_tokens(header, context_tokens));
    let limit = estimate.saturating_add(stacks).saturating_add(vectors).saturating_add(margin_bytes);
    (!cfg!(any(feature = "cuda", feature = "vulkan"))).then_some(limit)
}

/// Bytes that this process may still take: the machine's or the control group's, whichever is less.
pub fn available_bytes() -> u64 {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|s| mem_available(&s));
    let group = group_available(Path::new("/sys/fs/cgroup"), &own_group());
    machine.unwrap_or(u64::MAX).min(group.unwrap_or(u64::MAX))
}

fn mem_available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find(|l| l.starts_with("MemAvailable:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    kib.checked_mul(1024)
}

/// The path of this process's control group (version 2).
fn own_group() -> String {
    fs::read_to_string("/proc/self/cgroup")
        .unwrap_or_default()
        .lines()
        .find_map(|l| l.strip_prefix("0::"))
        .unwrap_or("/")
        .to_string()
}

/// The tightest limit of a group and its ancestors, less what they use without file cache.
fn group_available(root: &Path, group: &str) -> Option<u64> {
    let number = |path: &Path| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    let mut tightest = None;
    let mut here = root.join(group.trim_start_matches('/'));
    loop {
        let limit = number(&here.join("memory.max")).or_else(|| number(&here.join("memory.limit_in_bytes")));
        let used = number(&here.join("memory.current")).or_else(|| number(&here.join("memory.usage_in_bytes")));
        if let (Some(limit), Some(used)) = (limit, used) {
            let cache = reclaimable(&here.join("memory.stat"));
            let left = limit.saturating_sub(used.saturating_sub(cache));
            tightest = Some(tightest.map_or(left, |t: u64| t.min(left)));
        }
        if here == root || !here.pop() {
            return tightest;
        }
    }
}

/// File cache that the kernel can give back.
fn reclaimable(stat: &Path) -> u64 {
    fs::read_to_string(stat)
        .unwrap_or_default()
        .lines()
        .find_map(|l| l.strip_prefix("inactive_file "))
        .and_then(|n| n.trim().parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gguf::Shape;

    fn header() -> Header {
        Header {
            version: 3,
            architecture: "llama".into(),
            name: None,
            parameters: 135_000_000,
            quantisation: "Q8_0".into(),
            file_bytes: 145_000_000,
            weight_bytes: 143_000_000,
            shape: Shape {
                context_tokens: 2048,
                embedding: 576,
                layers: 30,
                heads: 9,
                kv_heads: 3,
                key_length: 64,
                value_length: 64,
                feed_forward: 1536,
                vocabulary: 49152,
            },
            chat_template: None,
            pooling: None,
            toy: false,
        }
    }

    #[test]
    fn cache_is_layers_by_heads_by_lengths() {
        assert_eq!(cache_bytes_per_token(&header()), 30 * 3 * (64 + 64) * 2);
        let estimate = Estimate::of(&header(), 2048, 1);
        assert_eq!(estimate.cache_bytes, 2048 * 23040);
        assert_eq!(estimate.weights_bytes, 143_000_000);
    }

    #[test]
    fn refusal_names_both_numbers() {
        let estimate = Estimate::of(&header(), 2048, 1);
        assert!(estimate.check(estimate.total_bytes()).is_ok());
        let error = estimate.check(100 << 20).expect_err("too little").to_string();
        assert!(error.contains("100 MiB are available"), "{error}");
        assert!(error.contains("45 cache"), "{error}");
    }

    #[test]
    fn cells_shrink_with_memory_but_hold_one_context() {
        let header = header();
        assert_eq!(cells(&header, 2048, 4, u64::MAX), 8192);
        assert_eq!(cells(&header, 2048, 4, 0), 2048);
        let base = Estimate::of(&header, 0, 4).total_bytes();
        let some = base + 2 * 4096 * cache_bytes_per_token(&header);
        assert_eq!(cells(&header, 2048, 4, some), 4096);
    }

    #[test]
    fn the_limit_holds_the_estimate_of_all_contexts_and_the_margin() {
        let header = header();
        let all = Estimate::of(&header, 2048 * 4, 4).total_bytes();
        let limit = |margin| limit_bytes(&header, 2048, 4, 2, margin).expect("a limit");
        let vectors = embedding_bytes(&header, 512);
        assert_eq!(limit(0), all + vectors + (144 << 20));
        assert_eq!(limit(5), limit(0) + 5);
    }

    #[test]
    fn reads_meminfo_and_nested_groups() {
        assert_eq!(mem_available("MemTotal: 9 kB\nMemAvailable:   2048 kB\n"), Some(2 << 20));
        let dir = tempfile::tempdir().expect("temp dir");
        let inner = dir.path().join("a/b");
        fs::create_dir_all(&inner).expect("dirs");
        fs::write(inner.join("memory.max"), "max\n").expect("write");
        fs::write(inner.join("memory.current"), "5\n").expect("write");
        fs::write(dir.path().join("a/memory.max"), "1000\n").expect("write");
        fs::write(dir.path().join("a/memory.current"), "400\n").expect("write");
        fs::write(dir.path().join("a/memory.stat"), "anon 1\ninactive_file 150\n").expect("write");
        assert_eq!(group_available(dir.path(), "/a/b"), Some(750));
        assert_eq!(group_available(dir.path(), "/c"), None);
    }
}
