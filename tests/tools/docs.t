#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/docs-check finds names that do not exist, and lets others pass."""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
os.chdir(ROOT)
sys.path.insert(0, os.path.join(ROOT, "tools"))
sys.dont_write_bytecode = True
from doclib import names, tree

count = failed = 0


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def tracked(*patterns):
    return tree.matching(ROOT, *patterns)


def finds(text, want, name):
    global count, failed
    got = list(names.wrong_names(known, "docs/x.md", text))
    good = [w for w in want if not any(w in g for g in got)] == [] and \
        len(got) == len(want)
    count += 1
    failed += not good
    print("%s %d - %s" % ("ok" if good else "not ok", count, name))
    if not good:
        print("# got %s" % got)


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
print("1..%d" % count)
sys.exit(failed != 0)
