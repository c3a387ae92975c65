# SPDX-License-Identifier: MIT
"""What a page-table entry, or a page slot, says: include/x86/pte.h and
ENTRY_FIELDS of include/uapi/faultline.h.
"""
from . import guest, layout

BIT = layout.Names("enum pte_bit", "PTE_")
FIELD = layout.Names("enum entry_field", "")

SPAN = 1 << 22  # bytes that one page table maps

LETTERS = (("P", "P", "present"), ("RW", "W", "writable"), ("US", "U", "user"),
           ("PWT", "T", "write-through"), ("PCD", "C", "not cached"),
           ("A", "A", "accessed"), ("D", "D", "dirty"), ("PSE", "S", "4 MiB"),
           ("G", "G", "global"))


def resident(value):
    return bool(value & (BIT.P | BIT.PROTNONE))


def is_signature(value):
    return not resident(value) and bool(value & BIT.SHM)


def is_swap(value):
    return bool(value) and not resident(value) and not is_signature(value)


def field(value, name):
    first = getattr(FIELD, name + "_FIRST")
    return value >> first & (1 << getattr(FIELD, name + "_BITS")) - 1


def signature(value):
    """Segment slot and page of a signature."""
    return field(value, "SHM_SLOT"), field(value, "SHM_INDEX")


def signature_of(base, index):
    """The signature of the page INDEX further than that of BASE."""
    return base + (index << FIELD.SHM_INDEX_FIRST) & 0xffffffff


def swap_slot(value):
    """Area and slot of a swap entry."""
    return field(value, "SWAP_AREA"), field(value, "SWAP_SLOT")


def letters(value):
    return "".join(letter if value & getattr(BIT, bit) else "-"
                   for bit, letter, _ in reversed(LETTERS))


def names(value):
    return ", ".join(name for bit, _, name in LETTERS
                     if value & getattr(BIT, bit))


def words(value):
    """In words, short."""
    if not value:
        return "none: nothing was ever here"
    if value & BIT.P:
        return "frame %x: %s" % (value >> 12, names(value & 0xfff & ~BIT.PSE))
    if value & BIT.PROTNONE:
        return "frame %x behind PROT_NONE: %s" % (
            value >> 12, names(value & 0xfff & ~BIT.PSE) or "no bit set")
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
        self.pte_index = addr >> 12 & 1023
        self.pte_at = self.pte = None
        if self.pde & BIT.P and not self.pde & BIT.PSE:
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
        stop = min(end, (addr | SPAN - 1) + 1)
        if pde & BIT.P and not pde & BIT.PSE:
            table = guest.words(guest.KERNEL_BASE + (pde & -4096) +
                                (addr >> 12 & 1023) * 4,
                                (stop - addr) >> 12)
            for k, value in enumerate(table):
                if value:
                    yield addr + (k << 12), value
        addr = stop
