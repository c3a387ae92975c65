# SPDX-License-Identifier: MIT
"""fl-pt: the walk of the processor for one address, or a whole address space
in ranges.
"""
from . import guest, kernel, pte
from .areas import pid_and_address
from .command import command


def walk_lines(walk, pgd_paddr):
    yield "CR3   %08x  page directory in frame %x" % (pgd_paddr,
                                                     pgd_paddr >> 12)
    yield "PGD   [%4d] at %08x = %08x  %s %s" % (
        walk.index, walk.pde_at, walk.pde, pte.letters(walk.pde),
        "table in frame %x: %s" % (walk.pde >> 12, pte.names(
            walk.pde & 0xfff)) if walk.pde & pte.BIT.P else "no table")
    if walk.pte is None:
        if walk.pde & pte.BIT.P:
            yield "      a page of 4 MiB: physical %08x" % (
                (walk.pde & -pte.SPAN) | (walk.addr & pte.SPAN - 1))
        return
    yield "PTE   [%4d] at %08x = %08x  %s %s" % (
        walk.pte_index, walk.pte_at, walk.pte, pte.letters(
            walk.pte if pte.resident(walk.pte) else 0), pte.words(walk.pte))
    if pte.resident(walk.pte):
        yield "frame %x: physical %08x, for the kernel at %08x" % (
            walk.pte >> 12, (walk.pte & -4096) | (walk.addr & 4095),
            guest.KERNEL_BASE + ((walk.pte & -4096) | (walk.addr & 4095)))


def kind(value):
    """What entries of one range have in common, and the step from one to
    the next."""
    if value & pte.BIT.P:
        return "frames", value & 0xfff & ~(pte.BIT.A | pte.BIT.D)
    if value & pte.BIT.PROTNONE:
        return "behind PROT_NONE", 0
    if pte.is_signature(value):
        return "signatures", pte.signature(value)[0]
    return "in swap", pte.swap_slot(value)[0]


def describe(value, n):
    what, detail = kind(value)
    if what == "frames":
        return "%s %s" % (pte.letters(detail | pte.BIT.P), "present")
    if what == "signatures":
        slot, first = pte.signature(value)
        return "signatures: segment slot %d, pages %d-%d" % (
            slot, first, first + n - 1)
    if what == "in swap":
        return "in swap: area %d" % detail
    return what


def ranges(mm):
    """(start, pages, first entry, frames as text) of entries that are alike"""
    run = None
    for addr, value in pte.entries(mm.pgd, 0, kernel.TASK_SIZE):
        if run and addr == run[0] + (run[1] << 12) and \
                kind(value) == kind(run[2]):
            run[1] += 1
            run[3].append(value >> 12)
            continue
        if run:
            yield run
        run = [addr, 1, value, [value >> 12]]
    if run:
        yield run


def frames_of(run):
    if not pte.resident(run[2]):
        return ""
    shown = ["%x" % pfn for pfn in run[3][:6]]
    return "  frame%s %s%s" % ("s" if run[1] > 1 else "", " ".join(shown),
                               " ..." if run[1] > 6 else "")


@command("fl-pt")
def fl_pt(args):
    """fl-pt [PID] [ADDR]: the walk CR3, directory, table for ADDR.
Without ADDR: every entry of the process that is not none, in ranges. The
letters of an entry: Global 4MiB(S) Dirty Accessed notCached writeThrough
User Writable Present."""
    kernel.check_ready()
    task, addr = pid_and_address(args)
    if addr is not None and addr >= kernel.TASK_SIZE:
        yield "%08x is the kernel's, the same in every process" % addr
        cr3 = guest.register("cr3") & -4096
        yield from walk_lines(pte.Walk(guest.KERNEL_BASE + cr3, addr), cr3)
        return
    mm = kernel.mm_of(task)
    yield kernel.name_of(task) + (", %08x" % addr if addr is not None else "")
    if addr is not None:
        yield from walk_lines(pte.Walk(mm.pgd, addr), mm.pgd_paddr)
        return
    for run in ranges(mm):
        yield "%08x-%08x %5d %s%s" % (
            run[0], run[0] + (run[1] << 12), run[1], describe(run[2], run[1]),
            frames_of(run))
