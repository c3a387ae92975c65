# SPDX-License-Identifier: MIT
"""A machine that a test types into: what tests of terminals share.

    with Machine() as m:
        m.serial.expect("# ")           # the serial console, through a pty
        m.serial.type("tty\\n")
        m.screen.expect("$ ")           # the VGA console, read from its memory
        m.screen.type("echo 'Hi'\\n")   # keys of the emulated keyboard

Nothing here sleeps for a fixed time: each step waits for text, and fails with
what was there instead when it has not come after LIMIT ticks of the guest. It
runs with --icount, so a tick is ten million instructions, or less where the
guest waits; this machine's load decides nothing. A host that does not come that
far within PATIENCE seconds decides nothing, either: the test gives up.
"""

import json
import os
import pty
import re
import select
import shutil
import socket
import subprocess
import tempfile
import time

import tap

PATIENCE = 600  # seconds for one step
LIMIT = 6000  # ticks of the guest for one step: a minute of its own
VGA_TEXT, COLS, ROWS = 0xB8000, 80, 25
KERNEL_BASE = 0xC0000000
TICK = 10 ** 7  # instructions, of a guest that does not wait

SHIFTED = dict(zip('!@#$%^&*()_+{}|:"~<>?', '1234567890-=[]\\;\'`,./'))
KEYS = {
    " ": "spc", "\n": "ret", "\t": "tab", "\033": "esc", "\177": "backspace",
    "-": "minus", "=": "equal", "[": "bracket_left", "]": "bracket_right",
    "\\": "backslash", ";": "semicolon", "'": "apostrophe",
    "`": "grave_accent", ",": "comma", ".": "dot", "/": "slash",
}


class Missed(Exception):
    """What a test waited for did not come."""


class Ended(Missed):
    """The machine is no more."""


def key_of(char):
    """The words of QEMU's sendkey for a character."""
    if char in SHIFTED:
        return "shift-" + key_of(SHIFTED[char])
    if char.isupper():
        return "shift-" + char.lower()
    if char in KEYS:
        return KEYS[char]
    if ord(char) < 32:
        return "ctrl-" + chr(ord(char) + 96)
    return char


class Monitor:
    """QEMU's machine protocol over a socket."""

    def __init__(self, path, alive):
        deadline = time.monotonic() + PATIENCE
        self.socket = socket.socket(socket.AF_UNIX)
        while self.socket.connect_ex(path):
            if not alive():
                raise Ended("the machine has not started")
            if time.monotonic() > deadline:
                tap.give_up("QEMU does not listen after %d s" % PATIENCE)
            time.sleep(0.01)
        self.file = self.socket.makefile("rwb")
        self.file.readline()
        self.call("qmp_capabilities")

    def call(self, name, **arguments):
        words = {"execute": name, "arguments": arguments}
        try:
            self.file.write(json.dumps(words).encode() + b"\n")
            self.file.flush()
            for line in self.file:
                answer = json.loads(line)
                if "return" in answer:
                    return answer["return"]
                if "error" in answer:
                    raise Missed(answer["error"]["desc"])
        except OSError:
            pass
        raise Ended("the machine has ended")

    def command(self, line):
        return self.call("human-monitor-command", **{"command-line": line})


class Clock:
    """The guest's own time: its ticks, and the instructions it executed. As long
    as GRUB has the memory, and no paging, no tick has passed."""

    def __init__(self, monitor):
        self.monitor = monitor
        self.paging = False
        kernel = os.path.join(tap.BUILD, "kernel.elf")
        address = re.search(r"^(\w+) \w ticks$", tap.tool("nm", kernel), re.M)
        self.at = int(address.group(1), 16) - KERNEL_BASE

    def ticks(self):
        if not self.paging:
            registers = self.monitor.command("info registers")
            cr0 = re.search(r"\bCR0=([0-9a-f]{8})", registers).group(1)
            self.paging = int(cr0, 16) >> 31 == 1
            if not self.paging:
                return 0
        words = self.monitor.command("xp /1xw %#x" % self.at)
        return int(words.split(":")[1], 16)

    def instructions(self):
        return self.monitor.call("query-replay")["icount"]


class Wait:
    """One step: call left() before each look. It is False LIMIT ticks later, or
    when the machine has ended; PATIENCE seconds later the test gives up."""

    def __init__(self, clock, limit):
        self.clock, self.limit = clock, limit
        self.start = None  # in ticks
        self.ended = False
        self.began = time.monotonic()

    def left(self):
        try:
            now = self.clock.ticks()
        except Ended:
            self.ended = True
            return False
        if self.start is None:
            self.start = now
        if time.monotonic() - self.began > PATIENCE:
            tap.give_up("the guest has come %d ticks far within %d seconds" %
                        (now - self.start, PATIENCE))
        return now - self.start < self.limit


class Serial:
    """The serial console: what came without carriage returns, and a place
    behind what was expected."""

    def __init__(self, fd):
        self.fd = fd
        self.text = ""
        self.seen = 0
        self.clock = None
        self.ended = False

    def pump(self, seconds=0):
        """Takes in what is there, or comes within SECONDS."""
        while select.select([self.fd], [], [], seconds)[0]:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                data = b""
            if not data:
                self.ended = True
                return
            self.text += data.decode("latin-1").replace("\r", "")
            seconds = 0

    def type(self, text):
        os.write(self.fd, text.encode("latin-1"))

    def expect(self, pattern, limit=LIMIT):
        """Waits for the regular expression; the match."""
        wanted, wait, left = re.compile(pattern, re.M), None, True
        while True:
            self.pump()
            match = wanted.search(self.text, self.seen)
            if match:
                self.seen = match.end()
                return match
            if not left:
                raise Missed("serial: no %r in %r" % (
                    pattern, self.text[self.seen:][-1500:]))
            wait = wait or Wait(self.clock, limit)
            self.pump(0.2)
            left = wait.left()


class Screen:
    """The VGA console. Its cells are read from memory."""

    def __init__(self, monitor, folder, serial):
        self.monitor = monitor
        self.file = os.path.join(folder, "cells")
        self.serial = serial

    def cells(self):
        """Characters and attributes, two bytes a cell."""
        self.monitor.call("pmemsave", val=VGA_TEXT, size=COLS * ROWS * 2,
                          filename=self.file)
        with open(self.file, "rb") as f:
            return f.read()

    def rows(self):
        cells = self.cells()
        return [cells[i:i + 2 * COLS:2].decode("cp437").rstrip()
                for i in range(0, len(cells), 2 * COLS)]

    def text(self):
        return "\n".join(self.rows())

    def attribute(self, row, col):
        return self.cells()[(row * COLS + col) * 2 + 1]

    def key(self, *names):
        """Keys by QEMU's names, one after the other: "shift-a", "f1". QEMU
        queues some hundred and takes a millisecond of the guest for each."""
        for name in names:
            self.monitor.command("sendkey %s 1" % name)

    def type(self, text):
        self.key(*[key_of(c) for c in text])

    def expect(self, pattern, limit=LIMIT):
        """Waits until the screen shows the regular expression; the match."""
        wanted, wait, left = re.compile(pattern, re.M), None, True
        while True:
            text = self.text()
            match = wanted.search(text)
            if match:
                return match
            if not left:
                raise Missed("screen: no %r in\n%s" % (pattern, text))
            wait = wait or Wait(self.serial.clock, limit)
            self.serial.pump(0.03)
            left = wait.left()


class Machine:
    def __init__(self, options=()):
        self.options = ["--icount", *options]

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="machine-")
        self.held = os.open(self.folder, os.O_RDONLY)
        # a socket's name has to be short, and QEMU's without a comma
        short = "/proc/%d/fd/%d" % (os.getpid(), self.held)
        path = os.path.join(short, "qmp")
        ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            ["tools/vm", *self.options, "--qemu-arg", "-qmp", "--qemu-arg",
             "unix:%s,server=on,wait=off" % path],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=tap.ROOT)
        os.close(theirs)
        self.serial = Serial(ours)
        try:
            self.monitor = Monitor(path, self.lives)
            self.clock = self.serial.clock = Clock(self.monitor)
        except BaseException as e:
            self.__exit__()
            if isinstance(e, Ended):
                raise Missed("%s: %s" % (e, self.serial.text))
            raise
        self.screen = Screen(self.monitor, short, self.serial)
        return self

    def lives(self):
        self.serial.pump()
        return self.process.poll() is None

    def power_off(self):
        """Waits for the end after a poweroff; the status."""
        wait = Wait(self.clock, LIMIT)
        while wait.left():
            self.serial.pump(0.2)
        if not wait.ended:
            raise Missed("it does not power off")
        return self.process.wait()

    def __exit__(self, *unused):
        self.process.terminate()
        self.process.wait()
        os.close(self.serial.fd)
        os.close(self.held)
        shutil.rmtree(self.folder, ignore_errors=True)
