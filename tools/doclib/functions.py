# SPDX-License-Identifier: MIT
"""The functions of a source, each with the first sentence of its comment.

The comment is the one directly above the definition, or else the one above its
prototype in a header.
"""

import collections
import re

Entry = collections.namedtuple("Entry", "name path line sentence")

DEFINITION = re.compile(
    r"^(?:/\*(?P<comment>(?:[^*]|\*(?!/))*)\*/\n)?"
    r"(?P<head>(?!static inline u32 in|#|typedef|struct \w+ \{|enum \w+ \{)"
    r"[a-z_](?:[\w \t*]|\n(?=[a-z]))*?[ *\n](?P<name>\w+)\("
    r"[^;{}]*?\))\n\{", re.MULTILINE)
PROTOTYPE = re.compile(
    r"/\*(?P<comment>(?:[^*]|\*(?!/))*)\*/\n(?P<group>(?:[a-z][^;{}]*\);"
    r"[^\n]*\n)+)", re.MULTILINE)
NAME = re.compile(r"(\w+)\([^()]*\);(?:[ \t]*/\* (.*?) \*/)?")
LABEL = re.compile(r"^ENTRY\((\w+)\)|^\.globl (\w+)|^global (\w+)",
                   re.MULTILINE)


def first_sentence(comment):
    text = " ".join(re.sub(r"^\s*\*? ?", "", line)
                    for line in comment.split("\n"))
    text = re.sub(r"\s+", " ", text).strip(" -")
    match = re.match(r"(.*?[^.A-Z]\.)(?= |$)", text)
    return match.group(1) if match else text


def comments_of(texts):
    """{function: comment} of the prototypes in headers."""
    known = {}
    for text in texts:
        for match in PROTOTYPE.finditer(text):
            for name, beside in NAME.findall(match.group("group")):
                known.setdefault(name, match.group("comment"))
        for name, beside in NAME.findall(text):
            if beside:
                known[name] = beside
    return known


def entries(path, text, headers):
    """Every function that TEXT, the file PATH, defines."""
    found = []
    for match in DEFINITION.finditer(text):
        line = text.count("\n", 0, match.start("head")) + 1
        comment = match.group("comment") or headers.get(match.group("name"))
        found.append(Entry(match.group("name"), path, line,
                           first_sentence(comment) if comment else ""))
    for match in LABEL.finditer(text) if path.endswith((".S", ".asm")) else ():
        name = next(group for group in match.groups() if group)
        found.append(Entry(name, path, text.count("\n", 0, match.start()) + 1,
                           ""))
    return found
