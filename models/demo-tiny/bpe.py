"""Byte-level BPE in the style of GPT-2, cut so that it equals llama.cpp's `gpt-2` pre-tokenizer."""

from collections import Counter, defaultdict

import regex

# The pre-tokenizer that llama.cpp runs for `tokenizer.ggml.pre = "gpt-2"`.
PIECES = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
START, END = "<|im_start|>", "<|im_end|>"
SPECIAL = [START, END]


def byte_alphabet():
    """Byte -> printable character, as every GPT-2 style vocabulary writes its bytes."""
    kept = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {b: chr(b) for b in kept}
    for n, b in enumerate(b for b in range(256) if b not in table):
        table[b] = chr(256 + n)
    return table


TO_CHAR = byte_alphabet()
TO_BYTE = {c: b for b, c in TO_CHAR.items()}


def pieces(text):
    return ["".join(TO_CHAR[b] for b in p.encode()) for p in PIECES.findall(text)]


def learn(texts, merges_wanted):
    """The merges of a weighted corpus `[(text, weight)]`; ties go to the smaller pair, so the result is fixed."""
    words = Counter()
    for text, weight in texts:
        for piece in pieces(text):
            words[piece] += weight
    split = [list(w) for w in words]
    count = list(words.values())
    pairs, where = Counter(), defaultdict(set)
    for i, symbols in enumerate(split):
        for pair in zip(symbols, symbols[1:]):
            pairs[pair] += count[i]
            where[pair].add(i)
    merges = []
    while len(merges) < merges_wanted:
        best = max(pairs, key=lambda p: (pairs[p], p))
        merges.append(best)
        for i in list(where[best]):
            symbols = split[i]
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] -= count[i]
                where[pair].discard(i)
            split[i] = symbols = join(symbols, best)
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += count[i]
                where[pair].add(i)
    return merges


def join(symbols, pair):
    out, i = [], 0
    while i < len(symbols):
        if tuple(symbols[i : i + 2]) == pair:
            out.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            out.append(symbols[i])
            i += 1
    return out


class Tokenizer:
    def __init__(self, merges):
        self.merges = [tuple(m) for m in merges]
        self.rank = {m: i for i, m in enumerate(self.merges)}
        self.tokens = list(TO_CHAR.values()) + [a + b for a, b in self.merges] + SPECIAL
        self.ids = {t: i for i, t in enumerate(self.tokens)}
        if len(self.ids) != len(self.tokens):
            raise ValueError("two merges make the same token")
        self.start, self.end = self.ids[START], self.ids[END]
        self.cache = {}

    def encode(self, text):
        """Text without special tokens."""
        return [i for piece in pieces(text) for i in self.piece(piece)]

    def encode_chat(self, text):
        """Text in which the special tokens count as such."""
        out = []
        for part in regex.split("(" + "|".join(map(regex.escape, SPECIAL)) + ")", text):
            out += [self.ids[part]] if part in SPECIAL else self.encode(part)
        return out

    def piece(self, piece):
        if piece not in self.cache:
            symbols = list(piece)
            while len(symbols) > 1:
                pair = min(zip(symbols, symbols[1:]), key=lambda p: self.rank.get(p, len(self.rank)))
                if pair not in self.rank:
                    break
                symbols = join(symbols, pair)
            self.cache[piece] = [self.ids[s] for s in symbols]
        return self.cache[piece]

    def decode(self, ids):
        text = "".join(self.tokens[i] for i in ids if i not in (self.start, self.end))
        return bytes(TO_BYTE[c] for c in text).decode(errors="replace")
