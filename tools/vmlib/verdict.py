# SPDX-License-Identifier: MIT
"""How a run ended: the status of tools/vm, and the line of --verdict FILE.

The line tells apart what a status cannot, since COMMAND may end with 124 to
126 as well. docs/vm.md has the table of lines; graders rely on it.
"""

import os
import stat
from collections import namedtuple

from .errors import NO_MACHINE, PANICKED, TIMED_OUT, VmError

Verdict = namedtuple("Verdict", "status line")

PANIC = Verdict(PANICKED, "panic")
LIMIT = Verdict(TIMED_OUT, "limit")
TIME_OUT = Verdict(TIMED_OUT, "time-out")
POWER_OFF = Verdict(0, "power-off")  # of an interactive machine


def of_command(word):
    """COMMAND ended; WORD is what the guest says: docs/vm.md, frame X."""
    status, number = word & 0xff, word >> 8 & 0xff
    return Verdict(status, "killed by %d" % number if number else
                   "exit %d" % status)


def no_machine(sentence):
    return Verdict(NO_MACHINE, "no machine: " + sentence.split("\n")[0])


def interrupted(number):
    """A signal ended tools/vm itself."""
    return Verdict(128 + number, "interrupted by %d" % number)


def _plain(path):
    """Whether PATH is a file that can be replaced, or nothing yet. What is
    behind a link, such as /dev/stderr, is not ours to replace."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except FileNotFoundError:
        return True


def _replace(path, data):
    new = "%s.%d~" % (path, os.getpid())
    try:
        with open(new, "wb") as f:
            f.write(data)
        os.replace(new, path)
    except OSError:
        if os.path.exists(new):
            os.unlink(new)
        raise


def _append(path, data):
    with open(path, "ab", buffering=0) as f:
        f.write(data)


def _complaint(path, error):
    return VmError("--verdict: %s: %s" % (path, error.strerror))


def begin(path):
    """Takes away what an earlier run left in PATH, which may be None."""
    if path is None:
        return
    try:
        if _plain(path):
            _replace(path, b"")
            os.unlink(path)
        else:
            _append(path, b"")
    except OSError as e:
        raise _complaint(path, e)


def end(path, verdict):
    """PATH has the line from now on, whole."""
    if path is None:
        return
    data = os.fsencode(verdict.line) + b"\n"
    try:
        _replace(path, data) if _plain(path) else _append(path, data)
    except OSError as e:
        raise _complaint(path, e)
