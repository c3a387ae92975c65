# SPDX-License-Identifier: MIT
"""Who may include whom in the kernel.

The table is in the READMEs, where people read it: after "May include:" stand
names in backticks until the paragraph ends. `mm` is a folder with all its
rooms, `fs/file.h` a header, "what `mm/` may" all that the folder of that README
may. Everybody may include his own folder, `lib` and `include`.

A folder's internal.h is for it and its rooms. The core includes only the core,
what is beneath, and CONTRACTS.
"""

import os
import re

from doclib import rings

# what the core may call that is neither core nor beneath
CONTRACTS = {
    "kernel/trace/trace.h",  # events of the path
    "kernel/trace/stage.h",  # may_sleep(): the check and the place
    "kernel/signal/signal.h",  # a fault that becomes a signal
    "fs/file.h", "fs/inode.h",  # what a mapping maps
    "drivers/block/block.h",  # a page to or from a disk
    "kernel/time/itimer.h", "kernel/syscalls.def",
    "ipc/abi.h",  # layouts that shmctl copies out
}
RULE = re.compile(r"May include:\s*(.*?)(?:\n\n|\Z)", re.DOTALL)
WHAT = re.compile(r"what\s+`([\w/]+?)/?`\s+may")
NAME = re.compile(r"`([\w/.]+)`")
INCLUDE = re.compile(r'^#include [<"]([\w/.]+)[>"]', re.MULTILINE)


class Table:
    def __init__(self, root, files):
        self.root, self.rules = root, {}
        self.files = set(files)
        self.rings = rings.Rings(root, files)

    def rule(self, room):
        """What the README of ROOM allows: folders and headers."""
        if room not in self.rules:
            self.rules[room] = set()
            path = os.path.join(self.root, room, "README.md")
            text = ""
            if os.path.exists(path):
                with open(path, encoding="utf-8") as f:
                    text = f.read()
            match = RULE.search(text)
            said = match.group(1) if match else "what `%s/` may" % (
                os.path.dirname(room) or room)
            for other in WHAT.findall(said):
                if other != room:
                    self.rules[room] |= self.rule(other)
            self.rules[room] |= set(NAME.findall(WHAT.sub("", said)))
        return self.rules[room]

    def header(self, name):
        """The file behind <NAME>, or None: one of the compiler's."""
        for path in (name, "include/" + name):
            if path in self.files:
                return path
        return None

    def wrong(self, path, text):
        """(offset, sentence) of each include of PATH that is not allowed."""
        top, room = path.split("/")[0], os.path.dirname(path)
        for match in INCLUDE.finditer(text):
            header = self.header(match.group(1))
            if header is None:
                continue
            words = self._wrong(path, room, top, header)
            if words:
                yield match.start(), words

    def _wrong(self, path, room, top, header):
        folder = os.path.dirname(header)
        if header.endswith("/internal.h") and not (room + "/").startswith(
                folder + "/"):
            return "%s is private to %s/" % (header, folder)
        if self.rings.ring(path) == rings.CORE and header not in CONTRACTS \
                and self.rings.ring(header) in (rings.LINUX, rings.INSTRUMENTS) \
                and not header.startswith("include/"):
            return "the core does not include %s" % header
        allowed = self.rule(room) | {top, "lib", "include"}
        if room == "fs/proc" or header in allowed or any(
                (folder + "/").startswith(a + "/") for a in allowed):
            return None
        return "%s/README.md does not let it include %s" % (room, header)
