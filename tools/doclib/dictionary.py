# SPDX-License-Identifier: MIT
"""Numbers and words of include/uapi/faultline.h in the documents.

    | `class` | 1 zero page, 2 anon ... |    a row: each number has its word,
                                             and the last number is there
    The classes are `zero anon ...`          all words, in order
"""

import re

SOURCE = "include/uapi/faultline.h"
LISTS = {"class": "FAULT_CLASSES", "state": "SHM_PAGE_STATES",
         "outcome": "FAULT_OUTCOMES"}
ROW = re.compile(r"^\| `(%s)` \| (.*) \|$" % "|".join(LISTS), re.MULTILINE)
PAIR = re.compile(r"(?<![\w.])(\d+) (\w+)")
CLASSES = re.compile(r"The classes are `([^`]*)`")


def words(text, name):
    """The words of the list NAME in TEXT, the dictionary."""
    body = re.search(r"#define %s\(X\)((?:.*\\\n)*.*)" % name, text).group(1)
    return re.findall(r'X\(\w+, "([^"]*)"', body)


def check(read, paths):
    """Yields (path, what is wrong) for the documents among PATHS."""
    text = read(SOURCE)
    known = {what: words(text, name) for what, name in LISTS.items()}
    for path in paths:
        document = read(path) if path.endswith(".md") else ""
        for what, cell in ROW.findall(document):
            pairs = [(int(n), word) for n, word in PAIR.findall(cell)]
            want = [pair for pair in enumerate(known[what])
                    if pairs and pair[0] >= pairs[0][0]]
            if pairs and pairs != want:
                yield path, "numbers of %s: they are %s" % (
                    what, ", ".join("%d %s" % pair for pair in want))
        for told in CLASSES.findall(document):
            if told.split() != known["class"][1:]:
                yield path, "the classes are %s" % " ".join(known["class"][1:])
