# SPDX-License-Identifier: MIT
"""Runs a machine whose console is this terminal, or what is in its place."""

import os
import termios

from . import cli, emulator, replay, trace, verdict
from .child import Child
from .errors import VmError
from .relay import Relay

SLICE = 0.05  # seconds between two looks at the trace
LEAVE = ("Leave with Ctrl-A X, or with poweroff in the guest's shell; "
         "Ctrl-A C and back: QEMU's monitor.")


class Terminal:
    """QEMU has the terminal itself."""

    machine_in = machine_out = None

    def __init__(self):
        self.modes = termios.tcgetattr(0)

    def pump(self, child, seconds):
        return child.ended(seconds)

    def drain(self):
        termios.tcsetattr(0, termios.TCSANOW, self.modes)


def _triple_fault(folder):
    try:
        with open(os.path.join(folder, emulator.RESETS), "rb") as f:
            return b"Triple fault" in f.read()
    except FileNotFoundError:
        return False


def _boot(options, folder, announce, line):
    events = trace.start(options, folder)
    child = Child(emulator.command_line(options, folder), folder, False,
                  stdin=line.machine_in, stdout=line.machine_out)
    try:
        announce()
        pause = None if options.trace is None else SLICE
        while not line.pump(child, pause):
            events.pump()
        return child.status()
    finally:
        child.kill()
        line.drain()
        events.close()


def prepare(options):
    """Before the machine is put together."""
    if options.piped and not replay.wanted(options):
        options.tell_kernel(replay.PIPED)


def run(options, folder, announce):
    """Boots, again after a reboot, until power-off. Returns the verdict."""
    if not options.piped and not replay.wanted(options):
        cli.say(LEAVE)
    line = Relay() if options.piped else Terminal()
    status = emulator.QEMU_RESET
    while status == emulator.QEMU_RESET:
        status = _boot(options, folder, announce, line)
    if status == emulator.QEMU_PANIC:
        return verdict.PANIC
    if _triple_fault(folder):
        raise VmError("the machine died of a triple fault")
    if status not in (0, emulator.QEMU_CLEAN):
        raise VmError(emulator.ending(status))
    return verdict.POWER_OFF
