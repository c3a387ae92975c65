# SPDX-License-Identifier: MIT
"""Numbers that comments, assertions and documents cite.

    shm-spec 3.3, 3.3.6     sections and rows of docs/shm-spec.md
    D8, B05, I3             its tables: decisions, classic bugs, invariants
    decision 0011           a file of docs/decisions
"""

import os
import re

from doclib import comments

SPEC = "docs/shm-spec.md"
DECISIONS = "docs/decisions/"
SECTION = re.compile(r"^## (\d+)\. |\*\*(\d+\.\d+)\b|^\| (\d+(?:\.\d+){2}) \|"
                     r"|^\| ([BDI]\d+) \|", re.MULTILINE)

ITEM = r"(?:\d+(?:\.\d+){0,2}|[BDI]\d{1,2})\b"
CITATION = re.compile(r"shm-spec(?:\.md\](?:\([^)]*\))?)?:? "
                      r"(%s(?:(?:, | and | to )%s)*|[Aa]ppendix \w)" %
                      (ITEM, ITEM))
ROW = re.compile(r"^\d+(?:\.\d+){2}(?:(?:, | to )\d+(?:\.\d+){2})*")
LOOSE = re.compile(r"(?<![\w$'-])([BDI]\d{1,2})\b(?![-.]\w)")
STRING = re.compile(r'"((?:\\.|[^"\\\n])*)"')
FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)

DECISION = re.compile(r"\b[Dd]ecisions? (\d{4})\b|\b(\d{4}-[\w-]+\.md)\b")
DECISION_LINK = re.compile(r"\[(?:decision )?(\d{4})\]\(([^)]*)\)")


def defined(text):
    """The sections, rows and numbers that TEXT, the specification, has."""
    return ["".join(groups) for groups in SECTION.findall(text)]


def items(text):
    """What TEXT cites with the name of the specification."""
    for cited in CITATION.findall(text):
        yield from re.findall(ITEM, cited) or [cited]


def prose(path, text):
    """The parts of a file that may cite: comments, assertions, paragraphs."""
    if path.endswith(".md"):
        return [FENCE.sub("", text)]
    if not path.endswith((".c", ".h", ".S", ".asm")):
        return []
    said = ["I" + rest for rest in re.findall(
        r'^"?I(\d{1,2}\b)', "\n".join(STRING.findall(text)), re.MULTILINE)]
    return list(comments.of(path, text)) + said


def cited(path, text):
    """The set of sections, rows and numbers that a file cites."""
    found = set()
    for part in prose(path, text):
        flat = re.sub(r"\s+", " ", part)
        found.update(items(flat), LOOSE.findall(flat))
        row = ROW.match(flat) if not path.endswith(".md") else None
        found.update(re.findall(r"[\d.]+", row.group(0)) if row else ())
    return found


def check_spec(read, paths):
    """Yields (path, what is wrong) for the files PATHS."""
    known = defined(read(SPEC))
    for number in sorted(set(n for n in known if known.count(n) > 1)):
        yield SPEC, "%s: defined twice" % number
    for path in paths:
        for number in sorted(cited(path, read(path)) - set(known)):
            yield path, "shm-spec %s: %s does not have it" % (number, SPEC)


def check_decisions(read, paths):
    files = [os.path.basename(p) for p in paths if p.startswith(DECISIONS) and
             os.path.basename(p)[:1].isdigit()]
    numbers = [name[:4] for name in files]
    for name in files:
        if numbers.count(name[:4]) > 1:
            yield DECISIONS + name, "its number is another's, too"
        if name not in read(DECISIONS + "README.md"):
            yield DECISIONS + "README.md", "%s is not listed" % name
    for path in paths:
        text = read(path)
        for number, name in set(DECISION.findall(text)):
            if number and number not in numbers or name and name not in files:
                yield path, "decision %s: there is none" % (number or name)
        for number, target in DECISION_LINK.findall(text):
            if not os.path.basename(target).startswith(number):
                yield path, "decision %s: the link goes to %s" % (number,
                                                                 target)
