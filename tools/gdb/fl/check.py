# SPDX-License-Identifier: MIT
"""fl-check: the invariants of mm_check() and ipc_check(), looked at from
outside: no code of the guest runs, so it works wherever the machine stands.
The numbers are those of docs/shm.md and of the files named there.
"""
from collections import Counter

from . import check_ipc, guest, holders, kernel, layout, pte
from .areas import Tree
from .command import Sorry, command

MOST = 20  # breaches told


class Sum:
    """What was found so far."""

    def __init__(self):
        self.breaches = []
        self.users = Counter()  # frame -> holders found
        self.swap = Counter()  # swap entry -> holders found
        self.mms = self.vmas = self.ptes = self.attaches = 0

    def breach(self, text, *values):
        self.breaches.append(text % values)

    def expect(self, holds, text, *values):
        if not holds:
            self.breach(text, *values)


def check_tree(mm, name, total):
    """INV-V1 to INV-V5: list, tree, heights, holes."""
    tree = Tree(mm)
    order = [vma for _, vma in reversed(tree.order)]
    listed = [vma.addr for vma in kernel.areas(mm)]
    total.expect([v.addr for v in order] == listed,
                 "I10: %s: the list and the tree hold different areas", name)
    end = 0
    max_hole = {0: 0}
    for vma in order:
        total.expect(end <= vma.vm_start < vma.vm_end <= kernel.TASK_SIZE and
                     not (vma.vm_start | vma.vm_end) & 4095,
                     "I10: %s: area %08x-%08x overlaps or is no area", name,
                     vma.vm_start, vma.vm_end)
        total.expect(vma.vm_hole == vma.vm_start - end,
                     "INV-V3: %s: hole below %08x is %x, not %x", name,
                     vma.vm_start, vma.vm_start - end, vma.vm_hole)
        total.expect(vma.vm_avl_height == tree.height[vma.addr] and
                     abs(tree.balance(vma)) <= 1,
                     "INV-V2: %s: area %08x: height %d, balance %+d", name,
                     vma.vm_start, vma.vm_avl_height, tree.balance(vma))
        end = vma.vm_end
    by_depth = sorted(tree.order, key=lambda pair: -pair[0])
    for _, vma in by_depth:
        max_hole[vma.addr] = max(vma.vm_hole, max_hole[vma.vm_avl_left],
                                 max_hole[vma.vm_avl_right])
        total.expect(vma.vm_max_hole == max_hole[vma.addr],
                     "INV-V3: %s: largest hole below %08x is %x, not %x",
                     name, vma.vm_start, max_hole[vma.addr], vma.vm_max_hole)
    return order


def check_entry(vma, addr, value, total):
    """One entry that is not none; True if it counts in the rss."""
    flags = vma.vm_flags
    if flags & kernel.VM.SHM:
        check_ipc.check_attach_entry(vma, addr, value, total)
    elif pte.is_signature(value):
        total.breach("entry %08x at %08x is a signature outside of an "
                     "attach", value, addr)
    if pte.is_swap(value):
        total.swap[value] += 1
    writable = value & (pte.BIT.P | pte.BIT.RW) == pte.BIT.P | pte.BIT.RW
    total.expect(not writable or flags & kernel.VM.WRITE,
                 "I7: writable entry %08x at %08x in a read-only area", value,
                 addr)
    if not pte.resident(value):
        return False
    if value >> 12 >= layout.variable("max_pfn"):
        total.breach("entry %08x at %08x: no such frame", value, addr)
        return False
    if page_flags(value >> 12) & holders.PG.RESERVED:
        return False
    total.users[value >> 12] += 1
    return True


def page_flags(pfn):
    return guest.unpack("H", layout.variable("mem_map") + pfn * layout.size(
        "struct page") + layout.offset("struct page", "flags"))[0]


def check_tables(mm, name, used, held, total):
    """INV-T1: the counts in each table's struct page."""
    tables = counted = holding = 0
    for index, pde in enumerate(guest.words(mm.pgd, 768)):
        if not pde & pte.BIT.P:
            continue
        page = kernel.page(pde >> 12)
        total.expect(page.flags & holders.PG.TABLE and page.count == 1,
                     "INV-T1: %s: directory entry %d is no page table", name,
                     index)
        tables += 1
        counted += page.pt_used
        holding += page["pt_held" if page.has("pt_held") else "pt_present"]
    total.expect((tables, counted, holding) == (mm.pt_tables, used, held),
                 "INV-T1: %s: %d tables with %d/%d entries, found %d with "
                 "%d/%d", name, mm.pt_tables, counted, holding, tables, used,
                 held)


def check_mm(mm, name, total):
    held = rss = used = pages = 0
    counts_swap = "pt_held" in layout.layout("struct page").offset
    order = check_tree(mm, name, total)
    for vma in order:
        total.expect(vma.vm_mm == mm.addr, "I10: %s: area %08x of another "
                     "address space", name, vma.vm_start)
        pages += (vma.vm_end - vma.vm_start) >> 12
        total.attaches += bool(vma.vm_flags & kernel.VM.SHM)
        for addr, value in pte.entries(mm.pgd, vma.vm_start, vma.vm_end):
            used += 1
            held += pte.resident(value) or (counts_swap and
                                            pte.is_swap(value))
            rss += check_entry(vma, addr, value, total)
    total.expect(rss == mm.rss, "I9: %s: rss is %d, %d found", name, mm.rss,
                 rss)
    total.expect(pages == mm.total_vm, "I9: %s: total_vm is %d, %d found",
                 name, mm.total_vm, pages)
    total.expect(len(order) == mm.map_count, "I10: %s: map_count is %d, %d "
                 "found", name, mm.map_count, len(order))
    check_tables(mm, name, used, held, total)
    total.mms += 1
    total.vmas += len(order)
    total.ptes += used


def check_frames(total, strict):
    """I5: the count of each frame; returns the number of frames in use."""
    start, size = layout.variable("mem_map"), layout.size("struct page")
    frames = layout.variable("max_pfn")
    guest.prefetch(start, frames * size)
    count_at = layout.offset("struct page", "count")
    flags_at = layout.offset("struct page", "flags")
    for pfn in range(frames):
        at = start + pfn * size
        flags, = guest.unpack("H", at + flags_at)
        if flags & holders.PG.RESERVED:
            continue
        found = total.users[pfn] + bool(flags & holders.PG.CACHE) + \
            bool(flags & holders.PG.SWAPCACHE)
        if not found:
            continue
        count = guest.u32(at + count_at)
        total.expect(count == found if strict else count >= found,
                     "I5: frame %x has count %d, %d holders were found", pfn,
                     count, found)
        total.users[pfn] = found
        if flags & holders.PG.SWAPCACHE:
            total.swap[layout.View("struct page", at).index] += 1
    return sum(1 for n in total.users.values() if n)


def check_free(total):
    """The free lists hold what nr_free_pages says, each frame with count 0."""
    start, size = layout.variable("mem_map"), layout.size("struct page")
    next_at = layout.offset("struct page", "next")
    heads = guest.words(layout.address_of("mm/page_alloc.c::free_list"), 11)
    hot = layout.find("mm/page_alloc.c::hot_list")
    lists = list(enumerate(heads)) + [(0, guest.u32(hot) if hot else 0)]
    free = 0
    for order, head in lists:
        for at in kernel.chain("free frames of order %d" % order, head,
                               lambda a: guest.u32(a + next_at)):
            page = layout.View("struct page", at)
            total.expect(not page.count, "INV-B1: free frame %x has count %d",
                         (at - start) // size, page.count)
            free += 1 << order
    total.expect(free == layout.variable("nr_free_pages"), "INV-B2: %d frames "
                 "are free, counted %d", free,
                 layout.variable("nr_free_pages"))
    return free


def check_swap(total, strict):
    """I6: each slot has as many holders as its count says."""
    from .swap import BAD, areas
    for number, area in areas():
        counts = guest.unpack("%dH" % area.max, area.swap_map)
        for slot, count in enumerate(counts):
            found = total.swap[number << 1 | slot << 8]
            if count & BAD:
                count = 0
            total.expect(count == found if strict else count >= found,
                         "I6: slot %d of area %d has count %d, %d holders "
                         "were found", slot, number, count, found)


@command("fl-check")
def fl_check(args):
    """fl-check: proves the invariants of mm_check and ipc_check from outside.
Runs nothing in the guest. While a task is in the middle of a change, counts
may be larger than what is found."""
    kernel.check_ready()
    total = Sum()
    users = kernel.users()
    busy = [t for t in kernel.tasks() if t.held_locks]
    for mm in kernel.mms():
        name = ", ".join(kernel.name_of(t) for t in users.get(mm.addr, [])) \
            or "mm %08x" % mm.addr
        check_mm(mm, name, total)
    ipc = check_ipc.check(total, not busy)
    frames = check_frames(total, not busy)
    free = check_free(total)
    check_swap(total, not busy)
    for task in busy:
        yield "%s is in the middle of something (%s): counts may be larger" \
            % (kernel.name_of(task), " ".join(
                n for k, n in enumerate(kernel.LOCKS)
                if task.held_locks >> k & 1))
    for text in total.breaches[:MOST]:
        yield text
    if total.breaches:
        raise Sorry("%d breaches" % len(total.breaches))
    yield "mm ok: %d address spaces, %d areas, %d entries, %d frames in use" \
        % (total.mms, total.vmas, total.ptes, frames)
    yield "ipc ok: %d segments, %d pages, %d resident, %d attaches" % ipc
    yield "free %d" % free
