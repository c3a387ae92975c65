# SPDX-License-Identifier: MIT
"""What the kernel is made of, walked with suspicion: every list is followed
only as long as it leads to new addresses of the kernel, and back.
"""
import struct

import gdb

from . import guest, layout
from .command import Sorry, number
from .layout import View, address_of, variable

TASK_SIZE = 0xC0000000
STACK_TOP = 0x4000  # of a task's block: its kernel stack ends there
LIMIT = 200000  # members of any list

VM = layout.Names("enum vm_flags", "VM_")
LOCKS = "creator rename inode pipe tty mmap_sem page swap".split()

verified = {}  # kernel's file -> it is the one that runs
tables = {}  # name -> its words


def forget_verdict(*unused):
    verified.clear()
    tables.clear()


gdb.events.new_objfile.connect(forget_verdict)
gdb.events.exited.connect(forget_verdict)


def check_attached():
    """Raises the sentence why nothing can be read just now."""
    if gdb.selected_inferior().pid == 0 or gdb.selected_thread() is None:
        raise Sorry("no machine is attached: fl-start, or the line that "
                    "tools/vm --gdb prints")
    if gdb.selected_thread().is_running():
        raise Sorry("the machine runs: stop it first, with Ctrl-C or "
                    "interrupt")


def check_ready():
    """The same for what the kernel has built: symbols, paging, tables."""
    check_attached()
    address_of("current_task")
    if not guest.on_paging():
        raise Sorry("paging is not on yet (eip %08x), so there is nothing to "
                    "see: tbreak task_start_init, continue" %
                    guest.register("eip"))
    check_same_kernel()
    if not variable("mem_map") or not guest.u32(address_of("all_tasks")):
        raise Sorry("the kernel has not set up its tables yet: tbreak "
                    "task_start_init, continue")


def check_same_kernel():
    """The names for panics lie behind the kernel's data and hold the address
    of every function: those of the file must be those of the machine."""
    objfile = layout.kernel_file() if not verified else None
    if objfile is None or objfile.filename in verified:
        return
    start, end = address_of("__ksyms_start"), address_of("__ksyms_end")
    if file_bytes(objfile.filename, start, end - start) != \
            guest.read(start, end - start):
        raise Sorry("the machine runs another kernel than %s" %
                    objfile.filename)
    verified[objfile.filename] = True


def file_bytes(path, addr, size):
    """SIZE bytes that the ELF file PATH puts at ADDR."""
    with open(path, "rb") as f:
        head = f.read(52)
        start, = struct.unpack_from("<I", head, 28)
        each, n = struct.unpack_from("<HH", head, 42)
        f.seek(start)
        parts = f.read(each * n)
        for at in range(0, each * n, each):
            kind, offset, vaddr, _, filesz = struct.unpack_from("<5I", parts,
                                                                at)
            if kind == 1 and vaddr <= addr < vaddr + filesz:
                f.seek(offset + addr - vaddr)
                return f.read(size)
    return b""


def words(table):
    """{number: word} of an array of strings, from the kernel's file: it needs
    no machine. Without a kernel none."""
    symbol = layout.kernel_symbol(table)
    if symbol and table not in tables:
        path = layout.kernel_file().filename
        count = symbol.type.range()[1] + 1
        data = file_bytes(path, address_of(table), count * 4)
        tables[table] = {
            n: file_bytes(path, at, 64).split(b"\0")[0].decode()
            for n, at in enumerate(struct.unpack("<%dI" % count, data)) if at}
    return tables.get(table, {})


def file_row(name, addr, strings):
    """{member: value} of a constant structure in the kernel's file, the
    pointers STRINGS followed."""
    path, kind = layout.kernel_file().filename, layout.layout(name)
    data = file_bytes(path, addr, kind.size)
    row = {m: struct.unpack_from(kind.form[m], data, kind.offset[m])[0]
           for m in kind.form}
    for m in strings:
        row[m] = file_bytes(path, row[m], 256).split(b"\0")[0].decode()
    return row


def chain(what, first, link):
    """FIRST and what LINK(addr) leads to, up to 0."""
    seen = set()
    while first:
        if first in seen or len(seen) > LIMIT:
            raise Sorry("%s: it runs in a circle at %08x" %
                        (what, first))
        if not TASK_SIZE <= first < 1 << 32 or first % 4:
            raise Sorry("%s: a wild pointer, %08x" % (what, first))
        seen.add(first)
        yield first
        first = link(first)


def ring(what, head, kind, member):
    """The structures KIND on the list_head at HEAD."""
    shift = layout.offset(kind, member)
    seen, at = set(), guest.u32(head)
    while at != head:
        if at in seen or len(seen) > LIMIT:
            raise Sorry("%s: the ring runs in a circle that leaves out its "
                        "head, at %08x" % (what, at))
        if not TASK_SIZE <= at < 1 << 32 or at % 4:
            raise Sorry("%s: a wild pointer, %08x" % (what, at))
        seen.add(at)
        yield View(kind, at - shift)
        at = guest.u32(at)


# --- tasks -----------------------------------------------------------------

def tasks():
    return ring("the list of tasks", address_of("all_tasks"), "struct task",
                "tasks")


def current():
    addr = variable("current_task")
    if not addr:
        raise Sorry("there is no task yet: tbreak task_start_init, continue")
    return View("struct task", addr)


def task_of(pid):
    if pid == 0:
        return View("struct task", address_of("idle_task"))
    for task in tasks():
        if task.pid == pid:
            return task
    raise Sorry("there is no process %d: fl-ps lists them" % pid)


def chosen_task(args):
    """The task whose number is in ARGS[0], else the one that runs."""
    return task_of(number(args[0], "process")) if args else current()


def name_of(task):
    return "pid %d (%s)" % (task.pid, task.text("comm", 16))


def mm_of(task):
    if not task.mm:
        raise Sorry("%s has no address space: it is %s" % (
            name_of(task), "a zombie" if task.state == 4 else
            "a task of the kernel"))
    return View("struct mm_struct", task.mm)


def mms():
    return ring("the list of address spaces", address_of("all_mms"),
                "struct mm_struct", "all")


def users():
    """{address of an mm: its tasks}"""
    found = {}
    for task in tasks():
        if task.mm:
            found.setdefault(task.mm, []).append(task)
    return found


# --- areas -----------------------------------------------------------------

def area(addr):
    return View("struct vm_area_struct", addr)


def areas(mm):
    next_at = layout.offset("struct vm_area_struct", "vm_next")
    what = "the list of areas of the address space %08x" % mm.addr
    for addr in chain(what, mm.mmap, lambda a: guest.u32(a + next_at)):
        yield area(addr)


def path_to(mm, addr):
    """What find_vma(mm, addr) passes, and its answer or None."""
    left = layout.offset("struct vm_area_struct", "vm_avl_left")
    right = layout.offset("struct vm_area_struct", "vm_avl_right")
    passed, best = [], None

    def step(node):
        nonlocal best
        vma = area(node)
        passed.append(vma)
        if vma.vm_end <= addr:
            return guest.u32(node + right)
        best = vma
        return 0 if vma.vm_start <= addr else guest.u32(node + left)

    for _ in chain("the tree of areas", mm.mmap_avl, step):
        pass
    return passed, best


def rights(flags):
    return "".join(c if flags & bit else "-" for c, bit in
                   (("r", VM.READ), ("w", VM.WRITE), ("x", VM.EXEC))) + \
        ("s" if flags & VM.SHARED else "p")


def page_index(vma, addr):
    return ((addr & -4096) - vma.vm_start + vma.vm_offset) >> 12


def dentry_path(addr):
    parts = []
    parent = layout.offset("struct dentry", "parent")
    for at in chain("a file's name", addr, lambda a: 0 if
                    guest.u32(a + parent) == a else guest.u32(a + parent)):
        parts.append(guest.text(View("struct dentry", at).name))
    return "/" + "/".join(reversed([p for p in parts if p not in ("", "/")]))


def object_of(vma, mm=None):
    """In words: whose memory an area is."""
    if vma.vm_flags & VM.SHM:
        seg = View("struct shmid_kernel", vma.vm_segment)
        return "segment %d from page %d" % (seg["shm_perm.id"],
                                            vma.vm_offset >> 12)
    if vma.vm_file:
        file = View("struct file", vma.vm_file)
        return "%s from page %d" % (dentry_path(file.dentry),
                                    vma.vm_offset >> 12)
    if vma.vm_flags & VM.GROWSDOWN:
        return "stack"
    if mm and mm.start_brk < vma.vm_end and vma.vm_start < mm.brk:
        return "heap"
    return "anonymous"


# --- segments, frames ------------------------------------------------------

def segments():
    """(slot, segment) of the table."""
    table = address_of("shm_ids")
    for slot, perm in enumerate(guest.words(table, 1024)):
        if perm:
            yield slot, View("struct shmid_kernel", perm)


def page_slot(seg, index):
    """The word in the page slot INDEX of SEG, and where it stands."""
    if index >= seg.shm_npages:
        raise Sorry("segment %d has %d pages, there is no page %d" %
                    (seg["shm_perm.id"], seg.shm_npages, index))
    table = guest.u32(seg.at("pages") + index // 1024 * 4)
    if not table:
        raise Sorry("segment %d has lost its slot page %d" %
                    (seg["shm_perm.id"], index // 1024))
    at = table + index % 1024 * 4
    return guest.u32(at), at


def page_slots(seg):
    """All words of the page slots of SEG."""
    found, left = [], seg.shm_npages
    for k in range((left + 1023) // 1024):
        table = guest.u32(seg.at("pages") + k * 4)
        found += guest.words(table, min(left, 1024))
        left -= 1024
    return found


def page(pfn):
    if pfn >= variable("max_pfn"):
        raise Sorry("there is no frame %x: the last is %x" %
                    (pfn, variable("max_pfn") - 1))
    return View("struct page", variable("mem_map") +
                pfn * layout.size("struct page"))
