#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# You are atomic until you sleep: each call of shared memory that sleeps is put
# to sleep while somebody else changes what it relies on. The facts are told by
# tests/boot/progs/recheck.c; a broken invariant stops its machine.
. "$(dirname "$0")/../lib.sh"

programs recheck
steady "no frame is lost" '/t/recheck' --add "$progs"
facts
done_testing
