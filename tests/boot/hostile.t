#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# No program is taken for the kernel: what it does in user mode ends it, or
# nothing. The facts are told by tests/boot/progs/hostile.c.
. "$(dirname "$0")/../lib.sh"

programs hostile
steady "no frame is lost" '/t/hostile' --add "$progs"
facts
done_testing
