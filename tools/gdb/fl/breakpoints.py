# SPDX-License-Identifier: MIT
"""Breakpoints in programs: they hold only for their program's processes.

Programs share their addresses, so a breakpoint at one has to ask who runs. Each
one set in user memory gets the condition $_fl_in("PROGRAM"), true while the
processor belongs to a process of that program, or, with a second argument, to
the one of that number. Processes are told apart by number: the frame of a page
directory is used again by the next process.

Where the symbols of another program are loaded, gdb cannot find the place of
such a breakpoint any more. Then a Guard stands there, by address.
"""
import re

import gdb

from . import guest, kernel, programs, symbols
from .command import Command, Sorry, say

OURS = re.compile(r'\$_fl_in\("[^"]*"(?:, \d+)?\)(?: && \((.*)\))?\Z', re.S)

only = {}  # program -> number of the process that fl-user named
places = {}  # breakpoint's number -> Place


class Place:
    """A breakpoint of the user in a program."""

    def __init__(self, breakpoint, name, pid):
        self.breakpoint = breakpoint
        self.name = name
        self.pid = pid
        self.addresses = addresses(breakpoint)
        self.guards = []

    def condition(self, rest):
        pid = "" if self.pid is None else ", %d" % self.pid
        ours = '$_fl_in("%s"%s)' % (self.name, pid)
        return "%s && (%s)" % (ours, rest) if rest else ours

    def rest(self):
        """What the user wants beside it."""
        have = self.breakpoint.condition or ""
        match = OURS.match(have)
        return match.group(1) if match else have

    def restrict(self):
        if not OURS.match(self.breakpoint.condition or ""):
            self.breakpoint.condition = self.condition(self.rest())

    def is_found(self, addr):
        """Does gdb itself know the place just now?"""
        shown = symbols.Shown.program
        return shown is not None and shown.name == self.name and \
            addr in addresses(self.breakpoint)


class Guard(gdb.Breakpoint):
    """Stands at an address for a breakpoint that gdb cannot place."""

    hit = None  # the Place whose guard has stopped the machine

    def __init__(self, place, addr):
        super().__init__("*0x%x" % addr, internal=True)
        self.silent = True
        if place.breakpoint.commands:
            self.commands = place.breakpoint.commands
        self.place = place
        self.addr = addr

    def stop(self):
        guest.forget()
        mine = self.place.breakpoint
        if not mine.is_valid() or not mine.enabled:
            return False
        try:
            if not runs(self.place.name, self.place.pid) or \
                    not self.wanted():
                return False
        except (Sorry, gdb.error):
            return False
        if mine.ignore_count:
            gdb.execute("ignore %d %d" % (mine.number, mine.ignore_count - 1),
                        to_string=True)
            return False
        Guard.hit = self.place
        return True

    def wanted(self):
        """The user's own condition, with the symbols that it was made for."""
        rest = self.place.rest()
        if not rest:
            return True
        before = symbols.Shown.program, dict(symbols.Shown.files.keys())
        symbols.follow()
        gdb.newest_frame().select()
        try:
            wanted = bool(gdb.parse_and_eval(rest))
        except gdb.error:
            return True  # as gdb does where it cannot tell
        if not wanted:
            symbols.show(*before)
        return wanted


def addresses(breakpoint):
    """Where gdb has it, as far as that is user memory."""
    try:
        if hasattr(breakpoint, "locations"):
            found = [loc.address for loc in breakpoint.locations]
        else:
            found = [sal.pc for sal in gdb.decode_line(
                breakpoint.location)[1] or ()]
    except (gdb.error, RuntimeError, TypeError):
        return []
    if not all(p and 0x1000 <= p < kernel.TASK_SIZE and
               not 0x100000 <= p < 0x101000 for p in found):
        return []
    return found


def on_breakpoint(breakpoint):
    if breakpoint.number < 0 or breakpoint.type not in (
            gdb.BP_BREAKPOINT, gdb.BP_HARDWARE_BREAKPOINT):
        return
    kernel_first(breakpoint)
    program = symbols.Shown.program
    if breakpoint.number not in places:
        if program is None or not addresses(breakpoint):
            return
        places[breakpoint.number] = Place(breakpoint, program.name,
                                          only.get(program.name))
    places[breakpoint.number].restrict()


def kernel_first(breakpoint):
    """A name that the kernel and a program share means the kernel's."""
    found = getattr(breakpoint, "locations", ())
    if any(loc.address and loc.address >= kernel.TASK_SIZE for loc in found):
        for loc in found:
            if loc.address and loc.address < kernel.TASK_SIZE and loc.enabled:
                loc.enabled = False


def on_change(breakpoint):
    if breakpoint.number in places:
        on_breakpoint(breakpoint)


def note_places():
    """Before other symbols come: where gdb has each breakpoint."""
    for place in places.values():
        if place.breakpoint.is_valid() and symbols.Shown.program and \
                symbols.Shown.program.name == place.name:
            place.addresses = addresses(place.breakpoint) or place.addresses


def set_guards():
    for key, place in list(places.items()):
        for guard in place.guards:
            if guard.is_valid():
                guard.delete()
        place.guards = []
        if not place.breakpoint.is_valid():
            del places[key]
            continue
        place.guards = [Guard(place, addr) for addr in place.addresses
                        if not place.is_found(addr)]


def switch(how, *args):
    """Other symbols, and all breakpoints stay where they are."""
    note_places()
    before = symbols.now()
    how(*args)
    if symbols.now() == before:
        return
    set_guards()
    for breakpoint in gdb.breakpoints():
        if breakpoint.number > 0:
            kernel_first(breakpoint)


def follow():
    """gdb gets the symbols of the process that runs."""
    try:
        switch(symbols.follow)
    except (Sorry, gdb.error):
        pass  # not now


def tell():
    """What gdb prints at a breakpoint that it has placed itself."""
    place, Guard.hit = Guard.hit, None
    if place is None or not place.breakpoint.is_valid():
        return
    mine = place.breakpoint
    if not (mine.commands or "").lstrip().startswith("silent"):
        say("\n%s %d, " % ("Temporary breakpoint" if mine.temporary
                           else "Breakpoint", mine.number))
        say(gdb.execute("frame", to_string=True).split("  ", 1)[-1])
    if mine.temporary:
        mine.delete()


# --- which process runs ----------------------------------------------------

def runs(name, pid):
    """Does process PID run, or with None one of the program NAME?"""
    task = kernel.current()
    if pid is not None:
        return task.pid == pid
    program = programs.of_task(task)
    return program is not None and program.name == name


class In(gdb.Function):
    """$_fl_in(PROGRAM [, PID]): does a process of PROGRAM run, or PID?"""

    def __init__(self):
        super().__init__("_fl_in")

    def invoke(self, name, pid=None):
        guest.forget()
        try:
            return int(runs(name.string(), None if pid is None else int(pid)))
        except (Sorry, gdb.error):
            return 0


class Pid(gdb.Function):
    """$_fl_pid(): the number of the process that runs."""

    def __init__(self):
        super().__init__("_fl_pid")

    def invoke(self):
        return kernel.current().pid


In()
Pid()
gdb.events.breakpoint_created.connect(on_breakpoint)
gdb.events.breakpoint_modified.connect(on_change)


# --- at every stop ---------------------------------------------------------

class Stop:
    told = False  # by hook-stop, so events.stop has nothing to do


def before_print(unused):
    Stop.told = True
    follow()
    tell()
    return iter(())


def behind_print(event):
    """For a gdb whose user has a hook-stop of his own."""
    if not Stop.told:
        follow()
        tell()
    Stop.told = False


# gdb runs hook-stop before it prints where it stands.
Command("fl-follow", before_print)
gdb.execute("define hook-stop\nfl-follow\nend", to_string=True)
gdb.events.stop.connect(behind_print)


