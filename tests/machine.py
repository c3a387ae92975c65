# SPDX-License-Identifier: MIT
"""A machine that a test types into: what tests of terminals share.

    with Machine(["--icount"]) as m:
        m.serial.expect("# ")           # the serial console, through a pty
        m.serial.type("tty\\n")
        m.screen.expect("$ ")           # the VGA console, read from its memory
        m.screen.type("echo 'Hi'\\n")   # keys of the emulated keyboard

Nothing here sleeps for a fixed time: each step waits for text, and fails with
what was there instead when it does not come within PATIENCE seconds.
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

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PATIENCE = 40  # seconds for one step, on a busy machine
VGA_TEXT, COLS, ROWS = 0xB8000, 80, 25

SHIFTED = dict(zip('!@#$%^&*()_+{}|:"~<>?', '1234567890-=[]\\;\'`,./'))
KEYS = {
    " ": "spc", "\n": "ret", "\t": "tab", "\033": "esc", "\177": "backspace",
    "-": "minus", "=": "equal", "[": "bracket_left", "]": "bracket_right",
    "\\": "backslash", ";": "semicolon", "'": "apostrophe",
    "`": "grave_accent", ",": "comma", ".": "dot", "/": "slash",
}


class Missed(Exception):
    """What a test waited for did not come."""


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

    def __init__(self, path):
        deadline = time.monotonic() + PATIENCE
        self.socket = socket.socket(socket.AF_UNIX)
        while True:
            try:
                self.socket.connect(path)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
        self.file = self.socket.makefile("rwb")
        self.file.readline()
        self.call("qmp_capabilities")

    def call(self, name, **arguments):
        words = {"execute": name, "arguments": arguments}
        self.file.write(json.dumps(words).encode() + b"\n")
        self.file.flush()
        while True:
            answer = json.loads(self.file.readline())
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise Missed(answer["error"]["desc"])

    def command(self, line):
        return self.call("human-monitor-command", **{"command-line": line})


class Serial:
    """The serial console: what came without carriage returns, and a place
    behind what was expected."""

    def __init__(self, fd):
        self.fd = fd
        self.text = ""
        self.seen = 0

    def pump(self, seconds):
        """Takes in what is there; False at the end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.text += data.decode("latin-1").replace("\r", "")
        return bool(data)

    def type(self, text):
        os.write(self.fd, text.encode("latin-1"))

    def expect(self, pattern, patience=PATIENCE):
        """Waits for the regular expression; the match."""
        deadline = time.monotonic() + patience
        alive = True
        while True:
            match = re.compile(pattern, re.M).search(self.text, self.seen)
            if match:
                self.seen = match.end()
                return match
            if not alive or time.monotonic() > deadline:
                raise Missed("serial: no %r in %r" % (
                    pattern, self.text[self.seen:][-1500:]))
            alive = self.pump(0.2)


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
        """Keys by QEMU's names, one after the other: "shift-a", "f1"."""
        for name in names:
            self.monitor.command("sendkey %s 1" % name)
            time.sleep(0.02)  # until it is released, says QEMU

    def type(self, text):
        self.key(*[key_of(c) for c in text])

    def expect(self, pattern, patience=PATIENCE):
        """Waits until the screen shows the regular expression; the match."""
        deadline = time.monotonic() + patience
        while True:
            text = self.text()
            match = re.compile(pattern, re.M).search(text)
            if match:
                return match
            if time.monotonic() > deadline:
                raise Missed("screen: no %r in\n%s" % (pattern, text))
            self.serial.pump(0.03)


class Machine:
    def __init__(self, options=()):
        self.options = list(options)

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="machine-")
        path = os.path.join(self.folder, "qmp")
        ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [os.path.join(ROOT, "tools/vm"), *self.options, "--qemu-arg",
             "-qmp", "--qemu-arg", "unix:%s,server=on,wait=off" % path],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT)
        os.close(theirs)
        self.serial = Serial(ours)
        try:
            self.monitor = Monitor(path)
        except OSError:
            self.__exit__()
            raise
        self.screen = Screen(self.monitor, self.folder, self.serial)
        return self

    def cpu_seconds(self):
        """Of the emulator, so far."""
        pid = self.process.pid
        with open("/proc/%d/task/%d/children" % (pid, pid),
                  encoding="utf-8") as f:
            child = f.read().split()[0]
        with open("/proc/%s/stat" % child, encoding="utf-8") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def power_off(self):
        """Waits for the end after a poweroff; the status."""
        while self.serial.pump(PATIENCE):
            if self.process.poll() is not None:
                break
        return self.process.wait(PATIENCE)

    def __exit__(self, *unused):
        self.process.terminate()
        self.process.wait()
        os.close(self.serial.fd)
        shutil.rmtree(self.folder, ignore_errors=True)
