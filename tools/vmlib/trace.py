# SPDX-License-Identifier: MIT
"""--trace FILE: what the machine sends over COM3 becomes JSON lines.

QEMU appends the bytes to a file in the run's folder; we read behind it, so
that the lines are there as soon as the kernel has sent their events.
"""

import os

from tracelib.wire import TraceError
from tracelib.writer import Writer

from . import emulator
from .errors import VmError


class NoTrace:
    """Without --trace."""

    def pump(self):
        pass

    def close(self):
        pass


class Trace:
    """One boot of the machine in the folder RUN. FILE begins anew with each."""

    def __init__(self, options, run):
        self.path = os.path.join(run, emulator.TRACE)
        open(self.path, "wb").close()
        self.source = open(self.path, "rb", buffering=0)
        try:
            self.out = open(options.trace, "w", buffering=1 << 16)
        except OSError as e:
            raise VmError("--trace: %s: %s" % (options.trace, e.strerror))
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
        except TraceError as e:
            raise VmError("--trace: %s" % e)
        except OSError as e:
            raise VmError("--trace: %s" % e.strerror)

    def close(self):
        try:
            self.pump()
            self.writer.end()
        finally:
            self.out.close()
            self.source.close()


def start(options, run):
    return NoTrace() if options.trace is None else Trace(options, run)
