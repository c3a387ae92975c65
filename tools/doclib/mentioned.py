# SPDX-License-Identifier: MIT
"""Functions, macros and files that comments of sources name.

    set_pte(), PTE_RW      a word of some source, outside of comments
    FILE_SIZE              or a parameter of that name
    mmap_sem.c, ipc/shm/   a file or a folder of the tree
    posix_spawn(3)         a manual page's: not looked up
"""

import os
import re

from doclib import comments

CALL = re.compile(r"(?<![\w/.>-])([A-Za-z_]\w+)\(\)")
NAME = re.compile(r"(?<![\w/.>\"'%*-])([A-Z]+_[A-Z0-9_]*[A-Z0-9])\b(?![*{.])")
FILE = re.compile(r"(?<![\w/.<>*-])((?:[\w+-]+/)*[\w+-]+"
                  r"\.(?:c|h|S|asm|def|lds|md|mk|py|js|sh|t|patch))\b(?!\()")
FOLDER = re.compile(r"(?<![\w/.<>*-])((?:boot|kernel|mm|ipc|fs|drivers|lib|user|"
                    r"tests|tools|web|bench|docs|include|labs)/(?:[\w-]+/?)*)"
                    r"(?![\w.*<{/-])")


def is_source(path):
    return path.endswith((".c", ".h", ".S", ".asm", ".lds", ".def", ".js"))


def words_of_code(read, paths):
    words = set()
    for path in filter(is_source, paths):
        words.update(re.findall(r"\w+", comments.without(path, read(path))))
    return words


class Files:
    """What a comment may mean by a path, or by the name of a file."""

    def __init__(self, paths):
        self.paths = set(paths)
        self.names = {os.path.basename(path) for path in paths}
        for path in paths:  # and the folders
            while os.path.dirname(path):
                path = os.path.dirname(path)
                self.paths.add(path)

    def has(self, place, path):
        path = path.rstrip("/")
        beside = os.path.join(os.path.dirname(place), path)
        return path in self.paths or "include/" + path in self.paths or \
            beside in self.paths or "/" not in path and path in self.names


def check(read, paths):
    """Yields (path, what is wrong) for the sources among PATHS."""
    words, files = words_of_code(read, paths), Files(paths)
    for place in filter(is_source, paths):
        for comment in comments.of(place, read(place)):
            for name in CALL.findall(comment):
                if name not in words and "sys_" + name not in words:
                    yield place, "%s(): no source has it" % name
            for name in NAME.findall(comment):
                if name not in words and name.lower() not in words:
                    yield place, "%s: no source has it" % name
            for path in FILE.findall(comment) + FOLDER.findall(comment):
                if not files.has(place, path):
                    yield place, "%s: no such file" % path
