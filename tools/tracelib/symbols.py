# SPDX-License-Identifier: MIT
"""Addresses of the kernel as functions and source lines.

Functions come from the symbol table of kernel.elf, lines from addr2line. Where
there is neither, an address stays a number.
"""

import bisect
import os
import shutil
import struct
import subprocess

SECTION = struct.Struct("<10I")
SYMBOL = struct.Struct("<IIIBBH")
SYMTAB = 2
NO_TYPE, FUNCTION = 0, 2


def sections(data):
    start, = struct.unpack_from("<I", data, 32)
    size, count = struct.unpack_from("<HH", data, 46)
    return [SECTION.unpack_from(data, start + i * size) for i in range(count)]


def functions(path):
    """Sorted (address, name); [] if PATH is no 32-bit ELF file."""
    with open(path, "rb") as f:
        data = f.read()
    found = []
    if data[:5] != b"\x7fELF\1":
        return found
    table = sections(data)
    for section in table:
        if section[1] != SYMTAB:
            continue
        names = table[section[6]][4]
        symbols = data[section[4]:section[4] + section[5]]
        for name, value, _, info, _, index in SYMBOL.iter_unpack(symbols):
            if info & 15 not in (NO_TYPE, FUNCTION) or not index or not name:
                continue
            end = data.index(b"\0", names + name)
            found.append((value, data[names + name:end].decode()))
    return sorted(found)


class Symbols:
    """Looks addresses up in the ELF file PATH, each once."""

    def __init__(self, path):
        self.path = path
        self.table = functions(path)
        self.addresses = [address for address, _ in self.table]
        self.known = {}
        self.lines = self.start_lines()

    def start_lines(self):
        names = [os.environ.get("CROSS", "") + "addr2line", "addr2line"]
        program = next(filter(shutil.which, names), None)
        if program is None or not self.table:
            return None
        return subprocess.Popen(
            [program, "-e", self.path], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            encoding="utf-8", errors="replace")

    def function(self, address):
        place = bisect.bisect_right(self.addresses, address) - 1
        return self.table[place][1] if place >= 0 else "0x%08x" % address

    def line(self, address):
        """"mm/fault.c:63", or None. """
        if self.lines is None:
            return None
        try:
            self.lines.stdin.write("%x\n" % address)
            self.lines.stdin.flush()
            text = self.lines.stdout.readline().split(" (")[0].strip()
        except OSError:
            return None
        if not text or "?" in text or text.endswith(":0"):
            return None
        return text[2:] if text.startswith("./") else text

    def look_up(self, returns_to):
        """(function, line) of the call that returns to that address."""
        if returns_to not in self.known:
            address = returns_to - 1
            self.known[returns_to] = (self.function(address),
                                      self.line(address))
        return self.known[returns_to]

    def close(self):
        if self.lines is not None:
            self.lines.kill()
            self.lines.communicate()
