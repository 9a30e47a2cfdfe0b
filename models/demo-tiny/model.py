"""The llama architecture in numpy, forwards and backwards: RMSNorm, RoPE on interleaved pairs (as llama.cpp's `llama`
expects), SwiGLU, tied output. Gradients are written out, which on one CPU thread is about twice as fast as a compiler
that fuses them, and needs no warm-up."""

from dataclasses import dataclass

import numpy as np

MATRICES = ("q", "k", "v", "o", "gate", "up", "down")
NORMS = ("attn_norm", "ffn_norm")


@dataclass(frozen=True)
class Shape:
    vocab: int = 1536
    width: int = 192
    layers: int = 4
    heads: int = 6
    hidden: int = 512
    context: int = 512
    rope_base: float = 10000.0
    epsilon: float = 1e-5

    @property
    def head(self):
        return self.width // self.heads


def parameters(shape, rng):
    """Random weights. Matrices of all layers are stacked on the first axis and multiply from the right."""
    d, h, n = shape.width, shape.hidden, shape.layers
    sizes = {"q": (d, d), "k": (d, d), "v": (d, d), "o": (d, d), "gate": (d, h), "up": (d, h), "down": (h, d)}
    params = {m: rng.standard_normal((n, *s), np.float32) * np.float32(s[0] ** -0.5) for m, s in sizes.items()}
    for m in ("o", "down"):
        params[m] *= np.float32((2 * n) ** -0.5)
    params |= {m: np.ones((n, d), np.float32) for m in NORMS}
    params["embed"] = rng.standard_normal((shape.vocab, d), np.float32) * np.float32(0.03)
    params["norm"] = np.ones(d, np.float32)
    return params


def count(params):
    return sum(p.size for p in params.values())


def norm(x, weight, epsilon):
    r = 1 / np.sqrt(np.mean(x * x, -1, keepdims=True) + np.float32(epsilon))
    unit = x * r
    return unit * weight, (unit, r)


def norm_back(dy, weight, kept):
    unit, r = kept
    du = dy * weight
    return r * (du - unit * np.mean(du * unit, -1, keepdims=True)), np.sum(dy * unit, 0)


def turn(x, cis, heads):
    """RoPE: pairs (2i, 2i + 1) of each head are complex numbers, turned by the position's angle."""
    b, t, _ = x.shape
    return (x.view(np.complex64).reshape(b, t, heads, -1) * cis).view(np.float32).reshape(x.shape)


def split(x, heads):
    b, t, d = x.shape
    return x.reshape(b, t, heads, d // heads).transpose(0, 2, 1, 3)


def merge(x):
    b, h, t, d = x.shape
    return np.ascontiguousarray(x.transpose(0, 2, 1, 3)).reshape(b, t, h * d)


class Pass:
    """One forward pass over [batch, time] ids, kept for `backward`. Padding at the end needs no mask: attention is causal."""

    def __init__(self, shape, params, ids):
        self.shape, self.p, self.ids = shape, params, ids
        t = ids.shape[1]
        rates = shape.rope_base ** (-np.arange(0, shape.head, 2) / shape.head)
        self.cis = np.exp(1j * np.outer(np.arange(t), rates)).astype(np.complex64)[:, None, :]
        self.mask = np.triu(np.full((t, t), -1e9, np.float32), 1)
        self.scale = np.float32(shape.head**-0.5)
        self.kept = []
        x = params["embed"][ids]
        for n in range(shape.layers):
            x = self.layer(x, {m: params[m][n] for m in MATRICES + NORMS})
        self.hidden, self.final = norm(x.reshape(-1, shape.width), params["norm"], shape.epsilon)

    def layer(self, x, w):
        b, t, d = x.shape
        y, n1 = norm(x.reshape(-1, d), w["attn_norm"], self.shape.epsilon)
        q, k, v = ((y @ w[m]).reshape(b, t, d) for m in "qkv")
        q, k = (split(turn(z, self.cis, self.shape.heads), self.shape.heads) for z in (q, k))
        v = split(v, self.shape.heads)
        score = q @ k.swapaxes(-1, -2)
        score *= self.scale
        score += self.mask
        score -= score.max(-1, keepdims=True)
        np.exp(score, out=score)
        score /= score.sum(-1, keepdims=True)
        mixed = merge(score @ v).reshape(-1, d)
        x = x.reshape(-1, d) + mixed @ w["o"]
        z, n2 = norm(x, w["ffn_norm"], self.shape.epsilon)
        gate, up = z @ w["gate"], z @ w["up"]
        sigmoid = 1 / (1 + np.exp(-gate))
        act = gate * sigmoid
        inner = act * up
        self.kept.append((w, y, n1, q, k, v, score, mixed, z, n2, gate, up, sigmoid, act, inner))
        return (x + inner @ w["down"]).reshape(b, t, d)

    def logits(self, where):
        """Logits at flat positions `where` only: the output layer is a tenth of the work."""
        return self.hidden[where] @ self.p["embed"].T

    def backward(self, where, dlogits):
        """Gradients of every parameter, given those of `logits(where)`."""
        p, grads = self.p, {k: np.empty_like(v) for k, v in self.p.items()}
        dh = np.zeros_like(self.hidden)
        dh[where] = dlogits @ p["embed"]
        grads["embed"] = dlogits.T @ self.hidden[where]
        dx, grads["norm"] = norm_back(dh, p["norm"], self.final)
        for n in reversed(range(self.shape.layers)):
            dx = self.layer_back(dx, self.kept[n], grads, n)
        np.add.at(grads["embed"], self.ids.reshape(-1), dx)
        return grads

    def layer_back(self, dx, kept, grads, n):
        w, y, n1, q, k, v, weight, mixed, z, n2, gate, up, sigmoid, act, inner = kept
        grads["down"][n] = inner.T @ dx
        dinner = dx @ w["down"].T
        dup = dinner * act
        dgate = dinner * up * (sigmoid * (1 + gate - act))
        grads["up"][n], grads["gate"][n] = z.T @ dup, z.T @ dgate
        dz, grads["ffn_norm"][n] = norm_back(dup @ w["up"].T + dgate @ w["gate"].T, w["ffn_norm"], n2)
        dx = dx + dz
        grads["o"][n] = mixed.T @ dx
        b, t = self.ids.shape
        dmixed = split((dx @ w["o"].T).reshape(b, t, -1), self.shape.heads)
        dscore = dmixed @ v.swapaxes(-1, -2)
        dv = merge(weight.swapaxes(-1, -2) @ dmixed)
        dscore -= np.sum(dscore * weight, -1, keepdims=True)
        dscore *= weight
        dscore *= self.scale
        back = self.cis.conj()
        dq = turn(merge(dscore @ k), back, self.shape.heads)
        dk = turn(merge(dscore.swapaxes(-1, -2) @ q), back, self.shape.heads)
        dy = np.float32(0)
        for m, d in (("q", dq), ("k", dk), ("v", dv)):
            d = d.reshape(dx.shape)
            grads[m][n] = y.T @ d
            dy = dy + d @ w[m].T
        dy, grads["attn_norm"][n] = norm_back(dy, w["attn_norm"], n1)
        return dx + dy


def greedy(shape, params, prompt, end, limit=90):
    """The most likely continuation of one prompt, without its end token. Slow and simple: no cache."""
    ids = list(prompt)
    while len(ids) < min(len(prompt) + limit, shape.context):
        ahead = Pass(shape, params, np.array([ids]))
        token = int(np.argmax(ahead.logits([len(ids) - 1])))
        if token == end:
            break
        ids.append(token)
    return ids[len(prompt) :]
