# SPDX-License-Identifier: MIT
"""fl-swap: swap areas, who holds each slot, and the swap cache."""
import struct

from . import guest, holders, kernel, layout, pte
from .command import Sorry, command

AREAS = 8
BAD = 0x8000  # in swap_map: never usable
ROW = 64  # slots a line of the map
SHOWN = 24  # slots told one by one


def areas():
    """(number, area) of each area that is swapped on."""
    at = layout.find("swap_info")
    if at is None:
        return
    for number in range(AREAS):
        area = layout.View("struct swap_area", at + number *
                           layout.size("struct swap_area"))
        if area.used:
            yield number, area


def count(entry):
    """How many holders the slot of ENTRY has."""
    number, slot = pte.swap_slot(entry)
    area = layout.View("struct swap_area", layout.address_of("swap_info") +
                       number * layout.size("struct swap_area"))
    return guest.unpack("H", area.swap_map + slot * 2)[0]


def cached(entry):
    """The frame of the swap cache that stands for ENTRY, or None."""
    for pfn, page in swap_cache():
        if page.index == entry:
            return pfn
    return None


def swap_cache():
    """(frame, page) of the swap cache: all of mem_map is looked at."""
    if layout.find("swap_info") is None:
        return
    start, size = layout.variable("mem_map"), layout.size("struct page")
    frames = layout.variable("max_pfn")
    flags_at = layout.offset("struct page", "flags")
    guest.prefetch(start, frames * size)
    data = guest.read(start, frames * size)
    for pfn in range(frames):
        at = pfn * size + flags_at
        flags, = struct.unpack_from("<H", data, at)
        if flags & holders.PG.SWAPCACHE:
            yield pfn, layout.View("struct page", start + pfn * size)


def letter(count):
    return "." if not count else "#" if count & BAD else \
        str(count) if count < 10 else "+"


def holders_of(entry, cache):
    users = kernel.users()
    if entry in cache:
        yield "swap cache, frame %x" % cache[entry]
    for seg, index in holders.slots_of(lambda v: v == entry):
        yield "page slot %d of segment %d" % (index, seg["shm_perm.id"])
    for mm, addr, _ in holders.entries_like(entry):
        yield "%s at %08x" % (", ".join(
            kernel.name_of(t) for t in users.get(mm.addr, [])), addr)


@command("fl-swap")
def fl_swap(args):
    """fl-swap: swap areas with their maps, and who holds which slot.
In the map a point is a free slot, a digit the number of holders, + ten or
more, # a slot that is never used."""
    kernel.check_ready()
    if layout.find("swap_info") is None:
        raise Sorry("this kernel has no swap")
    found = list(areas())
    if not found:
        yield "no swap area is on (swapon FILE)"
        return
    cache = {page.index: pfn for pfn, page in swap_cache()}
    for number, area in found:
        file = layout.View("struct file", area.file)
        yield "area %d: %s, %d of %d slots taken, priority %d" % (
            number, kernel.dentry_path(file.dentry), area.inuse, area.pages,
            area.prio)
        counts = guest.unpack("%dH" % area.max, area.swap_map)
        yield from map_lines(counts)
        yield from slot_lines(number, counts, cache)
    yield "swap cache: %d frames" % len(cache)


def map_lines(counts):
    """Rows of the map; free ones are left out."""
    for at in range(0, len(counts), ROW):
        row = counts[at:at + ROW]
        if at == 0 or any(c & ~BAD for c in row):
            yield "  %6d %s" % (at, "".join(letter(c) for c in row))


def slot_lines(number, counts, cache):
    taken = [slot for slot, c in enumerate(counts) if c and not c & BAD]
    for slot in taken[:SHOWN]:
        entry = number << 1 | slot << 8
        yield "  slot %-6d %d: %s" % (slot, counts[slot], "; ".join(
            holders_of(entry, cache)) or "nobody was found")
    if len(taken) > SHOWN:
        yield "  ... and %d more" % (len(taken) - SHOWN)
