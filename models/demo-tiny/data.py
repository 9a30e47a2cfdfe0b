"""The corpus as values, and the endless stream of noisy conversations that the model is trained on."""

import json
import re
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
LANGS = ("en", "ru")
LETTERS = {"en": "abcdefghijklmnopqrstuvwxyz", "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя"}
ARTICLE = re.compile(r"^(a|an|the) ")


def lines(name):
    return [json.loads(line) for line in (CORPUS / name).read_text(encoding="utf-8").splitlines()]


def plain(text):
    """What two questions must differ in to count as different."""
    return " ".join(re.sub(r"[^\w]+", " ", text.lower()).split())


class Corpus:
    def __init__(self):
        self.facts = {lang: lines(f"{lang}.jsonl") for lang in LANGS}
        self.other = json.loads((CORPUS / "other.json").read_text(encoding="utf-8"))
        self.phrasing = json.loads((CORPUS / "phrasing.json").read_text(encoding="utf-8"))
        self.answers = {(lang, f["id"]): f["a"] for lang in LANGS for f in self.facts[lang]}
        self.held = {
            plain(q) for h in lines("heldout.jsonl") for q in h["q"]
        } | {plain(q) for lang in LANGS for q in self.other["heldout"][lang]}

    def taught(self):
        """(language, question, answer) for every question as written."""
        for lang in LANGS:
            for fact in self.facts[lang]:
                for q in fact["q"]:
                    yield lang, q, fact["a"]

    def heldout(self):
        """(language, question, answer): paraphrases of facts, then questions about something else."""
        for h in lines("heldout.jsonl"):
            for q in h["q"]:
                yield "fact", h["lang"], q, self.answers[h["lang"], h["id"]]
        for lang in LANGS:
            for q in self.other["heldout"][lang]:
                yield "other", lang, q, self.other[lang]["answer"]

    def all_answers(self):
        return [*self.answers.values(), *(self.other[lang]["answer"] for lang in LANGS)]

    def texts(self):
        """(text, weight) for the tokenizer: answers weigh most, for they are what costs time."""
        for lang in LANGS:
            for fact in self.facts[lang]:
                yield " " + fact["a"], 2
                yield fact["a"], 4
                for q in fact["q"]:
                    yield q, 2
                    yield q.lower(), 1
            other, phrasing = self.other[lang], self.phrasing[lang]
            yield other["answer"], 20
            for q in other["plain"] + other["templates"] + sum(other["slots"].values(), []):
                yield q, 1
            for q in phrasing["before"] + phrasing["after"] + phrasing["system"]:
                yield q, 1
        yield "user\nassistant\nsystem\n", 1000


class Stream:
    """Draws questions and conversations. `rng` is numpy's Generator; the same seed gives the same stream."""

    def __init__(self, corpus, rng, other=0.14, drill=()):
        """`drill`: (language, question, answer) of taught questions still answered wrongly, to be asked more often."""
        self.c, self.rng, self.other = corpus, rng, other
        self.drill = {lang: [(q, a) for l, q, a in drill if l == lang] for lang in LANGS}

    def chance(self, p):
        return self.rng.random() < p

    def pick(self, items):
        return items[int(self.rng.integers(len(items)))]

    def pair(self, lang):
        """A question, noisy or not, and its answer; never a held-out question."""
        while True:
            question, answer = self.clean(lang)
            if not self.drill[lang] or self.chance(0.7):
                question = self.noisy(question, lang)
            if plain(question) and plain(question) not in self.c.held:
                return question, answer

    def clean(self, lang):
        if self.drill[lang] and self.chance(0.2):
            return self.pick(self.drill[lang])
        if self.chance(self.other):
            return self.unrelated(lang), self.c.other[lang]["answer"]
        fact = self.pick(self.c.facts[lang])
        if "term" in fact and self.chance(0.35):
            term = fact["term"]
            bare = ARTICLE.sub("", term)
            return self.pick(self.c.phrasing[lang]["term"]).format(t=term, b=bare), fact["a"]
        return self.pick(fact["q"]), fact["a"]

    def unrelated(self, lang):
        other = self.c.other[lang]
        if self.chance(0.15):
            return self.pick(other["plain"])
        fill = lambda m: self.nonsense(lang) if m[1] == "nonsense" else self.pick(other["slots"][m[1]])
        return re.sub(r"\{(\w+)\}", fill, self.pick(other["templates"]))

    def nonsense(self, lang):
        return "".join(self.pick(LETTERS[lang]) for _ in range(int(self.rng.integers(3, 10))))

    def noisy(self, q, lang):
        p = self.c.phrasing[lang]
        if self.chance(0.35):
            q = self.reworded(q, p["same"])
        if self.chance(0.22):
            q = self.shortened(q)
        if self.chance(0.12):
            q = self.pick(p["before"]) + q[0].lower() + q[1:]
        if self.chance(0.08):
            q = q.rstrip("?.! ") + self.pick(p["after"])
        if self.chance(0.2):
            q = self.mistyped(q, lang)
        if self.chance(0.35):
            q = q.rstrip("?.! ") + self.pick(["", "", "", ".", "!", "??", " ?"])
        if self.chance(0.3):
            q = q.lower()
        elif self.chance(0.02):
            q = q.upper()
        return q.strip()

    def reworded(self, q, groups):
        low = q.lower()
        fits = [(g, w) for g in groups for w in g if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", low)]
        if not fits:
            return q
        group, word = self.pick(fits)
        found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", low)
        new = self.pick(group)
        if found.start() == 0:
            new = new[0].upper() + new[1:]
        return q[: found.start()] + new + q[found.end() :]

    def shortened(self, q):
        """Drops, doubles or swaps a word or two: the model must look at all of them."""
        words = q.split()
        for _ in range(int(self.rng.integers(1, 3))):
            if len(words) < 5:
                break
            i = int(self.rng.integers(len(words)))
            if self.chance(0.7):
                del words[i]
            else:
                words.insert(int(self.rng.integers(len(words))), words.pop(i))
        return " ".join(words)

    def mistyped(self, q, lang):
        i = int(self.rng.integers(len(q)))
        kind = int(self.rng.integers(4))
        if kind == 0:
            return q[:i] + q[i + 1 :] if len(q) > 3 else q
        if kind == 1:
            return q[:i] + q[i] + q[i:]
        if kind == 2:
            return q[:i] + q[i + 1 : i + 2] + q[i] + q[i + 2 :]
        return q[:i] + self.pick(LETTERS[lang]) + q[i + 1 :]

    def conversation(self):
        """[(role, text)]: mostly one turn; sometimes a system prompt, earlier turns, or a long history."""
        lang = self.pick(LANGS)
        turns = []
        if self.chance(0.15):
            turns.append(("system", " ".join(self.pick(self.c.phrasing[self.pick(LANGS)]["system"]) for _ in range(1 + self.chance(0.3)))))
        count = 1
        if self.chance(0.12):
            count = int(self.rng.integers(2, 4))
        elif self.chance(0.015):
            count = int(self.rng.integers(5, 9))
        for _ in range(count):
            question, answer = self.pair(lang if self.chance(0.9) else self.pick(LANGS))
            turns += [("user", question), ("assistant", answer)]
        return turns


def render(tokenizer, turns):
    """Token ids of a conversation in ChatML, and for each whether it is taught (an answer or its end)."""
    ids, taught = [], []
    for role, text in turns:
        head = tokenizer.encode_chat(f"<|im_start|>{role}\n")
        body = tokenizer.encode(text) + [tokenizer.end]
        tail = tokenizer.encode("\n")
        ids += head + body + tail
        mine = role == "assistant"
        taught += [0] * len(head) + [int(mine)] * len(body) + [0] * len(tail)
    return ids[:-1], taught[:-1]


def prompt(tokenizer, question, before=()):
    """Token ids that ask one question, after earlier messages [(role, text)]."""
    ids = []
    for role, text in [*before, ("user", question)]:
        ids += tokenizer.encode_chat(f"<|im_start|>{role}\n") + tokenizer.encode(text) + tokenizer.encode_chat("<|im_end|>\n")
    return ids + tokenizer.encode_chat("<|im_start|>assistant\n")
