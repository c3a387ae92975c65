#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tests/compat/fetch and on-linux, with packages made here.
. "$(dirname "$0")/../lib.sh"
for tool in dpkg-deb apt-get; do
    command -v $tool >/dev/null || skip_all "there is no $tool here"
done
fetch=tests/compat/fetch
on_linux=tests/compat/on-linux
export FAULTLINE_BUILD=$tmp/build
codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
debs=$tmp/build/compat/${codename:-unnamed}/packages
mkdir -p "$debs"

# package NAME FILE...: each FILE holds its own path
package() {
    local name=$1 file
    shift
    mkdir -p "$tmp/$name/DEBIAN"
    printf '%s\n' "Package: $name" 'Version: 1' 'Architecture: i386' \
        'Maintainer: nobody' 'Description: none' >"$tmp/$name/DEBIAN/control"
    for file; do
        mkdir -p "$(dirname "$tmp/$name/$file")"
        echo "$file" >"$tmp/$name/$file"
    done
    dpkg-deb --root-owner-group -b "$tmp/$name" "$debs/${name}_1_i386.deb" \
        >/dev/null
}
package apart bin/one usr/bin/two lib/x/three usr/lib/x/four sbin/five
package merged usr/bin/one usr/bin/two usr/lib/x/three usr/sbin/five
package second usr/bin/six usr/share/doc/seven usr/share/terminfo/eight

for name in apart merged; do
    (umask 077 && $fetch "$tmp/tree" $name)
    is "$(cd "$tmp/tree" && ls -d bin/one bin/two lib/x/three sbin/five)" \
        "bin/one
bin/two
lib/x/three
sbin/five" "$name: all lies in /bin, /sbin and /lib"
    is "$(cat "$tmp/tree/usr/bin/one" "$tmp/tree/usr/lib/x/three" | wc -l)" 2 \
        "and below /usr as well"
    is "$(stat -c %a "$tmp/tree/bin")" 755 "for all to read"
done
is "$(cat "$tmp"/tree/lib/x/*)" usr/lib/x/three "a folder is made anew"

shared=$($fetch --shared apart 'merged|nosuch' second)
is "$(ls "$shared/bin" | tr '\n' ' ')" "one six two " "--shared: three packages"
is "$(ls "$shared/usr/share")" terminfo "without documents"
touch "$shared/mark"
is "$($fetch --shared apart merged second)" "$shared" "the next gets the same"
[ -e "$shared/mark" ]
ok $? "which is not unpacked again"
[ "$($fetch --shared apart)" != "$shared" ]
ok $? "other packages have another"
for i in 1 2 3 4; do
    $fetch --shared merged second >"$tmp/at-once.$i" &
done
wait
is "$(sort -u "$tmp"/at-once.* | wc -l) $(cat "$(cat "$tmp/at-once.1")/bin/six")" \
    "1 usr/bin/six" "four at once"

mkdir -p "$tmp/root" "$tmp/files/t"
if reason=$($on_linux "$tmp/root" "$tmp/files" 2>&1); then
    said=$($on_linux "$tmp/root" "$tmp/files" -- /t/nosuch 2>&1)
    is $? 127 "a program that is not there is a result, and no reason to skip"
    like "$said" nosuch "and says which"
    is "$(ls "$tmp/root" | wc -l)" 0 "nothing is left of the root"
else
    skip "on Linux" "$(head -n 1 <<<"$reason")"
fi
done_testing
