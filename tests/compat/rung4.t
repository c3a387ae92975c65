#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Rung 4: perl, and its calls for shared memory.
. "$(dirname "$0")/rung.sh"
packages libc6 perl-base libcrypt1 dash coreutils libselinux1 libpcre2-8-0
session perl-words perl-shm
# 102 socketcall: asks for a name service, goes on without
# 386 rseq: glibc goes on without it
climb 102 386
