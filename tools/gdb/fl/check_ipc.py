# SPDX-License-Identifier: MIT
"""The part of fl-check that is about segments: I1 to I4, I7 and I8."""
from . import guest, kernel, layout, pte
from .shm import DEST, attaches


def check_attach_entry(vma, addr, value, total):
    """I7: none, its own signature, or the frame of the page slot."""
    seg = layout.View("struct shmid_kernel", vma.vm_segment)
    index = kernel.page_index(vma, addr)
    if not pte.resident(value):
        want = pte.signature_of(vma["vm_pte.val"], index)
        total.expect(value == want, "I7: entry %08x at %08x is not the "
                     "signature %08x", value, addr, want)
        return
    slot = kernel.page_slot(seg, index)[0] if index < seg.shm_npages else 0
    total.expect(pte.resident(slot) and slot >> 12 == value >> 12,
                 "I7: entry %08x at %08x, but page slot %d holds %08x", value,
                 addr, index, slot)


def check_segment(slot, seg, total):
    """Ring, page slots and counts of one segment; resident, in swap, ring."""
    number = seg["shm_perm.id"]
    ring = list(attaches(seg))
    for vma in ring:
        total.expect(vma.vm_segment == seg.addr and
                     vma.vm_flags & kernel.VM.SHM,
                     "I4: area %08x on the ring of segment %d is not its",
                     vma.vm_start, number)
    total.expect(number & 0x7fff == slot, "segment %d stands in slot %d",
                 number, slot)
    total.expect(seg.shm_nattch == len(ring) + seg.shm_pins,
                 "I3: segment %d has nattch %d, %d areas on its ring and %d "
                 "calls of shmat", number, seg.shm_nattch, len(ring),
                 seg.shm_pins)
    total.expect(seg.shm_nattch or not seg["shm_perm.mode"] & DEST,
                 "I8: dead segment %d is still in the table", number)
    words = kernel.page_slots(seg)
    resident = [w for w in words if pte.resident(w)]
    swapped = [w for w in words if pte.is_swap(w)]
    total.expect((len(resident), len(swapped)) == (seg.rss, seg.swp),
                 "I2: segment %d counts %d/%d pages, its slots hold %d/%d",
                 number, seg.rss, seg.swp, len(resident), len(swapped))
    for word in resident:
        total.users[word >> 12] += 1
    for word in swapped:
        total.swap[word] += 1
    return len(resident), len(swapped), len(ring)


def check(total, strict):
    """All segments: (segments, pages, resident, attaches)."""
    segments = pages = rss = swp = attached = 0
    for slot, seg in kernel.segments():
        resident, swapped, ring = check_segment(slot, seg, total)
        segments += 1
        pages += seg.shm_npages
        rss += resident
        swp += swapped
        attached += ring
    in_use = guest.u32(layout.address_of("shm_ids") +
                       layout.offset("struct ipc_ids", "in_use"))
    total.expect(segments == in_use, "in_use %d, but %d segments found",
                 in_use, segments)
    if strict:
        sums = layout.View("struct shm_totals",
                           layout.address_of("shm_totals"))
        total.expect(pages == sums.tot, "I1: shm_tot %d, segments have %d "
                     "pages", sums.tot, pages)
        total.expect((rss, swp) == (sums.rss, sums.swp), "I2: shm_rss %d/%d, "
                     "segments have %d/%d", sums.rss, sums.swp, rss, swp)
        total.expect(attached == total.attaches, "I4: %d areas of attaches, "
                     "%d on rings", total.attaches, attached)
    return segments, pages, rss, attached
