"""Trains demo-tiny in two stages, each with one thread, one seed and a fixed number of steps:

    python train.py --out first.npz
    python train.py --resume first.npz --steps 215 --seed 20260102 --out weights.npz

The second practises what the first left wrong. On its own that makes other answers worse; the mean of both weights keeps
what each of them learned."""

import os

for library in ("OMP", "OPENBLAS", "MKL"):  # before numpy: one thread gives one order of sums, and leaves the machine usable
    os.environ[f"{library}_NUM_THREADS"] = "1"

import argparse
import ctypes
import json
import time

import numpy as np

import bpe
import data
import evaluate
import model

FIRST, FIRST_WEIGHT = 3, 3.0  # first stage: the first answer tokens mostly choose the answer, so they weigh more
BRANCH_WEIGHT = 4.0  # second stage: so does exactly each token at which two answers part
MUON_RATE, ADAM_RATE, DECAY = 0.02, 4e-3, 0.1


def first_tokens(answer):
    return [FIRST_WEIGHT if i < FIRST else 1.0 for i in range(len(answer))]


def branches(tokenizer, corpus):
    """A weigher of answers: the tree of all answers says where two of them part."""
    after = {}
    for text in corpus.all_answers():
        ids = (*tokenizer.encode(text), tokenizer.end)
        for i, token in enumerate(ids):
            after.setdefault(ids[:i], set()).add(token)
    return lambda answer: [BRANCH_WEIGHT if len(after[tuple(answer[:i])]) > 1 else 1.0 for i in range(len(answer))]


def batches(tokenizer, stream, rng, tokens, weigh, pool=4096):
    """Endless (ids, where, targets, weights), conversations of like length together."""
    while True:
        rows = [data.render(tokenizer, stream.conversation()) for _ in range(pool)]
        rows = sorted((r for r in rows if len(r[0]) <= 512), key=lambda r: len(r[0]))
        made = []
        while rows:
            size = 1
            while size < len(rows) and size * len(rows[-1][0]) < tokens:
                size += 1
            made.append(rows[-size:])
            rows = rows[:-size]
        for i in rng.permutation(len(made)):
            yield pad(made[i], weigh)


def pad(rows, weigh):
    width = max(len(ids) for ids, _ in rows) - 1
    ids = np.zeros((len(rows), width), np.int64)
    where, targets, weights = [], [], []
    for i, (row, taught) in enumerate(rows):
        ids[i, : len(row) - 1] = row[:-1]
        for first, last in runs(taught):
            where += range(i * width + first - 1, i * width + last - 1)
            targets += row[first:last]
            weights += weigh(row[first:last])
    return ids, np.array(where), np.array(targets), np.array(weights, np.float32)


def runs(taught):
    """[first, last) of each stretch of ones."""
    edges = np.flatnonzero(np.diff([0, *taught, 0]))
    return zip(edges[::2].tolist(), edges[1::2].tolist())


def gradients(shape, params, ids, where, targets, weights):
    """Weighted mean cross entropy of the taught tokens, and its gradients."""
    ahead = model.Pass(shape, params, ids)
    z = ahead.logits(where)
    z -= z.max(-1, keepdims=True)
    rows = np.arange(len(targets))
    picked = z[rows, targets]
    np.exp(z, out=z)
    total = z.sum(-1)
    share = weights / weights.sum()
    loss = float(np.sum((np.log(total) - picked) * share))
    z *= (share / total)[:, None]
    z[rows, targets] -= share
    return loss, ahead.backward(where, z)


def orthogonal(g):
    """Newton-Schulz towards the nearest orthogonal matrix (Muon's update), for a stack of matrices."""
    tall = g.shape[-2] > g.shape[-1]
    x = g.swapaxes(-1, -2) if tall else g
    x = x / (np.linalg.norm(x, axis=(-2, -1), keepdims=True) + np.float32(1e-7))
    for _ in range(5):
        a = x @ x.swapaxes(-1, -2)
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return x.swapaxes(-1, -2) if tall else x


class Optimiser:
    """Muon for the matrices of the layers, Adam for embedding and norms."""

    def __init__(self, params):
        self.p = params
        self.first = {k: np.zeros_like(v) for k, v in params.items()}
        self.second = {k: np.zeros_like(v) for k, v in params.items() if k not in model.MATRICES}
        self.step = 0

    def update(self, grads, rate):
        """`rate` runs from 0 to 1."""
        self.step += 1
        for name, p in self.p.items():
            g, m = grads[name], self.first[name]
            if name in model.MATRICES:
                m *= 0.95
                m += g
                p *= 1 - rate * MUON_RATE * DECAY
                p -= rate * MUON_RATE * max(1.0, p.shape[-1] / p.shape[-2]) ** 0.5 * orthogonal(g + 0.95 * m)
            else:
                s = self.second[name]
                m += 0.1 * (g - m)
                s += 0.02 * (g * g - s)
                u = (m / (1 - 0.9**self.step)) / (np.sqrt(s / (1 - 0.98**self.step)) + 1e-8)
                p -= rate * ADAM_RATE * u


def schedule(step, steps, again):
    warm, cool = min(1.0, (step + 1) / 30), min(1.0, (steps - step) / (0.6 * steps))
    return 0.5 * min(warm, (steps - step) / steps) if again else min(warm, cool)


def arguments():
    a = argparse.ArgumentParser()
    a.add_argument("--resume", help="second stage: go on from these weights, and practise what is still answered wrongly")
    a.add_argument("--out", default="weights.npz")
    a.add_argument("--seed", type=int, default=20260101)
    a.add_argument("--steps", type=int, default=900)
    a.add_argument("--tokens", type=int, default=1536)
    a.add_argument("--share", type=float, default=0.35, help="second stage: its share in the mean with the weights it began from")
    a.add_argument("--stop", type=int, help="stop after this many steps, to try a schedule out")
    return a.parse_args()


def keep_memory():
    """Without this glibc returns every large array to the kernel, and a tenth of the time goes into page faults."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # not glibc
        return
    mallopt(-3, 2**30)  # M_MMAP_THRESHOLD
    mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD


def begin(a, corpus, shape, rng):
    """Tokenizer, weights, stream, weigher and facts of earlier stages: of the first stage, or of the second."""
    if not a.resume:
        tokenizer = bpe.Tokenizer(bpe.learn(list(corpus.texts()), shape.vocab - 256 - len(bpe.SPECIAL)))
        return tokenizer, model.parameters(shape, rng), data.Stream(corpus, rng), first_tokens, []
    with np.load(a.resume) as f:
        params = {k: f[k] for k in f.files if k != "meta"}
        before = json.loads(str(f["meta"]))
    tokenizer = bpe.Tokenizer(before["merges"])
    taught = list(corpus.taught())
    right = evaluate.exact(shape, params, tokenizer, [(q, answer) for _, q, answer in taught])
    wrong = [t for t, ok in zip(taught, right) if not ok]
    print(f"{len(wrong)} of {len(taught)} taught questions are answered wrongly")
    return tokenizer, params, data.Stream(corpus, rng, drill=wrong), branches(tokenizer, corpus), before["stages"]


def main():
    a = arguments()
    keep_memory()
    corpus, shape, rng = data.Corpus(), model.Shape(), np.random.default_rng(a.seed)
    tokenizer, params, stream, weigh, earlier = begin(a, corpus, shape, rng)
    optimiser, source = Optimiser(params), batches(tokenizer, stream, rng, a.tokens, weigh)
    seen, recent = 0, []
    for step in range(a.stop or a.steps):
        batch = next(source)
        loss, grads = gradients(shape, params, *batch)
        optimiser.update(grads, schedule(step, a.steps, a.resume))
        seen += batch[0].size
        recent.append(loss)
        if step % 25 == 24:
            print(f"step {step + 1} loss {np.mean(recent):.4f} tokens {seen} cpu_s {time.process_time():.0f}", flush=True)
            recent = []
    if a.resume:
        with np.load(a.resume) as f:
            params = {k: ((1 - a.share) * f[k] + a.share * p).astype(np.float32) for k, p in params.items()}
    stage = {"seed": a.seed, "steps": a.steps, "tokens": seen, "cpu_s": round(time.process_time())}
    facts = {"stages": [*earlier, stage], "merges": tokenizer.merges}
    np.savez(a.out, meta=json.dumps(facts), **params)
    print(f"{model.count(params)} parameters -> {a.out}")


if __name__ == "__main__":
    main()
