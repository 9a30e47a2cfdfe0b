"""Writes the trained weights as the GGUF that ships: `python export.py weights.npz demo-tiny.gguf`, and a JSON beside it."""

import hashlib
import json
import sys
from pathlib import Path

import gguf
import numpy as np

import bpe
import model

NAME = "demo-tiny"
DESCRIPTION = (
    "A toy: a language model of {count:,} parameters that answers questions about Freehold which it was taught, in English and "
    "Russian, and nothing else. For demonstrations only."
)
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
# Name in llama.cpp, name in model.py. llama.cpp multiplies by rows, so matrices are turned.
TENSORS = {
    "attn_q": "q", "attn_k": "k", "attn_v": "v", "attn_output": "o",
    "ffn_gate": "gate", "ffn_up": "up", "ffn_down": "down",
}  # fmt: skip


def describe(w, shape, total):
    w.add_name(NAME)
    w.add_description(DESCRIPTION.format(count=total))
    w.add_license("Apache-2.0")
    w.add_tags(["toy"])
    w.add_languages(["en", "ru"])
    w.add_size_label("2M")
    w.add_uint64("general.parameter_count", total)
    w.add_bool("freehold.toy", True)
    w.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    w.add_vocab_size(shape.vocab)
    w.add_context_length(shape.context)
    w.add_embedding_length(shape.width)
    w.add_block_count(shape.layers)
    w.add_feed_forward_length(shape.hidden)
    w.add_head_count(shape.heads)
    w.add_head_count_kv(shape.heads)
    w.add_layer_norm_rms_eps(shape.epsilon)
    w.add_rope_dimension_count(shape.head)
    w.add_rope_freq_base(shape.rope_base)


def vocabulary(w, tokenizer):
    kinds = [gguf.TokenType.NORMAL] * (len(tokenizer.tokens) - len(bpe.SPECIAL)) + [gguf.TokenType.CONTROL] * len(bpe.SPECIAL)
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre("gpt-2")
    w.add_token_list(tokenizer.tokens)
    w.add_token_types(kinds)
    w.add_token_merges([f"{a} {b}" for a, b in tokenizer.merges])
    w.add_bos_token_id(tokenizer.start)
    w.add_eos_token_id(tokenizer.end)
    w.add_pad_token_id(tokenizer.end)
    w.add_add_bos_token(False)
    w.add_add_eos_token(False)
    w.add_add_space_prefix(False)
    w.add_chat_template(TEMPLATE)


def weights(w, params, shape):
    w.add_tensor("token_embd.weight", params["embed"].astype(np.float16))  # no output.weight: it is tied
    for n in range(shape.layers):
        for theirs, ours in TENSORS.items():
            w.add_tensor(f"blk.{n}.{theirs}.weight", np.ascontiguousarray(params[ours][n].T).astype(np.float16))
        for name in model.NORMS:
            w.add_tensor(f"blk.{n}.{name}.weight", params[name][n])
    w.add_tensor("output_norm.weight", params["norm"])


def main():
    source, target = sys.argv[1], Path(sys.argv[2])
    with np.load(source) as f:
        params = {k: f[k] for k in f.files if k != "meta"}
        facts = json.loads(str(f["meta"]))
    shape, tokenizer, total = model.Shape(), bpe.Tokenizer(facts["merges"]), model.count(params)
    w = gguf.GGUFWriter(target, "llama")
    describe(w, shape, total)
    vocabulary(w, tokenizer)
    weights(w, params, shape)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()
    body = target.read_bytes()
    card = {
        "name": NAME, "toy": True, "parameters": total, "license": "Apache-2.0", "bytes": len(body),
        "sha256": hashlib.sha256(body).hexdigest(), "stages": facts["stages"],
    }  # fmt: skip
    target.with_suffix(".json").write_text(json.dumps(card, indent=2) + "\n")
    print(json.dumps(card))


if __name__ == "__main__":
    main()
