#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The transcripts of gdb in the documents are what gdb prints.

A block that begins with  ```transcript HOW  is one session with the debug
build: HOW are the words for tools/gdb/start. Lines after "(gdb) " are typed,
the others are what came, with numbers and addresses compared by their kind: any
number stands for any other. A line of three points stands for any lines, three
points at a line's end for any rest. `--record COMMAND` records a run first.
What a compiler or a C library decides is left out: the order in which arguments
are told, whether a line of C begins at an address, and how many frames without
a name follow each other.

tests/slow/gdb-docs.t --print FILE prints what the blocks of FILE should say.
"""
import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from tap import BUILD as RELEASE, done, ok, run, skip_all

BUILD = os.path.abspath(RELEASE + ("" if RELEASE.endswith("-debug")
                                   else "-debug"))
DOCUMENTS = ("docs/gdb.md", "docs/instruments.md", "docs/tour.md")
BLOCK = re.compile(r"^```transcript ?(.*?)\n(.*?)^```$", re.M | re.S)
NUMBER = re.compile(r"\b(0x)?[0-9a-f]*[0-9][0-9a-f]*\b")
ARGUMENTS = re.compile(r"(?<=\()\w+=[^()]*(?=\))")
AMID = re.compile(r"\b0x[0-9a-f]+ in (?!\?)")
NAMELESS = re.compile(r"#\d+ +0x[0-9a-f]+ in \?\? \(\)$")
SESSION = '''
import gdb
for line in open(%r, encoding="utf-8").read().splitlines():
    gdb.write("(gdb) " + line + "\\n")
    gdb.flush()
    try:
        gdb.execute(line)
    except gdb.error as e:
        gdb.write("%%s\\n" %% e)
    gdb.flush()
'''


def session(how, lines, folder):
    """What gdb prints when the LINES are typed."""
    words = shlex.split(how)
    env = dict(os.environ, FAULTLINE_BUILD=BUILD)
    if words[:1] == ["--record"]:
        kept = os.path.join(folder, "record")
        run("tools/record", "--folder", kept, *words[1:], env=env)
        words = ["--replay", kept]
    with open(os.path.join(folder, "lines"), "w", encoding="utf-8") as f:
        f.write("\n".join(lines))
    with open(os.path.join(folder, "run.py"), "w", encoding="utf-8") as f:
        f.write(SESSION % os.path.join(folder, "lines"))
    env["GDB_ARGS"] = "-batch -x %s/run.py" % folder
    printed = run("tools/gdb/start", *words, env=env,
                  stderr=subprocess.STDOUT).stdout
    text = printed.replace(BUILD, "build-debug").replace(folder, "TMP")
    start = text.find("(gdb) ") if lines else 0
    return [line.rstrip() for line in text[start:].split("\n")]


def kind(line):
    line = AMID.sub("", re.sub(r"\s+", " ", line))
    line = NUMBER.sub("N", line)
    return ARGUMENTS.sub(lambda m: " ".join(sorted(m.group().split(", "))),
                         line)


def plain(lines):
    """LINES with one frame for several without a name."""
    return [line for line, before in zip(lines, [""] + lines)
            if not (NAMELESS.match(line) and NAMELESS.match(before))]


def matches(want, got):
    """Is GOT what WANT says? Both are lists of lines."""
    if not want:
        return not [line for line in got if line]
    if want[0] == "...":
        return any(matches(want[1:], got[n:]) for n in range(len(got) + 1))
    if not got:
        return not [line for line in want if line]
    head, here = kind(want[0]), kind(got[0])
    same = here.startswith(head[:-3].rstrip()) if head.endswith("...") \
        else here == head
    return same and matches(want[1:], got[1:])


def blocks(path):
    with open(path, encoding="utf-8") as f:
        return BLOCK.findall(f.read())


def check(path):
    for number, (how, body) in enumerate(blocks(path), 1):
        want = [l.rstrip() for l in body.rstrip("\n").split("\n")]
        lines = [l[6:] for l in want if l.startswith("(gdb) ")]
        folder = tempfile.mkdtemp(prefix="gdb-docs-")
        name = "%s: session %d, %s" % (path, number, how)
        try:
            got = session(how, lines, folder)
        finally:
            shutil.rmtree(folder)
        while got and not got[-1] or got[-1:] == [
                "[Inferior 1 (process 1) detached]"]:
            got.pop()
        if "--print" in sys.argv:
            print("```transcript %s\n%s\n```" % (how, "\n".join(got)))
            continue
        diff = "\n".join(difflib.unified_diff(
            [kind(l) for l in want], [kind(l) for l in got], "the document",
            "gdb", lineterm="", n=1))
        ok(matches(plain(want), plain(got)), name, diff)


def main():
    if not shutil.which("gdb") or not shutil.which("qemu-img"):
        skip_all("gdb or qemu-img is not installed")
    sys.setrecursionlimit(10000)
    if "--print" not in sys.argv:
        env = {k: v for k, v in os.environ.items() if k not in (
            "MAKEFLAGS", "MAKELEVEL")}
        subprocess.run(["make", "-s", "BUILD=debug", "O=" + BUILD], env=env,
                       stdout=subprocess.DEVNULL, check=True)
    for path in sys.argv[2:] or DOCUMENTS:
        check(path)
    return 0 if "--print" in sys.argv else done()


if __name__ == "__main__":
    sys.exit(main())
