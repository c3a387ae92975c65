# SPDX-License-Identifier: MIT
"""fl-vmas, fl-vmatree: the areas of an address space, as list and as tree."""
from . import kernel
from .command import Sorry, address, command


def pid_and_address(args):
    """[PID] [ADDR], in any of its forms: a task, and an address or None. One
    word is a PID if it is the decimal number of a task."""
    if len(args) > 1:
        return kernel.chosen_task(args[:1]), address(args[1])
    if not args:
        return kernel.current(), None
    if args[0].isdigit() and len(args[0]) <= 5:
        return kernel.chosen_task(args), None
    return kernel.current(), address(args[0])


@command("fl-vmas")
def fl_vmas(args):
    """fl-vmas [PID]: the areas of a process, lowest first."""
    kernel.check_ready()
    task = kernel.chosen_task(args)
    mm = kernel.mm_of(task)
    yield "%s: %d areas, %d pages, rss %d" % (
        kernel.name_of(task), mm.map_count, mm.total_vm, mm.rss)
    end = 0
    for vma in kernel.areas(mm):
        if vma.vm_start < end or vma.vm_end <= vma.vm_start:
            yield "%08x-%08x" % (vma.vm_start, vma.vm_end)
            raise Sorry("the list is out of order there (I10)")
        end = vma.vm_end
        yield "%08x-%08x %5d %s %s" % (
            vma.vm_start, vma.vm_end, (vma.vm_end - vma.vm_start) >> 12,
            kernel.rights(vma.vm_flags), kernel.object_of(vma, mm))


class Tree:
    """The tree below ROOT, read as a whole."""

    def __init__(self, mm):
        self.order = []  # (depth, vma), as drawn: highest area first
        self.seen = set()
        self.height = {}
        if mm.mmap_avl:
            self.visit(mm.mmap_avl, 0)

    def visit(self, node, depth):
        if node in self.seen:
            raise Sorry("the tree of areas runs in a circle at %08x" % node)
        if not kernel.TASK_SIZE <= node < 1 << 32 or node % 4:
            raise Sorry("the tree of areas: a wild pointer, %08x" % node)
        self.seen.add(node)
        vma = kernel.area(node)
        if depth > 40:
            raise Sorry("the tree of areas is deeper than 40 levels")
        high = self.child(vma.vm_avl_right, depth)
        self.order.append((depth, vma))
        low = self.child(vma.vm_avl_left, depth)
        self.height[node] = 1 + max(low, high)
        return self.height[node]

    def child(self, node, depth):
        return self.visit(node, depth + 1) if node else 0

    def balance(self, vma):
        """Levels by which the higher addresses' side is deeper."""
        return self.height.get(vma.vm_avl_right, 0) - \
            self.height.get(vma.vm_avl_left, 0)


def draw(tree, marked):
    """One line an area; the root at the left, higher addresses above."""
    for depth, vma in tree.order:
        wrong = []
        balance = tree.balance(vma)
        if vma.vm_avl_height != tree.height[vma.addr]:
            wrong.append("height is %d" % tree.height[vma.addr])
        if abs(balance) > 1:
            wrong.append("out of balance")
        yield "%s%s%08x-%08x h%d %+d%s" % (
            "* " if vma.addr in marked else "  ", "   " * depth, vma.vm_start,
            vma.vm_end, vma.vm_avl_height, balance,
            "  WRONG: " + ", ".join(wrong) if wrong else "")


def path_words(passed, best, addr):
    """The descent of find_vma(), step by step."""
    steps = []
    for vma in passed:
        way = "right" if vma.vm_end <= addr else \
            "here" if vma.vm_start <= addr else "left"
        steps.append("%08x-%08x %s" % (vma.vm_start, vma.vm_end, way))
    return steps


@command("fl-vmatree")
def fl_vmatree(args):
    """fl-vmatree [PID] [ADDR]: the AVL tree of areas, turned by a quarter.
The root is at the left, higher addresses above; h is the height as stored,
the signed number the levels by which the upper side is deeper. Stars mark the
path that find_vma() takes for ADDR."""
    kernel.check_ready()
    task, addr = pid_and_address(args)
    mm = kernel.mm_of(task)
    tree = Tree(mm)
    yield "%s: %d areas, height %d" % (
        kernel.name_of(task), len(tree.order),
        tree.height.get(mm.mmap_avl, 0))
    passed, best = kernel.path_to(mm, addr) if addr is not None else ([], None)
    yield from draw(tree, {vma.addr for vma in passed})
    if addr is None:
        return
    yield "find_vma(%08x): %s" % (addr, ", ".join(
        path_words(passed, best, addr)) or "the tree is empty")
    if best is None:
        yield "no area ends above it"
    elif best.vm_start > addr:
        yield "the next area above it begins at %08x" % best.vm_start
