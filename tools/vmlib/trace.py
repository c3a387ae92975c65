# SPDX-License-Identifier: MIT
"""--trace FILE: what the machine sends over COM3 becomes JSON lines.

QEMU appends the bytes to a file in the run's folder; we read behind it, so
that the lines are there as soon as the kernel has sent their events.
"""

import fcntl
import os
import stat

from . import emulator
from .cli import described
from .errors import VmError


class NoTrace:
    """Without --trace."""

    def pump(self):
        pass

    def close(self):
        pass


def _complaint(options, error):
    if isinstance(error, OSError):
        error.filename = error.filename or options.trace
        return VmError("--trace: " + described(error))
    return VmError("--trace: %s" % error)


def _open(path):
    """PATH, empty, and ours alone if it is a file."""
    out = open(path, "a", buffering=1 << 16, encoding="utf-8")
    if stat.S_ISREG(os.fstat(out.fileno()).st_mode):
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise VmError("--trace: %s is written by another machine" % path)
        out.truncate(0)
    return out


class Trace:
    """One boot of the machine in the folder RUN. FILE begins anew with each."""

    def __init__(self, options, run):
        from tracelib.wire import TraceError
        from tracelib.writer import Writer
        self.options = options
        self.errors = (TraceError, OSError)
        self.path = os.path.join(run, emulator.TRACE)
        open(self.path, "wb").close()
        self.source = open(self.path, "rb", buffering=0)
        try:
            self.out = _open(options.trace)
        except OSError as e:
            raise _complaint(options, e)
        command = options.command
        self.writer = Writer(
            self.out, os.path.join(run, "kernel"),
            "instructions" if options.icount else "cycles",
            command and command.decode(errors="replace"))

    def pump(self):
        """Writes the lines of all events that have come."""
        data = self.source.read()
        try:
            while data:
                self.writer.feed(data)
                data = self.source.read()
        except self.errors as e:
            raise _complaint(self.options, e)

    def close(self):
        try:
            self.pump()
            self.writer.end()
            self.out.close()
        except self.errors as e:
            raise _complaint(self.options, e)
        finally:
            self._let_go()

    def _let_go(self):
        """What could not be written stays unwritten."""
        try:
            self.out.close()
        except OSError:
            pass
        self.source.close()


def start(options, run):
    return NoTrace() if options.trace is None else Trace(options, run)
