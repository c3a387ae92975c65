# SPDX-License-Identifier: MIT
"""Prints where a Python file of ours lets the locale choose the code of a text:
open() as text, or a program's output as text, without encoding=.

usage: encodings.py FILE...     files that are not Python are passed over
"""

import ast
import sys

OPENERS = {"open": 1, "fdopen": 1, "NamedTemporaryFile": 0, "TemporaryFile": 0}
RUNNERS = {"run", "Popen", "check_output"}


def name_of(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def owner_of(call):
    return getattr(getattr(call.func, "value", None), "id", "")


def keywords(call):
    return {k.arg: k.value for k in call.keywords}


def opens_text(call, given):
    """Whether CALL opens a file as text; a mode that is computed counts."""
    if owner_of(call) == "os" and name_of(call) == "open":
        return False
    place = OPENERS.get(name_of(call))
    if place is None:
        return False
    default = "r" if place else "w+b"
    mode = call.args[place] if len(call.args) > place else given.get("mode")
    return "b" not in (default if mode is None else
                       getattr(mode, "value", "?"))


def runs_as_text(call, given):
    return name_of(call) in RUNNERS and \
        not given.keys().isdisjoint({"text", "universal_newlines"})


def wrong(tree):
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        given = keywords(call)
        if "encoding" not in given and None not in given and (
                opens_text(call, given) or runs_as_text(call, given)):
            yield call.lineno


def main():
    status = 0
    for path in sys.argv[1:]:
        with open(path, "rb") as f:
            data = f.read()
        first = data.split(b"\n")[0]
        if not path.endswith(".py") and b"python3" not in first:
            continue
        for line in wrong(ast.parse(data, path)):
            print("%s:%d: a text without encoding=" % (path, line))
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
