#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Processes in a row, long enough for every number to come round again.
. "$(dirname "$0")/../lib.sh"

programs scale
steady "10,000 times vfork and exec" '/t/scale execs 10000 >/dev/null' \
    --add "$progs"
steady "40,000 forks: pids come round" '/t/scale forks 40000 >/dev/null' \
    --add "$progs"
steady "as many processes as there may be" \
    '/t/scale crowd 1000 >/dev/null 2>&1; /t/scale crowd 900 >/dev/null' \
    --add "$progs"
done_testing
