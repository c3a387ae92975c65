# SPDX-License-Identifier: MIT
"""Contracts that stand in comments, and the assertions that keep them.

  held      a function whose comment, above it or above its prototype, says
            that a lock "is held", or whose name ends in _locked, has
            assert_held() among its first statements; "is held, unless ..."
            names who calls it without, and asks for none
  sleep     may_sleep(SLEEP_x) is the only way to say "this may sleep", and
            each point of sleep_points.def is somewhere
  density   so many assertions per 1,000 lines of code, as tools/size counts
"""

import os
import re

from doclib import rings

HOUSES = ("mm/", "ipc/", "fs/", "kernel/", "drivers/")
FIRST_STATEMENTS = 3  # behind the declarations
DENSITY = {"mm": 20, "ipc": 20}  # assertions per 1,000 lines, at least
POINTS = "kernel/trace/sleep_points.def"
SLEEP_HOME = ("kernel/lock.c", "kernel/trace/stage.c", "kernel/trace/stage.h")

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
LOCK = re.compile(r"(?<!\ba )(?<![Nn]o )\b(\w+_sem|creator mutex|(?:\w+_)?lock)"
                  r"(?: of [\w ]+?)? (?:(?:is|are) )?held\b(?!,? unless\b)")
ASSERTION = re.compile(r"\b(?:ASSERT|ASSERT_MSG|assert_held)\(")
BARE_SLEEP = re.compile(r"\b(?:assert_may_sleep|sleep_point|stage_enter)\(")


def words(comment):
    """A comment's text in one line."""
    return re.sub(r"\s*\n \*\s*|\s+", " ", comment.strip("/* \n"))


def functions(text):
    """(line of its brace, name, comment above, body) of each definition."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if line != "{":
            continue
        first = at
        while first and lines[first - 1] and \
                not lines[first - 1].endswith(("*/", "}", ";")) and \
                not lines[first - 1].startswith("#"):
            first -= 1
        name = re.search(r"(\w+)\(", "\n".join(lines[first:at]))
        if name:
            end = lines.index("}", at) if "}" in lines[at:] else len(lines)
            yield (at + 1, name.group(1), comment_above(lines, first),
                   "\n".join(lines[at + 1:end]))


def comment_above(lines, first):
    """The comment that ends right above line number FIRST, from 0."""
    start = first - 1
    if start < 0 or not lines[start].endswith("*/"):
        return ""
    while start and not lines[start].startswith("/*"):
        start -= 1
    return words("\n".join(lines[start:first]))


def prototype_comments(text):
    """The comment above each prototype of a header, by name."""
    return {m.group(2): words(m.group(1)) for m in re.finditer(
        r"^(/\*(?:(?!\*/).)*\*/)\n[a-z][^\n;{}(]*\b(\w+)\(", text,
        re.MULTILINE | re.DOTALL)}


def asserts_held(body):
    body = COMMENT.sub("", body)
    before = body.partition("assert_held(")[0]
    if before == body:
        return False
    declared, blank, rest = before.partition("\n\n")
    return (rest if blank else declared).count(";") < FIRST_STATEMENTS


def check_held(text, declared):
    """(line, sentence) for each function of TEXT that breaks the rule; DECLARED
    has the comments of headers."""
    for line, name, above, body in functions(text):
        said = above + " " + declared.get(name, "")
        lock = LOCK.search(said)
        excused = re.search(r"\bheld,? unless\b", said)
        if asserts_held(body) or excused:
            continue
        if lock:
            yield line, "%s: its comment says that %s is held, but no " \
                "assert_held() does" % (name, lock.group(1))
        elif name.endswith("_locked"):
            yield line, "%s: its name says that a lock is held, but no " \
                "assert_held() does" % name


def check_sleep(sources, points):
    """(path, line, sentence); SOURCES has the texts by path, POINTS is that of
    sleep_points.def."""
    used = set()
    for path, text in sources.items():
        code = COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
        used.update(re.findall(r"\bmay_sleep\(SLEEP_(\w+)\)", code))
        for m in BARE_SLEEP.finditer(code):
            if path not in SLEEP_HOME:
                yield (path, code.count("\n", 0, m.start()) + 1,
                       "may_sleep(SLEEP_...) is the way to say that this may "
                       "sleep")
    for m in re.finditer(r"^SLEEP_POINT\((\w+)", points, re.MULTILINE):
        if m.group(1) not in used:
            yield (POINTS, points.count("\n", 0, m.start()) + 1,
                   "no may_sleep(SLEEP_%s) is anywhere" % m.group(1))


def densities(root, sources):
    """(folder, assertions per 1,000 lines, at least) of each that has one."""
    for folder, least in DENSITY.items():
        paths = [path for path in sources if path.startswith(folder + "/")]
        lines = sum(rings.code_lines(os.path.join(root, path))
                    for path in paths)
        found = sum(len(ASSERTION.findall(COMMENT.sub("", sources[path])))
                    for path in paths)
        yield folder, 1000 * found / lines if lines else 0, least


def read_sources(root, paths):
    """Those of PATHS that are the kernel's, by path."""
    sources = {}
    for path in paths:
        if path.startswith(HOUSES) and path.endswith(rings.SUFFIXES):
            with open(os.path.join(root, path), encoding="utf-8",
                      errors="replace") as f:
                sources[path] = f.read()
    return sources
