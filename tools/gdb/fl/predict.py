# SPDX-License-Identifier: MIT
"""What a touch of an address will do, without doing it: mm/fault.c told
beforehand. Each function takes a Touch and returns a Coming.
"""
from . import guest, kernel, layout, pte
from .holders import PG

GUARD = 256 << 12  # bytes kept free below a stack
RLIMIT_STACK = 3
INFINITY = (1 << 64) - 1

CLASS = layout.Names("enum fault_class", "FAULT_CLASS_")


def classes():
    """{number: word} of the classes of faults."""
    return kernel.words("class_names")


class Coming:
    """What will happen: functions on the way, words, the entry after it
    (None: as it is), the class of the fault, the signal."""

    def __init__(self, path, words, entry=None, fault=None, signal=None):
        self.path = path
        self.words = words
        self.entry = entry
        self.fault = fault
        self.signal = signal

    def line(self):
        way = " > ".join(self.path)
        return (way + ": " if way else "") + self.words


class Touch:
    """A touch by user mode of ADDR in the address space of TASK."""

    def __init__(self, task, mm, addr, write):
        self.task = task
        self.mm = mm
        self.addr = addr
        self.write = write
        self.passed, self.vma = kernel.path_to(mm, addr)
        self.walk = pte.Walk(mm.pgd, addr)
        self.entry = self.walk.value()

    def final(self, pfn, extra=0):
        """The entry that map_page() writes for frame PFN."""
        prot = self.vma.vm_page_prot | extra
        if self.write:
            prot |= pte.BIT.RW | pte.BIT.D
        return pfn << 12 | prot

    def coming(self):
        if self.allowed():
            return Coming([], "no fault: the byte is at physical %08x" % (
                (self.entry & -4096) | (self.addr & 4095)))
        if self.addr >= kernel.TASK_SIZE:
            return refused(["do_page_fault"], "SEGV_MAPERR",
                           "that is the kernel's")
        return self.find_area()

    def allowed(self):
        both = self.walk.pde & self.entry
        need = pte.BIT.P | pte.BIT.US | (pte.BIT.RW if self.write else 0)
        return both & need == need

    def find_area(self):
        way = ["do_page_fault", "fault_find_vma", "find_vma"]
        if self.vma is None:
            return refused(way, "SEGV_MAPERR", "no area ends above it")
        if self.vma.vm_start > self.addr:
            why = stack_stays(self)
            if why:
                return refused(way, "SEGV_MAPERR", why)
        need = kernel.VM.WRITE if self.write else \
            kernel.VM.READ | kernel.VM.EXEC
        if not self.vma.vm_flags & need:
            return refused(way, "SEGV_ACCERR", "the area is %s" %
                           kernel.rights(self.vma.vm_flags))
        if self.entry & pte.BIT.P and not self.write:
            return refused(way, "SEGV_ACCERR", "the entry refuses user mode")
        if self.entry & pte.BIT.P:
            return write_protected(self)
        if pte.resident(self.entry):
            return Coming(["do_page_fault", "do_no_page"],
                          "another task was faster", fault=CLASS.SPURIOUS)
        return not_present(self)


def refused(way, code, why):
    return Coming(way, "%s, SIGSEGV (%s)" % (why, code), signal="SIGSEGV")


def stack_stays(touch):
    """Why the area above ADDR does not grow down to it; None: it does."""
    vma, start = touch.vma, touch.addr & -4096
    if not vma.vm_flags & kernel.VM.GROWSDOWN:
        return "no area holds it"
    if vma.vm_prev and start - kernel.area(vma.vm_prev).vm_end < GUARD or \
            start < 4096:
        return "the stack would come too close to what lies below"
    limit, = guest.unpack("Q", touch.task.at("rlim") + RLIMIT_STACK *
                          layout.size("struct rlimit"))
    if limit != INFINITY and vma.vm_end - start > limit:
        return "the stack is at its limit of %d KiB" % (limit >> 10)
    return None


def write_protected(touch):
    """do_wp_page(): the page is there, read-only, and written."""
    way = ["do_page_fault", "do_wp_page"]
    page = kernel.page(touch.entry >> 12)
    alone = page.count == 1 and not page.flags & PG.RESERVED
    if touch.vma.vm_flags & kernel.VM.SHARED or alone:
        return Coming(way + ["set_pte"], "the entry gets its write bit%s" % (
            ", nobody else has frame %x" % (touch.entry >> 12) if alone
            else ""), touch.entry | pte.BIT.RW | pte.BIT.D, CLASS.COW)
    what = "a zeroed frame in place of the zero page" \
        if page.flags & PG.RESERVED else \
        "a copy of frame %x, whose count of %d becomes %d" % (
            touch.entry >> 12, page.count, page.count - 1)
    maker = "get_free_page" if page.flags & PG.RESERVED else "alloc_page"
    return Coming(way + ["do_cow_page", maker, "set_pte"],
                  "minor, " + what, fault=CLASS.COW)


def not_present(touch):
    """do_no_page(): whose page is it?"""
    way = ["do_page_fault", "do_no_page"]
    vma = touch.vma
    if vma.vm_flags & kernel.VM.SHM:
        way += ["do_swap_page", "shm_swap_in"] if touch.entry else \
            ["shm_nopage", "shm_swap_in"]
        return shm_page(touch, way)
    if touch.entry:
        return swapped(touch, way + ["do_swap_page", "swap_in"], touch.entry)
    if not vma.vm_ops:
        return anonymous(touch, way + ["do_anonymous_page"])
    return file_page(touch, way + ["filemap_nopage"])


def anonymous(touch, way):
    if touch.write:
        return Coming(way + ["get_free_page", "set_pte"],
                      "minor, a zeroed frame", fault=CLASS.ANON_WRITE)
    zero = (layout.variable("zero_page") - layout.variable("mem_map")) // \
        layout.size("struct page")
    return Coming(way + ["set_pte"], "minor, the zero page",
                  zero << 12 | touch.vma.vm_page_prot, CLASS.ZERO_READ)


def shm_page(touch, way):
    seg = layout.View("struct shmid_kernel", touch.vma.vm_segment)
    index = kernel.page_index(touch.vma, touch.addr)
    if index >= seg.shm_npages:
        return Coming(way, "page %d is behind the end of segment %d, SIGBUS" %
                      (index, seg["shm_perm.id"]), signal="SIGBUS")
    want = pte.signature_of(touch.vma["vm_pte.val"], index)
    if touch.entry not in (0, want):
        return Coming(way, "kernel panic: the signature there should be "
                      "%08x (I7)" % want)
    slot, _ = kernel.page_slot(seg, index)
    if pte.resident(slot):
        return Coming(way + ["set_pte"], "minor, frame %x of the page slot" %
                      (slot >> 12), touch.final(slot >> 12), CLASS.SHM)
    if not slot:
        return Coming(way + ["get_free_page", "set_pte"], "minor, a zeroed "
                      "frame for page slot %d, never touched so far" % index,
                      fault=CLASS.SHM)
    return swapped(touch, way, slot)


def swapped(touch, way, entry):
    """A page in swap: in the swap cache, or on the disk."""
    from .swap import cached
    pfn = cached(entry)
    where = "area %d, slot %d" % pte.swap_slot(entry)
    fault = CLASS.SHM if touch.vma.vm_flags & kernel.VM.SHM else CLASS.SWAP
    if pfn is not None:
        return Coming(way + ["read_swap_page", "set_pte"], "minor, frame %x "
                      "of the swap cache (%s)" % (pfn, where), None, fault)
    return Coming(way + ["read_swap_page", "rw_swap_page", "set_pte"],
                  "MAJOR, read from swap %s" % where, fault=fault)


def file_page(touch, way):
    file = layout.View("struct file", touch.vma.vm_file)
    inode = layout.View("struct inode", file.inode)
    index = kernel.page_index(touch.vma, touch.addr)
    if index >= (inode.size + 4095) >> 12:
        return Coming(way, "behind the end of the file, SIGBUS",
                      signal="SIGBUS")
    pfn = cached_page(inode, index)
    copied = touch.write and not touch.vma.vm_flags & kernel.VM.SHARED
    if pfn is None:
        return Coming(way + ["read_cache_page", "set_pte"],
                      "page %d of the file is not in the page cache: it is "
                      "read%s" % (index, ", and copied" if copied else ""),
                      fault=CLASS.FILE)
    if copied:
        return Coming(way + ["alloc_page", "set_pte"], "minor, a copy of "
                      "frame %x of the page cache" % pfn, fault=CLASS.FILE)
    return Coming(way + ["set_pte"], "minor, frame %x of the page cache" % pfn,
                  touch.final(pfn), CLASS.FILE)


def cached_page(inode, index):
    """The frame of page INDEX of a file, or None."""
    next_at = layout.offset("struct page", "next")
    start, size = layout.variable("mem_map"), layout.size("struct page")
    for at in kernel.chain("the pages of a file", inode["i_data.pages"],
                           lambda a: guest.u32(a + next_at)):
        if layout.View("struct page", at).index == index:
            return (at - start) // size
    return None
