# SPDX-License-Identifier: MIT
"""Labels of invariants: each is defined once, and every cited one exists.

The head comment of a file defines a label at the start of a line,

     * INV-SL1 inuse == slots of swap_map that are neither 0 nor BAD.

and the letters tell it from those of all other files. Comments, assertions,
documents, tests and gdb's commands cite it.
"""

import re

HEAD = re.compile(r"/\*(?! SPDX).*?\*/", re.DOTALL)
DEFINITION = re.compile(r"^ \* INV-([A-Z]*\d+) ", re.MULTILINE)
LABEL = re.compile(r"\bINV-([A-Z]*\d+)")


def definitions(text):
    """The labels that TEXT, a source, defines in its head comment."""
    head = HEAD.search(text)
    return DEFINITION.findall(head.group(0)) if head else []


def check(read, paths):
    """Yields (path, what is wrong) for the files PATHS."""
    texts = {path: read(path) for path in paths}
    owner = {}
    for path, text in texts.items():
        for label in definitions(text):
            if label.isdigit():
                yield path, "INV-%s: which file's? Put letters first" % label
            if label in owner:
                yield path, "INV-%s: %s defines it, too" % (label, owner[label])
            owner[label] = path
    for path, text in texts.items():
        for label in sorted(set(LABEL.findall(text)) - set(owner)):
            yield path, "INV-%s: no head comment defines it" % label
