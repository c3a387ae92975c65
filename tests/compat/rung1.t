#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Rung 1: a static program of glibc's, linked with the distribution's files.
. "$(dirname "$0")/rung.sh"
fetched glibc libc6-dev
plant

gcc=tools/guestcc
lib=$build/compat/glibc/usr/lib/i386-linux-gnu
$gcc -O2 -static -nostdlib -o "$tree/t/glibc" \
    "$lib/crt1.o" "$lib/crti.o" $compat/hello.c -Wl,--start-group \
    "$lib/libc.a" "$($gcc -print-libgcc-file-name)" \
    "$($gcc -print-file-name=libgcc_eh.a)" -Wl,--end-group \
    "$lib/crtn.o" 2>"$tmp/cc"
ok $? "the program links" "$(cat "$tmp/cc")"

session glibc
# 386 rseq: glibc goes on without it
climb 386
