# SPDX-License-Identifier: MIT
"""fl-start: a machine of gdb's own; and what happens when one ends.

    fl-start [OPTIONS --] [COMMAND]

starts tools/vm with --gdb and attaches. The machine waits before its first
instruction. What COMMAND prints and the kernel's log go to files in the build
folder. `run` says so instead of failing.
"""
import atexit
import ctypes
import os
import signal
import subprocess
import time

import gdb

from . import guest, layout
from .command import Sorry, command

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
DEFAULT = "testwrite; testread"
PATIENCE = 5  # seconds to get a connection
LIBC = ctypes.CDLL(None)


class Machine:
    """The one that fl-start has started last."""

    process = None
    words = []  # for tools/vm
    folder = None  # build folder
    replayed = False  # goes through a recorded run
    leaving = False  # gdb gives it up itself


def die_with_gdb():
    LIBC.prctl(1, signal.SIGTERM)


def build_folder():
    objfile = layout.kernel_file()
    if objfile is not None:
        return os.path.dirname(objfile.username)
    folder = os.path.join(ROOT, os.environ.get("FAULTLINE_BUILD",
                                               "build-debug"))
    path = os.path.join(folder, "kernel.elf")
    if not os.path.isfile(path):
        raise Sorry("%s is missing: make BUILD=debug" % path)
    gdb.execute("file " + path, to_string=True)
    return folder


def stop_machine():
    process, Machine.process = Machine.process, None
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()


def detach():
    Machine.leaving = True
    if gdb.selected_inferior().pid:
        gdb.execute("disconnect", to_string=True)


def on_quit(event):
    try:
        detach()
    except gdb.error:
        pass  # it has gone already
    stop_machine()


atexit.register(stop_machine)
if hasattr(gdb.events, "gdb_exiting"):
    gdb.events.gdb_exiting.connect(on_quit)


def wait_for_target(process):
    """The file name behind `target remote` on standard error."""
    said = []
    for line in process.stderr:
        line = line.decode(errors="replace").rstrip()
        said.append(line)
        if line.strip().startswith("target remote "):
            return line.split()[-1]
    raise Sorry(said[-1] if said else "tools/vm ended with status %d" %
                process.wait())


def connect(target):
    """QEMU may need a moment until it accepts."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            gdb.execute("target remote " + target, to_string=True)
            return
        except gdb.error:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def start(words, replayed=False):
    """A machine for tools/vm's WORDS, attached."""
    detach()
    stop_machine()
    folder = build_folder()
    log = ["--log", os.path.join(folder, "gdb.log")] if "--" in words else []
    with open(os.path.join(folder, "gdb.out"), "wb") as out:
        Machine.process = subprocess.Popen(
            [os.path.join(ROOT, "tools/vm"), "--gdb"] + log + words,
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE,
            start_new_session=True, preexec_fn=die_with_gdb,
            env=dict(os.environ, FAULTLINE_BUILD=folder))
    Machine.words, Machine.folder = words, folder
    Machine.replayed, Machine.leaving = replayed, False
    connect(wait_for_target(Machine.process))
    hold_at_panic()


def split(args):
    """OPTIONS and COMMAND as tools/vm wants them."""
    if "--" in args:
        return args
    if args and args[0].startswith("-"):
        return args + ["--", DEFAULT]
    return ["--", " ".join(args) or DEFAULT]


@command("fl-start")
def fl_start(args):
    """fl-start [OPTIONS --] [COMMAND]: a new machine, held at its start.
It will run COMMAND (testwrite; testread). OPTIONS are those of tools/vm."""
    words = split(args)
    start(words)
    yield "the machine waits before its first instruction; it will run: %s" \
        % " ".join(words[words.index("--") + 1:])
    yield "what that prints: %s; the kernel's log: gdb.log beside it" % \
        os.path.join(Machine.folder, "gdb.out")


@command("run", "r", "start", "starti")
def run(args):
    """run: a machine is no program that gdb could run; says what to do."""
    if gdb.selected_inferior().pid:
        raise Sorry("the machine is there and waits: continue lets it go on, "
                    "fl-start [COMMAND] begins anew")
    raise Sorry("gdb cannot run a kernel itself: fl-start [COMMAND] starts a "
                "machine and attaches")
    yield


# --- panics, the end -------------------------------------------------------

class Panic(gdb.Breakpoint):
    """Holds the machine before a panic ends it. Not at machine_end(): QEMU
    runs the whole page around a breakpoint instruction by instruction, and
    that page is a busy one."""

    there = None


def hold_at_panic():
    if Panic.there is not None and Panic.there.is_valid():
        return
    if layout.find("panic_end") is None:
        return
    Panic.there = Panic("panic_end", internal=True)
    Panic.there.silent = True


def panic_sentence():
    from .events import log_text
    lines = [l for l in log_text().split("\n") if "kernel panic: " in l]
    return lines[0] if lines else "kernel panic"


def on_stop(event):
    if isinstance(event, gdb.BreakpointEvent) and \
            Panic.there in event.breakpoints:
        guest.forget()
        gdb.write(panic_sentence() + "\n"
                  "The machine is held. fl-log, fl-trace, bt and all other "
                  "commands work; continue ends it.\n")


def on_exit(event):
    process = Machine.process
    if process is None or Machine.leaving:
        return
    try:
        status = process.wait(10)
    except subprocess.TimeoutExpired:
        return
    gdb.write("The machine has ended, status %d; its output: %s\n" % (
        status, os.path.join(Machine.folder, "gdb.out")))


gdb.events.stop.connect(on_stop)
gdb.events.exited.connect(on_exit)


def on_symbols(event):
    if event.new_objfile.filename.endswith("kernel.elf"):
        hold_at_panic()


gdb.events.new_objfile.connect(on_symbols)
if any(o.filename.endswith("kernel.elf") for o in gdb.objfiles()):
    hold_at_panic()
