# SPDX-License-Identifier: MIT
"""Names in the documents that must exist: calls, /proc, make, options.

    `do_no_page()` `set_pte`     a word of some source
    `/proc/<pid>/smaps`          a path that some source registers
    `make trace`                 a target of the Makefile
    `tools/vm --icount`          an option that tool's sources have

Paragraphs of the kind "> *Then*: ... *Now*: ..." speak of Linux, and so do
tables with a column of that name: they are left out. So are names a document says that they are not ours: see ELSEWHERE.
"""

import glob
import os
import re

CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
FENCE = re.compile(r"^(```|~~~)[^\n]*\n(.*?)^\1", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"^(?:    |\t)(\S.*)", re.MULTILINE)
QUOTE = re.compile(r"(?:^>.*\n)+", re.MULTILINE)
TABLE = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)
NAME = re.compile(r"([a-z]\w*_\w+)(?:\(\))?\Z")
PROC = re.compile(r"(?<!fs)/proc/[\w<>/.{},*-]*[\w>*}]")
MAKE = re.compile(r"(?:^|[;&|$] )make"
                  r"((?: (?:[A-Z]+=(?:'[^']*'|\"[^\"]*\"|\S*)|[a-z][\w-]*))+)")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
TOOL = re.compile(r"\btools/([\w-]+)((?: +(?!--(?: |$))[^\s'|;&)`]+)*)")
OPTION = re.compile(r"--[a-z][\w-]*")
PROC_SOURCE = re.compile(r'"([a-z][\w.-]*(?:/[\w.-]+)*)"')
PLACEHOLDER = re.compile(r"(?:x_\w+|\w+_x|subsystem_verb_object)\Z")

# Documents about other systems, whose names are not ours.
ELSEWHERE = ("docs/linux-differences.md", "docs/references.md",
             "docs/decisions/", "docs/shm-spec.md")


def without_linux(text):
    """TEXT without the paragraphs and tables that tell what Linux does."""
    text = QUOTE.sub(lambda m: "" if "*Then*" in m.group(0) else m.group(0),
                     text)
    return TABLE.sub(lambda m: "" if "| Linux" in m.group(0).split("\n")[0]
                     else m.group(0), text)


def commands(text):
    """What TEXT shows as typed or as code, piece by piece."""
    for _, block in FENCE.findall(text):
        yield from block.split("\n")
    plain = FENCE.sub("", text)
    yield from INDENTED.findall(plain)
    yield from CODE.findall(plain)


class Tree:
    """What the sources have."""

    def __init__(self, root, words, read, tracked):
        self.words = words
        self.targets = set(re.findall(r"^([a-z][\w-]*):(?!=)", read("Makefile"),
                                      re.MULTILINE))
        self.proc = set()
        for path in tracked("*.c"):
            text = read(path)
            if "procfs.h" in text:
                self.proc.update(PROC_SOURCE.findall(text))
        self.root = root
        self.read = read
        self.options = {}

    def proc_exists(self, path):
        if re.search(r"[{}*]", path):
            return True
        rest = path[len("/proc/"):]
        rest = re.sub(r"^(<\w+>|self|\d+|[A-Z]+)(/|\Z)", "", rest)
        rest = re.sub(r"^fd(/.*)?\Z", "", rest)  # fs/proc/proc_links.c
        return (not rest or rest in self.proc or
                any(known.startswith(rest + "/") for known in self.proc))

    def tool_text(self, name):
        if name not in self.options:
            files = [os.path.join(self.root, "tools", name)]
            if os.path.isdir(files[0]):
                return None
            try:
                text = self.read("tools/" + name)
            except OSError:
                return None
            for library in set(re.findall(r"\b(\w+lib)\b", text)):
                for path in glob.glob(os.path.join(self.root, "tools", library,
                                                   "*.py")):
                    text += self.read(os.path.relpath(path, self.root))
            self.options[name] = text
        return self.options[name]


def wrong_names(tree, document, text):
    """Yields what TEXT names and the tree does not have."""
    text = without_linux(text)
    for code in CODE.findall(FENCE.sub("", text)):
        name = NAME.match(code)
        if name and name.group(1) not in tree.words and \
                not PLACEHOLDER.match(name.group(1)) and not document.startswith(ELSEWHERE):
            yield "`%s`: no source has it" % code
        for path in PROC.findall(code):
            if not tree.proc_exists(path) and \
                    not document.startswith(ELSEWHERE):
                yield "`%s`: no source registers it" % path
    for line in commands(text):
        yield from wrong_command(tree, line)


def wrong_command(tree, line):
    for words in MAKE.findall(line):
        for word in QUOTED.sub("", words).split():
            if "=" not in word and word not in tree.targets:
                yield "make %s: no such target" % word
                break
    for name, rest in TOOL.findall(line):
        source = tree.tool_text(name)
        for option in OPTION.findall(rest) if source else ():
            if option not in source:
                yield "tools/%s %s: no such option" % (name, option)
