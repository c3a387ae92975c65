# SPDX-License-Identifier: MIT
"""why ADDR: one screen that says what a touch of an address will do."""
from . import areas, guest, holders, kernel, layout, pte, shm
from .command import Sorry, address, command
from .predict import Touch

MANY = 8  # others told by name


def area_line(touch):
    vma = touch.vma
    if touch.addr >= kernel.TASK_SIZE:
        return "the kernel's half, no area"
    if vma is None:
        return "none ends above it"
    words = "%08x-%08x %s %s" % (
        vma.vm_start, vma.vm_end, kernel.rights(vma.vm_flags),
        kernel.object_of(vma, touch.mm))
    if vma.vm_start > touch.addr:
        words = "none; the next is " + words
    return words


def ops_line(touch):
    vma = touch.vma
    if vma is None or vma.vm_start > touch.addr and \
            not vma.vm_flags & kernel.VM.GROWSDOWN:
        return "none"
    if not vma.vm_ops:
        return "none: anonymous memory"
    ops = layout.View("struct vm_operations_struct", vma.vm_ops)
    hooks = ["%s = %s" % (name, layout.function_at(ops[name]).split(".")[0])
             for name in ("nopage", "swapin") if ops[name]]
    return "%s: %s" % (guest.text(ops.kind), ", ".join(hooks))


def tree_line(touch):
    steps = areas.path_words(touch.passed, touch.vma, touch.addr)
    return " > ".join(s.split("-")[0] + " " + s.split()[1]
                      for s in steps) or "empty"


def entry_lines(touch):
    walk = touch.walk
    if walk.pte is None:
        return ["pgd[%d] = %08x: no page table" % (walk.index, walk.pde)]
    return ["pgd[%d] = %08x, pte[%d] at %08x = %08x" % (
        walk.index, walk.pde, walk.pte_index, walk.pte_at, walk.pte),
        pte.words(walk.pte)]


def segment_of(touch):
    """The segment and its page for an address inside an attach."""
    vma = touch.vma
    if vma is None or not vma.vm_flags & kernel.VM.SHM or \
            vma.vm_start > touch.addr:
        return None
    seg = layout.View("struct shmid_kernel", vma.vm_segment)
    index = kernel.page_index(vma, touch.addr)
    return (seg, index) if index < seg.shm_npages else None


def slot_line(found):
    seg, index = found
    value, at = kernel.page_slot(seg, index)
    return "page slot %d of segment %d at %08x = %08x: %s" % (
        index, seg["shm_perm.id"], at, value,
        shm.slot_words(value) or "never touched")


def frame_of(touch, found):
    """The frame behind the address, mapped or not; None: none yet."""
    if pte.resident(touch.entry):
        return touch.entry >> 12
    if found:
        value, _ = kernel.page_slot(*found)
        return value >> 12 if pte.resident(value) else None
    return None


def frame_line(pfn):
    page = kernel.page(pfn)
    if page.flags & holders.PG.RESERVED:
        return "%x: reserved, not counted" % pfn
    total = sum(n for n, _ in holders.counted(pfn, page))
    return "%x: count %d, %d holders found, %s" % (
        pfn, page.count, total, holders.flag_names(page.flags))


def other_attaches(touch, found):
    """The other areas that show this page of the segment."""
    seg, index = found
    users = kernel.users()
    for vma in shm.attaches(seg):
        first = vma.vm_offset >> 12
        pages = (vma.vm_end - vma.vm_start) >> 12
        if vma.addr == touch.vma.addr or not first <= index < first + pages:
            continue
        addr = vma.vm_start + ((index - first) << 12)
        mm = layout.View("struct mm_struct", vma.vm_mm)
        yield "%s at %08x %s: %s" % (
            shm.owners(vma.vm_mm, users), addr, kernel.rights(vma.vm_flags),
            short(pte.Walk(mm.pgd, addr).value()))


def short(value):
    return "%08x" % value if value else "none"


def other_entries(touch, pfn):
    users = kernel.users()
    for mm, addr, value in holders.entries_of(pfn):
        if mm.addr == touch.mm.addr and addr == touch.addr & -4096:
            continue
        yield "%s at %08x: %08x" % (shm.owners(mm.addr, users), addr, value)


def others(touch, found, pfn):
    if found:
        return list(other_attaches(touch, found))
    if pfn is None or kernel.page(pfn).flags & holders.PG.RESERVED:
        return []
    return list(other_entries(touch, pfn))


def screen(task, addr):
    """The lines of `why`; user/why.c prints the same in the guest."""
    mm = kernel.mm_of(task)
    read = Touch(task, mm, addr, False)
    write = Touch(task, mm, addr, True)
    yield "why %08x: %s" % (addr, kernel.name_of(task))
    yield "  area    " + area_line(read)
    yield "  tree    " + tree_line(read)
    yield "  ops     " + ops_line(read)
    for label, line in zip(("entry", ""), entry_lines(read)):
        yield "  %-7s %s" % (label, line)
    found = segment_of(read)
    if found:
        yield "  slot    " + slot_line(found)
    pfn = frame_of(read, found)
    yield "  frame   " + (frame_line(pfn) if pfn is not None else "none yet")
    sharing = others(read, found, pfn)
    for label, line in zip(["others"] + [""] * MANY,
                           sharing[:MANY] or ["nobody"]):
        yield "  %-7s %s" % (label, line)
    if len(sharing) > MANY:
        yield "          and %d more" % (len(sharing) - MANY)
    for name, touch in (("read", read), ("write", write)):
        yield "  %-7s %s" % (name, touch.coming().line)


@command("why")
def why(args):
    """why [PID] ADDR: what will happen if ADDR is touched now.
The area and the path to it in the tree, the entry decoded, the frame, everyone
else who has the page, and for a read and a write by the program the functions
that will run and what comes out."""
    kernel.check_ready()
    if not args:
        raise Sorry("which address? why [PID] ADDR")
    yield from screen(kernel.chosen_task(args[:-1]), address(args[-1]))
