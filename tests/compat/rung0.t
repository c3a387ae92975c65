#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Rung 0: a static program of musl's, linked here with the distribution's files.
. "$(dirname "$0")/rung.sh"
fetched musl musl-dev
plant

gcc=tools/guestcc
musl=$build/compat/musl/usr
lib=$musl/lib/i386-linux-musl
$gcc -Os -static -nostdinc -nostdlib \
    -isystem "$musl/include/i386-linux-musl" -o "$tree/t/musl" \
    "$lib/crt1.o" "$lib/crti.o" $compat/hello.c "$lib/libc.a" \
    "$($gcc -print-libgcc-file-name)" "$lib/crtn.o" 2>"$tmp/cc"
ok $? "the program links" "$(cat "$tmp/cc")"

session musl
# 386 rseq: the guest's own shell asks for it
climb 386
