#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Rung 2: static shells and their tools.
. "$(dirname "$0")/rung.sh"
packages busybox-static bash-static
ln -s busybox "$tree/bin/sh"
session busybox-sh busybox-files bash
# 102 socketcall: asks for a name service, goes on without
# 239 sendfile64: busybox then reads and writes
# 386 rseq: glibc goes on without it
# 435 clone3: glibc then asks clone
climb 102 239 386 435
