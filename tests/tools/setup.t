#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tools/setup on machines that are not ready for it: locked, interrupted, with
# a sudo that asks, without a network; --user in a folder with an odd name.
# apt-get, dpkg and sudo are played by scripts; nothing is installed.
. "$(dirname "$0")/../lib.sh"
unset CC CROSS
[ -x /usr/bin/dpkg-deb ] || skip_all "this is not Debian or Ubuntu"

tree="$tmp/it's a \$HOME #1 & co"
mkdir -p "$tree/tools" "$tmp/bin"
cp tools/setup tools/setup-apt tools/setup-user "$tree/tools/"
export LOG=$tmp/log FAKE=$tmp/fake
mkdir "$FAKE"

# play NAME: standard input is what the program does; it is logged
play() {
    { printf '#!/bin/sh\necho "%s $*" >>"$LOG"\n' "$1"; cat; } >"$tmp/bin/$1"
    chmod 755 "$tmp/bin/$1"
}
# the machine has these, and nothing else
for name in sh env dirname cat sed grep mktemp rm mkdir ls tr find sort cp mv \
    ln chmod uname tar true setsid; do
    ln -s "$(type -P "$name")" "$tmp/bin/$name"
done
ln -s /usr/bin/dpkg-deb "$tmp/bin/dpkg-deb"
play apt-get <<'END'
[ ! -e "$FAKE/locked" ] || { rm "$FAKE/locked"
    echo "E: Could not get lock /var/lib/apt/lists/lock." >&2; exit 100; }
case "$*" in
*update*) exit 0 ;;
*check*) [ ! -e "$FAKE/broken" ]; exit ;;
*fix-broken*) rm "$FAKE/broken"; exit ;;
esac
[ ! -e "$FAKE/broken" ] && [ ! -e "$FAKE/offline" ] ||
    { echo "E: it does not go on" >&2; exit 100; }
for word; do case $word in
Dir::Cache=*) cp "$FAKE/all.deb" "${word#*=}/archives/" && exit ;;
esac; done
dpkg-deb -x "$FAKE/all.deb" "$FAKE/root"
END
play dpkg <<'END'
case $1 in
--audit) [ ! -e "$FAKE/audit" ] || echo "in a mess" ;;
--configure) rm "$FAKE/audit" ;;
-x) if [ -e "$FAKE/full" ]; then rm "$FAKE/full"; mkdir -p "$3/usr/bin"
        echo "no room" >&2; exit 2; fi; dpkg-deb -x "$2" "$3" ;;
esac
END
play sudo </dev/null
play sleep </dev/null
echo 'echo 1000' | play id

# what the one package brings along
root=$tmp/package
mkdir -p "$root/DEBIAN" "$root/usr/bin" "$root/usr/lib/grub/i386-pc"
printf 'Package: all\nVersion: 1\nArchitecture: all\n%s\n' \
    'Maintainer: nobody <nobody@localhost>
Description: all' >"$root/DEBIAN/control"
for name in make nasm qemu-system-i386 qemu-img grub-mkimage xorriso python3 \
    prove gdb cpio patch gcc i686-linux-gnu-gcc i686-linux-gnu-objcopy; do
    printf '#!/bin/sh\n[ $# -lt 2 ] || exit 0\necho "%s $*"\n' $name \
        >"$root/usr/bin/$name"
    chmod 755 "$root/usr/bin/$name"
done
mkdir -p "$root/usr/lib/x-linux-gnu/qemu"
: >"$root/usr/lib/x-linux-gnu/qemu/accel.so"
printf '#!/bin/sh\nls "${QEMU_MODULE_DIR-/}"\n' >"$root/usr/bin/qemu-img"
"$tmp/bin/dpkg-deb" -b "$root" "$FAKE/all.deb" >/dev/null

# setup WORDS...: in that tree, on that machine; fills $out and $rc
setup() {
    : >"$LOG"
    out=$(PATH=$tmp/bin:$FAKE/root/usr/bin TMPDIR=$tmp/none \
        setsid "$tree/tools/setup" "$@" </dev/null 2>&1)
    rc=$?
}
# ends STATUS REGEX NAME: so ends the one before
ends() {
    is "$rc" "$1" "$3: status $1"
    like "$(tail -n 1 <<<"$out")" "$2" "$3: the last line"
}

mkdir -p "$tree/.tools/root/usr/lib/grub/i386-pc" # not only where it is in /usr
setup --check
ends 1 'missing: make gcc' "--check"
! grep -q apt-get "$LOG"
ok $? "--check: installs nothing" "$(cat "$LOG")"
echo '[ "$1" != -n ]' | play sudo
setup
ends 1 '^tools/setup: sudo wants a password, and there is no terminal' "sudo asks"
echo '[ "$1" != -n ] || shift; exec "$@"' | play sudo

touch "$FAKE/offline"
setup
ends 1 '^tools/setup: apt-get could not install all; .* again' "no network"
rm "$FAKE/offline"
touch "$FAKE/locked" "$FAKE/audit" "$FAKE/broken"
setup
ends 0 '^tools/setup: done' "locked, interrupted, broken"
like "$out" 'waiting for another apt to end' "it waits for the lock"
is "$(grep -c '^sleep' "$LOG")" 1 "until it is free"
like "$(grep -A99 'configure -a' "$LOG")" 'apt-get .*install .*make' \
    "mends what was interrupted before it installs"
setup
unlike "$out" 'missing:.*make' "then they are there"
rm -r "$FAKE/root" "$tree/.tools"

echo 'exit 1' | play sudo
touch "$FAKE/offline"
setup --user
ends 1 'could not fetch all; .* again' "--user without a network"
rm "$FAKE/offline"
touch "$FAKE/full"
setup --user
ends 1 'all.deb could not be unpacked; call this again' "--user, interrupted"
[ ! -e "$tree/.tools/env" ] && [ ! -e "$tree/.tools/env.mk" ]
ok $? "leaves nothing that make would take for whole"
setup --user
ends 0 "^    export PATH='.*; make run$" "--user"
line=$(tail -n 1 <<<"$out")
is "$(PATH=$tmp/bin sh -c "$line")" 'make run' "that line, typed, finds make"
[ ! -e "$tree/.tools/apt" ] && [ ! -e "$tree/.tools/bin.new" ]
ok $? "nothing is left over"
[ -e "/usr/bin/objcopy" ] || [ -x "$tree/.tools/bin/objcopy" ]
ok $? "objcopy by its short name"
is "$("$tree/.tools/bin/qemu-img")" accel.so "QEMU finds its modules"
setup --user
ends 0 '^    export PATH=.*make run$' "--user once more"
is "$(grep -c apt-get "$LOG")" 0 "which fetches nothing"
rm -r "$tree/.tools"
setup --user "$tmp/a:b"
ends 1 'colon in its name' "a folder that PATH cannot have"
done_testing
