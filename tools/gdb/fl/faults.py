# SPDX-License-Identifier: MIT
"""fl-fault: lets the machine run up to a fault of interest, and shows the
screen of `why` for it. A fault is classified at its first line, before the
kernel has done anything for it.
"""
import gdb

from . import guest, kernel, layout, why
from .command import Sorry, address, command, number
from .predict import Touch, classes

PF = layout.Names("enum pf_bit", "PF_")


def names():
    return sorted(set(classes().values()) - {"none"}) + ["refused"]


class Fault:
    """The fault that do_page_fault() stands at."""

    def __init__(self):
        frame = gdb.selected_frame().read_var("frame")
        self.code = int(frame["error_code"])
        self.eip = int(frame["eip"]) & 0xffffffff
        self.addr = guest.register("cr2")
        self.task = kernel.current()

    def coming(self):
        if not self.task.mm:
            return None
        return Touch(self.task, kernel.mm_of(self.task), self.addr,
                     bool(self.code & PF.WRITE)).coming()

    def name(self):
        coming = self.coming()
        if coming is None or coming.refused:
            return "refused"
        if coming.name == "NO_FAULT":  # somebody has made the entry right
            return "faster"
        return classes()[coming.fault]

    def line(self):
        return "%s of %08x by %s at eip %08x in %s: class %s" % (
            "write" if self.code & PF.WRITE else "read", self.addr,
            "the program" if self.code & PF.USER else "the kernel", self.eip,
            kernel.name_of(self.task), self.name())


class Stop(gdb.Breakpoint):
    """Holds at the faults that all TESTS accept."""

    def __init__(self, tests):
        super().__init__(layout.spec("do_page_fault"), internal=True)
        self.silent = True
        self.tests = tests
        self.caught = False
        self.trouble = None

    def stop(self):
        guest.forget()
        try:
            fault = Fault()
            self.caught = all(test(fault) for test in self.tests)
        except (Sorry, gdb.error) as e:
            self.trouble = str(e)
            self.caught = True
        return self.caught


def in_range(text):
    first, _, last = text.partition("-")
    low = address(first)
    high = address(last) if last else (low & -4096) + 4096
    return lambda f: low <= f.addr < high


def by_class(text):
    if text not in names():
        raise Sorry("%s is no class: %s" % (text, " ".join(names())))
    return lambda f: f.name() == text


def by_pid(text):
    pid = number(text, "process")
    return lambda f: f.task.pid == pid


KINDS = {"class": by_class, "addr": in_range, "pid": by_pid}


def tests_of(args):
    words = [w for w in args if w != "next"]
    if not args or len(words) % 2:
        raise Sorry("fl-fault next, or any of class CLASS, addr FROM-TO, "
                    "pid PID")
    tests = []
    for kind, value in zip(words[::2], words[1::2]):
        if kind not in KINDS:
            raise Sorry("%s is neither next nor class nor addr nor pid" % kind)
        tests.append(KINDS[kind](value))
    return tests


@command("fl-fault")
def fl_fault(args):
    """fl-fault next|class CLASS|addr FROM[-TO]|pid PID: run to such a fault.
Several conditions must hold together: fl-fault class shm pid 4. Classes: zero
anon file shm swap cow faster refused. Stops at the first line of
do_page_fault() and shows what will happen."""
    kernel.check_attached()
    layout.address_of("do_page_fault")
    stop = Stop(tests_of(args))
    try:
        gdb.execute("continue", to_string=True)
    except gdb.error:
        if gdb.selected_inferior().pid:
            raise
    finally:
        if stop.is_valid():
            stop.delete()
    if gdb.selected_inferior().pid == 0:
        raise Sorry("the machine ended before such a fault came")
    if not stop.caught:
        raise Sorry("something else stopped the machine first, at eip %08x" %
                    guest.register("eip"))
    if stop.trouble:
        raise Sorry(stop.trouble)
    guest.forget()
    fault = Fault()
    yield fault.line()
    if fault.task.mm:
        yield from why.screen(fault.task, fault.addr)
