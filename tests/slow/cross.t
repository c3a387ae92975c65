#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a cross compiler builds passes the whole suite.
#
# CROSS_ROOT, a folder made by `tools/setup-user CROSS_ROOT gcc-i686-linux-gnu
# libc6-dev-i386-cross`, has that compiler where it is not installed.
. "$(dirname "$0")/../lib.sh"

if [ -n "${CROSS_ROOT-}" ]; then
    PATH=$(cd "$CROSS_ROOT" && pwd)/bin:$PATH
fi
command -v i686-linux-gnu-gcc >/dev/null ||
    skip_all "no i686-linux-gnu-gcc: set CROSS_ROOT, see docs/hosts.md"

unset FAULTLINE_BUILD MAKEFLAGS MAKELEVEL CC NM STRIP
out=$(make test CROSS=i686-linux-gnu- O=build-cross 2>&1)
ok $? "make test CROSS=i686-linux-gnu-" "$(tail -n 30 <<<"$out")"
rm -rf build-cross
done_testing
