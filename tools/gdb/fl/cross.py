# SPDX-License-Identifier: MIT
"""into-kernel, to-user: across the border, with one process; fl-at."""
import gdb

from . import back, guest, kernel, layout
from .command import Sorry, command

DOORS = ("syscall_entry", "trap_entry")


class Door(back.Silent):
    """Holds where process PID passes an instruction."""

    def __init__(self, place, pid):
        super().__init__(place)
        self.pid = pid

    def stop(self):
        guest.forget()
        return kernel.current().pid == self.pid


def in_kernel():
    return not guest.register("cs") & 3


def bt_lines():
    return gdb.execute("bt 16", to_string=True).rstrip().split("\n")


@command("into-kernel")
def into_kernel(args):
    """into-kernel: from a program to the kernel's first instruction for it.
Lets it run up to its next system call or fault."""
    kernel.check_ready()
    if in_kernel():
        raise Sorry("this is the kernel; to-user goes back")
    pid = kernel.current().pid
    back.move("continue", [Door("*0x%x" % layout.address_of(name), pid)
                           for name in DOORS])
    yield from bt_lines()


@command("fl-at")
def fl_at(args):
    """fl-at FUNCTION: runs up to FUNCTION of the kernel."""
    kernel.check_attached()
    if not args:
        raise Sorry("where? fl-at shm_swap_in")
    start = layout.function(args[0])
    back.move("continue", [back.Silent(args[0])])
    if layout.function_at(guest.register("eip")) != \
            layout.function_at(start):
        raise Sorry("something else stopped the machine first, at eip %08x" %
                    guest.register("eip"))
    yield from bt_lines()


@command("to-user")
def to_user(args):
    """to-user: from the kernel back to the program that it works for."""
    kernel.check_ready()
    if not in_kernel():
        raise Sorry("this is a program already; into-kernel goes there")
    task = kernel.current()
    if task.kthread or not task.mm:
        raise Sorry("%s has no user mode" % kernel.name_of(task))
    frame = layout.View("struct trap_frame", task.addr + kernel.STACK_TOP -
                        layout.size("struct trap_frame"))
    back.move("continue", [Door("*0x%x" % frame.eip, task.pid)])
    yield from bt_lines()
