"""Looks, with other people's eyes, for personal data in what left the gateway.

Thousands of requests with planted identifiers go to a route abroad, where `personal` is denied, and to one at home, where
it is not. python-stdnum then reads every body that the stand-in abroad got. None may hold a planted value in any spelling,
nor any valid number that is not one of the text's harmless ones; and both clients get the same bytes.

FLOWS_URL, FLOWS_KEY and FLOWS_STAND_INS as for the other flows; the number of requests may follow.
"""

import collections
import concurrent.futures
import functools
import http.client
import json
import os
import random
import re
import sys
import threading
import unicodedata
import urllib.parse
import urllib.request

from stdnum import iban, luhn
from stdnum.de import idnr
from stdnum.es import cif, dni, nie
from stdnum.eu import vat
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.pl import nip, pesel
from stdnum.ru import inn, ogrn
from texts import Case

SEED, REQUESTS, WORKERS = 20260101, 5000, 8
# A stand-in remembers so many bodies.
WAVE = 250
OTHERS, EACH = ["giga", "yandex", "yandex-compatible", "claude"], 60
HOST = urllib.parse.urlparse(os.environ["FLOWS_URL"]).netloc
KEY = os.environ["FLOWS_KEY"]
ROOTS = {name: stand_in["root"] for name, stand_in in json.loads(os.environ["FLOWS_STAND_INS"]).items()}
VALIDATORS = {
    8: [], 9: [bsn, dni, nie, cif], 10: [inn, nip], 11: [pesel, idnr, vat], 12: [inn, vat], 13: [ogrn, vat], 14: [vat],
    15: [ogrn, nir], 16: [codicefiscale],
}
TOKEN = re.compile(r"⟨[A-Z]+_\d+⟩")
ROW = re.compile(r"[A-Za-z0-9]+(?:[ ./\-][A-Za-z0-9]+)*")
local = threading.local()


def ask(body):
    """One request; what the client has at the end: text, and the arguments of each call."""
    if not hasattr(local, "connection"):
        local.connection = http.client.HTTPConnection(HOST)
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
    local.connection.request("POST", "/v1/chat/completions", body, headers)
    answer = local.connection.getresponse()
    said = answer.read()
    if answer.status != 200:
        raise SystemExit(f"scan: {answer.status}: {said[:400]!r}")
    if not said.startswith(b"{"):
        return put_together(said.decode())
    message = json.loads(said)["choices"][0]["message"]
    calls = {place: call["function"]["arguments"] for place, call in enumerate(message.get("tool_calls") or [])}
    return message["content"] or "", calls


def put_together(events):
    text, calls = [], collections.defaultdict(str)
    data = [line[6:] for line in events.split("\n") if line.startswith("data: ")]
    if data[-1] != "[DONE]":
        raise SystemExit(f"scan: a stream has no end: {data[-1]}")
    for choice in (choice for piece in data[:-1] for choice in json.loads(piece)["choices"]):
        text.append(choice["delta"].get("content") or "")
        for call in choice["delta"].get("tool_calls") or []:
            calls[call["index"]] += call["function"].get("arguments") or ""
    return "".join(text), dict(calls)


def received(name):
    with urllib.request.urlopen(f"{ROOTS[name]}/_received") as answer:
        return json.load(answer)["received"]


def strings(value):
    """Every string and name of a JSON value, and of JSON within strings; numbers as they stand."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from strings(member)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value
        if value.lstrip()[:1] in ("{", "["):
            try:
                yield from strings(json.loads(value))
            except ValueError:
                pass
    elif value is not None:
        yield str(value)


def bare(text):
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper()


def digits(text):
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


@functools.lru_cache(1 << 16)
def kind_of(number):
    if luhn.is_valid(number) and 15 <= len(number) <= 16 and number[0] in "23456":
        return "card"
    if number[:2].isalpha() and iban.is_valid(number):
        return "iban"
    return next((valid.__name__ for valid in VALIDATORS.get(len(number), []) if valid.is_valid(number)), None)


def numbers(text):
    """Every valid number of a text, whatever groups it is in."""
    for row in ROW.findall(unicodedata.normalize("NFKC", text).replace("\u2011", "-").replace("\u2010", "-")):
        groups = re.split(r"[ ./\-]", row)
        for first in range(len(groups)):
            number = ""
            for group in groups[first : first + 9]:
                number += group
                if len(number) > 34:
                    break
                if len(number) >= 9 and sum(map(str.isdigit, number)) >= 7 and kind_of(number):
                    yield kind_of(number), number


def leaks(case, body):
    """What a body holds that should not have left."""
    texts = [TOKEN.sub("\n", text) for text in strings(json.loads(body))]
    everything, counted = "\n".join(map(bare, texts)), "\n".join(map(digits, texts))
    for kind, value in case.planted:
        plain = bare(value)
        if plain in everything or (kind == "PASSPORT" and digits(value) in counted):
            yield f"{kind} {value!r} left"
    harmless = "|".join(map(re.escape, sorted(case.harmless, key=len, reverse=True)))
    for text in texts:
        text = re.sub(rf"(?<!\w)(?:{harmless})(?!\w)", "\n", text) if harmless else text
        for kind, number in numbers(text):
            yield f"{kind} {number!r} is valid"


def answers_alike(case):
    abroad, home = ask(case.body("plain")), ask(case.body("home"))
    return None if abroad == home else f"abroad {abroad!r}, at home {home!r}"


def echoed(route, case):
    """Through a translation: what comes back is what was said, whatever stands before it."""
    text, calls = ask(case.body(route))
    said = case.messages[-1]["content"]
    said = said if isinstance(said, str) else "\n".join(part["text"] for part in said)
    found = json.loads(calls[0])["text"] if case.calls else text
    return None if found.endswith(said) else f"{route} {found!r}, not {said!r}"


def wave(pool, send, stand_in, cases):
    """Sends requests, then reads what arrived: nothing may be missing from what is read."""
    wrong = [found for found in pool.map(send, cases) if found]
    return wrong, received(stand_in)


def matched(cases, bodies):
    """Each body with its case: a stand-in gets them in any order, and a case is known by its mark."""
    known = {case.mark: case for case in cases}
    marks = [(re.search(r"case-\d+\.", json.dumps(body["body"])), body["text"]) for body in bodies]
    return [(known[mark[0]], text) for mark, text in marks if mark and mark[0] in known]


def main():
    rng = random.Random(SEED)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    cases = [Case(rng, number) for number in range(count + len(OTHERS) * EACH)]
    problems, seen = [], 0
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        waves = [("plain", answers_alike, cases[at : min(at + WAVE, count)]) for at in range(0, count, WAVE)]
        for place, route in enumerate(OTHERS):
            some = cases[count + place * EACH :][:EACH]
            waves.append((route.split("-")[0], functools.partial(echoed, route), some))
        for stand_in, send, some in waves:
            wrong, bodies = wave(pool, send, stand_in, some)
            problems += wrong
            pairs = matched(some, bodies)
            seen += len(pairs)
            if len({case.mark for case, _ in pairs}) != len(some):
                problems.append(f"{stand_in}: {len(pairs)} bodies of {len(some)} are known")
            problems += [f"{stand_in}: {leak} in {body}" for case, body in pairs for leak in leaks(case, body)]
    if problems:
        print(*problems[:20], sep="\n")
        sys.exit(f"scan: {len(problems)} problems among {len(cases)} requests")
    planted = sum(len(case.planted) for case in cases)
    print(f"scan: {planted} values planted in {len(cases)} requests, {seen} bodies read, none left, every answer whole")


main()
