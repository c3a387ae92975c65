# SPDX-License-Identifier: MIT
"""Who holds a frame: all that can count in page->count, found by looking."""
from . import guest, kernel, layout, pte

PG = layout.Names("enum page_flags", "PG_")


def flag_names(flags):
    return " ".join(name[3:].lower() for bit, name in sorted(
        layout.enum("enum page_flags").items()) if flags & bit) or "no flags"


def entries_of(pfn):
    """(mm, address, entry) of every entry of user memory that maps PFN."""
    for mm in kernel.mms():
        for addr, value in pte.entries(mm.pgd, 0, kernel.TASK_SIZE):
            if value >> 12 == pfn and pte.resident(value):
                yield mm, addr, value


def entries_like(value):
    """The same for a swap entry."""
    for mm in kernel.mms():
        for addr, found in pte.entries(mm.pgd, 0, kernel.TASK_SIZE):
            if found == value:
                yield mm, addr, found


def slots_of(match):
    """(segment, index) of every page slot whose word fulfils MATCH."""
    for _, seg in kernel.segments():
        for index, value in enumerate(kernel.page_slots(seg)):
            if value and match(value):
                yield seg, index


def file_of(mapping):
    """The path of the object of an address_space, if an area maps it."""
    for mm in kernel.mms():
        for vma in kernel.areas(mm):
            if not vma.vm_file:
                continue
            file = layout.View("struct file", vma.vm_file)
            if file.inode + layout.offset("struct inode", "i_data") == mapping:
                return kernel.dentry_path(file.dentry)
    host = layout.View("struct inode", guest.u32(
        mapping + layout.offset("struct address_space", "host")))
    return "inode %d" % host.ino


def counted(pfn, page):
    """(how much, in words) for each holder that counts in page->count."""
    users = kernel.users()
    if page.flags & PG.CACHE:
        yield 1, "page cache: page %d of %s" % (page.index,
                                                file_of(page.mapping))
    if page.flags & PG.SWAPCACHE:
        yield 1, "swap cache: area %d, slot %d" % pte.swap_slot(page.index)
    for seg, index in slots_of(lambda v: pte.resident(v) and v >> 12 == pfn):
        yield 1, "page slot %d of segment %d" % (index, seg["shm_perm.id"])
    for mm, addr, value in entries_of(pfn):
        tasks = users.get(mm.addr, [])
        yield 1, "entry %08x at %08x of %s" % (
            value, addr, ", ".join(kernel.name_of(t) for t in tasks) or
            "a new address space")


def sleepers():
    """Tasks that may hold a frame for a moment."""
    return [t for t in kernel.tasks() if t.held_locks or
            t.addr == layout.variable("current_task")]
