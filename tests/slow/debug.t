#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The debug build passes what the release build passes.
. "$(dirname "$0")/../lib.sh"

case $build in
*-debug) skip_all "this is the debug build" ;;
esac
unset FAULTLINE_BUILD MAKEFLAGS MAKELEVEL
out=$(make test BUILD=debug O=build-debug 2>&1)
ok $? "make test BUILD=debug" "$(tail -n 30 <<<"$out")"
done_testing
