"""The commands of a page, and what the page says they print."""

import re
from dataclasses import dataclass

FENCE = re.compile(r"^( *)```\s*(.*)$")


@dataclass
class Block:
    line: int
    flags: list
    commands: str
    shown: str | None = None

    @property
    def runs(self):
        return "not-run" not in self.flags

    @property
    def status(self):
        """With what its last command ends: 0, or what `exits-N` says beside the language."""
        return next((int(flag.removeprefix("exits-")) for flag in self.flags if flag.startswith("exits-")), 0)


def fences(text):
    """Every fenced block: line, words after the fence, body, and whether only blank lines lie between it and the one before."""
    found, inside, adjoins = [], None, False
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if inside is None and fence:
            inside = (number, fence[2].split(), fence[1], [], adjoins)
        elif inside is not None and fence and not fence[2]:
            start, words, indent, body, after = inside
            found.append((start, words, "".join(part.removeprefix(indent) + "\n" for part in body), after))
            inside, adjoins = None, True
        elif inside is not None:
            inside[3].append(line)
        elif line.strip():
            adjoins = False
    return found


def blocks(text):
    """The `sh` blocks of a page in order. A `text` block right after one is what it prints."""
    found, last = [], None
    for line, words, body, adjoins in fences(text):
        language = words[0] if words else ""
        if language == "sh":
            last = Block(line, words[1:], body)
            found.append(last)
            continue
        if language == "text" and adjoins and last is not None:
            last.shown = body
        last = None
    return found


def pattern(shown):
    """What the page shows as an expression: `…` is anything within a line; alone on a line, any number of lines."""
    lines = []
    for line in shown.rstrip().splitlines():
        if line.strip() == "…":
            lines.append(r"(?:[^\n]*\n)*?")
        else:
            lines.append("[^\n]*?".join(re.escape(part) for part in line.rstrip().split("…")) + r"\n")
    return re.compile("".join(lines))


def differs(shown, printed):
    """None where `printed` is what is shown, else both beside each other."""
    printed = "".join(line.rstrip() + "\n" for line in printed.rstrip().splitlines())
    if pattern(shown).fullmatch(printed):
        return None
    return f"shown:\n{shown.rstrip()}\nprinted:\n{printed.rstrip()}"
