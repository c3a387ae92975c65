# SPDX-License-Identifier: MIT
"""fl-ps, fl-task: who there is, in what state, and where each one sleeps."""
from . import guest, kernel, layout
from .command import Sorry, command

STATES = {0: "ready", 1: "sleeps", 2: "sleeps deep", 3: "stopped",
          4: "zombie"}
STACK_BOTTOM, STACK_TOP = 0x2000, 0x4000  # of a task's block
STACK_FILL_AT = 1  # word 0 is the canary
CANARY = 0xca4a4755
PLUMBING = ("switch_", "schedule", "sleep_")  # beginnings of names
DEEPEST = 40  # calls shown


def plain(name):
    return name.split(".")[0]


def calls(task):
    """Functions on the stack of a task that does not run, innermost first:
    switch_to left edi esi ebx ebp and the return address at kesp."""
    low = task.addr + STACK_BOTTOM
    high = task.addr + STACK_TOP
    at = task.kesp + 12
    found = []
    while low <= at < high - 8 and len(found) < DEEPEST:
        ebp, ret = guest.words(at, 2)
        name = layout.function_at(ret - 1) if ret else ""
        if name:
            found.append(plain(name))
        if ebp <= at:
            break
        at = ebp
    return found


def sleeps_in(task):
    """The first function of its own that a sleeping task stands in."""
    for name in calls(task):
        if not name.startswith(PLUMBING):
            return name
    return "-"


def parent_of(task):
    """The process that waits for that of TASK."""
    process = layout.View("struct process", task.process)
    return layout.View("struct process", process.parent)


def is_running(task):
    return task.addr == layout.variable("current_task")


def state_of(task):
    if is_running(task):
        return "runs"
    return STATES.get(task.state, "state %d" % task.state)


def where(task):
    if is_running(task):
        eip = guest.register("eip")
        name = layout.function_at(eip)
        return plain(name) if eip >= kernel.TASK_SIZE else \
            "user %08x" % eip
    if task.state == 4:
        return "-"
    place = sleeps_in(task)
    wait = guest.text(task.wait_name, 32) if task.wait_name else ""
    return "%s (%s)" % (place, wait) if wait else place


def rss_of(task):
    if not task.mm:
        return "-"
    return "%d" % layout.View("struct mm_struct", task.mm).rss


@command("fl-ps")
def fl_ps(args):
    """fl-ps: all tasks: number, parent, state, pages, name, where it is."""
    kernel.check_ready()
    yield "  PID  PPID STATE         RSS NAME             WHERE"
    running = layout.variable("current_task")
    for task in [kernel.task_of(0)] + list(kernel.tasks()):
        parent = parent_of(task).pid
        yield "%s%4d %5d %-11s %5s %-16s %s" % (
            "*" if task.addr == running else " ", task.pid, parent,
            state_of(task), rss_of(task), task.text("comm", 16), where(task))


def locks_of(task):
    held = [n for k, n in enumerate(kernel.LOCKS) if task.held_locks >> k & 1]
    return " ".join(held) or "none"


def stack_words(task):
    """How deep its kernel stack has ever been, in bytes, and its canary."""
    words = guest.words(task.addr + STACK_BOTTOM, 2048)
    fill = words[STACK_FILL_AT]
    unused = STACK_FILL_AT
    while unused < 2048 and words[unused] == fill:
        unused += 1
    return 8192 - unused * 4, words[0]


def user_frame(task):
    """Where user mode was left."""
    frame = layout.View("struct trap_frame", task.addr + STACK_TOP -
                        layout.size("struct trap_frame"))
    how = "system call %d" % frame.error_code if frame.vector == 0x80 else \
        "page fault" if frame.vector == 14 else "vector %d" % frame.vector
    return "eip %08x esp %08x, by %s" % (frame.eip, frame.esp, how)


@command("fl-task")
def fl_task(args):
    """fl-task PID: one task: what it owns, its kernel stack, its user mode."""
    kernel.check_ready()
    task = kernel.chosen_task(args)
    yield "%s: %s, struct task at %08x" % (
        kernel.name_of(task), state_of(task), task.addr)
    parent = layout.View("struct task", parent_of(task).leader)
    yield "  parent     %s" % kernel.name_of(parent)
    yield "  where      %s" % where(task)
    yield "  locks      %s" % locks_of(task)
    yield "  signals    pending %x, blocked %x" % (task.pending, task.blocked)
    yield "  faults     %d minor, %d major" % (task.min_flt, task.maj_flt)
    yield "  user       %d, group %d" % (task["cred.euid"], task["cred.egid"])
    if task.mm:
        mm = kernel.mm_of(task)
        yield ("  memory     mm %08x, page directory frame %x, %d areas, "
               "rss %d of %d pages, %d page tables" % (
                   mm.addr, mm.pgd_paddr >> 12, mm.map_count, mm.rss,
                   mm.total_vm, mm.pt_tables))
    if task.pid == 0:
        return
    used, canary = stack_words(task)
    yield "  stack      %08x-%08x, %d bytes used at most, canary %s" % (
        task.addr + STACK_BOTTOM, task.addr + STACK_TOP, used,
        "whole" if canary == CANARY else "DAMAGED: %08x" % canary)
    if not task.kthread and not is_running(task):
        yield "  user mode  " + user_frame(task)
    if is_running(task):
        yield "  calls      bt shows them: it runs"
    elif task.state != 4:
        yield "  calls      " + " < ".join(calls(task))
    if canary != CANARY:
        raise Sorry("its kernel stack has overflown")
