# SPDX-License-Identifier: MIT
"""How a run ended: the status of tools/vm, and the line of --verdict FILE.

The line tells apart what a status cannot, since COMMAND may end with 124 to
126 as well. docs/vm.md has the table of lines; graders rely on it.
"""

import os

from . import files
from .cli import described
from .errors import NO_MACHINE, PANICKED, TIMED_OUT, VmError


class Verdict:
    def __init__(self, status, line, signal=None):
        self.status = status
        self.line = line
        self.signal = signal  # that ended tools/vm itself


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
    return Verdict(128 + number, "interrupted by %d" % number, number)


def _write(path, data):
    try:
        files.write(path, data)
    except OSError as e:
        raise VmError("--verdict: " + described(e))


def begin(path):
    """Takes away what an earlier run left in PATH, which may be None."""
    if path is None:
        return
    _write(path, b"")
    if files.plain(path):
        os.unlink(path)


def end(path, verdict):
    """PATH has the line from now on, whole."""
    if path is not None:
        _write(path, os.fsencode(verdict.line) + b"\n")
