# SPDX-License-Identifier: MIT
"""fl-user: symbols of a program of the guest before it runs, for breakpoints.

Where a process of another program stands, its names stay, and only break and
its kin look into the program that was asked for.
"""
import gdb

from . import breakpoints, kernel, layout, programs, symbols
from .breakpoints import switch
from .command import Command, Sorry, command, number

BREAKS = ("break", "tbreak", "hbreak", "thbreak")
LOOKS = ("backtrace", "frame", "up", "down")


class Asked:
    """The program that fl-user wants while another one's process stands."""

    program = None
    files = {}


def files_now(program, task):
    """The files that gdb can have of PROGRAM, which TASK or nobody runs."""
    if task is not None:
        return programs.files_of(program, kernel.mm_of(task))
    if program.moved:
        raise Sorry("%s is linked to be moved: first let it run, then "
                    "fl-user %s PID" % (program.name, program.name))
    return {program.file: 0}


def running(program, pid):
    """A task that runs PROGRAM, or PID; None."""
    try:
        kernel.check_ready()
    except Sorry:
        if pid is not None:
            raise
        return None
    tasks = kernel.tasks() if pid is None else [kernel.task_of(pid)]
    for task in tasks:
        one = programs.of_task(task)
        if one is not None and one.name == program.name:
            return task
    return None


def standing():
    """The program of the process that runs, or None."""
    try:
        kernel.check_ready()
        return programs.of_task(kernel.current())
    except (Sorry, gdb.error):
        return None


@command("fl-user", "user")
def fl_user(args):
    """fl-user PROGRAM [PID]: the symbols of a program of the guest.
PROGRAM is one of the guest's (testwrite) or a file of this host. Breakpoints
in it hold only for processes that run it, or only for PID. At each stop gdb
gets the symbols of the program that runs by itself."""
    layout.address_of("current_task")
    if not args:
        raise Sorry("which program? fl-user testwrite")
    pid = number(args[1], "process") if len(args) > 1 else None
    program = programs.asked_for(args[0])
    files = files_now(program, running(program, pid))
    breakpoints.only[program.name] = pid
    here = standing()
    Asked.program = None
    whom = "process %d" % pid if pid is not None else \
        "every process that runs it"
    if here is None or here.name == program.name:
        switch(symbols.show, program, files)
        yield "symbols of %s; breakpoints in it hold for %s" % (
            program.file, whom)
        return
    Asked.program, Asked.files = program, files
    yield "until the machine moves, breakpoints are set in %s, and hold for" % \
        program.name
    yield "%s; the names are those of %s, which runs" % (whom, here.name)


# --- break, with the program that was asked for ----------------------------

def before_break(unused):
    if Asked.program is not None:
        switch(symbols.show, Asked.program, Asked.files)
    return iter(())


def back_again(*unused):
    """The names of the process that stands, also after a break that failed."""
    if Asked.program is not None:
        breakpoints.follow()
    return iter(())


def forget(*unused):
    Asked.program = None


def hook(when, names, command_name):
    for name in names:
        gdb.execute("define %s-%s\n%s\nend" % (when, name, command_name),
                    to_string=True)


Command("fl-before-break", before_break)
Command("fl-back-again", back_again)
hook("hook", BREAKS, "fl-before-break")
hook("hookpost", BREAKS, "fl-back-again")
hook("hook", LOOKS, "fl-back-again")
gdb.events.before_prompt.connect(back_again)
for event in ("cont", "exited"):
    getattr(gdb.events, event).connect(forget)
