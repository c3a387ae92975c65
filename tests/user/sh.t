#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The shell and the tools, by cases: sh/cases/NAME.sh must print NAME.out, the
# last line of which is its exit status. Each runs in an empty folder, on this
# host with the shell and the tools of the image first in PATH (its Linux may say
# otherwise, which is a remark), and in Faultline, all in one boot.
#
# usage: sh.t [NAME ...]
. "$(dirname "$0")/../lib.sh"
cases=tests/user/sh/cases
names=${*:-$(cd $cases && echo *.sh | sed 's/\.sh//g')}

# compare VERDICT FILE CASE NAME: VERDICT is ok or remark, FILE what it printed
compare() {
    cmp -s "$2" "$cases/$3.out"
    $1 $? "$4" "$(diff "$cases/$3.out" "$2")"
}

on_host() {
    mkdir -p "$tmp/host/bin" "$tmp/host/$1"
    (
        cd "$tmp/host/$1" || exit 1
        env -i PATH="$tmp/host/bin:$PATH" HOME=/root TERM=dumb \
            timeout $patience sh "$OLDPWD/$cases/$1.sh" 2>/dev/null
        echo "status $?"
    ) >"$tmp/host/$1.out"
    compare remark "$tmp/host/$1.out" "$1" "$1: on this host"
}

if "$build/user/bin/sh" -c : 2>/dev/null; then
    mkdir -p "$tmp/host/bin"
    for program in "$build"/user/bin/*.debug; do
        program=${program%.debug}
        ln -s "$program" "$tmp/host/bin/${program##*/}"
    done
    ln -s "$build/user/bin/test" "$tmp/host/bin/["
    for name in $names; do on_host "$name"; done
else
    skip "all cases on this host" "it cannot run i386 programs"
fi

mkdir -p "$tmp/add/t"
for name in $names; do cp "$cases/$name.sh" "$tmp/add/t/"; done
cat >"$tmp/add/t/all" <<'END'
for file in /t/*.sh; do
	name=${file##*/}
	mkdir "/tmp/${name%.sh}"
	cd "/tmp/${name%.sh}"
	echo "@@ ${name%.sh}"
	sh "$file" 2>/dev/null
	echo "status $?"
done
END
vm_ok "all cases in Faultline, in one boot" --add "$tmp/add" -- 'sh /t/all'
for name in $names; do
    sed -n "/^@@ $name\$/,/^@@ /{/^@@ /d;p}" "$tmp/out" >"$tmp/guest.out"
    compare ok "$tmp/guest.out" "$name" "$name: in Faultline"
done
done_testing
