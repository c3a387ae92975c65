# SPDX-License-Identifier: MIT
"""Backwards: fl-replay, fl-mark, prev-fault, who-wrote-pte; and where nothing
was recorded, fl-goto, which runs the machine again up to an event.

A recorded run goes back by loading the nearest snapshot before, and running
forward from there: fl-mark makes one where one stands.
"""
import json
import os
import sys

import gdb

from . import guest, kernel, layout, machine, pte, recording
from .areas import pid_and_address
from .command import Sorry, command, number, quoted

NOT_RECORDED = "this run was not recorded: make record, then make replay; " \
    "or fl-goto N, which runs it again up to event N"


class Ended(Sorry):
    """The machine is over."""


class Silent(gdb.Breakpoint):
    """An internal breakpoint that says nothing."""

    def __init__(self, place):
        """PLACE is a function of the kernel, or * and an address."""
        super().__init__(place if place[0] == "*" else layout.spec(place),
                         internal=True)
        self.silent = True


def others_off():
    """Disables the user's breakpoints; what to enable again."""
    found = [b for b in gdb.breakpoints() if b.enabled and b.number > 0]
    for b in found:
        b.enabled = False
    return found


def move(how, stops):
    """`continue` or `reverse-continue` with only STOPS set; they go."""
    off = others_off()
    try:
        gdb.execute(how, to_string=True)
    except gdb.error as e:
        if gdb.selected_inferior().pid == 0:
            raise Ended("the machine has ended before that")
        if how.startswith("reverse"):
            raise Sorry(NOT_RECORDED if is_not_recorded(e) else
                        "going back failed: %s" % e)
        raise
    finally:
        for b in stops:
            b.delete()
        for b in off:
            b.enabled = True
    if gdb.selected_inferior().pid == 0:
        raise Ended("the machine has ended before that")


def is_not_recorded(error):
    """Is that why QEMU has refused? Of a machine of ours it is known."""
    if machine.Machine.process is not None:
        return not machine.Machine.replayed
    return "E14" in str(error) or "support" in str(error)


def at_start():
    """Back at the first instruction: nothing was found."""
    return guest.register("eip") == 0xfff0


# --- recorded runs ---------------------------------------------------------

def read_words(folder):
    path = os.path.join(folder, "words")
    try:
        with open(path, encoding="utf-8") as f:
            return json.load(f)
    except FileNotFoundError:
        raise Sorry("%s holds no recorded run: make record" % folder)
    except ValueError as e:
        raise Sorry("%s is not what tools/record writes: %s" % (path, e))


@command("fl-replay")
def fl_replay(args):
    """fl-replay [FOLDER]: goes through a recorded run again, held early in it.
FOLDER is that of tools/record. Stops where the kernel makes process 1, with a
snapshot there: going back is quick up to that point, slower before."""
    folder = os.path.abspath(args[0] if args else os.path.join(
        machine.build_folder(), "record"))
    said = read_words(folder)
    gdb.execute("file " + quoted(os.path.join(folder, "kernel.elf")),
                to_string=True)
    sys.path.insert(0, os.path.join(machine.ROOT, "tools"))
    from vmlib import replay
    place = recording.place(folder, replay)
    if place != folder:
        yield "another gdb is in this run, or it may not be written: this " \
            "one has a copy"
    extra = ["--qemu-arg=" + w for w in replay.words(place, "replay",
                                                     said["swap"])]
    machine.start(said["words"] + extra + said["command"], replayed=True)
    move("continue", [Silent("task_start_init")])
    gdb.execute("monitor savevm mark", to_string=True)
    yield "replay of: %s" % (" ".join(said["command"][1:]) or "a console")
    yield "standing in task_start_init, with a snapshot; reverse-stepi, " \
        "reverse-continue, prev-fault and who-wrote-pte go back"


@command("fl-mark")
def fl_mark(args):
    """fl-mark: a snapshot here, so that going back to here is quick."""
    kernel.check_attached()
    said = gdb.execute("monitor savevm mark", to_string=True).strip()
    if "right now" in said:
        raise Sorry("a disk is being read or written: step on a little, and "
                    "try again")
    if said:
        raise Sorry(NOT_RECORDED if is_not_recorded(said) else
                    "QEMU says: %s" % said)
    yield "snapshot taken: going back to here takes milliseconds"


@command("prev-fault")
def prev_fault(args):
    """prev-fault: back to the page fault before this point."""
    from .faults import Fault
    kernel.check_attached()
    layout.address_of("do_page_fault")
    move("reverse-continue", [Silent("do_page_fault")])
    if at_start():
        raise Sorry("there was no page fault before: this is the machine's "
                    "first instruction")
    guest.forget()
    yield Fault().line()


def entry_word(args):
    """(what it is, where it stands) of the word that decides ADDR."""
    task, addr = pid_and_address(args)
    if addr is None:
        raise Sorry("which address? who-wrote-pte [PID] ADDR")
    walk = pte.Walk(kernel.mm_of(task).pgd, addr)
    if walk.pte_at is None:
        return "directory entry of %08x" % addr, walk.pde_at
    return "entry of %08x" % addr, walk.pte_at


@command("who-wrote-pte")
def who_wrote_pte(args):
    """who-wrote-pte [PID] ADDR: back to where the entry of ADDR was written.
Stands before the instruction that writes it. The processor's own marks,
accessed and dirty, do not count as writing."""
    kernel.check_ready()
    what, at = entry_word(args)
    watch = gdb.Breakpoint("*(unsigned *)0x%x" % at, gdb.BP_WATCHPOINT,
                           gdb.WP_WRITE, internal=True)
    watch.silent = True
    move("reverse-continue", [watch])
    guest.forget()
    if at_start():
        raise Sorry("nobody wrote it: this is the machine's first "
                    "instruction")
    after = guest.u32(at)
    move("reverse-stepi", [])
    before = guest.u32(at)
    task = kernel.current()
    yield "%s, at %08x: %08x becomes %08x" % (what, at, before, after)
    yield "before: %s" % pte.words(before)
    yield "after:  %s" % pte.words(after)
    yield "by %s:" % kernel.name_of(task)
    yield from gdb.execute("bt", to_string=True).rstrip().split("\n")


# --- without a record ------------------------------------------------------

class AtEvent(Silent):
    """Holds when event NUMBER is about to be written."""

    def __init__(self, number):
        super().__init__("trace_emit")
        self.event = number

    def stop(self):
        guest.forget()
        return layout.variable("trace_head") == self.event


def repeatable(words):
    """WORDS for tools/vm, deterministic and with the trace on from boot."""
    extra = [] if "--icount" in words else ["--icount"]
    if "trace=ring" not in " ".join(words):
        extra += ["--append", "trace=ring"]
    return extra + words


@command("fl-goto")
def fl_goto(args):
    """fl-goto N: runs the machine again, the same to the instruction, up to
event N of the trace. Needs no record: --icount makes runs repeat."""
    if not args:
        raise Sorry("up to which event? fl-trace shows their numbers")
    wanted = number(args[0], "event")
    if machine.Machine.process is None:
        raise Sorry("only a machine that gdb has started can be run again: "
                    "fl-start [COMMAND]")
    if machine.Machine.replayed:
        raise Sorry("this run was recorded: reverse-continue goes back in it")
    machine.start(repeatable(machine.Machine.words))
    try:
        move("continue", [AtEvent(wanted)])
    except Ended:
        raise Sorry("the machine ended before event %d" % wanted)
    guest.forget()
    yield "event %d is about to be written, by %s:" % (
        wanted, kernel.name_of(kernel.current()))
    yield from gdb.execute("bt 4", to_string=True).rstrip().split("\n")
