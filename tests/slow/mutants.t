#!/bin/sh
# SPDX-License-Identifier: MIT
# Each kernel with one mistake of tests/mutants fails the test of it; those of
# tests/stage 100 times of 100.
cd "$(dirname "$0")/../.." || exit 1
exec tools/mutants -n 100
