# SPDX-License-Identifier: MIT
"""A console that is no terminal: what comes through a pipe or from a file is
typed into the machine, and its end is typed as well.

    our standard input --> pipe --> QEMU --> COM1     as fast as it is taken
    our standard output <-- pipe <-- QEMU <-- COM1

The end of the input is a ^D on a line of its own, and again whenever all has
been taken and the machine is still there: each is the end of a file for who
reads then, as it would be if he read the pipe itself. The first shell that
ends by it ends the machine, since console.eof=poweroff is on the kernel's
command line: user/init.c.
"""

import array
import fcntl
import os
import select
import termios
import time

from .cli import write_all

END = b"\x04"
AGAIN = 0.25  # seconds between two
CHUNK = 1 << 16


class Relay:
    """The pipes stay the same when the machine reboots."""

    def __init__(self):
        self.machine_in, self.to_machine = os.pipe()
        os.set_blocking(self.to_machine, False)
        self.from_machine, self.machine_out = os.pipe()
        self.input = b""  # that is to be typed next
        self.last = b"\n"  # byte that was typed
        self.ended = False
        self.due = None  # when the end is typed again

    def _read(self):
        try:
            data = os.read(0, CHUNK)
        except OSError as e:
            e.filename = 0
            raise
        if not data:
            self.ended = True
            self.input += END if self.last == b"\n" else b"\n" + END
        self.input += data
        self.last = data[-1:] or self.last

    def _all_taken(self):
        waiting = array.array("i", [0])
        fcntl.ioctl(self.to_machine, termios.FIONREAD, waiting)
        return not self.input and not waiting[0]

    def _end_again(self):
        now = time.monotonic()
        if self.due is None or not self._all_taken():
            self.due = now + AGAIN
        elif now >= self.due:
            self.input, self.due = END, None

    def _type(self):
        try:
            self.input = self.input[os.write(self.to_machine, self.input):]
        except BlockingIOError:
            pass

    def pump(self, child, seconds):
        """Moves what there is to move, waits for it, if it is not None up to
        SECONDS; True once the CHILD has ended."""
        if self.ended:
            self._end_again()
            seconds = AGAIN if seconds is None else min(seconds, AGAIN)
        reading = [child.pipe, self.from_machine]
        if not self.ended and not self.input:
            reading.append(0)
        ready, writable, _ = select.select(
            reading, [self.to_machine] if self.input else [], [], seconds)
        if 0 in ready:
            self._read()
        if writable:
            self._type()
        if self.from_machine in ready:
            write_all(1, os.read(self.from_machine, CHUNK))
        return child.pipe in ready

    def drain(self):
        """What the machine, which has ended, has printed last."""
        while select.select([self.from_machine], [], [], 0)[0]:
            write_all(1, os.read(self.from_machine, CHUNK))
