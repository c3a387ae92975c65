#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The events that documents show are those of the machine.

A block of a document that begins with ```trace COMMAND holds lines of
/proc/trace, in one piece or several, as COMMAND leaves them. The machine runs
COMMAND, and somewhere one process leaves the same events with the same values,
but for those that depend on compiler and image: numbers, processes, addresses,
frames, free frames and counters. The instructions between two events may differ
by a tenth, but for those in which a disk works; the compiler decides about them,
so more is a remark.

COMMAND may have options of tools/vm and " -- " before it. /t/NAME is
tests/boot/progs/NAME.c.

And each hop of docs/page-fault.md and docs/swap.md has its "then and now".
"""

import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from tap import BUILD, done, ok, remark, skip, vm

BLOCK = re.compile(r"^```trace ([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINE = re.compile(r"(\d+) (\d+) (\d+) (\w+) ?(.*)")
DEPENDS = {"addr", "eip", "area", "pfn", "free", "rss", "minflt", "majflt",
           "slot", "mm", "child", "range", "id", "to", "esp", "entry"}
DISK = {"swap_read", "swap_write"}  # how long it takes is not ours
ENTRY = {"pte", "before", "after", "first"}  # of an entry, the low bits stay
DEBUG = BUILD.endswith("-debug")
SLACK = 100000 if DEBUG else 20  # instructions
seen = {}  # COMMAND -> events


def constant(text):
    """The values in an event that every machine has."""
    values = []
    for word in text.split():
        key, _, value = word.partition("=")
        if key in ENTRY:
            values.append((key, value[-3:]))
        elif key not in DEPENDS:
            values.append((key, value))
    return values


def events(text):
    """[(stamp, pid, name, constant values)] of lines of /proc/trace."""
    found = []
    for line in text.split("\n"):
        match = LINE.match(line)
        if match:
            _, stamp, pid, name, rest = match.groups()
            found.append((int(stamp), pid, name, constant(rest)))
    return found


def programs(command, folder):
    """Builds the /t/NAME of COMMAND into FOLDER; options of tools/vm."""
    names = re.findall(r"/t/(\w+)", command)
    os.mkdir(folder + "/t")
    for name in names:
        subprocess.run(
            ["tools/guestcc", "-static", "-std=gnu11", "-O1", "-o",
             "%s/t/%s" % (folder, name),
             "tests/boot/progs/%s.c" % name],
            stderr=subprocess.DEVNULL, check=True)
    return ["--add", folder] if names else []


def told(words):
    if words not in seen:
        options, _, command = words.rpartition(" -- ")
        with tempfile.TemporaryDirectory() as folder:
            run = vm("--icount", *options.split(), *programs(command, folder),
                     "--", command + "; cat /proc/trace")
        seen[words] = events(run.stdout)
    return seen[words]


def deltas(some):
    return [b[0] - a[0] for a, b in zip(some, some[1:])
            if a[2] not in DISK]


def difference(shown, real):
    """How far the most different stretch between two events is off."""
    return max([abs(a - b) - a // 10 for a, b in
                zip(deltas(shown), deltas(real))] or [0])


def candidates(shown, real):
    """The stretches of one process that are as SHOWN."""
    want = [e[2:] for e in shown]
    for pid in sorted(set(e[1] for e in real)):
        mine = [e for e in real if e[1] == pid and e[2] in
                set(e[2] for e in shown)]
        for at in range(len(mine) - len(want) + 1):
            if [e[2:] for e in mine[at:at + len(want)]] == want:
                yield mine[at:at + len(want)]


def check_block(document, number, command, text):
    shown = events(text)
    try:
        told(command)
    except subprocess.CalledProcessError:
        skip("%s, block %d" % (document, number),
             "gcc -m32 cannot build programs here")
        return
    one = [e for e in shown if e[2] != "task_fork"]
    found = list(candidates(one, told(command)))
    name = "%s, block %d: %s: %d events as in the machine" % (
        document, number, command, len(one))
    if not one or not found:
        ok(False, name, "no process left these events")
        return
    best = min(difference(one, f) for f in found)
    remark(best <= SLACK, name, "the compiler: off by %d instructions" % best)


def numbers(words):
    """{"2", "3", "4"} of "2 to 4"; of "1, 2" and "Last" likewise."""
    if " to " in words:
        first, last = words.split(" to ")
        return {str(n) for n in range(int(first), int(last) + 1)}
    return set(words.replace("Last", "-").split(", "))


def check_then_and_now(name):
    with open(name) as f:
        book = f.read()
    hops = set(re.findall(r"^\| (\d+|-) \| `\S+\.[cS]`", book, re.MULTILINE))
    quotes = re.findall(
        r"^> ((?:\d+|Last)(?:, \d+| to \d+)*)\. (.*?)(?=^>?\s*$|^[^>])",
        book, re.DOTALL | re.MULTILINE)
    told = set()
    for words, text in quotes:
        if "*Then*" in text and "*Now*" in text:
            told |= numbers(words)
    ok(hops and hops == told, "%s: each of the %d hops has its then and now" %
       (name, len(hops)), hops ^ told)


checked = 0
for name in sorted(os.listdir("docs")):
    if name.endswith(".md"):
        with open("docs/" + name) as f:
            blocks = BLOCK.findall(f.read())
        for place, (command, text) in enumerate(blocks, 1):
            check_block("docs/" + name, place, command, text)
            checked += 1
check_then_and_now("docs/page-fault.md")
check_then_and_now("docs/swap.md")
ok(checked > 4, "there are blocks")
sys.exit(done())
