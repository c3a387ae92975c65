# SPDX-License-Identifier: MIT
"""What a page needs to read the kernel's records: the tracepoints, and the
functions and lines of the addresses that can stand in one."""

import os
import re
import subprocess

from . import sources
from .symbols import Symbols

POINT = re.compile(r'^TRACEPOINT\((\w+), "([\w ]+)"', re.MULTILINE)
CALL = re.compile(r"^\s*([0-9a-f]+):\s.*\bcall\s+(?:[0-9a-f]+ <([^>+]+)|\*)")
NEXT = re.compile(r"^\s*([0-9a-f]+):\s")
FUNCTION = re.compile(r"^[0-9a-f]+ <([^>]+)>:")


def tracepoints():
    """[[name, [argument, ...]], ...] by number."""
    path = os.path.join(sources.ROOT, "kernel/trace/tracepoints.def")
    with open(path, encoding="utf-8") as f:
        return [[name, args.split()] for name, args in POINT.findall(f.read())]


def calls(kernel):
    """(function it stands in, function called or None, where it returns to)
    of each call in the image."""
    text = subprocess.run(
        [os.environ.get("CROSS", "") + "objdump", "-d", "--no-show-raw-insn",
         kernel], check=True, stdout=subprocess.PIPE, encoding="utf-8",
        errors="replace").stdout
    found, inside, pending = [], None, None
    for line in text.split("\n"):
        title = FUNCTION.match(line)
        if title:
            inside = title.group(1)
        here = NEXT.match(line)
        if here and pending:
            found.append(pending + (int(here.group(1), 16),))
            pending = None
        call = CALL.match(line)
        if call:
            pending = (inside, call.group(2))
    return found


def places(kernel):
    """{address: [function, line or None]} of tracepoints and their callers."""
    all_calls = calls(kernel)
    tracing = {inside for inside, to, _ in all_calls if to == "trace_emit"}
    symbols = Symbols(kernel)
    found = {str(after): list(symbols.look_up(after))
             for _, to, after in all_calls
             if to is None or to == "trace_emit" or to in tracing}
    symbols.close()
    return found


def program_tables(build, names):
    """{program: [[address, line or None], ...]}: whole tables of lines."""
    found = {}
    for name in names:
        path = os.path.join(build, "user/bin", name + ".debug")
        if os.path.exists(path):
            found[name] = table(path)
    return found


def table(path):
    text = subprocess.run(
        [os.environ.get("CROSS", "") + "objdump", "--dwarf=decodedline",
         path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        encoding="utf-8", errors="replace").stdout
    rows = []
    for line in text.split("\n"):
        words = line.split()
        if len(words) >= 3 and words[2].startswith("0x"):
            number = words[1] if words[1].isdigit() else None
            rows.append([int(words[2], 16), words[0], number])
    return [[address, "user/shm/%s:%s" % (name, number) if number and
             os.path.exists(os.path.join(sources.ROOT, "user/shm", name))
             else None] for address, name, number in sorted(
                 rows, key=lambda row: (row[0], row[2] is not None))]
