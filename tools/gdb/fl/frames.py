# SPDX-License-Identifier: MIT
"""fl-frame: who holds a frame, and why its count is what it is."""
from . import guest, holders, kernel, layout, pte
from .command import Sorry, command

BUDDY_ORDERS = 11


def number_of_frame(text):
    """A frame's number is hexadecimal; a physical address has 8 digits."""
    try:
        return int(text, 16)
    except ValueError:
        raise Sorry("%s is no frame: give its number, in hexadecimal" % text)


def reserved_words(pfn):
    kva = guest.KERNEL_BASE + (pfn << 12)
    if kva == layout.address_of("kernel_start") & -4096 or \
            layout.address_of("kernel_start") <= kva < \
            layout.address_of("kernel_end"):
        return "the kernel's image"
    start = layout.variable("mem_map")
    size = layout.variable("max_pfn") * layout.size("struct page")
    if start <= kva < start + size:
        return "mem_map itself"
    if kernel.page(pfn).addr == layout.variable("zero_page"):
        return "the zero page, mapped wherever nothing was written yet"
    return "not RAM that the kernel may use, or taken at boot"


def table_words(pfn):
    """Which page table or directory a frame is."""
    users = kernel.users()
    for mm in kernel.mms():
        names = ", ".join(kernel.name_of(t) for t in users.get(mm.addr, []))
        if mm.pgd_paddr >> 12 == pfn:
            return "the page directory of " + names
        for index, pde in enumerate(guest.words(mm.pgd, 768)):
            if pde & pte.BIT.P and pde >> 12 == pfn:
                return "the page table for %08x-%08x of %s" % (
                    index << 22, ((index + 1) << 22) - 1, names)
    return "a page table of nobody"


def free_block(pfn):
    """The head of the free block that PFN lies in, or None."""
    for order in range(BUDDY_ORDERS):
        head = pfn & -(1 << order)
        page = kernel.page(head)
        if page.flags & holders.PG.BUDDY and page.order >= order and \
                head + (1 << page.order) > pfn:
            return head, page.order
    return None


def task_words(pfn):
    kva = guest.KERNEL_BASE + (pfn << 12)
    for task in kernel.tasks():
        if task.addr <= kva < task.addr + 0x4000:
            return "struct task and kernel stack of " + kernel.name_of(task)
    return None


def other_words(pfn, page):
    """For frames that are not memory of a program."""
    if page.flags & holders.PG.RESERVED:
        return "reserved: " + reserved_words(pfn)
    if page.flags & holders.PG.SLAB:
        return "kmalloc: %d objects in use" % page.inuse
    if page.flags & holders.PG.TABLE:
        return table_words(pfn)
    block = free_block(pfn)
    if not page.count:
        return "free" + (", in the block of order %d at frame %x" %
                         (block[1], block[0]) if block else
                         ", kept ready for the next request")
    return task_words(pfn) or table_words_if(pfn)


def table_words_if(pfn):
    words = table_words(pfn)
    return words if words.startswith("the page directory") else None


@command("fl-frame")
def fl_frame(args):
    """fl-frame PFN: who holds a frame, and why its count is what it is."""
    kernel.check_ready()
    if not args:
        raise Sorry("which frame? its number, in hexadecimal")
    pfn = number_of_frame(args[0])
    page = kernel.page(pfn)
    yield "frame %x: physical %08x, for the kernel at %08x" % (
        pfn, pfn << 12, guest.KERNEL_BASE + (pfn << 12))
    yield "  struct page at %08x: count %d, %s" % (
        page.addr, page.count, holders.flag_names(page.flags))
    words = other_words(pfn, page)
    if words:
        yield "  " + words
    if words and not page.flags & holders.PG.RESERVED:
        return
    found = list(holders.counted(pfn, page))
    for _, text in found:
        yield "  1  " + text
    if page.flags & holders.PG.RESERVED:
        yield "  reserved frames are not counted"
        return
    total = sum(n for n, _ in found)
    if total == page.count:
        yield "  %d  in all: the count is right" % total
    elif total < page.count:
        yield "  %d  more, held for a moment or by the kernel; %s" % (
            page.count - total, ", ".join(
                "%s holds %s" % (kernel.name_of(t), lock_names(t))
                for t in holders.sleepers()) or "nobody is inside")
    else:
        yield "  %d  in all: %d MORE than the count (I5)" % (
            total, total - page.count)


def lock_names(task):
    from .tasks import locks_of
    return "locks: " + locks_of(task)
