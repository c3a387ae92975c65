#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Shared memory larger than RAM under four kinds of stress: 200 million
# instructions each, and again with a switch forced at every sleep point.
. "$(dirname "$0")/../lib.sh"
. tests/stress.sh

for mode in touch churn swapoff fail; do
    stress $mode 200
    stressed
    for seed in 1 2 3; do
        stress $mode 30 $seed
        stressed
    done
done
done_testing
