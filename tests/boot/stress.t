#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Shared memory larger than RAM under four kinds of stress, briefly:
# tests/slow/stress.t takes its time. Every word is right, the checkers pass,
# no page stays behind in memory or swap.
. "$(dirname "$0")/../lib.sh"
. tests/stress.sh

stress touch 40
stress churn 40
stress swapoff 60
stress fail 40
stress churn 1 5
stressed
job_out "swapoff 60"
like "$out" 'swapoff: [1-9]' "an area went off meanwhile"
job_out "fail 40"
like "$out" '^failures: [1-9][0-9]* killed, [1-9][0-9]* SIGBUS' \
    "allocations and transfers failed"
done_testing
