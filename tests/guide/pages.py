"""Every page is in the table of contents once, and every link finds its file and heading: of docs/, as a forge shows it, and
of the book that is made of it. (`xtask tidy` looks for the files of links too, in the whole tree, and not for headings.)"""

import re
from collections import Counter

from blocks import FENCE

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.*?)\s*#*$")


def prose(text):
    """Lines outside fenced blocks, with their numbers."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if FENCE.match(line):
            inside = not inside
        elif not inside:
            yield number, line


def anchor(heading):
    """As forges and mdBook make it: letters, digits, `-` and `_` stay, spaces become `-`, all in small letters."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return "".join("-" if c.isspace() else c for c in plain.strip().lower() if c.isalnum() or c in "-_ ")


def anchors(text):
    """Those of all headings; a second one of the same words has `-1` behind it."""
    seen, found = Counter(), set()
    for _, line in prose(text):
        heading = HEADING.match(line)
        if heading:
            name = anchor(heading[1])
            found.add(f"{name}-{seen[name]}" if seen[name] else name)
            seen[name] += 1
    return found


def links(page):
    for number, line in prose(page.read_text()):
        for target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
            if "://" not in target:
                yield number, target


def check(docs):
    """Pairs of what was looked at and what is wrong with it, or None."""
    listed = Counter((docs / target).resolve() for _, target in links(docs / "SUMMARY.md"))
    every = sorted(docs.rglob("*.md"))
    for page in every:
        name = f"{docs.name}/{page.relative_to(docs)}"
        if page.name != "SUMMARY.md":
            times = listed[page.resolve()]
            yield f"{name} in SUMMARY.md", None if times == 1 else f"stands there {times} times, not once"
        yield f"places that {name} links to", lost(page) or None


def lost(page):
    wrong = []
    for number, target in links(page):
        path, _, place = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists():
            wrong.append(f"line {number}: `{target}` leads nowhere")
        elif place and file.suffix == ".md" and place not in anchors(file.read_text()):
            wrong.append(f"line {number}: `{target}`: {file.name} has no such heading")
    return "\n".join(wrong)
