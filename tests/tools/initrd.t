#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tools/mkinitrd: GNU cpio lists and extracts what it writes, file data begin
# on pages, and the same inputs give the same bytes.
. "$(dirname "$0")/../lib.sh"

mkdir -p "$tmp/tree/a/b" "$tmp/tree/empty"
echo hi >"$tmp/tree/a/file"
ln "$tmp/tree/a/file" "$tmp/tree/a/b/other"
ln -s ../target "$tmp/tree/a/link"
chmod 4755 "$tmp/tree/a/file"
head -c 10000 /dev/urandom >"$tmp/tree/bytes"
: >"$tmp/tree/nothing"
cat >"$tmp/list" <<LIST
dir 1777 /tmp
file 755 /bin/box $tmp/tree/bytes
link /bin/[ /bin/box
link /bin/true /bin/box   # a remark
symlink /bin/sh box
tree / $tmp/tree
LIST

tools/mkinitrd -o "$tmp/one" "$tmp/list"
ok $? "an archive is written"
touch "$tmp/tree/bytes" "$tmp/tree/a"
tools/mkinitrd -o "$tmp/two" "$tmp/list"
cmp "$tmp/one" "$tmp/two"
ok $? "dates of the inputs do not show"
is $(($(stat -c %s "$tmp/one") % 4096)) 0 "its length is a number of pages"

listing=$(cpio -itvn <"$tmp/one" 2>/dev/null)
is "$(wc -l <<<"$listing")" 14 "GNU cpio lists every member"
like "$listing" '^drwxrwxrwt .* 0  *0 .* tmp$' "modes and owner"
like "$listing" '^-rwsr-xr-x  *2 .* a/file$' "set-id bits and links"
like "$listing" 'a/link -> \.\./target$' "symbolic links"

mkdir "$tmp/x"
(cd "$tmp/x" && cpio -id <"$tmp/one" 2>/dev/null)
cmp "$tmp/x/bytes" "$tmp/tree/bytes" && cmp "$tmp/x/bin/true" "$tmp/tree/bytes"
ok $? "GNU cpio extracts the data"
[ "$tmp/x/bin/[" -ef "$tmp/x/bin/box" ] && [ "$tmp/x/a/file" -ef "$tmp/x/a/b/other" ]
ok $? "hard links are one file"

python3 - "$tmp/one" <<'PY'
import sys
data = open(sys.argv[1], "rb").read()
at, seen = 0, []
while True:
    size = int(data[at + 54:at + 62], 16)
    names = int(data[at + 94:at + 102], 16)
    name = data[at + 110:at + 110 + names].rstrip(b"\0")
    start = (at + 110 + names + 3) & ~3
    seen.append((int(data[at + 6:at + 14], 16), name))
    regular = data[at + 14:at + 22].endswith(b"ED") or \
        int(data[at + 14:at + 22], 16) & 0o170000 == 0o100000
    if size and regular and start % 4096:
        sys.exit("data of %r begin at %#x" % (name, start))
    if name == b"TRAILER!!!":
        break
    at = (start + size + 3) & ~3
inodes = [i for i, _ in seen[:-1]]
names = [n for _, n in seen[:-1]]
if names != sorted(names):
    sys.exit("names are not sorted")
PY
ok $? "file data begin on a page, names are sorted"

echo "file 755 /x $tmp/nowhere" >"$tmp/list"
err=$(tools/mkinitrd -o "$tmp/bad" "$tmp/list" 2>&1)
is $? 1 "a file that is not there is an error"
like "$err" 'list:1: .*nowhere: no such file' "that names line and file"
[ ! -e "$tmp/bad" ]
ok $? "and no archive is left"

done_testing
