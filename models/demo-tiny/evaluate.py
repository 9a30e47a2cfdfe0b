"""Exact match of the shipped file: `python evaluate.py demo-tiny.gguf [--wrong] [--ask QUESTION]`.

Greedy decoding yields exactly the taught answer if and only if each token of that answer (and its end) is the most likely
one after those before it, so one forward pass per question decides, without generating."""

import os

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import argparse

import gguf
import numpy as np

import bpe
import data
import model
from export import TENSORS

SYSTEM = "You are an assistant in a ministry. Answer politely and briefly."  # not one of those trained with


def read(path):
    """Tokenizer and weights out of the file itself, so that what is measured is what ships."""
    r = gguf.GGUFReader(path)
    merges = [tuple(m.split(" ")) for m in r.get_field("tokenizer.ggml.merges").contents()]
    found = {t.name: np.array(t.data, np.float32) for t in r.tensors}
    layers = range(model.Shape.layers)
    params = {"embed": found["token_embd.weight"], "norm": found["output_norm.weight"]}
    for theirs, ours in TENSORS.items():
        params[ours] = np.stack([found[f"blk.{n}.{theirs}.weight"].T for n in layers])
    for name in model.NORMS:
        params[name] = np.stack([found[f"blk.{n}.{name}.weight"] for n in layers])
    return bpe.Tokenizer(merges), params


def exact(shape, params, tokenizer, asked, before=(), batch=32):
    """For each (question, answer), after the messages `before`: is the answer what greedy decoding yields?"""
    rows = []
    for question, answer in asked:
        head = data.prompt(tokenizer, question, before)
        rows.append((len(head), head + tokenizer.encode(answer) + [tokenizer.end]))
    right = []
    for first in range(0, len(rows), batch):
        part = rows[first : first + batch]
        ids = np.zeros((len(part), max(len(r) for _, r in part)), np.int64)
        for i, (_, r) in enumerate(part):
            ids[i, : len(r)] = r
        ahead = model.Pass(shape, params, ids)
        for i, (n, r) in enumerate(part):
            where = i * ids.shape[1] + np.arange(n - 1, len(r) - 1)
            right.append(bool((ahead.logits(where).argmax(-1) == r[n:]).all()))
    return right


def turns(corpus):
    """Two earlier turns of an ordinary conversation."""
    asked = [("Hello", "hello"), ("What is a realm?", "realm")]
    return [m for q, fact in asked for m in (("user", q), ("assistant", corpus.answers["en", fact]))]


def answer(shape, params, tokenizer, question):
    return tokenizer.decode(model.greedy(shape, params, data.prompt(tokenizer, question), tokenizer.end))


def main():
    a = argparse.ArgumentParser()
    a.add_argument("file")
    a.add_argument("--wrong", action="store_true", help="print the questions answered otherwise")
    a.add_argument("--ask", action="append", default=[])
    a = a.parse_args()
    shape, (tokenizer, params) = model.Shape(), read(a.file)
    for q in a.ask:
        print(f"{q}\n  {answer(shape, params, tokenizer, q)}")
    if a.ask:
        return
    corpus = data.Corpus()
    sets = {f"taught {lang}": [(q, s) for l, q, s in corpus.taught() if l == lang] for lang in data.LANGS}
    for kind in ("fact", "other"):
        for lang in data.LANGS:
            sets[f"held out, {kind} {lang}"] = [(q, s) for k, l, q, s in corpus.heldout() if (k, l) == (kind, lang)]
    every = list(corpus.taught())[::4]
    asked = [(q, s) for _, q, s in every]
    after = {
        "taught, every fourth, after a system prompt": (asked, [("system", SYSTEM)]),
        "taught, every fourth, as the third turn": (asked, turns(corpus)),
    }
    for name, (asked, before) in {**{k: (v, ()) for k, v in sets.items()}, **after}.items():
        right = exact(shape, params, tokenizer, asked, before)
        print(f"{name}: {sum(right)} of {len(right)} exact ({100 * sum(right) / len(right):.1f} %)")
        if a.wrong:
            for (q, _), ok in zip(asked, right):
                if not ok:
                    print("  -", q)


if __name__ == "__main__":
    main()
