# SPDX-License-Identifier: MIT
"""fl-start: a machine of gdb's own; and what happens when one ends.

    fl-start [OPTIONS --] [COMMAND]

starts tools/vm with --gdb and attaches. The machine waits before its first
instruction. What COMMAND prints and the kernel's log go to files in the build
folder, those of this gdb alone. `run` says so instead of failing.
"""
import atexit
import ctypes
import os
import re
import signal
import subprocess
import tempfile
import time

import gdb

from . import guest, layout, outputs, recording
from .command import Sorry, command, quoted, say

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
DEFAULT = "testwrite; testread"
PATIENCE = 60  # seconds to get a connection
SLICE = 0.02  # seconds between two looks
LIBC = ctypes.CDLL(None)


class Machine:
    """The one that fl-start has started last."""

    process = None
    number = 0  # how many there have been
    words = []  # for tools/vm
    trees = []  # folders that --add lays over the guest's root
    outputs = None  # outputs.Outputs
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
    gdb.execute("file " + quoted(path), to_string=True)
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


def wait_for_target(process, said):
    """What stands behind `target remote` in the file of standard error."""
    ended = False
    while not ended:
        ended = process.poll() is not None
        said.seek(0)
        lines = said.read().decode(errors="replace").split("\n")[:-1]
        for line in lines:
            if line.startswith("target remote "):
                return line.split(" ", 2)[2]
        time.sleep(SLICE)
    raise Sorry(lines[-1] if lines else "tools/vm ended with status %d" %
                process.returncode)


def connect(target):
    """QEMU may need a moment until it accepts. gdb takes a name of 107 bytes at
    most and no colon in it, so it stands in the folder meanwhile."""
    deadline = time.monotonic() + PATIENCE
    here = os.getcwd()
    os.chdir(os.path.dirname(target))
    try:
        while True:
            try:
                gdb.execute("target remote " + os.path.basename(target),
                            to_string=True)
                return
            except gdb.error as e:
                if time.monotonic() > deadline or \
                        Machine.process.poll() is not None:
                    raise Sorry("gdb does not reach the machine at %s: %s" %
                                (target, e))
            time.sleep(SLICE)
    finally:
        os.chdir(here)


def trees(words):
    """The folders that the WORDS for tools/vm lay over the guest's root."""
    options = words[:words.index("--")] if "--" in words else words
    found = [value for name, value in zip(options, options[1:])
             if name == "--add"]
    found += [w.split("=", 1)[1] for w in options if w.startswith("--add=")]
    return [os.path.abspath(tree) for tree in found]


def launch(words, said):
    """tools/vm with WORDS; what it says of itself goes to the file SAID."""
    mine = Machine.outputs
    log = ["--log", mine.log] if "--" in words else []
    Machine.process = subprocess.Popen(
        [os.path.join(ROOT, "tools/vm"), "--gdb"] + log + words,
        stdin=subprocess.DEVNULL, stdout=mine.file, stderr=said,
        start_new_session=True, preexec_fn=die_with_gdb,
        env=dict(os.environ, FAULTLINE_BUILD=mine.folder))


def start(words, replayed=False):
    """A machine for tools/vm's WORDS, attached."""
    detach()
    stop_machine()
    folder = os.path.abspath(build_folder())
    if Machine.outputs is not None:
        Machine.outputs.close()
    Machine.outputs = outputs.Outputs(folder)
    Machine.words, Machine.trees = words, trees(words)
    Machine.number += 1
    Machine.replayed, Machine.leaving = replayed, False
    if not replayed:
        recording.leave()
    try:
        with tempfile.TemporaryFile() as said:
            launch(words, said)
            connect(wait_for_target(Machine.process, said))
    except BaseException:
        stop_machine()
        raise
    hold_at_panic()


def split(text):
    """TEXT as it was typed, as words for tools/vm: its options are words for a
    shell, COMMAND stays as it is."""
    if not text.startswith("-"):
        return ["--", text or DEFAULT]
    border = re.search(r"(?:^|\s)--(?:\s+|$)", text)
    if border is None:
        return gdb.string_to_argv(text) + ["--", DEFAULT]
    return gdb.string_to_argv(text[:border.start()]) + [
        "--", text[border.end():] or DEFAULT]


def words_of(args):
    """The same for words that a shell has split already."""
    if "--" in args:
        return args
    if args and args[0].startswith("-"):
        return args + ["--", DEFAULT]
    return ["--", " ".join(args) or DEFAULT]


def begin(words):
    """A machine for WORDS, and the lines that say so."""
    start(words)
    yield "the machine waits before its first instruction; it will run: %s" \
        % " ".join(words[words.index("--") + 1:])
    yield "what that prints: %s; the kernel's log: %s beside it" % (
        Machine.outputs.name, os.path.basename(Machine.outputs.log))


@command("fl-start", raw=True)
def fl_start(text):
    """fl-start [OPTIONS --] [COMMAND]: a new machine, held at its start.
It will run COMMAND (testwrite; testread), which the guest's shell gets as it is
typed. OPTIONS are those of tools/vm."""
    yield from begin(split(text))


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
    Panic.there = Panic(layout.spec("panic_end"), internal=True)
    Panic.there.silent = True


def panic_sentence():
    from .events import log_text
    lines = [l for l in log_text().split("\n") if "kernel panic: " in l]
    return lines[0] if lines else "kernel panic"


def on_stop(event):
    if isinstance(event, gdb.BreakpointEvent) and \
            Panic.there in event.breakpoints:
        guest.forget()
        say(panic_sentence() + "\n"
            "The machine is held. fl-log, fl-trace, bt and all other "
            "commands work; continue ends it.\n")


def on_exit(event):
    process = Machine.process
    if process is None or Machine.leaving:
        return
    try:
        status = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        say("The machine has let gdb go, but tools/vm has not ended.\n")
        return
    say("The machine has ended, status %d; its output: %s\n" % (
        status, Machine.outputs.name))


gdb.events.stop.connect(on_stop)
gdb.events.exited.connect(on_exit)


def on_symbols(event):
    if event.new_objfile.filename.endswith("kernel.elf"):
        hold_at_panic()


gdb.events.new_objfile.connect(on_symbols)
if any(o.filename.endswith("kernel.elf") for o in gdb.objfiles()):
    hold_at_panic()
