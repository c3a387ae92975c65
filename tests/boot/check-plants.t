#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The checkers are alive: gdb plants one mistake after the other into a machine
# that is about to check itself; each must end in a panic that names the
# invariant. All in one boot: at the first instruction of panic() the mistake
# is taken back, and the check begins anew. The last one is let go.
. "$(dirname "$0")/../lib.sh"

command -v gdb >/dev/null || skip_all "gdb is not installed"
programs planted

cat >"$tmp/plants.py" <<'PYTHON'
import gdb

KERNEL, VM_SHM, SHM_DEST = 0xC0000000, 0x400, 0o1000


def value(text):
    return int(gdb.parse_and_eval(text))


def areas(mm):
    vma = mm["mmap"]
    while vma:
        yield vma
        vma = vma["vm_next"]


def entry_of(mm, addr):
    """The word of the page table that ADDR is translated by."""
    table = int(mm["pgd"][int(addr) >> 22]) & ~0xfff
    return word(KERNEL + table + (int(addr) >> 12 & 1023) * 4)


def word(addr):
    return "*(unsigned int *)%#x" % addr


def at(pointer, field):
    return "((%s)%#x)->%s" % (pointer.type.unqualified(), int(pointer), field)


def plants():
    """(name, place, its wrong value)"""
    mm = gdb.parse_and_eval("current_task->mm")
    attaches = [v for v in areas(mm) if int(v["vm_flags"]) & VM_SHM]
    rw = [v for v in attaches if int(v["vm_flags"]) & 2][0]
    ro = [v for v in attaches if not int(v["vm_flags"]) & 2][0]
    anon = rw["vm_next"]["vm_next"]
    seg = rw["vm_segment"]
    lone = gdb.parse_and_eval("(struct shmid_kernel *)shm_ids.slot[1]")
    shared = entry_of(mm, ro["vm_start"])
    touched = entry_of(mm, anon["vm_start"])
    promised = entry_of(mm, int(rw["vm_start"]) + 0x2000)
    frame = "mem_map[%d]" % (value(touched) >> 12)
    table = "mem_map[%d]" % ((int(mm["pgd"][int(rw["vm_start"]) >> 22])) >> 12)
    more = lambda name, place: (name, place, value(place) + 1)
    yield more("shm_tot", "shm_totals.tot")
    yield more("shm_rss", "shm_totals.rss")
    yield more("a segment's rss", at(seg, "rss"))
    yield more("a segment's nattch", at(seg, "shm_nattch"))
    yield ("a segment that is not its area's", at(ro, "vm_segment"), int(lone))
    yield ("SHM_DEST without attaches", at(lone, "shm_perm.mode"),
           value(at(lone, "shm_perm.mode")) | SHM_DEST)
    yield more("the segments in use", "shm_ids.in_use")
    yield more("the rss", at(mm, "rss"))
    yield more("total_vm", at(mm, "total_vm"))
    yield more("map_count", at(mm, "map_count"))
    yield more("a frame's count", frame + ".count")
    yield ("a writable entry in a read-only attach", shared,
           value(shared) | 2)
    yield ("an attach's entry with another frame", shared,
           value(shared) & 0xfff | value(touched) & ~0xfff)
    yield ("another page's signature", promised, value(promised) + (1 << 18))
    yield ("a signature in private memory", touched, value(promised))
    yield more("a hole", at(anon, "vm_hole"))
    yield more("the largest hole", at(mm["mmap_avl"], "vm_max_hole"))
    yield more("a height", at(mm["mmap_avl"], "vm_avl_height"))
    yield ("an area too low", at(mm["mmap"], "vm_start"), 0x1000)
    yield ("areas that overlap", at(rw, "vm_end"),
           int(rw["vm_end"]) + 4096)
    yield more("entries in a table", table + ".pt_used")
    yield more("frames and slots in a table", table + ".pt_held")
    yield more("free frames", "nr_free_pages")
    # from here on a breach leaves the counts of slots as it found them wrong
    evicted = entry_of(mm, int(anon["vm_start"]) + 0x2000)
    cached = entry_of(mm, int(anon["vm_start"]) + 0x3000)
    slots = "swap_info[0].swap_map[%d]"
    held = slots % (value(evicted) >> 8)
    yield more("shm_swp", "shm_totals.swp")
    yield more("a segment's swp", at(seg, "swp"))
    yield ("a segment's frame that says another page",
           "mem_map[%d].seg_index" % (value(shared) >> 12), 3)
    yield ("a page slot that holds a signature",
           word(int(seg["pages"][0]) + 4), value(promised))
    yield more("the entries in swap", at(mm, "swapped"))
    yield more("a holder of a slot that is not there", held)
    yield ("a holder of a slot that is not counted", held, 0)
    yield ("an entry that names no slot", evicted, 0x7fffff00)
    yield ("an entry that names the header", evicted, 0x2)
    yield more("a frame of the swap cache",
               "mem_map[%d].count" % (value(cached) >> 12))


def text(addr):
    return gdb.Value(addr).cast(
        gdb.lookup_type("char").pointer()).string()


def registers():
    names = "eip esp ebp ebx esi edi eflags".split()
    return [(n, value("(unsigned int)$" + n)) for n in names]


def run_to_verdict():
    """What panic() was asked to say, or None."""
    gdb.execute("continue", to_string=True)
    esp = value("(unsigned int)$esp")
    if value("(unsigned int)$eip") != value("(unsigned int)&panic"):
        return None
    sentence = text(value(word(esp + 4)))
    if "%s" in sentence:
        sentence = sentence.replace("%s", text(value(word(esp + 8))), 1)
    return sentence


def main():
    gdb.execute("hbreak *check_show", to_string=True)
    gdb.execute("continue", to_string=True)
    esp = value("(unsigned int)$esp")
    saved = registers() + [(word(esp + 4 * i), value(word(esp + 4 * i)))
                           for i in range(4)]
    gdb.execute("delete", to_string=True)
    gdb.execute("hbreak *panic", to_string=True)
    gdb.execute("hbreak *%#x" % value(word(esp)), to_string=True)
    for name, place, wrong in plants():
        right = value(place)
        gdb.execute("set var %s = %d" % (place, wrong))
        print("plant %s: %s" % (name, run_to_verdict()))
        gdb.execute("set var %s = %d" % (place, right))
        for where, what in saved:
            gdb.execute("set var %s = %d" %
                        (where if where[0] == "*" else "$" + where, what))
    gdb.execute("delete", to_string=True)
    gdb.execute("set var shm_totals.tot = 77")
    try:
        gdb.execute("continue", to_string=True)
    except gdb.error:
        pass  # the machine has ended


main()
PYTHON

plain_build
FAULTLINE_BUILD=$plain gdb_machine --swap 1M --add "$progs" -- /t/planted
kernel=$(sed -n 's/^ *gdb \(.*\) -ex.*/\1/p' "$tmp/machine.err")
run gdb -q -nx -batch -ex "target remote $target" -x "$tmp/plants.py" "$kernel"
cp "$tmp/out" "$tmp/said"
wait $machine
is $? 125 "a broken invariant stops the machine" "$(cat "$tmp/said")"
like "$(cat "$tmp/machine.err")" '^kernel panic: I1: shm_tot 77, ' "and says which"

# names NAME WORDS: planting NAME is found, and called by WORDS
names() {
    like "$(grep "^plant $1: " "$tmp/said" || cat "$tmp/said")" \
        "^plant $1: $2" "$1"
}

names "shm_tot" 'I1: shm_tot '
names "shm_rss" 'I2: shm_rss '
names "a segment's rss" 'I2: segment '
names "a segment's nattch" 'I3: segment '
names "a segment that is not its area's" 'I4: area '
names "SHM_DEST without attaches" 'I8: dead segment '
names "the segments in use" 'in_use '
names "the rss" 'I9: rss '
names "total_vm" 'I9: total_vm '
names "map_count" 'I10: map_count '
names "a frame's count" 'I5: frame '
names "a writable entry in a read-only attach" 'I7: writable entry '
names "an attach's entry with another frame" 'I7: entry .* page slot '
names "another page's signature" 'I7: entry .* is not the signature '
names "a signature in private memory" 'entry .* belongs to nobody'
names "a hole" 'I10 INV-V3: vm_hole '
names "the largest hole" 'I10 INV-V3: vm_max_hole '
names "a height" 'I10 INV-V2: a height '
names "an area too low" 'INV-V4: an area at '
names "areas that overlap" 'I10 INV-V1: areas overlap'
names "entries in a table" 'INV-T1: '
names "shm_swp" 'I2: shm_rss '
names "a segment's swp" 'I2: segment '
names "a segment's frame that says another page" 'I2: frame '
names "a page slot that holds a signature" 'I2: page slot '
names "the entries in swap" 'INV-T2: swapped '
names "a holder of a slot that is not there" 'I6: .* holders of swap slots'
names "a holder of a slot that is not counted" 'I6: slot .* more holders'
names "an entry that names no slot" 'I6: entry .* names no slot'
names "an entry that names the header" 'I6: entry .* names no slot'
names "a frame of the swap cache" 'I5: frame '
names "frames and slots in a table" 'INV-T1: '
names "free frames" 'INV-B2: '
done_testing
