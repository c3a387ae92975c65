# SPDX-License-Identifier: MIT
"""The comments of a source, and its text without them."""

import re

C_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|'
                     r"(/\*.*?\*/|//[^\n]*)", re.DOTALL)
ASM_COMMENT = re.compile(r";([^\n]*)")
BORDER = re.compile(r"^[ \t]*(?:/\*+|\*(?!/)|//|;)? ?", re.MULTILINE)


def _pattern(path):
    return ASM_COMMENT if path.endswith((".asm", ".lds")) else C_TOKEN


def of(path, text):
    """Each comment of TEXT, its lines without stars."""
    for match in _pattern(path).finditer(text):
        if match.group(1):
            yield BORDER.sub("", re.sub(r"\*/$", "", match.group(1))).strip()


def without(path, text):
    """TEXT with its code and strings only."""
    return _pattern(path).sub(
        lambda m: " " if m.group(1) else m.group(0), text)
