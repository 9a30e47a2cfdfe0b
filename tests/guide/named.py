"""Every `freehold …` that a page names, run or not: its command is one of the reference, and so are its options."""

import re

from blocks import FENCE

SECTION = re.compile(r"^#+ `freehold ([a-z -]+)`\n\n```text\n(.*?)^```$", re.M | re.S)
OPTION = re.compile(r"--[a-z][a-z-]*")
# The command's own words end where another command, a comment or an outcome begins.
END = re.compile(r"[|;&>#)…]| {2,}")
# Begins like a command and is the label of a hash.
LABEL = "salt"


def known(reference):
    """Options by command, the common ones in each; `None` stands for the program itself."""
    common = set(OPTION.findall(reference.split("\n## ", 1)[0]))
    found = {None: common}
    for name, text in SECTION.findall(reference):
        found[name] = common | set(OPTION.findall(text))
    return found


def named(text):
    """Line and words of each command that the page names: in fenced blocks as the shell reads them, elsewhere in backticks."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if FENCE.match(line):
            inside = not inside
            continue
        for place in [line] if inside else re.findall(r"`([^`]+)`", line):
            for found in re.findall(r"(?:^|[\s(/])freehold (?!freehold)((?:--)?[a-z].*)" if inside else r"^freehold ((?:--)?[a-z].*)", place):
                yield number, END.split(found)[0].split()


def wrong(words, commands):
    """What is not of the program, or None."""
    name, rest = None, words
    if words[0] == LABEL:
        return None
    for number, word in enumerate(words):
        longer = word if name is None else f"{name} {word}"
        if longer not in commands:
            break
        name, rest = longer, words[number + 1 :]
    has_commands = name is None or any(other and other.startswith(f"{name} ") for other in commands)
    if has_commands and rest and re.fullmatch(r"[a-z-]+", rest[0]) and not rest[0].startswith("-"):
        return f"`freehold {name or ''}` has no command `{rest[0]}`"
    strange = [option for word in words for option in OPTION.findall(word) if word.startswith("--") and option not in commands[name]]
    return f"`freehold {name}` has no {', '.join(strange)}" if strange else None


def check(docs, more):
    """Pairs of a page and what it names that is not there, or None."""
    commands = known((docs / "reference" / "commands.md").read_text())
    for page in [*sorted(docs.rglob("*.md")), *more]:
        if page.parent.name == "reference":
            continue
        lines = [f"line {number}: {why}" for number, words in named(page.read_text()) if (why := wrong(words, commands))]
        yield f"commands that {page.name} names", "\n".join(lines) or None
