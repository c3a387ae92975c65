#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tools/lint finds what it says it refuses; tools/check-skips does; make help
# and the tools answer --help.
. "$(dirname "$0")/../lib.sh"

# refuse NAME TEXT WORDS: a .c file with TEXT is refused with WORDS, by the run
# of tools/lint that follows for all of them
refused=()
refuse() {
    local file=$tmp/bad$((${#refused[@]} / 3)).c
    printf '/* SPDX-License-Identifier: MIT */\n%s\n' "$2" >"$file"
    refused+=("$file" "$1" "$3")
}

refuse "extern in a .c file" 'extern int there;' 'extern in a .c'
refuse "a prototype" 'int there(int x);' 'prototype'
refuse "blanks at a line's end" 'int x; ' 'blanks at the end'
refuse "marks" "/* TO""DO: later */" 'unfinished'
refuse "a long function" "int f(void)
{
$(yes '	f();' | head -n 101)
}" 'f has 10. lines'
refuse "a wide line" "int a; /* $(printf 'x%.0s' {1..100}) */" 'columns'
refuse "assembly" 'static void f(void) { asm volatile("cli"); }' 'assembly'
refuse "odd labels" 'static void f(void) { goto fail; fail: return; }' 'goto'
out=$(tools/lint "$tmp"/bad*.c)
is $? 1 "lint's status"
for ((i = 0; i < ${#refused[@]}; i += 3)); do
    like "$(grep -F "${refused[i]}:" <<<"$out")" "${refused[i + 2]}" \
        "lint refuses ${refused[i + 1]}"
done
printf '/* SPDX-License-Identifier: MIT */\nstatic int f(int a, int b);\n\nstatic int f(int a,\n	     int b)\n{\n	return a + b;\n}\n' >"$tmp/good.c"
out=$(tools/lint "$tmp/good.c")
ok $? "lint accepts static prototypes" "$out"

echo 'ok 3 - something # skip no reason' >"$tmp/log"
tools/check-skips "$tmp/log" 2>/dev/null
is $? 1 "a skipped test fails continuous integration"
echo 'ok 3 - something' >"$tmp/log"
tools/check-skips "$tmp/log"
ok $? "none skipped: passes"

# What the locale calls a text is nothing a file of ours depends on.
python3 tests/tools/encodings.py $(find tools tests/*.py tests/tools tests/web \
    tests/boot/trace.t -type f) >"$tmp/log"
ok $? "every text is opened with its encoding" "$(cat "$tmp/log")"
printf 'open(a)\nopen(a, "wb")\nopen(a, encoding="utf-8")\nrun(a, text=True)\n' \
    >"$tmp/bad.py"
is "$(python3 tests/tools/encodings.py "$tmp/bad.py" | cut -d: -f2 | xargs)" '1 4' \
    "and one that is not is found"

for tool in setup setup-user build-stamp guestcc asm-dir mkinitrd mkiso bench gen-abi docs-check lint size vm mutants; do
    like "$(tools/$tool --help)" usage "tools/$tool --help"
done
out=$(make -s help)
like "$out" '^quality' "make help is grouped"
for target in all run iso gdb trace test test-host test-user test-boot bench \
    lint format docs-check lab-check size clean; do
    like "$out" "^  $target " "make help lists $target"
done
done_testing
