# SPDX-License-Identifier: MIT
"""The symbols of programs that gdb has: those of the process that runs.

All programs stand at the same addresses, so only one's can be there at a time.
At every stop, before gdb shows where it stands, the process is asked for its
program, and gdb gets that program's file and those of its libraries: files
that are there already stay. fl-user may show another's until the machine moves.
"""
import gdb

from . import kernel, programs
from .command import quoted


class Shown:
    """What gdb has now."""

    program = None  # programs.Program, or None
    files = {}  # (file, how far it is moved) -> gdb's object
    key = None  # the process, and what it had mapped


def forget(*unused):
    Shown.key = None


gdb.events.exited.connect(forget)
gdb.events.clear_objfiles.connect(forget)


def remove(objfile):
    try:
        gdb.execute("remove-symbol-file " + quoted(objfile.filename),
                    to_string=True)
    except gdb.error:
        pass  # gone with a new kernel.elf


def add(file, offset):
    before = gdb.objfiles()
    gdb.execute("add-symbol-file %s -o 0x%x" % (quoted(file), offset),
                to_string=True)
    return [o for o in gdb.objfiles() if o not in before][0]


def show(program, files):
    """gdb gets FILES, {file: how far it is moved}, and nothing else of the
    guest's programs."""
    wanted = set(files.items())
    for one, objfile in list(Shown.files.items()):
        if not objfile.is_valid():
            del Shown.files[one]
        elif one not in wanted:
            remove(Shown.files.pop(one))
    for one in sorted(wanted - set(Shown.files)):
        Shown.files[one] = add(*one)
    Shown.program, Shown.key = program, None


def now():
    """What tells one set of symbols from another."""
    return Shown.program and Shown.program.name, set(Shown.files)


def follow():
    """gdb gets the symbols of the process that runs, if there is one."""
    kernel.check_ready()
    task = kernel.current()
    program = programs.of_task(task)
    if program is None:
        return
    mm = kernel.mm_of(task)
    key = (task.pid, task.mm, mm.map_count, program)
    if key != Shown.key:
        show(program, programs.files_of(program, mm))
        Shown.key = key
