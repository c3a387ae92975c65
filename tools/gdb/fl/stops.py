# SPDX-License-Identifier: MIT
"""The stops of the tours: where, whose, which paragraph tells it, what to see.

Each names a function; the machine is held there when a process of PROGRAM
comes to it and WHEN, if given, holds. It is only looked for BEHIND another
function, which comes by less often. Values are (label, how to find it).
"""
import gdb

from . import guest, kernel, layout, pte, why
from .predict import Touch

PAGE_FAULT, SHM, SWAP = "docs/page-fault.md", "docs/shm.md", "docs/swap.md"
CODE = ((1, "the page was there"), (2, "a write"), (4, "from user mode"))


class Stop:
    def __init__(self, function, document, key, look="", program=None,
                 when=None, see=(), ask=None, assembly=False, source=None,
                 behind=None):
        self.function = function
        self.document = document
        self.key = key
        self.look = look
        self.program = program
        self.when = when
        self.see = see
        self.ask = ask
        self.assembly = assembly
        self.source = source
        self.behind = behind

    def is_here(self):
        start = layout.address_of(self.function)
        if not start <= guest.register("eip") < start + 256:
            return False
        if self.program and \
                kernel.current().text("comm", 16) not in self.program:
            return False
        return self.when is None or bool(self.when())

    def values(self):
        return [(label, find()) for label, find in self.see]


# --- what there is to see --------------------------------------------------

def var(expression, form="%x"):
    """The value of an expression of gdb."""
    def find():
        value = gdb.parse_and_eval(expression)
        return form % (int(value) & 0xffffffff) if form else \
            str(value).split(" ")[-1]
    return find


def entry(expression):
    """An entry and what it says."""
    def find():
        value = int(gdb.parse_and_eval(expression)) & 0xffffffff
        return "%08x: %s" % (value, pte.words(value))
    return find


def mm():
    return kernel.mm_of(kernel.current())


def touch():
    return Touch(kernel.current(), mm(), guest.register("cr2"), False)


def is_shm_fault():
    there = touch()
    return there.addr < kernel.TASK_SIZE and why.segment_of(there) is not None


def code_words():
    code = guest.u32(guest.register("esp"))
    return "%x: %s" % (code, ", ".join(
        text for bit, text in CODE if code & bit) or "a read by the kernel")


def program_line():
    """Where the program stands, from the end of the backtrace."""
    lines = [l for l in gdb.execute("bt", to_string=True).split("\n")
             if l.startswith("#")]
    behind = [l for l in lines if "user/" in l] or lines[-1:]
    return " ".join(behind[0].split()[1:])


def path_line():
    return why.tree_line(touch())


def coming(write):
    def find():
        return Touch(kernel.current(), mm(), guest.register("cr2"),
                     write).coming().line
    return find


def segment_line(expression):
    def find():
        seg = layout.View("struct shmid_kernel",
                          int(gdb.parse_and_eval(expression)) & 0xffffffff)
        return "id %d: %d pages, %d resident, %d in swap, nattch %d" % (
            seg["shm_perm.id"], seg.shm_npages, seg.rss, seg.swp,
            seg.shm_nattch)
    return find


def slot_line():
    found = why.segment_of(touch())
    return why.slot_line(found) if found else "not in a segment"


def frame_line(expression):
    def find():
        at = int(gdb.parse_and_eval(expression)) & 0xffffffff
        pfn = (at - layout.variable("mem_map")) // layout.size("struct page")
        return why.frame_line(pfn)
    return find


def sleeping_with():
    held = kernel.current().held_locks
    return " ".join(n for k, n in enumerate(kernel.LOCKS)
                    if held >> k & 1) or "none"


def answer(expression, form="%x"):
    """What was asked for, found at the next stop."""
    def find():
        value = int(gdb.parse_and_eval(expression)) & 0xffffffff
        return value, form % value
    return find


def areas_looked_at():
    n = len(touch().passed)
    return n, "%d" % n


def rss_now():
    value = mm().rss
    return value, "%d" % value


WRITER, READER = ("testwrite",), ("testread",)
FAMILY = ("parentchild",)

FAULT = [
    Stop("vector_14", PAGE_FAULT, "**1, 2.**", "bt; x/2i $pc; why $cr2",
         WRITER, is_shm_fault, (
             ("cr2", lambda: "%08x" % guest.register("cr2")),
             ("error code", code_words), ("program", program_line)),
         assembly=True, source="kernel/vectors.S", behind="do_shmat"),
    Stop("trap_entry", PAGE_FAULT, "", "x/4wx $esp", WRITER, None, (
        ("on top", lambda: "vector %d, error code %x, eip %08x" %
         guest.words(guest.register("esp"), 3)),),
        assembly=True, source="kernel/entry.S"),
    Stop("trap_dispatch", PAGE_FAULT, "| 3 |", "p *frame", WRITER, None, (
        ("vector", var("frame->vector", "%d")),
        ("eip", var("frame->eip", "%08x")))),
    Stop("do_page_fault", PAGE_FAULT, "**4.**", "fl-vmas; fl-task", WRITER,
         None, (("cr2", lambda: "%08x" % guest.register("cr2")),
                ("locks", sleeping_with))),
    Stop("fault_find_vma", PAGE_FAULT, "", "p *f; p f->mm->map_count", WRITER,
         None, (("address", var("f->addr", "%08x")),
                ("locks", sleeping_with))),
    Stop("find_vma", PAGE_FAULT, "**5, 6.**", "fl-vmatree $cr2", WRITER, None, (
        ("areas", var("mm->map_count", "%d")),),
        ask=("how many areas does find_vma look at?", areas_looked_at)),
    Stop("do_no_page", PAGE_FAULT, "**7, 8.**", "fl-pt $cr2; p *f->vma",
         WRITER, None, (
             ("path", path_line),
             ("area", lambda: why.area_line(touch())),
             ("entry", lambda: "%08x: %s" % (
                 touch().entry, pte.words(touch().entry))))),
    Stop("do_swap_page", PAGE_FAULT, "", "p *f->vma->vm_ops", WRITER, None, (
        ("seen", entry("seen.val")),
        ("swapin", var("f->vma->vm_ops->swapin", None)))),
    Stop("shm_swap_in", PAGE_FAULT, "**9.**", "fl-shm 0", WRITER, None, (
        ("segment", segment_line("fault->vma->vm_segment")),
        ("slot", slot_line))),
    Stop("get_free_page", PAGE_FAULT, "| 10 |", "p nr_free_pages; finish",
         WRITER, None, (("free", var("nr_free_pages", "%d frames")),
                        ("locks", sleeping_with)),
         ask=("the entry that set_pte will write, its last three digits?",
              answer("pte.val & 0xfff", "%03x"))),
    Stop("set_pte", PAGE_FAULT, "**11.**", "p mem_map[pte.val >> 12]", WRITER,
         None, (("before", entry("ptep->val")), ("after", entry("pte.val")),
                ("frame", frame_line("&mem_map[pte.val >> 12]")),
                ("rss", lambda: "%d" % mm().rss)),
         ask=("the rss when set_pte is done?", rss_now)),
    Stop("fault_finish", PAGE_FAULT, "Every hop returns",
         "finish; stepi back to user mode; why $cr2", WRITER, None, (
             ("outcome", var("outcome", None)),
             ("rss", lambda: "%d" % mm().rss),
             ("min_flt", var("current_task->min_flt", "%d")),
             ("now", coming(True)))),
]

SEGMENT = [
    Stop("do_shmget", SHM, "## Making one", "p shm_totals; fl-shm", WRITER,
         None, (("key", var("key", "%08x")), ("size", var("size", "%d")))),
    Stop("do_shmat", SHM, "## Attaching", "fl-shm 0; fl-vmas", WRITER, None, (
        ("id", var("id", "%d")), ("rss", lambda: "%d" % mm().rss))),
    Stop("fill_signatures", SHM, "The processor sees P=0", "bt; fl-pt", WRITER,
         None, (("range", lambda: "%08x-%08x" % (
             int(gdb.parse_and_eval("start")), int(gdb.parse_and_eval("end")))),
             ("first", entry("first.val")), ("step", var("step"))),
         ask=("the count of the page's frame when it is mapped?",
              lambda: (2, "2: page slot and entry"))),
    Stop("shm_swap_in", SHM, "1. The page slot is read", "why $cr2", WRITER,
         None, (("segment", segment_line("fault->vma->vm_segment")),
                ("slot", slot_line), ("seen", entry("seen.val"))),
         ask=("pages of the segment that are resident at the detach?",
              answer("((struct shmid_kernel *)shm_ids.slot[0])->rss", "%d"))),
    Stop("do_shmdt", SHM, "`shm_nattch` counts", "fl-shm 0; fl-check", WRITER,
         None, (("address", var("addr", "%08x")),
                ("segment", segment_line("shm_ids.slot[0]")))),
    Stop("shm_swap_in", SHM, "2. It holds", "why $cr2; fl-shm 0", READER, None,
         (("segment", segment_line("fault->vma->vm_segment")),
          ("slot", slot_line),
          ("coming", coming(False))),
         ask=("the entry that set_pte will write, its last three digits?",
              answer("pte.val & 0xfff", "%03x"))),
    Stop("set_pte", SHM, "Back in `map_page`", "fl-frame of that frame",
         READER, None, (("before", entry("ptep->val")),
                        ("after", entry("pte.val")),
                        ("frame", frame_line("&mem_map[pte.val >> 12]")))),
]

FORK = [
    Stop("dup_mm", SHM, "Fork writes signatures", "fl-vmas; fl-shm", FAMILY,
         None, (("areas", var("old->map_count", "%d")),
                ("rss", var("old->rss", "%d")),
                ("segment", segment_line("shm_ids.slot[0]")))),
    Stop("copy_page_range", PAGE_FAULT, "`fork` copies entries",
         "p *vma; fl-pt", FAMILY, None, (
             ("area", lambda: "%08x" % int(gdb.parse_and_eval(
                 "vma->vm_start"))),
             ("child rss", var("dst->rss", "%d")))),
    Stop("do_cow_page", PAGE_FAULT, "- Frame", "fl-frame of that frame; bt",
         FAMILY, None, (("who", lambda: kernel.name_of(kernel.current())),
                        ("address", var("f->addr", "%08x")),
                        ("seen", entry("seen.val")),
                        ("frame", frame_line("&mem_map[seen.val >> 12]"))),
         ask=("attaches of the segment, now that fork is done?",
              answer("((struct shmid_kernel *)shm_ids.slot[0])->shm_nattch",
                     "%d"))),
    Stop("shm_swap_in", SHM, "2. It holds", "why $cr2; fl-shm 0", FAMILY,
         lambda: kernel.page_slot(*why.segment_of(touch()))[0] != 0,
         (("who", lambda: kernel.name_of(kernel.current())),
          ("slot", slot_line), ("coming", coming(False)))),
    Stop("shm_destroy", SHM, "`shm_destroy` takes", "bt; fl-shm", FAMILY, None,
         (("segment", segment_line("seg")),)),
]

# Functions that a kernel without swap does not have are only looked up when
# the tour comes to them.
OUT_AND_BACK = [
    Stop("shm_evict", SWAP, "**2 (segments).**", "bt; fl-shm 0", None, None, (
        ("frame", frame_line("page")), ("entry", entry("entry.val")),
        ("segment", segment_line("page->seg")))),
    Stop("shm_unmap_page", SWAP, "**4, 5.**", "fl-shm 0", None, None, (
        ("frame", frame_line("page")),),
        ask=("the count of the frame when its entries are gone?",
             answer("page->count", "%d"))),
    Stop("shm_slot_to_swap", SWAP, "A **swap entry**", "fl-pt; fl-swap", None,
         None, (("frame", frame_line("page")), ("entry", entry("entry.val")))),
    Stop("write_swap_page", SWAP, "**6.**", "fl-swap; fl-check", None, None, (
        ("frame", frame_line("page")),)),
    Stop("shm_swap_in", SWAP, "`shm_swap_in` is hop 9", "why $cr2", None,
         lambda: pte.is_swap(kernel.page_slot(*why.segment_of(touch()))[0]), (
             ("who", lambda: kernel.name_of(kernel.current())),
             ("slot", slot_line), ("coming", coming(False)))),
    Stop("read_swap_page", SWAP, "**10.**", "fl-swap; bt", None, None, (
        ("entry", entry("entry.val")),)),
    Stop("set_pte", SWAP, "A disk was read", "why $cr2; fl-swap", None,
         lambda: is_shm_fault(), (
             ("before", entry("ptep->val")), ("after", entry("pte.val")),
             ("major", var("current_task->maj_flt", "%d so far")))),
]

TOURS = {
    "fault": (["--", "testwrite; testread"], FAULT),
    "shm": (["--", "testwrite; testread"], SEGMENT),
    "swap": (["--ram", "16M", "--swap", "64M", "--", "watchpage"],
             OUT_AND_BACK),
    "fork": (["--", "parentchild"], FORK),
}
