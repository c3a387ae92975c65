# SPDX-License-Identifier: MIT
"""ELF files of this host: what gdb has to know before it loads one, and whether
a page of the guest comes from it. strip leaves all that is loaded where it was,
so a file with symbols can be compared with the stripped one that runs.
"""
import struct

from .command import Sorry

LOAD, INTERP, WRITABLE = 1, 3, 2  # of a program header
SYMTAB = 2  # of a section header
STRIPPED = ((0x20, 0x24), (0x30, 0x34))  # where strip changes a head


def masked(data):
    """DATA without what strip changes in the head of a file."""
    for start, end in STRIPPED:
        data = data[:start] + bytes(end - start) + data[end:]
    return data


class Elf:
    """The head of a 32-bit ELF file, and what it says of itself."""

    def __init__(self, path):
        self.path = path
        with open(path, "rb") as f:
            self.data = f.read()
        try:
            self.parse(self.data)
        except struct.error:
            raise Sorry("%s is no 32-bit ELF file" % path)
        self.data = masked(self.data)

    def parse(self, data):
        if data[:5] != b"\x7fELF\x01":
            raise struct.error
        self.moved = struct.unpack_from("<H", data, 16)[0] == 3
        headers, sections = struct.unpack_from("<II", data, 28)
        each, n, wide, m = struct.unpack_from("<4H", data, 42)
        self.headers = [struct.unpack_from("<8I", data, headers + k * each)
                        for k in range(n)]
        kinds = [struct.unpack_from("<I", data, sections + k * wide + 4)[0]
                 for k in range(m)]
        self.has_names = SYMTAB in kinds
        self.dynamic = any(h[0] == INTERP for h in self.headers)

    def text(self):
        """(first, last + 1) byte of each part that nobody writes to."""
        return [(h[1], h[1] + h[4]) for h in self.headers
                if h[0] == LOAD and not h[6] & WRITABLE]

    def has(self, page, offset):
        """Does PAGE hold what stands at OFFSET, as far as nobody writes there?"""
        if offset == 0:
            page = masked(page)
        for start, end in self.text():
            low, high = max(start, offset), min(end, offset + len(page))
            if low < high and \
                    self.data[low:high] != page[low - offset:high - offset]:
                return False
        return True
