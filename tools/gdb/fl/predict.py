# SPDX-License-Identifier: MIT
"""What a touch of an address will do, without doing it. The ends are TOUCHES of
include/uapi/faultline.h, read from the kernel's file; the decisions are those
of fs/proc/touch.c, function by function, on a machine that stands still. That both
foresee what happens is tested: tests/boot/touch.t.
"""
from . import guest, kernel, layout, pte
from .holders import PG

GUARD = 256 << 12  # bytes kept free below a stack
MMAP_MIN = 0x110000
RLIMIT_STACK, RLIMIT_AS = 3, 9

CLASS = layout.Names("enum fault_class", "FAULT_CLASS_")
OUTCOME = layout.Names("enum fault_outcome", "FAULT_")


def classes():
    """{number: word} of the classes of faults; what turns out later has the
    word of the class it was."""
    return kernel.words("class_names")


def ends():
    """{name: row of touch_rows: class, outcome, way, text}"""
    if "touch_rows" not in kernel.tables:
        start, size = layout.address_of("touch_rows"), \
            layout.size("struct touch_row")
        kernel.tables["touch_rows"] = {
            name[len("TOUCH_"):]: kernel.file_row(
                "struct touch_row", start + n * size, ("way", "text"))
            for n, name in layout.enum("enum touch_end").items()
            if name != "TOUCH_COUNT"}
    return kernel.tables["touch_rows"]


class Coming:
    """What will happen: the name of its end, the words of why, the class of the
    fault (None: no fault, or refused), whether it is refused."""

    def __init__(self, touch, name):
        row = ends()[name]
        values = touch.values()
        way, text = (row[k].format(**values) for k in ("way", "text"))
        self.name = name
        self.line = (way + ": " if way else "") + text
        self.refused = row["outcome"] != OUTCOME.DONE
        self.fault = row["class"]


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
        self.id = self.index = self.npages = self.slot = 0
        self.cached = None
        if self.vma and self.vma.vm_start <= addr:
            self.index = kernel.page_index(self.vma, addr)
            self.look_at_object()

    def flags(self, *names):
        """Has the area any of these?"""
        return self.vma is not None and any(
            self.vma.vm_flags & getattr(kernel.VM, n) for n in names)

    def look_at_object(self):
        from .swap import cached
        word = self.entry
        if self.flags("SHM"):
            seg = layout.View("struct shmid_kernel", self.vma.vm_segment)
            self.id, self.npages = seg["shm_perm.id"], seg.shm_npages
            if self.index < self.npages:
                word = self.slot = kernel.page_slot(seg, self.index)[0]
        elif self.vma.vm_file:
            file = layout.View("struct file", self.vma.vm_file)
            inode = layout.View("struct inode", file.inode)
            self.npages = (inode.size + 4095) >> 12
            self.cached = cached_page(inode, self.index)
        if pte.is_swap(word):
            self.cached = cached(word)

    def frame(self):
        for word in (self.entry, self.slot):
            if pte.resident(word):
                return word >> 12
        return zero_page() if self.cached is None else self.cached

    def final(self):
        """The entry as it will be."""
        entry = self.entry
        if not pte.resident(entry) and self.vma:
            entry = self.frame() << 12 | self.vma.vm_page_prot
        return entry | pte.BIT.RW | pte.BIT.D if self.write else entry

    def signature(self):
        return pte.signature_of(self.vma["vm_pte.val"], self.index)

    def limit(self, which):
        process = layout.View("struct process", self.task.process)
        return guest.unpack("I", process.at("rlim") + which *
                            layout.size("struct rlimit"))[0]

    def values(self):
        """What stands for {NAME} in a row: tell_value()."""
        shm = self.flags("SHM")
        area, slot = pte.swap_slot(self.slot if shm else self.entry)
        frame = self.frame()
        count = kernel.page(frame).count \
            if frame < layout.variable("max_pfn") else 0
        return {
            "paddr": "%08x" % ((self.entry & -4096) | (self.addr & 4095)),
            "frame": "%x" % frame, "entry": "%08x" % self.final(),
            "count": count, "left": count - 1, "index": self.index,
            "id": self.id, "area": area, "slot": slot,
            "want": "%08x" % (self.signature() if shm else 0),
            "limit": self.limit(RLIMIT_STACK) >> 10,
            "via": "do_swap_page" if self.entry else "shm_nopage",
            "rights": kernel.rights(self.vma.vm_flags if self.vma else 0)}

    def coming(self):
        return Coming(self, foresee(self))


# --- deciding, as fs/proc/touch.c ------------------------------------------------

def foresee(touch):
    need = pte.BIT.P | pte.BIT.US | (pte.BIT.RW if touch.write else 0)
    if touch.walk.pde & touch.entry & need == need:
        return "NO_FAULT"
    return foresee_area(touch) if touch.addr < kernel.TASK_SIZE else "KERNELS"


def foresee_area(touch):
    if touch.vma is None:
        return "NO_AREA"
    refusal = touch.vma.vm_start > touch.addr and stack_refusal(touch)
    if refusal:
        return refusal
    if not touch.flags(*(("WRITE",) if touch.write else ("READ", "EXEC"))):
        return "RIGHTS"
    if not touch.entry & pte.BIT.P:
        return foresee_no_page(touch)
    return foresee_wp(touch) if touch.write else "REFUSED"


def stack_refusal(touch):
    """Why the area above does not grow down to it; None: it does."""
    vma, start = touch.vma, touch.addr & -4096
    if not touch.flags("GROWSDOWN"):
        return "GAP"
    if start < MMAP_MIN or vma.vm_prev and hits_guard(
            kernel.area(vma.vm_prev), start):
        return "STACK_GUARD"
    if vma.vm_end - start > touch.limit(RLIMIT_STACK):
        return "STACK_LIMIT"
    grow = vma.vm_start - start
    if (touch.mm.total_vm << 12) + grow > touch.limit(RLIMIT_AS) or \
            vma.vm_ops and vma.vm_offset < grow:
        return "STACK_SPACE"
    return None


def hits_guard(below, start):
    vm = kernel.VM
    return not below.vm_flags & vm.GROWSDOWN and below.vm_flags & (
        vm.READ | vm.WRITE | vm.EXEC) and start - below.vm_end < GUARD


def foresee_no_page(touch):
    if pte.resident(touch.entry):
        return "FASTER"
    if touch.flags("SHM"):
        return foresee_shm(touch)
    if touch.entry:
        return "SWAP_READ" if touch.cached is None else "SWAP_CACHED"
    if touch.vma.vm_ops:
        return foresee_file(touch)
    return "ANON" if touch.write else "ZERO"


def foresee_wp(touch):
    if touch.flags("SHARED"):
        return "SHARED"
    page = kernel.page(touch.entry >> 12)
    if page.flags & PG.RESERVED:
        return "COW_ZERO"
    return "ALONE" if page.count == 1 or can_reuse(page) else "COW_COPY"


def can_reuse(page):
    """can_reuse_swap_page(): but for us only the swap cache has it."""
    from .swap import count
    return page.flags & PG.SWAPCACHE and not page.flags & PG.LOCKED and \
        page.count == 2 and count(page.index) == 1


def foresee_shm(touch):
    if touch.index >= touch.npages:
        return "SHM_BEYOND"
    if touch.entry not in (0, touch.signature()):
        return "SHM_WRONG"
    if pte.resident(touch.slot):
        return "SHM_RESIDENT"
    if not touch.slot:
        return "SHM_NEW"
    return "SHM_READ" if touch.cached is None else "SHM_CACHED"


def foresee_file(touch):
    copied = touch.write and not touch.flags("SHARED")
    if touch.index >= touch.npages:
        return "FILE_BEYOND"
    if touch.cached is None:
        return "FILE_READ_COPY" if copied else "FILE_READ"
    return "FILE_COPY" if copied else "FILE_CACHED"


def zero_page():
    return (layout.variable("zero_page") - layout.variable("mem_map")) // \
        layout.size("struct page")


def cached_page(inode, index):
    """The frame of page INDEX of a file, or None."""
    next_at = layout.offset("struct page", "next")
    start, size = layout.variable("mem_map"), layout.size("struct page")
    for at in kernel.chain("the pages of a file", inode["i_data.pages"],
                           lambda a: guest.u32(a + next_at)):
        if layout.View("struct page", at).index == index:
            return (at - start) // size
    return None
