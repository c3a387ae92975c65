#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/docs-check finds what is not true, and lets the rest pass."""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
os.chdir(ROOT)
sys.path.insert(0, os.path.join(ROOT, "tools"))
sys.dont_write_bytecode = True
from doclib import (anchors, cited, counts, dictionary, excerpts, labels,
                    mentioned, names, tree)

count = failed = 0


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def tracked(*patterns):
    return tree.matching(ROOT, *patterns)


def verdict(got, want, name):
    """GOT has one sentence for each of WANT, which is a part of it."""
    global count, failed
    good = [w for w in want if not any(w in g for g in got)] == [] and \
        len(got) == len(want)
    count += 1
    failed += not good
    print("%s %d - %s" % ("ok" if good else "not ok", count, name))
    if not good:
        print("# got %s" % got)


def finds(text, want, name):
    verdict(list(names.wrong_names(known, "docs/x.md", text)), want, name)


def said(problems):
    return ["%s: %s" % problem for problem in problems]


def head(*lines):
    """A source whose head comment has LINES."""
    return "/* SPDX-License-Identifier: MIT */\n/*\n * A file.\n" + \
        "".join(" * %s\n" % line for line in lines) + " */\n"


known = names.Tree(ROOT, {"set_pte", "do_no_page"}, read, tracked)
finds("`set_pte` and `do_no_page()`, `x_locked`, `NAME`, `a word`\n", [],
      "names of sources, and what is no name")
finds("`set_ptes` or `do_no_pages()`\n", ["set_ptes", "do_no_pages"],
      "functions that are gone")
finds("> *Then*: `free_area_init` in `mm/bootmem.c`. *Now*: `memblock_add`.\n"
      "\n`memblock_add`\n", ["memblock_add"], "Linux's may be named as Linux's")
finds("| x | Linux |\n| - | - |\n| y | `memblock_add` |\n", [],
      "or in a table that compares")
finds("`/proc/<pid>/smaps`, `/proc/trace`, `/proc/4/fd/2`, `/proc/sys/kernel`,"
      " `/proc/self/fail-nth`, `/proc/*/maps`\n", [], "files of /proc")
finds("`/proc/tracing` `/proc/<pid>/smapping`\n", ["tracing", "smapping"],
      "files that are not in /proc")
finds("`make test`, `make BUILD=debug gdb CMD='a b'`, make sure,\n\n"
      "    make lint  what a script can check\n", [], "targets of make")
finds("`make tests`\n\n```\n$ make O=x stuff\n$ make CMD='a' ARGS=\"-x 'b  c'\" "
      "more\n```\n", ["tests", "stuff", "more"],
      "targets that are none")
finds("`tools/vm --icount --ram 8M -- ls --color`, `tools/setup --user DIR`\n",
      [], "options of tools")
finds("```\ntools/vm --icounts -- true | wc --bytes\n```\n", ["--icounts"],
      "options that are none")

files = {"a.c": head("INV-AA1 one", "INV-AA2 two") + "/* INV-AA2 */",
         "b.md": "as INV-AA1 says, and INV-BB7",
         "c.c": head("it is so, see", "INV-AA2 two, again", "INV-3 three"),
         "d.c": head("x") + "/*\n * INV-AA9 a comment further down */"}
verdict(said(labels.check(files.get, ["a.c"])), [], "labels of one file")
verdict(said(labels.check(files.get, sorted(files))),
        ["b.md: INV-BB7: no head", "c.c: INV-AA2: a.c defines it",
         "c.c: INV-3: which file's", "d.c: INV-AA9: no head"],
        "labels defined twice, without letters, or nowhere")

files = {cited.SPEC: "## 3. Calls\n\n**3.3 shmat.** x **3.4 y**\n\n"
         "| 3.3.1 | a |\n| 3.3.2 | b |\n| D8 | c |\n| B05 | d |\n| I3 | e |\n",
         "a.c": "/*\n * See shm-spec 3.3\n * and 3.4, D8.\n */\n"
         "/* 3.3.1, 3.3.2: x */\n/* $I5 INV-B7 B38400 */\n"
         'ASSERT_MSG(x, "I3: no", "%D8");\n',
         "b.c": "/* shm-spec: 3.5, B06 */\n/* (B07) */\n"
         '/* 3.3.3 to 3.3.4: x */\nASSERT_MSG(x,\n\t"I4: no");',
         "c.md": "[shm-spec.md](shm-spec.md) 9, (D9), shm-spec appendix A\n\n"
         "```\nB99\n```\n"}
verdict(said(cited.check_spec(files.get, ["a.c"])), [], "sections and numbers")
verdict(said(cited.check_spec(files.get, sorted(files))),
        ["b.c: shm-spec " + n for n in "3.5 B06 B07 3.3.3 3.3.4 I4".split()] +
        ["c.md: shm-spec " + n for n in ("9", "D9", "appendix A")],
        "sections and numbers that the specification does not have")
files[cited.SPEC] += "| I3 | again |\n"
verdict(said(cited.check_spec(files.get, [])), ["I3: defined twice"],
        "a number that is there twice")

D = cited.DECISIONS
files = {D + "README.md": "0001-a.md", D + "0001-a.md": "", D + "0001-b.md": "",
         "x.md": "decision 0001, [0001](0001-a.md), decision 0009",
         "y.c": "/* docs/decisions/0001-c.md */", "z.md": "[0002](0001-a.md)"}
verdict(said(cited.check_decisions(files.get, sorted(files))),
        ["README.md: 0001-b.md is not listed", "0001-a.md: its number",
         "0001-b.md: its number", "x.md: decision 0009", "y.c: decision 0001-c",
         "z.md: decision 0002: the link"], "decisions that are not there")

files = {"a.c": "/* It acts. */\nstatic int act(int x)\n{\n\tif (x)\n\t\t"
         "return 1; /* why */\n\tgo(x);\n\treturn 0;\n}\n",
         "good.md": "```c a.c:act\nif (x)\n    return 1; /* why */\n...\n"
         "return 0;\n```\n\n```\nint anything;\n```\n",
         "bad.md": "```c a.c:act\nif (y)\n```\n```c a.c:act\ngo(x);\n...\n"
         "if (x)\n```\n```c a.c:gone\n```\n```c b.c:act\n```\n```c\n```\n"}
verdict(said(excerpts.check(files.get, ["a.c", "good.md"])), [],
        "excerpts of a function")
verdict(said(excerpts.check(files.get, ["a.c", "bad.md"])),
        ["act: the function reads"] * 2 + ["a.c:gone: no", "b.c:act: no",
                                           "says FILE:FUNCTION"],
        "excerpts of what is not there")

files = {"kernel/syscalls.def": "SYSCALL(1)\n/* SYSCALL(2) */\nSYSCALL(3)\n",
         "docs/tour.md": "## 0. A\n## 1. B\n## 2. C\n", "b.def": "",
         "tools/size": "BUDGET = {rings.CORE: 6000,",
         "kernel/trace/trace.h": "#define TRACE_RING 4096u",
         "good.md": "has two system\ncalls (x), the kernel in two sittings, "
         "stays below 6,000 lines, the ring holds 4,096 events, X macros are "
         "lists and two tables"}
verdict(said(counts.check(files.get, sorted(files))), [], "counts")
files["long.md"] = "word " * 3500
files["good.md"] = files["good.md"].replace("two", "3").replace("9", "8") \
    .replace("stays", "is")
verdict(said(counts.check(files.get, sorted(files))),
        ["3 system calls: it is 2", "in 3 sittings: it is 2",
         "4,086 events: it is", "and 3 tables: it is 2",
         "below (\\S+) lines: no document",
         "long.md: more than"],
        "counts that are wrong, and one that is nowhere")

files = {"d/a.md": "# The A, `b` (c)\n\n[x](#the-a-b-c) [y](../b.md#one)\n",
         "b.md": "## One\n\n```\n# Two\n```\n[z](d/a.md#the-a-b-c)\n",
         "c.md": "[x](#one) [y](b.md#two) [z](gone.md#one) [o](b.md)\n"}
verdict(said(anchors.check(files.get, ["b.md", "d/a.md"])), [],
        "links to headings")
verdict(said(anchors.check(files.get, sorted(files))),
        ["c.md: link to #one", "b.md#two: no", "gone.md#one: no"],
        "links to headings that are not there")

files = {dictionary.SOURCE: '#define FAULT_CLASSES(X) \\\n'
         ' X(NONE, "none", "x") \\\n X(ZERO, "zero", "y") /* z */ \\\n'
         ' X(SHM, "shm", "shm")\n'
         '#define SHM_PAGE_STATES(X) X(A, "a", "b") X(NEW, "new", "c")\n'
         '#define FAULT_OUTCOMES(X) X(DONE, "done", "d")\n',
         "good.md": "| `class` | 1 zero page, 2 shm |\n"
         "| `state` | 0 a, 1 new |\n"
         "| `class` | object | words |\nThe classes are `zero shm`.\n",
         "bad.md": "| `class` | 1 shm, 2 zero |\n| `state` | of x: 0 a |\n"
         "The classes are `zero`.\n"}
verdict(said(dictionary.check(files.get, ["good.md"])), [], "numbers and words")
verdict(said(dictionary.check(files.get, sorted(files))),
        ["bad.md: numbers of class: they are 1 zero, 2 shm",
         "bad.md: numbers of state", "bad.md: the classes are zero shm"],
        "numbers and words that are others")

files = {"mm/a.c": "#include <mm/a.h>\n/* go() of sys_read(), read(),\n"
         " * b.c, GO_ON, mm/swap/ and ../x.c; open(2), ASSERT(),\n"
         " * A_B of CLASS_*, .c, lib/../bin, mm/<x>.c, mm/b.c */\n#define GO_ON\n"
         'int go(int a_b) { ASSERT("gone()"); }\nlong sys_read(void);',
         "mm/swap/b.c": "/* mm/a.c, b.c */", "mm/b.c": "",
         "x.asm": "; _go()\n_go:\n",
         "mm/c.c": "/* went() to mm/c.h, GO_PAST,\n * swap/d.c, e.S, mm/swop, "
         "went */",
         "y.md": "`gone()`"}
good = [path for path in sorted(files) if path != "mm/c.c"]
verdict(said(mentioned.check(files.get, good)), [], "names in comments")
verdict(said(mentioned.check(files.get, sorted(files))),
        ["c.c: went(): no source", "c.c: GO_PAST: no", "c.c: mm/c.h: no",
         "swap/d.c: no", "c.c: e.S: no", "c.c: mm/swop: no"],
        "names that are gone")
print("1..%d" % count)
sys.exit(failed != 0)
