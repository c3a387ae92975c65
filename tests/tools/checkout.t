#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Odd checkouts: in a folder whose name means something to make and the shell,
# without git, with CRLF asked for, with another compiler, an interrupted
# build, a clock that was set back. Only single objects are built here; the
# whole of it, booted and tested, is tests/slow/checkout.t.
. "$(dirname "$0")/../lib.sh"
unset MAKEFLAGS MAKELEVEL MFLAGS O BUILD MUTANT FAULTLINE_BUILD
unset CC CROSS NM STRIP READELF
[ ! -r .tools/env ] || . .tools/env

odd="$tmp/it's a \$HOME #1 & co, ü=(\"x\")"
plain=$tmp/plain
objects='build/boot/entry.asm.o build/kernel/entry.S.o build/lib/bitmap.c.o
    build/user/true.c.o'
o=build/lib/bitmap.c.o

# checkout FOLDER: the files of this one, without git
checkout() {
    mkdir -p "$1"
    tools/lint --list >"$tmp/files"
    tar -cf - -T "$tmp/files" | tar -xf - -C "$1"
}

# sum_up NAME WANTED-STATUS REGEX: of the command before
sum_up() {
    is "$rc" "$2" "$1: status $2"
    like "$out" "$3" "$1: says so"
}

# built WORDS...: make in $plain; fills $out and $rc
built() {
    out=$(make -C "$plain" --no-print-directory "$@" 2>&1)
    rc=$?
}

checkout "$odd"
checkout "$plain"

# --- the folder -------------------------------------------------------------
# shellcheck disable=SC2086 # words
{
    out=$(make -C "$odd" $objects 2>&1)
    ok $? "objects are built in $(basename "$odd")" "$out"
    built $objects
    ok $rc "and in a folder named plain" "$out"
}
for object in $objects; do
    cmp "$odd/$object" "$plain/$object"
    ok $? "$object is the same in both" \
        "$(strings "$odd/$object" | grep "$tmp")"
done
readelf --debug-dump=info "$odd/build/boot/entry.asm.o" >"$tmp/dwarf" 2>&1
grep -q 'DW_AT_comp_dir *: \.$' "$tmp/dwarf" &&
    grep -A1 '(DW_TAG_subprogram)' "$tmp/dwarf" | grep -q 'low_pc *: 0$' &&
    ! grep -qi 'warning' "$tmp/dwarf"
ok $? "what nasm says for gdb is whole, and names no folder" "$(cat "$tmp/dwarf")"
[ -s "$odd/build/lib/bitmap.c.d" ]
ok $? "the headers of an object are known"

# --- what is typed goes on as it is -----------------------------------------
# make's tools are replaced by one that shows its words
mkdir "$odd/stub"
cat >"$tmp/show" <<'END'
#!/bin/sh
for word; do printf '<%s>' "$word"; done
echo " CMD<$CMD> AT<$AT>"
END
chmod 755 "$tmp/show"
for tool in vm trace-view record gdb/start bench mutants; do
    cp "$tmp/show" "$odd/tools/$tool"
done
# shown TARGET WORDS...: with what is to be built left out
shown() {
    out=$(make -C "$odd" -s debug-build=@: all= DEBUG_O=stub -o all "$@" 2>&1)
}
text='it'\''s "a  b" $x $$ `c` \d * # & ;'
for target in trace gdb record; do
    shown $target CMD="$text"
    like "$(grep -F -- "<$text>" <<<"$out")" . "make $target CMD=: unchanged"
    [ -n "$(grep -F -- "<$text>" <<<"$out")" ] || echo "# $out"
done
shown gdb AT="f's \$x"
like "$out" "AT<f's \\\$x>" "make gdb AT="
shown trace
like "$out" '<testwrite; testread>' "make trace without CMD="
shown replay FOLDER="a  b's \$x"
like "$out" "<--replay><a  b's \\\$x>" "make replay FOLDER="
shown tour TOUR=swap PREDICT=1
like "$out" '<--tour><swap><--predict>' "make tour TOUR= PREDICT="
shown record ARGS="--folder 'a  b' --swap 16M"
like "$out" '<--folder><a  b><--swap><16M>' "make record ARGS=: words of a shell"
shown bench GROUPS='fault vma'
like "$out" '<fault><vma>' "make bench GROUPS="
shown test-mutants MUTANT='B07 B*'
like "$out" '<B07><B\*>' "make test-mutants MUTANT="

# --- nothing runs -----------------------------------------------------------
rm -rf "$plain/build"
for words in '-n all' '-n iso' '-n test' '-n gdb CMD=x' '-nB all'; do
    # shellcheck disable=SC2086 # words
    built $words
    is "$rc" 0 "make $words"
done
built -qp
like "$out" '^build/kernel.elf:' "make -qp tells the rules"
[ ! -e "$plain/build" ] && [ ! -e "$plain/build-debug" ]
ok $? "none of them has made anything" "$(ls "$plain")"
built "O=a b" all
sum_up "O= with a blank" 2 'no file names with blanks'

# --- compilers --------------------------------------------------------------
# compiler NAME LINE: $tmp/NAME, which runs LINE, then gcc
compiler() {
    printf '#!/bin/sh\n%s\nexec %s "$@"\n' "$2" "${CC:-gcc}" >"$tmp/$1"
    chmod 755 "$tmp/$1"
}
# refused NAME REGEX: $tmp/NAME is refused in one sentence before all else
refused() {
    built -j4 CC="$tmp/$1" all
    sum_up "$1" 2 "$2"
    is "$(grep -vc '^make' <<<"$out")" 1 "$1: in one line"
    is "$(find "$plain/build" -type f)" '' "$1: nothing is built"
}
compiler tcc 'set -- -D__TINYC__=1 "$@"'
refused tcc 'neither gcc nor clang'
compiler gcc-4.9 'set -- -U__GNUC__ -D__GNUC__=4 "$@"'
refused gcc-4.9 'older than gcc 8'
compiler gcc-no-m32 'case "$*" in *-m32*-static*) echo error: no; exit 1;; esac'
refused gcc-no-m32 'cannot build 32-bit programs: run tools/setup'
compiler gcc-odd 'case "$*" in *-mgeneral*) echo "error: -mgene"; exit 1;; esac'
refused gcc-odd 'does not know: error: -mgene'
built CC=no-such-gcc all
sum_up "none" 2 '^no-such-gcc is missing: '

# what Ubuntu's does unasked
compiler ubuntu 'set -- -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
    -fcf-protection -fstack-clash-protection "$@"
case "$*" in *-dumpmachine*) ;; *--version*) sed -n 1p "$0.version"; exit;; esac'
echo "gcc one" >"$tmp/ubuntu.version"
built CC="$tmp/ubuntu" $o build/user/true.c.o
ok $rc "a compiler with other defaults builds" "$out"
for object in $o build/user/true.c.o; do
    is "$(objdump -d "$plain/$object" | tail -n +3)" \
        "$(objdump -d "$odd/$object" | tail -n +3)" "$object: the same code"
done
out=$(CC=$tmp/ubuntu tools/guestcc -Wall -Werror -O1 -c -o "$tmp/b.o" \
    tests/boot/progs/blkdev.c 2>&1; nm -u "$tmp/b.o" | grep _chk)
is "$out" '' "and programs for the guest, without checks of its own"

# built_again NAME WANTED: whether $o was made again since the last time
built_again() {
    local new
    new=$(stat -c %Y%y "$plain/$o")
    [ "$new" != "$before" ]
    is $? "$2" "$1" || true
    before=$new
}
before=$(stat -c %Y%y "$plain/$o")
built CC="$tmp/ubuntu" $o
built_again "the same compiler: nothing is built" 1
echo "gcc two" >"$tmp/ubuntu.version"
built CC="$tmp/ubuntu" $o
built_again "another version of it: all is built again" 0
mv "$plain" "$tmp/moved here"
plain="$tmp/moved here"
built CC="$tmp/ubuntu" $o
ok $rc "a checkout that was moved builds on" "$out"
built_again "and nothing again" 1

# --- the clock, and a sudden end --------------------------------------------
tomorrow="@$(($(date +%s) + 86400))"
touch -d "$tomorrow" "$plain/$o" "$plain/build/.flags"
before=$(stat -c %Y%y "$plain/$o")
echo '/* later */' >>"$plain/lib/bitmap.c"
built CC="$tmp/ubuntu" $o
ok $rc "files from the future" "$out"
like "$out" 'the clock was set back' "are told"
built_again "and made again" 0
touch -d "$tomorrow" "$plain/lib/bitmap.c"
built CC="$tmp/ubuntu" $o
ok $rc "make ends with a source from the future" "$out"
touch "$plain/lib/bitmap.c"

compiler killed 'case "$*" in *-MMD*)
    [ -e "$0.whole" ] || { while [ "$1" != -o ]; do shift; done
    echo half >"$2"; echo "x: y" >"${2%.o}.d"; kill -9 0; } ;; esac'
(setsid make -C "$plain" CC="$tmp/killed" $o; true) >/dev/null 2>&1
: >"$tmp/killed.whole"
built CC="$tmp/killed" $o
ok $rc "a build that was killed goes on" "$out"
readelf -h "$plain/$o" >/dev/null
ok $? "with whole objects"

# --- without git, and with one that says no ---------------------------------
mkdir -p "$plain/build-other" "$plain/mm/__pycache__" "$plain/.tools/root"
for junk in build-other/a.c mm/__pycache__/b.py .tools/root/c.h mm/fault.c~; do
    echo >"$plain/$junk"
done
want=$(tools/lint --list)
is "$(cd "$plain" && tools/lint --list)" "$want" "lint lists the files without git"
mkdir "$tmp/bin"
printf '#!/bin/sh\necho "fatal: dubious ownership" >&2\nexit 128\n' >"$tmp/bin/git"
chmod 755 "$tmp/bin/git"
is "$(PATH=$tmp/bin:$PATH "$plain/tools/lint" --list)" "$want" \
    "and where git refuses"
rm "$plain/.gitignore"
for tool in lint docs-check; do
    out=$(PATH=$tmp/bin:$PATH "$plain/tools/$tool" 2>&1)
    rc=$?
    sum_up "$tool without a list" 1 "^tools/$tool: .*gitignore"
    is "$(wc -l <<<"$out")" 1 "$tool: in one sentence"
done

# --- CRLF -------------------------------------------------------------------
if git -C "$root" rev-parse -q --verify HEAD >/dev/null 2>&1; then
    git -c core.autocrlf=true clone -q "$root" "$tmp/crlf" 2>"$tmp/err"
    ok $? "a clone with core.autocrlf" "$(cat "$tmp/err")"
    is "$(cd "$tmp/crlf" && git ls-files --eol |
        grep -E 'i/(crlf|mixed)|w/(crlf|mixed)')" '' "has no CRLF"
    git -C "$tmp/crlf" -c core.autocrlf=true add --renormalize .
    is "$(git -C "$tmp/crlf" status --short)" '' "and nothing to normalize"
else
    skip "a clone with core.autocrlf" "this checkout has no git"
fi
done_testing
