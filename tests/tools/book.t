#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The rings of the kernel: tools/size adds them up and knows when one is over
# its budget, tools/book prints the core, tools/lint says who may include whom.
. "$(dirname "$0")/../lib.sh"

# --- tools/size ------------------------------------------------------------
out=$(tools/size)
ok $? "every ring is within its budget" "$out"
like "$out" '^core +[0-9]+ +[0-9]+ +6000 ' "the core's budget is 6,000 lines"
lines=$(awk '$1 == "core" { print $3; exit }' <<<"$out")
sum=$(awk '/^folder/ { on = 1 } on && NF { n += $2 ~ /^[0-9]+$/ && NF > 2 ? $2 : 0 }
    END { print n }' <<<"$out")
[ "$lines" -gt 5000 ]
ok $? "and it has some thousand" "$lines"
out=$(tools/size --check 2>&1)
ok $? "README.md says the lines there are" "$out"

tree=$tmp/tree
mkdir "$tree"
cp -R Makefile .gitignore README.md boot kernel mm ipc fs drivers lib include "$tree"
mkdir "$tree/tools"
cp -R tools/size tools/book tools/lint tools/doclib tools/vmlib "$tree/tools"
yes 'extern int more;' | head -n 1000 >>"$tree/mm/vma.h"
out=$("$tree/tools/size")
is $? 1 "a core that is over its budget: status 1"
like "$out" '^core .* OVER$' "and said"
out=$("$tree/tools/size" --check 2>&1)
is "$? $out" "1 README.md: other lines of code than there are: tools/size --write" \
    "README.md is told what has changed"
"$tree/tools/size" --write && "$tree/tools/size" --check
ok $? "and brought up to date"
cp mm/vma.h "$tree/mm/vma.h"

# --- tools/lint: who may include whom --------------------------------------
# refuses FILE INCLUDE WORDS
refuses() {
    cp "$1" "$tmp/kept"
    sed "0,/^#include/s|^#include|#include <$2>\n&|" "$tmp/kept" >"$tree/$1"
    like "$("$tree/tools/lint" "$1")" "$3" "$1 with $2 is refused"
    cp "$tmp/kept" "$tree/$1"
}
refuses mm/kmalloc.c ipc/shm/shm.h 'mm/README.md does not let it include ipc/shm'
refuses ipc/id.c mm/internal.h 'mm/internal.h is private to mm/'
refuses mm/fault.c fs/proc/procfs.h 'the core does not include fs/proc/procfs.h'
refuses mm/calls/mlock.c drivers/drivers.h 'mm/calls/README.md does not let'
(cat lib/parse.c; yes '/* a line */' | head -n 500) >"$tree/lib/parse.c"
like "$("$tree/tools/lint" lib/parse.c)" 'a file of more than 500 is two' \
    "a long file is refused"
cp lib/parse.c "$tree/lib/parse.c"
mkdir "$tree/user"
(cat user/why.c; yes '/* a line */' | head -n 500) >"$tree/user/why.c"
like "$("$tree/tools/lint" user/why.c)" 'a file of more than 500 is two' \
    "so is a long program of the guest"
out=$("$tree/tools/lint" mm/kmalloc.c ipc/id.c mm/fault.c lib/parse.c)
ok $? "unchanged they pass" "$out"

# --- tools/book ------------------------------------------------------------
out=$(tools/book --html "$tmp/a.html" --pdf "$tmp/a.pdf")
ok $? "the book is printed" "$out"
tools/book --html "$tmp/b.html" --pdf "$tmp/b.pdf" >/dev/null
cmp "$tmp/a.html" "$tmp/b.html" && cmp "$tmp/a.pdf" "$tmp/b.pdf"
ok $? "twice, it is the same"
out=$(python3 -I - "$tmp/a.html" "$tmp/a.pdf" <<'EOF'
import glob, html, html.parser, re, sys, zlib

page = open(sys.argv[1], encoding="utf-8").read()
html.parser.HTMLParser().feed(page)
sections = re.findall(r'<section id="[^"]*"><h3>(\S+) .*?<pre>(.*?)</pre>', page,
                      re.DOTALL)
core = [line.split()[2] for folder in "boot kernel mm ipc fs drivers lib".split()
        for line in open(folder + "/dir.mk", encoding="utf-8")
        if re.search(r"\t# \*\d ", line)]
print("files", sorted(path for path, _ in sections) == sorted(core))
same = True
for path, text in sections:
    text = re.sub(r'<span class="n"[^>]*>\d+</span>', "", text)
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    with open(path, encoding="utf-8") as f:
        same &= text == f.read().expandtabs(8).rstrip("\n")
print("text", same)
names = dict(re.findall(r'<td><a href="[^"]*">(\w+)</a></td><td>(\S+):\d+', page))
print("functions", names.get("do_page_fault"), names.get("shm_swap_in"))
print("targets", all('id="%s"' % target in page for target in
                     re.findall(r'href="#([^"]*)"', page)))
data = open(sys.argv[2], "rb").read()
table = int(re.search(rb"startxref\n(\d+)", data).group(1))
offsets = [int(n) for n in re.findall(rb"(\d{10}) 00000 n", data[table:])]
print("xref", data[table:].startswith(b"xref") and all(
    data[at:].startswith(b"%d 0 obj" % (i + 1)) for i, at in enumerate(offsets)))
text = b"".join(zlib.decompress(s) for s in re.findall(
    rb"FlateDecode >>\nstream\n(.*?)\nendstream", data, re.DOTALL))
print("pdf", all(path.encode() in text for path in core),
      b"Hop 4: vector 14." in text)
EOF
)
is "$out" "files True
text True
functions mm/fault.c ipc/shm/shm_fault.c
targets True
xref True
pdf True True" "all of the core, as it is in the source, in both"
out=$(tools/book --html 2>&1)
is $? 2 "an option without its file"
tools/book --html "$tmp/none/" >"$tmp/said" 2>&1
is "$? $(wc -l <"$tmp/said")" "1 1" "a file that cannot be written: one sentence"
done_testing
