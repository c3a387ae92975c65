# SPDX-License-Identifier: MIT
"""The rings of the kernel, as the dir.mk of each folder says them.

    SRCS += mm/fault.c	# *4 the page-fault path, in order
    HDRS += mm/fault.h	# *4 a fault on its way

What stands first in the comment is the ring: *N core, chapter N of the book;
+ beneath; ! instruments; nothing: linux. A header that no line names belongs
where the source of its name does; what the processor and the boot loader want
is beneath, what programs see is linux.
"""

import os
import re

FOLDERS = "boot kernel mm ipc fs drivers lib include".split()
SUFFIXES = (".c", ".h", ".S", ".asm", ".lds", ".def")
CORE, BENEATH, LINUX, INSTRUMENTS = "core", "beneath", "linux", "instruments"
CHAPTERS = {1: "The doors", 2: "Frames and tables", 3: "Areas",
            4: "The fault", 5: "Shared memory", 6: "Out and back"}

LINE = re.compile(r"^(?:SRCS|HDRS) \+= (\S+)\t# (?:(\*)(\d) |([+!]) )?(.*)$",
                  re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DEFAULT = {"boot": BENEATH, "lib": BENEATH, "include/x86": BENEATH,
           "kernel/trace": INSTRUMENTS}


def code_lines(path):
    """Lines of PATH that are neither blank nor comment."""
    with open(path, encoding="utf-8", errors="replace") as f:
        text = COMMENT.sub("", f.read())
    mark = ";" if path.endswith(".asm") else "//"
    lines = (line.strip() for line in text.split("\n"))
    return sum(1 for line in lines if line and not line.startswith(mark))


class Rings:
    def __init__(self, root, files):
        """FILES: all of the checkout, relative to ROOT."""
        self.root = root
        self.files = [f for f in files if f.endswith(SUFFIXES) and
                      f.split("/")[0] in FOLDERS]
        self.words, self.marked, self.chapter = {}, {}, {}
        for folder in FOLDERS[:-1]:
            self._read(folder + "/dir.mk")

    def _read(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8") as f:
            lines = LINE.findall(f.read())
        for name, star, chapter, mark, words in lines:
            self.words[name] = words
            self.marked[name] = (CORE if star else BENEATH if mark == "+" else
                                 INSTRUMENTS if mark == "!" else LINUX)
            if star:
                self.chapter[name] = int(chapter)

    def ring(self, path):
        if path in self.marked:
            return self.marked[path]
        stem, folder = os.path.splitext(path)[0], os.path.dirname(path)
        for suffix in (".c", ".S", ".asm"):
            if stem + suffix in self.marked:
                ring = self.marked[stem + suffix]
                return BENEATH if ring == CORE else ring
        top = folder.split("/")[0]
        return DEFAULT.get(folder, DEFAULT.get(top, LINUX))

    def core(self):
        """The files of the core in reading order, with their chapters."""
        order = list(self.chapter)
        return sorted(((self.chapter[f], f) for f in order),
                      key=lambda entry: (entry[0], order.index(entry[1])))
