#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What clang builds boots, and passes what does not depend on the compiler. The
# rest are counts of instructions in documents (book.t), and gdb at a line of
# optimized code (gdb-tour.t).
. "$(dirname "$0")/../lib.sh"

command -v clang >/dev/null || skip_all "clang is not installed"

unset FAULTLINE_BUILD MAKEFLAGS MAKELEVEL NM STRIP
export CC=clang
out=$(make CC=clang O=build-clang all iso 2>&1)
ok $? "make CC=clang" "$(tail -n 30 <<<"$out")"
unlike "$out" warning "without a warning"
export FAULTLINE_BUILD=$root/build-clang
for test in hops fault-order fault-counts cost hostile recheck \
    image ram iso evict swap-order steady gdb gdb-step trace; do
    out=$(tests/boot/$test.t 2>&1)
    ok $? "tests/boot/$test.t" "$(grep -v '^ok' <<<"$out")"
done
out=$(tests/user/run.t inject 2>&1)
ok $? "tests/user/run.t inject" "$(grep -v '^ok' <<<"$out")"
rm -rf build-clang
done_testing
