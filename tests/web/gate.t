#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The folder of `make web`, and its machine in node: the first fault event
# comes within two seconds (of a slow machine, counted in instructions), the
# console answers, the gate holds it, a kept state brings it back. The areas'
# trees that the page draws are those in the machine's memory.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/web/lib.sh
. tests/web/lib.sh

need_program node
web_folder

# Names of the kernel the page has no need for, from gdb: "name=value" each.
ask=(-ex 'printf "all_mms=%u\n", &all_mms')
for field in mm_struct.all mm_struct.pgd_paddr mm_struct.mmap_avl \
    vm_area_struct.vm_start:start vm_area_struct.vm_avl_left:left \
    vm_area_struct.vm_avl_right:right; do
    path=${field%%:*}
    ask+=(-ex "printf \"${field##*[.:]}=%u\\n\", \
        (unsigned)&((struct ${path%%.*} *)0)->${path##*.}")
done
facts=
if command -v gdb >/dev/null; then
    facts=$(gdb -batch -nx "${ask[@]}" "$build/kernel.elf" 2>/dev/null)
fi
# shellcheck disable=SC2086 # one word a fact
node tests/web/gate.js "$web" $facts
exit $?
