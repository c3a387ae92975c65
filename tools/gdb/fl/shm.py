# SPDX-License-Identifier: MIT
"""fl-shm: segments, their page slots, and who is attached."""
from . import kernel, layout, pte
from .command import Sorry, command, number

DEST, LOCKED = 0o1000, 0o2000  # bits of mode


def flags_of(seg):
    mode = seg["shm_perm.mode"]
    return "%03o%s%s" % (mode & 0o777, " dest" if mode & DEST else "",
                         " locked" if mode & LOCKED else "")


def attaches(seg):
    return kernel.ring("the ring of attaches of segment %d" %
                       seg["shm_perm.id"], seg.at("attaches"),
                       "struct vm_area_struct", "vm_share")


def owners(mm, users):
    """In words: whose address space that is."""
    tasks = users.get(mm, [])
    return ", ".join(kernel.name_of(t) for t in tasks) or \
        "an address space in the making (%08x)" % mm


def attach_lines(seg):
    users = kernel.users()
    for vma in attaches(seg):
        yield "    %08x-%08x %s pages %d-%d: %s" % (
            vma.vm_start, vma.vm_end, kernel.rights(vma.vm_flags),
            vma.vm_offset >> 12,
            (vma.vm_offset + vma.vm_end - vma.vm_start - 1) >> 12,
            owners(vma.vm_mm, users))
        if vma.vm_segment != seg.addr:
            raise Sorry("I4: that area is of another segment")


def slot_kind(value):
    return "never touched" if not value else \
        "resident" if pte.resident(value) else \
        "in swap" if pte.is_swap(value) else "no page slot holds that"


def slot_words(value):
    if pte.resident(value):
        entry = kernel.page(value >> 12)
        return "frame %x, count %d" % (value >> 12, entry.count)
    if pte.is_swap(value):
        return "swap area %d, slot %d" % pte.swap_slot(value)
    return "" if not value else "%08x" % value


def slot_lines(seg):
    """Page slots in runs; those with a frame or a swap slot one by one."""
    slots = kernel.page_slots(seg)
    index = 0
    while index < len(slots):
        end = index + 1
        while end < len(slots) and not slots[index] and not slots[end]:
            end += 1
        span = "%d" % index if end == index + 1 else "%d-%d" % (index, end - 1)
        yield "    %-9s %08x  %s%s" % (
            span, slots[index], slot_kind(slots[index]),
            ": " + slot_words(slots[index]) if slots[index] else "")
        index = end


def segment_line(slot, seg):
    return "%5d %5d  %08x %6d %6d %6d %7d  %s" % (
        seg["shm_perm.id"], slot, seg["shm_perm.key"] & 0xffffffff,
        seg.shm_npages, seg.rss, seg.swp, seg.shm_nattch, flags_of(seg))


@command("fl-shm")
def fl_shm(args):
    """fl-shm [ID]: the table of segments, or one with page slots and ring."""
    kernel.check_ready()
    wanted = number(args[0], "segment's id") if args else None
    found = [(slot, seg) for slot, seg in kernel.segments()
             if wanted in (None, seg["shm_perm.id"])]
    if wanted is not None and not found:
        raise Sorry("there is no segment %d: fl-shm lists them" % wanted)
    yield "   ID  SLOT  KEY       PAGES    RSS   SWAP  NATTCH  MODE"
    for slot, seg in found:
        yield segment_line(slot, seg)
    if wanted is None:
        totals = layout.View("struct shm_totals",
                             layout.address_of("shm_totals"))
        yield "%d segments, %d pages, %d resident, %d in swap" % (
            len(found), totals.tot, totals.rss, totals.swp)
        return
    yield "  attaches (%d, and %d calls of shmat under way)" % (
        seg.shm_nattch - seg.shm_pins, seg.shm_pins)
    yield from attach_lines(seg)
    yield "  page slots"
    yield from slot_lines(seg)
