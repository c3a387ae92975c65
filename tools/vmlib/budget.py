# SPDX-License-Identifier: MIT
"""--limit N: a machine ends when it has executed N instructions.

QEMU tells how many it has executed, idle time not counted, over a monitor of
its own (QMP) on a pair of sockets that it inherits. It is asked about once a
second, and not before it can have come to the limit or a second is over, so
that short runs pay nothing.
"""

import json
import select
import socket
import time

FIRST = 1.0  # seconds until the first question, or sooner:
FASTEST = 2e8  # instructions a second that no machine is beyond
RARELY, OFTEN = 1.0, 0.02  # seconds between two, far from the limit and near
PATIENCE = 2.0  # seconds for an answer, when the machine ends anyway
QUESTION = b'{"execute": "query-replay"}\n'
GREETING = b'{"execute": "qmp_capabilities"}\n'


def spelled(count):
    """A number of instructions, for people."""
    if count >= 10 ** 7:
        return "{:,} million".format(count // 10 ** 6)
    return "{:,}".format(count)


class Budget:
    """The instructions of one machine."""

    def __init__(self, limit):
        self.limit = limit
        self.executed = None  # by the last answer
        self.pending = b""  # half an answer
        self.asked = 0  # questions without an answer yet
        self.greeted = False
        self.start = self.next = None  # seconds of the monotonic clock
        self.socket, self.theirs = socket.socketpair()
        self.inherited = (self.theirs.fileno(),)

    def words(self):
        return ["-chardev", "socket,id=budget,fd=%d" % self.inherited,
                "-mon", "chardev=budget,mode=control"]

    def started(self):
        self.theirs.close()
        self.start = time.monotonic()
        self.next = self.start + min(FIRST, self.limit / FASTEST)

    def _ask(self):
        try:
            if not self.greeted:
                self.socket.sendall(GREETING)
                self.greeted = True
            self.socket.sendall(QUESTION)
            self.asked += 1
        except OSError:
            pass  # it is ending

    def _hear(self, seconds):
        """Takes the answers that come within SECONDS."""
        end = time.monotonic() + seconds
        while self.asked:
            left = max(0, end - time.monotonic())
            if not select.select([self.socket], [], [], left)[0]:
                return
            try:
                data = self.socket.recv(4096)
            except OSError:
                data = b""
            if not data:
                self.asked = 0
            self.pending += data
            *lines, self.pending = self.pending.split(b"\n")
            for line in lines:
                self._understand(line)

    def _understand(self, line):
        answer = json.loads(line).get("return")
        if isinstance(answer, dict) and "icount" in answer:
            self.executed = answer["icount"]
            self.asked -= 1

    def _pause(self, now):
        """Seconds until it is worth while to ask again."""
        speed = self.executed / (now - self.start)
        return min(RARELY, max(OFTEN, (self.limit - self.executed) /
                               max(speed, 1)))

    def spent(self):
        """True once as many are executed. Never waits."""
        now = time.monotonic()
        if self.asked:
            self._hear(0)
            if not self.asked and self.executed is not None:
                self.next = now + self._pause(now)
        elif now >= self.next:
            self._ask()
        return self.executed is not None and self.executed >= self.limit

    def remark(self):
        """How far a machine was that is ended for another reason."""
        if not self.asked:
            self._ask()
        self._hear(PATIENCE)
        executed = "an unknown number of" if self.executed is None else \
            spelled(self.executed)
        return " (%s instructions executed, the limit is %s)" % (
            executed, self.limit_spelled())

    def limit_spelled(self):
        return spelled(self.limit)

    def close(self):
        self.socket.close()
        self.theirs.close()
