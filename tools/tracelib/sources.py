# SPDX-License-Identifier: MIT
"""Source text for pages that show where an event was left."""

import os
import re

from .symbols import Symbols

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def syscalls():
    """{number: name} from kernel/syscalls.def."""
    path = os.path.join(ROOT, "kernel/syscalls.def")
    with open(path, encoding="utf-8") as f:
        return dict(re.findall(r"^SYSCALL\((\d+), (\w+),", f.read(),
                               re.MULTILINE))


def texts(lines):
    """{"mm/fault.c": its text} of all files in LINES, "mm/fault.c:63"."""
    found = {}
    for line in lines:
        path = line.rpartition(":")[0] if line else ""
        full = os.path.realpath(os.path.join(ROOT, path))
        if not path or path in found or not full.startswith(ROOT + os.sep):
            continue
        if os.path.isfile(full):
            with open(full, encoding="utf-8", errors="replace") as f:
                found[path] = f.read()
    return found


def program_lines(build, eips):
    """{name: [[address, "file:line" or None], ...]} for {name: addresses}."""
    found = {}
    for name, addresses in eips.items():
        path = os.path.join(build, "user/bin", name + ".debug")
        if "/" in name or not os.path.exists(path):
            continue
        symbols = Symbols(path)
        found[name] = [[a, symbols.line(a)] for a in sorted(addresses)]
        symbols.close()
    return found
