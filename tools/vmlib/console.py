# SPDX-License-Identifier: MIT
"""Runs a machine whose console is this terminal."""

import os
import sys
import termios

from . import emulator, replay, trace, verdict
from .child import Child
from .errors import VmError

SLICE = 0.05  # seconds between two looks at the trace
LEAVE = ("Leave with Ctrl-A X, or with poweroff in the guest's shell; "
         "Ctrl-A C and back: QEMU's monitor.")


def _triple_fault(folder):
    try:
        with open(os.path.join(folder, emulator.RESETS)) as f:
            return "Triple fault" in f.read()
    except FileNotFoundError:
        return False


def _terminal():
    return termios.tcgetattr(0) if os.isatty(0) else None


def _boot(options, folder, announce):
    events = trace.start(options, folder)
    child = Child(emulator.command_line(options, folder), folder, False)
    try:
        announce()
        while options.trace is not None and not child.ended(SLICE):
            events.pump()
        return child.status()
    finally:
        child.kill()
        events.close()


def run_console(options, folder, announce):
    """Boots, again after a reboot, until power-off. Returns the verdict."""
    if not replay.wanted(options):
        print(LEAVE, file=sys.stderr, flush=True)
    saved = _terminal()
    try:
        status = emulator.QEMU_RESET
        while status == emulator.QEMU_RESET:
            status = _boot(options, folder, announce)
    finally:
        if saved:
            termios.tcsetattr(0, termios.TCSANOW, saved)
    if status == emulator.QEMU_PANIC:
        return verdict.PANIC
    if _triple_fault(folder):
        raise VmError("the machine died of a triple fault")
    if status not in (0, emulator.QEMU_CLEAN):
        raise VmError("the emulator ended with status %d" % status)
    return verdict.POWER_OFF
