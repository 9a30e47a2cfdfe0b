use proptest::prelude::{any, proptest};

use super::*;

#[path = "../../tests/it/fixture.rs"]
mod fixture;

use fixture::{ENCODER_WIDTH, Gguf, Meta, babbler, encoder};

fn read_all(bytes: &[u8]) -> Result<Header, Error> {
    read(bytes, bytes.len() as u64)
}

#[test]
fn an_encoder_is_told_from_a_writer() {
    let header = read_all(&encoder(2).bytes()).expect("good");
    assert!(header.is_encoder());
    assert_eq!((header.pooling, header.shape.embedding), (Some(2), ENCODER_WIDTH as u32));
    let header = read_all(&babbler().bytes()).expect("good");
    assert_eq!((header.is_encoder(), header.pooling), (false, None));
}

fn refusal(change: impl FnOnce(&mut Gguf)) -> String {
    let mut gguf = babbler();
    change(&mut gguf);
    read_all(&gguf.bytes()).expect_err("refused").to_string()
}

#[test]
fn a_good_file_is_understood() {
    let bytes = babbler().bytes();
    let header = read_all(&bytes).expect("good");
    assert_eq!(header.architecture, "llama");
    assert_eq!(header.name.as_deref(), Some("babbler"));
    assert_eq!(header.quantisation, "F32");
    assert_eq!(header.file_bytes, bytes.len() as u64);
    assert_eq!(header.weight_bytes, header.parameters * 4);
    assert_eq!(header.chat_template.as_deref(), Some(fixture::CHATML));
    assert!(header.toy);
    let shape = Shape {
        context_tokens: 256,
        embedding: 64,
        layers: 2,
        heads: 4,
        kv_heads: 2,
        key_length: 16,
        value_length: 16,
        feed_forward: 96,
        vocabulary: 260,
    };
    assert_eq!(header.shape, shape);
    let mut two = babbler();
    two.version = 2;
    assert_eq!(read_all(&two.bytes()).expect("good").version, 2);
}

#[test]
fn toys_say_so_by_tag_or_by_key() {
    let toy = |change: fn(&mut Gguf)| {
        let mut gguf = babbler();
        gguf.remove("general.tags");
        change(&mut gguf);
        read_all(&gguf.bytes()).expect("good").toy
    };
    assert!(!toy(|_| {}));
    assert!(!toy(|g| g.set("general.tags", Meta::Texts(vec!["toys".into()]))));
    assert!(toy(|g| g.set("freehold.toy", Meta::Bool(true))));
    assert!(!toy(|g| g.set("freehold.toy", Meta::Bool(false))));
}

#[test]
fn each_flaw_is_named() {
    assert!(refusal(|g| g.version = 1).contains("version 1"));
    assert!(refusal(|g| g.remove("general.architecture")).contains("general.architecture"));
    assert!(refusal(|g| g.remove("llama.block_count")).contains("llama.block_count"));
    assert!(refusal(|g| g.set("llama.block_count", Meta::U32(0))).contains("missing or zero"));
    assert!(refusal(|g| g.set("llama.block_count", Meta::Text("2".into()))).contains("not a count"));
    assert!(refusal(|g| g.set("general.alignment", Meta::U32(33))).contains("alignment"));
    assert!(refusal(|g| g.meta.push(("general.name".into(), Meta::U32(1)))).contains("twice"));
    assert!(refusal(|g| g.tensors.clear()).contains("no tensors"));
    assert!(refusal(|g| g.tensors[0].1 = vec![1 << 40, 1 << 40]).contains("impossible shape"));
    assert!(refusal(|g| g.tensors[0].1 = vec![1; 5]).contains("rank"));
    assert!(refusal(|g| g.tensors[1].0 = g.tensors[0].0.clone()).contains("occurs twice"));
    assert!(refusal(|g| g.tensors[0].1 = vec![64, 1_000_000]).contains("cut off"));
    assert!(matches!(read_all(b"PK\x03\x04aaaa"), Err(Error::Magic(_))));
}

#[test]
fn counts_without_contents_cost_nothing() {
    let mut bytes = babbler().bytes();
    bytes[16..24].copy_from_slice(&u64::MAX.to_le_bytes());
    assert!(matches!(read_all(&bytes), Err(Error::TooMuch { .. })));
    // A string and a list that claim to be as large as the address space.
    for kind in [8u32, 9] {
        let mut bytes = b"GGUF".to_vec();
        bytes.extend(3u32.to_le_bytes());
        bytes.extend(0u64.to_le_bytes());
        bytes.extend(1u64.to_le_bytes());
        bytes.extend(1u64.to_le_bytes());
        bytes.push(b'k');
        bytes.extend(kind.to_le_bytes());
        if kind == 9 {
            bytes.extend(8u32.to_le_bytes());
        }
        bytes.extend(u64::MAX.to_le_bytes());
        assert!(matches!(read_all(&bytes), Err(Error::CutOff { .. })), "{kind}");
    }
}

#[test]
fn every_prefix_is_refused() {
    let bytes = babbler().bytes();
    // All of the header's, and some of the weights'.
    let ends = (0..9000).chain((9000..bytes.len()).step_by(997));
    for end in ends {
        assert!(read_all(&bytes[..end]).is_err(), "{end}");
    }
}

#[test]
fn tensors_that_overlap_are_refused() {
    let mut bytes = babbler().bytes();
    bytes[5446] = 56;
    let error = read_all(&bytes).expect_err("refused").to_string();
    assert!(error.contains("overlap"), "{error}");
}

proptest! {
    #[test]
    fn mutated_headers_never_panic(
        edits in proptest::collection::vec((0usize..9000, any::<u8>()), 1..20)
    ) {
        let mut bytes = babbler().bytes();
        for (at, byte) in edits {
            bytes[at] = byte;
        }
        if let Ok(header) = read_all(&bytes) {
            assert!(header.weight_bytes <= bytes.len() as u64);
        }
    }

    #[test]
    fn numbers_at_the_edges_never_panic(at in 0usize..8990, pick in 0usize..6) {
        let edges = [u64::MAX, u64::MAX - 31, 1 << 63, i64::MAX as u64, u64::from(u32::MAX), 1 << 32];
        let mut bytes = babbler().bytes();
        bytes[at..at + 8].copy_from_slice(&edges[pick].to_le_bytes());
        if let Ok(header) = read_all(&bytes) {
            assert!(header.weight_bytes <= bytes.len() as u64);
        }
    }

    #[test]
    fn noise_is_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        assert!(read_all(&bytes).is_err());
        let mut with_magic = b"GGUF\x03\0\0\0".to_vec();
        with_magic.extend(bytes);
        assert!(read_all(&with_magic).is_err());
    }
}
