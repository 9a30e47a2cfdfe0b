"""The numbers among the questions of a suite, as lm-eval takes them."""

import json
from pathlib import Path

from datasets import Dataset

SUITES = Path(__file__).resolve().parent.parent


def numbers(name):
    """Questions whose whole expectation is one number."""
    items = [json.loads(line) for line in (SUITES / name).read_text(encoding="utf-8").splitlines() if line.strip()]
    wanted = [item for item in items if set(item["expect"]) == {"numeric"} and not item["expect"]["numeric"].get("tolerance")]
    rows = [{"id": item["id"], "prompt": item["prompt"], "answer": str(item["expect"]["numeric"]["value"])} for item in wanted]
    return {"test": Dataset.from_list(rows)}


def english(**_):
    return numbers("en.jsonl")


def russian(**_):
    return numbers("ru.jsonl")
