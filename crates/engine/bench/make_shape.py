#!/usr/bin/env python3
"""Writes a GGUF of a real model's shape with random weights, for the engine's bench.

    pip install gguf numpy
    python3 make_shape.py shape-135m.gguf

The shape is SmolLM2-135M's: 30 layers, width 576, 9 heads, 3 key-value heads, feed-forward 1536,
vocabulary 49152, Q8_0. What such a file says is noise; what it costs to say it is not.
"""

import sys

import gguf
import numpy as np

LAYERS, WIDTH, HEADS, KV_HEADS, FEED, VOCABULARY, CONTEXT = 30, 576, 9, 3, 1536, 49152, 8192
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def byte_characters():
    """The characters that stand for the 256 bytes in byte-level vocabularies."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    extra = iter(range(256, 512))
    return [chr(b) if b in plain else chr(next(extra)) for b in range(256)]


def main(path):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("shape-135m")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_rope_freq_base(100000.0)
    writer.add_vocab_size(VOCABULARY)
    tokens = byte_characters() + ["he", "<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    types = [1] * 257 + [3] * 3
    tokens += [f"word{i}" for i in range(VOCABULARY - len(tokens))]
    types += [1] * (VOCABULARY - len(types))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(["h e"])
    writer.add_bos_token_id(257)
    writer.add_eos_token_id(259)
    writer.add_chat_template(CHATML)

    random = np.random.default_rng(1)
    q8 = gguf.GGMLQuantizationType.Q8_0

    def matrix(name, rows, columns):
        data = random.standard_normal((rows, columns), dtype=np.float32) * 0.05
        writer.add_tensor(name, gguf.quants.quantize(data, q8), raw_dtype=q8)

    def ones(name):
        writer.add_tensor(name, np.ones(WIDTH, dtype=np.float32))

    kv = WIDTH // HEADS * KV_HEADS
    matrix("token_embd.weight", VOCABULARY, WIDTH)
    for i in range(LAYERS):
        ones(f"blk.{i}.attn_norm.weight")
        matrix(f"blk.{i}.attn_q.weight", WIDTH, WIDTH)
        matrix(f"blk.{i}.attn_k.weight", kv, WIDTH)
        matrix(f"blk.{i}.attn_v.weight", kv, WIDTH)
        matrix(f"blk.{i}.attn_output.weight", WIDTH, WIDTH)
        ones(f"blk.{i}.ffn_norm.weight")
        matrix(f"blk.{i}.ffn_gate.weight", FEED, WIDTH)
        matrix(f"blk.{i}.ffn_up.weight", FEED, WIDTH)
        matrix(f"blk.{i}.ffn_down.weight", WIDTH, FEED)
    ones("output_norm.weight")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "shape-135m.gguf")
