# SPDX-License-Identifier: MIT
"""What a page-table entry, or a page slot, says: include/x86/pte.h and
mm/swap_entry.h.
"""
from . import guest

P, RW, US, PWT, PCD, A, D, PSE, G = (1 << n for n in range(9))
PROTNONE = PSE
SHM_TYPE = 0x40  # bit 5 of the type
ID_BITS = 10
STEP = 1 << (8 + ID_BITS)

BITS = ((P, "P", "present"), (RW, "W", "writable"), (US, "U", "user"),
        (PWT, "T", "write-through"), (PCD, "C", "not cached"),
        (A, "A", "accessed"), (D, "D", "dirty"), (PSE, "S", "4 MiB"),
        (G, "G", "global"))


def resident(value):
    return bool(value & (P | PROTNONE))


def is_signature(value):
    return not resident(value) and bool(value & SHM_TYPE)


def is_swap(value):
    return bool(value) and not resident(value) and not is_signature(value)


def signature(value):
    """Segment slot and page of a signature."""
    return value >> 8 & ((1 << ID_BITS) - 1), value >> (8 + ID_BITS)


def swap_slot(value):
    """Area and slot of a swap entry."""
    return value >> 1 & 0x1f, value >> 8


def letters(value):
    return "".join(letter if value & bit else "-"
                   for bit, letter, _ in reversed(BITS))


def names(value):
    return ", ".join(name for bit, _, name in BITS if value & bit)


def words(value):
    """In words, short."""
    if not value:
        return "none: nothing was ever here"
    if value & P:
        return "frame %x: %s" % (value >> 12, names(value & 0xfff & ~PSE))
    if value & PROTNONE:
        return "frame %x behind PROT_NONE: %s" % (
            value >> 12, names(value & 0xfff & ~PSE) or "no bit set")
    if is_signature(value):
        return "signature: segment slot %d, page %d" % signature(value)
    return "swap entry: area %d, slot %d" % swap_slot(value)


class Walk:
    """From a directory to the entry of an address."""

    def __init__(self, pgd, addr):
        self.addr = addr
        self.index = addr >> 22
        self.pde_at = pgd + self.index * 4
        self.pde = guest.u32(self.pde_at)
        self.pte_index = addr >> 12 & 0x3ff
        self.pte_at = self.pte = None
        if self.pde & P and not self.pde & PSE:
            self.pte_at = guest.KERNEL_BASE + (self.pde & -4096) + \
                self.pte_index * 4
            self.pte = guest.u32(self.pte_at)

    def value(self):
        """The entry; without a table 0, as the fault path sees it."""
        return self.pte or 0


def entries(pgd, start, end):
    """(address, entry) of every entry of [START, END) that is not none."""
    addr = start
    while addr < end:
        pde = guest.u32(pgd + (addr >> 22) * 4)
        stop = min(end, (addr | 0x3fffff) + 1)
        if pde & P and not pde & PSE:
            table = guest.words(guest.KERNEL_BASE + (pde & -4096) +
                                (addr >> 12 & 0x3ff) * 4,
                                (stop - addr) >> 12)
            for k, value in enumerate(table):
                if value:
                    yield addr + (k << 12), value
        addr = stop
