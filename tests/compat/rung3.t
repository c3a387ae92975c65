#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Rung 3: dynamically linked programs, with their own C library and loader.
. "$(dirname "$0")/rung.sh"
packages libc6 dash coreutils util-linux sed grep mawk libselinux1 \
    libpcre2-8-0 libacl1 libattr1 libgmp10 libsmartcols1 procps libproc2-0 \
    libsystemd0 libcap2 libgcrypt20 liblz4-1 liblzma5 libzstd1 libgpg-error0 \
    libtinfo6 ncurses-base
ln -s mawk "$tree/usr/bin/awk"
session dash coreutils ipc-tools procps
# 102 socketcall: asks for a name service, goes on without
# 254 epoll_create: a library of ps tries it
# 259 timer_create: timeout then takes an interval timer
# 377 copy_file_range: cp then copies itself
# 386 rseq: glibc goes on without it
# 439 faccessat2: glibc then asks faccessat
climb 102 254 259 377 386 439
