# SPDX-License-Identifier: MIT
"""Runs a machine with a COMMAND: delivers its output, finds the verdict.

The verdict is, in this order: the exit frame, unless QEMU's exit device says
panic; a panic in the kernel log; the limit or a time-out; else there is none,
which is an error of its own. A triple fault ends QEMU with status 0, so 0 says nothing.
"""

import os
import time

from . import disks, emulator, files, trace, verdict
from .child import Child
from .cli import described, say, write_all
from .errors import VmError
from .frames import DATA, EXIT, START, Frames

TIMEOUT = 60  # seconds for COMMAND
BOOT_LIMIT = {"qemu": 120, "bochs": 300}  # seconds up to COMMAND's start
POWER_OFF_LIMIT = 10  # seconds from the exit frame to the emulator's end
SOON, LATER = 0.005, 0.05  # seconds between two looks at the frames
LOG_LINES = 100  # of the log, shown when there is no verdict
PANIC = b"kernel panic: "
GAVE_UP = b"vm: "  # begins a line of the log: user/vminit.c
ENDINGS = {
    0: "it was reset",
    emulator.QEMU_CLEAN: "it powered off before COMMAND had ended",
    emulator.QEMU_RESET: "it was reset by the kernel",
}


class NoBudget:
    """Without --limit: see budget.py."""

    inherited = ()
    words = staticmethod(list)
    started = close = staticmethod(lambda: None)
    spent = staticmethod(lambda: False)
    remark = staticmethod(str)


def the_budget(options):
    if options.limit is None:
        return NoBudget()
    from .budget import Budget
    return Budget(options.limit)


class Run:
    """One machine with one COMMAND, in the folder RUN."""

    def __init__(self, options, run):
        self.options = options
        self.run = run
        self.frames = Frames()
        self.child = None
        self.trace = None
        self.budget = the_budget(options)
        self.started = False  # the S frame has come
        self.exit_status = None  # of the X frame
        self.deadline = None  # seconds of the monotonic clock, or None
        self.timed_out = False
        self.over = False  # the limit is reached
        self.remark = ""  # how far it was at a time-out

    def path(self, name):
        return os.path.join(self.run, name)

    def read(self, name):
        try:
            with open(self.path(name), "rb") as f:
                return f.read()
        except FileNotFoundError:
            return b""

    def log(self):
        return self.read(emulator.CONSOLE).replace(b"\r", b"")

    def start(self):
        self.trace = trace.start(self.options, self.run)
        words = emulator.command_line(self.options, self.run)
        words += self.budget.words()
        with open(self.path(emulator.ERRORS), "wb") as errors, \
                open(os.devnull, "rb") as null:
            said = errors.fileno()
            self.child = Child(words, self.run, True, stdin=null.fileno(),
                               stdout=said, stderr=said, TERM="xterm",
                               inherited=self.budget.inherited)
        self.budget.started()
        limit = BOOT_LIMIT[self.options.emulator]
        self.deadline = None if self.options.gdb else time.monotonic() + limit

    def frame(self, kind, payload):
        if kind == DATA:
            write_all(1, payload)
        elif kind == START:
            self.started = True
            limit = self.options.timeout or TIMEOUT
            if self.options.timeout or not self.options.gdb:
                self.deadline = time.monotonic() + limit
        elif kind == EXIT:
            self.exit_status = int.from_bytes(payload[:4], "little")
            self.deadline = time.monotonic() + POWER_OFF_LIMIT

    def deliver(self, file):
        """Whether something has come."""
        data = file.read()
        try:
            for kind, payload in self.frames.feed(data):
                self.frame(kind, payload)
        except VmError as e:
            if files.is_full(self.run):
                raise VmError("%s is full" % os.path.dirname(self.run))
            raise e
        return bool(data)

    def late(self):
        return self.deadline and time.monotonic() >= self.deadline

    def watch(self):
        """Until the emulator ends, or the limit or the time is reached."""
        with open(self.path(emulator.FRAMES), "a+b", buffering=0) as file:
            file.seek(0)
            pause = SOON
            while True:
                ended = self.child.ended(pause)
                came = self.deliver(file)
                pause = SOON if came else min(pause * 1.1, LATER)
                self.trace.pump()
                if ended:
                    return
                if self.budget.spent() or self.late():
                    break
            self.over = self.budget.spent()
            self.remark = "" if self.over else self.budget.remark()
            self.child.kill()
            self.deliver(file)
            self.timed_out = self.exit_status is None

    def panic_text(self):
        """The log from the panic on, or b"". """
        log = self.log()
        at = log.find(PANIC)
        return log[at:] if at >= 0 else b""

    def verdict(self):
        status = self.child.status()
        panicked = status == emulator.QEMU_PANIC
        if self.exit_status is not None and not panicked:
            return verdict.of_command(self.exit_status)
        text = self.panic_text()
        if panicked or text:
            say(os.fsdecode(text.rstrip()) or "kernel panic, not logged")
            return verdict.PANIC
        if self.timed_out and self.over:
            say("tools/vm: COMMAND did not end within %s instructions" %
                self.budget.limit_spelled())
            return verdict.LIMIT
        if self.timed_out and self.started:
            say("tools/vm: COMMAND did not end within %g seconds%s" %
                (self.options.timeout or TIMEOUT, self.remark))
            return verdict.TIME_OUT
        raise VmError(self.no_verdict(status))

    def no_verdict(self, status):
        """The sentence, and below it what the machine said."""
        log = self.log()
        if not log and not self.timed_out and status not in ENDINGS:
            return self.no_start()
        gave_up = [] if self.started else [
            line for line in log.split(b"\n") if line.startswith(GAVE_UP)]
        if gave_up:
            why = gave_up[0][len(GAVE_UP):].decode(errors="replace")
        elif self.timed_out:
            why = "COMMAND was not reached in time" + self.remark
        elif b"Triple fault" in self.read(emulator.RESETS):
            why = "it died of a triple fault"
        elif self.options.emulator == "bochs":
            why = "Bochs says " + self.complaint()
        else:
            why = ENDINGS.get(status) or emulator.ending(status)
        if files.is_full(self.run):
            why += "; %s is full" % os.path.dirname(self.run)
        lines = log.decode(errors="replace").split("\n")[-LOG_LINES:]
        return "\n".join(["the machine ended without a verdict: " + why] +
                         lines).rstrip()

    def no_start(self):
        errors = self.read(emulator.ERRORS).decode(errors="replace")
        image = disks.in_use(self.options, errors)
        if image is not None:
            return "--disk: %s is used by another machine" % image
        return "the emulator did not start: " + self.complaint()

    def complaint(self):
        text = self.read(emulator.ERRORS) + self.read("bochs.log")
        lines = [line.strip() for line in
                 text.decode(errors="replace").split("\n") if line.strip()]
        panics = [line for line in lines if "PANIC" in line]
        return (panics or lines or ["it said nothing"])[-1 if panics else 0]

    def save_log(self):
        if self.options.log is None:
            return
        write_log(self.options.log, self.log())

    def abandon(self):
        """What went wrong before is worth more than a log not written."""
        try:
            self.close()
        except VmError:
            pass

    def close(self):
        self.budget.close()
        if self.child is not None:
            self.child.kill()
            self.save_log()
            self.trace.close()


def write_log(path, data):
    try:
        with open(path, "wb") as f:
            f.write(data)
    except OSError as e:
        e.filename = path
        raise VmError("--log: " + described(e))


def prepare(options):
    """Before the machine is put together."""
    if options.log is not None:
        write_log(options.log, b"")


def run(options, folder, announce):
    """Boots, runs COMMAND, returns the verdict."""
    run = Run(options, folder)
    try:
        run.start()
        announce()
        run.watch()
        end = run.verdict()
    except BaseException:
        run.abandon()
        raise
    run.close()
    return end
