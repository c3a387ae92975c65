# SPDX-License-Identifier: MIT
"""The lists of include/uapi/faultline.h and include/x86/pte.h.

    lists()["FAULT_CLASSES"]    [["NONE", "none", "..."], ...], in their order
    lists()["PTE_BITS"]         [["P", 1, "present"], ...]
"""

import json
import os
import re

from . import sources

HEADERS = ("include/x86/pte.h", "include/uapi/faultline.h")
LIST = re.compile(r"^#define (\w+)\(X\)((?:.*\\\n)+.*)", re.MULTILINE)
ENTRY = re.compile(r"\bX\(((?:[^()\"]|\"(?:[^\"\\]|\\.)*\")*)\)")
WORD = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|(\w+)")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class FactsError(Exception):
    pass


def value(string, word):
    if not word:
        return string.replace('\\"', '"')
    return int(word, 0) if word[0].isdigit() else word


def lists_of(text):
    return {name: [[value(*found) for found in WORD.findall(entry)]
                   for entry in ENTRY.findall(body)]
            for name, body in LIST.findall(COMMENT.sub("", text))}


def lists():
    """{list: its entries}"""
    found = {}
    for path in HEADERS:
        with open(os.path.join(sources.ROOT, path), encoding="utf-8") as f:
            found.update(lists_of(f.read()))
    if not found or not all(found.values()):
        raise FactsError("%s has no lists" % " or ".join(HEADERS))
    return found


def script():
    """JavaScript that puts them into FL.facts."""
    return "var FL = globalThis.FL = globalThis.FL || {};\n" \
        "FL.facts = %s;\n" % json.dumps(lists(), separators=(",", ":"))
