# SPDX-License-Identifier: MIT
"""Counts in the documents are those of the tree.

Each row of CLAIMS says what a count looks like in the text, and how it is
counted. A row that no document has any more is a mistake, too, and so is a
document that is too long.
"""

import re

WORDS = ("no one two three four five six seven eight nine ten eleven twelve "
         "thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
         "twenty").split()
WORDS_MAX = 3500  # of a document: an hour


def rows(path, pattern):
    """Counts the lines of a file that begin with PATTERN."""
    return lambda read, paths: len(re.findall("^" + pattern, read(path),
                                               re.MULTILINE))


def number(path, pattern):
    """The number in a file behind PATTERN."""
    return lambda read, paths: int(re.search(pattern + r"(\d+)",
                                             read(path)).group(1))


def tables(read, paths):
    return sum(path.endswith(".def") for path in paths)


CLAIMS = (
    (r"(\S+) system calls \(", rows("kernel/syscalls.def", r"SYSCALL\(")),
    (r"kernel in (\S+) sittings", rows("docs/tour.md", r"## [1-9]\d*\. ")),
    (r"stays below (\S+) lines", number("tools/size", r'rings.CORE: ')),
    (r"[Tt]he ring (?:holds |\()(\S+) (?:events|records)",
     number("kernel/trace/trace.h", r"define TRACE_RING ")),
    (r"[Xx] macros are .{,90}and (\S+) tables", tables),
)


def value(word):
    """What WORD counts: 219, 6,000 or eleven."""
    if word in WORDS:
        return WORDS.index(word)
    digits = word.replace(",", "")
    return int(digits) if digits.isdigit() else None


def check(read, paths):
    """Yields (path, what is wrong) for the documents among PATHS."""
    documents = {path: re.sub(r"\s+", " ", read(path)) for path in paths
                 if path.endswith(".md")}
    for path, text in documents.items():
        if text.count(" ") >= WORDS_MAX:
            yield path, "more than %d words: it is two" % WORDS_MAX
    for pattern, count in CLAIMS:
        claims = [(path, match) for path, text in documents.items()
                  for match in re.finditer(pattern, text)]
        if not claims:
            yield "tools/doclib/counts.py", "%s: no document has it" % pattern
        for path, match in claims:
            want = count(read, paths)
            if value(match.group(1)) != want:
                yield path, "%s: it is %s" % (match.group(0).rstrip(" ("),
                                              want)
