#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tools/trace-view: a page that needs nothing else, text and SVG of the same
# trace; what the page's model makes of the events is what the kernel counts;
# the way it draws through a tree is the kernel's; broken and foreign files get a
# sentence with the offset.
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/web/lib.sh
. tests/web/lib.sh

trace=$tmp/t.jsonl
vm_ok "a run of the worked examples leaves a trace" --icount --trace "$trace" \
    -- 'testwrite; testread; whofaults; parentchild; twoviews'

view() {
    out=$(tools/trace-view "$@" 2>"$tmp/err")
    rc=$?
    err=$(cat "$tmp/err")
}

view "$trace" -o "$tmp/t.html"
is "$rc$err" 0 "it becomes a page"
page=$(cat "$tmp/t.html")
unlike "$(sed 's|http://www.w3.org/2000/svg||' <<<"$page")" \
    '(src|href)=|https?://|import |fetch\(' "which fetches nothing"
like "$page" 'TRACE\(pte_set' "and has the source"

faults=$(grep -c '"ev":"fault_enter"' "$trace")
view "$trace" --text
is "$(tail -n 1 <<<"$out" | cut -d , -f 1)" "$faults faults" \
    "the text has each fault"
unlike "$out" $'\033' "without colours in a file"
like "$(python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' \
    tools/trace-view "$trace" --text --class shm)" $'\033\\[33m' \
    "with colours on a terminal"
view "$trace" --text --class shm
is "$(grep -c 'shm_page  ' <<<"$out")" "$(grep -c '"ev":"shm_page"' "$trace")" \
    "or those of one class"
is "$(grep -o ' mm/pgtable.c:[0-9]*' <<<"$out" | sort -u | wc -l)" 1 \
    "with the source line of each hop"

view "$trace" --svg --class shm --event "$(grep '"ev":"shm_page"' "$trace" |
    sed 's/{"seq":\([0-9]*\).*/\1/; q')" -o "$tmp/t.svg"
python3 -c 'import sys, xml.dom.minidom as x; x.parse(sys.argv[1])' "$tmp/t.svg"
ok $? "the picture is XML"
like "$(cat "$tmp/t.svg")" '>shm_swap_in<' "and has the hops that were asked for"
vm_ok "a run that swaps" --icount --ram 16M --swap 16M --trace "$tmp/s.jsonl" \
    -- watchpage
view "$tmp/s.jsonl" --svg
like "$out" '>swap slots<.*' "its picture has the swap slots"
is "$(grep -c 'slot [1-9][0-9]* of area 0: shm' <<<"$out")" 1 \
    "and the one that was taken"

size=$(stat -c %s "$trace")
head -c $((size / 2)) "$trace" >"$tmp/half"
view "$tmp/half" -o "$tmp/half.html"
like "$rc $err" '^1 .*half, offset [0-9]+: .*breaks off' "half a file"
{ head -n 40 "$trace"; echo '{"seq":7}'; } >"$tmp/strange"
view "$tmp/strange" -o "$tmp/strange.html"
like "$rc $err" "^1 .*strange, offset $(head -n 40 "$trace" | wc -c): " \
    "a line that is no event"
view README.md
like "$rc $err" '^1 .*README.md, offset 0: this is no trace' "another file"
view "$tmp/none"
like "$rc $err" '^1 .*No such file' "no file"
ls "$tmp"/half.html "$tmp"/strange.html >/dev/null 2>&1
is "$?" 2 "none of these leaves a page"

if command -v node >/dev/null; then
    breaches=$(node tests/web/model.js "$trace" 2>&1)
    ok $? "entries, areas, resident pages and attaches are the kernel's" \
        "$breaches"
    breaches=$(node tests/web/swap.js 2>&1)
    ok $? "pages that leave memory and come back" "$breaches"
    # every area's first byte and the byte behind its last, of one that sleeps
    vm_ok "a run that asks /proc/<pid>/why" --icount --trace "$tmp/why.jsonl" -- \
        'sleep 9999 & p=$!
        until grep -q "(sleep) S" /proc/$p/stat; do :; done
        while read -r range rest; do
        for a in ${range%-*} ${range#*-}; do
            echo "@ $p $a"; echo $a >/proc/$p/why; grep ^node /proc/$p/why
        done; done </proc/$p/maps; kill $p; wait'
    echo "$out" >"$tmp/nodes"
    breaches=$(node tests/web/path.js "$tmp/why.jsonl" "$tmp/nodes" 2>&1)
    ok $? "the way through the tree is find_vma's" "$breaches"
else
    skip "the model" "node is missing: tools/setup --web"
fi
done_testing
