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
refuse "a comment that nothing keeps" '/* mmap_sem of MM
 * is held. */
static void touch(struct mm_struct *mm)
{
	mm->brk++;
}' 'touch: its comment says that mmap_sem is held'
refuse "a lock that is asserted late" '/* The lock is held. */
static void late(struct pipe *pipe)
{
	u32 n = 0;

	n++;
	n++;
	n++;
	assert_held(&pipe->lock);
}' 'late: its comment says that lock is held'
refuse "a name that nothing keeps" 'static void take_locked(struct pipe *pipe)
{
}' 'take_locked: its name says'
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
cat >"$tmp/held.c" <<'END'
/* SPDX-License-Identifier: MIT */
/* The lock is held. */
static void early(struct pipe *pipe)
{
	u32 n = pipe->len;

	assert_held(&pipe->lock);
}

/* mmap_sem is held, unless MM is a child's, which nobody else has. */
static void touch(struct mm_struct *mm)
{
	mm->brk++;
}

/* No lock is held while a page is read. */
static void read_it(struct page *page)
{
}
END
out=$(tools/lint "$tmp/held.c")
ok $? "lint accepts a lock that is asserted, an exception, and no lock" "$out"

# A small tree: rules that all files together keep.
small=$tmp/small
for folder in boot drivers fs include ipc kernel lib mm; do
    mkdir -p "$small/$folder"
    : >"$small/$folder/dir.mk"
done
mkdir "$small/kernel/trace"
cp -r tools .gitignore "$small"
spdx='/* SPDX-License-Identifier: MIT */'
printf '%s\n' "$spdx" 'SLEEP_POINT(used, "here")' \
    'SLEEP_POINT(unused, "nowhere")' >"$small/kernel/trace/sleep_points.def"
printf '%s\n' "$spdx" 'void f(void)' '{' '	may_sleep(SLEEP_used);' \
    '	assert_may_sleep();' '}' >"$small/drivers/disk.c"
{
    printf '%s\n' "$spdx" 'u32 thin[] = {'
    yes '	0,' | head -n 100
    echo '};'
} >"$small/mm/thin.c"
printf '%s\n' "$spdx" 'void g(void)' '{' '	ASSERT(1);' '}' >"$small/ipc/good.c"
out=$("$small/tools/lint")
is $? 1 "lint's status for a tree"
like "$out" 'sleep_points.def:3: no may_sleep\(SLEEP_unused\) is anywhere' \
    "lint refuses a sleep point that is nowhere"
like "$out" 'drivers/disk.c:5: may_sleep' "and another way to say it"
like "$out" 'mm: 0.0 assertions.*
mm:1: at least 20 are wanted' "and a folder with few assertions"
like "$out" 'ipc: 250.0 assertions per 1,000 lines of code
[^:]*$' "but not one with many"

echo 'ok 3 - something # skip no reason' >"$tmp/log"
tools/check-skips "$tmp/log" 2>/dev/null
is $? 1 "a skipped test fails continuous integration"
echo 'ok 3 - apt cannot download # SKIP not decided: slow' >"$tmp/log"
tools/check-skips "$tmp/log" 2>/dev/null
is $? 1 "so does one that is not decided, whatever words stand in it"
is "$(grep -c '^not decided' tests/may-skip)" 0 "none may be"
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

# A tree of two tests, of which one has not been run.
tree=$tmp/tree
mkdir -p "$tree/tests/user" "$tree/build" "$tree/tools"
cp -r Makefile README.md "$tree"
cp -r tools/test-cost tools/vmlib "$tree/tools"
touch "$tree/tests/user/a.t" "$tree/tests/user/b.t"
cost() {
    out=$(unset FAULTLINE_BUILD && "$tree/tools/test-cost" "$@" 2>&1)
    echo "$? $out"
}
is "$(cost --write)" \
    "1 tools/test-cost: build/test-cost is missing: run make test first" \
    "no figure without a run"
printf 'tests/user/a.t\t1.25\t3\n' >"$tree/build/test-cost"
is "$(cost --write)" \
    "1 tools/test-cost: tests/user/b.t has not been run: run make test first" \
    "nor with a part of one"
printf 'tests/user/b.t\t60.5\t70\ntests/gone.t\t9\t9\n' >>"$tree/build/test-cost"
is "$(cost --write)" "0 " "with all of one"
like "$(cat "$tree/README.md")" ' 70 s of processor time$' \
    "the README gets the sum, rounded up"
is "$(cost | sed 's/^0 //' | tr -s ' ')" "processor clock
 60.5 s 70 s tests/user/b.t
 1.2 s 3 s tests/user/a.t
 0.0 s 0 others
 61.8 s all 2 of 2" "the table"
printf 'tests/user/a.t\t200\t3\ntests/user/b.t\t60.5\t70\n' >"$tree/build/test-cost"
is "$(cost --check)" "0 remark: make test took 260 s of processor time here, \
README.md says 70 s" "a figure that is off is a remark"
sed -i 's/everything: .*/everything/' "$tree/README.md"
like "$(cost --check)" '^1 .*README.md has no line' "one that is not there is not"
out=$(tools/test-cost --check)
ok $? "README.md says what make test takes" "$out"

for tool in setup setup-user build-stamp guestcc asm-dir mkinitrd mkiso bench gen-abi gen-facts docs-check lint size vm mutants \
    test-cost run-tests; do
    like "$(tools/$tool --help)" usage "tools/$tool --help"
done
out=$(make -s help)
like "$out" '^quality' "make help is grouped"
for target in all run iso gdb trace test test-host test-user test-boot bench \
    lint format docs-check lab-check size clean; do
    like "$out" "^  $target " "make help lists $target"
done
done_testing
