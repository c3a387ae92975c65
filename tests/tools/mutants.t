#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every patch of tests/mutants applies, says what it is, and which test sees
# it; tools/mutants says in one sentence what is wrong with one.
. "$(dirname "$0")/../lib.sh"

out=$(tools/mutants --check)
ok $? "every mutant applies, with its head and its test" \
    "$(sed -n '/^not ok/,/^ok/p' <<<"$out")"
is "$(grep -c '^ok' <<<"$out")" "$(find tests/mutants -name '*.patch' | wc -l)" \
    "each of them was looked at"
for name in $(cd tests/mutants && echo B*.patch); do
    grep -q "^| ${name%.patch} | " docs/shm-spec.md || echo "$name"
done >"$tmp/unknown"
is "$(cat "$tmp/unknown")" "" "docs/shm-spec.md 9 has each classic bug"
like "$(tools/mutants --list)" 'tests/stage/guards.t b07' "tools/mutants --list"

# --- a tree of one file -----------------------------------------------------
tree=$tmp/tree
mkdir -p "$tree/tools" "$tree/tests/mutants" "$tree/mm"
cp tools/mutants "$tree/tools"
printf '%s\n' one two three >"$tree/mm/x.c"
printf '#!/bin/sh\n' >"$tree/tests/x.t"
chmod 755 "$tree/tests/x.t"
# patch FILE LINE HEAD: the patch X, by which LINE of FILE becomes "four"
patch() {
    printf '%s\n\n--- a/%s\n+++ b/%s\n@@ -1,3 +1,3 @@\n one\n-%s\n+four\n three\n' \
        "$3" "$1" "$1" "$2" >"$tree/tests/mutants/X.patch"
}
# checked NAME STATUS REGEX
checked() {
    out=$("$tree/tools/mutants" --check 2>&1)
    is $? "$2" "$1"
    like "$out" "$3" "$1: it says so"
}
head='Bug: a mistake
Test: tests/x.t
Seen: four'
patch mm/x.c two "$head"
checked "a good one" 0 '^ok 1 - tests/mutants/X.patch applies$'
is "$(xargs <"$tree/mm/x.c")" "one two three" "a check changes nothing"
patch mm/x.c too "$head"
checked "a file that has changed" 1 \
    '^# tests/mutants/X.patch no longer applies: mm/x.c has changed$'
patch mm/y.c two "$head"
checked "a file that is gone" 1 \
    '^# tests/mutants/X.patch no longer applies: mm/y.c has changed$'
patch mm/x.c two "Bug: a mistake
Test: tests/x.t"
checked "no words to look for" 1 "^# tests/mutants/X.patch has no line 'Seen:'$"
patch mm/x.c two "${head/x.t/y.t}"
checked "no test" 1 'X.patch names tests/y.t, which is no test$'
out=$(tools/mutants B99 2>&1)
is "$? $out" "2 tools/mutants: B99 is none of tests/mutants" "an unknown name"

# --- a build ----------------------------------------------------------------
# newer: objects of the kernel that are not those of the normal build
newer() {
    (cd "$build-mutants/B14" && find boot kernel mm ipc fs drivers lib \
        -name '*.o' ! -path '*/.new/*' | while read -r object; do
        [ "$object" -nt "$build/$object" ] && echo "$object"
    done) | sort | xargs
}
if [ -e "$build/kernel.elf" ]; then
    run tools/mutants --build B14
    is "$rc" 0 "a mutant is built"
    is "$(newer)" "mm/swap/swap_in.c.o mm/swap/swapoff.c.o" "only what it touches is"
    cmp -s "$build/kernel.elf" "$build-mutants/B14/kernel.elf"
    is $? 1 "into a kernel of its own"
else
    skip "a mutant is built" "there is no normal build"
fi
done_testing
