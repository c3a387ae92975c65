#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every allocation can fail: tests/boot/progs/failnth.c lets each call of the
# memory, shared memory, process and file system fail in each of its
# allocations, in one boot. A failed call has changed nothing.
. "$(dirname "$0")/../lib.sh"

programs failnth
vm_ok "the machine survives it all" --add "$progs" -- '/t/failnth'
facts
done_testing
