#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the compiler made of the fault path.

1. Every function marked __hop is in the image under its own name: none was
   inlined, cloned or split (.isra, .constprop, .part).
2. Off, a tracepoint is one comparison of trace_on with 0 in memory and one
   branch, and there is one for each TRACE() of the source.
3. The tables of docs/page-fault.md and docs/swap.md are what the image does: each function is in
   its file, calls come from where the table says, the event is left there.
"""

import glob
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from tap import BUILD, done, ok, skip, tool

HOP = re.compile(r"__hop\b[^;{(]*?(\w+)\(")
BOOKS = ["docs/page-fault.md", "docs/swap.md"]
ROW = re.compile(r"\| (?:\d+|-) \| `([\w/.]+)` \| `(\w+)` \| ([^|]*)\|"
                 r"[^|]*\|([^|]*)\|")
INSTRUCTION = re.compile(r"\s+[0-9a-f]+:\t[0-9a-f ]+\t(\w+)\s*(.*)")


def read(path):
    with open(path) as f:
        return f.read()


def hop_sources():
    lists = "\n".join(read(m) for m in sorted(glob.glob("*/dir.mk")))
    rows = re.findall(r"^HOP_SRCS \+= ([^#\n]*)", lists, re.MULTILINE)
    return [path for row in rows for path in row.split()]


def check_names(sources):
    symbols = [line.split()[-1] for line in
               tool("nm", BUILD + "/kernel.elf").split("\n") if line]
    hops = [name for path in sources for name in HOP.findall(read(path))]
    ok(len(hops) >= 10, "%d functions are marked as hops" % len(hops))
    for name in hops:
        clones = [s for s in symbols if s.startswith(name + ".")]
        ok(name in symbols and not clones, "%s is a function of its own" % name,
           "clones: %s" % clones)
    everywhere = [n for folder in "boot kernel mm ipc fs drivers lib".split()
                  for path in glob.glob(folder + "/**/*.c", recursive=True)
                  if path not in sources for n in HOP.findall(read(path))]
    ok(not everywhere, "every hop is in a file of HOP_SRCS", str(everywhere))


def by_clang(path):
    return "clang" in tool("readelf", "-p", ".comment",
                           "%s/%s.o" % (BUILD, path))


def check_tracepoints(path):
    """Each mention of trace_on: cmp with 0, then a conditional jump.

    clang may write the end of a function once for each way there.
    """
    wanted = len(re.findall(r"\bTRACE\(", read(path)))
    lines = tool("objdump", "-dr", "-M", "intel",
                 "%s/%s.o" % (BUILD, path)).split("\n")
    wrong, found = [], 0
    for number, line in enumerate(lines):
        if not re.search(r"R_386_32\s+trace_on\b", line):
            continue
        found += 1
        test = INSTRUCTION.match(lines[number - 1])
        branch = INSTRUCTION.match(lines[number + 1])
        if not (test and test.group(1) == "cmp" and
                test.group(2).endswith(",0x0") and
                branch and branch.group(1) in ("je", "jne")):
            wrong.append("\n".join(lines[number - 1:number + 2]))
    enough = found >= wanted if by_clang(path) else found == wanted
    ok(enough and not wrong,
       "%s: %d tracepoints, each one test and one branch" % (path, wanted),
       "%d found\n%s" % (found, "\n".join(wrong)))


def bodies():
    """{function: the text of its instructions} of the whole image"""
    text = tool("objdump", "-d", "-M", "intel", BUILD + "/kernel.elf")
    parts = re.split(r"^[0-9a-f]+ <([^>]+)>:$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def calls(body, name):
    return re.search(r"\b(call|jmp)\s+[0-9a-f]+ <%s>" % name, body)


def calls_pointer(body):
    return re.search(r"\bcall\s+(DWORD PTR|e[a-ds][xip])", body)


def check_row(path, name, callers, event, code):
    """CALLERS and EVENT are cells of the table."""
    source = read(path)
    written = name.replace("_14", r"_(14|\\number)")  # made by a macro
    ok(re.search(r"\b%s\b" % written, source) and name in code,
       "%s is in %s, and in the image" % (name, path))
    hook = re.search(r"\.(nopage|swapin) = %s\b" % name,
                     "".join(read(p) for p in sources + ["ipc/shm/shm_area.c"]))
    for caller in re.findall(r"`(\w+)`", callers):
        body = code.get(caller, "")
        ok(calls(body, name) or (hook and calls_pointer(body)),
           "%s is called by %s" % (name, caller), body)
    for left in re.findall(r"`(\w+)`", event):
        ok(re.search(r"\bTRACE\(%s\b" % left, source),
           "%s is left in %s" % (left, path))


def check_book():
    rows = ROW.findall("".join(read(book) for book in BOOKS))
    code = bodies()
    for row in rows:
        check_row(*row, code)
    hops = [name for path in sources for name in HOP.findall(read(path))]
    told = set(row[1] for row in rows if row[0].endswith(".c"))
    ok(told == set(hops), "%s have every hop, marked __hop" % " and ".join(BOOKS),
       str(told ^ set(hops)))


sources = hop_sources()
check_names(sources)
if BUILD.endswith("-debug"):
    skip("what a tracepoint costs", "this is the debug build")
else:
    for source in sources:
        check_tracepoints(source)
check_book()
sys.exit(done())
