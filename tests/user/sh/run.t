#!/bin/sh
# SPDX-License-Identifier: MIT
# The shell against its cases: cases/NAME.sh must print cases/NAME.out, the
# last line of which is the exit status. Each runs in an empty folder, with
# "sh" in PATH being the shell under test.
#
# usage: run.t [NAME ...]     SH=PROGRAM: the shell, default the one built
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
SH=${SH:-$root/build/user/bin/sh}
if ! [ -x "$SH" ] || ! "$SH" -c : 2>/dev/null; then
	echo "1..0 # SKIP $SH cannot run here (make builds it, for i386)"
	exit 0
fi
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" && ln -s "$SH" "$work/bin/sh"
PATH=$work/bin:$PATH
export PATH
n=0
bad=0
[ $# -gt 0 ] || set -- $(cd "$here/cases" && ls | sed -n 's/\.sh$//p')
for name; do
	n=$((n + 1))
	mkdir "$work/$n"
	(
		cd "$work/$n" || exit 1
		timeout 20 sh "$here/cases/$name.sh" </dev/null 2>../err
		echo "status $?"
	) >"$work/out"
	if cmp -s "$work/out" "$here/cases/$name.out"; then
		echo "ok $n - $name"
	else
		bad=$((bad + 1))
		echo "not ok $n - $name"
		diff "$here/cases/$name.out" "$work/out" | sed 's/^/# /'
		sed 's/^/# stderr: /' "$work/err"
	fi
	rm -rf "${work:?}/$n"
done
echo "1..$n"
[ $bad = 0 ]
