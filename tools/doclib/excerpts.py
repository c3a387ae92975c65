# SPDX-License-Identifier: MIT
"""C in the documents is the code.

    ```c ipc/shm/shm_fault.c:shm_new_page
    	if (shm_slot_changed(slot, (pte_t){ 0 })) {
    	...
    	}
    ```

is a piece of that function, spaces aside; a line of three points stands for
any lines.
"""

import re

from doclib import functions

FENCE = re.compile(r"^```c([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SOURCE = re.compile(r" (\S+):(\w+)\Z")
CUT = re.compile(r"^\s*\.\.\.\s*$", re.MULTILINE)


def function(text, name):
    """The function NAME of the source TEXT, or None."""
    for match in functions.DEFINITION.finditer(text):
        if match.group("name") == name:
            end = text.find("\n}", match.end())
            return text[match.start("head"):end + 2]
    return None


def squeezed(code):
    return re.sub(r"\s+", " ", code).strip()


def is_piece(code, whole):
    """Do the pieces of CODE stand in WHOLE, one after the other?"""
    place, whole = 0, squeezed(whole)
    for piece in map(squeezed, CUT.split(code)):
        place = whole.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return True


def check(read, paths):
    """Yields (path, what is wrong) for the documents among PATHS."""
    for path in paths:
        for info, code in FENCE.findall(read(path)) \
                if path.endswith(".md") else ():
            source = SOURCE.match(info)
            if not source:
                yield path, "```c%s: an excerpt says FILE:FUNCTION" % info
                continue
            name, whole = source.group(2), None
            if source.group(1) in paths:
                whole = function(read(source.group(1)), name)
            if whole is None:
                yield path, "```c%s: no such function" % info
            elif not is_piece(code, whole):
                yield path, "```c%s: the function reads otherwise" % info
