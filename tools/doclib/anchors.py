# SPDX-License-Identifier: MIT
"""Links into a document, [text](shm-spec.md#invariants), meet a heading."""

import os
import re

LINK = re.compile(r"\]\(([^)#\s:]*)#([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)


def anchor(heading):
    """What a heading is called in a link."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def check(read, paths):
    """Yields (path, what is wrong) for the documents among PATHS."""
    documents = {path: FENCE.sub("", read(path)) for path in paths
                 if path.endswith(".md")}
    for path, text in documents.items():
        for target, name in LINK.findall(text):
            there = os.path.normpath(os.path.join(os.path.dirname(path), target))
            headings = HEADING.findall(documents.get(there if target else path,
                                                     ""))
            if name not in map(anchor, headings):
                yield path, "link to %s#%s: no such heading" % (target, name)
