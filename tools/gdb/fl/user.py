# SPDX-License-Identifier: MIT
"""fl-user: symbols of a program of the guest, and breakpoints that hold only
for its process.

Programs share their addresses, so a breakpoint at one has to ask who runs.
Each one set in user memory gets the condition $_fl_in(), true while the
processor belongs to a process of the program (or to the one whose number was
given). Processes are told apart by number: the frame of a page directory is
used again by the next process.
"""
import os
import struct

import gdb

from . import guest, kernel, layout
from .command import Sorry, command, number, quoted

PT_INTERP = 3


class Program:
    """What fl-user has loaded last."""

    name = None  # as exec() knew it
    pid = None  # only this one, or None
    files = []  # symbol files that were added
    dynamic = False
    libraries = False  # those of its libraries are there


def build_folder():
    objfile = layout.kernel_file()
    if objfile is None:
        raise Sorry("the kernel's symbols are missing: file "
                    "build-debug/kernel.elf")
    return os.path.dirname(objfile.filename)


def symbol_file(name):
    path = os.path.join(build_folder(), "user/bin", name + ".debug")
    for candidate in (path, name):
        if os.path.isfile(candidate):
            return candidate
    raise Sorry("there is no program %s: neither %s nor a file of this host" %
                (name, path))


def elf_facts(path):
    """Is it to be moved (PIE, library)? Does it want a loader?"""
    with open(path, "rb") as f:
        head = f.read(4096)
    if head[:5] != b"\x7fELF\x01":
        raise Sorry("%s is no 32-bit ELF file" % path)
    start, = struct.unpack_from("<I", head, 28)
    each, n = struct.unpack_from("<HH", head, 42)
    kinds = [struct.unpack_from("<I", head, at)[0]
             for at in range(start, start + each * n, each) if at + 4 < 4096]
    return struct.unpack_from("<H", head, 16)[0] == 3, PT_INTERP in kinds


def exe_of(task):
    """The file name of the program that TASK runs."""
    if not task.mm:
        return None
    exe = layout.View("struct mm_struct", task.mm).exe_file
    return kernel.dentry_path(layout.View("struct file", exe).dentry) \
        if exe else None


def runs_it(task):
    """Does TASK run the program whose symbols are loaded?"""
    if Program.pid is not None:
        return task.pid == Program.pid
    exe = exe_of(task)
    return exe is not None and os.path.basename(exe) == Program.name


def add(path, offset):
    gdb.execute("add-symbol-file %s -o 0x%x" % (quoted(path), offset),
                to_string=True)
    Program.files.append(path)


def drop():
    for path in Program.files:
        try:
            gdb.execute("remove-symbol-file " + quoted(path), to_string=True)
        except gdb.error:
            pass  # gone with a new kernel.elf
    Program.files = []


def bases(task):
    """{path of a file: where its first page is mapped} of a process"""
    found = {}
    for vma in kernel.areas(kernel.mm_of(task)):
        if vma.vm_file and not vma.vm_offset:
            file = layout.View("struct file", vma.vm_file)
            found.setdefault(kernel.dentry_path(file.dentry), vma.vm_start)
    return found


def add_libraries(task):
    """The symbols of what the loader has mapped; the files are those that
    went into the guest."""
    folder = os.path.join(build_folder(), "user/lib")
    for path, base in bases(task).items():
        file = os.path.join(folder, os.path.basename(path))
        if os.path.isfile(file) and file not in Program.files:
            add(file, base)
            Program.libraries |= "libc" in file


def on_stop(event):
    """A dynamic program stops for the first time behind its loader."""
    if not Program.dynamic or Program.libraries:
        return
    try:
        kernel.check_ready()
        task = kernel.current()
        if runs_it(task) and task.mm:
            add_libraries(task)
    except (Sorry, gdb.error):
        pass  # not now


def in_user_memory(breakpoint):
    try:
        if hasattr(breakpoint, "locations"):
            places = [loc.address for loc in breakpoint.locations]
        else:
            places = [sal.pc for sal in gdb.decode_line(
                breakpoint.location)[1] or ()]
    except (gdb.error, RuntimeError, TypeError):
        return False
    return bool(places) and all(0x1000 <= p < kernel.TASK_SIZE and
                                not 0x100000 <= p < 0x101000 for p in places)


def on_breakpoint(breakpoint):
    if Program.name is None or breakpoint.number < 0 or \
            breakpoint.type not in (gdb.BP_BREAKPOINT,
                                    gdb.BP_HARDWARE_BREAKPOINT) or \
            not in_user_memory(breakpoint):
        return
    have = breakpoint.condition
    if have and "$_fl_in" in have:
        return
    breakpoint.condition = "$_fl_in() && (%s)" % have if have else "$_fl_in()"


class In(gdb.Function):
    """$_fl_in(): does the process of fl-user run?"""

    def __init__(self):
        super().__init__("_fl_in")

    def invoke(self):
        guest.forget()
        try:
            return int(runs_it(kernel.current()))
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
gdb.events.stop.connect(on_stop)
gdb.events.breakpoint_created.connect(on_breakpoint)


@command("fl-user", "user")
def fl_user(args):
    """fl-user PROGRAM [PID]: the symbols of a program of the guest.
PROGRAM is one of the guest's (testwrite) or a file of this host. Breakpoints
in it hold only for processes that run it, or only for PID."""
    layout.address_of("current_task")
    if not args:
        raise Sorry("which program? fl-user testwrite")
    path = symbol_file(args[0])
    moved, dynamic = elf_facts(path)
    pid = number(args[1], "process") if len(args) > 1 else None
    drop()
    Program.name = os.path.basename(args[0])
    Program.pid, Program.dynamic, Program.libraries = pid, dynamic, False
    task = running(pid)
    if moved and task is None:
        raise Sorry("%s is linked to be moved: first let it run, then "
                    "fl-user %s PID" % (Program.name, args[0]))
    add(path, bases(task)[exe_of(task)] if moved else 0)
    if task is not None and dynamic:
        add_libraries(task)
    yield "symbols of %s; breakpoints in it hold for %s" % (
        path, "process %d" % pid if pid is not None else
        "every process that runs it")


def running(pid):
    """A task that runs the program, or None."""
    try:
        kernel.check_ready()
    except Sorry:
        if pid is not None:
            raise
        return None
    for task in kernel.tasks():
        if runs_it(task) and task.mm:
            return task
    if pid is not None:
        raise Sorry("there is no process %d: fl-ps lists them" % pid)
    return None
